"""Columns of numbers become totals: sums as formulas, by scenario and grant, and held against the files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ...results.study_folder import ArmName, StudyFolder
from .sheet_cells import Block, Cell, Column, Sheet, letter, total
from .sheet_charts import Shape, draw_money
from .study_words import names
from .workbook_file import Book

END = "end"


def sum_if(value: int, keys: Sequence[tuple[int, str]], block: Block) -> str:
    """A SUMIFS over a block's column ``value``: each key is a column of the block and the cell that it must equal."""
    ranges = [
        f"${letter(place)}${block.first}:${letter(place)}${block.last}" for place in (value, *(k for k, _ in keys))
    ]
    tests = "".join(f",{where},{cell}" for where, (_, cell) in zip(ranges[1:], keys, strict=True))
    return f"=SUMIFS({ranges[0]}{tests})"


def summed(values: Iterable[float]) -> float:
    """The sum of what is defined."""
    return math.fsum(one for one in values if not math.isnan(one))


def service_label(study: StudyFolder, arm: ArmName, name: str) -> str:
    """What a scenario calls a service."""
    return study.label(arm.scenario, "services", name)


def grant_label(study: StudyFolder, arm: ArmName, name: str) -> str:
    """What a scenario calls a grant."""
    return study.label(arm.scenario, "grants", name)


def by_arm(study: StudyFolder, book: Book, sheet: Sheet, indicator: str, aspect: str, shape: Shape) -> None:
    """A table of one indicator, a row each service or grant, a column each scenario, with its total; and its chart."""
    found = names(study, indicator, aspect)
    if not found:
        sheet.note("There is nothing of the kind in these scenarios.")
        return
    kind = "services" if aspect == "service" else "grants"
    values = [
        [study.number("indicators", arm, indicator, **{aspect: name}) for name in found] for arm in study.arms
    ]
    rows: list[list[Cell]] = [
        [study.any_label(kind, name), *(column[number] for column in values)]
        for number, name in enumerate(found)
    ]
    columns = [Column(aspect.capitalize()), *(Column(label, "usd") for label in study.labels)]
    sums = [total(place, column) for place, column in enumerate(values, 1)]
    block = sheet.block(columns, rows, [["Total", *sums]])
    for place, arm in enumerate(study.arms, 1):
        what = f"{indicator} of {study.labels[place - 1]}, by {aspect}"
        stated = study.number("indicators", arm, indicator)
        value = sums[place - 1].value
        sheet.check(f"{letter(place)}{block.last + 1}", what, float(value), "indicators.csv", stated)
    draw_money(book, sheet, block, [str(row[0]) for row in rows], study.labels, shape)

"""Who got what becomes a sheet: need covered by service, class and location."""

from __future__ import annotations

import math
from typing import Any

from ...results.disclosure import told
from ...results.study_folder import ArmName, StudyFolder
from ..views.content import Content
from ..views.people_view import small_cells
from .sheet_cells import UNDEFINED, Cell, Column, Formula, Sheet, letter
from .sheet_charts import MOST_SIDE_BY_SIDE, Shape, columns_of, draw
from .sheet_totals import service_label, sum_if, summed
from .study_words import of_hosts
from .study_words import place as place_name
from .workbook_file import Book

HOSTS = "hosts"
_MOST_STANDING = 7  # names below standing bars that can be read
_TALLEST = 720  # pixels of a chart, so that a printed page has it beside its table
ASPECTS = (("service", "Service"), ("group", "Class"), ("location", "Location"), ("origin", "Origin"))
_CASES = ("cases_needed", "cases_served", "cases_open", "cases_unserved")
COLUMNS = [
    Column("Scenario"), Column("By"), Column("Name"), Column("Cases needed", "cases"), Column("Cases served", "cases"),
    Column("In service at the end", "cases"), Column("Cases unserved", "cases"),
    Column("Served of needed, of these means", "percent"), Column("Need covered, mean of runs", "percent"),
    Column("Interval from", "percent"), Column("Interval to", "percent"), Column("People in need", "people"),
    Column("People reached", "people"), Column("Reached of those in need", "percent"), Column("Hosts"),
    Column("Name in the files"),
]  # fmt: skip
_FIRST, _BY, _HOSTS = 3, 1, 14
_PEOPLE = ("people_in_need", "people_reached")


def coverage(study: StudyFolder, book: Book) -> None:
    """Need covered by service with a chart, then cases and people along every breakdown, and their totals."""
    sheet = book.sheet("Coverage", "Who got what")
    sheet.note(
        "A case is one household's or one member's need of one service. Host households are counted apart: no total has "
        "them. People are counted once in each row, so that services and people do not add up to all people."
    )
    for aspect, head in ASPECTS[:3]:
        _side_by_side(study, book, sheet, aspect, head)
    rows, whose = _rows(study)
    if not rows:
        return
    sheet.heading("Cases and people")
    sheet.note(
        "Need covered is worked out in each run, then averaged; served of needed, of the means beside it, may differ a little."
    )
    block = sheet.block(COLUMNS, rows, is_main=True)
    sheet.heading("Totals of cases, without hosts")
    tests = [(0, "$A{r}"), (_BY, "$B{r}"), (_HOSTS, '"no"')]
    totals: list[list[Cell]] = []
    pairs = list(dict.fromkeys((arm, str(row[_BY])) for arm, row in zip(whose, rows, strict=True)))
    sums = []
    for arm, by in pairs:
        mine = [
            row for of, row in zip(whose, rows, strict=True) if of == arm and row[_BY] == by and row[_HOSTS] == "no"
        ]
        numbers = [summed(_value(row[_FIRST + place]) for row in mine) for place in range(len(_CASES))]
        cells = [Formula(sum_if(_FIRST + place, tests, block), value) for place, value in enumerate(numbers)]
        share = Formula(f'=IF(D{{r}}=0,"{UNDEFINED}",E{{r}}/D{{r}})', numbers[1] / numbers[0] if numbers[0] else UNDEFINED)
        totals.append([study.arm_label(arm), by, "all", *cells, share])
        sums.append(numbers)
    below = sheet.block(COLUMNS[:8], totals)
    for number, ((arm, by), numbers) in enumerate(zip(pairs, sums, strict=True)):
        for place, indicator in enumerate(_CASES):
            what = f"{indicator} of {study.arm_label(arm)}, by {by.lower()}"
            stated = study.number("indicators", arm, indicator)
            sheet.check(
                f"{letter(_FIRST + place)}{below.first + number}", what, numbers[place], "indicators.csv", stated
            )


def _value(cell: Cell) -> float:
    return float(cell) if isinstance(cell, (int, float)) else math.nan


def _side_by_side(study: StudyFolder, book: Book, sheet: Sheet, aspect: str, head: str) -> None:
    names = study.names("need_covered", aspect)
    if not names:
        return
    sheet.heading(f"Need covered by {head.lower()}")
    rows: list[list[Cell]] = [
        [_any_label(study, aspect, name),
         *(study.number("indicators", arm, "need_covered", **{aspect: name}) for arm in study.arms)]
        for name in names
    ]  # fmt: skip
    columns = [Column(head), *(Column(label, "percent") for label in study.labels)]
    block = sheet.block(columns, rows)
    shown = study.labels[:MOST_SIDE_BY_SIDE]
    title = f"Need covered by {head.lower()}"
    shape = Shape(title, "cases served of cases needed", number="0%", most=1.0)
    if len(names) > _MOST_STANDING:
        shape = shape._replace(type="bar", height=min(140 + (12 * len(shown) + 14) * len(names), _TALLEST))
    draw(book, sheet, columns_of(block, shown), shape)
    if len(shown) < len(study.labels):
        sheet.note(f"The chart shows the first {len(shown)} scenarios; the table has all {len(study.labels)}.")


def _any_label(study: StudyFolder, aspect: str, name: str) -> str:
    labels = (label(study, arm, aspect, name) for arm in study.arms)
    return next((one for one in labels if one != name), name)


def label(study: StudyFolder, arm: ArmName, aspect: str, name: str) -> str:
    """What a scenario calls a service, class, location or origin; a place with its P-code."""
    if aspect == "service":
        return service_label(study, arm, name)
    if aspect == "group":
        return study.label(arm.scenario, "classes", name)
    called = place_name(study, arm, f"{aspect}s", name)
    return name if called == name else f"{called} ({name})"


def _rows(study: StudyFolder) -> tuple[list[list[Cell]], list[ArmName]]:
    """Every row, and whose it is."""
    rows: list[list[Cell]] = []
    whose: list[ArmName] = []
    for arm in study.arms:
        for aspect, head in ASPECTS:
            small = small_cells(Content(study), arm, aspect) if aspect != "service" else set()
            for name in study.along("indicators", arm, "cases_needed", aspect):
                hidden = {indicator for indicator, of in small if of == name}
                rows.append(_row(study, arm, (aspect, head, name), hidden))
                whose.append(arm)
    return rows, whose


def _row(study: StudyFolder, arm: ArmName, along: tuple[str, str, str], hidden: set[str]) -> list[Cell]:
    """``along``: an aspect, what it is called, and the name in it; ``hidden``: what must not be told of it."""
    aspect, head, name = along
    where: dict[str, Any] = {aspect: name}

    def of(indicator: str, column: str = "mean") -> float:
        return study.number("indicators", arm, indicator, column, **where)

    cases = [of(one) for one in _CASES]
    share = Formula(f'=IF(D{{r}}=0,"{UNDEFINED}",E{{r}}/D{{r}})', cases[1] / cases[0] if cases[0] else UNDEFINED)
    hosts = name == HOSTS if aspect == "group" else aspect == "service" and of_hosts(study, arm, name)
    covered = [of("need_covered", column) for column in ("mean", "ci_low", "ci_high")]
    least = told(Content(study).least)
    people: list[Cell] = [least if one in hidden else of(one) for one in _PEOPLE]
    reached: Cell = UNDEFINED if hidden & set(_PEOPLE) else of("reached_of_need")
    return [
        study.arm_label(arm), head, label(study, arm, aspect, name), *cases, share, *covered, *people, reached,
        "yes" if hosts else "no", name,
    ]  # fmt: skip

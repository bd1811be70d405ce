"""What a study found becomes two sheets: headline numbers, and scenarios side by side."""

from __future__ import annotations

import math

from ...indicators.registry import HEADLINES, called
from ...results.study_folder import ArmName, StudyFolder
from ...study.statistics.verdicts import SAME
from ..text.compared import judged_in
from .sheet_cells import KIND_OF_UNIT, As, Cell, Column, Formula, apart
from .sheet_charts import Shape, draw, rows_of
from .workbook_file import Book


def summary(study: StudyFolder, book: Book) -> None:
    """The headline numbers with their intervals."""
    sheet = book.sheet("Summary", "What was found")
    sheet.note(_what_it_shows(study))
    sheet.heading("Headline numbers")
    columns = [
        Column("Scenario"), Column("Number"), Column("Unit"), Column("Mean", "number"),
        Column("Interval from", "number"), Column("Interval to", "number"), Column("Interval"),
        Column("10th percentile", "number"), Column("Median", "number"), Column("90th percentile", "number"),
        Column("Defined in", "percent"), Column("Name in the files"),
    ]  # fmt: skip
    rows = [
        _headline(study, arm, label, name)
        for arm, label in zip(study.arms, study.labels, strict=True)
        for name in HEADLINES
        if study.row("indicators", arm, name)
    ]
    sheet.block(columns, rows, is_main=True)


def _headline(study: StudyFolder, arm: ArmName, label: str, name: str) -> list[Cell]:
    row = study.row("indicators", arm, name)
    kind = KIND_OF_UNIT.get(row["unit"], "number")

    def cell(column: str) -> Cell:
        return As(study.number("indicators", arm, name, column), kind)

    return [
        label, called(name), row["unit"], cell("mean"), cell("ci_low"), cell("ci_high"), row["interval_method"],
        cell("p10"), cell("p50"), cell("p90"), study.number("indicators", arm, name, "share_defined"), name,
    ]  # fmt: skip


def _what_it_shows(study: StudyFolder) -> str:
    points = f"{study.points:,} points × " if study.points else ""
    counted = "1 run" if study.replications == 1 else f"{study.replications:,} runs"
    runs = f"{points}{counted} of each scenario, {study.shows}. "
    if study.replications * max(study.points, 1) == 1:
        return runs + "One run has no interval."
    if study.is_band:
        return runs + "Read the band from the 10th to the 90th percentile: the point values are not its middle."
    return runs + (
        "The interval is that of the mean over runs: chance alone. What is not known may move the numbers far more "
        "(reliefsim run --uncertain)."
    )


def scenarios(study: StudyFolder, book: Book) -> None:
    """The headline numbers of every scenario side by side, and each less the reference."""
    sheet = book.sheet("Scenarios", "Scenarios side by side")
    rows: list[list[Cell]] = []
    for name in HEADLINES:
        found = [study.row("indicators", arm, name) for arm in study.arms]
        unit = next((row["unit"] for row in found if row), None)
        if unit is not None:
            kind = KIND_OF_UNIT.get(unit, "number")
            means = [As(study.number("indicators", arm, name), kind) for arm in study.arms]
            rows.append([called(name), *means, unit, name])
    columns = [Column("Mean over the runs"), *(Column(label, "number") for label in study.labels)]
    sheet.heading("Side by side")
    block = sheet.block([*columns, Column("Unit"), Column("Name in the files")], rows, is_main=len(study.arms) == 1)
    places = {row[-1]: block.first + number for number, row in enumerate(rows)}
    arms = len(study.arms)
    series = [
        rows_of(block._replace(first=places[name]), [called(name)], arms)[0]
        for name in ("people_in_need", "people_reached")
        if name in places
    ]
    draw(book, sheet, series, Shape("People in need and people reached", "people", type="bar", height=150 + 45 * arms))
    base = study.differences.reference
    if base is None:
        sheet.note("There is one scenario: nothing to compare it with.")
        return
    sheet.heading(f"Each less the reference, {study.arm_label(base)}")
    sheet.note(
        "Differences are taken run by run: both sides meet the same chance. Their intervals hold together: in 95 % of studies "
        "all of them cover. Better, worse, higher or lower: the interval leaves out 0, and the difference is one that matters "
        "(differences.csv has the least that does). No difference that matters: it is less, or its interval lies nearer to 0. "
        "Not distinguishable: neither is shown. Where a number is not defined in every run, the difference is that of the runs "
        "in which both sides have it, and no formula."
    )
    heads = [
        Column("Scenario"), Column("Number"), Column("Unit"), Column("Reference", "number"), Column("Scenario's", "number"),
        Column("Difference", "number"), Column("Interval from", "number"), Column("Interval to", "number"),
        Column("Verdict"), Column("Better in", "percent"), Column("Interval"), Column("Name in the files"),
    ]  # fmt: skip
    compared = [
        row
        for arm, label in zip(study.arms, study.labels, strict=True)
        if arm != base
        for name in HEADLINES
        for row in _compared(study, arm, label, name)
    ]
    sheet.block(heads, compared, is_main=True)


def _compared(study: StudyFolder, arm: ArmName, label: str, name: str) -> list[list[Cell]]:
    one = study.differences.get(arm, name)
    base = study.differences.reference
    row = study.row("indicators", arm, name)
    if math.isnan(one.apart.mean) or not row or base is None:
        return []
    kind = KIND_OF_UNIT.get(row["unit"], "number")
    sides = [study.number("indicators", of, name) for of in (base, arm)]
    always = all(study.number("indicators", of, name, "share_defined") == 1 for of in (base, arm))
    mean: float | Formula = Formula("=E{r}-D{r}", one.apart.mean) if always else one.apart.mean
    ends = [As(value, apart(value, kind)) for value in (one.apart.low, one.apart.high)]
    better = math.nan if one.real in ("", SAME) else one.better
    return [
        [
            label, called(name), row["unit"], *(As(side, kind) for side in sides),
            As(mean, apart(one.apart.mean, kind)), *ends,
            judged_in(study, arm, name), better, one.apart.method, name,
        ]
    ]  # fmt: skip

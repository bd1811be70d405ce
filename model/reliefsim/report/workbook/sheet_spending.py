"""What was spent becomes a sheet: by service, by grant, by both, and by month."""

from __future__ import annotations

import math

from ...results.estimate_rows import number
from ...results.study_folder import StudyFolder
from .sheet_cells import Block, Cell, Column, Formula, Sheet
from .sheet_charts import Shape
from .sheet_totals import END, by_arm, grant_label, service_label, sum_if, summed
from .study_words import names, to_date
from .workbook_file import Book


def spending(study: StudyFolder, book: Book) -> None:
    """What was spent, by service, by grant, by both, and by month."""
    sheet = book.sheet("Spending", "What was spent")
    sheet.note("Expenditure to the horizon in USD, indirect cost included; means over the runs.")
    sheet.heading("By service")
    shape = Shape("Spending by service", "USD")
    by_arm(study, book, sheet, "spent_usd", "service", shape)
    sheet.heading("By grant")
    by_arm(study, book, sheet, "spent_usd", "grant", Shape("Spending by grant", "USD"))
    sheet.heading("Set aside by the last plan, by service")
    shape = Shape("What the last plan set aside for each service", "USD")
    by_arm(study, book, sheet, "allocated_usd", "service", shape)
    _cost_per_case(study, sheet)
    _by_grant_and_service(study, sheet)
    _by_month(study, book, sheet)


def _cost_per_case(study: StudyFolder, sheet: Sheet) -> None:
    names = study.names("cost_per_case_usd", "service")
    if not names:
        return
    sheet.heading("Cost of a case served, with teams and registration, by service")
    rows: list[list[Cell]] = [
        [service_label(study, study.reference, name),
         *(study.number("indicators", arm, "cost_per_case_usd", service=name) for arm in study.arms)]
        for name in names
    ]  # fmt: skip
    sheet.block([Column("Service"), *(Column(label, "usd") for label in study.labels)], rows)


def _by_grant_and_service(study: StudyFolder, sheet: Sheet) -> None:
    rows: list[list[Cell]] = []
    for arm, label in zip(study.arms, study.labels, strict=True):
        for (service, grant), one in study.lines(arm, END).items():
            names = (grant_label(study, arm, grant), service_label(study, arm, service))
            rows.append([label, *names, one["spent_usd"].mean, grant, service])
    if rows:
        sheet.heading("By grant and service")
        heads = ("Scenario", "Grant", "Service")
        columns = [
            *map(Column, heads),
            Column("Spent", "usd"),
            Column("Grant, in the files"),
            Column("Service, in the files"),
        ]
        block = sheet.block(columns, rows)
        _totals(study, sheet, rows, block, (3, 4))


def _totals(study: StudyFolder, sheet: Sheet, rows: list[list[Cell]], block: Block, places: tuple[int, int]) -> None:
    """By scenario and grant: the sum of a column, by SUMIFS. ``places``: of the numbers, and of the grant's name."""
    value, key = places
    sums: dict[tuple[Cell, Cell, Cell], list[float]] = {}
    for row in rows:
        cell = row[value]
        number = cell.value if isinstance(cell, Formula) else cell
        sums.setdefault((row[0], row[1], row[key]), []).append(
            float(number) if isinstance(number, (int, float)) else math.nan
        )
    tests = [(0, "$A{r}"), (key, "$D{r}")]
    totals: list[list[Cell]] = [
        [label, donor, Formula(sum_if(value, tests, block), summed(numbers)), grant]
        for (label, donor, grant), numbers in sums.items()
    ]
    sheet.note("Totals by grant:")
    below = sheet.block(
        [Column("Scenario"), Column("Grant"), Column("Spent", "usd"), Column("Grant, in the files")], totals
    )
    for number, ((label, _, grant), numbers) in enumerate(sums.items()):
        arm = study.arms[study.labels.index(str(label))]
        stated = study.number("indicators", arm, "spent_usd", grant=str(grant))
        cell = f"C{below.first + number}"
        sheet.check(cell, f"spent_usd of {label}, {grant}", summed(numbers), "indicators.csv", stated)


def _by_month(study: StudyFolder, book: Book, sheet: Sheet) -> None:
    """The course of each grant's money: to the month's end as in monthly.csv, and in the month as a formula."""
    rows: list[list[Cell]] = []
    for arm, label in zip(study.arms, study.labels, strict=True):
        for grant in names(study, "spent_usd", "grant"):
            found = [
                row for row in study.tables["monthly"]
                if (row["scenario"], row["rule"]) == arm and row["grant"] == grant and row["indicator"] == "spent_usd"
            ]  # fmt: skip
            before = 0.0
            for month_number, row in enumerate(found):
                month, spent = row["period"], number(row["mean"])
                others = [
                    study.number("monthly", arm, one, grant=grant, period=month)
                    for one in ("received_usd", "committed_usd", "lapsed_usd")
                ]
                text = "=E{r}" if month_number == 0 else "=E{r}-E{above}"
                rows.append(
                    [
                        label,
                        grant_label(study, arm, grant),
                        to_date(f"{month}-01"),
                        Formula(text, spent - before),
                        spent,
                        *others,
                        grant,
                    ]
                )
                before = spent
    if not rows:
        return
    sheet.heading("By grant and month")
    sheet.note(
        "To date: at the month's end, as in monthly.csv. In the month: this row less the one above; a scenario's first "
        "month holds all before it."
    )
    columns = [
        Column("Scenario"), Column("Grant"), Column("Month", "month"), Column("Spent in the month", "usd"),
        Column("Spent to date", "usd"), Column("Received to date", "usd"), Column("Committed, open", "usd"),
        Column("Given back to date", "usd"), Column("Grant, in the files"),
    ]  # fmt: skip
    block = sheet.block(columns, rows, is_main=True)
    _totals(study, sheet, rows, block, (3, 8))

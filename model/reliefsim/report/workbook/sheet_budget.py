"""What was planned and what became of it becomes a sheet."""

from __future__ import annotations

from ...results.estimate_rows import number
from ...results.study_folder import ArmName, StudyFolder
from .sheet_cells import UNDEFINED, Cell, Column, Formula, letter
from .sheet_totals import grant_label, service_label, sum_if, summed
from .study_words import gap_command
from .workbook_file import Book

BUDGET_COLUMNS = [
    Column("Scenario"), Column("Grant"), Column("Service"), Column("Planned at first", "usd"),
    Column("Last plan", "usd"), Column("Spent", "usd"), Column("Committed, open", "usd"),
    Column("Spent of the first plan", "percent"), Column("Spent less the first plan", "usd"),
    Column("Grant, in the files"), Column("Service, in the files"),
]  # fmt: skip
GRANT_COLUMNS = [
    Column("Scenario"), Column("Grant"), Column("Received", "usd"), Column("Spent", "usd"),
    Column("Committed, open", "usd"), Column("Given back", "usd"), Column("Cash left", "usd"),
    Column("Spent of received", "percent"), Column("Spent in 30 days", "usd"), Column("Management", "usd"),
    Column("Delivery staff", "usd"), Column("Registration", "usd"), Column("Management and indirect costs", "percent"),
    Column("Cases open at its end", "cases"), Column("Closing them costs", "usd"), Column("Grant, in the files"),
]  # fmt: skip


def budget(study: StudyFolder, book: Book) -> None:
    """What was planned, what became of it, and what is left of each grant."""
    sheet = book.sheet("Budget", "Budget against actual")
    if not study.is_funded:
        sheet.note(
            "Nothing is lost: this study was made by run, which does not count by grant what was planned, received, spent and "
            "given back. gap does, and leaves a folder of its own with a workbook in which this sheet is filled in. To make it:"
        )
        sheet.command(gap_command(study))
        return
    sheet.note(
        "Means over the runs, in USD, indirect cost included. Planned at first: by the first plan that had the money; "
        f"{UNDEFINED} stands where nothing was."
    )
    sheet.heading("By grant")
    grants = [
        (arm, label, grant)
        for arm, label in zip(study.arms, study.labels, strict=True)
        for grant in study.along("budget", arm, "received_usd", "grant")
    ]
    if not grants:
        sheet.note("There is no grant in these scenarios.")
        return
    sheet.block(GRANT_COLUMNS, [_of_grant(study, *one) for one in grants])
    sheet.heading("By grant and service")
    rows = [row for one in grants for row in _of_lines(study, *one)]
    block = sheet.block(BUDGET_COLUMNS, rows, is_main=True)
    sheet.heading("Totals by grant")
    tests = [(0, "$A{r}"), (9, "$J{r}")]
    totals: list[list[Cell]] = []
    for place_below, (arm, label, grant) in enumerate(grants):
        mine = [row for row in rows if row[0] == label and row[9] == grant]
        numbers = [summed(float(row[place]) for row in mine) for place in (3, 4, 5, 6)]  # type: ignore[arg-type]
        sums = [Formula(sum_if(place, tests, block), value) for place, value in enumerate(numbers, 3)]
        totals.append(
            [label, grant_label(study, arm, grant), None, *sums, *_compared(numbers[0], numbers[2]), grant]
        )
        for place, indicator in ((4, "allocated_usd"), (5, "spent_usd"), (6, "committed_usd")):
            stated = study.number("budget", arm, indicator, grant=grant)
            cell = f"{letter(place)}{block.last + 5 + place_below}"
            sheet.check(cell, f"{indicator} of {label}, {grant}", numbers[place - 3], "budget.csv", stated)
    below = sheet.block(BUDGET_COLUMNS[:10], totals)
    assert below.first == block.last + 5


def _of_grant(study: StudyFolder, arm: ArmName, label: str, grant: str) -> list[Cell]:
    def of(indicator: str) -> float:
        return study.number("budget", arm, indicator, grant=grant)

    received, spent, committed, lapsed = map(of, ("received_usd", "spent_usd", "committed_usd", "lapsed_usd"))
    left = received - summed((spent, committed, lapsed))
    return [
        label, grant_label(study, arm, grant), received, spent, committed, lapsed,
        Formula("=C{r}-D{r}-E{r}-F{r}", left),
        Formula(f'=IF(C{{r}}=0,"{UNDEFINED}",D{{r}}/C{{r}})', spent / received if received else UNDEFINED),
        of("burn_rate_usd_per_30_days"), of("management_usd"), of("delivery_staff_usd"), of("registration_usd"),
        of("support_cost_share"), of("open_cases_at_end"), of("closing_cost_usd"), grant,
    ]  # fmt: skip


def _of_lines(study: StudyFolder, arm: ArmName, label: str, grant: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for row in study.tables["budget"]:
        mine = (row["scenario"], row["rule"]) == arm and row["grant"] == grant and row["indicator"] == "planned_usd"
        if not (mine and row["service"]):
            continue
        where = {"service": row["service"], "grant": grant}
        last, spent, committed = (
            study.number("budget", arm, one, **where) for one in ("allocated_usd", "spent_usd", "committed_usd")
        )
        planned = number(row["mean"])
        names = (grant_label(study, arm, grant), service_label(study, arm, row["service"]))
        rows.append(
            [label, *names, planned, last, spent, committed, *_compared(planned, spent), grant, row["service"]]
        )  # fmt: skip
    return rows


def _compared(planned: float, spent: float) -> tuple[Formula, Formula]:
    share: float | str = spent / planned if planned else UNDEFINED
    return Formula(f'=IF(D{{r}}=0,"{UNDEFINED}",F{{r}}/D{{r}})', share), Formula("=F{r}-D{r}", spent - planned)

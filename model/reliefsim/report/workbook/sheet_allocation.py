"""The decisions of a study become a sheet: how each grant was divided by service."""

from __future__ import annotations

from ...results.study_folder import ArmName, Estimate, Line, StudyFolder
from .sheet_cells import UNDEFINED, Cell, Column, Formula, letter
from .sheet_totals import END, grant_label, service_label, sum_if, summed
from .workbook_file import Book

_MEASURES = ("committed_usd", "spent_usd", "left_usd")


def allocation(study: StudyFolder, book: Book) -> None:
    """How each grant was divided by the first plan that had its money, and what had become of it at the end."""
    sheet = book.sheet("Allocation", "How the money was divided")
    sheet.note(
        "Each grant by service: at the first plan that had money of it, and at the end (what had become of it). "
        "Envelope = committed + spent + left. Means over the runs, in USD, indirect cost included."
    )
    columns = [
        Column("Scenario"), Column("When"), Column("Date", "date"), Column("Grant"), Column("Service"),
        Column("Envelope", "usd"), Column("Committed", "usd"), Column("Spent", "usd"), Column("Left", "usd"),
        Column("Share of the grant", "percent"), Column("Grant, in the files"), Column("Service, in the files"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    sums: list[tuple[str, str, str, str, list[float], float]] = []
    chosen = [(arm, *one) for arm in study.arms for one in _decisions(study, arm)]
    for arm, when, grant, lines in chosen:
        numbers = [[lines[line][one].mean for one in _MEASURES] for line in lines]
        whole = summed(lines[line]["envelope_usd"].mean for line in lines)
        label, donor = study.arm_label(arm), grant_label(study, arm, grant)
        for line, parts in zip(lines, numbers, strict=True):
            envelope = lines[line]["envelope_usd"].mean
            share = Formula(
                '=IFERROR(F{r}/SUMIFS(F${first}:F${last},A${first}:A${last},A{r},'
                f"B${{first}}:B${{last}},B{{r}},K${{first}}:K${{last}},K{{r}}),\"{UNDEFINED}\")",
                envelope / whole if whole else UNDEFINED,
            )  # fmt: skip
            service = service_label(study, arm, line.service)
            made = Formula("=SUM(G{r}:I{r})", summed(parts))
            rows.append([label, when, line.date, donor, service, made, *parts, share, grant, line.service])
        sums.append((label, when, donor, grant, [summed(column) for column in zip(*numbers, strict=True)], whole))
    if not rows:
        sheet.note("Nothing was divided: there is no money with a donor in these scenarios.")
        return
    block = sheet.block(columns, rows, is_main=True)
    sheet.freeze(block)
    sheet.heading("Totals by grant")
    keys = [(0, "$A{r}"), (1, "$B{r}"), (10, "$K{r}")]
    totals: list[list[Cell]] = [
        [label, when, None, donor, None, Formula("=SUM(G{r}:I{r})", summed(parts)),
         *(Formula(sum_if(place, keys, block), part) for place, part in enumerate(parts, 6)), None, grant]
        for label, when, donor, grant, parts, _ in sums
    ]  # fmt: skip
    below = sheet.block(columns[:11], totals)
    for number, (label, when, _, grant, parts, stated) in enumerate(sums):
        row = below.first + number
        sheet.check(f"F{row}", f"envelope_usd of {label}, {grant}, {when}", summed(parts), "allocation.csv", stated)
        for place, indicator in ((6, "committed_usd"), (7, "spent_usd")) if when == END else ():
            arm = study.arms[study.labels.index(label)]
            value = study.number("indicators", arm, indicator, grant=grant)
            what = f"{indicator} of {label}, {grant}"
            sheet.check(f"{letter(place)}{row}", what, parts[place - 6], "indicators.csv", value)


_Lines = dict[Line, dict[str, Estimate]]


def _decisions(study: StudyFolder, arm: ArmName) -> list[tuple[str, str, _Lines]]:
    """By grant: the lines of the first plan that had its money, and those of the end."""
    of_arm = {line: one for line, one in study.allocation.items() if line.arm == arm}
    found = []
    for grant in dict.fromkeys(line.grant for line in of_arm):
        mine = {line: one for line, one in of_arm.items() if line.grant == grant}
        with_money = [
            line.decision for line, one in mine.items() if one["envelope_usd"].mean > 0 and line.reason != END
        ]
        first = min(with_money, default=-1)
        found.append(("first plan with its money", grant, {k: v for k, v in mine.items() if k.decision == first}))
        found.append((END, grant, {k: v for k, v in mine.items() if k.reason == END}))
    return [one for one in found if one[2]]

"""What is missing, until when money lasts, and what more would do become a sheet."""

from __future__ import annotations

from ...indicators.closable import CLOSED, NOT_CLOSED
from ...indicators.unserved_reasons import REASONS
from ...results.estimate_rows import number
from ...results.study_folder import RUNNING, ArmName, StudyFolder
from ..views.gap_view import TOLD_PARTS
from .sheet_answers import write_ask, write_next
from .sheet_cells import Cell, Column, Sheet, letter, total
from .sheet_charts import Shape, draw_money
from .sheet_totals import grant_label, service_label
from .study_words import gap_command, to_date
from .workbook_file import Book

_PARTS = {name: label for label, name in TOLD_PARTS[1:]}
_BY_REASON = {one.indicator: one.cases.capitalize() for one in REASONS.values()}


def gap_and_ask(study: StudyFolder, book: Book) -> None:
    """The gap by part, run-out dates, and the answers of ask and next-dollar that were given."""
    sheet = book.sheet("Gap and ask", "What is missing, and what more would do")
    sheet.note("The gap is the part of the requirement that is unserved, in USD, without hosts and running costs.")
    _by_part(study, book, sheet)
    if not study.is_funded:
        sheet.note(
            "Nothing is lost: this study was made by run, which does not count the parts of the money that is missing, the "
            "chance of no gap, and the dates on which money runs out. gap does, in a folder of its own. To make it:"
        )
        sheet.command(gap_command(study))
    else:
        _closable(study, sheet)
        _ranges(study, sheet)
        _run_out(study, sheet)
    for answer in study.asks:
        write_ask(study, answer, book, sheet)
    for answer in study.nexts:
        write_next(answer, sheet)
    if not study.asks:
        sheet.note("")
        sheet.note(
            "How much more money would meet a target: reliefsim ask "
            f"{study.reference.scenario} --target need_covered=0.8 --certainty 0.8"
        )
    if not study.nexts:
        sheet.note(f"What the next USD 10,000 would buy: reliefsim next-dollar {study.reference.scenario}")


def _by_part(study: StudyFolder, book: Book, sheet: Sheet) -> None:
    """The mean of each part, which alone adds up, with its total and chart."""
    table, parts = ("indicators", _BY_REASON) if not study.is_funded else ("gap", _PARTS)
    sheet.heading("The gap by part (means, which add up)")
    values = [[study.number(table, arm, name) for name in parts] for arm in study.arms]
    shown = [number for number, name in enumerate(parts) if any(column[number] > 0 for column in values)]
    labels = list(parts.values())
    rows: list[list[Cell]] = [[labels[number], *(column[number] for column in values)] for number in shown]
    if not rows:
        sheet.note("There is no gap.")
        return
    sums = [total(place, [column[number] for number in shown]) for place, column in enumerate(values, 1)]
    columns = [Column("Part"), *(Column(label, "usd") for label in study.labels)]
    block = sheet.block(columns, rows, [["Gap", *sums]], is_main=not study.is_funded)
    for place, arm in enumerate(study.arms, 1):
        what = f"gap_usd of {study.labels[place - 1]}, by part"
        stated = study.number(table, arm, "gap_usd")
        sheet.check(f"{letter(place)}{block.last + 1}", what, float(sums[place - 1].value), f"{table}.csv", stated)
    height = 180 + (14 * len(study.arms) + 14) * len(rows)
    shape = Shape("The gap by part", "USD", type="bar", height=max(320, height))
    draw_money(book, sheet, block, [str(row[0]) for row in rows], study.labels, shape)


def _closable(study: StudyFolder, sheet: Sheet) -> None:
    """What money alone would close of the gap, in total, by service and by class."""
    sheet.heading("Closed by money alone, and not closed by money (means, which add up)")
    sheet.note(
        "Not closed by money: what is left in the same runs with money without limit, teams and dates as planned. The first "
        "reason for which a case is unserved does not tell it: who lacks money now may lack a free team next."
    )
    names = ("gap_usd", CLOSED, NOT_CLOSED)
    columns = [Column("Scenario"), Column("Service or class")]
    for words in ("Gap", "Closed by money", "Not closed by money"):
        columns += [Column(words, "usd"), Column("Interval from", "usd"), Column("Interval to", "usd")]
    rows: list[list[Cell]] = []
    for arm, label in zip(study.arms, study.labels, strict=True):
        services, groups = (study.along("gap", arm, CLOSED, one) for one in ("service", "group"))
        lines: list[tuple[str, dict[str, str]]] = [("all", {})]
        lines += [(service_label(study, arm, one), {"service": one}) for one in services]
        lines += [(study.label(arm.scenario, "classes", one), {"group": one}) for one in groups]
        for called, where in lines:
            numbers = [
                study.number("gap", arm, name, column, **where)
                for name in names
                for column in ("mean", "ci_low", "ci_high")
            ]
            if numbers[0] > 0:
                rows.append([label, called, *numbers])
    sheet.block(columns, rows)


def _ranges(study: StudyFolder, sheet: Sheet) -> None:
    """Each part's spread over runs, in total and by service."""
    sheet.heading("How far runs lie apart")
    sheet.note("Eight of ten runs lie between the 10th and the 90th percentile. Percentiles do not add up.")
    columns = [
        Column("Scenario"), Column("Part"), Column("Service"), Column("10th percentile", "usd"), Column("Median", "usd"),
        Column("90th percentile", "usd"), Column("Mean", "usd"), Column("None in", "percent"), Column("Name in the files"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for arm, label in zip(study.arms, study.labels, strict=True):
        lines = [(name, words, "") for name, words in {"gap_usd": "Gap", **_PARTS}.items()]
        lines += [("gap_usd", "Gap", name) for name in study.along("gap", arm, "gap_usd", "service")]
        for name, words, service in lines:
            where = {"service": service}
            numbers = [study.number("gap", arm, name, one, **where) for one in ("p10", "p50", "p90", "mean")]
            none = study.number("gap", arm, name, "chance_none", **where)
            if name == "gap_usd" or none < 1:
                called = service_label(study, arm, service) if service else "all"
                rows.append([label, words, called, *numbers, none, name])
    sheet.block(columns, rows, is_main=True)


def _run_out(study: StudyFolder, sheet: Sheet) -> None:
    """When services stand still for want of money, and when grants no longer pay."""
    sheet.heading("When money runs out")
    sheet.note(
        "Service: since when, to the end, nothing but money keeps it from starting. Grant: since when its cash no longer pays "
        "for the cheapest thing that it may pay for. No date: later than the end of the run, in so many runs."
    )
    columns = [
        Column("Scenario"), Column("Service or grant"), Column("Kind"), Column("Stands still at times, in", "percent"),
        Column("Days of it, median", "days"), Column("Runs out, in", "percent"), Column("In 1 of 10 runs by", "date"),
        Column("In half by", "date"), Column("In 9 of 10 by", "date"), Column("Name in the files"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for arm, label in zip(study.arms, study.labels, strict=True):
        for aspect in ("service", "grant"):
            names = study.along("runout", arm, "run_out_day", aspect)
            rows += [[label, *_runs_out(study, arm, aspect, name)] for name in names if name != RUNNING]
    sheet.block(columns, rows)


def _runs_out(study: StudyFolder, arm: ArmName, aspect: str, name: str) -> list[Cell]:
    where = {aspect: name}
    row = study.row("runout", arm, "run_out_day", **where)
    called = (service_label if aspect == "service" else grant_label)(study, arm, name)
    ever = study.number("runout", arm, "break_day", "chance", **where)
    days = study.number("runout", arm, "break_days", "p50", **where)
    dates = [to_date(row[f"date_{one}"]) for one in ("p10", "p50", "p90")]
    return [called, aspect, ever, days, number(row["chance"]), *dates, name]

"""Answers of ask and next-dollar become blocks of a sheet."""

from __future__ import annotations

import math

from ...indicators.closable import CLOSED, NOT_CLOSED
from ...indicators.registry import called
from ...indicators.shortfall import FIRST, LAST, WORKERS, people
from ...indicators.unserved_reasons import REASONS
from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import MISSING, Difference, number
from ...results.study_folder import StudyFolder
from ...store import Row
from ..text.compared import judged
from ..text.marginal_words import saturated
from ..text.tongue import Plain
from ..views.ask_sentences import method, sentences
from ..views.next_dollar_view import next_dollar
from .sheet_cells import As, Cell, Column, Sheet, apart
from .sheet_charts import Shape, columns_of, draw
from .study_words import as_typed, to_date
from .workbook_file import Book

_CALLED = {
    FIRST: "Stands still for want of money, first on",
    LAST: "Stands still for want of money to the end, since",
    WORKERS: "Workers lacking",
    CLOSED: "Of the gap, closed by money alone",
    NOT_CLOSED: "Of the gap, not closed by money",
}
_WITHOUT = {
    "without": "If no more money comes: what stands still, and who goes without for which reason.",
    "binds": "What more money does not change: the same with the most money that was tried, USD {usd:,.0f}.",
}


def write_ask(study: StudyFolder, answer: AnswerFolder, book: Book, sheet: Sheet) -> None:
    """How much more money meets a target: the answer, the chance of each amount, by when, and what else binds."""
    first = answer.rows[0]
    sheet.heading(f"How much more money: {first['scenario']}, target {first['target']} = {first['wanted']}")
    sheet.note(f"{as_typed(answer.made)}. Certainty wanted: {100 * float(first['certainty']):g} % of runs.")
    plain = Plain()
    for one in (*sentences(answer), method(answer)):
        sheet.note(plain.told(one))
    columns = [
        Column("The money comes on", "date"), Column("Needed more", "usd"), Column("The quantile itself", "usd"),
        Column("Target met in", "percent"), Column("Interval from", "percent"), Column("Interval to", "percent"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [to_date(row["arrives"]), *(number(row[one]) for one in ("additional_usd", "quantile_usd")), *_chance(row)]
        for row in (*answer.part("ask"), *answer.part("arrival"))
    ]
    sheet.block(columns, rows)
    heads = [Column("More money", "usd"), Column("Target met in", "percent"), *columns[4:]]
    block = sheet.block(heads, [[number(row["additional_usd"]), *_chance(row)] for row in answer.part("chance")])
    if answer.part("chance"):
        series = columns_of(block, ["Target met in"])
        draw(book, sheet, series, Shape("How much more money meets the target", "of runs", "line", "0%", most=1.0))
    heads = [
        Column("More money", "usd"), Column("Number"), Column("Mean", "number"), Column("Interval from", "number"),
        Column("Interval to", "number"), Column("More than without", "number"), Column("From", "number"),
        Column("To", "number"), Column("Verdict"),
    ]  # fmt: skip
    means, differences = ("mean", "ci_low", "ci_high"), ("difference", "difference_low", "difference_high")
    rows = [
        [number(row["additional_usd"]), called(row["indicator"]),
         *(As(number(row[one]), _kind(row["indicator"])) for one in means),
         *(_apart(row, one) for one in differences), _judged(row, "difference")]
        for row in answer.part("curve")
    ]  # fmt: skip
    sheet.block(heads, rows)
    for part, heading in _WITHOUT.items():
        _without(study, answer.part(part), heading, sheet)


def _without(study: StudyFolder, found: list[Row], heading: str, sheet: Sheet) -> None:
    """Who goes without and why, which services stand still, how many workers are lacking."""
    if not found:
        return
    sheet.note(heading.format(usd=number(found[0]["additional_usd"])))
    columns = [
        Column("More money", "usd"), Column("Number"), Column("Service"), Column("Class"), Column("Any in", "percent"),
        Column("Interval from", "percent"), Column("Interval to", "percent"), Column("10th percentile", "number"),
        Column("Median", "number"), Column("90th percentile", "number"), Column("Name in the files"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [number(row["additional_usd"]), _called(row["indicator"]), *_labels(study, row), *_chance(row),
         *(_quantile(row, one) for one in ("p10", "p50", "p90")), row["indicator"]]
        for row in found
    ]  # fmt: skip
    sheet.block(columns, rows)


def _labels(study: StudyFolder, row: Row) -> list[Cell]:
    """What the scenario calls the row's service and class; of all where it names none."""
    kinds = {"service": "services", "group": "classes"}
    return [study.label(row["scenario"], kinds[one], row[one]) if row[one] else "all" for one in kinds]


def _quantile(row: Row, name: str) -> Cell:
    """A date where the files hold one, or else a number of the right kind."""
    if row["indicator"] in (FIRST, LAST):
        return to_date(row[f"date_{name}"])
    return As(number(row[name]), "people" if row["indicator"] == WORKERS else _kind(row["indicator"]))


def _called(indicator: str) -> str:
    reasons = {people(reason): f"People unserved: {words.cases}" for reason, words in REASONS.items()}
    return {**_CALLED, **reasons}.get(indicator) or called(indicator)


def _chance(row: Row) -> list[Cell]:
    return [number(row[one]) for one in ("chance", "chance_low", "chance_high")]


def _judged(row: Row, column: str) -> str:
    """What a difference comes to, whatever its size."""
    apart = MISSING._replace(mean=number(row[column]))
    return judged(Difference(apart, row["real"], math.nan), row["indicator"])


def _apart(row: Row, column: str) -> As:
    value = number(row[column])
    return As(value, apart(value, _kind(row["indicator"])))


def _kind(indicator: str) -> str:
    if indicator.endswith("_usd"):
        return "usd"
    if indicator.startswith("people_"):
        return "people"
    shares = ("_share", "_covered", "_of_need", "_of_target", "_rate", "_utilisation")
    return "percent" if indicator.endswith(shares) else "cases"


def write_next(answer: AnswerFolder, sheet: Sheet) -> None:
    """What a little more money buys in each line of the budget."""
    first = answer.rows[0]
    sheet.heading(f"What the next USD {number(first['additional_usd']):,.0f} would buy: {first['scenario']}")
    notes = [Plain().told(one) for one in next_dollar(answer).notes]
    sheet.note(" ".join([f"{as_typed(answer.made)}. Differences run by run.", *notes, "Better in: so many runs."]))
    columns = [
        Column("Service"), Column("Grant"), Column("Number"), Column("Difference", "number"), Column("Interval from", "number"),
        Column("Interval to", "number"), Column("Verdict"), Column("Better in", "percent"), Column("Saturated"),
        Column("What then holds it back"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for row in answer.rows:
        numbers = [_apart(row, name) for name in ("mean_difference", "ci_low", "ci_high")]
        rows.append(
            [row["service_label"], row["grant_label"], called(row["indicator"]), *numbers, _judged(row, "mean_difference"),
             number(row["chance_better"]), row["saturated"], saturated(row)]
        )  # fmt: skip
    sheet.block(columns, rows)

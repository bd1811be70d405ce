"""What a reader needs to know becomes three sheets: read me, inputs with sources, definitions."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator
from typing import Any

from ...indicators.registry import definitions as all_definitions
from ...indicators.unserved_reasons import REASONS
from ...results.study_folder import StudyFolder
from ...scenario.shipped import shipped_folder
from .sheet_cells import Cell, Column, Formula, Sheet
from .study_words import as_typed
from .workbook_file import Book

SHEETS = {
    "Brief": "the finding, between what it lies, and one line a scenario: to print",
    "En bref": "the same in French",
    "Summary": "the headline numbers with their intervals",
    "Allocation": "how each grant was divided by service, at first and at the end",
    "Scenarios": "headline numbers side by side, differences to the reference, and what they come to",
    "Coverage": "need covered by service, class and location; cases and people",
    "Spending": "by service, by grant, by both, and by month",
    "Gap and ask": "what is missing, when money runs out, how much more is needed, what the next dollars buy",
    "Budget": "what was planned, and what became of it",
    "Inputs": "every value of the scenarios, with its range, source and note",
    "Definitions": "what each number is, with its unit",
}
_HALF_CENT = 0.005


def read_me(study: StudyFolder, sheet: Sheet) -> None:
    """The top of the first sheet, written first."""
    sheet.note(
        "What a simulation of one relief operation found: how given money is divided, who is reached, what is missing. All "
        "numbers come from the CSV files in the same folder; nothing was worked out anew but the sums and shares you see as "
        "formulas. Each sheet prints on one page, from its top; the foot of a page tells where there is more on the screen."
    )
    sheet.heading("How it was made")
    made = study.made
    packages = made.get("packages", {})
    about = {
        "Command": as_typed(study.made),
        "Scenarios": ", ".join(study.labels),
        "Replications (runs of each)": made.get("replications"),
        "Seed": made.get("seed"),
        "Shows": made.get("shows"),
        "Random numbers": made.get("generator"),
        "Version of reliefsim": made.get("version"),
        "Version that made this workbook": made.get("shown_by"),
        "Made with": ", ".join(f"{name} {version}" for name, version in packages.items()),
    }
    about |= {f"Scenario {name}": stated.get("title", "") for name, stated in study.scenarios.items()}
    about |= {f"Question of {name}": stated.get("question", "") for name, stated in study.scenarios.items()}
    about |= {"Answers added": "; ".join(as_typed(one.made) for one in study.answers)}
    rows: list[list[Cell]] = [[name, str(value)] for name, value in about.items() if value]
    sheet.block([Column("What"), Column("It is", "sentence")], rows)
    sheet.heading("The sheets")
    for name, what in SHEETS.items():
        sheet.link(name, name, what)
    sheet.heading("How to verify")
    sheet.note(
        "reliefsim verify DIR, with the study's folder, checks every file against its digest in run.json and runs the study "
        "again: the same seed and version give the same bytes."
    )
    sheet.note(
        "The model was never validated against records of this operation; most inputs are assumptions with ranges: see Inputs."
    )


def totals(book: Book, sheet: Sheet) -> None:
    """The foot of the first sheet, written last: every total beside the number that a file states."""
    sheet.heading("How to check the totals")
    sheet.note(
        "Each total is a live formula. Here each stands beside the number of the CSV file: both must agree to the cent. "
        "Cells hold means in full precision; their format shows fewer decimals."
    )
    columns = [
        Column("Sheet"), Column("What"), Column("Cell"), Column("Total, live", "usd"), Column("In the file", "usd"),
        Column("Difference", "usd"), Column("To the cent?"), Column("File"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for one in book.checks:
        apart = round(one.value - one.stated, 2)
        agrees = Formula(
            f'=IF(ABS(D{{r}}-E{{r}})<{_HALF_CENT},"agrees","differs")',
            "differs" if abs(one.value - one.stated) >= _HALF_CENT else "agrees",
        )
        live = Formula(f"='{one.sheet}'!{one.cell}", one.value)
        rows.append(
            [one.sheet, one.what, one.cell, live, one.stated, Formula("=ROUND(D{r}-E{r},2)", apart), agrees, one.file]
        )
    sheet.block(columns, rows, is_main=True)


def inputs(study: StudyFolder, book: Book) -> None:
    """Every value of every scenario as it was used, and what its source is."""
    sheet = book.sheet("Inputs", "Inputs with their sources")
    sheet.note(
        "As resolved. Low and high: the range of what is not known. Days: since the start, or a date. "
        "Grade of a source: A, the agency's own text or data; B, press or a mirror; C, an analogue from elsewhere."
    )
    base = dict(_leaves(study.scenarios.get(study.reference.scenario, {})))
    listed = _sources()
    rows: list[list[Cell]] = []
    for scenario, stated in study.scenarios.items():
        for path, entry in _leaves(stated):
            value, low, high, source, note = _entry(entry)
            differs = "" if scenario == study.reference.scenario else _differs(base, path, entry)
            key = str(value) if path.endswith(".source") else source  # of a whole section
            told = [str(listed.get(key, {}).get(one, "")) for one in ("grade", "title", "url")]
            rows.append([scenario, path, value, low, high, source, note, differs, *told])
    columns = [
        Column("Scenario"), Column("Key"), Column("Value", "input"), Column("Low", "input"), Column("High", "input"),
        Column("Source"), Column("Note", "sentence"), Column("Unlike the reference"), Column("Grade"),
        Column("The source's title", "sentence"), Column("Its address", "sentence"),
    ]  # fmt: skip
    block = sheet.block(columns, rows, is_main=True)
    sheet.freeze(block, 2)


def _leaves(stated: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """The path and entry of every value: an entry is a value, or a table with its value."""
    for name, one in stated.items():
        path = f"{above}{name}"
        if isinstance(one, dict) and "value" not in one:
            yield from _leaves(one, f"{path}.")
        elif isinstance(one, list) and any(isinstance(item, dict) for item in one):
            for number, item in enumerate(one):
                yield from _leaves({str(number): item}, f"{path}.")
        else:
            yield path, one


def _entry(entry: Any) -> tuple[Cell, Cell, Cell, str, str]:
    """Value, low, high, source, note."""
    if not isinstance(entry, dict):
        return _cell(entry), None, None, "", ""
    value, low, high = (_cell(entry.get(name)) for name in ("value", "low", "high"))
    return value, low, high, str(entry.get("source", "")), str(entry.get("note", ""))


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, (int, float, datetime.date)):
        return value
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _differs(base: dict[str, Any], path: str, entry: Any) -> str:
    if path not in base:
        return "new"
    return "" if base[path] == entry else "other"


def _sources() -> dict[str, dict[str, Any]]:
    """The shipped list of sources, by key; a user's own is nowhere."""
    path = shipped_folder() / "sources.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def definitions(book: Book) -> None:
    """What each number is."""
    sheet = book.sheet("Definitions", "What each number is")
    columns = [Column("Number"), Column("Unit"), Column("Definition", "sentence"), Column("File")]
    rows: list[list[Cell]] = [[one.name, one.unit, one.meaning, one.file] for one in all_definitions()]
    block = sheet.block(columns, rows, is_main=True)
    sheet.freeze(block, 1)
    sheet.heading("Reasons: the first that holds for a case that is not served")
    words = [[one.name, None, one.meaning] for one in REASONS.values()]
    sheet.block([Column("REASON"), Column(""), Column("In words", "sentence")], words)

"""A CSV file of dated counts becomes the dates and people of a law."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .faults import MOST_FAULTS, Fault, shown, shown_text
from .files import decode, read_bytes
from .words import DATE_RULE, date_meant

COLUMNS = ("date", "people")


@dataclass
class Counts:
    """Dated counts; ``faults`` name what is wrong in the file."""

    dates: list[datetime.date] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    sha256: str = ""
    more: int = 0  # faults counted and not told


def read_counts(folder: Path, name: str) -> Counts:
    """Read the columns date and people of a CSV file in or below the folder of the scenario."""
    counts = Counts()
    file = shown_text(name)
    if "\0" in name or not (folder / name).resolve().is_relative_to(folder.resolve()):
        counts.faults.append(Fault(file, 0, "", "lies outside the scenario's folder", "A path below that folder"))
        return counts
    raw = read_bytes(folder / name)
    text = decode(raw) if isinstance(raw, bytes) else (0, raw)
    if isinstance(text, tuple):
        counts.faults.append(Fault(file, text[0], "", text[1], "A CSV file with the columns date and people"))
        return counts
    counts.sha256 = hashlib.sha256(raw).hexdigest() if isinstance(raw, bytes) else ""
    lines = text.splitlines()
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    rows = csv.reader(io.StringIO("\n".join(line for _, line in kept)))
    _read_rows(file, rows, [number for number, _ in kept], counts)
    return counts


def _read_rows(file: str, rows: Iterator[list[str]], numbers: list[int], counts: Counts) -> None:
    header = [cell.strip() for cell in next(rows, [])]
    for column in COLUMNS:
        if column not in header:
            rule = "The first line names the columns date and people"
            counts.faults.append(Fault(file, numbers[0] if numbers else 1, column, "column is missing", rule))
    if counts.faults:
        return
    at = {column: header.index(column) for column in COLUMNS}
    for number, row in zip(numbers[1:], rows, strict=False):
        cells = {column: row[place].strip() if place < len(row) else "" for column, place in at.items()}
        date, people = _date(cells["date"]), cells["people"]
        if date is not None and people.isdecimal() and people.isascii() and len(people) <= 12:
            counts.dates.append(date)
            counts.people.append(int(people))
        elif len(counts.faults) >= MOST_FAULTS:
            counts.more += 1
        elif date is None:
            meant = date_meant(cells["date"])
            counts.faults.append(Fault(file, number, "date", "is no date", DATE_RULE, shown(cells["date"]), meant))
        else:
            rule = "Whole people, 0 or more"
            counts.faults.append(Fault(file, number, "people", "is not a count of people", rule, shown(people)))


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None

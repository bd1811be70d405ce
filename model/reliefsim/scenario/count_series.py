"""A CSV file of dated counts becomes the dates and people of a law."""

from __future__ import annotations

import csv
import datetime
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .faults import MOST_FAULTS, Fault, shown, shown_text
from .misreadings import numbers_meant
from .quantities import MOST_PEOPLE
from .scenario_files import LARGEST_TABLE, decode, read_bytes, real
from .stated_texts import DATE_RULE, date_meant

COLUMNS = ("date", "people")
BREAK = "break"  # in the column flag: this count cannot be compared with the one before
_MOST_DIGITS = 4_300  # that Python reads
_ORDER = "Dates in order, none twice"


@dataclass
class Counts:
    """Dated counts of a file, in order of time; ``faults`` name what is wrong in it. ``breaks``: dates that the column flag
    calls a break."""

    file: str
    dates: list[datetime.date] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    breaks: list[datetime.date] = field(default_factory=list)
    in_order: bool = True  # in the file, too
    faults: list[Fault] = field(default_factory=list)
    sha256: str = ""
    more: int = 0  # faults counted and not told

    def tell(
        self, number: int, column: str, problem: str, rule: str, got: Callable[[], str] = str, meant: Callable[[], str] = str
    ) -> None:
        """Add a fault in a line; 0: of the whole file."""
        if len(self.faults) >= MOST_FAULTS:  # nor is it put into words: there may be a hundred thousand
            self.more += 1
            return
        self.faults.append(Fault(self.file, number, column, problem, rule, shown_text(got()), meant()))


def read_counts(folder: Path, name: str, in_order: bool = True) -> Counts:
    """Read the columns date and people of a CSV file in or below the folder of the scenario, and flag where it is there.

    ``in_order``: dates must stand in order; else they may stand as they do.
    """
    counts = Counts(shown_text(name), in_order=in_order)
    if "\0" in name or not real(folder / name).is_relative_to(real(folder)):
        counts.tell(0, "", "lies outside the scenario's folder", "A path below that folder")
        return counts
    raw = read_bytes(folder / name, LARGEST_TABLE)
    if isinstance(raw, str):
        counts.tell(0, "", raw, "A CSV file with the columns date and people")
        return counts
    counts.sha256 = hashlib.sha256(raw).hexdigest()
    text = decode(raw)
    if isinstance(text, tuple):
        counts.tell(text[0], "", text[1], "Save it as UTF-8: a spreadsheet calls it CSV UTF-8")
        if b"\0" in raw:
            return counts
        text = raw.decode("latin-1")  # so that what else is wrong is told as well
    kept = {number: line for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")}
    _read_rows(counts, _rows(counts, kept), next(iter(kept), 1))
    ordered = sorted(zip(counts.dates, counts.people, strict=True))
    counts.dates, counts.people = [date for date, _ in ordered], [people for _, people in ordered]
    return counts


def _rows(counts: Counts, kept: dict[int, str]) -> Iterator[tuple[int, list[str]]]:
    """The rows in lines of text, each stripped, with the number of the line it begins in."""
    numbers, header = list(kept), next(iter(kept.values()), "")
    # Where a comma is the decimal mark, spreadsheets part cells by semicolons.
    mark = next((one for one in ",;\t" if {*COLUMNS} <= {cell.strip(' "') for cell in header.split(one)}), ",")
    rows = csv.reader(kept.values(), delimiter=mark)
    while (before := rows.line_num) < len(numbers):
        try:
            yield numbers[before], [cell.strip() for cell in next(rows, [])]
        except csv.Error as error:
            counts.tell(numbers[before], "", f"cannot be read: {error}", "A CSV file of dates and counts")


def _read_rows(counts: Counts, rows: Iterator[tuple[int, list[str]]], begins: int) -> None:
    """Read the counts below the header, and what is wrong with them."""
    _, header = next(rows, (begins, []))
    if missing := [column for column in COLUMNS if header.count(column) != 1]:
        for column in missing:
            problem = "column stands twice" if column in header else "column is missing"
            counts.tell(begins, column, problem, "The first line names the columns date and people", lambda: ", ".join(header))
        return
    first: dict[datetime.date, int] = {}
    for number, row in rows:
        if any(row[len(header) :]):
            rule = "One cell for each column: no separators of thousands, no decimal comma"
            counts.tell(number, "", f"has {len(row)} cells for {len(header)} columns", rule)
        else:
            cells = dict(zip(header, row + [""] * len(header), strict=False))
            _count(counts, number, cells["date"], cells["people"], first)
            if cells.get("flag") == BREAK and counts.dates:
                counts.breaks.append(counts.dates[-1])


def _count(counts: Counts, number: int, written: str, people: str, first: dict[datetime.date, int]) -> None:
    date, whole = _date(written), f"Whole people, 0 to {MOST_PEOPLE:,}"
    if date is None:
        counts.tell(number, "date", "is no date", DATE_RULE, lambda: shown(written), lambda: date_meant(written))
    elif date in first:
        counts.tell(number, "date", f"stands here again; first in line {first[date]}", _ORDER, date.isoformat)
    elif counts.in_order and first and date < (last := next(reversed(first))):
        counts.tell(number, "date", f"is not after {last.isoformat()}", _ORDER, date.isoformat)
    elif not (people.isdecimal() and people.isascii() and len(people) <= _MOST_DIGITS):
        counts.tell(number, "people", "is not a count of people", whole, lambda: shown(people), lambda: _number_meant(people))
    elif int(people) > MOST_PEOPLE:
        counts.tell(number, "people", "is too large", whole, lambda: shown(people))
    else:
        counts.dates.append(date)
        counts.people.append(int(people))
    if date is not None:
        first.setdefault(date, number)


def _number_meant(people: str) -> str:
    return " or ".join(one for one in numbers_meant(people) if one != people)


def _date(text: str) -> datetime.date | None:
    with suppress(ValueError):
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    return None

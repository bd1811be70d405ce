"""A CSV file of dated counts becomes the dates and people of a law."""

from __future__ import annotations

import csv
import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .faults import MOST_FAULTS, Fault, shown, shown_text
from .misreadings import numbers_meant
from .quantities import MOST_PEOPLE
from .scenario_files import LARGEST_TABLE, decode, read_bytes, real
from .stated_texts import DATE_RULE, date_meant

COLUMNS = ("date", "people")
_MOST_DIGITS = 4_300  # that Python reads
_ORDER = "Dates in order, none twice"


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
    if "\0" in name or not real(folder / name).is_relative_to(real(folder)):
        counts.faults.append(Fault(file, 0, "", "lies outside the scenario's folder", "A path below that folder"))
        return counts
    raw = read_bytes(folder / name, LARGEST_TABLE)
    if isinstance(raw, str):
        counts.faults.append(Fault(file, 0, "", raw, "A CSV file with the columns date and people"))
        return counts
    counts.sha256 = hashlib.sha256(raw).hexdigest()
    text = decode(raw)
    if isinstance(text, tuple):
        counts.faults.append(Fault(file, text[0], "", text[1], "Save it as UTF-8: a spreadsheet calls it CSV UTF-8"))
        if b"\0" in raw:
            return counts
        text = raw.decode("latin-1")  # so that what else is wrong is told as well
    kept = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    _Rows(file, counts, [number for number, _ in kept], [line for _, line in kept]).read()
    return counts


class _Rows:
    """The rows of a CSV file, each with the line it begins in."""

    def __init__(self, file: str, counts: Counts, numbers: list[int], lines: list[str]) -> None:
        self.file, self.counts, self.numbers = file, counts, numbers
        # Where a comma is the decimal mark, spreadsheets part cells by semicolons.
        mark = next((one for one in ",;\t" if lines and {*COLUMNS} <= {cell.strip(' "') for cell in lines[0].split(one)}), ",")
        self.rows = csv.reader(lines, delimiter=mark)

    def read(self) -> None:
        """Read the counts below the header, and what is wrong with them."""
        header = next((row for _, row in self._each()), [])
        found = [cell.strip() for cell in header]
        for column in COLUMNS:
            if (times := found.count(column)) != 1:
                problem = "column stands twice" if times else "column is missing"
                rule = "The first line names the columns date and people"
                self._fault(self.numbers[0] if self.numbers else 1, column, problem, rule, ", ".join(found))
        if all(found.count(column) == 1 for column in COLUMNS):
            first: dict[datetime.date, int] = {}
            for number, row in self._each():
                if any(cell.strip() for cell in row[len(found) :]):
                    rule = "One cell for each column: no separators of thousands, no decimal comma"
                    self._fault(number, "", f"has {len(row)} cells for {len(found)} columns", rule)
                    continue
                cells = dict(zip(found, [cell.strip() for cell in row] + [""] * len(found), strict=False))
                self._count(number, cells["date"], cells["people"], first)

    def _each(self) -> Iterator[tuple[int, list[str]]]:
        while (before := self.rows.line_num) < len(self.numbers):
            try:
                row = next(self.rows, [])
            except csv.Error as error:
                self._fault(self.numbers[before], "", f"cannot be read: {error}", "A CSV file of dates and counts")
            else:
                yield self.numbers[before], row

    def _count(self, number: int, written: str, people: str, first: dict[datetime.date, int]) -> None:
        date = _date(written)
        is_count = people.isdecimal() and people.isascii() and len(people) <= _MOST_DIGITS
        if date is None:
            self._fault(number, "date", "is no date", DATE_RULE, shown(written), date_meant(written))
        elif date in first:
            self._fault(number, "date", f"stands here again; first in line {first[date]}", _ORDER, shown(date))
        elif first and date < (last := next(reversed(first))):
            self._fault(number, "date", f"is not after {last.isoformat()}", _ORDER, shown(date))
        elif not is_count:
            meant = " or ".join(one for one in numbers_meant(people) if one != people)
            self._fault(number, "people", "is not a count of people", f"Whole people, 0 to {MOST_PEOPLE:,}", shown(people), meant)
        elif int(people) > MOST_PEOPLE:
            self._fault(number, "people", "is too large", f"Whole people, 0 to {MOST_PEOPLE:,}", shown(people))
        else:
            self.counts.dates.append(date)
            self.counts.people.append(int(people))
        if date is not None:
            first.setdefault(date, number)

    def _fault(self, number: int, column: str, problem: str, rule: str, got: str = "", meant: str = "") -> None:
        if len(self.counts.faults) >= MOST_FAULTS:
            self.counts.more += 1
        else:
            self.counts.faults.append(Fault(self.file, number, column, problem, rule, shown_text(got), meant))


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None

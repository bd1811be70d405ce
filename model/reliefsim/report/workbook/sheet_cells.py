"""Rows of cells become a worksheet: formats, widths, frozen heads, filters, and totals as formulas with their values."""

from __future__ import annotations

import datetime
import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from ..text.spread import places_to_show
from .printed_area import ROW, last_column, last_row

LONGEST_LINE = 130  # characters of a note, which runs over the cells to its right
WIDEST, NARROWEST = 40, 9  # characters of a column
WRAPPED = 52  # characters of a column of sentences
NOTE_PIXELS = 910  # of a note's longest line, and of a chart
NUMBERS = {
    "text": "@",  # what begins with = stays text when it is edited, too
    "sentence": "@",
    "inner text": "@",
    "inner sentence": "@",
    "usd": "#,##0.00",
    "people": "#,##0",
    "cases": "#,##0.0",
    "days": "#,##0.0",
    "percent": "0.0%",
    "number": "#,##0.00",
    "fine": "0.0##############",
    "fine percent": "0.0##############%",
    "whole": "0",
    "input": "General",
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
_DECIMALS = {"usd": 2, "people": 0, "cases": 1, "days": 1, "percent": 3, "number": 2}  # of what NUMBERS shows
_TEXTS = ("text", "sentence")
UNDEFINED = "–"  # what a formula gives where it divides by nothing: an empty text would look like a value that is lost
_LINE_POINTS = 13.5  # of a row, for each line of text in it
KIND_OF_UNIT = {
    "USD": "usd", "people": "people", "cases": "cases", "share": "percent", "days": "days", "day": "days",
    "person-days": "people", "items": "cases", "departures": "cases",
}  # fmt: skip


class Formula(NamedTuple):
    """A formula and its value. In its text ``{r}`` is its own row and ``{above}`` the one above.

    ``{first}`` and ``{last}`` are those of the block.
    """

    text: str
    value: float | str


class As(NamedTuple):
    """A value with a kind of its own, in a column of another."""

    value: float | str | Formula | datetime.date
    kind: str


Cell = str | float | datetime.date | Formula | As | None


class Column(NamedTuple):
    """A column's head and the kind of its cells, a key of NUMBERS."""

    head: str
    kind: str = "text"


class Block(NamedTuple):
    """Where the rows of a table stand: numbers as Excel shows them, from 1; totals follow the last."""

    head: int
    first: int
    last: int


class Check(NamedTuple):
    """A total that a file states, too."""

    sheet: str
    cell: str
    what: str
    value: float
    file: str
    stated: float


def letter(place: int) -> str:
    """The letters of a column; ``place`` from 0."""
    return str(xl_col_to_name(place))


def apart(value: float, kind: str) -> str:
    """The kind of a difference: its own, or where that would show 0 though it is not 0, one with all its digits."""
    if value == 0 or math.isnan(value) or places_to_show(value, _DECIMALS[kind], _DECIMALS[kind]) is not None:
        return kind
    return "fine percent" if kind == "percent" else "fine"


def total(place: int, values: Sequence[float]) -> Formula:
    """The sum of a block's column, and its value; what is not defined counts as nothing, as in Excel."""
    column = letter(place)
    return Formula(f"=SUM({column}{{first}}:{column}{{last}})", math.fsum(v for v in values if not math.isnan(v)))


class Sheet:
    """A worksheet that is filled from its top. ``format_of`` gives the format of a kind and a style."""

    def __init__(self, worksheet: Any, name: str, title: str, format_of: Callable[[str, str], Any]) -> None:
        self.name = name
        self.worksheet = worksheet
        self.checks: list[Check] = []
        self._format = format_of
        self._widths: dict[int, int] = {}
        self._heads: list[tuple[int, Sequence[Column]]] = []
        self._sentences: dict[int, list[tuple[int, str]]] = {}  # by row: where, and what may take several lines
        self._heights: dict[int, float] = {}  # points, by row
        self._charts: list[tuple[int, int]] = []  # from one row to another
        self._row = 0
        self._filtered = False
        worksheet.set_landscape()
        worksheet.set_paper(9)  # A4
        worksheet.fit_to_pages(1, 1)
        worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        worksheet.hide_gridlines(2)
        whole = "A1:XFD1048576"  # names that look like numbers are meant, and totals leave out what is no part of them
        worksheet.ignore_errors({"number_stored_as_text": whole, "formula_range": whole, "formula_differs": whole})
        worksheet.freeze_panes(1, 0)
        worksheet.repeat_rows(0)
        worksheet.write_string(0, 0, title, format_of("text", "title"))
        self._high(0, 24)
        self._row = 1

    def note(self, text: str, style: str = "note") -> None:
        """Sentences, broken into lines that run over the cells to their right."""
        for line in textwrap.wrap(text, LONGEST_LINE) or [""]:
            self.worksheet.write_string(self._row, 0, line, self._format("text", style))
            self._row += 1

    def command(self, text: str) -> None:
        """A line to paste: never broken."""
        self.worksheet.write_string(self._row, 0, text, self._format("text", "plain"))
        self._row += 1

    def heading(self, text: str) -> None:
        """The heading of a block, after an empty row."""
        self._row += 1
        self.note(text, "heading")

    def block(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        totals: Sequence[Sequence[Cell]] = (),
        is_main: bool = False,
    ) -> Block:
        """A table from column A on. The main one of a sheet gets the filter; if it is the first, its head stays in sight."""
        head = self._row
        for place, column in enumerate(columns):
            aligned = "head" if column.kind in _TEXTS else "number head"
            self.worksheet.write_string(head, place, column.head, self._format(_indented("text", place), aligned))
            words = max((len(word) for word in column.head.split()), default=0)
            two_lines = math.ceil(len(column.head) / 2) + 2  # heads wrap
            self._widen(place, max(words, two_lines) + 3)  # room for the filter's button
        self._heads.append((head, columns))
        first = head + 1
        block = Block(head + 1, first + 1, first + len(rows))
        for number, row in enumerate([*rows, *totals]):
            style = "plain" if number < len(rows) else "total"
            if any(isinstance(cell, str) and len(cell) > WIDEST for cell in row):
                style = f"tall {style}"
            for place, cell in enumerate(row):
                self._write(first + number, place, cell, columns[place].kind, style, block)
        if is_main and rows and not self._filtered:
            self.worksheet.autofilter(head, 0, first + len(rows) - 1, len(columns) - 1)
            self._filtered = True
        self._row = first + len(rows) + len(totals) + 1
        return block

    def freeze(self, block: Block, columns: int = 0) -> None:
        """Keep all down to a block's head in sight, and so many columns; a printed page repeats the head."""
        self.worksheet.freeze_panes(block.head, columns)
        self.worksheet.repeat_rows(block.head - 1)

    def check(self, cell: str, what: str, value: float, file: str, stated: float) -> None:
        """Note a total that a file states too; what it does not state is not noted."""
        if not math.isnan(stated):
            self.checks.append(Check(self.name, cell, what, value, file, stated))

    def chart(self, chart: Any, described: str, height: int) -> None:
        """Put a chart below what is there, and go on below it. ``height``: pixels."""
        self.worksheet.insert_chart(
            self._row, 0, chart, {"x_offset": 4, "y_offset": 4, "description": described, "object_position": 2}
        )
        first, self._row = self._row, self._row + math.ceil((height + 8) / ROW) + 1
        self._charts.append((first, self._row - 1))

    def link(self, text: str, sheet: str, after: str) -> None:
        """A line that leads to another sheet, and what that holds."""
        self.worksheet.write_url(self._row, 0, f"internal:'{sheet}'!A1", self._format("text", "link"), text)
        self.worksheet.write_string(self._row, 1, after, self._format("text", "note"))
        self._widen(0, len(text) + 2)
        self._row += 1

    def finish(self) -> None:
        """Give every column its width, and rows of long sentences their height."""
        for row, cells in self._sentences.items():
            lines = max(len(textwrap.wrap(text, int(1.2 * self._widths[place]) - 2)) for place, text in cells)
            self._high(row, _LINE_POINTS * max(lines, 1) + 1.5)
        for row, columns in self._heads:
            self._high(row, _LINE_POINTS * self._lines(columns) + 3)
        for place, width in self._widths.items():
            self.worksheet.set_column(place, place, width)
        self._print()

    def _high(self, row: int, points: float) -> None:
        self.worksheet.set_row(row, points)
        self._heights[row] = points

    def _print(self) -> None:
        """One page from the top left; where it does not take all, its foot says so."""
        columns = max((len(one) for _, one in self._heads), default=1)
        row = last_row(self._heights, self._row, self._charts)
        column = last_column(self._widths, columns, NOTE_PIXELS)
        self.worksheet.print_area(0, 0, row, column)
        more = "" if row >= self._row - 2 and column >= columns - 1 else "&CThere is more of this sheet on the screen"
        self.worksheet.set_footer(f"&L&A{more}&RPage &P of &N")

    def _widen(self, place: int, width: int) -> None:
        self._widths[place] = max(NARROWEST, self._widths.get(place, 0), min(width, WRAPPED))

    def _lines(self, columns: Sequence[Column]) -> int:
        """Lines of the tallest head."""
        return max(
            (len(textwrap.wrap(one.head, max(self._widths[p] - 3, 5))) for p, one in enumerate(columns)), default=1
        )

    def _write(self, row: int, place: int, cell: Cell, kind: str, style: str, block: Block) -> None:
        if isinstance(cell, As):
            cell, kind = cell
        if cell is None or (isinstance(cell, float) and not math.isfinite(cell)) or cell == "":
            self.worksheet.write_blank(row, place, None, self._format(kind, style))
        elif isinstance(cell, str):
            kind = kind if kind in _TEXTS else "text"
            kind = "sentence" if len(cell) > WIDEST else kind
            self.worksheet.write_string(row, place, cell, self._format(_indented(kind, place), style))
            if kind == "sentence":
                self._sentences.setdefault(row, []).append((place, cell))
            self._widen(place, min(len(cell) + 2, WRAPPED if kind == "sentence" else WIDEST))
        elif isinstance(cell, datetime.date):
            moment = datetime.datetime(cell.year, cell.month, cell.day)
            self.worksheet.write_datetime(row, place, moment, self._format(kind if kind == "month" else "date", style))
            self._widen(place, 12)
        elif isinstance(cell, Formula):
            text = cell.text.format(r=row + 1, above=row, first=block.first, last=block.last)
            undefined = isinstance(cell.value, float) and not math.isfinite(cell.value)
            self.worksheet.write_formula(row, place, text, self._format(kind, style), UNDEFINED if undefined else cell.value)
            self._widen(place, _width(cell.value, kind))
        else:
            self.worksheet.write_number(row, place, cell, self._format(kind, style))
            self._widen(place, _width(cell, kind))


def _indented(kind: str, place: int) -> str:
    """Text in a column after the first stands a little off the numbers before it."""
    return f"inner {kind}" if place and kind in _TEXTS else kind


def _width(value: float | str, kind: str) -> int:
    """How many characters a number takes as it is shown."""
    if isinstance(value, str):
        return len(value) + 2
    if not math.isfinite(value):
        return 0
    shown = {"usd": f"{value:,.2f}", "number": f"{value:,.2f}", "people": f"{value:,.0f}", "percent": f"{value:.1%}"}
    return len(shown.get(kind, f"{value:,.1f}" if kind in ("cases", "days") else f"{value:g}")) + 3

"""Ranges of cells become native charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from .sheet_cells import Block, Sheet
from .workbook_file import Book

# Paul Tol's bright and muted colours, which the colour-blind tell apart (personal.sron.nl/~pault, 2021).
COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#777777", "#332288", "#999933", "#882255")
_DASHES = ("solid", "dash", "round_dot", "dash_dot", "long_dash")  # told apart without colour, too
_DARK, _GRID = "#1F3A4D", "#D5DBE0"
_WIDTH = 900  # pixels
MOST_SIDE_BY_SIDE = 4  # scenarios whose bars can be told apart
_MOST_NAMES = 12  # below a line


class Cells(NamedTuple):
    """Cells of one column or row: rows from 1, as Excel shows them; columns from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def on(self, sheet: Sheet) -> list[str | int]:
        """As xlsxwriter wants them."""
        return [sheet.name, self.first_row - 1, self.first_column, self.last_row - 1, self.last_column]


class Series(NamedTuple):
    """What a row of bars is called, its numbers, and what each of them is of."""

    name: str
    values: Cells
    names: Cells


class Shape(NamedTuple):
    """What a chart says and how. ``type``: ``bar`` lies, ``column`` stands, or ``line``; ``number``: of its axis."""

    title: str
    axis: str
    type: str = "column"
    number: str = "#,##0"
    stacked: bool = False
    height: int = 340  # pixels
    most: float | None = None  # where the axis ends


def columns_of(block: Block, names: Sequence[str]) -> list[Series]:
    """A series for each column of a block after its first, which names what the numbers are of."""
    of = Cells(block.first, 0, block.last, 0)
    return [Series(name, Cells(block.first, c, block.last, c), of) for c, name in enumerate(names, 1)]


def rows_of(block: Block, names: Sequence[str], columns: int) -> list[Series]:
    """A series for each row of a block, named here; so many columns after the first, whose heads say what of."""
    of = Cells(block.head, 1, block.head, columns)
    return [Series(name, Cells(r, 1, r, columns), of) for r, name in enumerate(names, block.first)]


def draw_money(book: Book, sheet: Sheet, block: Block, parts: Sequence[str], arms: Sequence[str], shape: Shape) -> None:
    """Parts of a sum, one a row of a block, by scenario, one a column: side by side if few, else stacked."""
    if len(arms) <= MOST_SIDE_BY_SIDE:
        draw(book, sheet, columns_of(block, arms), shape)
    else:
        height = 150 + 26 * len(arms) + 20 * (len(parts) // 4 + 1)
        stacked = shape._replace(type="bar", stacked=True, height=height)
        draw(book, sheet, rows_of(block, parts, len(arms)), stacked)


def draw(book: Book, sheet: Sheet, series: list[Series], shape: Shape) -> None:
    """Put a chart of cells of a sheet below what is on it; nothing without series or rows."""
    if not series or any(one.values.last_row < one.values.first_row for one in series):
        return
    chart = book.workbook.add_chart({"type": shape.type, **({"subtype": "stacked"} if shape.stacked else {})})
    for number, one in enumerate(series):
        cells = {
            "name": one.name.lstrip("=").replace("!", "! "),  # what looks like a range would be taken for one
            "categories": one.names.on(sheet),
            "values": one.values.on(sheet),
        }
        look = _line(number) if shape.type == "line" else _bar(number, shape.stacked)
        chart.add_series(cells | look)
    lying = shape.type == "bar"
    names: dict[str, Any] = {"num_font": {"size": 10}, "num_format": "#,##0", "text_axis": True}
    if shape.type == "line":
        names["interval_unit"] = math.ceil((series[0].values.last_row - series[0].values.first_row + 1) / _MOST_NAMES)
    numbers: dict[str, Any] = {
        "name": shape.axis, "name_font": {"size": 10, "bold": False}, "num_font": {"size": 10},
        "num_format": shape.number, "min": 0, "major_gridlines": {"visible": True, "line": {"color": _GRID}},
    }  # fmt: skip
    if shape.most:
        numbers["max"] = shape.most
    # The first part stands at the top: bars go down from there, and their numbers stand below the last.
    chart.set_x_axis(numbers if lying else names)
    chart.set_y_axis(names | {"reverse": True, "crossing": "max"} if lying else numbers)
    chart.set_title({"name": shape.title, "name_font": {"size": 13, "bold": True, "color": _DARK}})
    chart.set_legend({"position": "bottom", "font": {"size": 10}} if len(series) > 1 else {"none": True})
    chart.set_size({"width": _WIDTH, "height": shape.height})
    sheet.chart(chart, shape.title, shape.height)


def _line(number: int) -> dict[str, Any]:
    colour = COLOURS[number % len(COLOURS)]
    return {"line": {"color": colour, "width": 2.25, "dash_type": _DASHES[number % len(_DASHES)]}}


def _bar(number: int, stacked: bool) -> dict[str, Any]:
    """Full bars, and hatched ones where there are more than colours."""
    colour = COLOURS[number % len(COLOURS)]
    hatch = {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"}
    fill = {"fill": {"color": colour}} if number < len(COLOURS) else {"pattern": hatch}
    return fill | {"border": {"color": "#FFFFFF", "width": 0.5}, "gap": 60} | ({"overlap": 100} if stacked else {})

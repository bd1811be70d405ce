"""Ranges of cells become native charts."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .book import Book
from .sheet import Block, Sheet

# Paul Tol's bright and muted colours, which the colour-blind tell apart (personal.sron.nl/~pault, 2021).
COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#777777", "#332288", "#999933", "#882255")
_DASHES = ("solid", "dash", "round_dot", "dash_dot", "long_dash")  # told apart without colour, too
_DARK, _GRID = "#1F3A4D", "#D5DBE0"
_WIDTH = 900  # pixels
_MOST_NAMES = 12  # below a line


class Series(NamedTuple):
    """Cells of one column: its rows, from 1 as Excel shows them, the column of its numbers and that of its names."""

    name: str
    column: int
    first: int
    last: int
    names: int = 0


class Shape(NamedTuple):
    """What a chart says and how. ``type``: ``bar`` lies, ``column`` stands, or ``line``; ``number``: of its axis."""

    title: str
    axis: str
    type: str = "column"
    number: str = "#,##0"
    stacked: bool = False
    height: int = 340  # pixels
    most: float | None = None  # where the axis ends


def columns_of(block: Block, names: list[str], first_column: int = 1) -> list[Series]:
    """A series for each column of a block from ``first_column`` on, whose first column names the categories."""
    return [Series(name, first_column + number, block.first, block.last) for number, name in enumerate(names)]


def draw(book: Book, sheet: Sheet, series: list[Series], shape: Shape) -> None:
    """Put a chart of cells of a sheet below what is on it; nothing without series or rows."""
    if not series or any(one.last < one.first for one in series):
        return
    chart = book.workbook.add_chart({"type": shape.type, **({"subtype": "stacked"} if shape.stacked else {})})
    for number, one in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        look = (
            {"line": {"color": colour, "width": 2.25, "dash_type": _DASHES[number % len(_DASHES)]}}
            if shape.type == "line"
            else {"fill": {"color": colour}, "border": {"color": "#FFFFFF", "width": 0.5}, "gap": 60}
        )
        cells = {
            "name": one.name.lstrip("="),  # a name that begins with = would be taken for a range
            "categories": [sheet.name, one.first - 1, one.names, one.last - 1, one.names],
            "values": [sheet.name, one.first - 1, one.column, one.last - 1, one.column],
        }
        chart.add_series(cells | look)
    lying = shape.type == "bar"
    names: dict[str, Any] = {"num_font": {"size": 10}, "num_format": "#,##0", "text_axis": True}
    if shape.type == "line":
        names["interval_unit"] = math.ceil((series[0].last - series[0].first + 1) / _MOST_NAMES)
    numbers: dict[str, Any] = {
        "name": shape.axis, "name_font": {"size": 10, "bold": False}, "num_font": {"size": 10},
        "num_format": shape.number, "min": 0, "major_gridlines": {"visible": True, "line": {"color": _GRID}},
    }  # fmt: skip
    numbers |= numbers | ({"max": shape.most} if shape.most else {})
    # The first part stands at the top: bars go down from there, and their numbers stand below the last.
    chart.set_x_axis(numbers if lying else names)
    chart.set_y_axis(names | {"reverse": True, "crossing": "max"} if lying else numbers)
    chart.set_title({"name": shape.title, "name_font": {"size": 13, "bold": True, "color": _DARK}})
    chart.set_legend({"position": "bottom", "font": {"size": 10}} if len(series) > 1 else {"none": True})
    chart.set_size({"width": _WIDTH, "height": shape.height})
    sheet.chart(chart, shape.title, shape.height)

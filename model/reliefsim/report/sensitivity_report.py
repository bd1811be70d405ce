"""The table of a sensitivity becomes a figure, and a table for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.sensitivity_rows import FILE, SHOWN, leading, made_of, methods
from ..store import Row, read_table
from .terminal.columns import WIDTH, table
from .text.spread import NONE

if TYPE_CHECKING:
    from ..study.request import StudyRequest


def tell_sensitivity(request: StudyRequest, folder: Path) -> tuple[str, list[str]]:
    """Draw the figure, if it is wanted; the terminal's text, and notes on the figure."""
    from .figures.figure_saving import undrawn
    from .figures.figure_sensitivity import draw

    rows = read_table(folder / FILE)
    return told(rows), undrawn(draw(rows, folder), folder) if request.figures else []


def told(rows: Sequence[Row]) -> str:
    """The terminal's table of the values that matter most, and what its numbers are."""
    by_name = {(row["indicator"], row["path"]): row for row in rows}
    labels = {row["path"]: row["label"] for row in rows}
    cells = [[labels[path], *(_cell(by_name[name, path]) for name in SHOWN)] for path in leading(rows)]
    heading = (
        f"{rows[0]['scenario']}: which values matter most. Per cent of the variance of each result that would stay if "
        "all other values were known (total Sobol index), and its interval"
    )
    lines = table(heading, ["Value", *SHOWN.values()], cells)
    notes = {row["indicator"]: row["note"] for row in rows if row["note"]}
    sentences = [f"{name} has no indices: {note}." for name, note in notes.items()]
    sentences.append(f"{made_of(rows)}, the same chance in all.")
    sentences += [f"Intervals: {method}." for method in methods(rows)]
    return "\n".join([*lines, *(line for one in sentences for line in textwrap.wrap(one, WIDTH)), ""])


def _cell(row: Row) -> str:
    """An index and its interval in per cent, cut to what an index can be."""
    if not row["total"]:
        return NONE
    total, low, high = (100 * min(1.0, max(0.0, float(row[name]))) for name in ("total", "total_low", "total_high"))
    return f"{total:.0f} ({low:.0f}–{high:.0f})"

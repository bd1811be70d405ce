"""Widths and heights of a sheet become the part of it that is printed: one page, the rest is read on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PAGE = (1045, 688)  # pixels of a landscape A4 page within the margins: 10.9 by 7.2 inches, 96 to the inch
LEAST_SCALE = 0.5  # what is printed smaller cannot be read
COLUMN, ROW = 64, 20  # pixels, where nothing else is said
_CHARACTER, _PADDING = 7, 5  # pixels of a column's width


def pixels_of(width: float) -> int:
    """Of a column that is so many characters wide."""
    return int(width * _CHARACTER) + _PADDING


def last_row(heights: Mapping[int, float], rows: int, charts: Iterable[tuple[int, int]]) -> int:
    """The last row, from 0, that a page takes at the least scale; a chart, from one row to another, stands whole or not.

    ``heights``: points of the rows that are not like others; ``rows``: so many are written.
    """
    room, row = PAGE[1] / LEAST_SCALE, 0
    while row < rows:
        room -= heights[row] * 4 / 3 if row in heights else ROW
        if room < 0:
            break
        row += 1
    return max(0, min([row, *(first for first, last in charts if first < row <= last)]) - 1)


def last_column(widths: Mapping[int, int], columns: int, least: int) -> int:
    """The last column, from 0, that a page takes at the least scale; so many that ``least`` pixels have room, if it can."""
    taken, place = 0, 0
    while place < columns or taken < least:
        taken += pixels_of(widths[place]) if place in widths else COLUMN
        if taken > PAGE[0] / LEAST_SCALE:
            break
        place += 1
    return max(0, place - 1)

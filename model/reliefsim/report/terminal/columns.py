"""Rows of text become a table that fits a terminal."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from ...results.estimate_rows import Estimate
from ...study.statistics.verdicts import SAME, YES
from ..text.spread import NONE, Spread, Write, apart
from ..text.tongue import Plain
from ..views.view_table import Apart, Cell, Head, Table

WIDTH = 80
GAP = "  "
STAR = "*"  # behind a difference that is real
_WIDEST_LABEL = 24
_WRITE: dict[str, Write] = {"share": Spread.percent, "thousands": Spread.thousands}
_NARROWEST_LABEL = 9


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], labels: int = 1) -> list[str]:
    """Lines of at most 80 characters: ``labels`` columns of text on the left, then numbers, right-aligned.

    Columns that do not fit follow below, in blocks that repeat the labels; long labels and heads are wrapped.
    """
    lines = textwrap.wrap(title, WIDTH)
    for block in _blocks(heads, rows, labels):
        lines += [*_block(block[0], block[1:], labels), ""]
    return lines


def shown(view: Table) -> list[str]:
    """A view's table in lines, and its note: differences with their intervals in brackets."""
    plain = Plain()
    heads = [_text(column.head, plain) for column in view.columns]
    kinds = [column.kind for column in view.columns]
    rows = [[_text(one, plain, kind) for one, kind in zip(row, kinds, strict=True)] for row in view.rows]
    starred = [f"{STAR} Its interval leaves out 0."] if any(STAR in cell for row in rows for cell in row[1:]) else []
    notes = " ".join([*map(plain.told, view.notes), *starred])
    return [*table(plain.told(view.caption), heads, rows), *textwrap.wrap(notes, WIDTH)]


def _text(one: Cell, plain: Plain, kind: str = "text") -> str:
    match one:
        case Head(text, below, _):
            return ", ".join(plain.told(part) for part in (text, below) if part)
        case Apart(estimate, real, _):
            mean, low, high = estimate[:3]
            if math.isnan(mean):
                return NONE
            if math.isnan(low) or real == SAME:
                return apart(mean)
            star = STAR if real == YES else ""
            return f"{apart(mean)}{star} ({apart(low)} to {apart(high)})"
        case Estimate():
            return _WRITE.get(kind, Spread.plain)(Spread(), one)
    return plain.told(one)


def _blocks(heads: Sequence[str], rows: Sequence[Sequence[str]], labels: int) -> Iterator[list[Sequence[str]]]:
    """The heads and rows, cut into groups of columns that fit beside the labels."""
    left = sum(_label_widths(heads, rows, labels)) + len(GAP) * labels
    group: list[int] = []
    taken = left
    for column, number in enumerate(_number_widths(heads, rows, labels), labels):
        wide = number + len(GAP)
        if group and taken + wide - len(GAP) > WIDTH:
            yield _cut(heads, rows, labels, group)
            group, taken = [], left
        group.append(column)
        taken += wide
    yield _cut(heads, rows, labels, group)


def _cut(heads: Sequence[str], rows: Sequence[Sequence[str]], labels: int, group: list[int]) -> list[Sequence[str]]:
    return [[*row[:labels], *(row[column] for column in group)] for row in (heads, *rows)]


def _label_widths(heads: Sequence[str], rows: Sequence[Sequence[str]], labels: int) -> list[int]:
    """One label as wide as it is, up to a limit; several so narrow that the numbers fit beside them, if they can."""
    wanted = [max(len(row[column]) for row in (heads, *rows)) for column in range(labels)]
    if labels == 1:
        return [min(_WIDEST_LABEL, wanted[0])]
    numbers = sum(_number_width(heads, rows, column) + len(GAP) for column in range(labels, len(heads)))
    room = max(_NARROWEST_LABEL * labels, WIDTH - numbers - len(GAP) * (labels - 1))
    widths = [min(one, _NARROWEST_LABEL) for one in wanted]
    for column in range(labels):
        widths[column] = min(wanted[column], widths[column] + max(0, room - sum(widths)))
    return widths


def _number_width(heads: Sequence[str], rows: Sequence[Sequence[str]], column: int) -> int:
    """As wide as the numbers, or as half the head, which may take several lines."""
    return max([len(row[column]) for row in rows] + [min(len(heads[column]), 12)])


def _number_widths(heads: Sequence[str], rows: Sequence[Sequence[str]], labels: int) -> list[int]:
    """Of every column of numbers; heads take as many lines as they must, if all columns fit beside one another only so."""
    columns = range(labels, len(heads))
    wide = [_number_width(heads, rows, column) for column in columns]
    room = WIDTH - sum(_label_widths(heads, rows, labels)) - len(GAP) * len(heads) + len(GAP)
    if labels > 1 or sum(wide) <= room:
        return wide
    words = [max(map(len, heads[column].split()), default=0) for column in columns]
    cells = [max((len(row[column]) for row in rows), default=0) for column in columns]
    narrow = [min(one, max(pair)) for one, *pair in zip(wide, words, cells, strict=True)]
    return narrow if sum(narrow) <= room else wide


def _block(heads: Sequence[str], rows: Sequence[Sequence[str]], labels: int) -> list[str]:
    widths = _label_widths(heads, rows, labels)
    widths += _number_widths(heads, rows, labels)
    lines = _wrapped(heads, widths, labels, at_foot=True)
    lines.append("─" * min(WIDTH, sum(widths) + len(GAP) * (len(widths) - 1)))
    for row in rows:
        lines += _wrapped(row, widths, labels, at_foot=False)
    return lines


def _wrapped(row: Sequence[str], widths: Sequence[int], labels: int, at_foot: bool) -> list[str]:
    """One row as one or more lines; heads stand at the foot of theirs."""
    cells = [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
    height = max(len(cell) for cell in cells)
    lines = []
    for number in range(height):
        parts = []
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            place = number - (height - len(cell)) if at_foot else number
            text = cell[place] if 0 <= place < len(cell) else ""
            parts.append(text.ljust(width) if column < labels else text.rjust(width))
        lines.append(GAP.join(parts).rstrip())
    return lines

"""What the page's tables and bars are made of, before a template sets them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...results.estimate_rows import Estimate
from ...study.statistics.verdicts import BETTER, HIGHER, LOWER, SAME, TRIFLE, UNTOLD, WORSE, YES
from ..text.compared import is_told
from ..text.said import Text
from ..text.tongue import NONE, Tongue
from ..views import view_table as view

FEW = 3  # scenarios that are printed side by side
CROWDED = 6  # scenarios that are printed with all intervals
MOST_PRINTED = 10  # scenarios that there is room for on paper
SIGNS = {
    BETTER: "▲", WORSE: "▼", HIGHER: "◆", LOWER: "◆", TRIFLE: "≈", UNTOLD: "○",
    "the same": "＝", "cannot tell": "?",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cell: its text, what stands smaller beneath it, and the style's class."""

    text: str
    note: str = ""
    mood: str = ""
    mark: int = -1  # the number of a scenario whose line and colour stand before the text
    sign: str = ""  # what is judged of it, as a sign
    words: str = ""  # and in words


@dataclass(frozen=True)
class Table:
    """A table whose rows begin with a head. ``texts``: how many of the columns after it hold text, not numbers."""

    caption: str
    heads: Sequence[str | Cell]
    rows: Sequence[Sequence[str | Cell]]
    texts: int = 0
    note: str = ""
    mood: str = ""
    totals: frozenset[int] = frozenset()  # rows that add others up

    @property
    def rows_printed(self) -> int:
        """How many rows there is room for on paper: of scenarios, only the first."""
        return sum(_mark(row[0]) < MOST_PRINTED for row in self.rows)

    @property
    def last_row(self) -> int:
        """The number of the scenario in its last row; -1 if rows are no scenarios."""
        return _mark(self.rows[-1][0]) if self.rows else -1

    def for_paper(self) -> Table | None:
        """With a row, not a column, for each scenario, if columns are too many; without what stands beneath numbers, and
        what stands beneath the total."""
        if self.mood != "roomy" or _mark(self.heads[-1]) < FEW:
            return None
        shown = self.rows[: max(self.totals, default=len(self.rows) - 1) + 1]
        found = [Cell(_text(one), mark=_mark(one)) for one in self.heads[1:]]
        rows: list[list[str | Cell]] = [
            [head, *(_text(row[place]) for row in shown)] for place, head in enumerate(found, start=1)
        ]
        return replace(self, heads=["", *(_text(row[0]) for row in shown)], rows=rows, mood="turned", totals=frozenset())


def _mark(one: str | Cell) -> int:
    """The number of the scenario that a cell is the head of; -1: of none."""
    return -1 if isinstance(one, str) else one.mark


def _text(one: str | Cell) -> str:
    return one if isinstance(one, str) else one.text


@dataclass(frozen=True)
class Part:
    """One piece of a bar: where it begins and how wide it is, in thousandths of the widest, its pattern, and its words."""

    begins: float
    width: float
    mood: str
    words: str = ""


@dataclass(frozen=True)
class Bar:
    """One labelled bar; ``low`` and ``high`` are the ends of a whisker, in thousandths, if there is one."""

    label: str
    parts: Sequence[Part]
    text: str
    low: float = -1.0
    high: float = -1.0
    strong: bool = False


@dataclass(frozen=True)
class Bars:
    """Bars under one another, with what their patterns mean. The same numbers stand in a table beside them.

    ``is_whole``: as wide as all of it, whose end is drawn.
    """

    title: str
    rows: Sequence[Bar]
    legend: Sequence[tuple[str, str]] = field(default_factory=tuple)  # mood, words
    is_whole: bool = False


def shown(table: view.Table, tongue: Tongue, band: bool = False) -> Table:
    """A view's table as the page has it. ``band``: beneath means stands what eight of ten runs lie between."""
    kinds = [column.kind for column in table.columns[1:]]
    texts = next((place for place, kind in enumerate(kinds) if kind != "text"), len(kinds))
    return Table(
        caption=tongue.told(table.caption),
        heads=[_head(column.head, tongue) for column in table.columns],
        rows=[_row(row, table.columns, texts, tongue, band) for row in table.rows],
        texts=texts,
        note=" ".join(tongue.told(one) for one in table.notes),
        mood=table.style,
        totals=table.totals,
    )


def _row(row: Sequence[view.Cell], columns: Sequence[view.Column], texts: int, tongue: Tongue, band: bool) -> list[str | Cell]:
    found = [_cell(one, column.kind, tongue, band) for one, column in zip(row, columns, strict=True)]
    for place, column in enumerate(columns):
        mood = {"text": "text", "narrow": "text narrow"}.get(column.kind, "") if place > texts else ""
        if mood:
            one = found[place]
            found[place] = replace(one, mood=mood) if isinstance(one, Cell) else Cell(one, mood=mood)
    return found


def _head(head: Text | view.Head, tongue: Tongue) -> str | Cell:
    return Cell(tongue.told(head.text), mark=head.mark) if isinstance(head, view.Head) else tongue.told(head)


def _cell(one: view.Cell, kind: str, tongue: Tongue, band: bool) -> str | Cell:
    match one:
        case Estimate():
            return cell(tongue, one, kind, band)
        case view.Head(text, below, place):
            return Cell(tongue.told(text), tongue.told(below), mark=place)
        case view.Apart(apart, real, judged):
            return _apart(tongue, apart, kind, real, judged)
    return tongue.told(one)


def cell_of(one: view.Cell, tongue: Tongue) -> Cell:
    """One cell that stands alone, of a text or a date."""
    found = _cell(one, "text", tongue, False)
    return found if isinstance(found, Cell) else Cell(found)


def _apart(tongue: Tongue, one: Estimate, kind: str, real: str, judged: str) -> Cell:
    """A difference, its interval, and where it is judged, how, as a sign and in words."""
    text = tongue.signed(one.mean, kind)
    if judged:
        if math.isnan(one.mean):
            return Cell(NONE)
        mood = judged if is_told(judged) else "same" if real == SAME else "unsure"
        spread = "" if real == SAME else tongue.between(one.low, one.high, kind, signed=True)
        return Cell(text, spread, mood, sign=SIGNS[judged], words=tongue.say(judged))
    spread = tongue.between(one.low, one.high, kind, signed=True)
    return Cell(text, "" if spread == text else spread, "" if real == YES else "unsure")


def in_usd(tongue: Tongue, words: str) -> str:
    """A head of amounts in US dollars."""
    return tongue.say("{what}, USD", what=words)


def cell(tongue: Tongue, one: Estimate, kind: str, band: bool) -> Cell:
    """An estimate as a cell: the mean, and beneath it how far it may lie off."""
    return Cell(tongue.value(one.mean, kind), tongue.spread(one, kind, band))

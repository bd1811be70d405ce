"""What the page's tables and bars are made of, before a template sets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..estimates import Estimate
from .tongue import Tongue


@dataclass(frozen=True)
class Cell:
    """One cell: its text, what stands smaller beneath it, and the style's class."""

    text: str
    note: str = ""
    mood: str = ""
    mark: int = -1  # the number of a scenario whose line and colour stand before the text


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
    """Bars under one another, with what their patterns mean. The same numbers stand in a table beside them."""

    title: str
    rows: Sequence[Bar]
    legend: Sequence[tuple[str, str]] = field(default_factory=tuple)  # mood, words


def in_usd(tongue: Tongue, words: str) -> str:
    """A head of amounts in US dollars."""
    return tongue.say("{what}, USD", what=words)


def cell(tongue: Tongue, one: Estimate, kind: str, band: bool) -> Cell:
    """An estimate as a cell: the mean, and beneath it how far it may lie off."""
    return Cell(tongue.value(one.mean, kind), tongue.spread(one, kind, band))

"""What a table of a view is made of: columns of a kind, and cells that hold estimates and texts, not characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...results.estimate_rows import Estimate
from ..text.said import Text, say


class Head(NamedTuple):
    """What a row or column is of, and what stands smaller beneath it; ``mark``: the number of a scenario."""

    text: Text
    below: Text = ""
    mark: int = -1


class Column(NamedTuple):
    """A column's head and the kind of its numbers (see ``Tongue.value``); ``text`` holds none."""

    head: Text | Head
    kind: str = "text"


class Apart(NamedTuple):
    """A difference with its interval. ``real``: yes, no, equal or empty; ``judged``: that in words, where they are shown."""

    estimate: Estimate
    real: str
    judged: str = ""


Cell = Text | Head | Estimate | Apart


@dataclass(frozen=True)
class Table:
    """Rows that begin with what they are of. ``totals``: rows that add others up; ``style``: how it is set on a page."""

    caption: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[Text] = ()
    style: str = ""
    totals: frozenset[int] = frozenset()


def measured(kind: str, words: str) -> Column:
    """A column of one indicator; amounts have their unit in the head."""
    return Column(say("{what}, USD", what=words) if kind == "amount" else words, kind)

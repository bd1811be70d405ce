"""What a view says before a medium and a language are known: marked texts with values in them, numbers of a kind, dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """A text of the catalogue, with what stands in the place of the names in its braces."""

    text: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Number:
    """A value of a kind (see ``Tongue.value``); a difference has its sign before it."""

    value: float
    kind: str
    is_signed: bool = False


@dataclass(frozen=True)
class Ends:
    """From one value of a kind to another; told once where both are told alike."""

    low: float
    high: float
    kind: str


@dataclass(frozen=True)
class Date:
    """A day, YYYY-MM-DD."""

    day: str


@dataclass(frozen=True)
class Days:
    """From one day to another, within which eight of ten runs lie; without an end it is later than any day."""

    first: str
    last: str


@dataclass(frozen=True)
class Listed:
    """Several as an enumeration."""

    parts: Sequence[Text]


@dataclass(frozen=True)
class Capital:
    """The same with a capital."""

    text: Text


@dataclass(frozen=True)
class Title:
    """A scenario's title; ``is_cut``: without what it shares with the others, before its colon. ``rule``: told with it."""

    title: str
    is_cut: bool
    rule: str = ""


# A bare text is told by the catalogue's words for it, if it has any.
Text = str | Said | Number | Ends | Date | Days | Listed | Capital | Title


def say(text: str, **values: Text) -> Said:
    """A text that the catalogue translates, with values."""
    return Said(text, values)


def capital(text: str) -> str:
    """The same with a capital."""
    return text[:1].upper() + text[1:]

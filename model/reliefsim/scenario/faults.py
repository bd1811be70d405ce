"""What is wrong with a scenario becomes one line each.

Form: `FILE:LINE: key.path: problem (got VALUE). Rule. Did you mean …?`
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from ..screen import spelled

KeyPath = tuple[str | int, ...]
Level = Literal["fault", "warning", "notice"]

MOST_FAULTS = 50
_LONGEST_SHOWN = 60
_MANY = 64  # names, that are all compared


@dataclass(frozen=True)
class Finding:
    """Something to say about a key of a scenario, before it is known in which line the key stands.

    ``part``: the key within an entry that is at fault. ``uses``: the keys (``*``: any) the finding rests on; it is
    dropped when one of them could not be read, lest one mistake be told twice. None: ``path`` alone.
    """

    path: KeyPath
    problem: str
    rule: str = ""
    got: str = ""
    meant: str = ""
    level: Level = "fault"
    part: str = ""
    uses: tuple[KeyPath, ...] | None = None

    def rests_on(self, unread: Iterable[KeyPath]) -> bool:
        """Whether one of the unread keys is among those the finding rests on."""
        uses = (self.path,) if self.uses is None else self.uses
        pairs = (zip(path, use, strict=False) for path in unread for use in uses)
        return any(all(a == b or "*" in (a, b) for a, b in pair) for pair in pairs)  # one leads to the other


@dataclass(frozen=True)
class Fault:
    """A finding with its place. ``line`` 0: the whole file, or no file at all."""

    file: str
    line: int
    path: str
    problem: str
    rule: str = ""
    got: str = ""
    meant: str = ""
    level: Level = "fault"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:" if self.line else f"{self.file}:"
        level = "" if self.level == "fault" else f"{self.level}:"
        got = f" (got {self.got})" if self.got else ""
        problem = f"{self.problem}{got}{'.' if self.rule or self.meant else ''}"
        meant = self.meant and f"Did you mean {self.meant}?"
        words = (place, level, self.path and f"{self.path}:", problem, self.rule and f"{self.rule}.", meant)
        return spelled(" ".join(word for word in words if word))


Notice = Fault


@dataclass
class ScenarioError(Exception):
    """A scenario that cannot be read; ``faults`` holds the first 50, ``more`` how many there are besides."""

    faults: tuple[Fault, ...]
    more: int = field(default=0)

    def __post_init__(self) -> None:
        self.more += max(0, len(self.faults) - MOST_FAULTS)
        self.faults = self.faults[:MOST_FAULTS]
        super().__init__(self.faults, self.more)

    def __str__(self) -> str:
        lines = [str(one) for one in self.faults]
        if self.more:
            lines.append(f"and {self.more} more")
        return "\n".join(lines)


def shown(raw: Any) -> str:
    """A value as its author wrote it, or nearly: one short line without control characters."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dict):
        return "a table" if raw else "an empty table"
    if isinstance(raw, (list, tuple)):
        return f"a list of {len(raw)}"
    if isinstance(raw, (datetime.date, datetime.time)):
        return raw.isoformat()
    if isinstance(raw, str):
        return shown_text(json.dumps(raw, ensure_ascii=False))
    return shown_text(str(raw))


def shown_text(text: str) -> str:
    """A text cut to one short line, with control and bidirectional characters spelled out."""
    return escaped(f"{text[: _LONGEST_SHOWN - 1]}…" if len(text) > _LONGEST_SHOWN else text)


def escaped(text: str) -> str:
    """A text in one line, with control and bidirectional characters spelled out."""
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" else c for c in text)


def dotted(path: Sequence[str | int]) -> str:
    """A key path as a scenario file writes it, list positions counted from 0."""
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key) else shown(key) for key in map(str, path))


def nearest(word: object, legal: Iterable[str]) -> str:
    """The legal name most like ``word``; empty if none is like it."""
    names, forwards, backwards = _in_order(tuple(legal))
    text = str(word).lower()[:80].replace("-", "_")
    looked_at = forwards
    if len(forwards) > _MANY:  # only those that begin or end most like it: a comparison takes long, and there may be a million
        ends = [one[::-1] for one in _around(text[::-1], backwards)]
        looked_at = sorted({*_around(text, forwards), *ends})
    found = difflib.get_close_matches(text, looked_at, n=1, cutoff=0.5)
    if not found:
        found = [name for name in looked_at if len(text) > 2 and (name.startswith(text) or text.startswith(name))]
    return names[found[0]] if found else ""


@lru_cache(maxsize=8)
def _in_order(legal: tuple[str, ...]) -> tuple[dict[str, str], list[str], list[str]]:
    """Names by how they are compared, and these in order, read forwards and backwards."""
    names = {name.lower().replace("-", "_"): name for name in sorted(legal, reverse=True)}
    return names, sorted(names), sorted(name[::-1] for name in names)


def _around(text: str, names: list[str]) -> list[str]:
    """The names next to a text in order."""
    at = bisect_left(names, text)
    return names[max(0, at - 3) : at + 3]


def listed(names: Iterable[str]) -> str:
    """Names in a row, in order, the first forty."""
    ordered = sorted(names)
    return ", ".join(ordered[:40]) + (", …" if len(ordered) > 40 else "")

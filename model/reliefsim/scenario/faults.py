"""What is wrong with a scenario becomes one line each.

Form: `FILE:LINE: key.path: problem (got VALUE). Rule. Did you mean …?`
"""

from __future__ import annotations

import datetime
import difflib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

KeyPath = tuple[str | int, ...]
Level = Literal["fault", "warning", "notice"]

MOST_FAULTS = 50
_LONGEST_SHOWN = 60


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
        return any(_related(path, use) for path in unread for use in uses)


def _related(first: KeyPath, second: KeyPath) -> bool:
    """Whether one key path leads to the other."""
    return all(a == b or "*" in (a, b) for a, b in zip(first, second, strict=False))


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
        words = [place]
        if self.level != "fault":
            words.append(f"{self.level}:")
        if self.path:
            words.append(f"{self.path}:")
        got = f" (got {self.got})" if self.got else ""
        words.append(f"{self.problem}{got}." if self.rule or self.meant else f"{self.problem}{got}")
        if self.rule:
            words.append(f"{self.rule}.")
        if self.meant:
            words.append(f"Did you mean {self.meant}?")
        return " ".join(words)


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
    return ".".join(_key(part) for part in path)


def _key(part: str | int) -> str:
    text = str(part)
    return text if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) else shown_text(json.dumps(text, ensure_ascii=False))


def nearest(word: object, legal: Iterable[str]) -> str:
    """The legal name most like ``word``; empty if none is like it."""
    names = {name.lower(): name for name in sorted(legal, reverse=True)}
    text = str(word).lower()[:80].replace("-", "_")
    alike = {name.replace("-", "_"): name for name in names}
    found = difflib.get_close_matches(text, sorted(alike), n=1, cutoff=0.5)
    if not found:
        begun = sorted(name for name in alike if len(text) > 2 and (name.startswith(text) or text.startswith(name)))
        found = begun[:1]
    return names[alike[found[0]]] if found else ""


def listed(names: Iterable[str]) -> str:
    """Names in a row, in order, the first forty."""
    ordered = sorted(names)
    return ", ".join(ordered[:40]) + (", …" if len(ordered) > 40 else "")

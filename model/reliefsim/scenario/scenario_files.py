"""A scenario's name or path becomes the text of its file, and the table and the lines in it."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..screen import spelled
from .faults import Fault, KeyPath, dotted, listed, nearest, shown, shown_text
from .schema_decisions import flat
from .shipped import shipped_folder, shipped_names
from .syntax import Mistake, Parsed, parse

LARGEST_FILE = 200_000  # bytes of a scenario that somebody has written
LARGEST_TABLE = 1_000_000  # of what a program has written: counts, or a resolved scenario, with all its parents and counts


@dataclass(frozen=True)
class Document:
    """One file of a chain: what it says, in which lines, and what could not be read.

    ``file`` is the path as the user wrote it, for messages; ``origin`` a name that is the same on every machine.
    """

    file: str
    origin: str
    path: Path
    table: dict[str, Any] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: list[KeyPath] = field(default_factory=list)
    whole: bool = True
    sha256: str = ""
    more: int = 0  # faults counted and not told

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the nearest table around it; 1 if the file says nothing of it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: KeyPath, problem: str, rule: str = "", got: str = "", meant: str = "") -> Fault:
        """A fault at a key of this file."""
        return Fault(self.file, self.line(path), dotted(path), problem, rule, got, meant)


def find(name_or_path: str | Path) -> tuple[Path, str] | Fault:
    """The file that a name or a path means, and what to call it in messages."""
    text = str(name_or_path)
    path = Path(text)
    is_name = not path.suffix and "/" not in text and "\\" not in text
    if is_name and not os.path.isfile(path):  # noqa: PTH113  that of pathlib raises where the disk refuses a name
        if text in shipped_names():
            return shipped_folder() / f"{text}.toml", f"scenarios/{text}.toml"
        if not (text and os.path.lexists(text)):
            shipped = shipped_names()
            rule = f"A path, or one of {listed(shipped)}"
            return Fault(shown_text(text) or '""', 0, "", "no such scenario", rule, shown(text), nearest(text, shipped))
    return path, spelled(text)


def real(path: Path) -> Path:
    """A path without links; of links in a circle, the path itself."""
    return Path(os.path.realpath(path))


def load(path: Path, file: str, largest: int = LARGEST_FILE) -> Document:
    """Read one file, of at most so many bytes, as far as it can be read."""
    shipped = "\0" not in str(path) and real(path).parent == real(shipped_folder())
    origin = f"scenarios/{path.name}" if shipped else spelled(path.name)
    raw = read_bytes(path, largest)
    if isinstance(raw, str):
        unreadable = Fault(file, 0, "", raw, "A TOML file", "", _alike(path) if raw == "no such file" else "")
    elif isinstance(text := decode(raw), tuple):
        unreadable = Fault(file, text[0], "", text[1], "TOML is UTF-8")
    elif not text.strip():
        unreadable = Fault(file, 1, "", "is empty", "A scenario states at least start_date, horizon_days and services")
    else:
        parsed = parse(text)
        _name_decisions(parsed)
        faults = [Fault(file, one.line, dotted(one.path), one.problem, one.rule, one.got, one.meant) for one in parsed.mistakes]
        read = (parsed.table, parsed.lines, faults, parsed.unread, parsed.whole)
        return Document(file, origin, path, *read, hashlib.sha256(raw).hexdigest(), parsed.more)
    return Document(file, origin, path, faults=[unreadable], whole=False)


def _name_decisions(parsed: Parsed) -> None:
    """A decision goes by its whole key, whether it was written as one text or part by part."""
    stated = parsed.table.get("decisions")
    if not isinstance(stated, dict):
        return
    parsed.table["decisions"] = {}
    for parts, choice in flat(stated).items():
        key, path = ".".join(parts), ("decisions", *parts)
        if key in parsed.table["decisions"]:
            parsed.mistakes.append(Mistake(parsed.lines.get(path, 1), ("decisions", key), "stands here again", "Each once"))
        parsed.table["decisions"][key] = choice
        for written in [one for one in parsed.lines if one[: len(path)] == path]:
            parsed.lines["decisions", key, *written[len(path) :]] = parsed.lines[written]


def _alike(path: Path) -> str:
    """A file of nearly the same name beside, or the shipped scenario of that name."""
    if path.stem in shipped_names():
        return path.stem
    try:
        beside = [one.name for one in path.parent.glob("*.toml") if one.name != path.name][:1000]
    except OSError:
        return ""
    near = nearest(path.name, beside)
    return str(path.parent / near) if near else ""


def read_bytes(path: Path, largest: int) -> bytes | str:
    """What a file of at most so many bytes holds, or why it cannot be read."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            return "is a directory, not a file"
        if not stat.S_ISREG(found.st_mode):
            return "is not a plain file"
        if found.st_size > largest:
            most = f"{largest // 1_000} KB" if largest < 1_000_000 else f"{largest // 1_000_000} MB"
            return f"is larger than {most} ({found.st_size:,} bytes)"
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return "is a link to no file" if path.is_symlink() else "no such file"
    except (OSError, ValueError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"


def decode(raw: bytes) -> str | tuple[int, str]:
    """The text, or the line and the words for the first byte that is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        line = raw.count(b"\n", 0, at) + 1
        return line, f"is not UTF-8: byte {at} is 0x{raw[at]:02X}"

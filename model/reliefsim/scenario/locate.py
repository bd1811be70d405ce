"""TOML text becomes the line in which each key stands.

``tomllib`` says what a document holds, not where. This scanner says where, and need not judge: it passes over what it
cannot follow, and the parser names the mistake.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .faults import KeyPath
from .stated_texts import MOST_VALUES

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[\w-]+")  # with accents, too: the parser says that such a key stands in quotes
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")
# What is common, at one step: large files must be answered within a second. A bare key with a plain value, in a line or
# within braces, the header of a table, and a plain value in a list.
_PAIR = r"""([A-Za-z0-9_-]+)[ \t]*=[ \t]*(?:[A-Za-z0-9+_.:-]+|"[^"\\\n]+")[ \t]*"""
_PLAIN = re.compile(rf"{_PAIR}(?=\n|#|\Z)")
_INLINE_PAIR = re.compile(rf"[ \t]*{_PAIR}(,|\}})")
_HEADER = re.compile(r"\[((?:[A-Za-z0-9_-]{1,64}\.){0,4}[A-Za-z0-9_-]{1,64})\](?=\n|\Z)")
_ITEM = re.compile(r"""(?:[A-Za-z0-9+_.:-]+|"[^"\\\n]+"|'[^'\n]+'),\s*""")
_DEEPEST = 32  # parts of one key


class Statement(NamedTuple):
    """A table header or a key with its value, from its first line to its last; broken: it could not be followed."""

    kind: Literal["table", "element", "value"]
    path: KeyPath
    line: int
    last_line: int
    broken: bool = False


@dataclass
class Places:
    """Where things stand: ``lines`` of every key, down to the elements of lists; ``statements`` in order.

    ``crowded``: lists of more plain values than any may have, and how many they have.
    """

    lines: dict[KeyPath, int] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    crowded: dict[KeyPath, int] = field(default_factory=dict)


class _LostError(Exception):
    """The text goes on in a way the scanner cannot follow."""


class TooDeepError(Exception):
    """A key of very many parts; ``line`` is where it stands."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def locate(text: str) -> Places:
    """Find the line of every key of a TOML text. Raises TooDeepError."""
    return _Scanner(text).places()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.ends = [found.start() for found in re.finditer("\n", text)]
        self.found = Places()
        self.headed: set[KeyPath] = set()  # tables whose own header was met
        self.counts: dict[KeyPath, int] = {}  # elements so far of each list of tables

    def line(self, at: int) -> int:
        return bisect_right(self.ends, at - 1) + 1

    def places(self) -> Places:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            table = self._statement(table)
            self._skip(_BLANK)
        return self.found

    def _statement(self, table: KeyPath) -> KeyPath:
        """Follow one statement; return the table that the next ones belong to."""
        plain = self._plain_header() if self.text.startswith("[", self.at) else self._plain_value(table)
        if plain is not None:
            return plain
        start, path = self.at, table
        kind: Literal["table", "element", "value"] = "value"
        broken = False
        try:
            if self._next("["):
                kind = "element" if self._next("[") else "table"
                path = self._header(self._dotted_key(), kind)
                table = path
                self._expect("]]" if kind == "element" else "]")
            else:
                path = table + self._dotted_key()
                self._expect("=")
                self._mark(path, start)
                self._value(path)
            self._skip(_SPACE)
            if self.at < len(self.text) and self.text[self.at] not in "\r\n#":
                raise _LostError
        except _LostError:
            broken = True
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
        last_line = self.line(max(start, self.at - 1))
        self.found.statements.append(Statement(kind, path, self.line(start), last_line, broken))
        return table

    def _plain_value(self, table: KeyPath) -> KeyPath | None:
        """Follow a bare key with a plain value, if that comes next."""
        plain = _PLAIN.match(self.text, self.at)
        if not plain:
            return None
        path, line = (*table, plain[1]), self.line(self.at)
        self.found.lines.setdefault(path, line)
        self.found.statements.append(Statement("value", path, line, line))
        self.at = plain.end()
        return table

    def _plain_header(self) -> KeyPath | None:
        """Follow the header of a table with bare names, if that comes next."""
        plain = _HEADER.match(self.text, self.at)
        if not plain:
            return None
        path, line = self._header(tuple(plain[1].split(".")), "table"), self.line(self.at)
        self.found.statements.append(Statement("table", path, line, line))
        self.at = plain.end()
        return path

    def _header(self, key: KeyPath, kind: str) -> KeyPath:
        """The full path of a table header: lists of tables on the way stand for their last element."""
        path: KeyPath = ()
        for number, part in enumerate(key):
            path += (part,)
            self._mark(path, self.at)
            if kind == "element" and number == len(key) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path += (self.counts[path],)
        if path not in self.headed:
            self.headed.add(path)
            self.found.lines[path] = self.line(self.at)
        return path

    def _mark(self, path: KeyPath, at: int) -> None:
        """Note the line of a key, and of the tables around it unless they were met before."""
        line = 0
        while path and path not in self.found.lines:
            line = line or self.line(at)
            self.found.lines[path] = line
            path = path[:-1]

    def _dotted_key(self) -> KeyPath:
        parts = [self._key()]
        while self._next("."):
            parts.append(self._key())
            if len(parts) > _DEEPEST:
                raise TooDeepError(self.line(self.at))
        return tuple(parts)

    def _key(self) -> str:
        self._skip(_SPACE)
        bare = _BARE.match(self.text, self.at)
        quoted = _BASIC.match(self.text, self.at) or _LITERAL.match(self.text, self.at)
        found = bare or quoted
        if not found:
            raise _LostError
        self.at = found.end()
        return found[0] if bare else _unquoted(found[0])

    def _value(self, path: KeyPath) -> None:
        self._skip(_SPACE)
        if self._next("["):
            self._list(path)
        elif self._next("{"):
            self._inline_table(path)
        else:
            for pattern in (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL, _SCALAR):
                found = pattern.match(self.text, self.at)
                if found:
                    self.at = found.end()
                    return
            raise _LostError

    def _list(self, path: KeyPath) -> None:
        self._skip(_BLANK)
        number = self._plain_items(path)
        while not self._next("]"):
            self._mark((*path, number), self.at)
            self._value((*path, number))
            number += 1
            self._skip(_BLANK)
            if not self._next(","):
                self._expect("]")
                return
            self._skip(_BLANK)

    def _plain_items(self, path: KeyPath) -> int:
        """Follow the plain values at the beginning of a list, each with its comma; return how many."""
        number, line = 0, self.line(self.at)
        while item := _ITEM.match(self.text, self.at):
            self.found.lines.setdefault((*path, number), line)
            self.at = item.end()
            line = self.line(self.at) if "\n" in item[0] else line
            number += 1
        if number > MOST_VALUES:
            self.found.crowded[path] = number
        self._skip(_BLANK)
        return number

    def _inline_table(self, path: KeyPath) -> None:
        while pair := _INLINE_PAIR.match(self.text, self.at):
            self._mark((*path, pair[1]), self.at)
            self.at = pair.end()
            if pair[2] == "}":
                return
        self._skip(_BLANK)
        while not self._next("}"):
            start = self.at
            inner = path + self._dotted_key()
            self._mark(inner, start)
            self._expect("=")
            self._value(inner)
            self._skip(_BLANK)
            if not self._next(","):
                self._expect("}")
                return
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _next(self, token: str) -> bool:
        """Pass over ``token`` if it comes next."""
        self._skip(_SPACE)
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def _expect(self, token: str) -> None:
        if not self._next(token):
            raise _LostError


def _unquoted(key: str) -> str:
    if "\\" not in key:
        return key[1:-1]
    try:
        return next(iter(tomllib.loads(f"{key} = 0")))
    except tomllib.TOMLDecodeError:
        raise _LostError from None

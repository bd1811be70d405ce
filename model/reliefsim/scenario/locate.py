"""TOML text becomes the line in which each key stands.

``tomllib`` says what a document holds, not where; the tree that tree-sitter makes of it does. Nothing is judged here: what is
no TOML is passed over, and the parser names the mistake.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from .faults import KeyPath

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_DEEPEST = 32  # parts of one key
_MOST_MENDINGS = 8
_MOST_ROWS = 1_000  # that are wrong: what comes later is not looked at, for no more than MOST_FAULTS are told
_STATEMENTS = ("pair", "table", "table_array_element")
# Possessive, for a line of a hundred thousand signs must be answered within a second.
_KEY = r"""(?:[\w-]++|"(?:[^"\\]|\\.)*+"|'[^']*+')"""  # with accents, too: the parser says that such a key stands in quotes
_STATED = re.compile(rf"\s*+(\[{{0,2}})\s*+({_KEY}(?:\s*+\.\s*+{_KEY})*+)(?!\s*+\.)")
_DEEP = re.compile(rf"(?<![\w\\-])(?:{_KEY}\s*+\.\s*+){{{_DEEPEST}}}")


class Statement(NamedTuple):
    """A table header or a key with its value, from its first line to its last; broken: it was no TOML."""

    kind: Literal["table", "element", "value"]
    path: KeyPath
    line: int
    last_line: int
    broken: bool = False


class TooDeepError(Exception):
    """A key of very many parts; ``line`` is where it stands."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass
class Places:
    """Where things stand: ``lines`` of every key, down to the elements of lists; ``statements`` in order."""

    lines: dict[KeyPath, int] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    _mended: set[int] = field(default_factory=set)  # rows
    _headed: set[KeyPath] = field(default_factory=set)  # tables whose own header was met
    _counts: dict[KeyPath, int] = field(default_factory=dict)  # elements so far of each list of tables

    def add(self, node: Node, table: KeyPath = ()) -> None:
        """Note a statement in a table, and all that it holds."""
        if node.type == "pair":
            path = self._pair(node, table)
            self._state("value", path, node)
        elif node.type in ("table", "table_array_element"):
            kind: Literal["table", "element"] = "table" if node.type == "table" else "element"
            key, *inner = node.named_children
            path = self._header(_parts(key), _line(key), kind)
            self._state(kind, path, key)
            for one in inner:
                self.add(one, path)

    def _state(self, kind: Literal["table", "element", "value"], path: KeyPath, node: Node) -> None:
        line = _line(node)
        self.statements.append(Statement(kind, path, line, node.end_point.row + 1, line - 1 in self._mended))

    def _header(self, key: KeyPath, line: int, kind: str) -> KeyPath:
        """The full path of a table header: lists of tables on the way stand for their last element."""
        path: KeyPath = ()
        for number, part in enumerate(key, 1):
            path += (part,)
            self._mark(path, line)
            if kind == "element" and number == len(key):
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path += (self._counts[path],)
        if path not in self._headed:
            self._headed.add(path)
            self.lines[path] = line
        return path

    def _mark(self, path: KeyPath, line: int) -> None:
        """Note the line of a key, and of the tables around it unless they were met before."""
        while path and path not in self.lines:
            self.lines[path] = line
            path = path[:-1]

    def _pair(self, node: Node, table: KeyPath) -> KeyPath:
        key, *others = node.named_children
        path = table + _parts(key)
        self._mark(path, _line(key))
        for value in others:
            self._value(value, path)
        return path

    def _value(self, value: Node, path: KeyPath) -> None:
        if value.type == "inline_table":
            for pair in value.named_children:
                if pair.type == "pair":
                    self._pair(pair, path)
        elif value.type == "array":
            for number, one in enumerate(one for one in value.named_children if one.type != "comment"):
                self._mark((*path, number), _line(one))
                self._value(one, (*path, number))


def locate(text: str) -> Places:
    """Find the line of every key of a TOML text. Raises TooDeepError."""
    lines, mended = text.split("\n"), set[int]()
    root = _tree(text)
    for _ in range(_MOST_MENDINGS):
        if not root.has_error:
            break
        before = "\n".join(lines)
        _mend(root, lines, mended)
        if (after := "\n".join(lines)) == before:
            break
        root = _tree(after)
    places = Places(_mended=mended)
    for node in root.named_children:
        places.add(node)
    return places


def _tree(text: str) -> Node:
    return _parser().parse(text.encode()).root_node


@lru_cache(maxsize=1)
def _parser() -> Parser:
    from tree_sitter import Language, Parser
    from tree_sitter_toml import language

    return Parser(Language(language()))


def _line(node: Node) -> int:
    return node.start_point.row + 1


def _parts(key: Node) -> KeyPath:
    """The parts of a key. Raises TooDeepError."""
    parts: list[str] = []
    while key.type == "dotted_key":
        key, *_, last = key.named_children
        parts.insert(0, _part(last))
        if len(parts) > _DEEPEST:
            raise TooDeepError(_line(key))
    return (_part(key), *parts)


def _part(key: Node) -> str:
    text = (key.text or b"").decode()
    if "\\" in text:
        with suppress(tomllib.TOMLDecodeError):
            return next(iter(tomllib.loads(f"{text} = 0")))
    return text if key.type == "bare_key" else text[1:-1]


def _mend(root: Node, lines: list[str], mended: set[int]) -> None:
    """Make what is no TOML a line that states the same key or table; an empty one where that was no help."""
    wrong = sorted(_wrong_rows(root).items())
    if len(wrong) > _MOST_ROWS:
        del lines[wrong[_MOST_ROWS][0] :], wrong[_MOST_ROWS:]
    for row, is_inside in wrong:
        if row in mended:
            lines[row] = lines[row] if lines[row].startswith("[") else ""
        elif _tree(lines[row]).has_error:
            lines[row] = "" if is_inside else _stated(lines[row], row)
            mended.add(row)


def _stated(line: str, row: int) -> str:
    """The key or table that a line states, as TOML; what stands below a header that is none belongs to no other table."""
    found = _STATED.match(line)
    if not found:
        return f'["{row}"]' if line.lstrip().startswith("[") else ""
    key = re.sub(_KEY, _quoted, found[2])
    return f"{found[1]}{key}{']' * len(found[1])}" if found[1] else f"{key} = 0"


def states_nothing(line: str) -> bool:
    """Whether a line begins with neither a key nor the header of a table."""
    return _STATED.match(line) is None


def _quoted(part: re.Match[str]) -> str:
    return part[0] if part[0].isascii() or part[0][0] in "\"'" else f'"{part[0]}"'


def _wrong_rows(root: Node) -> dict[int, bool]:
    """The rows in which the grammar was not followed, and whether they lie inside a statement. Raises TooDeepError."""
    rows: dict[int, bool] = {}
    waiting = [root]
    while waiting:
        before = None
        for child in waiting.pop().children:
            is_pair = child.type == "pair"
            if child.is_error or child.is_missing or (is_pair and child.has_error):
                if _DEEP.search((child.text or b"").decode()):
                    raise TooDeepError(_line(child))
                # A header that is not closed is wrong in the next line only.
                first = child if before is None or before.type in _STATEMENTS else before
                for row in range(first.start_point.row, child.end_point.row + 1):
                    rows.setdefault(row, is_pair and row > child.start_point.row)
            elif child.has_error:
                waiting.append(child)
            before = child
    return rows

"""Two Readings become what differs between them: every value, where it comes from in each, and its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .dump import document, is_entry, origin, toml
from .faults import KeyPath, dotted
from .scenario_reader import Reading
from .schema_paths import fields_at, holds, is_names, walk

WORDS = ("name", "title", "question")  # what a scenario is called and asks: no number comes from it
_LONG = 6  # elements of a list that are all shown


@dataclass(frozen=True)
class Stated:
    """A value in one scenario: as a file would write it, the file and line it comes from, and its source.

    ``origin`` and ``source`` are empty where there is none, as for what keeps its default.
    """

    value: str
    origin: str = ""
    source: str = ""


@dataclass(frozen=True)
class Difference:
    """A key whose value differs; None: that scenario has nothing there."""

    key: str
    first: Stated | None
    second: Stated | None


@dataclass(frozen=True)
class Contrast:
    """What differs between two scenarios. ``removed`` and ``added``: by its key, a table that only the first or only
    the second has, and what it says. ``words``: which of WORDS differ."""

    changed: tuple[Difference, ...]
    removed: dict[str, tuple[Difference, ...]]
    added: dict[str, tuple[Difference, ...]]
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed or self.added)


@dataclass(frozen=True)
class _Leaf:
    raw: Any
    stated: Stated


def contrast(first: Reading, second: Reading) -> Contrast:
    """Compare two scenarios value by value, as they resolve; one whose sources or ranges differ differs."""
    resolved = tuple(document(one.scenario) for one in (first, second))
    leaves = tuple(dict(_leaves(one, table)) for one, table in zip((first, second), resolved, strict=True))
    changed: list[Difference] = []
    removed: dict[str, list[Difference]] = {}
    added: dict[str, list[Difference]] = {}
    for path in dict.fromkeys((*leaves[0], *leaves[1])):
        one, other = (found.get(path) for found in leaves)
        if path[0] in WORDS or (one is not None and other is not None and _same(one, other)):
            continue
        if one is None and (table := _missing_table(resolved[0], path)):
            added.setdefault(dotted(table), []).append(_difference(path, one, other))
        elif other is None and (table := _missing_table(resolved[1], path)):
            removed.setdefault(dotted(table), []).append(_difference(path, one, other))
        else:
            sides = [side or _default(table, path) for side, table in zip((one, other), resolved, strict=True)]
            if sides[0] is None or sides[1] is None or not _same(sides[0], sides[1]):
                changed.append(_difference(path, *sides))
    words = tuple(word for word in WORDS if getattr(first.scenario, word) != getattr(second.scenario, word))
    gone, new = ({name: tuple(inner) for name, inner in tables.items()} for tables in (removed, added))
    return Contrast(tuple(changed), gone, new, words)


def _same(one: _Leaf, other: _Leaf) -> bool:
    """Whether value, range and source are the same; the note, and where they are written, is no difference."""
    return bool(_without(one.raw, "note") == _without(other.raw, "note"))


def _leaves(reading: Reading, table: dict[str, Any]) -> Iterator[tuple[KeyPath, _Leaf]]:
    """Every value of a resolved scenario; lists of tables are looked into, lists of values are one value."""

    def inside(raw: Any, path: KeyPath) -> Iterator[tuple[KeyPath, _Leaf]]:
        if isinstance(raw, dict) and not (path and is_entry(table, path, raw)):
            for key, inner in raw.items():
                yield from inside(inner, (*path, key))
        elif isinstance(raw, list) and raw and isinstance(raw[0], dict):
            for place, inner in enumerate(raw):
                yield from inside(inner, (*path, place))
        else:
            sources = ", ".join(dict.fromkeys(str(one) for inner, one in walk(raw) if inner[-1] == "source"))
            yield path, _Leaf(raw, Stated(_shown(raw), origin(reading, path) or "", sources))

    yield from inside(table, ())


def _missing_table(table: dict[str, Any], path: KeyPath) -> KeyPath:
    """The shortest part of a path below which a scenario says nothing at all; empty if it has the value's table."""
    inner: Any = table
    for number, key in enumerate(path[:-1]):
        if holds(inner, key):
            inner = inner[key]
        else:
            # A section of names that is not there at all: the thing of that name is what is missing.
            named = is_names(table, path[: number + 1]) and len(path) > number + 2
            return path[: number + 2] if named else path[: number + 1]
    return ()


def _default(table: dict[str, Any], path: KeyPath) -> _Leaf | None:
    """What a key is where its table does not state it; None if there is no default."""
    field = fields_at(table, path[:-1]).get(str(path[-1]))
    default = None if field is None or field.is_required() else document(field.get_default())
    return None if default is None else _Leaf(default, Stated(_shown(default), "by default"))


def _difference(path: KeyPath, one: _Leaf | None, other: _Leaf | None) -> Difference:
    """Both sides; of lists that look the same when cut short, the first element that differs as well."""
    sides = [side.stated if side else None for side in (one, other)]
    if one and other and one.stated.value == other.stated.value and isinstance(one.raw, list):
        place = next((n for n, (a, b) in enumerate(zip(one.raw, other.raw, strict=False)) if a != b), 0)
        words = f"{one.stated.value}; number {place + 1}"
        sides = [replace(side.stated, value=f"{words}: {toml(side.raw[place])}") for side in (one, other)]
    return Difference(dotted(path), *sides)


def _shown(raw: Any) -> str:
    """A value as a file would write it, without source and note; of a long list, its ends."""
    if isinstance(raw, list) and len(raw) > _LONG:
        return f"[{toml(raw[0])}, {toml(raw[1])}, …, {toml(raw[-1])}], {len(raw):,} in all"
    return toml(_without(raw, "source", "note"))


def _without(raw: Any, *keys: str) -> Any:
    """A value without some keys of its entries; an entry of nothing but its value is that value."""
    if not isinstance(raw, dict):
        return raw
    kept = {key: _without(value, *keys) for key, value in raw.items() if key not in keys}
    return kept["value"] if set(kept) == {"value"} else kept

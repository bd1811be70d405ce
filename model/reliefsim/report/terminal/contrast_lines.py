"""What differs between two scenarios becomes lines for a terminal, none wider than 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ...scenario.contrast import Contrast, Difference, Stated
from .columns import WIDTH

_NOTHING = Stated("not stated")


def told(found: Contrast, first: str, second: str) -> str:
    """Each value that differs, in both scenarios, with file and line and source; then tables that one of them lacks."""
    wording = f" {_listed(found.words)} {'differs' if len(found.words) == 1 else 'differ'}." if found.words else ""
    if not found:
        return "\n".join(textwrap.wrap(f"No difference between {first} and {second}.{wording}", WIDTH))
    counts = (
        _counted(len(found.changed), "value differs", "values differ"),
        _counted(len(found.removed), f"table is in {first} only", f"tables are in {first} only"),
        _counted(len(found.added), f"table is in {second} only", f"tables are in {second} only"),
    )
    lines = textwrap.wrap(f"{first} and {second}: {', '.join(one for one in counts if one)}.{wording}", WIDTH)
    names = (first, second)
    for one in found.changed:
        lines += ["", *_wrapped(one.key, "")]
        for name, side in zip(names, (one.first, one.second), strict=True):
            lines += _side(f"{name}: ", side or _NOTHING)
    for name, tables in zip(names, (found.removed, found.added), strict=True):
        for table, inner in tables.items():
            lines += ["", *_wrapped(f"[{table}] is in {name} only", "")]
            lines += [line for one in inner for line in _alone(table, one)]
    return "\n".join(lines)


def _alone(table: str, one: Difference) -> Iterator[str]:
    """A value of a table that only one scenario has."""
    side = one.first or one.second or _NOTHING
    yield from _side(f"{one.key.removeprefix(table).removeprefix('.')} = ", side)


def _side(label: str, side: Stated) -> Iterator[str]:
    """A value, and below it where it comes from."""
    yield from _wrapped(f"{label}{side.value}", "  ")
    where = "; ".join(" ".join(word.split()) for word in (side.origin, side.source) if word)
    if where:
        yield from _wrapped(where, "      ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ", break_on_hyphens=False)


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}" if number else ""


def _listed(words: Sequence[str]) -> str:
    text = " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]
    return text[:1].upper() + text[1:]

"""A Reading becomes TOML text that resolves everything, one key a line, with origin and source of each value."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

from .document import document
from .faults import KeyPath, dotted
from .scenario_reader import Reading
from .schema_paths import form_at
from .schema_services import Duration, PriceList

_INLINE = (Duration, PriceList)  # short tables that stand in one line


def dump(reading: Reading) -> str:
    """The resolved scenario as TOML; reading it back gives an equal scenario."""
    table = document(reading.scenario)
    lines = [f"# {reading.scenario.name}, resolved. Behind each value: the file and line it comes from; its source."]
    lines.append(f"format = {reading.scenario.format}")
    lines += _section(reading, table, table, ())
    return "\n".join(lines) + "\n"


def _section(reading: Reading, whole: dict[str, Any], table: dict[str, Any], path: KeyPath) -> Iterator[str]:
    """The lines of one table: its values, then the tables in it."""
    inner: list[tuple[str, dict[str, Any]]] = []
    written = not path
    for key, value in table.items():
        here = (*path, key)
        if isinstance(value, dict) and not is_entry(whole, here, value):
            inner.append((key, value))
            continue
        if not written:
            yield from ("", f"[{dotted(path)}]")
            written = True
        yield f"{dotted((key,))} = {toml(value)}{_comment(reading, here, value)}"
    if not written and not inner:
        yield from ("", f"[{dotted(path)}]")
    for key, value in inner:
        yield from _section(reading, whole, value, (*path, key))


def is_entry(whole: dict[str, Any], path: KeyPath, value: dict[str, Any]) -> bool:
    """Whether a table of a resolved scenario is one value, with its range and source."""
    return "value" in value or form_at(whole, path) in _INLINE


def _comment(reading: Reading, path: KeyPath, value: Any) -> str:
    """Where a value comes from, and its source."""
    source = value.get("source") if isinstance(value, dict) else None
    words = [word for word in (origin(reading, path), source) if isinstance(word, str)]
    return "  # " + "; ".join(" ".join(word.split()) for word in words) if words else ""


def origin(reading: Reading, path: KeyPath) -> str | None:
    """The file and line a value comes from, or ``--set``; None if nothing states it."""
    for candidate in (path, (*path, "law"), (*path, "values_usd")):
        if dotted(candidate) in reading.origins:
            return reading.origins[dotted(candidate)]
    return None


def toml(value: Any) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(toml(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{dotted((key,))} = {toml(one)}' for key, one in value.items())} }}" if value else "{}"
    return repr(value)

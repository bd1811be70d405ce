"""A tree of plain values becomes the text of a scenario file."""

from __future__ import annotations

import datetime
from typing import Any

Table = dict[str, Any]


def toml(tree: Table, path: str = "") -> str:
    """A table of tables as TOML: plain values of a table first."""
    plain = [f"{key} = {_value(value)}" for key, value in tree.items() if not isinstance(value, dict)]
    inner = [
        f"[{path}{key}]\n" + toml(value, f"{path}{key}.") for key, value in tree.items() if isinstance(value, dict)
    ]
    return "\n".join([*plain, *inner, ""])


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, Row):
        return f"{{ {', '.join(f'{key} = {_value(one)}' for key, one in value.entries.items())} }}"
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)


class Row:
    """A table to be written on one line."""

    def __init__(self, **entries: Any) -> None:
        self.entries = entries


def reordered(tree: Table) -> Table:
    """The same scenario with every table of names, and the tables themselves, written the other way round."""
    return {key: reordered(value) if isinstance(value, dict) else value for key, value in reversed(tree.items())}

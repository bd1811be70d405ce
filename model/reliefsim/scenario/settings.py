"""Changes given on the command line or in code become changes of a scenario's table, checked like a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from .faults import Fault, KeyPath, dotted, listed, nearest, shown, shown_text
from .schema_paths import FILE_KEYS, holds, is_names, is_quantity, is_table, legal_keys
from .syntax import parse_value

PLACE = "--set"
SET_SOURCE = "set on the command line"
ENTRY_PARTS = ("low", "high", "source", "note")


def parse_settings(settings: Sequence[str]) -> tuple[list[tuple[KeyPath, Any]], list[Fault]]:
    """`key.path=VALUE` texts as paths and values, and what is wrong with them."""
    changes: dict[KeyPath, Any] = {}
    faults: list[Fault] = []
    for setting in settings:
        key, equals, text = unicodedata.normalize("NFC", setting).partition("=")
        path = split_path(key.strip())
        name = dotted(path) if key.strip() else ""
        if not equals or not key.strip():
            rule = "key.path=VALUE, as in grants.cerf.amount_usd=100000"
            faults.append(Fault(PLACE, 0, "", "is no setting", rule, shown_text(setting)))
        elif path in changes:
            faults.append(Fault(PLACE, 0, name, "is set twice", "Each key once"))
        elif path[0] in FILE_KEYS:
            faults.append(Fault(PLACE, 0, name, "cannot be set here", "Only a file can say this"))
        else:
            try:
                changes[path] = parse_value(text)
            except ValueError as error:
                problem, rule, meant = (*(str(word) for word in error.args), "", "")[:3]
                faults.append(Fault(PLACE, 0, name, problem, rule, shown_text(text), meant))
    return list(changes.items()), faults


def split_path(key: str) -> KeyPath:
    """A dotted key as a path; what is all digits may be a position in a list."""
    parts = [part.strip() for part in unicodedata.normalize("NFC", key).split(".")]
    return tuple(part[1:-1] if re.fullmatch("\".*\"|'.*'", part) else part for part in parts)


def apply(table: dict[str, Any], path: KeyPath, value: Any, place: str, source: str | None) -> KeyPath | Fault:
    """Put ``value`` at ``path`` of ``table``; None takes the key away. Return the path with list positions as numbers.

    The place behind a list's last is a new one. A plain number for a quantity replaces its whole entry, with ``source``
    as its source.
    """
    inner: Any = table
    for number, key in enumerate(path[:-1]):
        here, outer = _position(inner, key), path[:number]
        if isinstance(inner, dict) and key not in inner and not is_names(table, outer) and is_table(table, (*outer, key)):
            inner[key] = {}  # a part of the format that is not there yet, but no new name
        if not holds(inner, here):
            return _unknown(table, path, number, place, value)
        path = (*outer, here, *path[number + 1 :])
        if _is_number(inner[here]) and path[number + 1] in ENTRY_PARTS:
            inner[here] = {"value": inner[here]}  # a plain number gets a range, or a source
        inner = inner[here]
        if not isinstance(inner, (dict, list)):
            return _unknown(table, path, number + 1, place, value)
    if isinstance(inner, list) and value is not None and str(path[-1]) == str(len(inner)):
        inner.append(None)
    last = _position(inner, path[-1])
    if not holds(inner, last) and (value is None or isinstance(inner, list)):
        return _unknown(table, path, len(path) - 1, place, value)
    path = (*path[:-1], last)
    _put(table, inner, path, value, source)
    return path


def is_left_out(table: dict[str, Any], path: KeyPath) -> bool:
    """Whether a key of the format is not stated, so that it has its default already."""
    inner: Any = table
    for number, key in enumerate(path):
        here = _position(inner, key)
        if not holds(inner, here):
            named = any(is_names(table, path[:one]) for one in range(number, len(path)))
            return not named and str(key) in legal_keys(table, path[:number])
        inner = inner[here]
    return False


def _is_number(raw: Any) -> bool:
    return isinstance(raw, (int, float)) and not isinstance(raw, bool)


def _put(table: dict[str, Any], inner: Any, path: KeyPath, value: Any, source: str | None) -> None:
    last, number = path[-1], _is_number(value)
    if value is None:
        del inner[last]
    elif number and last == "value" and is_quantity(table, path[:-1]) and isinstance(inner, dict):
        inner.clear()  # a new value never keeps the old citation
        inner.update({"value": value} if source is None else {"value": value, "source": source})
    elif number and source is not None and is_quantity(table, path):
        inner[last] = {"value": value, "source": source}
    else:
        inner[last] = value


def _position(inner: Any, key: str | int) -> str | int:
    """The key as ``inner`` counts: a number in a list."""
    is_place = isinstance(inner, list) and str(key).isdecimal() and len(str(key)) < 6
    return int(key) if is_place else key


def _unknown(table: dict[str, Any], path: KeyPath, number: int, place: str, value: Any) -> Fault:
    legal = legal_keys(table, path[:number])
    near = nearest(path[number], legal)
    meant = dotted((*path[:number], near, *path[number + 1 :])) if near else ""
    rule = "" if near else f"Legal here: {listed(legal)}" if legal else "Nothing lies below this key"
    if not near and value is not None and is_names(table, path[:number]):
        rule = f"{rule}. A new part is given whole: {dotted(path[: number + 1])}, with a table"
    return Fault(place, 0, dotted(path), f"unknown key {shown(str(path[number]))}", rule, "", meant)

"""A key path becomes what may stand there: the format's own description of itself, walked key by key."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Union

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from .faults import KeyPath
from .quantities import Bound, Quantity
from .schema import Scenario
from .schema_services import KINDS, Duration, PriceList
from .stated_texts import Frozen

FILE_KEYS = ("extends", "remove")  # a file may say these at its top besides what a scenario holds


def holds(raw: Any, key: str | int) -> bool:
    """Whether a table or a list has something at ``key``."""
    if isinstance(raw, dict):
        return key in raw
    return isinstance(raw, (list, tuple)) and isinstance(key, int) and key < len(raw)


def at(raw: Any, path: KeyPath) -> Any:
    """The value at a path; None if there is none."""
    for key in path:
        raw = raw[key] if holds(raw, key) else None
    return raw


def walk(raw: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Everything in tables and lists with its path, each before what is in it."""
    for key, value in raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ():
        yield (*path, key), value
        yield from walk(value, (*path, key))


def _forms(annotation: Any) -> list[Any]:
    """The types a value may have, without their bounds and without none."""
    if typing.get_origin(annotation) is Annotated:
        return _forms(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (Union, types.UnionType):
        return [form for one in typing.get_args(annotation) for form in _forms(one)]
    return [] if annotation is type(None) else [annotation]


def _part(annotation: Any, raw: Any) -> Any:
    """The one form that fits what was written, where several may stand."""
    choices = _forms(annotation)
    if any(choice in KINDS.values() for choice in choices):
        kind = raw.get("kind") if isinstance(raw, dict) else None
        return KINDS[kind if isinstance(kind, str) and kind in KINDS else likely_kind(raw)]
    if PriceList in choices and isinstance(raw, dict) and ("values_usd" in raw or "shares" in raw):
        return PriceList
    if isinstance(raw, (list, tuple)):
        choices = [choice for choice in choices if typing.get_origin(choice) is tuple] or choices
    if choices == [Duration] and isinstance(raw, dict) and "value" in raw:
        return Quantity
    return choices[0] if choices else None


def likely_kind(raw: Any) -> str:
    """The kind of service that has most of the keys written."""
    keys = set(raw) if isinstance(raw, dict) else set()
    return max(KINDS, key=lambda kind: len(keys & set(KINDS[kind].model_fields)))


def _fields(form: Any) -> dict[str, FieldInfo]:
    return form.model_fields if isinstance(form, type) and issubclass(form, Frozen) else {}


def form_at(document: Any, path: KeyPath) -> Any:
    """The type that belongs at ``path`` of ``document``; None where nothing may stand."""
    form: Any = Scenario
    for key in path:
        if fields := _fields(form):
            annotation = fields[str(key)].annotation if str(key) in fields else None
        else:
            inner = typing.get_args(form)
            annotation = inner[1] if typing.get_origin(form) is dict else inner[0] if inner else None
        document = document[key] if holds(document, key) else None
        form = None if annotation is None else _part(annotation, document)
    return form


def fields_at(document: Any, path: KeyPath) -> dict[str, FieldInfo]:
    """The fields of the part of the format at ``path``; empty where there is none."""
    return _fields(form_at(document, path))


def legal_keys(document: Any, path: KeyPath) -> list[str]:
    """The keys that may stand in the table at ``path``; in a table of names, the names that do."""
    if fields := fields_at(document, path):
        return sorted([*fields, *(FILE_KEYS if not path else ())])
    raw = at(document, path)
    return sorted(str(key) for key in raw) if isinstance(raw, dict) else []


def is_quantity(document: Any, path: KeyPath) -> bool:
    """Whether a number with range and source may stand at ``path``."""
    return form_at(document, path) in (Quantity, Duration)


def is_names(document: Any, path: KeyPath) -> bool:
    """Whether the table at ``path`` holds things under names of the author's choice."""
    return typing.get_origin(form_at(document, path)) is dict


def is_table(document: Any, path: KeyPath) -> bool:
    """Whether a table may stand at ``path``."""
    return is_names(document, path) or bool(fields_at(document, path))


@cache
def bound(model: type[Frozen], field: str) -> Bound | None:
    """The bound of the quantities in a field."""
    found = model.model_fields[field]
    return _first_bound([*found.metadata, found.annotation])


def _first_bound(parts: Iterable[Any]) -> Bound | None:
    for one in parts:
        if isinstance(one, AfterValidator) and isinstance(one.func, Bound):
            return one.func
        if found := _first_bound(typing.get_args(one)):
            return found
    return None

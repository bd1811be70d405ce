"""A key path becomes what may stand there: the format's own description of itself, walked key by key."""

from __future__ import annotations

import types
import typing
from functools import cache
from typing import Annotated, Any, Union

from pydantic import AfterValidator

from .faults import KeyPath
from .quantities import Bound, Quantity
from .schema import Scenario
from .schema_services import KINDS, Duration, PriceList
from .stated_texts import Frozen

FILE_KEYS = ("extends", "remove")  # a file may say these at its top besides what a scenario holds


@cache
def hints(model: type[Frozen]) -> dict[str, Any]:
    """The type of every field of a part of the format, with its bounds."""
    return typing.get_type_hints(model, include_extras=True)


def forms(annotation: Any) -> list[Any]:
    """The types a value may have, without their bounds and without none."""
    if typing.get_origin(annotation) is Annotated:
        return forms(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (Union, types.UnionType):
        return [form for one in typing.get_args(annotation) for form in forms(one)]
    return [] if annotation is type(None) else [annotation]


def _part(annotation: Any, raw: Any) -> Any:
    """The one form that fits what was written, where several may stand."""
    choices = forms(annotation)
    if any(choice in KINDS.values() for choice in choices):
        kind = raw.get("kind") if isinstance(raw, dict) else None
        return KINDS.get(kind if isinstance(kind, str) else "", likely_kind(raw))
    if PriceList in choices and isinstance(raw, dict) and ("values_usd" in raw or "shares" in raw):
        return PriceList
    if isinstance(raw, (list, tuple)):
        choices = [choice for choice in choices if typing.get_origin(choice) is tuple] or choices
    if choices == [Duration] and isinstance(raw, dict) and "value" in raw:
        return Quantity
    return choices[0] if choices else None


def likely_kind(raw: Any) -> type[Frozen]:
    """The kind of service that has most of the keys written."""
    keys = set(raw) if isinstance(raw, dict) else set()
    return max(KINDS.values(), key=lambda model: len(keys & set(model.model_fields)))


def form_at(document: Any, path: KeyPath) -> Any:
    """The type that belongs at ``path`` of ``document``; None where nothing may stand."""
    form: Any = Scenario
    for key in path:
        if isinstance(form, type) and issubclass(form, Frozen):
            annotation = hints(form).get(str(key))
        else:
            inner = typing.get_args(form)
            annotation = inner[1] if typing.get_origin(form) is dict else inner[0] if inner else None
        document = _child(document, key)
        form = _part(annotation, document) if annotation is not None else None
        if form is None:
            return None
    return form


def _child(raw: Any, key: str | int) -> Any:
    if isinstance(raw, dict):
        return raw.get(key)
    return raw[key] if isinstance(raw, (list, tuple)) and isinstance(key, int) and key < len(raw) else None


def legal_keys(document: Any, path: KeyPath) -> list[str]:
    """The keys that may stand in the table at ``path``; in a table of names, the names that do."""
    form = form_at(document, path)
    if isinstance(form, type) and issubclass(form, Frozen):
        return sorted([*form.model_fields, *(FILE_KEYS if not path else ())])
    raw: Any = document
    for key in path:
        raw = _child(raw, key)
    return sorted(str(key) for key in raw) if isinstance(raw, dict) else []


def is_quantity(document: Any, path: KeyPath) -> bool:
    """Whether a number with range and source may stand at ``path``."""
    return form_at(document, path) in (Quantity, Duration)


def is_names(document: Any, path: KeyPath) -> bool:
    """Whether the table at ``path`` holds things under names of the author's choice."""
    return typing.get_origin(form_at(document, path)) is dict


def is_table(document: Any, path: KeyPath) -> bool:
    """Whether a table may stand at ``path``."""
    form = form_at(document, path)
    return is_names(document, path) or (isinstance(form, type) and issubclass(form, Frozen))


@cache
def bound(model: type[Frozen], field: str) -> Bound | None:
    """The bound of the quantities in a field."""
    return _first_bound(hints(model)[field])


def _first_bound(annotation: Any) -> Bound | None:
    for one in getattr(annotation, "__metadata__", ()):
        if isinstance(one, AfterValidator) and isinstance(one.func, Bound):
            return one.func
    for inner in typing.get_args(annotation):
        found = _first_bound(inner)
        if found:
            return found
    return None

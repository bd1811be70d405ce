"""The format of a scenario file becomes tables: each key with what may stand there, its default and its meaning."""

from __future__ import annotations

import datetime
import json
import types
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from ..scenario.dump import document
from ..scenario.quantities import Bound, Quantity
from ..scenario.schema import Scenario
from ..scenario.schema_growth import LAWS
from ..scenario.schema_services import DURATIONS, Duration, PriceList
from ..scenario.schema_shocks import SHOCKS
from ..scenario.stated_texts import FILE_NAME_PATTERN, NAME_PATTERN, Frozen, Needs
from .wording import NONE, Wording, code

HEADS = ("key", "values", "default", "meaning")
NEEDS: dict[str, Mapping[str, Needs]] = {"LAWS": LAWS, "DURATIONS": DURATIONS, "SHOCKS": SHOCKS}


@cache
def parts() -> dict[str, type[Frozen]]:
    """Every table of the format by the name of its model, each before those in it; the number with its range is one."""
    found: dict[str, type[Frozen]] = {}

    def look(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, Frozen):
            if annotation.__name__ not in found:
                for base in reversed(annotation.__mro__):
                    if issubclass(base, Frozen) and _is_part(base):
                        found.setdefault(base.__name__, base)  # what all services state, before each kind
                for field in annotation.model_fields.values():
                    look(field.annotation)
            return
        for inner in typing.get_args(annotation):
            look(inner)

    look(Scenario)
    return found


def _is_part(base: type[Frozen]) -> bool:
    """Whether a model stands for a table, and not only lends its keys to one."""
    return base is not Frozen and not base.__name__.startswith("_")


def own_fields(part: type[Frozen]) -> dict[str, FieldInfo]:
    """The keys of a table that the one it is made from has not."""
    inherited = {key for base in part.__mro__[1:] if issubclass(base, Frozen) and _is_part(base) for key in base.model_fields}
    return {key: field for key, field in part.model_fields.items() if key not in inherited}


def keys_of(part: str, wording: Wording) -> str:
    """The keys of a table. Raises KeyError if a key has no meaning in the language."""
    return wording.table(
        HEADS,
        [
            (code(key), _what(field, wording), _default(field, wording), wording.meanings[part][key])
            for key, field in own_fields(parts()[part]).items()
        ],
    )


def needs_of(name: str, wording: Wording) -> str:
    """What each law or kind must have, and may have besides."""
    return wording.table(
        ("name", "must have", "may have"),
        [(code(one), code(*its.needs) or NONE, code(*its.may) or NONE) for one, its in NEEDS[name].items()],
    )


def _what(field: FieldInfo, wording: Wording) -> str:
    return f" {wording.say('or')} ".join(dict.fromkeys(_forms(field.annotation, (*field.metadata, field), wording)))


def _forms(annotation: Any, extras: tuple[Any, ...], wording: Wording) -> Iterator[str]:
    """What may stand at a key, form by form, in words."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        yield from _forms(inner[0], (*extras, *inner[1:]), wording)
    elif origin in (Union, types.UnionType):
        for one in inner:
            yield from _forms(one, extras, wording)
    elif annotation is type(None):
        return
    elif origin is Literal:
        yield code(*(json.dumps(one) if isinstance(one, str) else str(one) for one in inner))
    elif origin is tuple:
        yield f"{wording.say('a list')}: {_joined(inner[0], wording)}"
    elif origin is dict:
        yield f"{wording.say('by name')}: {_joined(inner[1], wording)}"
    else:
        yield _plain(annotation, extras, wording)


def _joined(annotation: Any, wording: Wording) -> str:
    return f" {wording.say('or')} ".join(dict.fromkeys(_forms(annotation, (), wording)))


def _plain(form: Any, extras: tuple[Any, ...], wording: Wording) -> str:
    bound = next((one.func for one in extras if isinstance(one, AfterValidator) and isinstance(one.func, Bound)), None)
    if bound is not None:
        return _between(wording.say(bound.unit), bound.low, bound.high, bound.positive, wording)
    if form in (Duration, PriceList, Quantity):
        return wording.say({Duration: "a duration", PriceList: "a list of prices", Quantity: "a number"}[form])
    if isinstance(form, type) and issubclass(form, Frozen):
        return wording.say("a table")
    if form is bool:
        return "`true`, `false`"
    if form is datetime.date:
        return wording.say("a date")
    if form in (int, float):
        return _number(form, extras, wording)
    told = _of_schema(extras)
    if "enum" in told:
        return code(*(f'"{one}"' for one in told["enum"]))
    if form is not str:
        raise TypeError(f"no words for {form}")
    return wording.say("a name" if told.get("pattern") in (NAME_PATTERN, FILE_NAME_PATTERN) else "text")


def _number(form: type, extras: tuple[Any, ...], wording: Wording) -> str:
    """A plain number between its bounds."""
    limits: dict[str, Any] = {}
    for one in extras:
        for limit in one.metadata if isinstance(one, FieldInfo) else (one,):
            limits |= {key: getattr(limit, key) for key in ("ge", "gt", "le") if hasattr(limit, key)}
    if "le" not in limits:
        return wording.say("a number")
    said = wording.say("a whole number" if form is int else "a number")
    return _between(said, limits["gt" if "gt" in limits else "ge"], limits["le"], "gt" in limits, wording)


def _between(unit: str, low: float, high: float, is_above: bool, wording: Wording) -> str:
    """From which number, or above which, to which."""
    least = wording.say("above {low}").format(low=wording.number(low)) if is_above else wording.number(low)
    return wording.say("{unit}, {low} to {high}").format(unit=unit, low=least, high=wording.number(high))


def _of_schema(extras: tuple[Any, ...]) -> dict[str, Any]:
    """What a text's own rule says for editors."""
    found: dict[str, Any] = {}
    for one in extras:
        if isinstance(one, FieldInfo) and isinstance(one.json_schema_extra, dict):
            found |= one.json_schema_extra
    return found


def _default(field: FieldInfo, wording: Wording) -> str:
    """What holds where the key is not stated, or that it must be."""
    if field.is_required():
        return wording.say("required")
    value = document(field.get_default())
    if value is None or value in ([], {}):
        return wording.say("none")
    if isinstance(value, dict) and set(value) == {"value"}:  # a constant duration
        value = value["value"]
    if isinstance(value, bool):
        return code(json.dumps(value))
    if isinstance(value, (int, float)):
        return wording.say("1 second") if 0 < value < 1 / 80_000 else wording.number(value)
    return code(json.dumps(value))

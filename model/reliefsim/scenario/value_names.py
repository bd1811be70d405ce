"""The dotted path of a value becomes words: whose value it is, which one, and in what unit."""

from __future__ import annotations

from typing import Any

from .quantities import Bound, Quantity
from .schema import Scenario
from .schema_grants import Grant, Pledge, grant_label
from .schema_paths import bound
from .stated_texts import Frozen

_UNITS = {"US dollars and cents": "USD", "A whole number": "number", "Days since start_date": "day since the start"}
_NUMBERED = {"closures": "closure", "count": "count", "rounds": "round", "tranches": "tranche"}


def value_name(scenario: Scenario, path: str) -> str:
    """What a value is called: ``Essential non-food items: need share``."""
    owner: Any = None
    words: list[str] = []
    part: Any = scenario
    for key in path.split("."):
        outer, part = part, _child(part, key)
        called = grant_label(scenario.donors, key) if isinstance(part, Grant | Pledge) else getattr(part, "label", None)
        if called and isinstance(outer, dict) and owner is None:
            owner, words = called, []
        elif isinstance(outer, dict):
            words.append(_called(scenario, key))
        elif isinstance(outer, tuple):
            words[-1] = f"{_NUMBERED.get(words[-1], words[-1])} {int(key) + 1}"
        else:
            words.append(key)
    if owner is None:
        owner, *words = map(_words, words)
    name = owner[0].upper() + owner[1:]
    return f"{name}: {', '.join(_words(word) for word in words)}" if words else name


def value_unit(scenario: Scenario, path: str) -> str:
    """The unit of a value, as its field states it: ``USD``, ``share``, ``days``; empty where it states none."""
    part: Any = scenario
    limits: Bound | None = None
    for key in path.split("."):
        if isinstance(part, Frozen):
            limits = bound(type(part), key)
        part = _child(part, key)
    if limits is None or not isinstance(part, Quantity):
        return ""
    return _UNITS.get(limits.unit, limits.unit.removeprefix("A ").lower())


def _child(part: Any, key: str) -> Any:
    if isinstance(part, dict):
        return part[key]
    return part[int(key)] if isinstance(part, tuple) else getattr(part, key)


def _called(scenario: Scenario, name: str) -> str:
    """The label of a class, service or place that a value is stated for; the name itself where there is none."""
    for kind in (scenario.classes, scenario.services, scenario.locations, scenario.origins):
        if name in kind:
            return str(getattr(kind[name], "label", None) or name)
    return name


def _words(text: str) -> str:
    plain = text.replace("_", " ")
    plain = " ".join("USD" if word == "usd" else word for word in plain.split(" "))
    return "DTM rounds" if plain == "dtm" else plain

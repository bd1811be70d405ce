"""A scenario becomes the columns its runs are counted in, and the names of what is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.compile.compiled_scenario import UNLIMITED
from ..scenario.memo import once
from ..units import MISSING

if TYPE_CHECKING:
    from ..scenario.schema import Location, Origin, Scenario

HOSTS = "hosts"


class Key(NamedTuple):
    """What one number is: an indicator and its breakdown; empty where it does not apply."""

    indicator: str
    service: str = ""
    group: str = ""
    origin: str = ""
    location: str = ""
    grant: str = ""
    period: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Slots:
    """The columns of a tally: 0 is the whole caseload, then services as reported, groups, origins, locations."""

    keys: tuple[Key, ...]  # the breakdown of each column
    service: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    host: int
    origin: npt.NDArray[np.int64]
    location: npt.NDArray[np.int64]
    grants: tuple[str, ...]

    def of(self, kind: str) -> list[int]:
        """The columns of one kind of breakdown."""
        return [slot for slot, key in enumerate(self.keys) if getattr(key, kind)]


@once
def slots(scenario: Scenario) -> Slots:
    """The columns that a scenario's runs are counted in."""
    names = sorted(scenario.services)
    shown = sorted({scenario.services[name].counts_as or name for name in names})
    keys = [Key("")]
    keys += [Key("", service=name) for name in shown]
    group = _numbered(keys, [Key("", group=name) for name in sorted(scenario.classes)])
    host = len(keys) if scenario.hosts else MISSING
    keys += [Key("", group=HOSTS)] if scenario.hosts else []
    origin = _numbered(keys, [Key("", origin=code) for code in codes(scenario.origins).values()])
    location = _numbered(keys, [Key("", location=code) for code in codes(scenario.locations).values()])
    service = np.array([1 + shown.index(scenario.services[name].counts_as or name) for name in names], np.int64)
    grants = (UNLIMITED,) if scenario.money == "unlimited" else tuple(sorted([*scenario.grants, *scenario.pledges]))
    return Slots(tuple(keys), service, group, host, origin, location, grants)


def codes(places: Mapping[str, Origin] | Mapping[str, Location]) -> dict[str, str]:
    """What the tables call each place, in the order of names: its P-code, or its name if it has none or shares it."""
    stated = Counter(one.pcode for one in places.values())
    return {name: code if code and stated[code] == 1 else name for name in sorted(places) for code in [places[name].pcode]}


def _numbered(keys: list[Key], added: list[Key]) -> npt.NDArray[np.int64]:
    first = len(keys)
    keys += added
    return np.arange(first, len(keys)) if added else np.array([MISSING], np.int64)

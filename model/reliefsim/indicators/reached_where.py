"""Who is reached where by which service: people by service and place, as one table of a study tells (hapi.csv)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..scenario.memo import once
from .slots import HOSTS, Key, Slots

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

INDICATOR = "people_reached_there"


@once
def place_keys(scenario: Scenario) -> tuple[Key, ...]:
    """People reached by service as reported, population and location (by the scenario's name of it)."""
    return tuple(
        Key(INDICATOR, service=service, group=HOSTS if hosts else "", location=location, unit="people")
        for service, hosts in _lines(scenario)
        for location in sorted(scenario.locations)
    )


def _lines(scenario: Scenario) -> list[tuple[str, bool]]:
    """Each service as reported, and whether it is for hosts."""
    found = {(one.counts_as or name, one.population == "hosts") for name, one in scenario.services.items()}
    return sorted(found)


def place_values(
    scenario: Scenario, columns: Slots, there: npt.NDArray[np.int64]
) -> list[npt.NDArray[np.float64]]:
    """The numbers of ``place_keys``, of people reached, shape (service slots + 1, populations, locations)."""
    if not scenario.locations:
        return []
    shown = [columns.keys[slot].service for slot in columns.of("service")]
    return [there[1 + shown.index(service), int(hosts)].astype(np.float64) for service, hosts in _lines(scenario)]

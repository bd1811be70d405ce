"""One run's facts become people reached by service and place, which only one table of a study tells (hapi.csv)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled
from ..records import Outcome
from ..scenario.memo import once
from .indicators import HOSTS, Key, Measured, slots

if TYPE_CHECKING:
    from ..records import Run
    from ..scenario.schema import Scenario

INDICATOR = "people_reached_there"
_SERVED = int(Outcome.SERVED)
Numbers = npt.NDArray[np.int64]


@once
def place_keys(scenario: Scenario) -> tuple[Key, ...]:
    """People reached by service as reported, population and location (by the scenario's name of it)."""
    return tuple(
        Key(INDICATOR, service=service, group=HOSTS if hosts else "", location=location, unit="people")
        for service, hosts in _lines(scenario)
        for location in sorted(scenario.locations)
    )


def _lines(scenario: Scenario) -> list[tuple[str, bool]]:
    """Each service as reported, and whether it is for hosts; one may be for both."""
    found = {(one.counts_as or name, one.population == "hosts") for name, one in scenario.services.items()}
    return sorted(found)


def with_places(run: Run, measured: Measured) -> Measured:
    """All numbers of a run, those of ``place_keys`` behind the others."""
    scenario = run.scenario
    if not scenario.locations:
        return measured
    columns = slots(scenario)
    found = reached_by_place(run.cases, run.households, columns.service, len(scenario.locations))
    shown = [columns.keys[slot].service for slot in columns.of("service")]
    values = [found[1 + shown.index(service), int(hosts)] for service, hosts in _lines(scenario)]
    return measured._replace(values=np.concatenate([measured.values, *values]))


@compiled
def reached_by_place(cases: Any, households: Any, service_slot: Numbers, places: int) -> Numbers:
    """People with at least one case served, each once in a service; shape (service slots + 1, populations, places).

    A household's case serves all its members. Slots are counted from 1.
    """
    slot_count = 1 + service_slot.max()
    found = np.zeros((slot_count, 2, places), np.int64)
    largest = 1
    for h in range(households.shape[0]):
        largest = max(largest, households[h].size)
    got = np.zeros((slot_count, largest), np.bool_)
    for h in range(households.shape[0]):
        home = households[h]
        for c in range(home.first_case, home.first_case + home.cases):
            case = cases[c]
            if case.outcome == _SERVED:
                slot = service_slot[case.service]
                first = 0 if case.member < 0 else case.member
                last = home.size if case.member < 0 else case.member + 1
                for m in range(first, last):
                    if not got[slot, m]:
                        got[slot, m] = True
                        found[slot, home.population, home.location] += 1
        for c in range(home.first_case, home.first_case + home.cases):
            got[service_slot[cases[c].service], : home.size] = False
    return found

"""A study becomes hapi.csv: people reached, by place and service, in the column names of OCHA's HAPI.

HAPI (the Humanitarian API of OCHA's Centre for Humanitarian Data, https://hdx-hapi.readthedocs.io) tells people reached
in its table of humanitarian needs, with population_status REA. That table has a category in free words and no
population_group, so the codes of population groups (IDP, HST) stand there. Its population is a whole number: the mean
over runs, to the nearest person. Columns that it does not have stand behind its own, the mean itself among them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..engine.as_of import begun
from ..indicators.measure import HOSTS
from ..indicators.run_totals import PEOPLE_THERE
from ..indicators.slots import codes
from ..scenario.codes import SECTORS
from ..store import write_table
from ..study.statistics.estimates import estimate
from .pcodes import Place, place
from .study_folder import last_day
from .study_tables import Cell, estimate_cells

if TYPE_CHECKING:
    from ..indicators.measure import Key
    from ..scenario.schema import Scenario
    from ..study.running.runner import Arm, Study

FILE = "hapi.csv"
COLUMNS = (
    *Place._fields[:6], "sector_code", "sector_name", "category", "population_status", "population",
    "reference_period_start", "reference_period_end",
    "scenario", "rule", "service", "pcode_version", "mean", "ci_low", "ci_high", "interval_method", "p10", "p50", "p90",
    "replications",
)  # fmt: skip
ALL_SECTORS, REACHED, DISPLACED, HOST = "Intersectoral", "REA", "IDP", "HST"


def write_hapi(study: Study, folder: Path) -> None:
    """Write hapi.csv: for each scenario and rule, the whole operation, then each location: reached by any service, each
    person once, and by each service. Sums over services count people twice."""
    write_table(folder / FILE, COLUMNS, (row for arm in study.arms for row in _rows(arm)))


def _rows(arm: Arm) -> Iterator[list[Cell]]:
    scenario = arm.reading.scenario
    found = estimate(arm.values, arm.points)
    period = _period(scenario)
    whole = Place(scenario.country or "", "", "", "", "", "0", "", "")
    for where, number, key in sorted(_chosen(arm), key=lambda one: one[:2]):
        mean, low, high, method, _, *others = estimate_cells(found, number)
        its = _place(scenario, where) if where else whole
        sector = _sector(scenario, key.service)
        group = HOST if _is_hosts(scenario, key) else DISPLACED
        yield [
            *its[:6], sector, SECTORS.get(sector, ""), group, REACHED, _people(mean), *period,
            arm.scenario, arm.rule, key.service, its.pcode_version, mean, low, high, method, *others,
        ]  # fmt: skip


def _people(mean: Cell) -> float:
    """The nearest whole number, a half upwards."""
    number = float(mean)
    return math.floor(number + 0.5) if math.isfinite(number) else math.nan


def _chosen(arm: Arm) -> Iterator[tuple[str, int, Key]]:
    """The location's name (empty: the whole operation), the number and the key of each row."""
    scenario = arm.reading.scenario
    named = {code: name for name, code in codes(scenario.locations).items()}
    for number, key in enumerate(arm.keys):
        if key.indicator == PEOPLE_THERE:
            yield key.location, number, key
        elif key.indicator == "people_reached" and not (key.group or key.origin or key.grant or key.period):
            if not key.location:
                yield "", number, key
            elif not key.service:
                yield named[key.location], number, key


def _is_hosts(scenario: Scenario, key: Key) -> bool:
    """Whether a row is of host households; a service for both counts both in the whole, and each apart by location."""
    named = [one for name, one in scenario.services.items() if (one.counts_as or name) == key.service]
    return key.group == HOSTS or (bool(named) and all(one.population == "hosts" for one in named))


def _place(scenario: Scenario, name: str) -> Place:
    one = scenario.locations[name]
    return place(scenario, one.pcode or "", one.label or name)


def _sector(scenario: Scenario, service: str) -> str:
    """The sector that a service's scenario states; empty where its sites state none, or several."""
    if not service:
        return ALL_SECTORS
    stated = {one.sector or "" for name, one in scenario.services.items() if (one.counts_as or name) == service}
    return stated.pop() if len(stated) == 1 else ""


def _period(scenario: Scenario) -> tuple[str, str]:
    """The first and the last day of a run."""
    run = begun(scenario)
    return run.start_date.isoformat(), last_day(run.start_date, float(run.horizon_days.value)).isoformat()

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
from .disclosure import LEAST, hidden, is_small, people, told
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


def write_hapi(study: Study, folder: Path, least: int = LEAST) -> None:
    """Write hapi.csv: for each scenario and rule, the whole operation, then each location: reached by any service, each
    person once, and by each service. Sums over services count people twice. Fewer than ``least`` are not told: of them
    no number stands there."""
    write_table(folder / FILE, COLUMNS, (row for arm in study.arms for row in _rows(arm, least)))


def _rows(arm: Arm, least: int) -> Iterator[list[Cell]]:
    scenario = arm.reading.scenario
    found = estimate(arm.values, arm.points)
    period = _period(scenario)
    whole = Place(scenario.country or "", "", "", "", "", "0", "", "")
    chosen = sorted(_chosen(arm), key=lambda one: one[:2])
    small = _small([(where, key, float(found.mean[number])) for where, number, key in chosen], least)
    for (where, number, key), is_hidden in zip(chosen, small, strict=True):
        mean, low, high, method, _, *others = estimate_cells(found, number)
        its = _place(scenario, where) if where else whole
        sector = _sector(scenario, key.service)
        group = HOST if _is_hosts(scenario, key) else DISPLACED
        yield [
            *its[:6], sector, SECTORS.get(sector, ""), group, REACHED, told(least) if is_hidden else _people(mean), *period,
            arm.scenario, arm.rule, key.service, its.pcode_version,
            *((*[math.nan] * 3, method, *[math.nan] * 3, others[-1]) if is_hidden else (mean, low, high, method, *others)),
        ]  # fmt: skip


def _small(rows: list[tuple[str, Key, float]], least: int) -> list[bool]:
    """Which rows are not told: wholes that are small, and of the places of each service (and of hosts) what must not be."""
    found = [is_small(mean, least) for _, _, mean in rows]
    for kind in dict.fromkeys((key.service, key.group) for where, key, _ in rows if where):
        places = [number for number, (where, key, _) in enumerate(rows) if where and (key.service, key.group) == kind]
        for number, is_hidden in zip(places, hidden([rows[one][2] for one in places], least), strict=True):
            found[number] = is_hidden
    return found


def _people(mean: Cell) -> float:
    """The nearest whole number, a half upwards."""
    number = float(mean)
    return people(number) if math.isfinite(number) else math.nan


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

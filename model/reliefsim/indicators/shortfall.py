"""One run's facts become what a fundraiser says of it: who stands still from when, who goes without and why, who lacks staff.

The same words as in ``funding`` and with the same meaning, but read off the facts of a run that an ask does anyway.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..engine.compile.compiled_scenario import blueprint
from ..layout import Outcome, Reason
from ..records import Run
from ..scenario.schema_services import Casework
from ..units import DAY, MISSING
from .slots import HOSTS, Key
from .unserved_reasons import REASONS

if TYPE_CHECKING:
    from ..engine.compile.capacity import Places
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FIRST, LAST = "break_day", "break_to_end_day"  # the first time a service stands still for want of money, and to the end
WORKERS = "workers_lacking"


def people(reason: Reason) -> str:
    """The name of: people with a case that is unserved for this reason, each once."""
    return f"people_unserved_{REASONS[reason].name}"


def shortfall_keys(scenario: Scenario, service: str = "", group: str = "") -> tuple[Key, ...]:
    """What ``shortfall`` gives, in its order: by service in scope, in total, and by class for want of money.

    In scope is one service as reported, or those of hosts (``group`` hosts), or else those of the caseload, of one class
    (``group``) or of all.
    """
    found: list[Key] = []
    for name in shown_services(scenario, service, group):
        found += [Key(FIRST, service=name, unit="day"), Key(LAST, service=name, unit="day")]
        found += [Key(people(reason), service=name, unit="people") for reason in REASONS]
        if any(isinstance(scenario.services[one], Casework) for one in _parts(scenario, name)):
            found.append(Key(WORKERS, service=name, unit="workers"))
    found += [Key(people(reason), unit="people") for reason in REASONS]
    if not group:
        found += [Key(people(Reason.MONEY), group=name, unit="people") for name in sorted(scenario.classes)]
    return tuple(found)


def shown_services(scenario: Scenario, service: str = "", group: str = "") -> list[str]:
    """The services in scope, by the names they are reported under."""
    if service:
        return [service]
    population = HOSTS if group == HOSTS else "caseload"
    return sorted({one.counts_as or name for name, one in scenario.services.items() if one.population == population})


def _parts(scenario: Scenario, shown: str) -> list[str]:
    return [name for name in sorted(scenario.services) if (scenario.services[name].counts_as or name) == shown]


def shortfall(run: Run, service: str = "", group: str = "") -> Numbers:
    """The numbers of one run in the order of ``shortfall_keys``; a day that never came is NaN."""
    names = {name: place for place, name in enumerate(run.names.services)}
    unserved = ~np.isin(run.cases["outcome"], (Outcome.SERVED, Outcome.IN_SERVICE))
    scope = [
        names[one] for shown in shown_services(run.scenario, service, group) for one in _parts(run.scenario, shown)
    ]
    all_of = unserved & np.isin(run.cases["service"], scope)
    found = []
    for key in shortfall_keys(run.scenario, service, group):
        numbers = [names[one] for one in _parts(run.scenario, key.service)] if key.service else scope
        if key.indicator in (FIRST, LAST):
            found.append(_stands_still(run, numbers, key.indicator))
            continue
        mine = all_of & np.isin(run.cases["service"], numbers)
        if key.indicator == WORKERS:
            found.append(_workers(run, numbers, mine & (run.cases["reason"] == Reason.TEAM)))
        else:
            reason = next(one for one in REASONS if people(one) == key.indicator)
            found.append(_people(run, mine & (run.cases["reason"] == reason), key.group or group))
    return np.array(found, np.float64)


def _people(run: Run, cases: Mask, group: str) -> float:
    """Who has one of these cases, each once: a household's case is every member's."""
    rows = run.cases[cases]
    first, size = (run.households[name][rows["household"]].astype(np.int64) for name in ("first_member", "size"))
    whole = rows["member"] == MISSING
    ones = first[~whole] + rows["member"][~whole]
    begins, sizes = first[whole], size[whole]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    persons = np.unique(np.concatenate([ones, np.repeat(begins, sizes) + within]))
    if group in run.names.classes:
        persons = persons[run.member_class[persons] == run.names.classes.index(group)]
    return float(len(persons))


def _stands_still(run: Run, services: list[int], which: str) -> float:
    """The day of the first break for want of money, or of the one that lasts beyond the horizon."""
    breaks = run.breaks[np.isin(run.breaks["service"], services) & (run.breaks["reason"] == Reason.MONEY)]
    if which == LAST:
        breaks = breaks[breaks["ends"] == MISSING]
    return float(breaks["begins"].min()) / DAY if len(breaks) else math.nan


def _workers(run: Run, services: list[int], cases: Mask) -> float:
    """Workers who would have served, over the whole time, those left without a free team.

    Unserved cases × mean duration / (open cases a worker × length of the operation × share of places in which something
    new may start: without days off and who is absent), rounded up, by service.
    """
    lacking = 0
    plan = blueprint(run.scenario)
    durations = plan.services["mean_seconds"]
    for number in services:
        service = run.scenario.services[run.names.services[number]]
        if isinstance(service, Casework):
            room = float(service.cases_per_worker.value) * run.horizon
            unserved = int((cases & (run.cases["service"] == number)).sum())
            row = plan.services[number]
            rosters = plan.rosters[int(row["first_pool"]) : int(row["first_pool"] + row["pools"])]
            lacking += math.ceil(unserved * float(durations[number]) / (room * _share_there(rosters, run.horizon)))
    return float(lacking)


def _share_there(rosters: tuple[tuple[Places, ...], ...], horizon: int) -> float:
    """The share of teams' places in which something new may start, weighted by time; 1 if there never is any."""
    places = there = 0
    for roster in rosters:
        for row, until in zip(roster, [*(row.time for row in roster[1:]), horizon], strict=True):
            places += row.slots * (until - row.time)
            there += row.room * (until - row.time)
    return there / places if there else 1.0

"""One run's facts become a course in time: what had come about by the end of each calendar month."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..capacity import seconds
from ..records import DAY, Run
from ..restart import begun
from ..scenario.memo import once
from ..world.displacement import displaced, refugees
from . import passes

if TYPE_CHECKING:
    from ..scenario.schema import Scenario
    from .indicators import Key

Numbers = npt.NDArray[np.float64]
_CASES = (
    ("cases_needed", "cases", passes.ARISEN),
    ("cases_served", "cases", passes.CASES_SERVED),
    ("cases_waiting", "cases", passes.WAITING),
)
_PEOPLE = ("people_in_need", "people_reached", "people_unreached", "caseload_people")
_MONEY = ("received_usd", "committed_usd", "spent_usd", "lapsed_usd")


@once
def months(scenario: Scenario) -> tuple[tuple[str, int, int], ...]:
    """Calendar months in the horizon: name, first second, last second + 1."""
    scenario = begun(scenario)
    start, horizon = scenario.start_date, seconds(scenario.horizon_days)
    found, first = [], 0
    year, month = start.year, start.month
    while first < horizon:
        following = datetime.date(year + month // 12, month % 12 + 1, 1)
        last = min(horizon, (following - start).days * DAY)
        found.append((f"{year:04d}-{month:02d}", first, last))
        first, year, month = last, following.year, following.month
    return tuple(found)


def _services(scenario: Scenario) -> list[str]:
    return sorted({scenario.services[name].counts_as or name for name in scenario.services})


@once
def monthly_keys(scenario: Scenario) -> tuple[Key, ...]:
    """The monthly indicators of a scenario's runs, in the order of Measured.monthly."""
    from .indicators import Key, slots

    found = []
    shown, grants = _services(scenario), slots(scenario).grants
    for period, _, _ in months(scenario):
        for name, unit, _ in _CASES:
            found += [Key(name, service=service, period=period, unit=unit) for service in ("", *shown)]
        found += [Key("queue_length", service=service, period=period, unit="cases") for service in ("", *shown)]
        found += [Key(name, period=period, unit="people") for name in _PEOPLE]
        for name in _MONEY:
            found += [Key(name, grant=grant, period=period, unit="USD") for grant in ("", *grants)]
        found.append(Key("displaced", period=period, unit="people"))
        found += [Key("refugees", location=c, period=period, unit="people") for c in sorted(scenario.refugees)]
    return tuple(found)


def monthly_values(run: Run, service_slot: npt.NDArray[np.int64], money: npt.NDArray[np.int64]) -> Numbers:
    """The monthly numbers of one run; counts and money are as at the month's end, queue_length its time mean.

    ``money``: cents, shape (months, 4, grants), received, committed, spent, lapsed.
    """
    spans = months(run.scenario)
    begins = np.array([first for _, first, _ in spans], np.int64)
    ends = month_ends(run.scenario)
    shown = len(_services(run.scenario)) + 1
    table = passes.month_tally(run.cases, run.households, service_slot, shown, ends, month_of_day(run.scenario))
    parts: list[Numbers] = [np.asarray(table[:, row, :], np.float64) for _, _, row in _CASES]
    parts.append(table[:, passes.QUEUED, :] / (ends - begins)[:, None])
    people = table[:, (passes.NEEDY, passes.REACHED, passes.REACHED, passes.PRESENT), 0]
    people[:, 2] = people[:, 0] - people[:, 1]
    parts.append(people.astype(np.float64))
    money = money.copy()
    money[:, passes.COMMITTED] -= money[:, passes.SPENT]  # open commitments
    parts += [np.concatenate([of.sum(axis=1, keepdims=True), of], axis=1) / 100 for of in money.transpose(1, 0, 2)]
    parts += reported(run.scenario)
    return np.concatenate(parts, axis=1).reshape(-1)


@once
def reported(scenario: Scenario) -> list[Numbers]:
    """The displaced, and refugees by country, at each month's end: the same in every run."""
    ends = month_ends(scenario)
    countries = refugees(scenario, ends)
    return [displaced(scenario, ends)[:, None], *(countries[country][:, None] for country in sorted(countries))]


@once
def month_ends(scenario: Scenario) -> npt.NDArray[np.int64]:
    """The second after each calendar month of the horizon."""
    return np.array([last for _, _, last in months(scenario)], np.int64)


@once
def month_of_day(scenario: Scenario) -> npt.NDArray[np.int64]:
    """The number of the month that each day of the horizon is in, and, last, the number of months."""
    spans = months(scenario)
    days = -(-spans[-1][2] // DAY)
    found = np.full(days + 1, len(spans), np.int64)
    for number, (_, first, last) in enumerate(spans):
        found[first // DAY : -(-last // DAY)] = number
    return found

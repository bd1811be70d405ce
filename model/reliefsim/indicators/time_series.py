"""One run's facts become a course in time: what had come about by the end of each calendar month."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..displacement import displaced, refugees
from ..engine.as_of import begun
from ..records import Run
from ..scenario.memo import once
from ..units import DAY, seconds
from . import month_passes
from . import run_passes as passes
from .slots import Key, Slots, slots

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
_CASES = (
    ("cases_needed", month_passes.ARISEN),
    ("cases_served", month_passes.SERVED),
    ("cases_waiting", month_passes.WAITING),
    ("queue_length", month_passes.QUEUED),
)
_PEOPLE = ("people_in_need", "people_reached", "people_unreached")
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


def _broken_down(columns: Slots, but: str = "") -> list[int]:
    """The columns of a month's cases and people: the total, then services, classes (with hosts) and places."""
    return [0, *(slot for kind in ("service", "group", "location") if kind != but for slot in columns.of(kind))]


def _present(columns: Slots) -> list[int]:
    """Those of the people the operation is for, who are there whatever they need: hosts are not among them."""
    return [slot for slot in _broken_down(columns, but="service") if slot != columns.host]


@once
def monthly_keys(scenario: Scenario) -> tuple[Key, ...]:
    """The monthly indicators of a scenario's runs, in the order of Measured.monthly."""
    columns = slots(scenario)
    every = [columns.keys[slot] for slot in _broken_down(columns)]
    present = [columns.keys[slot] for slot in _present(columns)]
    found = []
    for period, _, _ in months(scenario):
        for name, _ in _CASES:
            found += [key._replace(indicator=name, period=period, unit="cases") for key in every]
        for name in _PEOPLE:
            found += [key._replace(indicator=name, period=period, unit="people") for key in every]
        found += [key._replace(indicator="caseload_people", period=period, unit="people") for key in present]
        for name in _MONEY:
            found += [Key(name, grant=grant, period=period, unit="USD") for grant in ("", *columns.grants)]
        found.append(Key("displaced", period=period, unit="people"))
        found += [Key("refugees", location=c, period=period, unit="people") for c in sorted(scenario.refugees)]
    return tuple(found)


def monthly_values(
    run: Run, columns: Slots, money: npt.NDArray[np.int64]
) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """The monthly numbers of one run; counts and money are as at the month's end, queue_length its time mean. And who
    is reached where in all: people, shape (service slots + 1, populations, locations), which the same pass counts.

    ``money``: cents, shape (months, 4, grants), received, committed, spent, lapsed.
    """
    spans = months(run.scenario)
    begins = np.array([first for _, first, _ in spans], np.int64)
    ends = month_ends(run.scenario)
    days = month_of_day(run.scenario)
    every = _broken_down(columns)
    cases = month_passes.cases_by_month(
        run.cases, run.households, columns.service, columns.group, columns.host, columns.location, len(columns.keys),
        ends, days,
    )  # fmt: skip
    table = cases[:, [row for _, row in _CASES]][:, :, every].astype(np.float64)
    table[:, -1] /= (ends - begins)[:, None]
    parts: list[Numbers] = [table.reshape(len(spans), -1)]
    people, there = month_passes.people_by_month(
        run.cases, run.households, run.member_class, columns.service, columns.group, columns.host, columns.location,
        len(columns.keys), len(spans), days,
    )  # fmt: skip
    needy, reached = people[:, month_passes.NEEDY], people[:, month_passes.REACHED]
    parts += [one[:, every].astype(np.float64) for one in (needy, reached, needy - reached)]
    parts.append(people[:, month_passes.PRESENT, _present(columns)].astype(np.float64))
    money = money.copy()
    money[:, passes.COMMITTED] -= money[:, passes.SPENT]  # open commitments
    parts += [np.concatenate([of.sum(axis=1, keepdims=True), of], axis=1) / 100 for of in money.transpose(1, 0, 2)]
    parts += reported(run.scenario)
    return np.concatenate(parts, axis=1).reshape(-1), there


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

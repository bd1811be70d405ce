"""A scenario's laws become the displaced people at any second, and when households come and go.

Only changes matter to the caseload: a rise gives arrivals, a fall gives those present a hazard of leaving.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...layout import DAY
from .streams import stream_key, unit_rate_points

if TYPE_CHECKING:
    from ...scenario.quantities import Quantity
    from ...scenario.schema import Law, Scenario

Seconds = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

MONTH = 365 * DAY / 12  # twelve of them make a year of 365 days
_GRID = DAY // 4  # laws are exact at these steps; between them a straight line is used


def moment(day: Quantity | float | datetime.date | None, start: datetime.date, missing: int) -> int:
    """Seconds since ``start`` of a day number or a date's midnight."""
    if day is None:
        return missing
    if isinstance(day, datetime.date):
        return (day - start).days * DAY
    return round(float(day if isinstance(day, float | int) else day.value) * DAY)


def displaced(scenario: Scenario, seconds: Seconds) -> Numbers:
    """Displaced people at each of ``seconds`` since the start: the start plus the changes of all laws.

    Shapes: (n,) → (n,), people. Sources: compound N0(1+g)^t; logistic K/(1+((K−N0)/N0)e^(−rt)) (Verhulst, 1838);
    shock N·s·(1−e^(−t/τ)), N the displaced before it; series: straight lines between dated counts.
    """
    start = displaced_at_start(scenario)
    changes: list[Callable[[Numbers], Numbers]] = []
    for law in _in_order(scenario):
        base = start
        if law.law == "shock":
            when = np.array([moment(law.from_day, scenario.start_date, 0)], np.float64)
            base += sum(float(change(when)[0]) for change in changes)
        changes.append(_change(law, scenario.start_date, base))
    total = np.full(len(seconds), start, np.float64)
    for change in changes:
        total += change(np.asarray(seconds, np.float64))
    return total


def _in_order(scenario: Scenario) -> list[Law]:
    """The laws by name, shocks last in order of time: each is sized by what the others have made of the count."""
    laws = [scenario.displacement[name] for name in sorted(scenario.displacement)]
    shocks = [law for law in laws if law.law == "shock"]
    shocks.sort(key=lambda law: moment(law.from_day, scenario.start_date, 0))
    return [law for law in laws if law.law != "shock"] + shocks


def displaced_at_start(scenario: Scenario) -> float:
    """Displaced people when the scenario starts."""
    stated = scenario.caseload.displaced_people
    return float(stated.value if stated is not None else scenario.caseload.people.value)


def _change(law: Law, start: datetime.date, at_start: float) -> Callable[[Numbers], Numbers]:
    """The change in displaced people that one law makes, as a function of seconds."""
    begin = float(moment(law.from_day, start, 0))
    growth = float(law.growth_month.value) if law.growth_month else 0.0
    if law.law == "compound":
        return lambda t: at_start * ((1 + growth) ** (np.maximum(t - begin, 0) / MONTH) - 1)
    if law.law == "logistic":
        ceiling = float(law.ceiling_people.value) if law.ceiling_people else at_start
        odds = (ceiling - at_start) / at_start
        return lambda t: ceiling / (1 + odds * np.exp(-growth * np.maximum(t - begin, 0) / MONTH)) - at_start
    if law.law == "shock":
        size = at_start * (float(law.size_share.value) if law.size_share else 0.0)
        tau = DAY * (float(law.time_constant_days.value) if law.time_constant_days else 0.0)
        if tau == 0:
            return lambda t: np.where(t >= begin, size, 0.0)
        return lambda t: size * -np.expm1(-np.maximum(t - begin, 0) / tau)
    if law.law == "series":
        days, people = _series(law, start)
        first = float(np.interp(begin, days, people))
        return lambda t: np.interp(np.maximum(t, begin), days, people) - first
    return lambda t: np.zeros(len(t))


def _series(law: Law, start: datetime.date) -> tuple[Numbers, Numbers]:
    """Seconds and people of a dated series."""
    dates, people = law.dates or (), law.people or ()
    seconds = np.array([(date - start).days * DAY for date in dates], np.float64)
    return seconds, np.array(people, np.float64)


@dataclass(frozen=True)
class Course:
    """How a caseload grows and shrinks, on a grid of seconds: households that came by then, and hazard of leaving."""

    seconds: Numbers
    rise_households: Numbers
    hazard: Numbers

    def arrivals(self, seed: int, replication: int) -> Seconds:
        """Seconds at which households come: the n-th where the rise meets the n-th point of one unit-rate stream."""
        total = float(self.rise_households[-1])
        if total <= 0:
            return np.empty(0, np.int64)
        points = unit_rate_points(stream_key(seed, replication, "arrivals"), total)
        times = np.floor(np.interp(points, self.rise_households, self.seconds))
        return np.asarray(times, np.int64)

    def leave_times(self, arrived: Seconds, exponentials: Numbers) -> Seconds:
        """Seconds at which households leave, given their own unit-exponential draws; beyond the end: the last + 1."""
        before = np.interp(arrived, self.seconds, self.hazard)
        target = before + exponentials
        leave = np.floor(np.interp(target, self.hazard, self.seconds)).astype(np.int64)
        never = target >= self.hazard[-1]
        return np.where(never, int(self.seconds[-1]) + 1, np.maximum(leave, arrived + 1))


def course(scenario: Scenario, horizon: int, people_a_household: float) -> Course:
    """The course of the caseload up to ``horizon`` seconds."""
    steps = [np.arange(0, horizon, _GRID, dtype=np.float64), np.array([horizon], np.float64)]
    steps += [_breaks(law, scenario.start_date) for law in scenario.displacement.values()]
    grid = np.unique(np.concatenate(steps))
    grid = grid[(grid >= 0) & (grid <= horizon)]
    sides = displaced(scenario, grid.astype(np.int64))
    for second in _jumps(scenario, horizon):
        # A jump at one second needs the value just before it as well.
        place = int(np.searchsorted(grid, second))
        before = displaced(scenario, np.array([second - 1], np.int64))
        grid, sides = np.insert(grid, place, second), np.insert(sides, place, before)
    rise = np.concatenate([[0.0], np.cumsum(np.maximum(np.diff(sides), 0))]) * caseload_share(scenario)
    of_whom = scenario.caseload.turnover_people or scenario.caseload.people
    rise += _turnover(scenario) * of_whom.value * grid / MONTH
    rise = rise / people_a_household + _stated_rate(scenario, grid, horizon)
    falls = np.concatenate([[0.0], np.cumsum(_hazard(sides))]) + _turnover(scenario) * grid / MONTH
    return Course(grid, rise, falls)


def _hazard(people: Numbers) -> Numbers:
    """−∫ N'/N over each step in which the count falls."""
    ratio = np.maximum(people[1:], 1e-9) / np.maximum(people[:-1], 1e-9)
    return np.where(ratio < 1, -np.log(ratio), 0.0)


def _jumps(scenario: Scenario, horizon: int) -> list[int]:
    """Seconds, after the first and up to the horizon, at which the count jumps."""
    found = []
    for law in scenario.displacement.values():
        if law.law == "shock" and (law.time_constant_days is None or law.time_constant_days.value == 0):
            second = moment(law.from_day, scenario.start_date, 0)
            if 0 < second <= horizon:
                found.append(second)
    return sorted(set(found))


def _breaks(law: Law, start: datetime.date) -> Numbers:
    begins = np.array([moment(law.from_day, start, 0)], np.float64)
    return np.concatenate([begins, _series(law, start)[0]]) if law.law == "series" else begins


def caseload_share(scenario: Scenario) -> float:
    """The share of a change in displaced people that joins or leaves the caseload."""
    if scenario.caseload.share is not None:
        return float(scenario.caseload.share.value)
    at_start = displaced_at_start(scenario)
    return float(scenario.caseload.people.value) / at_start if at_start else 0.0


def _turnover(scenario: Scenario) -> float:
    return float(scenario.caseload.turnover_month.value)


def _stated_rate(scenario: Scenario, grid: Numbers, horizon: int) -> Numbers:
    """Households that come at a stated rate, up to each second of the grid."""
    arrivals = scenario.arrivals
    if arrivals is None or arrivals.rate_per_day is None:
        return np.zeros(len(grid))
    until = min(horizon, moment(arrivals.until_day, scenario.start_date, horizon))
    return float(arrivals.rate_per_day.value) * np.minimum(grid, until) / DAY


def refugees(scenario: Scenario, seconds: Seconds) -> dict[str, Numbers]:
    """Reported refugees by country at each second, straight lines between reports; nan outside the record."""
    reported: dict[str, Numbers] = {}
    for country in sorted(scenario.refugees):
        series = scenario.refugees[country]
        days = np.array([(date - scenario.start_date).days * DAY for date in series.dates], np.float64)
        reported[country] = np.interp(seconds, days, np.array(series.people, np.float64), left=math.nan, right=math.nan)
    return reported

"""The displaced people at any second become when households come and go.

Only changes matter to the caseload: a rise gives arrivals, a fall gives those present a hazard of leaving.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...displacement import caseload_share, displaced, series
from ...units import DAY, MONTH, moment
from .streams import stream_key, unit_rate_points

if TYPE_CHECKING:
    from ...scenario.schema import Scenario
    from ...scenario.schema_growth import Law

Seconds = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

_GRID = DAY // 4  # laws are exact at these steps; between them a straight line is used


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
    return np.concatenate([begins, series(law, start)[0]]) if law.law == "series" else begins


def _turnover(scenario: Scenario) -> float:
    return float(scenario.caseload.turnover_month.value)


def _stated_rate(scenario: Scenario, grid: Numbers, horizon: int) -> Numbers:
    """Households that come at a stated rate, up to each second of the grid."""
    arrivals = scenario.arrivals
    if arrivals is None or arrivals.rate_per_day is None:
        return np.zeros(len(grid))
    until = min(horizon, moment(arrivals.until_day, scenario.start_date, horizon))
    return float(arrivals.rate_per_day.value) * np.minimum(grid, until) / DAY

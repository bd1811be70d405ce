"""The calendar months of a run, and what is reported month by month whatever happens in it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..displacement import displaced, refugees
from ..engine.as_of import begun
from ..engine.world.growth_path import with_path
from ..scenario.memo import once
from ..units import DAY, seconds

if TYPE_CHECKING:
    from ..records import Run
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]


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


@once
def reported(scenario: Scenario) -> list[Numbers]:
    """The displaced, and refugees by country, at each month's end: the same in every run."""
    ends = month_ends(scenario)
    countries = refugees(scenario, ends)
    return [displaced(scenario, ends)[:, None], *(countries[country][:, None] for country in sorted(countries))]


def displaced_in(run: Run) -> Numbers:
    """The displaced at each month's end of a run, shape (months, 1): of a fitted law, on the path that it took."""
    scenario = begun(run.scenario)
    moving = with_path(scenario, run.seed, run.replication)
    return reported(run.scenario)[0] if moving is scenario else displaced(moving, month_ends(run.scenario))[:, None]


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

"""A scenario's laws become the displaced people at any second, for the checks of a scenario and for its runs alike."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .units import DAY, MONTH, moment

if TYPE_CHECKING:
    from .scenario.schema import Scenario
    from .scenario.schema_growth import Law

Numbers = npt.NDArray[np.float64]
Change = Callable[[Numbers], Numbers]  # what a law has changed, in people, by each of some seconds

_LARGEST = 1e250  # what grows beyond is refused, and must not overflow before it is


def displaced(scenario: Scenario, seconds: npt.NDArray[np.int64]) -> Numbers:
    """Displaced people at each of ``seconds`` since the start: the start plus the changes of all laws.

    Shapes: (n,) → (n,), people. Sources: compound N0(1+g)^t; logistic K/(1+((K−N0)/N0)e^(−rt)) (Verhulst, 1838);
    shock N·s·(1−e^(−t/τ)), N the displaced before it; series: straight lines between dated counts.
    """
    total = np.full(len(seconds), displaced_at_start(scenario), np.float64)
    for change in changes(scenario).values():
        total += change(np.asarray(seconds, np.float64))
    return total


def changes(scenario: Scenario) -> dict[str, Change]:
    """What each law changes, by name: shocks last in order of time, each a share of what the others have made of the count."""
    laws = scenario.displacement
    shocks = [name for name in sorted(laws) if laws[name].law == "shock"]
    shocks.sort(key=lambda name: moment(laws[name].from_day, scenario.start_date, 0))
    start = displaced_at_start(scenario)
    found: dict[str, Change] = {}
    whens = np.array([moment(laws[name].from_day, scenario.start_date, 0) for name in shocks], np.float64)
    changed = np.zeros(len(shocks))  # by those found so far, at each shock
    for name in [*(name for name in sorted(laws) if laws[name].law != "shock"), *shocks]:
        base = start + float(changed[shocks.index(name)]) if laws[name].law == "shock" else start
        found[name] = _change(laws[name], scenario.start_date, base)
        changed += found[name](whens)
    return found


def displaced_at_start(scenario: Scenario) -> float:
    """Displaced people when the scenario starts."""
    stated = scenario.caseload.displaced_people
    return float(stated.value if stated is not None else scenario.caseload.people.value)


def caseload_share(scenario: Scenario) -> float:
    """The share of a change in displaced people that joins or leaves the caseload."""
    if scenario.caseload.share is not None:
        return float(scenario.caseload.share.value)
    at_start = displaced_at_start(scenario)
    return float(scenario.caseload.people.value) / at_start if at_start else 0.0


def _change(law: Law, start: datetime.date, base: float) -> Change:
    """What one law changes; ``base``: the people its rate or share is of. A law that lacks what it needs changes nothing."""
    begin = float(moment(law.from_day, start, 0))
    growth = float(law.growth_month.value) if law.growth_month else 0.0
    if law.law == "compound":
        return lambda t: base * (_finite((1 + growth), np.maximum(t - begin, 0) / MONTH) - 1)
    if law.law == "logistic" and law.ceiling_people is not None and base > 0 and law.ceiling_people.value > 0:
        ceiling = float(law.ceiling_people.value)
        odds = (ceiling - base) / base
        return lambda t: ceiling / (1 + odds * np.exp(-growth * np.maximum(t - begin, 0) / MONTH)) - base
    if law.law == "shock":
        size = base * (float(law.size_share.value) if law.size_share else 0.0)
        tau = DAY * (float(law.time_constant_days.value) if law.time_constant_days else 0.0)
        if tau == 0:
            return lambda t: np.where(t >= begin, size, 0.0)
        return lambda t: size * -np.expm1(-np.maximum(t - begin, 0) / tau)
    if law.law == "series" and law.dates and law.people and len(law.dates) == len(law.people):
        days, people = series(law, start)
        first = float(np.interp(begin, days, people))
        return lambda t: np.interp(np.maximum(t, begin), days, people) - first
    if law.law == "fitted" and law.dates and law.people and len(law.dates) == len(law.people):
        return _fitted(law, start, base, begin)
    return lambda t: np.zeros(len(t))


def _fitted(law: Law, start: datetime.date, base: float, begin: float) -> Change:
    """What the middle of a fitted law (or the quantile that it is to follow) changes: a path of one run is a series.

    The displaced grow and fall as the counts that are known, and then the middle, do.
    """
    from .growth.laws import SHARES, known, middle, with_past

    of = known(law, start)
    if not of.dates:
        return lambda t: np.zeros(len(t))
    days, people = with_past(of, *middle(of, SHARES.get(law.central or "", 0.5)))
    seconds = days * DAY + (of.dates[-1] - start).days * DAY
    first = float(np.interp(begin, seconds, people))
    return lambda t: base * (np.interp(np.maximum(t, begin), seconds, people) / first - 1)


def _finite(base: float, exponents: Numbers) -> Numbers:
    with np.errstate(over="ignore"):
        return np.minimum(base**exponents, _LARGEST)


def series(law: Law, start: datetime.date) -> tuple[Numbers, Numbers]:
    """Seconds and people of a dated series."""
    dates, people = law.dates or (), law.people or ()
    seconds = np.array([(date - start).days * DAY for date in dates], np.float64)
    return seconds, np.array(people, np.float64)


def refugees(scenario: Scenario, seconds: npt.NDArray[np.int64]) -> dict[str, Numbers]:
    """Reported refugees by country at each second, straight lines between reports; nan outside the record."""
    reported: dict[str, Numbers] = {}
    for country in sorted(scenario.refugees):
        told = scenario.refugees[country]
        days = np.array([(date - scenario.start_date).days * DAY for date in told.dates], np.float64)
        reported[country] = np.interp(seconds, days, np.array(told.people, np.float64), left=math.nan, right=math.nan)
    return reported

"""A scenario's laws become the displaced people on any day, as the model will have them.

What a shock takes or adds is a share of the displaced just before it, after all other laws: as in world.displacement,
which lies further down the way of the data, and is compared with this in a test.
"""

from __future__ import annotations

import datetime
import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

from ..schema import Law, Scenario
from .check_common import DAYS_A_MONTH, days, horizon

Change = Callable[[float], float]  # people, on a day since the start

_STEPS = 400  # into which a run is cut, to look at the sum of the laws
_SECOND = 1 / 86_400
_LARGEST = 600.0  # of an exponent


def at_start(s: Scenario) -> float:
    """Displaced people when the scenario starts."""
    stated = s.caseload.displaced_people
    return float((stated if stated is not None else s.caseload.people).value)


def days_to_look_at(s: Scenario) -> list[float]:
    """Days evenly over the run, those at which a law begins or bends, and the second before it begins."""
    begins = {days(s, law.from_day, 0) for law in s.displacement.values()}
    bends = {days(s, date, 0) for law in s.displacement.values() for date in law.dates or ()}
    bends |= begins | {day - _SECOND for day in begins}
    within = sorted(day for day in bends if 0 <= day <= horizon(s))
    found = {horizon(s) * step / _STEPS for step in range(_STEPS + 1)}
    return sorted(found | set(within[:: 1 + len(within) // _STEPS]))


def displaced_on(s: Scenario, on: Sequence[float]) -> list[float]:
    """Displaced people on each of some days: those at the start and the changes of all laws."""
    start, laws = at_start(s), list(changes(s).values())
    return [start + sum(change(day) for change in laws) for day in on]


def changes(s: Scenario) -> dict[str, Change]:
    """The change in displaced people that each law has made by a day; a shock's after those before it."""
    found: dict[str, Change] = {}
    for name in _in_order(s):
        law, before = s.displacement[name], at_start(s)
        if law.law == "shock":
            day = days(s, law.from_day, 0)
            before += sum(change(day) for change in found.values())
        found[name] = _change(s, law, before)
    return found


def _in_order(s: Scenario) -> list[str]:
    """The laws by name, shocks last in order of time."""
    names = sorted(s.displacement)
    shocks = [name for name in names if s.displacement[name].law == "shock"]
    shocks.sort(key=lambda name: round(days(s, s.displacement[name].from_day, 0) / _SECOND))
    return [name for name in names if s.displacement[name].law != "shock"] + shocks


def _change(s: Scenario, law: Law, before: float) -> Change:
    """What one law changes, by the formulas of world.displacement; ``before``: the people its share or rate is of."""
    begin, growth = days(s, law.from_day, 0), float(law.growth_month.value) if law.growth_month else 0.0
    if law.law == "compound":
        rate = math.log1p(max(growth, -1 + 1e-12)) / DAYS_A_MONTH
        return lambda day: before * math.expm1(min(_LARGEST, rate * max(0.0, day - begin)))
    if law.law == "logistic" and law.ceiling_people is not None and before > 0 and law.ceiling_people.value > 0:
        return _logistic(before, float(law.ceiling_people.value), growth / DAYS_A_MONTH, begin)
    if law.law == "shock" and law.size_share is not None:
        tau = float(law.time_constant_days.value) if law.time_constant_days else 0.0
        return _shock(before * float(law.size_share.value), tau, begin)
    if law.law == "series" and law.dates and law.people and len(law.dates) == len(law.people):
        first = _count_on(s, law, begin)
        return lambda day: _count_on(s, law, max(day, begin)) - first
    return lambda day: 0.0


def _logistic(start: float, ceiling: float, rate: float, begin: float) -> Change:
    odds = (ceiling - start) / start

    def change(day: float) -> float:
        exponent = max(-_LARGEST, min(_LARGEST, -rate * max(0.0, day - begin)))
        return ceiling / (1 + odds * math.exp(exponent)) - start

    return change


def _shock(size: float, tau: float, begin: float) -> Change:
    if tau == 0:
        return lambda day: size if day >= begin else 0.0
    return lambda day: size * -math.expm1(-max(0.0, day - begin) / tau)


def _count_on(s: Scenario, law: Law, day: float) -> float:
    """A dated series on a day, straight lines between, its ends kept."""
    dates, people = law.dates or (), law.people or ()
    after = bisect_right(dates, s.start_date + datetime.timedelta(days=math.floor(day)))
    if after in (0, len(dates)):
        return float(people[min(after, len(dates) - 1)])
    first, last = days(s, dates[after - 1], 0), days(s, dates[after], 0)
    part = (day - first) / (last - first) if last > first else 1.0
    return people[after - 1] + (people[after] - people[after - 1]) * part

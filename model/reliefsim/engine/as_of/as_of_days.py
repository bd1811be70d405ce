"""Days counted from start_date become days counted from a later one: the same dates; dates stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ...scenario.quantities import Quantity
from ...scenario.stated_texts import Frozen
from ...units import DAY, moment, seconds
from ..compile.capacity import PAID_PERIOD, workforce

if TYPE_CHECKING:
    import datetime

    from ...scenario.schema import Arrivals, Dtm, Plan, Scenario, Team
    from ...scenario.schema_growth import Law
    from ...scenario.schema_services import Convoy

Part = TypeVar("Part")
_DAYS = frozenset(["day", "from_day", "until_day", "first_day", "paid_until_day", "asked_day"])
_SECTIONS = ("locations", "grants", "pledges", "shocks")  # nothing in them is counted from the start but their days


def at_second(second: int) -> Quantity:
    """A point in time, as days since the start."""
    return Quantity(value=second / DAY)


def later(day: Quantity, now: int) -> Quantity:
    """A day since the start as one since ``now``, to the second."""
    return day.model_copy(update={"value": (seconds(day) - now) / DAY, "low": None, "high": None})


def moved(part: Part, now: int) -> Part:
    """A part of a scenario with all its days counted from ``now``, at any depth."""
    if isinstance(part, Quantity):
        return part
    if isinstance(part, Frozen):
        update = {
            key: later(value, now) if key in _DAYS and isinstance(value, Quantity) else moved(value, now)
            for key, value in part.__dict__.items()
        }
        return part.model_copy(update=update)
    if isinstance(part, dict):
        return {key: moved(value, now) for key, value in part.items()}  # type: ignore[return-value]
    return tuple(moved(value, now) for value in part) if isinstance(part, tuple) else part  # type: ignore[return-value]


def dates_kept(scenario: Scenario, now: int) -> dict[str, Any]:
    """Every section with days, but for money's history: each day the same date as before."""
    found: dict[str, Any] = {
        key: moved(getattr(scenario, key), now) for key in _SECTIONS if getattr(scenario, key, None)
    }
    start = scenario.start_date
    warm = max(0, seconds(scenario.warmup_days) - now)
    return {
        **found,
        "warmup_days": at_second(warm),
        "displacement": {name: _law(law, now) for name, law in scenario.displacement.items()},
        "arrivals": scenario.arrivals and _arrivals(scenario.arrivals, start, now),
        "teams": {name: _team(team, start, now) for name, team in scenario.teams.items()},
        "dtm": scenario.dtm and _dtm(scenario.dtm, start, now),
        "plan": _plan(scenario.plan, start, now),
    }


def _law(law: Law, now: int) -> Law:
    """A law goes on from the day it began, now before the start; what it has changed by then stays changed."""
    if law.law == "stable":
        return law
    return moved(law.model_copy(update={"from_day": law.from_day or at_second(0)}), now)


def _arrivals(arrivals: Arrivals, start: datetime.date, now: int) -> Arrivals:
    instants = arrivals.instants_days
    if instants is not None:
        instants = tuple((second - now) / DAY for day in instants if (second := round(day * DAY)) >= now)
    update: dict[str, Any] = {"instants_days": instants}
    if arrivals.rate_per_day is not None and 0 < moment(arrivals.until_day, start, now + 1) <= now:
        update |= {"rate_per_day": Quantity(value=0), "until_day": None}  # they have all come
    return moved(arrivals.model_copy(update=update), now)


def _team(team: Team, start: datetime.date, now: int) -> Team:
    """A team that has begun is paid for until its next 30 days begin."""
    begins = max(0, moment(team.from_day, start, 0))
    first = max(begins, moment(team.paid_until_day, start, 0))
    if begins < now:
        changes = [second for second, _ in workforce(team, start)[1:]]
        while first < now:
            first = min([first + PAID_PERIOD, *(second for second in changes if second > first)])
        ends = moment(team.until_day, start, first)
        team = team.model_copy(update={"paid_until_day": at_second(min(first, ends))})
    return moved(team, now)


def _next(first: int, every: int, now: int) -> int:
    """The first of a row of seconds that is not before ``now``."""
    return first + max(0, -(-(now - first) // every)) * every


def _dtm(dtm: Dtm, start: datetime.date, now: int) -> Dtm:
    """The rounds that are still to come."""
    if dtm.first_day is None:
        coming = tuple(one for one in dtm.rounds if moment(one.day, start, 0) >= now)
        return moved(dtm.model_copy(update={"rounds": coming}), now)
    first = moment(dtm.first_day, start, 0)
    if dtm.every_days is None and first < now:
        return dtm.model_copy(update={"first_day": at_second(0), "until_day": at_second(0)})  # it has been held
    if dtm.every_days is not None:
        first = _next(first, seconds(dtm.every_days), now)
    return moved(dtm.model_copy(update={"first_day": at_second(first)}), now)


def _plan(plan: Plan, start: datetime.date, now: int) -> Plan:
    days = [day for day in plan.replan_days if moment(day, start, 0) >= now]
    kept = tuple((round(day * DAY) - now) / DAY if isinstance(day, float | int) else day for day in days)
    return plan.model_copy(update={"replan_days": kept})


def departures_kept(service: Convoy, start: datetime.date, now: int) -> Convoy:
    """A convoy by schedule leaves on the dates it would have left."""
    if service.every_days is None:
        return service
    every = seconds(service.every_days)
    first = _next(moment(service.first_day, start, every), every, now)
    return service.model_copy(update={"first_day": at_second(first - now)})

"""A run's tables become plain rows, and a scenario's words plain numbers: nothing here asks the model to compute."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from reliefsim.layout import Account, Facts
from reliefsim.records import Run
from reliefsim.scenario.schema_services import PriceList

DAY = 86_400
FOR_EVER = 1 << 60
Row = Any


def rows(table: Facts) -> list[Row]:
    """A table's rows; values by attribute, as Python's whole numbers."""
    names = table.dtype.names or ()
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in table.tolist()]


def second(day: Any, missing: int) -> int:
    """A day of these scenarios (multiples of half a day, but for those that are drawn) as whole seconds."""
    return missing if day is None else round(Decimal(str(day.value)) * DAY)


def in_cents(usd: Any) -> int:
    """US dollars as cents."""
    return int(Decimal(str(usd if isinstance(usd, int | float) else usd.value)) * 100)


def grant_of(run: Run, number: int) -> Any:
    """What the scenario says of a grant or pledge."""
    name = run.names.grants[number]
    return run.scenario.grants.get(name) or run.scenario.pledges[name]


def window(run: Run, number: int) -> tuple[int, int, int]:
    """A grant's first second, its end, and the second from which open commitments are not payable."""
    grant = grant_of(run, number)
    begin, end = second(grant.from_day, 0), second(grant.until_day, run.horizon)
    if grant.end_rule == "spent-and-done":
        return begin, end, end
    return begin, end, FOR_EVER if grant.liquidation_days is None else end + second(grant.liquidation_days, 0)


def service_of(run: Run, number: int) -> Any:
    """What the scenario says of a service."""
    return run.scenario.services[run.names.services[number]]


def closures(run: Run) -> list[list[tuple[int, int]]]:
    """The closed times of each place."""
    places = [run.scenario.locations.get(name) for name in run.names.locations]
    return [
        [(second(one.from_day, 0), second(one.until_day, FOR_EVER)) for one in place.closures] if place else []
        for place in places
    ]


def prices(run: Run, number: int, location: int) -> set[int]:
    """The cents one unit of a service may cost in a place."""
    place = run.scenario.locations.get(run.names.locations[location])
    factor = Decimal(str(place.price_factor.value)) if place else Decimal(1)
    stated = service_of(run, number).unit_cost_usd
    units = stated.values_usd if isinstance(stated, PriceList) else (stated.value,)
    return {int(Decimal(str(unit)) * 100 * factor + Decimal("0.5")) for unit in units}


def was_stopped(run: Run) -> bool:
    """Whether commitments fell away: the starts of cases that were under way then are no longer in the facts."""
    return any(row.credit == Account.COMMITTED and row.debit == Account.CASH for row in rows(run.postings))


def teams_at(run: Run, number: int, now: int) -> tuple[bool, bool]:
    """Whether any team of a service works at the end of a second, and whether one stands still because it is not paid."""
    name = run.names.services[number]
    teams = {team for team, stated in run.scenario.teams.items() if stated.service == name}
    last = {
        row.subject: row.action
        for row in run.decisions
        if row.time <= now and row.actor == "team" and row.subject in teams and row.action != "changes its count"
    }
    has_own = service_of(run, number).workers is not None or not teams
    return has_own or "works" in last.values(), "team stands still for want of money" in last.values()

"""Grants as awarded become grants as they stand: what had come less what is used, and what is still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...scenario.quantities import Quantity
from ...scenario.schema_grants import Tranche
from ...units import cents, moment
from ..compile.compiled_scenario import instalments
from .as_of_days import at_second, moved

if TYPE_CHECKING:
    import datetime

    from ...scenario.schema import Scenario
    from ...scenario.schema_grants import Grant, Pledge


def grants_then(scenario: Scenario, now: int) -> dict[str, Any]:
    """The sections of grants and pledges, as they stand at ``now``."""
    start, as_of = scenario.start_date, scenario.as_of
    assert as_of is not None
    used = {
        name: sum(cents(by[name]) for by in (as_of.spent_usd, as_of.committed_usd) if name in by)
        for name in scenario.grants
    }
    return {
        "grants": {name: _grant(grant, used[name], start, now) for name, grant in scenario.grants.items()},
        "pledges": {name: _pledge(pledge, start, now) for name, pledge in scenario.pledges.items()},
    }


def _grant(grant: Grant, used: int, start: datetime.date, now: int) -> Grant:
    """A grant with the cash that is left on the first day; one whose window is over has none."""
    if now > 0 and moment(grant.until_day, start, now + 1) <= now:
        return _without_money(grant, now)
    parts = instalments(grant, start)
    came = [amount for time, amount in parts if time < now]
    if not came:
        return moved(grant, now)
    left = max(0, sum(came) - used)
    to_come = [(time - now, amount) for time, amount in parts if time >= now]
    tranches = [(0, left), *to_come] if left else to_come
    return moved(grant, now).model_copy(
        update={
            "amount_usd": _usd(sum(amount for _, amount in tranches)),
            "tranches": tuple(Tranche(day=at_second(time), amount_usd=_usd(amount)) for time, amount in tranches) or None,
        }
    )


def _pledge(pledge: Pledge, start: datetime.date, now: int) -> Grant:
    """A pledge whose day has passed has not come: one that has is a grant by now."""
    is_past = min((time for time, _ in instalments(pledge, start)), default=now) < now
    return _without_money(pledge, now) if is_past else moved(pledge, now)


def _without_money(grant: Grant, now: int) -> Grant:
    """A grant that is over, or never was: it keeps its place among the others."""
    return moved(grant, now).model_copy(update={"amount_usd": _usd(0), "tranches": None})


def _usd(amount: int) -> Quantity:
    """Cents as dollars."""
    return Quantity(value=amount / 100)

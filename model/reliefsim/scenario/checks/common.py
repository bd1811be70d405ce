"""What several checks share: days since the start, populations, who may pay."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from ..faults import KeyPath, shown
from ..quantities import Quantity
from ..schema import Dtm, Grant, Scenario
from ..services import Duration, ServiceBase

TOLERANCE = 1e-9  # of a sum of shares: their own rounding, not ours
DAYS_A_MONTH = 365 / 12


def days(scenario: Scenario, day: Quantity | datetime.date | None, missing: float) -> float:
    """Days since the start of a point in time."""
    if day is None:
        return missing
    if isinstance(day, datetime.date):
        return float((day - scenario.start_date).days)
    return float(day.value)


def said(day: Quantity | datetime.date | None) -> str:
    """A point in time as the file says it."""
    return shown(day.value if isinstance(day, Quantity) else day)


def timed(path: KeyPath, *days: Quantity | datetime.date | None) -> tuple[KeyPath, ...]:
    """What a comparison of points in time rests on: a date needs the start date."""
    dated = any(isinstance(day, datetime.date) for day in days)
    return (path, ("start_date",)) if dated else (path,)


def horizon(scenario: Scenario) -> float:
    """The horizon in days."""
    return float(scenario.horizon_days.value)


def household_size_max(scenario: Scenario) -> int:
    """The size of the largest household."""
    stated = scenario.caseload.household_size_max
    if stated is not None:
        return int(stated.value)
    return 1 if scenario.caseload.household_size_mean.value == 1 else 30


def money_that_may_come(scenario: Scenario) -> dict[KeyPath, Grant]:
    """Grants and pledges, by their place in the file."""
    found: dict[KeyPath, Grant] = {("grants", name): grant for name, grant in sorted(scenario.grants.items())}
    found.update({("pledges", name): pledge for name, pledge in sorted(scenario.pledges.items())})
    return found


def may_pay(grant: Grant, service: str) -> bool:
    """Whether a grant is for a service."""
    return grant.pays_for is None or service in grant.pays_for


def durations(service: ServiceBase) -> dict[KeyPath, Duration]:
    """Every duration of a service, by its place within it."""
    found: dict[KeyPath, Duration] = {}
    for key in ("duration", "patience", "outreach_delay"):
        value = getattr(service, key, None)
        if isinstance(value, Duration):
            found[(key,)] = value
    stock = getattr(service, "stock", None)
    if stock is not None and stock.lead_time is not None:
        found[("stock", "lead_time")] = stock.lead_time
    return found


def rounds_begin(dtm: Dtm) -> dict[KeyPath, Quantity | datetime.date]:
    """The first round, or each one that is stated, by its place in the file."""
    if dtm.first_day is not None:
        return {("dtm", "first_day"): dtm.first_day}
    return {("dtm", "rounds", number, "day"): one.day for number, one in enumerate(dtm.rounds)}


def total(shares: Mapping[str, Quantity]) -> float:
    """The sum of shares, to the last digit whatever their order."""
    return float(sum(sorted(float(share.value) for share in shares.values())))

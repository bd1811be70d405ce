"""What several checks share: days since the start, populations, who may pay."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

from ...units import direct_within, ppm
from ..faults import Finding, KeyPath, listed, nearest, shown
from ..quantities import Quantity
from ..schema import Dtm, Scenario
from ..schema_grants import Grant
from ..schema_services import Convoy, Duration, Goods, PriceList, ServiceBase, Sessions

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


def cents_of(amount: Quantity) -> int:
    """US dollars as whole cents."""
    return round(amount.value * 100)


def direct_cents(grant: Grant) -> int:
    """The direct cost that an award covers."""
    return direct_within(cents_of(grant.amount_usd), ppm(grant.indirect_rate))


def prices(service: ServiceBase) -> Iterator[tuple[str, float]]:
    """The least that must be paid at once, by the key that says it: a case, a whole group, a departure, an order."""
    price = service.unit_cost_usd
    least = min(price.values_usd, default=0.0) if isinstance(price, PriceList) else float(price.value)
    if isinstance(service, Sessions) and service.longest_wait_days is None and service.unit == "member":
        least *= service.group_size.value
    yield "unit_cost_usd", least
    if isinstance(service, Convoy):
        yield "departure_cost_usd", float(service.departure_cost_usd.value)
    if isinstance(service, Goods):
        stock = service.stock
        whole = stock.policy == "rQ" and stock.order_quantity is not None and not stock.order_partly
        items = stock.order_quantity.value if whole and stock.order_quantity is not None else 1
        if stock.lead_time is not None:
            yield "stock.item_cost_usd", float(stock.item_cost_usd.value) * items


def known(path: KeyPath, name: str, legal: Iterable[str], what: str, section: str) -> Iterator[Finding]:
    """A finding, where a name is none of those there are."""
    choices = sorted(legal)
    if name not in choices:
        near = nearest(name, choices)
        rule = "" if near else f"There are: {listed(choices)}" if choices else f"There are no {section}"
        # A thing without its name is no key of the format: only a thing that is lost as a whole bears on this.
        uses: tuple[KeyPath, ...] = (path, *(((section, "*", "name"),) if section else ()))
        yield Finding(path, f"names an unknown {what}", rule, shown(name), f'"{near}"' if near else "", uses=uses)

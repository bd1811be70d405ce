"""Amounts: what a run may have to pay, looked at before it is multiplied: cents and rates are kept in 64 bits."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..faults import Finding, KeyPath, dotted
from ..quantities import Quantity
from ..schema import Scenario
from ..schema_services import Convoy, Goods, PriceList, ServiceBase
from .check_common import days, horizon
from .check_size import arriving_households, cases_a_household

# A grant's direct cost so far and the next payment are multiplied by a rate in millionths: 80 billion dollars and the
# largest grant in cents, times a million, are 9.0e18 of the 9.2e18 that 64 bits hold.
MOST_USD_IN_ALL = 80_000_000_000
_PEOPLE = ("people", "household_size_mean", "share", "displaced_people", "turnover_month", "turnover_people")

Parts = tuple[float, tuple[KeyPath, ...]]  # US dollars, and the keys they are the product of


def what_is_paid_fits_64_bits(s: Scenario) -> Iterator[Finding]:
    """Price × people × factor, cost × count × time, and all of them together."""
    parts = sorted((*_services(s), *_teams(s), *_rounds(s)), key=lambda part: (-part[0], str(part[1])))
    usd = math.fsum(amount for amount, _ in parts)
    if not parts or usd <= MOST_USD_IN_ALL:
        return
    keys = parts[0][1]
    rule = f"At most {MOST_USD_IN_ALL:,} US dollars a run: {' × '.join(dotted(key) for key in keys)}"
    uses = (*keys, ("horizon_days",), ("arrivals",), *(("caseload", key) for key in _PEOPLE))
    yield Finding(keys[0], f"may come to {usd:,.0f} US dollars", rule, uses=uses)


def _top(quantity: Quantity | None, missing: float = 0.0) -> float:
    """The most that a number may be."""
    return missing if quantity is None else float(max(quantity.value, quantity.high or quantity.value))


def _services(s: Scenario) -> Iterator[Parts]:
    """What full service costs, each case at the dearest price there is."""
    came = sum(number for _, number in arriving_households(s))
    cases = cases_a_household(s)
    factor = max((_top(one.price_factor) for one in s.locations.values()), default=1.0)
    dearest = next((name for name, one in sorted(s.locations.items()) if _top(one.price_factor) == factor != 1), None)
    people: tuple[KeyPath, ...] = (("caseload", "people"),)
    people += () if dearest is None else (("locations", dearest, "price_factor"),)
    for name, service in sorted(s.services.items()):
        here: KeyPath = ("services", name)
        needed = max(1.0, came * sum(cases[(*here, key)] for key in ("need_share", "need_rate_year")))
        if not math.isfinite(needed):
            continue  # too many: said of the size
        heads = needed * _top(s.caseload.household_size_mean) if isinstance(service, Convoy) else needed
        yield _dearest(service) * heads * factor, ((*here, "unit_cost_usd"), *people)
        if isinstance(service, Convoy):
            yield _top(service.departure_cost_usd) * needed * factor, ((*here, "departure_cost_usd"), *people)
        if isinstance(service, Goods):
            stock, kept = service.stock, 1 - float(service.stock.loss_share.value)
            cost: KeyPath = (*here, "stock", "item_cost_usd")
            yield _top(stock.item_cost_usd) * needed / max(kept, 1e-6), (cost, ("caseload", "people"))
            size = "order_quantity" if stock.policy == "rQ" else "order_up_to"
            yield _top(stock.item_cost_usd) * _top(getattr(stock, size)), (cost, (*here, "stock", size))


def _dearest(service: ServiceBase) -> float:
    price = service.unit_cost_usd
    return max(price.values_usd, default=0.0) if isinstance(price, PriceList) else _top(price)


def _teams(s: Scenario) -> Iterator[Parts]:
    """What teams cost, begun 30 days in full."""
    for name, team in sorted(s.teams.items()):
        here: KeyPath = ("teams", name)
        count = max(_top(one.count) for one in team.count) if isinstance(team.count, tuple) else _top(team.count)
        lasts = max(0.0, days(s, team.until_day, horizon(s)) - days(s, team.from_day, 0))
        usd = _top(team.cost_usd_per_30_days) * count * (lasts // 30 + 1)
        yield usd, ((*here, "cost_usd_per_30_days"), (*here, "count"), ("horizon_days",))


def _rounds(s: Scenario) -> Iterator[Parts]:
    """What DTM rounds cost: each, and for each household, which is found once."""
    if s.dtm is None:
        return
    every = float(s.dtm.every_days.value) if s.dtm.every_days else math.inf
    number = len(s.dtm.rounds) or horizon(s) // every + 1
    costs = [s.dtm.round_cost_usd, *(one.round_cost_usd for one in s.dtm.rounds if one.round_cost_usd)]
    yield max(map(_top, costs)) * number, (("dtm", "round_cost_usd"), ("dtm", "every_days"), ("horizon_days",))
    came = sum(number for _, number in arriving_households(s))
    if math.isfinite(came):
        yield _top(s.dtm.household_cost_usd) * came, (("dtm", "household_cost_usd"), ("caseload", "people"))


CHECKS = (what_is_paid_fits_64_bits,)

"""How long actors' decisions take, in events: as many cases would take the same time (0.2 µs each).

Measured: a payment or a scheduled departure 20 µs, an order 60 µs, a round 100 µs and 0.04 µs a household, a plan 100 µs and
20 µs for each service that a grant may pay for, with what is written down of it; a linear program's time rises with the
square of these pairs.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..faults import KeyPath
from ..schema import Scenario
from ..schema_services import Convoy, Goods, Stock
from .check_common import days, horizon, may_pay, money_that_may_come

ACTS, ORDERS, HOLDS_ROUND, PLANS, PLANS_A_PAIR = 100, 300, 500, 500, 100  # events
SOLVES, SOLVES_A_SQUARE = 200_000, 5  # events of rule most-value, and for the square of its pairs
FOUND_A_ROUND = 0.2  # events a household that a round looks at
LOOKED_AT = 0.05  # events a case that the closing or opening of a place looks at


def actors_events(s: Scenario, households: float, cases: Mapping[KeyPath, float]) -> dict[KeyPath, float]:
    """Events of all that actors do, by the key that has them do it; ``cases``: of each service, by its need's key."""
    found: dict[KeyPath, float] = {}
    rounds, each = _rounds(s), HOLDS_ROUND + FOUND_A_ROUND * households + _plan(s)
    found["dtm", "every_days" if s.dtm is not None and s.dtm.every_days is not None else "rounds"] = rounds * each
    for name, service in sorted(s.services.items()):
        mine = sum(number for path, number in cases.items() if path[1] == name)
        if isinstance(service, Convoy) and service.every_days is not None:
            found["services", name, "every_days"] = ACTS * horizon(s) / float(service.every_days.value)
        elif isinstance(service, Convoy):
            found["services", name, "longest_wait_days"] = ACTS * _departures(s, service, mine)
        if isinstance(service, Goods):
            found["services", name, "stock", "lead_time"] = ORDERS * _orders(s, name, service.stock, mine)
    found["plan", "rule"] = _plans(s) * _plan(s)
    for name, place in sorted(s.locations.items()):
        each = ACTS + LOOKED_AT * sum(cases.values())
        found["locations", name, "closures"] = 2 * len(place.closures) * each
    for name, team in sorted(s.teams.items()):
        weeks = any(getattr(team, key) for key in ("works", "holidays")) or team.absence_share.value > 0
        changes = horizon(s) if weeks else 0.0
        found["teams", name, "count"] = ACTS * (horizon(s) / 30 + changes)
    return {path: number for path, number in found.items() if number > 0}


def _rounds(s: Scenario) -> float:
    if s.dtm is None:
        return 0.0
    if s.dtm.every_days is None:
        return float(len(s.dtm.rounds))
    first, last = days(s, s.dtm.first_day, 0), days(s, s.dtm.until_day, horizon(s))
    return 1 + max(0.0, min(last, horizon(s)) - max(first, 0.0)) / float(s.dtm.every_days.value)


def _plan(s: Scenario) -> float:
    """Events of one plan."""
    pairs = sum(may_pay(grant, service) for grant in money_that_may_come(s).values() for service in s.services)
    solves = SOLVES + SOLVES_A_SQUARE * pairs**2 if s.plan.rule == "most-value" else 0
    return float(PLANS + PLANS_A_PAIR * pairs + solves)


def _plans(s: Scenario) -> float:
    """Plans beside those that rounds call for."""
    found = 1 + len(s.plan.replan_days) + 2 * sum(len(shock.grants) for shock in s.shocks.values())
    for grant in money_that_may_come(s).values():
        found += max(1, len(grant.tranches or ())) + len(grant.amendments) + (grant.no_cost_extension is not None)
    return float(found)


def _departures(s: Scenario, service: Convoy, cases: float) -> float:
    """Departures of convoys that leave when they are full or somebody has waited long."""
    size = float(s.caseload.household_size_mean.value) if service.unit == "household" else 1.0
    fill = max(1.0, float(service.seats.value) * float(service.fill_share.value)) if service.seats else cases * size
    waited = float(service.longest_wait_days.value) if service.longest_wait_days else horizon(s)
    return min(cases, 2 * cases * size / max(1.0, fill) + (horizon(s) / waited if waited > 0 else cases))


def _orders(s: Scenario, name: str, stock: Stock, cases: float) -> float:
    """Orders of a service's goods: for its cases and its reorder point, more where some are lost, as time and money let."""
    if stock.lead_time is None:
        return 0.0
    reorder = float(stock.reorder_point.value)
    size = float(stock.order_quantity.value) if stock.order_quantity else 1.0
    if stock.order_up_to is not None:
        size = max(1.0, float(stock.order_up_to.value) - reorder)
    wanted = cases + max(0.0, reorder - float(stock.initial.value)) + size
    lasts = float(stock.lead_time.mean_days.value) if stock.lead_time.mean_days else min(stock.lead_time.values_days or (1.0,))
    by_time = (1 + horizon(s) / lasts) * wanted / size
    kept = 1 - float(stock.loss_share.value)
    by_need = wanted / size / kept if kept > 0 else by_time
    money = sum(float(grant.amount_usd.value) for grant in money_that_may_come(s).values() if may_pay(grant, name))
    price = float(stock.item_cost_usd.value)
    by_money = money / price if price > 0 and s.money != "unlimited" else by_time
    return min(by_time, by_need, by_money)

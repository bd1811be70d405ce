"""What a scenario says of a service becomes the least that is ever paid for it at once."""

from __future__ import annotations

from collections.abc import Iterable

from ...scenario.schema_services import Convoy, Goods, Service, Sessions
from ...units import cents
from .capacity import filled_seats, stated_prices


def least_cents(service: Service, factors: Iterable[float]) -> list[int]:
    """Direct cents of the least cases, departures or groups that are paid for at once, in places of these price factors.

    Where nobody leaves or meets before so many wait, that many pay together.
    """
    prices = [int(price * factor + 0.5) for price, _ in stated_prices(service) for factor in factors]
    if isinstance(service, Convoy):
        waits_for_all = service.seats and service.longest_wait_days is None and service.every_days is None
        seats = filled_seats(service) if waits_for_all else 1
        return [seats * price + cents(service.departure_cost_usd) for price in prices]
    if isinstance(service, Sessions) and service.longest_wait_days is None and service.unit == "member":
        return [int(service.group_size.value) * price for price in prices]
    return prices


def least_order_cents(service: Goods) -> int:
    """Direct cents of the least that is ordered at once: an item, with its handing out; or all of a whole order."""
    stock = service.stock
    items = 1
    if not stock.order_partly and stock.policy == "rQ" and stock.order_quantity:
        items = int(stock.order_quantity.value)
    elif not stock.order_partly and stock.policy == "sS" and stock.order_up_to:
        items = max(1, int(stock.order_up_to.value - stock.reorder_point.value))
    return items * (cents(stock.item_cost_usd) + min(price for price, _ in stated_prices(service)))

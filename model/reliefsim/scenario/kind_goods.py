"""Goods, as a scenario file states them: a stock that comes from somewhere, and teams that hand it out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from .checking import each, fault, warning
from .faults import Finding
from .quantities import Count, DaysOrNone, PositiveCount, Quantity, Share, Usd, highest
from .service_base import AN_INSTANT, Duration, ServiceBase, Workers
from .stated_texts import Frozen

if TYPE_CHECKING:
    from .schema import Scenario

_ORDERS = 300  # events that an order takes as long as


class Stock(Frozen):
    """Goods on hand, and how more are ordered.

    ``rQ``: order order_quantity when on hand + on order − waiting ≤ reorder_point. ``sS``: then order up to
    order_up_to. An order is priced item_cost_usd an item, committed when placed and spent when it comes. With
    order_partly, an order that money cannot cover whole is cut to what it covers.
    """

    initial: Count = Quantity(value=0)
    item_cost_usd: Usd = Quantity(value=0)
    policy: Literal["rQ", "sS"] = "rQ"
    reorder_point: Count = Quantity(value=0)
    order_quantity: PositiveCount | None = None
    order_up_to: PositiveCount | None = None
    lead_time: Duration | None = None  # none: nothing is ever ordered
    unmet: Literal["wait", "lost"] = "wait"
    loss_share: Share = Quantity(value=0)  # of a delivery, never handed out
    handout_days: DaysOrNone = Quantity(value=0)  # planned days from delivery to the last item handed out
    order_partly: bool = True

    @property
    def size_key(self) -> str:
        """The key that says how much the policy orders."""
        return "order_quantity" if self.policy == "rQ" else "order_up_to"


class Goods(ServiceBase):
    """Teams that hand out items from a stock."""

    kind: Literal["goods"]
    workers: Workers | None = None
    duration: Duration = AN_INSTANT
    stock: Stock

    @property
    def durations(self) -> dict[str, Duration]:
        """Every duration that is stated, by its place."""
        lead_time = self.stock.lead_time
        return super().durations | ({} if lead_time is None else {"stock.lead_time": lead_time})

    def least_prices(self) -> dict[str, float]:
        """The least that must be paid at once (USD), by the key that says it: a case, an order."""
        stock, items = self.stock, 1.0
        if stock.lead_time is None:
            return super().least_prices()
        if stock.policy == "rQ" and stock.order_quantity is not None and not stock.order_partly:
            items = float(stock.order_quantity.value)
        return super().least_prices() | {"stock.item_cost_usd": float(stock.item_cost_usd.value) * items}

    def most_paid_for_stock(self, cases: float) -> dict[str, float]:
        """The most that items may cost (USD): those that cases need with what is lost, and one order."""
        item, kept = highest(self.stock.item_cost_usd), 1 - float(self.stock.loss_share.value)
        size = getattr(self.stock, self.stock.size_key)
        return {"caseload.people": item * cases / max(kept, 1e-6), f"stock.{self.stock.size_key}": item * highest(size)}

    def decisions(self, cases: float, size: float, horizon: float, money: float) -> dict[str, float]:
        """Orders: for its cases and its reorder point, more where some are lost, as time and money let."""
        stock = self.stock
        if stock.lead_time is None:
            return {}
        reorder = float(stock.reorder_point.value)
        ordered = float(stock.order_quantity.value) if stock.order_quantity else 1.0
        if stock.order_up_to is not None:
            ordered = max(1.0, float(stock.order_up_to.value) - reorder)
        wanted = cases + max(0.0, reorder - float(stock.initial.value)) + ordered
        mean = stock.lead_time.mean_days
        by_time = (1 + horizon / (float(mean.value) if mean else min(stock.lead_time.values_days or (1.0,)))) * wanted / ordered
        kept = 1 - float(stock.loss_share.value)
        by_need = wanted / ordered / kept if kept > 0 else by_time
        price = float(stock.item_cost_usd.value)
        return {"stock.lead_time": _ORDERS * min(by_time, by_need, money / price if price > 0 else by_time)}


@each("services", Goods)
def goods_come_from_somewhere(s: Scenario, here: str, service: Goods) -> Iterator[Finding]:
    """There is stock at the start, or there are orders of a size."""
    stock, key, place = service.stock, service.stock.size_key, f"{here}.stock"
    if stock.initial.value == 0 and stock.lead_time is None:
        problem = "goods that no stock has: none at the start, and none is ever ordered"
        rule = "Give initial, or a lead_time so that goods are ordered"
        yield fault(place, problem, rule, uses=f"{place}.initial|lead_time")
    ordered, also = getattr(stock, key), f"{place}.policy|lead_time|reorder_point"
    if ordered is None and stock.lead_time is not None:
        yield fault(f"{place}.{key}", "is missing", f"The policy {stock.policy} needs {key}", also=also)
    elif ordered is not None and stock.lead_time is None:
        rule = "Without lead_time nothing is ever ordered"
        yield warning(f"{place}.{key}", "is stated without a lead_time", rule, also=also)
    elif ordered is not None and key == "order_up_to" and ordered.value <= stock.reorder_point.value:
        rule = f"Above reorder_point {stock.reorder_point.value}"
        yield fault(f"{place}.{key}", "is not above the reorder point", rule, ordered, also)

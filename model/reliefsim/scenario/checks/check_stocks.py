"""Goods and convoys: stock that comes, vehicles that carry, departures that happen."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath, shown
from ..household_sizes import caseload_sizes, host_sizes
from ..schema import Scenario
from ..schema_services import Convoy, Goods


def goods_come_from_somewhere(s: Scenario) -> Iterator[Finding]:
    """Stock at the start, or orders."""
    for name, service in sorted(s.services.items()):
        if not isinstance(service, Goods):
            continue
        stock, here = service.stock, ("services", name, "stock")
        if stock.initial.value == 0 and stock.lead_time is None:
            rule = "Give initial, or a lead_time so that goods are ordered"
            uses: tuple[KeyPath, ...] = ((*here, "initial"), (*here, "lead_time"))
            yield Finding(here, "goods that no stock has: none at the start, and none is ever ordered", rule, uses=uses)


def orders_have_a_size(s: Scenario) -> Iterator[Finding]:
    """The policy's own quantity, once goods are ordered."""
    for name, service in sorted(s.services.items()):
        if not isinstance(service, Goods):
            continue
        stock, here = service.stock, ("services", name, "stock")
        key = "order_quantity" if stock.policy == "rQ" else "order_up_to"
        uses: tuple[KeyPath, ...] = tuple((*here, one) for one in (key, "policy", "lead_time", "reorder_point"))
        ordered = getattr(stock, key)
        if ordered is None and stock.lead_time is not None:
            yield Finding((*here, key), "is missing", f"The policy {stock.policy} needs {key}", uses=uses)
        elif ordered is not None and stock.lead_time is None:
            rule = "Without lead_time nothing is ever ordered"
            yield Finding((*here, key), "is stated without a lead_time", rule, level="warning", uses=uses)
        elif ordered is not None and key == "order_up_to" and ordered.value <= stock.reorder_point.value:
            rule = f"Above reorder_point {stock.reorder_point.value}"
            yield Finding((*here, key), "is not above the reorder point", rule, shown(ordered.value), uses=uses)


def convoys_leave(s: Scenario) -> Iterator[Finding]:
    """Full, on schedule, or at the first waiter's limit."""
    for name, service in sorted(s.services.items()):
        keys = ("seats", "every_days", "longest_wait_days")
        if isinstance(service, Convoy) and all(getattr(service, key) is None for key in keys):
            uses: tuple[KeyPath, ...] = tuple(("services", name, key) for key in keys)
            rule = "At least one of seats, every_days, longest_wait_days"
            yield Finding(("services", name), "the convoy has no reason to leave", rule, uses=uses)
        elif isinstance(service, Convoy) and service.fill_share.value == 0:
            path: KeyPath = ("services", name, "fill_share")
            yield Finding(path, "is 0: the convoy leaves empty", "A share of the seats, above 0", shown(0))
        if isinstance(service, Convoy) and service.first_day is not None and service.every_days is None:
            here: tuple[KeyPath, ...] = (("services", name, "first_day"), ("services", name, "every_days"))
            yield Finding(here[0], "is stated without every_days", "It is the first day of a schedule", uses=here)
        if isinstance(service, Convoy) and service.only_on_schedule:
            yield from _only_on_schedule(name, service)


def _only_on_schedule(name: str, service: Convoy) -> Iterator[Finding]:
    """There is a schedule, and nothing else sends the convoy."""
    path: KeyPath = ("services", name, "only_on_schedule")
    for key, wanted in (("every_days", True), ("longest_wait_days", False)):
        if (getattr(service, key) is not None) != wanted:
            uses: tuple[KeyPath, ...] = (path, ("services", name, key))
            rule = "Every every_days from first_day on, and at no other time"
            yield Finding(path, f"stands {'without' if wanted else 'beside'} {key}", rule, uses=uses)


def households_fit_a_convoy(s: Scenario) -> Iterator[Finding]:
    """Households board whole."""
    for name, service in sorted(s.services.items()):
        if not isinstance(service, Convoy) or service.seats is None or service.unit != "household":
            continue
        largest = (host_sizes if service.population == "hosts" else caseload_sizes)(s).most
        if largest > service.seats.value:
            path: KeyPath = ("services", name, "seats")
            unless = "" if s.caseload.household_size_max is not None else ", unless stated"
            rule = f"household_size_max is {largest}{unless}; households board whole"
            sizes: tuple[KeyPath, ...] = (("caseload", "household_size_max"), ("caseload", "household_size_mean"))
            uses: tuple[KeyPath, ...] = (path, ("services", name, "unit"), *sizes)
            problem = "a household may be larger than the convoy can carry"
            yield Finding(path, problem, rule, shown(service.seats.value), uses=uses)


CHECKS = (goods_come_from_somewhere, orders_have_a_size, convoys_leave, households_fit_a_convoy)

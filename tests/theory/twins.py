"""A run's own openings, durations, lead times and prices go through an oracle; both must give the same starts."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from reliefsim.layout import Outcome
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.scenario.schema_services import PriceList
from reliefsim.units import DAY, MISSING

from . import oracles

HOUR = 3600


def hourly(households: int, days: int, seed: int = 7) -> tuple[float, ...]:
    """Instants on full hours, many of them shared: then the order within one second decides."""
    hours = np.sort(np.random.default_rng(seed).integers(0, days * 24, households))
    return tuple(int(hour) / 24 for hour in hours)


def seconds(quantity: Any) -> int | None:
    """Days of a quantity, or of a constant duration, as seconds."""
    if quantity is None:
        return None
    return round(float(getattr(quantity, "mean_days", quantity).value) * DAY)


def opened_cases(run: Run, price_of: Any = lambda row: 0) -> list[oracles.Case]:
    """Every case of a run, as an oracle may know it: nothing about when it started."""
    found = []
    for number, row in enumerate(run.cases):
        duration = int(row["ended"] - row["started"]) if row["started"] != MISSING else 1
        name = run.names.classes[row["priority_class"]] if run.scenario.classes else ""
        priority = run.scenario.classes[name].priority if name else 1
        found.append(oracles.Case(number, int(row["opened"]), duration, priority, price_of(row), int(row["people"])))
    assert all(case.opened != MISSING for case in found)
    return found


def only_service(scenario: Scenario) -> Any:
    """The one service of a twin's scenario."""
    (service,) = scenario.services.values()
    return service


def starts(run: Run) -> dict[int, int]:
    """When each case started, by number; those that never did are absent."""
    started = run.cases["started"]
    return {int(number): int(started[number]) for number in np.flatnonzero(started != MISSING)}


def numbers(run: Run, outcome: Outcome) -> set[int]:
    """Cases that ended in one way."""
    return set(np.flatnonzero(run.cases["outcome"] == outcome).tolist())


def queue_twin(run: Run, fault: str = "") -> oracles.Served:
    """What a plain loop makes of the arrivals of a queue."""
    service = only_service(run.scenario)
    limit = service.waiting_limit
    return oracles.queue(
        opened_cases(run, lambda row: nearest_price(run.scenario, row)),
        service.workers.value * service.cases_per_worker.value,
        run.horizon,
        patience=seconds(service.patience),
        waiting_limit=None if limit is None else int(limit.value),
        purse=purse_of(run.scenario, run.horizon, fault) if run.scenario.grants else None,
        skip=run.scenario.plan.unpaid == "skip",
        fault=fault,
    )


def nearest_price(scenario: Scenario, row: Any) -> int:
    """The direct price of a case: what was charged less indirect cost, or of the list the one nearest to its cost."""
    unit_cost = only_service(scenario).unit_cost_usd
    if not isinstance(unit_cost, PriceList):
        return round(float(unit_cost.value) * 100)
    prices = [round(usd * 100) for usd in unit_cost.values_usd]
    if row["started"] != MISSING:
        direct = int(row["cents"] - row["indirect_cents"])
        assert direct in prices
        return direct
    return max(price for price in prices if price <= int(row["priced_cents"]))


def purse_of(scenario: Scenario, horizon: int, fault: str = "") -> oracles.Purse:
    """The grants of a scenario, as an oracle holds them."""
    grants = [
        oracles.Grant(
            name,
            seconds(grant.from_day) or 0,
            horizon if grant.until_day is None else seconds(grant.until_day) or 0,
            round(grant.amount_usd.value * 100),
            Fraction(str(grant.indirect_rate.value)),
        )
        for name, grant in scenario.grants.items()
    ]
    return oracles.Purse(grants, scenario.plan.pay_order == "shares", fault)


def convoy_twin(run: Run, fault: str = "") -> list[oracles.Trip]:
    """What a plain loop makes of the arrivals of a convoy."""
    service = only_service(run.scenario)
    seats = None if service.seats is None else int(service.seats.value)
    return oracles.convoys(
        opened_cases(run),
        run.horizon,
        seats=seats,
        fill=None if seats is None else -int(-seats * Fraction(str(service.fill_share.value)) // 1),
        every=seconds(service.every_days),
        longest_wait=seconds(service.longest_wait_days),
        vehicles=None if service.workers in (None, "unlimited") else int(service.workers.value),
        away=max(1, seconds(service.duration) or 1),
        fault=fault,
    )


def trips(run: Run) -> list[oracles.Trip]:
    """The departures of a run with their passengers, out of its facts."""
    found = []
    for row in np.sort(run.departures, order="number"):
        aboard = np.flatnonzero(run.cases["group"] == row["number"])
        assert row["seats"] == run.cases["people"][aboard].sum()
        assert (run.cases["started"][aboard] == row["time"]).all()
        order = sorted(aboard.tolist(), key=lambda number: (run.cases["opened"][number], number))
        found.append(oracles.Trip(int(row["time"]), tuple(order)))
    return found


def stock_twin(run: Run, fault: str = "") -> oracles.Shelf:
    """What a plain loop makes of the demand on a stock and the lead times of its orders."""
    stock = only_service(run.scenario).stock
    return oracles.stock(
        opened_cases(run),
        run.horizon,
        lead_times(run),
        initial=int(stock.initial.value),
        reorder_point=int(stock.reorder_point.value),
        order_quantity=0 if stock.policy == "sS" else int(stock.order_quantity.value),
        order_up_to=0 if stock.policy == "rQ" else int(stock.order_up_to.value),
        lost_sales=stock.unmet == "lost",
        fault=fault,
    )


def lead_times(run: Run) -> list[int]:
    """Seconds from order to arrival; beyond the horizon where an order had not come."""
    arrived = np.where(run.orders["arrived"] == MISSING, 10 * run.horizon, run.orders["arrived"])
    taken: Sequence[int] = (arrived - run.orders["ordered"]).tolist()
    return list(taken)

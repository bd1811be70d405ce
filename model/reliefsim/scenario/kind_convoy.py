"""Convoys, as a scenario file states them: departures that happen, for a reason, of households that fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from .checking import each, fault
from .faults import Finding
from .household_sizes import caseload_sizes, host_sizes
from .quantities import Day, Days, PositiveCount, Quantity, Share, Usd, highest
from .service_base import AN_INSTANT, Duration, ServiceBase, Workers

if TYPE_CHECKING:
    from .schema import Scenario

_DEPARTURE = 100  # events that it takes as long as


class Convoy(ServiceBase):
    """Departures that fill, are due by schedule, or are due by the first waiter's limit.

    unit_cost_usd is per seat taken, departure_cost_usd per departure. A seat's planned price is its part of a departure
    with fill_share of the seats taken, also where that sends no convoy: only_on_schedule.
    """

    kind: Literal["convoy"]
    workers: Workers | None = None  # convoys that can be under way at once
    duration: Duration = AN_INSTANT
    seats: PositiveCount | None = None  # none: no limit
    fill_share: Share = Quantity(value=1)  # of the seats, at which it leaves without waiting longer
    every_days: Days | None = None  # first departure at first_day, then each every_days
    first_day: Day | None = None  # none: every_days
    only_on_schedule: bool = False  # then a full one waits for its day, and who is left behind for the next
    longest_wait_days: Days | None = None
    departure_cost_usd: Usd = Quantity(value=0)

    def least_prices(self) -> dict[str, float]:
        """The least that must be paid at once (USD), by the key that says it: a seat, a departure."""
        return super().least_prices() | {"departure_cost_usd": float(self.departure_cost_usd.value)}

    def most_paid(self, cases: float, size: float) -> dict[str, float]:
        """The most that cases may cost (USD): a seat for each of a household, a departure for each case."""
        return super().most_paid(cases * size, size) | {"departure_cost_usd": highest(self.departure_cost_usd) * cases}

    def decisions(self, cases: float, size: float, horizon: float, money: float) -> dict[str, float]:
        """Departures by schedule, or of convoys that leave when they are full or somebody has waited long."""
        if self.every_days is not None:
            return {"every_days": _DEPARTURE * horizon / float(self.every_days.value)}
        size = size if self.unit == "household" else 1.0
        fill = max(1.0, float(self.seats.value) * float(self.fill_share.value)) if self.seats else cases * size
        waited = float(self.longest_wait_days.value) if self.longest_wait_days else horizon
        waits = horizon / waited if waited > 0 else cases
        return {"longest_wait_days": _DEPARTURE * min(cases, 2 * cases * size / max(1.0, fill) + waits)}


@each("services", Convoy)
def convoys_leave(s: Scenario, here: str, service: Convoy) -> Iterator[Finding]:
    """Full, on schedule, or at the first waiter's limit; on schedule alone, if there is one and nothing else sends it."""
    if service.seats is None and service.every_days is None and service.longest_wait_days is None:
        rule = "At least one of seats, every_days, longest_wait_days"
        yield fault(here, "the convoy has no reason to leave", rule, uses=f"{here}.seats|every_days|longest_wait_days")
    elif service.fill_share.value == 0:
        yield fault(f"{here}.fill_share", "is 0: the convoy leaves empty", "A share of the seats, above 0", "0")
    if service.first_day is not None and service.every_days is None:
        rule, also = "It is the first day of a schedule", f"{here}.every_days"
        yield fault(f"{here}.first_day", "is stated without every_days", rule, also=also)
    for key, wanted in (("every_days", True), ("longest_wait_days", False)):
        if service.only_on_schedule and (getattr(service, key) is not None) != wanted:
            problem = f"stands {'without' if wanted else 'beside'} {key}"
            rule = "Every every_days from first_day on, and at no other time"
            yield fault(f"{here}.only_on_schedule", problem, rule, also=f"{here}.{key}")


@each("services", Convoy)
def households_fit_a_convoy(s: Scenario, here: str, service: Convoy) -> Iterator[Finding]:
    """Households board whole."""
    largest = (host_sizes if service.population == "hosts" else caseload_sizes)(s).most
    if service.seats is not None and service.unit == "household" and largest > service.seats.value:
        unless = "" if s.caseload.household_size_max is not None else ", unless stated"
        rule = f"household_size_max is {largest}{unless}; households board whole"
        also = f"{here}.unit caseload.household_size_max|household_size_mean"
        yield fault(f"{here}.seats", "a household may be larger than the convoy can carry", rule, service.seats, also)

"""What a scenario says of its grants becomes arrays that a run's postings are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..engine.compile.compiled_scenario import tranches_of
from ..engine.compile.least_payments import least_cents, least_order_cents
from ..scenario.memo import once
from ..scenario.schema_services import Goods, Service
from ..units import indirect_due, moment, ppm, seconds
from .slots import slots

if TYPE_CHECKING:
    from ..scenario.schema import Scenario
    from ..scenario.schema_grants import Grant

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Funds:
    """What a scenario says of money, as arrays: shapes (grants,), may_pay (services, grants)."""

    names: tuple[str, ...]
    begins: Integers
    ends: Integers
    later: Integers  # cents due at the horizon or after
    least: Integers  # cents of the cheapest thing a grant may pay for, indirect cost included
    may_pay: Integers


@once
def funds(scenario: Scenario) -> Funds:
    """The grants of a scenario, pledges among them, in the order of their names."""
    names, horizon = slots(scenario).grants, seconds(scenario.horizon_days)
    services = sorted(scenario.services)
    if scenario.money == "unlimited":
        one = np.zeros(1, np.int64)
        return Funds(names, one, one + horizon, one, one, np.ones((len(services), 1), np.int64))
    grants = [scenario.grants[name] if name in scenario.grants else scenario.pledges[name] for name in names]
    may_pay = [[int(one.pays_for is None or name in one.pays_for) for one in grants] for name in services]
    return Funds(
        names,
        np.array([max(0, moment(one.from_day, scenario.start_date, 0)) for one in grants], np.int64),
        np.array([min(horizon, moment(one.until_day, scenario.start_date, horizon)) for one in grants], np.int64),
        np.array([_later(one, scenario, name in scenario.pledges) for name, one in zip(names, grants, strict=True)], np.int64),
        np.array([_least(one, scenario) for one in grants], np.int64),
        np.array(may_pay, np.int64).reshape(len(services), len(grants)),
    )


def _later(grant: Grant, scenario: Scenario, is_pledge: bool) -> int:
    """Cents of an award that are due at the horizon or after; of a pledge, nobody knows."""
    horizon = seconds(scenario.horizon_days)
    return 0 if is_pledge else sum(part.cents for part in tranches_of(0, grant, scenario.start_date) if part.time >= horizon)


def _least(grant: Grant, scenario: Scenario) -> int:
    """Cents of the cheapest thing; of a grant that pays for nothing that has a price, 1."""
    mine = [one for name, one in scenario.services.items() if grant.pays_for is None or name in grant.pays_for]
    direct = min([price for one in mine for price in _payable(one, scenario) if price > 0], default=1)
    if scenario.plan.cofund:
        direct = 1  # a part of anything
    return direct + indirect_due(ppm(grant.indirect_rate), direct)


def _payable(service: Service, scenario: Scenario) -> list[int]:
    """Cents of what is paid for at once, at least, for a service: cases, departures, groups; an order."""
    factors = [
        float(place.price_factor.value)
        for name, place in scenario.locations.items()
        if service.places is None or name in service.places
    ]
    found = least_cents(service, factors or [1.0])
    if isinstance(service, Goods) and service.stock.lead_time is not None:
        found.append(least_order_cents(service))
    return found

"""What a scenario says of its grants becomes arrays that a run's postings are held against."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..blueprint import UNLIMITED
from ..capacity import cents, seconds, stated_prices
from ..scenario.memo import once
from ..world.displacement import moment
from .indicators import slots

if TYPE_CHECKING:
    from ..scenario.schema import Grant, Scenario

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
    if names == (UNLIMITED,):
        one = np.zeros(1, np.int64)
        return Funds(names, one, one + horizon, one, one, np.ones((len(services), 1), np.int64))
    grants = [scenario.grants[name] if name in scenario.grants else scenario.pledges[name] for name in names]
    may_pay = [[int(not one.pays_for or name in one.pays_for) for one in grants] for name in services]
    return Funds(
        names,
        np.array([moment(one.from_day, scenario.start_date, 0) for one in grants], np.int64),
        np.array([min(horizon, moment(one.until_day, scenario.start_date, horizon)) for one in grants], np.int64),
        np.array([_later(one, scenario, name in scenario.pledges) for name, one in zip(names, grants, strict=True)], np.int64),
        np.array([_least(one, scenario) for one in grants], np.int64),
        np.array(may_pay, np.int64).reshape(len(services), len(grants)),
    )


def _later(grant: Grant, scenario: Scenario, is_pledge: bool) -> int:
    """Cents of an award that are due at the horizon or after; of a pledge, nobody knows."""
    horizon, start = seconds(scenario.horizon_days), scenario.start_date
    if is_pledge:
        return 0
    amount = cents(grant.amount_usd)
    if not grant.tranches:
        return amount if moment(grant.from_day, start, 0) >= horizon else 0
    late = [one for one in grant.tranches if moment(one.day, start, 0) >= horizon]
    shares = [round(amount * float(one.share.value)) for one in late if one.share]
    return sum(shares) + sum(cents(one.amount_usd) for one in late if one.amount_usd)


def _least(grant: Grant, scenario: Scenario) -> int:
    rate = 1 + float(grant.indirect_rate.value)
    prices = [
        price
        for name, service in scenario.services.items()
        if not grant.pays_for or name in grant.pays_for
        for price, _ in stated_prices(service)
        if price > 0
    ]
    return math.floor(min(prices, default=1) * rate)

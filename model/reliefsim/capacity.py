"""A scenario's teams become pools of capacity and what they cost."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .delivery.tables import NEVER, POOL
from .records import DAY, MISSING
from .scenario.quantities import Quantity
from .scenario.services import Casework, Convoy, PriceList, ServiceBase
from .units import PPM
from .world.displacement import moment

if TYPE_CHECKING:
    from .scenario.schema import Scenario, Team


def cents(quantity: Quantity | float) -> int:
    """US dollars as whole cents."""
    return round(float(quantity if isinstance(quantity, float | int) else quantity.value) * 100)


def stated_prices(service: ServiceBase) -> tuple[tuple[int, float], ...]:
    """A service's unit prices in cents, each with its share of cases."""
    price = service.unit_cost_usd
    if isinstance(price, PriceList):
        return tuple((cents(usd), share) for usd, share in zip(price.values_usd, price.shares, strict=True))
    return ((cents(price), 1.0),)


def mean_price(service: ServiceBase) -> float:
    """A service's mean unit price (cents)."""
    return sum(price * share for price, share in stated_prices(service))


def seconds(quantity: Quantity | None, missing: int = MISSING) -> int:
    """Days as whole seconds."""
    return missing if quantity is None else round(float(quantity.value) * DAY)


def requirement_rate_ppm(scenario: Scenario) -> int:
    """The indirect rate that need is priced at, in millionths: the stated one, or the mean of the awards, by money.

    Pledges count only where nothing is awarded. So no grant's name, nor one without money, moves what need costs.
    """
    stated = scenario.requirement_indirect_rate
    if stated is not None:
        return round(float(stated.value) * PPM)
    for grants in (scenario.grants, scenario.pledges):
        money = [(cents(grant.amount_usd), round(float(grant.indirect_rate.value) * PPM)) for grant in grants.values()]
        total = sum(amount for amount, _ in money)
        if total > 0:
            return (2 * sum(amount * rate for amount, rate in money) + total) // (2 * total)
    return 0


def rate_kept(scenario: Scenario) -> dict[str, Quantity]:
    """What a scenario made of this one states, so that its need is priced alike whatever money it has."""
    return {"requirement_indirect_rate": Quantity(value=requirement_rate_ppm(scenario) / PPM)}


def filled_seats(service: Convoy) -> int:
    """Seats at which a convoy is full enough: never less than its fill_share of them, as a whole number; NEVER: no limit.

    The share is what its decimals say: 0.9 of 50 seats are 45, though 0.9 has no exact binary form.
    """
    share = Fraction(str(float(service.fill_share.value)))
    return max(1, math.ceil(share * int(service.seats.value))) if service.seats else NEVER


PAID_PERIOD = 30 * DAY  # teams are paid so long at a time, in advance


@dataclass(frozen=True)
class TeamLine:
    """One paid team: what it costs, when it is there, and the pool of capacity it gives (MISSING: management)."""

    name: str
    pool: int
    cents_per_30_days: int
    begins: int
    ends: int
    partner: bool
    paid_until: int = 0  # its first payment is due then, if it begins before


def capacity_pools(
    scenario: Scenario, services: npt.NDArray[np.void], names: tuple[str, ...]
) -> tuple[npt.NDArray[np.void], tuple[TeamLine, ...], tuple[str, ...]]:
    """Pools of capacity, service by service: the permanent one first, then its paid teams by name."""
    rows: list[tuple[int, int, int]] = []  # service, workers, active
    pool_names: list[str] = []
    lines: list[TeamLine] = []
    for number, name in enumerate(names):
        service = scenario.services[name]
        paid = sorted(team for team, stated in scenario.teams.items() if stated.service == name)
        services[number]["first_pool"] = len(rows)
        if service.workers == "unlimited" or (service.workers is None and not paid):
            rows.append((number, NEVER, 1))
            pool_names.append(name)
        elif service.workers is not None:
            rows.append((number, int(service.workers.value), 1))
            pool_names.append(name)
        for team in paid:
            lines.append(_team_line(team, scenario.teams[team], len(rows), scenario.start_date))
            rows.append((number, int(scenario.teams[team].count.value), 0))
            pool_names.append(team)
        services[number]["pools"] = len(rows) - services[number]["first_pool"]
    management = sorted(name for name, stated in scenario.teams.items() if stated.service is None)
    lines += [_team_line(name, scenario.teams[name], MISSING, scenario.start_date) for name in management]
    pools = np.zeros(len(rows), POOL)
    for row, (number, workers, active) in zip(pools, rows, strict=True):
        service = scenario.services[names[number]]
        each = int(service.cases_per_worker.value) if isinstance(service, Casework) else 1
        row["service"], row["active"], row["counsellors"] = number, active, workers
        row["slots"] = min(NEVER, workers * each)
    return pools, tuple(sorted(lines, key=lambda line: line.name)), tuple(pool_names)


def _team_line(name: str, team: Team, pool: int, start: datetime.date) -> TeamLine:
    ends = moment(team.until_day, start, NEVER)
    begins = max(0, moment(team.from_day, start, 0))
    price = cents(team.cost_usd_per_30_days) * int(team.count.value)
    return TeamLine(name, pool, price, begins, ends, team.partner, moment(team.paid_until_day, start, 0))

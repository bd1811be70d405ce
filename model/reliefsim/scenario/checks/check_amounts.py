"""Amounts: what a run may have to pay, looked at before it is multiplied: cents and rates are kept in 64 bits."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..checking import check, days, fault, horizon
from ..faults import Finding
from ..quantities import Quantity, highest
from ..schema import Scenario
from .check_size import arriving_households, cases_a_household

# A grant's direct cost so far and the next payment are multiplied by a rate in millionths: 80 billion dollars and the
# largest grant in cents, times a million, are 9.0e18 of the 9.2e18 that 64 bits hold.
MOST_USD_IN_ALL = 80_000_000_000
_PEOPLE = "people|household_size_mean|share|displaced_people|turnover_month|turnover_people"

Parts = Iterator[tuple[float, tuple[str, ...]]]  # US dollars, and the keys they are the product of


@check
def what_is_paid_fits_64_bits(s: Scenario) -> Iterator[Finding]:
    """Price × people × factor, cost × count × time, and all of them together."""
    parts = sorted((*_services(s), *_teams(s), *_rounds(s)), key=lambda part: (-part[0], part[1]))
    usd = math.fsum(amount for amount, _ in parts)
    if parts and usd > MOST_USD_IN_ALL:
        keys = parts[0][1]
        rule = f"At most {MOST_USD_IN_ALL:,} US dollars a run: {' × '.join(keys)}"
        uses = f"{' '.join(keys)} horizon_days arrivals caseload.{_PEOPLE}"
        yield fault(keys[0], f"may come to {usd:,.0f} US dollars", rule, uses=uses)


def _services(s: Scenario) -> Parts:
    """What full service costs, each case at the dearest price there is."""
    came, cases = sum(arriving_households(s).values()), cases_a_household(s)
    factor = max((highest(one.price_factor) for one in s.locations.values()), default=1.0)
    dearest = next((name for name, one in sorted(s.locations.items()) if highest(one.price_factor) == factor != 1), None)
    people = ("caseload.people", *(() if dearest is None else (f"locations.{dearest}.price_factor",)))
    for name, service in sorted(s.services.items()):
        here = f"services.{name}"
        needed = max(1.0, came * (cases[f"{here}.need_share"] + cases[f"{here}.need_rate_year"]))
        if not math.isfinite(needed):
            continue  # too many: said of the size
        for key, usd in service.most_paid(needed, highest(s.caseload.household_size_mean)).items():
            yield usd * factor, (f"{here}.{key}", *people)
        for key, usd in service.most_paid_for_stock(needed).items():
            yield usd, (f"{here}.stock.item_cost_usd", f"{here}.{key}" if key.startswith("stock") else key)


def _teams(s: Scenario) -> Parts:
    """What teams cost, begun 30 days in full."""
    for name, team in sorted(s.teams.items()):
        counts = [team.count] if isinstance(team.count, Quantity) else [one.count for one in team.count]
        lasts = max(0.0, days(s, team.until_day, horizon(s)) - days(s, team.from_day))
        usd = highest(team.cost_usd_per_30_days) * max(map(highest, counts)) * (lasts // 30 + 1)
        yield usd, (f"teams.{name}.cost_usd_per_30_days", f"teams.{name}.count", "horizon_days")


def _rounds(s: Scenario) -> Parts:
    """What DTM rounds cost: each, and for each household, which is found once."""
    if s.dtm is None:
        return
    every = float(s.dtm.every_days.value) if s.dtm.every_days else math.inf
    number = len(s.dtm.rounds) or horizon(s) // every + 1
    costs = [s.dtm.round_cost_usd, *(one.round_cost_usd for one in s.dtm.rounds if one.round_cost_usd)]
    yield max(map(highest, costs)) * number, ("dtm.round_cost_usd", "dtm.every_days", "horizon_days")
    came = sum(arriving_households(s).values())
    if math.isfinite(came):
        yield highest(s.dtm.household_cost_usd) * came, ("dtm.household_cost_usd", "caseload.people")

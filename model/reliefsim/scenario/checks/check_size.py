"""Size: what a run would have to go through, and may have to pay, before it is tried: money is kept in 64 bits.

What actors decide is counted in events: as many cases would take the same time (0.2 µs each). Measured: a payment or a
scheduled departure 20 µs, an order 60 µs, a round 100 µs and 0.04 µs a household, a plan 100 µs and 20 µs for each
service that a grant may pay for, with what is written down of it; a linear program's time rises with the square of
these pairs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...displacement import caseload_share
from ..checking import DAYS_A_MONTH, all_money, check, days, fault, horizon, notice, said
from ..faults import Finding
from ..quantities import Quantity, highest
from ..schema import Scenario
from .check_laws import rise
from .check_services import RATES, SHARES

MOST_EVENTS = 50_000_000
# Of a run, measured on one to five million people: with their cases' facts, queues, postings and what is counted of them.
HOUSEHOLD_BYTES, CASE_BYTES = 100, 220
LARGE_BYTES = 1e9
ACTS, HOLDS_ROUND, PLANS, PLANS_A_PAIR = 100, 500, 500, 100  # events
SOLVES, SOLVES_A_SQUARE = 200_000, 5  # events of rule most-value, and for the square of its pairs
FOUND_A_ROUND = 0.2  # events a household that a round looks at
LOOKED_AT = 0.05  # events a case that the closing or opening of a place looks at
# A grant's direct cost so far and the next payment are multiplied by a rate in millionths: 80 billion dollars and the
# largest grant in cents, times a million, are 9.0e18 of the 9.2e18 that 64 bits hold.
MOST_USD_IN_ALL = 80_000_000_000
_PEOPLE = "people|household_size_mean|share|displaced_people|turnover_month|turnover_people"

Parts = Iterator[tuple[float, tuple[str, ...]]]  # US dollars, and the keys they are the product of
Counts = dict[str, float]  # by the key that brings them


def arriving_households(s: Scenario) -> Counts:
    """Households that come in the run, by the key that brings them."""
    mean, load = float(s.caseload.household_size_mean.value), s.caseload
    found = {"caseload.people": float(load.people.value) / mean}
    if s.arrivals is not None and s.arrivals.rate_per_day is not None:
        lasts = max(0.0, min(days(s, s.arrivals.until_day, horizon(s)), horizon(s)))
        found["arrivals.rate_per_day"] = float(s.arrivals.rate_per_day.value) * lasts
    if s.arrivals is not None and s.arrivals.instants_days:
        found["arrivals.instants_days"] = float(len(s.arrivals.instants_days))
    if s.displacement:
        grows = [name for name, law in sorted(s.displacement.items()) if law.growth_month and law.growth_month.value > 0]
        found[f"displacement.{grows[0] if grows else min(s.displacement)}"] = rise(s) * caseload_share(s) / mean
    of_whom = float((load.turnover_people or load.people).value)
    turned_over = float(load.turnover_month.value) * of_whom * horizon(s) / DAYS_A_MONTH
    return found | {"caseload.turnover_month": turned_over / mean}


def _hosts(s: Scenario) -> float:
    """Host households for each household of the caseload."""
    return float(s.hosts.households_per_household.value) if s.hosts else 0.0


def cases_a_household(s: Scenario) -> Counts:
    """Cases that one household of the caseload brings, by the service's key."""
    size, years = float(s.caseload.household_size_mean.value), horizon(s) / 365
    found: Counts = {}
    for name, service in sorted(s.services.items()):
        units = (size if service.unit == "member" else 1.0) * (_hosts(s) if service.population == "hosts" else 1.0)
        everybody = 1.0 if all(getattr(service, key) is None for key in (*SHARES, *RATES)) else 0.0
        share = everybody + _mean_need(s, service.need_share, service.need_share_by_class)
        rate = _mean_need(s, service.need_rate_year, service.need_rate_year_by_class)
        found |= {f"services.{name}.need_share": units * share, f"services.{name}.need_rate_year": units * rate * years}
    return found


def _mean_need(s: Scenario, need: Quantity | None, by_class: dict[str, Quantity] | None) -> float:
    """Need a unit, the mean over the classes; a household may have the need of its neediest, which is let pass."""
    general, special = float(need.value) if need else 0.0, by_class or {}
    return general + sum(
        (float(special[name].value) - general) * float(one.share.value)
        for name, one in sorted(s.classes.items())
        if name in special
    )


def cases_by_then(s: Scenario, name: str, day: float) -> float:
    """Cases of a service whose need is a share that have been needed by a day, at the most: chance and classes let pass."""
    service = s.services[name]
    history = s.model_copy(update={"horizon_days": Quantity(value=max(day, 0)), "as_of": None})
    came = sum(arriving_households(history).values())
    if service.population == "hosts":
        came = arriving_households(s)["caseload.people"] * _hosts(s)
    stated = [service.need_share, *(service.need_share_by_class or {}).values()]
    most = max((float(one.value) for one in stated if one is not None), default=1.0)
    size = float(s.caseload.household_size_mean.value) if service.unit == "member" else 1.0
    cases = came * size * most * (1 - float(service.met_by_others_share.value))
    return cases + 4 * math.sqrt(cases)


def _actors_events(s: Scenario, households: float, cases: Counts) -> Counts:
    """Events of all that actors do, by the key that has them do it; ``cases``: of each service, by its need's key."""
    regular = s.dtm is not None and s.dtm.every_days is not None
    each = HOLDS_ROUND + FOUND_A_ROUND * households + _plan(s)
    found = {f"dtm.{'every_days' if regular else 'rounds'}": _rounds(s) * each}
    size, money = float(s.caseload.household_size_mean.value), all_money(s).values()
    for name, service in sorted(s.services.items()):
        here = f"services.{name}"
        usd = sum(float(grant.amount_usd.value) for grant in money if grant.may_pay(name))
        mine = cases[f"{here}.need_share"] + cases[f"{here}.need_rate_year"]
        decided = service.decisions(mine, size, horizon(s), math.inf if s.money == "unlimited" else usd)
        found |= {f"{here}.{key}": number for key, number in decided.items()}
    found["plan.rule"] = _plans(s) * _plan(s)
    for name, place in sorted(s.locations.items()):
        looks = ACTS + LOOKED_AT * sum(cases.values())
        found[f"locations.{name}.closures"] = 2 * len(place.closures) * looks
    for name, team in sorted(s.teams.items()):
        weeks = team.works or team.holidays or team.absence_share.value > 0
        found[f"teams.{name}.count"] = ACTS * (horizon(s) / 30 + (horizon(s) if weeks else 0.0))
    return {path: number for path, number in found.items() if number > 0}


def _rounds(s: Scenario) -> float:
    if s.dtm is None or s.dtm.every_days is None:
        return float(len(s.dtm.rounds)) if s.dtm is not None else 0.0
    first, last = days(s, s.dtm.first_day), days(s, s.dtm.until_day, horizon(s))
    return 1 + max(0.0, min(last, horizon(s)) - max(first, 0.0)) / float(s.dtm.every_days.value)


def _plan(s: Scenario) -> float:
    """Events of one plan."""
    pairs = sum(grant.may_pay(service) for grant in all_money(s).values() for service in s.services)
    solves = SOLVES + SOLVES_A_SQUARE * pairs**2 if s.plan.rule == "most-value" else 0
    return float(PLANS + PLANS_A_PAIR * pairs + solves)


def _plans(s: Scenario) -> float:
    """Plans beside those that rounds call for."""
    found = 1 + len(s.plan.replan_days) + 2 * sum(len(shock.grants) for shock in s.shocks.values())
    for grant in all_money(s).values():
        found += max(1, len(grant.tranches or ())) + len(grant.amendments) + (grant.no_cost_extension is not None)
    return float(found)


def _events(s: Scenario) -> tuple[Counts, Counts, Counts]:
    """Events of a run by the key that brings them: households, cases, what actors do."""
    households = arriving_households(s)
    came = sum(households.values())
    cases = {path: came * number for path, number in cases_a_household(s).items()}
    return households, cases, _actors_events(s, came, cases)


def events_of_a_run(s: Scenario) -> float:
    """About how many events a run goes through: a case counts as one, what an actor decides as its time says."""
    return sum(sum(part.values()) for part in _events(s))


@check
def a_run_has_an_end(s: Scenario) -> Iterator[Finding]:
    """Arrivals, cases, and what actors decide, each for as many as it takes as long as, are at most 50 million."""
    households, cases, actors = _events(s)
    counts = {**households, **cases}
    if sum(counts.values()) <= MOST_EVENTS:  # too many people are named before what is done for them
        counts |= actors
    came, events = sum(households.values()), sum(counts.values())
    if events <= MOST_EVENTS:
        return
    # A large need is named before the many people it multiplies, if it is more than one case a person.
    worst = max(sorted(counts), key=lambda path: counts[path])
    if worst in cases and cases[worst] <= came * float(s.caseload.household_size_mean.value):
        worst = max(sorted(households), key=lambda path: households[path])
    number = f"{events:,.0f}" if math.isfinite(events) and events < 1e15 else f"{events:.3g}"
    people, needs = "people|displaced_people|share|household_size_mean", "|".join((*SHARES, *RATES))
    also = f"horizon_days caseload.{people} services.*.{needs}"
    problem = f"means about {number} events (households, cases, rounds, departures, orders, plans)"
    yield fault(worst, problem, f"At most {MOST_EVENTS:,} events a run", _value(s, worst), also)


def bytes_of_a_run(s: Scenario) -> float:
    """The memory that one run takes, beside the program's own (bytes)."""
    households = sum(arriving_households(s).values())
    cases = households * sum(cases_a_household(s).values())
    return HOUSEHOLD_BYTES * (households + _hosts(s) * households) + CASE_BYTES * cases


@check
def a_run_of_many_says_its_memory(s: Scenario) -> Iterator[Finding]:
    """Who starts several workers should know what each of them takes."""
    if bytes_of_a_run(s) >= LARGE_BYTES:
        problem = f"means some {bytes_of_a_run(s) / 1e9:,.1f} GB of memory for each run at a time"
        yield notice("caseload.people", problem, "", s.caseload.people, "caseload.people services.*.need_share")


def _value(s: Scenario, path: str) -> str:
    """The number at a key, if there is one."""
    here: object = s
    for key in path.split("."):
        here = here.get(key) if isinstance(here, dict) else getattr(here, key, None)
    return said(here) if isinstance(here, Quantity) else ""


@check
def what_is_paid_fits_64_bits(s: Scenario) -> Iterator[Finding]:
    """Price × people × factor, cost × count × time, and all of them together."""
    parts = sorted((*_paid_for_services(s), *_paid_for_teams(s), *_paid_for_rounds(s)), key=lambda part: (-part[0], part[1]))
    usd = math.fsum(amount for amount, _ in parts)
    if parts and usd > MOST_USD_IN_ALL:
        keys = parts[0][1]
        rule = f"At most {MOST_USD_IN_ALL:,} US dollars a run: {' × '.join(keys)}"
        also = f"{' '.join(keys)} horizon_days arrivals caseload.{_PEOPLE}"
        yield fault(keys[0], f"may come to {usd:,.0f} US dollars", rule, also=also)


def _paid_for_services(s: Scenario) -> Parts:
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


def _paid_for_teams(s: Scenario) -> Parts:
    """What teams cost, begun 30 days in full."""
    for name, team in sorted(s.teams.items()):
        counts = [team.count] if isinstance(team.count, Quantity) else [one.count for one in team.count]
        lasts = max(0.0, days(s, team.until_day, horizon(s)) - days(s, team.from_day))
        usd = highest(team.cost_usd_per_30_days) * max(map(highest, counts)) * (lasts // 30 + 1)
        yield usd, (f"teams.{name}.cost_usd_per_30_days", f"teams.{name}.count", "horizon_days")


def _paid_for_rounds(s: Scenario) -> Parts:
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

"""Size: what a run would have to go through, before it is tried."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ...displacement import caseload_share
from ..faults import Finding, KeyPath, shown
from ..quantities import Quantity
from ..schema import Scenario
from .check_common import DAYS_A_MONTH, days, horizon
from .check_decided import actors_events
from .check_displaced import rise

MOST_EVENTS = 50_000_000
# Of a run, measured on one to five million people: with their cases' facts, queues, postings and what is counted of them.
HOUSEHOLD_BYTES, CASE_BYTES = 100, 220
LARGE_BYTES = 1e9
_NEEDS = ("need_share", "need_share_by_class", "need_rate_year", "need_rate_year_by_class")


def arriving_households(s: Scenario) -> Iterator[tuple[KeyPath, float]]:
    """Households that come in the run, by the key that brings them."""
    mean, load = float(s.caseload.household_size_mean.value), s.caseload
    yield ("caseload", "people"), float(load.people.value) / mean
    if s.arrivals is not None and s.arrivals.rate_per_day is not None:
        lasts = max(0.0, min(days(s, s.arrivals.until_day, horizon(s)), horizon(s)))
        yield ("arrivals", "rate_per_day"), float(s.arrivals.rate_per_day.value) * lasts
    if s.arrivals is not None and s.arrivals.instants_days:
        yield ("arrivals", "instants_days"), float(len(s.arrivals.instants_days))
    if s.displacement:
        yield ("displacement", _steepest(s)), rise(s) * caseload_share(s) / mean
    of_whom = float((load.turnover_people or load.people).value)
    turned_over = float(load.turnover_month.value) * of_whom * horizon(s) / DAYS_A_MONTH
    yield ("caseload", "turnover_month"), turned_over / mean


def _steepest(s: Scenario) -> str:
    """The first law that grows, to be named."""
    grows = [name for name, law in sorted(s.displacement.items()) if law.growth_month and law.growth_month.value > 0]
    return grows[0] if grows else min(s.displacement)


def cases_a_household(s: Scenario) -> dict[KeyPath, float]:
    """Cases that one household of the caseload brings, by the service's key."""
    size, years = float(s.caseload.household_size_mean.value), horizon(s) / 365
    found: dict[KeyPath, float] = {}
    for name, service in sorted(s.services.items()):
        units = size if service.unit == "member" else 1.0
        if service.population == "hosts":
            units *= float(s.hosts.households_per_household.value) if s.hosts else 0.0
        everybody = 1.0 if all(getattr(service, key) is None for key in _NEEDS) else 0.0
        share = everybody + _mean_need(s, service.need_share, service.need_share_by_class)
        rate = _mean_need(s, service.need_rate_year, service.need_rate_year_by_class)
        found["services", name, "need_share"] = units * share
        found["services", name, "need_rate_year"] = units * rate * years
    return found


def _mean_need(s: Scenario, need: Quantity | None, by_class: dict[str, Quantity] | None) -> float:
    """Need a unit, the mean over the classes; a household may have the need of its neediest, which is let pass."""
    general = float(need.value) if need else 0.0
    special = by_class or {}
    return general + sum(
        (float(special[name].value) - general) * float(one.share.value)
        for name, one in sorted(s.classes.items())
        if name in special
    )


def cases_by_then(s: Scenario, name: str, day: float) -> float:
    """Cases of a service whose need is a share that have been needed by a day, at the most: chance and classes let pass."""
    service = s.services[name]
    history = s.model_copy(update={"horizon_days": Quantity(value=max(day, 0)), "as_of": None})
    came = sum(number for _, number in arriving_households(history))
    if service.population == "hosts":
        came = dict(arriving_households(s))["caseload", "people"]
        came *= float(s.hosts.households_per_household.value) if s.hosts else 0.0
    stated = [service.need_share, *(service.need_share_by_class or {}).values()]
    most = max((float(one.value) for one in stated if one is not None), default=1.0)
    size = float(s.caseload.household_size_mean.value) if service.unit == "member" else 1.0
    cases = came * size * most * (1 - float(service.met_by_others_share.value))
    return cases + 4 * math.sqrt(cases)


def _events(s: Scenario) -> tuple[dict[KeyPath, float], dict[KeyPath, float], dict[KeyPath, float]]:
    """Events of a run by the key that brings them: households, cases, what actors do."""
    households = dict(arriving_households(s))
    came = sum(households.values())
    cases = {path: came * number for path, number in cases_a_household(s).items()}
    return households, cases, actors_events(s, came, cases)


def events_of_a_run(s: Scenario) -> float:
    """About how many events a run goes through: a case counts as one, what an actor decides as its time says."""
    return sum(sum(part.values()) for part in _events(s))


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
    worst = max(sorted(counts, key=str), key=lambda path: counts[path])
    if worst in cases and cases[worst] <= came * float(s.caseload.household_size_mean.value):
        worst = max(sorted(households, key=str), key=lambda path: households[path])
    said = f"{events:,.0f}" if math.isfinite(events) and events < 1e15 else f"{events:.3g}"
    sizes = ("people", "displaced_people", "share", "household_size_mean")
    uses: tuple[KeyPath, ...] = (
        worst,
        ("horizon_days",),
        *(("caseload", key) for key in sizes),
        *(("services", "*", key) for key in _NEEDS),
    )
    got = _value(s, worst)
    problem = f"means about {said} events (households, cases, rounds, departures, orders, plans)"
    yield Finding(worst, problem, f"At most {MOST_EVENTS:,} events a run", got, uses=uses)


def bytes_of_a_run(s: Scenario) -> float:
    """The memory that one run takes, beside the program's own (bytes)."""
    households = sum(number for _, number in arriving_households(s))
    hosts = float(s.hosts.households_per_household.value) * households if s.hosts else 0.0
    cases = households * sum(cases_a_household(s).values())
    return HOUSEHOLD_BYTES * (households + hosts) + CASE_BYTES * cases


def a_run_of_many_says_its_memory(s: Scenario) -> Iterator[Finding]:
    """Who starts several workers should know what each of them takes."""
    if bytes_of_a_run(s) >= LARGE_BYTES:
        problem = f"means some {bytes_of_a_run(s) / 1e9:,.1f} GB of memory for each run at a time"
        uses: tuple[KeyPath, ...] = (("caseload", "people"), ("services", "*", "need_share"))
        yield Finding(("caseload", "people"), problem, "", _value(s, ("caseload", "people")), level="notice", uses=uses)


def _value(s: Scenario, path: KeyPath) -> str:
    """The number at a key, if there is one."""
    here: object = s
    for key in path:
        here = here.get(key) if isinstance(here, dict) else getattr(here, str(key), None)
    number = getattr(here, "value", None)
    return "" if number is None else shown(number)


CHECKS = (a_run_has_an_end, a_run_of_many_says_its_memory)

"""Services: durations that are laws, prerequisites that end, intake that happens, prices that are shares."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..faults import Finding, KeyPath, shown
from ..schema import Scenario
from ..schema_services import Duration, PriceList
from .check_common import TOLERANCE, durations

_NEEDS = {
    "constant": ("mean_days",),
    "exponential": ("mean_days",),
    "gamma": ("mean_days", "cv"),
    "lognormal": ("mean_days", "cv"),
    "triangular": ("low_days", "mode_days", "high_days"),
    "empirical": ("values_days",),
}
_ALL = ("mean_days", "cv", "low_days", "mode_days", "high_days", "values_days", "weights")


def _all_durations(s: Scenario) -> Iterator[tuple[KeyPath, Duration]]:
    for name, service in sorted(s.services.items()):
        for inner, duration in durations(service).items():
            yield ("services", name, *inner), duration


def durations_have_what_their_law_needs(s: Scenario) -> Iterator[Finding]:
    """A field that the law asks for, and none that it does not use."""
    for here, duration in _all_durations(s):
        needs = _NEEDS[duration.law]
        may = (*needs, "weights") if duration.law == "empirical" else needs
        for key in _ALL:
            uses: tuple[KeyPath, ...] = ((*here, key), (*here, "law"), (*here, "value"))
            rule = f"The law {duration.law} needs {', '.join(needs)}"
            if key in needs and getattr(duration, key) is None:
                yield Finding((*here, key), "is missing", rule, uses=uses)
            elif key not in may and getattr(duration, key) is not None:
                yield Finding((*here, key), f"is not used by the law {duration.law}", rule, uses=uses)


def triangular_durations_are_in_order(s: Scenario) -> Iterator[Finding]:
    """The order is low ≤ mode ≤ high."""
    for here, duration in _all_durations(s):
        keys = ("low_days", "mode_days", "high_days")
        values = [getattr(duration, key) for key in keys]
        if any(value is None for value in values):
            continue
        for (low_key, low), (high_key, high) in pairwise(zip(keys, values, strict=True)):
            if low.value > high.value:
                uses: tuple[KeyPath, ...] = ((*here, low_key), (*here, high_key))
                problem = f"is above {high_key} {high.value}"
                yield Finding((*here, low_key), problem, "low ≤ mode ≤ high", shown(low.value), uses=uses)


def empirical_durations_have_weights_that_fit(s: Scenario) -> Iterator[Finding]:
    """One weight a value, not all of them 0."""
    for here, duration in _all_durations(s):
        values, weights = duration.values_days, duration.weights
        uses: tuple[KeyPath, ...] = ((*here, "values_days"), (*here, "weights"))
        if values is not None and not values:
            yield Finding(uses[0], "is empty", "At least one value", uses=uses)
        if values is None or weights is None:
            continue
        if len(values) != len(weights):
            problem = f"has {len(weights)} weights for {len(values)} values"
            yield Finding(uses[1], problem, "One weight a value", uses=uses)
        elif not sum(weights) > 0:
            yield Finding(uses[1], "add up to 0", "At least one weight is above 0", uses=uses)


def price_lists_have_shares_that_fit(s: Scenario) -> Iterator[Finding]:
    """One share a price, together 1; prices in whole cents."""
    for name, service in sorted(s.services.items()):
        prices = service.unit_cost_usd
        if not isinstance(prices, PriceList):
            continue
        here: KeyPath = ("services", name, "unit_cost_usd")
        uses: tuple[KeyPath, ...] = ((*here, "values_usd"), (*here, "shares"))
        added = sum(sorted(prices.shares))
        if len(prices.values_usd) != len(prices.shares):
            problem = f"has {len(prices.shares)} shares for {len(prices.values_usd)} prices"
            yield Finding(uses[1], problem, "One share a price", uses=uses)
        elif abs(added - 1) > TOLERANCE:
            problem = f"shares add up to {added:.10g}, not 1"
            yield Finding(uses[1], problem, "The shares of all prices add up to 1", uses=uses)
        for number, price in enumerate(prices.values_usd):
            if round(price, 2) != price:
                rule = "US dollars and cents"
                yield Finding((*uses[0], number), "has more than two decimals", rule, shown(price), uses=uses[:1])


def a_need_arises_in_one_way(s: Scenario) -> Iterator[Finding]:
    """As a share on arrival, or as a rate over time."""
    for name, service in sorted(s.services.items()):
        shares = [key for key in ("need_share", "need_share_by_class") if getattr(service, key) is not None]
        rates = [key for key in ("need_rate_year", "need_rate_year_by_class") if getattr(service, key) is not None]
        if shares and rates:
            path: KeyPath = ("services", name, rates[0])
            uses: tuple[KeyPath, ...] = (path, ("services", name, shares[0]))
            rule = "Need is a share on arrival, or a rate over time; two services may count as one"
            yield Finding(path, f"stands beside {shares[0]}", rule, uses=uses)


def prerequisites_come_to_an_end(s: Scenario) -> Iterator[Finding]:
    """No service waits for itself, by however many steps."""
    told: set[str] = set()
    for name in sorted(s.services):
        chain = {name: None}  # in order
        following = s.services[name].after
        while following in s.services and following not in chain:
            chain[str(following)] = None
            following = s.services[str(following)].after
        if following == name and name not in told:
            told.update(chain)
            circle = " after ".join([*chain, name])
            uses: tuple[KeyPath, ...] = tuple(("services", one, "after") for one in chain)
            path: KeyPath = ("services", name, "after")
            yield Finding(path, f"prerequisites go in a circle: {circle}", "One of them comes first", uses=uses)


def prerequisites_are_of_the_same_people(s: Scenario) -> Iterator[Finding]:
    """What comes first is a case of the same household, or of the same member."""
    for name, service in sorted(s.services.items()):
        first = s.services.get(service.after or "")
        if first is None:
            continue
        path: KeyPath = ("services", name, "after")
        for key in ("population", "unit"):
            mine, theirs = getattr(service, key), getattr(first, key)
            if mine != theirs and (key, mine) != ("unit", "member"):
                uses: tuple[KeyPath, ...] = (path, ("services", name, key), ("services", str(service.after), key))
                rule = f"{service.after} has {key} {theirs}, {name} has {mine}"
                yield Finding(path, f"names a service of another {key}", rule, shown(service.after), uses=uses)


def somebody_finds_the_cases(s: Scenario) -> Iterator[Finding]:
    """Intake by DTM needs rounds."""
    for name, service in sorted(s.services.items()):
        if service.intake == "dtm" and s.dtm is None and s.caseload.registered_at_start_share.value == 0:
            path: KeyPath = ("services", name, "intake")
            rule = "Say when rounds are held in [dtm], or who is known in caseload.registered_at_start_share"
            uses: tuple[KeyPath, ...] = (path, ("dtm",), ("caseload", "registered_at_start_share"))
            yield Finding(path, "is dtm, and there are no rounds", rule, uses=uses)


def need_is_stated(s: Scenario) -> Iterator[Finding]:
    """Where nothing is said, everybody needs a service: that may be meant, or forgotten."""
    keys = ("need_share", "need_share_by_class", "need_rate_year", "need_rate_year_by_class")
    for name, service in sorted(s.services.items()):
        if all(getattr(service, key) is None for key in keys):
            path: KeyPath = ("services", name)
            uses: tuple[KeyPath, ...] = tuple((*path, key) for key in keys)
            yield Finding(path, "says nothing of need: everybody needs it", level="notice", uses=uses)


CHECKS = (
    need_is_stated,
    a_need_arises_in_one_way,
    durations_have_what_their_law_needs,
    triangular_durations_are_in_order,
    empirical_durations_have_weights_that_fit,
    price_lists_have_shares_that_fit,
    prerequisites_come_to_an_end,
    prerequisites_are_of_the_same_people,
    somebody_finds_the_cases,
)

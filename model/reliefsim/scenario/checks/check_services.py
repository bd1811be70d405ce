"""Services: durations that are laws, prerequisites that end, intake that happens, prices that are shares."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..checking import TOLERANCE, check, each, fault, known, notice, only_its_keys, warning
from ..faults import Finding, shown
from ..quantities import Quantity
from ..schema import Scenario
from ..schema_services import DURATIONS, PriceList, ServiceBase

SHARES, RATES = ("need_share", "need_share_by_class"), ("need_rate_year", "need_rate_year_by_class")


@each("services", ServiceBase)
def a_need_arises_in_one_way(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """A share on arrival, or a rate over time. Where nothing is said everybody needs it: that may be meant, or forgotten."""
    shares, rates = ([key for key in keys if getattr(service, key) is not None] for keys in (SHARES, RATES))
    if not shares and not rates:
        yield notice(here, "says nothing of need: everybody needs it", uses=f"{here}.{'|'.join((*SHARES, *RATES))}")
    elif shares and rates:
        rule = "Need is a share on arrival, or a rate over time; two services may count as one"
        yield fault(f"{here}.{rates[0]}", f"stands beside {shares[0]}", rule, also=f"{here}.{shares[0]}")


@each("services", ServiceBase)
def durations_are_of_their_law(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """A field that the law asks for, and none that it does not use; low ≤ mode ≤ high; one weight a value, not all 0."""
    for key, duration in service.durations.items():
        place, kind = f"{here}.{key}", DURATIONS[duration.law]
        needs = f"The law {duration.law} needs {', '.join(kind.needs)}"
        yield from only_its_keys(place, duration, kind, f"the law {duration.law}", needs, needs, "law|value")
        steps = {key: getattr(duration, key) for key in DURATIONS["triangular"].needs}
        for (low_key, low), (high_key, high) in pairwise(steps.items() if all(steps.values()) else ()):
            if low.value > high.value:
                problem = f"is above {high_key} {high.value}"
                yield fault(f"{place}.{low_key}", problem, "low ≤ mode ≤ high", low, f"{place}.{high_key}")
        values, weights, also = duration.values_days, duration.weights, f"{place}.values_days|weights"
        if values is not None and not values:
            yield fault(f"{place}.values_days", "is empty", "At least one value", also=also)
        if values is not None and weights is not None and len(values) != len(weights):
            problem = f"has {len(weights)} weights for {len(values)} values"
            yield fault(f"{place}.weights", problem, "One weight a value", also=also)
        elif values is not None and weights is not None and not sum(weights) > 0:
            yield fault(f"{place}.weights", "add up to 0", "At least one weight is above 0", also=also)


@each("services", ServiceBase)
def price_lists_have_shares_that_fit(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """One share a price, together 1; prices in whole cents."""
    prices, place = service.unit_cost_usd, f"{here}.unit_cost_usd"
    if not isinstance(prices, PriceList):
        return
    added, also = sum(sorted(prices.shares)), f"{place}.values_usd"
    if len(prices.values_usd) != len(prices.shares):
        problem = f"has {len(prices.shares)} shares for {len(prices.values_usd)} prices"
        yield fault(f"{place}.shares", problem, "One share a price", also=also)
    elif abs(added - 1) > TOLERANCE:
        problem, rule = f"shares add up to {added:.10g}, not 1", "The shares of all prices add up to 1"
        yield fault(f"{place}.shares", problem, rule, also=also)
    for number, price in enumerate(prices.values_usd):
        if round(price, 2) != price:
            path, problem = f"{place}.values_usd[{number}]", "has more than two decimals"
            yield fault(path, problem, "US dollars and cents", price, also)


@check
def prerequisites_come_to_an_end(s: Scenario) -> Iterator[Finding]:
    """No service waits for itself, by however many steps."""
    told: set[str] = set()
    for name in sorted(s.services):
        chain, following = [name], s.services[name].after
        known = {name}
        while following in s.services and following not in known:
            chain.append(str(following))
            known.add(str(following))
            following = s.services[str(following)].after
        if following == name and name not in told:
            told |= known
            problem = f"prerequisites go in a circle: {' after '.join([*chain, name])}"
            yield fault(f"services.{name}.after", problem, "One of them comes first", also=f"services.{'|'.join(chain)}.after")


@each("services", ServiceBase)
def prerequisites_are_of_the_same_people(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """What comes first is a case of the same household, or of the same member."""
    first = s.services.get(service.after or "")
    for key in ("population", "unit") if first is not None else ():
        mine, theirs = getattr(service, key), getattr(first, key)
        if mine != theirs and (key, mine) != ("unit", "member"):
            also = f"{here}.{key} services.{service.after}.{key}"
            rule = f"{service.after} has {key} {theirs}, {here.split('.')[1]} has {mine}"
            yield fault(f"{here}.after", f"names a service of another {key}", rule, shown(service.after), also)


@each("services", ServiceBase)
def services_reach_people(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """Classes, places and services that there are; hosts, of whom there are some; by DTM, if rounds are held; with workers."""
    for key in ("need_share_by_class", "need_rate_year_by_class"):
        for one in sorted(getattr(service, key) or {}):
            yield from known(s, f"{here}.{key}.{one}", one, "classes")
    for number, place in enumerate(service.places or ()):
        yield from known(s, f"{here}.places[{number}]", place, "locations")
    if service.after is not None:
        yield from known(s, f"{here}.after", service.after, "services")
    if service.population == "hosts" and s.hosts is None:
        rule = "Say how many there are in [hosts]"
        yield fault(f"{here}.population", "is hosts, and there are none", rule, also="hosts")
    if service.intake == "dtm" and s.dtm is None and s.caseload.registered_at_start_share.value == 0:
        rule = "Say when rounds are held in [dtm], or who is known in caseload.registered_at_start_share"
        also = "dtm caseload.registered_at_start_share"
        yield fault(f"{here}.intake", "is dtm, and there are no rounds", rule, also=also)
    if service.places is not None and not service.places:
        yield fault(f"{here}.places", "is empty: the service is nowhere", "Leave places out to serve all locations")
    workers = getattr(service, "workers", None)
    served = any(team.service == here.split(".")[1] and team.most_workers > 0 for team in s.teams.values())
    if isinstance(workers, Quantity) and workers.value == 0 and not served:
        problem = "nobody works here: it will serve nobody"
        yield warning(f"{here}.workers", problem, "", "0", "teams.*.service|count")


@each("services", ServiceBase)
def what_is_reported_together_is_alike(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """Services with one counts_as have one unit and one population, and no name leads on to a third."""
    label, path = service.counts_as, f"{here}.counts_as"
    if label is None:
        return
    head = s.services.get(label)
    if head is not None and head.counts_as not in (None, label):
        rule = f"{label} itself counts as {head.counts_as}"
        yield fault(path, "leads on to a third name", rule, shown(label), f"services.{label}.counts_as")
    # The service of that name, if there is one, or the first that counts so.
    of_name = label if head else min(one for one in s.services if s.services[one].counts_as == label)
    first, name = s.services[of_name], here.split(".")[1]
    if (service.unit, service.population) != (first.unit, first.population):
        theirs, mine = (f"{one.population} by {one.unit}" for one in (first, service))
        rule, uses = f"{of_name} counts {theirs}, {name} {mine}", f"services.{of_name}|{name}.unit|population"
        yield fault(path, "joins services that count different things", rule, shown(label), uses=uses)

"""Shocks: each kind has what it needs, on a day on which there is something to strike."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..checking import check, dated, days, each, fault, horizon, known, only_its_keys, warning, window
from ..faults import Finding, shown
from ..schema import Scenario
from ..schema_grants import Grant
from ..schema_shocks import SHOCKS, Shock


@each("shocks", Shock)
def shocks_have_what_they_need(s: Scenario, here: str, shock: Shock) -> Iterator[Finding]:
    """A key that the kind asks for, and none that it does not use; grants that there are, each once, where money is a limit."""
    kind = SHOCKS[shock.kind]
    needs = f"A shock of kind {shock.kind} needs {' and '.join(kind.needs)}"
    has = f"It has {', '.join((*kind.needs, *kind.may))}"
    yield from only_its_keys(here, shock, kind, f"the kind {shock.kind}", needs, has, "kind")
    if not shock.grants:
        yield fault(f"{here}.grants", "names no grant", "At least one grant or pledge")
    for number, one in enumerate(shock.grants):
        yield from known(s, f"{here}.grants[{number}]", one, "grants")
        if one in shock.grants[:number]:
            yield fault(f"{here}.grants[{number}]", "is named twice", "Each grant once", shown(one))
    if s.money == "unlimited":
        yield warning(here, "changes nothing: money is unlimited", also="money")


def _struck(s: Scenario, shock: Shock) -> Iterator[tuple[str, Grant]]:
    """The grants of a shock that there are, each once, and their place in the file."""
    for name in dict.fromkeys(shock.grants):
        if name in s.grants:
            yield f"grants.{name}", s.grants[name]
        elif name in s.pledges:
            yield f"pledges.{name}", s.pledges[name]


@each("shocks", Shock)
def shocks_strike_within_the_window(s: Scenario, here: str, shock: Shock) -> Iterator[Finding]:
    """On a day on which each of its grants may pay."""
    path, day = f"{here}.day", days(s, shock.day)
    if shock.day is not None and day >= horizon(s):
        problem, rule = "lies beyond the horizon: it never comes", f"The run ends on day {horizon(s):g}"
        yield fault(path, problem, rule, shock.day, f"horizon_days{dated(shock.day)}")
    elif shock.day is not None:
        for place, grant in _struck(s, shock):
            begin, end = window(s, grant)
            if not begin <= day < end:
                times = dated(shock.day, grant.from_day, grant.until_day)
                also = f"{place}.from_day|until_day horizon_days {here}.grants{times}"
                rule = f"{place.split('.')[1]} pays from day {begin:g} until before day {end:g}"
                yield fault(path, "lies outside the window", rule, shock.day, also)


@check
def suspensions_of_a_grant_do_not_overlap(s: Scenario) -> Iterator[Finding]:
    """What is suspended cannot be suspended; the next one may begin when the one before ends."""
    spans: dict[str, list[tuple[float, float, str]]] = {}
    for name, shock in sorted(s.shocks.items()):
        if shock.kind == "suspension" and shock.day is not None and shock.days is not None:
            begin = days(s, shock.day)
            for place, _ in _struck(s, shock):
                spans.setdefault(place, []).append((begin, begin + float(shock.days.value), name))
    told = set()
    for place, found in sorted(spans.items()):
        last, first = -math.inf, ""  # the end that is latest so far, and whose it is
        for begin, end, second in sorted(found):
            if begin < last and (first, second) not in told:
                told.add((first, second))
                problem = f"begins while {first} suspends {place.split('.')[1]} still"
                rule = f"Suspensions of one grant do not overlap; {first} ends on day {last:g}"
                also = f"shocks.{first}|{second}.kind|day|days|grants start_date"
                yield fault(f"shocks.{second}.day", problem, rule, s.shocks[second].day, also)
            last, first = max((last, first), (end, second))

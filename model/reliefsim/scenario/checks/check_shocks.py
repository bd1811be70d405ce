"""Shocks: each kind has what it needs, on a day on which there is something to strike."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ..faults import Finding, KeyPath
from ..schema import Scenario
from ..schema_grants import Grant
from ..schema_shocks import Shock
from .check_common import days, horizon, said, timed

_NEEDS: dict[str, tuple[str, ...]] = {
    "stop-work": ("day",),
    "suspension": ("day", "days"),
    "late": ("days",),
    "cut": ("day", "share"),
}
_MAY_HAVE: dict[str, tuple[str, ...]] = {"stop-work": ("commitments",), "suspension": ("commitments",), "late": ("day",)}
_ALL = ("day", "days", "share", "commitments")


def shocks_have_what_they_need(s: Scenario) -> Iterator[Finding]:
    """A key that the kind asks for, and none that it does not use."""
    for name, shock in sorted(s.shocks.items()):
        here: KeyPath = ("shocks", name)
        needs, used = _NEEDS[shock.kind], (*_NEEDS[shock.kind], *_MAY_HAVE.get(shock.kind, ()))
        for key in needs:
            if getattr(shock, key) is None:
                rule = f"A shock of kind {shock.kind} needs {' and '.join(needs)}"
                yield Finding((*here, key), "is missing", rule, uses=((*here, "kind"), (*here, key)))
        for key in _ALL:
            if getattr(shock, key) is not None and key not in used:
                rule = f"It has {', '.join(used)}"
                yield Finding((*here, key), f"is not used by the kind {shock.kind}", rule, uses=((*here, "kind"),))


def _struck(s: Scenario, shock: Shock) -> Iterator[tuple[KeyPath, Grant]]:
    """The grants of a shock that there are, each once, and their place in the file."""
    for name in dict.fromkeys(shock.grants):
        if name in s.grants:
            yield ("grants", name), s.grants[name]
        elif name in s.pledges:
            yield ("pledges", name), s.pledges[name]


def shocks_strike_within_the_window(s: Scenario) -> Iterator[Finding]:
    """On a day on which each of its grants may pay."""
    for name, shock in sorted(s.shocks.items()):
        if shock.day is None:
            continue
        path: KeyPath = ("shocks", name, "day")
        day = days(s, shock.day, 0)
        if day >= horizon(s):
            rule = f"The run ends on day {horizon(s):g}"
            uses = (*timed(path, shock.day), ("horizon_days",))
            yield Finding(path, "lies beyond the horizon: it never comes", rule, said(shock.day), uses=uses)
            continue
        for here, grant in _struck(s, shock):
            begin, end = days(s, grant.from_day, 0), days(s, grant.until_day, horizon(s))
            if not begin <= day < end:
                window: tuple[KeyPath, ...] = ((*here, "from_day"), (*here, "until_day"), ("horizon_days",))
                uses = (*timed(path, shock.day, grant.from_day, grant.until_day), *window, ("shocks", name, "grants"))
                rule = f"{here[1]} pays from day {begin:g} until before day {end:g}"
                yield Finding(path, "lies outside the window", rule, said(shock.day), uses=uses)


def suspensions_of_a_grant_do_not_overlap(s: Scenario) -> Iterator[Finding]:
    """What is suspended cannot be suspended; the next one may begin when the one before ends."""
    spans: dict[KeyPath, list[tuple[float, float, str]]] = {}
    for name, shock in sorted(s.shocks.items()):
        if shock.kind == "suspension" and shock.day is not None and shock.days is not None:
            begin = days(s, shock.day, 0)
            for here, _ in _struck(s, shock):
                spans.setdefault(here, []).append((begin, begin + float(shock.days.value), name))
    told = set()
    for here, found in sorted(spans.items()):
        last, first = -math.inf, ""  # the end that is latest so far, and whose it is
        for begin, end, second in sorted(found):
            if begin < last and (first, second) not in told:
                told.add((first, second))
                yield _overlap(s, first, second, here[1], last)
            last, first = max((last, first), (end, second))


def _overlap(s: Scenario, first: str, second: str, grant: str | int, end: float) -> Finding:
    path: KeyPath = ("shocks", second, "day")
    uses = tuple(("shocks", one, key) for one in (first, second) for key in ("kind", "day", "days", "grants"))
    problem = f"begins while {first} suspends {grant} still"
    rule = f"Suspensions of one grant do not overlap; {first} ends on day {end:g}"
    return Finding(path, problem, rule, said(s.shocks[second].day), uses=(*uses, ("start_date",)))


def somebody_can_be_struck(s: Scenario) -> Iterator[Finding]:
    """Where money is unlimited there is no donor."""
    if s.money == "unlimited":
        for name in sorted(s.shocks):
            uses: tuple[KeyPath, ...] = (("money",), ("shocks", name))
            yield Finding(("shocks", name), "changes nothing: money is unlimited", "", level="warning", uses=uses)


CHECKS = (
    shocks_have_what_they_need,
    shocks_strike_within_the_window,
    suspensions_of_a_grant_do_not_overlap,
    somebody_can_be_struck,
)

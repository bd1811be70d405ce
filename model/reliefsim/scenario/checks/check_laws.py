"""Displacement and arrivals: each law has what it needs, and nobody goes home who is not there."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np

from ...displacement import changes, displaced, displaced_at_start
from ...units import DAY
from ..faults import Finding, KeyPath, shown
from ..quantities import Quantity
from ..schema import Scenario
from .check_common import days, horizon, said, timed
from .check_displaced import seconds_to_look_at

MOST_DISPLACED = 8_000_000_000
_NEEDS = {
    "stable": (),
    "compound": ("growth_month",),
    "logistic": ("growth_month", "ceiling_people"),
    "shock": ("size_share",),
    "series": ("dates", "people"),
}
_MAY_HAVE = {
    "compound": ("from_day",), "logistic": ("from_day",), "shock": ("from_day", "time_constant_days"),
    "series": ("from_day",),
}  # fmt: skip
_ALL = ("growth_month", "ceiling_people", "from_day", "size_share", "time_constant_days", "dates", "people", "file")


def laws_have_what_they_need(s: Scenario) -> Iterator[Finding]:
    """A field that the law asks for, and none that it does not use."""
    for name, law in sorted(s.displacement.items()):
        here: KeyPath = ("displacement", name)
        for key in _NEEDS[law.law]:
            if getattr(law, key) is None:
                rule = f"The law {law.law} needs {' and '.join(_NEEDS[law.law])}"
                yield Finding((*here, key), "is missing", rule, uses=((*here, "law"), (*here, key)))
        for key in _ALL:
            if getattr(law, key) is not None and key not in (*_NEEDS[law.law], *_MAY_HAVE.get(law.law, ())):
                rule = f"It has {', '.join((*_NEEDS[law.law], *_MAY_HAVE.get(law.law, ()))) or 'nothing else'}"
                yield Finding((*here, key), f"is not used by the law {law.law}", rule, uses=((*here, "law"),))


def dated_counts_are_in_order(s: Scenario) -> Iterator[Finding]:
    """As many counts as dates, each date after the one before."""
    series: dict[KeyPath, tuple[tuple[datetime.date, ...], tuple[int, ...]]] = {}
    for name, law in sorted(s.displacement.items()):
        if law.dates is not None and law.people is not None:
            series["displacement", name] = (law.dates, law.people)
    for name, country in sorted(s.refugees.items()):
        series["refugees", name] = (country.dates, country.people)
    for here, (dates, people) in series.items():
        uses: tuple[KeyPath, ...] = ((*here, "dates"), (*here, "people"))
        if len(dates) != len(people):
            problem = f"has {len(people)} counts for {len(dates)} dates"
            yield Finding(uses[1], problem, "One count for each date", uses=uses)
        elif not dates:
            yield Finding(uses[0], "is empty", "At least one date", uses=uses)
        for number in range(1, len(dates)):
            if dates[number] <= dates[number - 1]:
                got = shown(dates[number])
                problem = f"is not after {dates[number - 1].isoformat()}"
                yield Finding((*uses[0], number), problem, "Dates in order, none twice", got, uses=uses)


def a_series_covers_the_run(s: Scenario) -> Iterator[Finding]:
    """Counts begin no later than the run; where they end sooner, the last one is kept."""
    for name, law in sorted(s.displacement.items()):
        if law.law != "series" or not law.dates:
            continue
        path: KeyPath = ("displacement", name, "dates")
        first, last = days(s, law.dates[0], 0), days(s, law.dates[-1], 0)
        if first > 0:
            rule = f"The first date is no later than start_date, {s.start_date.isoformat()}"
            yield Finding(path, "begins after the start", rule, shown(law.dates[0]), uses=(path, ("start_date",)))
        if last < horizon(s):
            uses: tuple[KeyPath, ...] = (path, ("start_date",), ("horizon_days",))
            problem = "ends before the horizon; the last count is kept"
            yield Finding(path, problem, "", shown(law.dates[-1]), level="notice", uses=uses)


def a_ceiling_is_above_the_start(s: Scenario) -> Iterator[Finding]:
    """Logistic growth goes up to its ceiling."""
    start = displaced_at_start(s)
    for name, law in sorted(s.displacement.items()):
        if law.law == "logistic" and law.ceiling_people is not None and law.ceiling_people.value < start:
            path: KeyPath = ("displacement", name, "ceiling_people")
            rule = f"At least the displaced at the start, {start:.0f}"
            uses: tuple[KeyPath, ...] = (path, ("caseload", "displaced_people"), ("caseload", "people"))
            yield Finding(path, "is below the start", rule, shown(law.ceiling_people.value), uses=uses)


def nobody_goes_home_who_is_not_there(s: Scenario) -> Iterator[Finding]:
    """No law takes away more people than there are, and the laws together do not."""
    problem = "more people going home than are there"
    alone = False
    for name, law in sorted(s.displacement.items()):
        for key, lowest, rule in (
            ("growth_month", -1 + 1e-9, "A share a month, above -1 (all of them)"),
            ("size_share", -1, "A share of the displaced, -1 (all of them) or more"),
        ):
            share: Quantity | None = getattr(law, key)
            smallest = None if share is None else min(share.value, share.value if share.low is None else share.low)
            if smallest is not None and smallest < lowest:
                alone = True
                yield Finding(("displacement", name, key), problem, rule, shown(smallest))
    if alone or not s.displacement:
        return
    seconds = seconds_to_look_at(s)
    for second, left in zip(seconds.tolist(), displaced(s, seconds).tolist(), strict=True):
        if not -0.5 <= left <= MOST_DISPLACED:
            day, then = second / DAY, np.array([second], np.float64)
            laws = {name: float(change(then)[0]) for name, change in changes(s).items()}
            choose, said_of_all = (min, "0 or more") if left < 0 else (max, f"at most {MOST_DISPLACED:,}")
            problem = problem if left < 0 else "more people displaced than live on Earth"
            worst = choose(sorted(laws), key=lambda name: laws[name])
            uses: tuple[KeyPath, ...] = (
                *(("displacement", "*", key) for key in ("law", *_ALL)),
                *(("caseload", "displaced_people"), ("caseload", "people"), ("start_date",), ("horizon_days",)),
            )
            got = f"{left:.0f} people on day {day:.0f}" if left < 1e15 else f"{left:.3g} people on day {day:.0f}"
            yield Finding(("displacement", worst), problem, f"All laws together leave {said_of_all}", got, uses=uses)
            return


def arrivals_say_when(s: Scenario) -> Iterator[Finding]:
    """A rate, or instants."""
    arrivals = s.arrivals
    if arrivals is None:
        return
    if arrivals.rate_per_day is None and arrivals.instants_days is None:
        uses: tuple[KeyPath, ...] = (("arrivals", "rate_per_day"), ("arrivals", "instants_days"))
        yield Finding(("arrivals",), "says nothing", "It has rate_per_day or instants_days", uses=uses)
    late = [day for day in arrivals.instants_days or () if day >= horizon(s)]
    if late:
        path: KeyPath = ("arrivals", "instants_days")
        problem = f"{len(late)} of the instants lie beyond the horizon"
        yield Finding(path, problem, "", shown(late[0]), level="warning", uses=(path, ("horizon_days",)))


def laws_begin_within_the_run(s: Scenario) -> Iterator[Finding]:
    """What begins after the horizon does nothing."""
    for name, law in sorted(s.displacement.items()):
        if law.from_day is not None and days(s, law.from_day, 0) >= horizon(s):
            path: KeyPath = ("displacement", name, "from_day")
            uses = (*timed(path, law.from_day), ("horizon_days",))
            problem = f"{law.law} begins after the horizon: it never comes"
            yield Finding(path, problem, "", said(law.from_day), level="warning", uses=uses)


CHECKS = (
    laws_have_what_they_need,
    dated_counts_are_in_order,
    a_series_covers_the_run,
    a_ceiling_is_above_the_start,
    nobody_goes_home_who_is_not_there,
    arrivals_say_when,
    laws_begin_within_the_run,
)

"""Displacement and arrivals: each law has what it needs, and nobody goes home who is not there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ...displacement import changes, displaced, displaced_at_start
from ...growth.pools import MOST_MONTHS, SCORED_MONTHS, shipped
from ...units import DAY, moment
from ..checking import DAYS_A_MONTH, check, dated, days, each, fault, horizon, notice, only_its_keys, warning
from ..faults import Finding
from ..memo import once
from ..schema import Refugees, Scenario
from ..schema_growth import LAWS, Law
from ..stated_texts import Frozen

MOST_DISPLACED = 8_000_000_000
LEAST_COUNTS = 3  # that a fitted law learns from
_STEPS = 400  # into which a run is cut, to look at the sum of the laws
_KEYS = "law|growth_month|ceiling_people|from_day|size_share|time_constant_days|dates|people|file|counts|as_of|pool"
_NOT_THERE = "more people going home than are there"


def seconds_to_look_at(s: Scenario) -> npt.NDArray[np.int64]:
    """Seconds evenly over the run, those at which a law begins or bends, and the second before it does."""
    last = moment(s.horizon_days, s.start_date, 0)
    bends = {moment(law.from_day, s.start_date, 0) for law in s.displacement.values()}
    bends |= {(date - s.start_date).days * DAY for law in s.displacement.values() for date in law.dates or ()}
    within = sorted(second for bend in bends for second in (bend - 1, bend) if 0 <= second <= last)
    evenly = {last * step // _STEPS for step in range(_STEPS + 1)}
    return np.array(sorted(evenly | set(within[:: 1 + len(within) // _STEPS])), np.int64)


@once
def displaced_then(s: Scenario) -> npt.NDArray[np.float64]:
    """Displaced people at each of the seconds to look at."""
    return displaced(s, seconds_to_look_at(s))


def rise(s: Scenario) -> float:
    """How many people more are displaced over the run, falls left out."""
    return float(np.maximum(np.diff(displaced_then(s)), 0).sum())


@each("displacement", Law)
def laws_have_what_they_need(s: Scenario, here: str, law: Law) -> Iterator[Finding]:
    """A key that the law asks for, and none that it does not use; a beginning in the run, a ceiling above the start, and
    counts that begin no later than the run. Where they end sooner, the last one is kept."""
    kind = LAWS[law.law]
    needs, has = " and ".join(kind.needs), ", ".join((*kind.needs, *kind.may)) or "nothing else"
    rules = (f"The law {law.law} needs {needs}", f"It has {has}")
    yield from only_its_keys(here, law, kind, f"the law {law.law}", *rules, "law")
    if law.law == "series" and law.dates and days(s, law.dates[0]) > 0:
        rule = f"The first date is no later than start_date, {s.start_date.isoformat()}"
        yield fault(f"{here}.dates", "begins after the start", rule, law.dates[0], "start_date")
    if law.law == "series" and law.dates and days(s, law.dates[-1]) < horizon(s):
        problem = "ends before the horizon; the last count is kept"
        yield notice(f"{here}.dates", problem, "", law.dates[-1], "start_date horizon_days")
    start = displaced_at_start(s)
    if law.law == "logistic" and law.ceiling_people is not None and law.ceiling_people.value < start:
        path, rule = f"{here}.ceiling_people", f"At least the displaced at the start, {start:.0f}"
        yield fault(path, "is below the start", rule, law.ceiling_people, "caseload.displaced_people|people")
    if days(s, law.from_day) >= horizon(s):
        problem, path = f"{law.law} begins after the horizon: it never comes", f"{here}.from_day"
        yield warning(path, problem, "", law.from_day, f"horizon_days{dated(law.from_day)}")


@each("displacement", Law)
def fitted_laws_have_counts_to_learn_from(s: Scenario, here: str, law: Law) -> Iterator[Finding]:
    """Three counts or more up to the day that it may look, none of nobody, not too long before the horizon; beside past
    counts alone, for it holds all growth."""
    if law.law != "fitted" or law.dates is None or law.people is None or len(law.dates) != len(law.people):
        return
    until, uses = law.as_of or s.start_date, f"{here}.dates|people|as_of|counts start_date"
    read = [date for date in law.dates if date <= until]
    low, high = shipped()["onset"]
    if len(read) < LEAST_COUNTS:
        problem = f"has {len(read)} counts up to {until.isoformat()}: too few to learn from"
        rule = (
            f"{LEAST_COUNTS} or more. With fewer, state law = \"compound\" with a range of growth_month: in their first "
            f"half year, other crises grew by {100 * low:+.0f} to {100 * high:+.0f} % a month, eight of ten of them"
        )
        yield fault(f"{here}.dates", problem, rule, uses=uses)
        return
    if any(count == 0 for count in law.people):
        yield fault(f"{here}.people", "counts nobody: a fitted law is of the logarithm", "1 or more", "0", uses=uses)
    months = (horizon(s) - days(s, read[-1])) / DAYS_A_MONTH
    if months > MOST_MONTHS:
        rule = f"At most {MOST_MONTHS} months after the last count: further ahead it tells nothing"
        yield fault(f"{here}.dates", f"ends {months:.0f} months before the horizon", rule, read[-1], f"{uses} horizon_days")
    elif months > SCORED_MONTHS:
        problem = f"ends {months:.0f} months before the horizon: its intervals were scored to {SCORED_MONTHS}"
        yield notice(f"{here}.dates", problem, "", read[-1], f"{uses} horizon_days")
    if law.ceiling_people is not None and law.ceiling_people.value < law.people[len(read) - 1]:
        yield fault(f"{here}.ceiling_people", "is below the last count", "", law.ceiling_people, uses)
    others = [name for name, one in sorted(s.displacement.items()) if one is not law and one.law not in ("series", "stable")]
    if others:
        rule = "It holds all growth to come: only series (the past) may stand beside it"
        yield fault(here, f"stands beside {others[0]}", rule, also="displacement.*.law")


@each("displacement refugees", Frozen)
def dated_counts_are_in_order(s: Scenario, here: str, series: Frozen) -> Iterator[Finding]:
    """As many counts as dates, each date after the one before."""
    uses = f"{here}.dates|people"
    if not isinstance(series, Law | Refugees) or (dates := series.dates) is None or (people := series.people) is None:
        return
    if len(dates) != len(people):
        problem = f"has {len(people)} counts for {len(dates)} dates"
        yield fault(f"{here}.people", problem, "One count for each date", uses=uses)
    elif not dates:
        yield fault(f"{here}.dates", "is empty", "At least one date", uses=uses)
    for number, (before, date) in enumerate(pairwise(dates), 1):
        if date <= before:
            problem, rule = f"is not after {before.isoformat()}", "Dates in order, none twice"
            yield fault(f"{here}.dates[{number}]", problem, rule, date, uses)


@check
def nobody_goes_home_who_is_not_there(s: Scenario) -> Iterator[Finding]:
    """No law takes away more people than there are, and the laws together do not."""
    alone = [finding for name, law in sorted(s.displacement.items()) for finding in _alone(f"displacement.{name}", law)]
    yield from alone
    if alone or not s.displacement:
        return
    for second, left in zip(seconds_to_look_at(s).tolist(), displaced_then(s).tolist(), strict=True):
        if not -0.5 <= left <= MOST_DISPLACED:
            day, then = second / DAY, np.array([second], np.float64)
            laws = {name: float(change(then)[0]) for name, change in changes(s).items()}
            choose, said_of_all = (min, "0 or more") if left < 0 else (max, f"at most {MOST_DISPLACED:,}")
            problem = _NOT_THERE if left < 0 else "more people displaced than live on Earth"
            worst = choose(sorted(laws), key=lambda name: laws[name])
            uses = f"displacement.*.{_KEYS} caseload.displaced_people|people start_date horizon_days"
            got = f"{left:.0f} people on day {day:.0f}" if left < 1e15 else f"{left:.3g} people on day {day:.0f}"
            yield fault(f"displacement.{worst}", problem, f"All laws together leave {said_of_all}", got, uses=uses)
            return


def _alone(here: str, law: Law) -> Iterator[Finding]:
    for key, lowest, rule in (
        ("growth_month", -1 + 1e-9, "A share a month, above -1 (all of them)"),
        ("size_share", -1, "A share of the displaced, -1 (all of them) or more"),
    ):
        share = getattr(law, key)
        if share is not None and (smallest := min(share.value, share.value if share.low is None else share.low)) < lowest:
            yield fault(f"{here}.{key}", _NOT_THERE, rule, smallest)


@check
def arrivals_say_when(s: Scenario) -> Iterator[Finding]:
    """A rate, or instants."""
    if s.arrivals is None:
        return
    if s.arrivals.rate_per_day is None and s.arrivals.instants_days is None:
        rule = "It has rate_per_day or instants_days"
        yield fault("arrivals", "says nothing", rule, uses="arrivals.rate_per_day|instants_days")
    late = [day for day in s.arrivals.instants_days or () if day >= horizon(s)]
    if late:
        problem = f"{len(late)} of the instants lie beyond the horizon"
        yield warning("arrivals.instants_days", problem, "", late[0], "horizon_days")

"""Time: what ends after it begins, and lies within the run."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..faults import Finding, KeyPath
from ..quantities import Quantity
from ..schema import Scenario
from .check_common import days, horizon, money_that_may_come, said, timed

Point = Quantity | datetime.date


def the_warm_up_ends_within_the_run(s: Scenario) -> Iterator[Finding]:
    """Something is left to report."""
    path: KeyPath = ("warmup_days",)
    if s.warmup_days.value >= horizon(s):
        rule = f"The warm-up is shorter than the horizon of {horizon(s):g} days"
        yield Finding(path, "is not below the horizon", rule, said(s.warmup_days), uses=(path, ("horizon_days",)))


def the_run_lasts_a_second(s: Scenario) -> Iterator[Finding]:
    """Time is whole seconds."""
    if 0 < horizon(s) < 1 / 86_400:
        yield Finding(("horizon_days",), "is shorter than a second", "Time is whole seconds", said(s.horizon_days))


def _spans(s: Scenario) -> Iterator[tuple[KeyPath, str, Point, Point | None]]:
    """Everything with a beginning and an end: its place, the key of its beginning, both."""
    for path, grant in money_that_may_come(s).items():
        yield path, "from_day", grant.from_day, grant.until_day
    for name, team in sorted(s.teams.items()):
        yield ("teams", name), "from_day", team.from_day, team.until_day
    for name, place in sorted(s.locations.items()):
        for number, closure in enumerate(place.closures):
            yield ("locations", name, "closures", number), "from_day", closure.from_day, closure.until_day
    if s.dtm is not None and s.dtm.first_day is not None:
        yield ("dtm",), "first_day", s.dtm.first_day, s.dtm.until_day
    if s.arrivals is not None:
        yield ("arrivals",), "", Quantity(value=0), s.arrivals.until_day


def what_ends_ends_after_it_begins(s: Scenario) -> Iterator[Finding]:
    """[from_day, until_day) holds at least an instant."""
    for here, key, begin, end in _spans(s):
        if end is None or days(s, end, 0) > days(s, begin, 0):
            continue
        path: KeyPath = (*here, "until_day")
        begins = f"{key} is {said(begin)}" if key else "the start is day 0"
        problem = "ends when it begins" if days(s, end, 0) == days(s, begin, 0) else "ends before it begins"
        uses = (*timed(path, begin, end), *([(*here, key)] if key else []))
        yield Finding(path, problem, f"until_day is after the beginning; {begins}", said(end), uses=uses)


def windows_lie_within_the_run(s: Scenario) -> Iterator[Finding]:
    """What lies beyond the horizon is not seen."""
    for here, key, begin, end in _spans(s):
        uses: tuple[KeyPath, ...] = (("horizon_days",), ("start_date",), (*here, key), (*here, "until_day"))
        rule = f"The run ends on day {horizon(s):g}"
        if key and days(s, begin, 0) >= horizon(s):
            problem = "begins after the horizon: it never comes"
            yield Finding((*here, key), problem, rule, said(begin), level="warning", uses=uses)
        elif here[0] in ("grants", "pledges") and end is not None:
            if days(s, end, 0) > horizon(s):
                problem = "the window ends beyond the horizon"
                yield Finding((*here, "until_day"), problem, rule, said(end), level="warning", uses=uses)
            elif days(s, begin, 0) < days(s, end, 0) <= 0:
                problem = "the window ends before the run begins: it never pays"
                yield Finding((*here, "until_day"), problem, "", said(end), level="warning", uses=uses)


CHECKS = (
    the_warm_up_ends_within_the_run,
    the_run_lasts_a_second,
    what_ends_ends_after_it_begins,
    windows_lie_within_the_run,
)

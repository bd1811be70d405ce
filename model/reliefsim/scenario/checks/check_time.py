"""Time: what ends after it begins, and lies within the run; DTM rounds, each once, somewhere, on a day of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..checking import Point, all_money, check, dated, days, fault, horizon, known, said, warning
from ..faults import Finding
from ..quantities import Quantity
from ..schema import Scenario

_REGULAR = ("first_day", "every_days", "until_day")


@check
def the_run_is_long_enough(s: Scenario) -> Iterator[Finding]:
    """Something is left to report after the warm-up, and time is whole seconds."""
    if s.warmup_days.value >= horizon(s):
        rule = f"The warm-up is shorter than the horizon of {horizon(s):g} days"
        yield fault("warmup_days", "is not below the horizon", rule, s.warmup_days, "horizon_days")
    if 0 < horizon(s) < 1 / 86_400:
        yield fault("horizon_days", "is shorter than a second", "Time is whole seconds", s.horizon_days)


def _spans(s: Scenario) -> Iterator[tuple[str, str, Point, Point | None]]:
    """Everything with a beginning and an end: its place, the key of its beginning, both."""
    for here, grant in all_money(s).items():
        yield here, "from_day", grant.from_day, grant.until_day
    for name, team in sorted(s.teams.items()):
        yield f"teams.{name}", "from_day", team.from_day, team.until_day
    for name, place in sorted(s.locations.items()):
        for number, closure in enumerate(place.closures):
            yield f"locations.{name}.closures[{number}]", "from_day", closure.from_day, closure.until_day
    if s.dtm is not None and s.dtm.first_day is not None:
        yield "dtm", "first_day", s.dtm.first_day, s.dtm.until_day
    if s.arrivals is not None:
        yield "arrivals", "", Quantity(value=0), s.arrivals.until_day


@check
def what_ends_ends_after_it_begins(s: Scenario) -> Iterator[Finding]:
    """[from_day, until_day) holds at least an instant."""
    for here, key, begin, end in _spans(s):
        if end is None or days(s, end) > days(s, begin):
            continue
        begins = f"{key} is {said(begin)}" if key else "the start is day 0"
        problem = "ends when it begins" if days(s, end) == days(s, begin) else "ends before it begins"
        rule, also = f"until_day is after the beginning; {begins}", f"{f'{here}.{key}' if key else ''}{dated(begin, end)}"
        yield fault(f"{here}.until_day", problem, rule, end, also)


@check
def windows_lie_within_the_run(s: Scenario) -> Iterator[Finding]:
    """What lies beyond the horizon is not seen."""
    for here, key, begin, end in _spans(s):
        also, rule = f"horizon_days start_date {here}.{key}|until_day", f"The run ends on day {horizon(s):g}"
        if key and days(s, begin) >= horizon(s):
            yield warning(f"{here}.{key}", "begins after the horizon: it never comes", rule, begin, also)
        elif here.startswith(("grants.", "pledges.")) and end is not None:
            if days(s, end) > horizon(s):
                yield warning(f"{here}.until_day", "the window ends beyond the horizon", rule, end, also)
            elif days(s, begin) < days(s, end) <= 0:
                problem = "the window ends before the run begins: it never pays"
                yield warning(f"{here}.until_day", problem, "", end, also)


@check
def rounds_are_stated_in_one_way(s: Scenario) -> Iterator[Finding]:
    """One by one, or by the first one and the distance."""
    stated = [key for key in _REGULAR if s.dtm is not None and getattr(s.dtm, key) is not None]
    if s.dtm is not None and s.dtm.rounds and stated:
        rule = 'Either rounds, or first_day with every_days and until_day. A parent\'s are taken away by remove = ["dtm.rounds"]'
        yield fault(f"dtm.{stated[0]}", "stands beside rounds", rule, also="dtm")
    elif s.dtm is not None and not s.dtm.rounds and s.dtm.first_day is None:
        rule = "first_day of rounds at equal distances, or [[dtm.rounds]] one by one"
        yield fault("dtm.first_day", "is missing", rule, also="dtm")


@check
def rounds_are_of_places_in_the_run(s: Scenario) -> Iterator[Finding]:
    """Of at least one that exists, or of all; from its first day on; one beyond the horizon is not seen."""
    for number, one in enumerate(s.dtm.rounds if s.dtm else ()):
        here = f"dtm.rounds[{number}]"
        if one.locations is not None and not one.locations:
            yield fault(f"{here}.locations", "is empty: the round is nowhere", "Leave locations out to cover all of them")
        for place, name in enumerate(one.locations or ()):
            yield from known(s, f"{here}.locations[{place}]", name, "locations")
        if s.dtm is not None and s.dtm.first_day is not None:
            continue  # said above
        if min(days(s, one.day), getattr(one.day, "low", None) or 0) < 0:
            yield fault(f"{here}.day", "lies before the run", "It begins on day 0", one.day, dated(one.day))
        elif days(s, one.day) >= horizon(s):
            problem, rule = "lies beyond the horizon: the round is never held", f"The run ends on day {horizon(s):g}"
            yield warning(f"{here}.day", problem, rule, one.day, f"horizon_days{dated(one.day)}")


@check
def a_place_has_one_round_a_day(s: Scenario) -> Iterator[Finding]:
    """A second round in the same second would count the same people again."""
    held: dict[tuple[float, str], int] = {}
    for number, one in enumerate(s.dtm.rounds if s.dtm else ()):
        named = list(one.locations) if one.locations is not None else sorted(s.locations) or [""]
        for place in named:
            first = held.setdefault((days(s, one.day), place), number)
            if first != number or named.count(place) > 1:
                also = f"dtm.rounds[{number}] dtm.rounds[{first}] start_date locations.*.name"
                problem = f"has a second round of {place} on its day" if place else "is a second round on its day"
                yield fault(f"dtm.rounds[{number}].day", problem, "Each place once a day", one.day, also)
                break


@check
def somebody_looks_in_every_place(s: Scenario) -> Iterator[Finding]:
    """Who lives where no round is held is found by none."""
    if s.dtm is None or not s.dtm.rounds or any(one.locations is None for one in s.dtm.rounds):
        return
    covered = {name for one in s.dtm.rounds for name in one.locations or ()}
    served = {place for one in s.services.values() if one.intake == "dtm" for place in one.places or s.locations}
    for name in sorted(served & set(s.locations) - covered):
        yield warning(f"locations.{name}", "no DTM round is held there: nobody is found by one", also="dtm services")

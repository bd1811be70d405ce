"""DTM rounds: stated one by one or at equal distances; of places that exist, in the run, each once."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath
from ..schema import Scenario
from .check_common import days, horizon, known, rounds_begin, said, timed

_REGULAR = ("first_day", "every_days", "until_day")


def rounds_are_stated_in_one_way(s: Scenario) -> Iterator[Finding]:
    """One by one, or by the first one and the distance."""
    if s.dtm is None:
        return
    stated = [key for key in _REGULAR if getattr(s.dtm, key) is not None]
    uses: tuple[KeyPath, ...] = (("dtm",), *(("dtm", key) for key in ("rounds", *_REGULAR)))
    if s.dtm.rounds and stated:
        rule = 'Either rounds, or first_day with every_days and until_day. A parent\'s are taken away by remove = ["dtm.rounds"]'
        yield Finding(("dtm", stated[0]), "stands beside rounds", rule, uses=uses)
    elif not s.dtm.rounds and s.dtm.first_day is None:
        problem, rule = "is missing", "first_day of rounds at equal distances, or [[dtm.rounds]] one by one"
        yield Finding(("dtm", "first_day"), problem, rule, uses=uses)


def rounds_are_of_places(s: Scenario) -> Iterator[Finding]:
    """Of at least one that exists, or of all."""
    for number, one in enumerate(s.dtm.rounds if s.dtm else ()):
        path: KeyPath = ("dtm", "rounds", number, "locations")
        if one.locations is not None and not one.locations:
            yield Finding(path, "is empty: the round is nowhere", "Leave locations out to cover all of them")
        for place, name in enumerate(one.locations or ()):
            yield from known((*path, place), name, s.locations, "location", "locations")


def rounds_are_in_the_run(s: Scenario) -> Iterator[Finding]:
    """From its first day on; one beyond the horizon is not seen."""
    for path, day in (rounds_begin(s.dtm) if s.dtm is not None else {}).items():
        if path[1] != "rounds":
            continue
        earliest = min(days(s, day, 0), getattr(day, "low", None) or 0)
        if earliest < 0:
            yield Finding(path, "lies before the run", "It begins on day 0", said(day), uses=timed(path, day))
        elif days(s, day, 0) >= horizon(s):
            uses = (*timed(path, day), ("horizon_days",))
            problem, rule = "lies beyond the horizon: the round is never held", f"The run ends on day {horizon(s):g}"
            yield Finding(path, problem, rule, said(day), level="warning", uses=uses)


def a_place_has_one_round_a_day(s: Scenario) -> Iterator[Finding]:
    """A second round in the same second would count the same people again."""
    held: dict[tuple[float, str], int] = {}
    for number, one in enumerate(s.dtm.rounds if s.dtm else ()):
        path: KeyPath = ("dtm", "rounds", number)
        named = list(one.locations) if one.locations is not None else sorted(s.locations) or [""]
        for place in named:
            first = held.setdefault((days(s, one.day, 0), place), number)
            if first != number or named.count(place) > 1:
                uses: tuple[KeyPath, ...] = (path, ("dtm", "rounds", first), ("start_date",), ("locations", "*", "name"))
                problem = f"has a second round of {place} on its day" if place else "is a second round on its day"
                yield Finding((*path, "day"), problem, "Each place once a day", said(one.day), uses=uses)
                break


def somebody_looks_in_every_place(s: Scenario) -> Iterator[Finding]:
    """Who lives where no round is held is found by none."""
    if s.dtm is None or not s.dtm.rounds or any(one.locations is None for one in s.dtm.rounds):
        return
    covered = {name for one in s.dtm.rounds for name in one.locations or ()}
    served = {place for one in s.services.values() if one.intake == "dtm" for place in one.places or s.locations}
    for name in sorted(served & set(s.locations) - covered):
        path: KeyPath = ("locations", name)
        uses: tuple[KeyPath, ...] = (path, ("dtm",), ("services",))
        yield Finding(path, "no DTM round is held there: nobody is found by one", "", "", level="warning", uses=uses)


CHECKS = (
    rounds_are_stated_in_one_way,
    rounds_are_of_places,
    rounds_are_in_the_run,
    a_place_has_one_round_a_day,
    somebody_looks_in_every_place,
)

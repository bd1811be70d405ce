"""What amounts of additional money reach, beside none, in words; and from which amount on more changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...study.queries.ask_answers import saturated_from
from ...study.request import Target
from ...study.statistics.differences import difference
from ...study.statistics.estimates import estimate
from .phrases import from_to, with_service
from .spread import grouped

if TYPE_CHECKING:
    from ...study.queries.ask_answers import Answer
    from ...study.running.runner import Arm


def reached(found: Answer, by: str) -> str:
    """How many people the ask reaches, or what money alone reaches at best, and how many more than nothing more does.

    ``by``: the last day, in words.
    """
    if found.curve is None:
        return ""
    none, *others = found.curve.arms
    amounts = {float(arm.scenario): arm for arm in others}
    flat = saturated_from(found)
    at = found.ask() if found.ask() in amounts else max(amounts, default=0.0) if flat is None else flat
    if at == 0:
        return f"As things are, by {by}, {_mean(found, none)}."
    arm = amounts[at]
    apart, place = difference(arm, none), people_reached(found).place(arm.reading.scenario)
    mean, low, high = (float(one[place]) for one in (apart.mean, apart.interval.low, apart.interval.high))
    ends = f" ({from_to(grouped(low), grouped(high))})" if low < high else ""
    more = f"{grouped(abs(mean))} {'fewer' if round(mean) < 0 else 'more'} than without it{ends}"
    if round(mean) == 0:
        more = "no more than without it"
    return f"With USD {grouped(at)} more, by {by}, {_mean(found, arm)}, {more}."


def people_reached(found: Answer) -> Target:
    """Where people reached of the target's service or class stand."""
    return Target("people_reached", 0, found.question.target.service, found.question.target.group)


def _mean(found: Answer, arm: Arm) -> str:
    from .phrases import of_what

    told, place = estimate(arm.values), people_reached(found).place(arm.reading.scenario)
    mean, low, high = (float(one[place]) for one in (told.mean, told.ci_low, told.ci_high))
    ends = f" (95 % interval {from_to(grouped(low), grouped(high))})" if low < high else ""
    person, are = ("person", "is") if round(mean) == 1 else ("people", "are")
    return f"{grouped(mean)} {person}{with_service(of_what(found))} {are} reached{ends}"

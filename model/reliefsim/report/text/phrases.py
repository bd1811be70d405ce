"""A target, a date, a share or a range becomes words that can stand in an appeal."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING

from ...indicators.measure import HOSTS
from ...indicators.registry import INDICATORS
from .spread import grouped

if TYPE_CHECKING:
    from ...results.ask_rows import Range
    from ...study.queries.ask_answers import Answer


def target_told(indicator: str, wanted: float, of: str = "") -> str:
    """``at least 80 % of the need is served``; ``of``: `` of host families``, or empty."""
    one = INDICATORS[indicator]
    bound = "at least" if one.sense > 0 else "at most"
    number = f"{bound} {'USD ' if one.unit == 'USD' else ''}{number_of(indicator, wanted)}"
    if one.goal is None:
        return f"{noun_of(indicator, of)} is {number}"
    return one.goal.told.format(number, of=of, with_=with_service(of))


def noun_of(indicator: str, of: str = "") -> str:
    """What an indicator is."""
    goal = INDICATORS[indicator].goal
    return goal.noun.format(of=of, with_=with_service(of)) if goal else f"{indicator.replace('_', ' ')}{of}"


def with_service(of: str) -> str:
    """People are reached with a service for which there is need."""
    return of.replace(" for ", " with ", 1)


def number_of(indicator: str, value: float) -> str:
    """A value of an indicator: a share in per cent, with a decimal where it has one."""
    if math.isnan(value):
        return "not defined"
    if INDICATORS[indicator].unit == "share":
        return f"{100 * value:.1f}".removesuffix(".0") + " %"
    return grouped(value) if value >= 10 or value == round(value) else f"{value:.1f}"


def percent(share: float) -> str:
    """A share of runs; never 0 or 100 of what is not none or all."""
    if share in (0, 1) or 0.01 <= share <= 0.99:
        return f"{100 * share:.0f} %"
    return f"{100 * share:.1f} %"


def said(date: str) -> str:
    """``1 November 2012`` for ``2012-11-01``."""
    day = datetime.date.fromisoformat(date[:10])
    return f"{day.day} {day.strftime('%B %Y')}"


def from_to(low: str, high: str) -> str:
    """``a to b``, or ``a`` if both are the same."""
    return low if low == high else f"{low} to {high}"


def span(first: str, last: str) -> str:
    """``3 to 20 December 2012 (eight of ten runs)``, or the one day; a missing end is later than any day."""
    if not last:
        return f"{said(first)} or later (eight of ten runs)"
    one, other = said(first), said(last)
    if one == other:
        return one
    begins, ends = one.split(), other.split()
    shared = 2 if begins[1:] == ends[1:] else 1 if begins[2] == ends[2] else 0
    return f"{' '.join(begins[: 3 - shared])} to {other} (eight of ten runs)"


def listed(parts: list[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def people_of(one: Range, what: str = "people") -> str:
    """The middle run, and eight of ten."""
    word = "person" if what == "people" and one.p50 == 1 else what
    ends = from_to(grouped(one.p10), grouped(one.p90))
    return f"{grouped(one.p50)} {word}" + (f" ({ends})" if one.p10 != one.p90 else "")


def usd_of(one: Range) -> str:
    """The same of an amount."""
    ends = from_to(grouped(one.p10), grouped(one.p90))
    return f"USD {grouped(one.p50)}" + (f" ({ends})" if one.p10 != one.p90 else "")


def of_what(found: Answer) -> str:
    """`` for Medical referral``, `` of host families``, `` of class Aged``: what the target is of; empty: everything."""
    target, scenario = found.question.target, found.scenario
    if target.service:
        return f" for {label(found, target.service)}"
    if target.group == HOSTS:
        return " of host families"
    return f" of class {class_label(found, target.group)}" if target.group in scenario.classes else ""


def class_label(found: Answer, name: str) -> str:
    """A class as the scenario names it."""
    return found.scenario.classes[name].label or name


def label(found: Answer, service: str) -> str:
    """What a service is called."""
    services = found.scenario.services
    return services[service].label or service if service in services else service

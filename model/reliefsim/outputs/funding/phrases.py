"""A target, a date, a share or a range becomes words that can stand in an appeal."""

from __future__ import annotations

import datetime
import math

from ...records import Reason
from ...study.differences import BETTER
from ..spread import grouped

# An indicator's number as a part of a sentence: {} is the number with its bound; whether it is a share; its noun.
WORDS = {
    "need_covered": ("{} of the need is served", True, "the share of the need (cases) that is served"),
    "reached_of_need": ("{} of the people in need are reached", True, "the share of people in need who are reached"),
    "fully_served_share": (
        "{} of the people in need get all they need", True, "the share of people in need who get all they need",
    ),
    "people_reached": ("{} people are reached", False, "the number of people reached"),
    "people_directly_served": ("{} people are directly served", False, "the number of people directly served"),
    "cases_served": ("{} cases are served", False, "the number of cases served"),
    "cases_unserved": ("{} cases are left unserved", False, "the number of cases unserved"),
    "gap_usd": ("a gap of {} is left", False, "the gap (USD)"),
    "waiting_days": ("people wait {} person-days", False, "the person-days of waiting"),
    "wait_days": ("those served waited {} days on average", False, "the mean wait of those served (days)"),
    "queue_length": ("{} cases wait on average", False, "the mean number of cases that wait"),
}  # fmt: skip
# Why people go without, told of a service.
WHY = {
    Reason.PREREQUISITE: "people wait for the service that must come first",
    Reason.ACCESS: "people are in places that are closed",
    Reason.MONEY: "people wait for money that may pay for it (windows, earmarks, shares)",
    Reason.GOODS: "people wait for goods",
    Reason.TEAM: "people wait for a free team",
    Reason.TURNED_AWAY: "people are turned away",
}


def target_told(indicator: str, wanted: float, of: str = "") -> str:
    """``at least 80 % of the need is served``; ``of``: the service or class it is of."""
    bound = "at least" if BETTER[indicator] > 0 else "at most"
    number = f"{bound} {number_of(indicator, wanted)}"
    if indicator not in WORDS:
        return f"{indicator.replace('_', ' ')} is {number}{of}"
    if indicator == "gap_usd":
        number = f"{bound} USD {grouped(wanted)}"
    return WORDS[indicator][0].format(number) + of


def noun_of(indicator: str) -> str:
    """What an indicator is."""
    return WORDS[indicator][2] if indicator in WORDS else indicator.replace("_", " ")


def number_of(indicator: str, value: float) -> str:
    """A value of an indicator: a share in per cent, with a decimal where it has one."""
    if math.isnan(value):
        return "not defined"
    if indicator in WORDS and WORDS[indicator][1] or indicator.endswith("_share"):
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
    """``from 3 to 20 December 2012``; a missing end is later than any day."""
    if not last:
        return f"from {said(first)} or later"
    one, other = said(first), said(last)
    if one == other:
        return f"from {one}"
    begins, ends = one.split(), other.split()
    shared = 2 if begins[1:] == ends[1:] else 1 if begins[2] == ends[2] else 0
    return f"from {' '.join(begins[: 3 - shared])} to {other}"


def listed(parts: list[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"

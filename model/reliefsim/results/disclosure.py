"""Counts of people so small that they may tell who somebody is are not given, where tables leave the house.

The run's own tables stay whole. A threshold is what statistical offices use first (OCHA Centre for Humanitarian Data,
"Guidance Note: Statistical Disclosure Control", 2019, names it and secondary suppression).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LEAST = 5  # people: fewer are not told, unless there is nobody


def is_small(count: float, least: int = LEAST) -> bool:
    """Whether a count is of some people, and of too few."""
    return math.isfinite(count) and 0 < people(count) < least


def people(count: float) -> int:
    """The nearest whole number, a half upwards."""
    return math.floor(count + 0.5)


def hidden(counts: Sequence[float], least: int = LEAST) -> list[bool]:
    """Which parts of a whole that is told are not told: those that are too small, and where it is one alone, the smallest
    other one, too; otherwise the whole less the rest would tell it."""
    found = [is_small(one, least) for one in counts]
    others = [place for place, one in enumerate(counts) if not found[place] and math.isfinite(one) and people(one) > 0]
    if sum(found) == 1 and others:
        found[min(others, key=lambda place: (counts[place], place))] = True
    return found


def told(least: int = LEAST) -> str:
    """What stands in the place of a small count."""
    return f"<{least}"

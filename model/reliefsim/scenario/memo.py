"""What is worked out of a scenario alone is worked out once, and kept for the scenarios seen last."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .schema import Scenario

Found = TypeVar("Found")
SEEN_LAST = 16


def once(work_out: Callable[[Scenario], Found]) -> Callable[[Scenario], Found]:
    """A function of a scenario that remembers: the same object gives the same result, which must not be changed.

    By identity, because a scenario is frozen, and comparing two would take longer than most of what is remembered.
    """
    seen: list[tuple[Scenario, Found]] = []

    def remembered(scenario: Scenario) -> Found:
        for known, found in seen:
            if known is scenario:
                return found
        found = work_out(scenario)
        seen.insert(0, (scenario, found))
        del seen[SEEN_LAST:]
        return found

    remembered.__doc__ = work_out.__doc__
    return remembered

"""A study that is asked for becomes the memory that its numbers take: what can never be held is refused before it begins."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

from ...scenario.checks.check_size import bytes_of_a_run
from .jobs import Work
from .runner import goal_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...scenario.schema import Scenario
    from ..request import StudyRequest

COPIES = 3  # of each number at the end: as it came, in the table of its arm, and in what is made of that
BYTES = 8 * COPIES  # a number


class TooLargeError(ValueError):
    """A study that this machine cannot hold, in one line."""


def check_fits(request: StudyRequest) -> None:
    """Raise TooLargeError if the numbers of a study are more than this machine can hold.

    Of a precision only those that are run in any case count: how many more it will take is not known.
    """
    from ...indicators.measure import monthly_keys

    replications = goal_of(request).wanted(lambda: (), 0)
    points = request.evaluations
    work = Work.of(request)
    numbers = sum(len(work.keys(place)) + len(monthly_keys(one)) for place, one in enumerate(work.scenarios))
    each = float(numbers * len(request.rules) * points * BYTES)
    run, there = _of_runs(work.scenarios, request.workers), machine_bytes()
    if run > there:
        raise TooLargeError(
            f"a run takes some {run / request.workers / 1e9:,.1f} GB of memory, {request.workers} at once {run / 1e9:,.1f} GB; "
            f"this machine has {there / 1e9:,.1f} GB: enough for {math.floor(there / run * request.workers)} workers"
        )
    there -= run
    if each * replications <= there:
        return
    arms = len(request.arms)
    sets = "sets of values" if request.bands else "points"
    sizes = [f"{arms:,} arm{'s' if arms > 1 else ''}"] + ([f"{points:,} {sets}"] if points > 1 or request.points else [])
    fit = math.floor(there / each)
    enough = f"{fit:,} replications" if fit else f"{math.floor(there * points / each):,} points of one replication"
    raise TooLargeError(
        f"{' × '.join(sizes)} × {replications:,} replications take some {each * replications / 1e9:,.1f} GB of memory, "
        f"this machine has {there / 1e9:,.1f} GB: enough for {enough}"
    )


def _of_runs(scenarios: Sequence[Scenario], workers: int) -> float:
    """The most that runs take, one a worker."""
    return workers * max(bytes_of_a_run(one) for one in scenarios)


def machine_bytes() -> float:
    """The memory of this machine; infinite where the system does not tell.

    All of it, not what is free: the system counts what it would give back at once, such as files it has read, as taken.
    """
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return math.inf

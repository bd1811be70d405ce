"""Closures of places, in seconds of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...layout import NEVER
from ...units import moment

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from ...scenario.schema import Closure, Scenario

Seconds = npt.NDArray[np.int64]


def closed_from_until(closure: Closure, start: datetime.date) -> tuple[int, int]:
    """A closure's first second, and its last + 1 (NEVER: it has no end)."""
    return moment(closure.from_day, start, 0), moment(closure.until_day, start, NEVER)


def closed_times(scenario: Scenario, places: Sequence[str]) -> tuple[Seconds, Seconds, Seconds]:
    """First seconds, last + 1, and which rows of both are a place's: from the place's number to the next one's.

    In order of time, those that meet as one: so that a second can be looked up.
    """
    times: list[list[int]] = []
    first = [0]
    for name in places:
        stated = scenario.locations.get(name)
        for begins, ends in sorted(closed_from_until(one, scenario.start_date) for one in stated.closures) if stated else ():
            if len(times) > first[-1] and begins <= times[-1][1]:
                times[-1][1] = max(times[-1][1], ends)
            elif begins < ends:
                times.append([begins, ends])
        first.append(len(times))
    table = np.array(times, np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy(), np.array(first, np.int64)

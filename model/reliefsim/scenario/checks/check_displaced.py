"""A scenario's laws become the displaced people on the days that a check looks at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...displacement import displaced
from ...units import DAY, moment
from ..schema import Scenario

_STEPS = 400  # into which a run is cut, to look at the sum of the laws


def seconds_to_look_at(s: Scenario) -> npt.NDArray[np.int64]:
    """Seconds evenly over the run, those at which a law begins or bends, and the second before it does."""
    last = moment(s.horizon_days, s.start_date, 0)
    bends = {moment(law.from_day, s.start_date, 0) for law in s.displacement.values()}
    bends |= {(date - s.start_date).days * DAY for law in s.displacement.values() for date in law.dates or ()}
    within = sorted(second for bend in bends for second in (bend - 1, bend) if 0 <= second <= last)
    evenly = {last * step // _STEPS for step in range(_STEPS + 1)}
    return np.array(sorted(evenly | set(within[:: 1 + len(within) // _STEPS])), np.int64)


def rise(s: Scenario) -> float:
    """How many people more are displaced over the run, falls left out."""
    return float(np.maximum(np.diff(displaced(s, seconds_to_look_at(s))), 0).sum())

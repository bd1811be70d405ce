"""Facts become numbers with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...indicators.registry import INDICATORS
from .intervals import EQUAL, METHODS, OUTSIDE, Integers, Intervals, intervals

if TYPE_CHECKING:
    from ...indicators.measure import Key

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimates:
    """Indicators over replications; every array has shape (indicators,), NaN where a number is missing.

    ``mean``, ``p10``, ``p50``, ``p90`` are over the replications in which the indicator is defined; ``share_defined``
    is their share. ``ci_low`` and ``ci_high`` bound the mean, by the method that ``codes`` names. ``replications``: of
    all points together.
    """

    mean: Floats
    ci_low: Floats
    ci_high: Floats
    codes: Integers
    share_defined: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    replications: int

    def method(self, number: int) -> str:
        """How the interval of one indicator was made, and what it covers; empty if there is none."""
        return METHODS[self.codes[number]]


@dataclass(frozen=True)
class Means:
    """Means over replications, and their intervals; every array has shape (indicators,)."""

    mean: Floats
    interval: Intervals
    share_defined: Floats


def estimate(values: Floats, points: int = 1, most: Floats | None = None) -> Estimates:
    """Estimate every column of ``values``, shape (points × replications, indicators), NaN where it is undefined.

    Rows stand point after point. Means and intervals as of ``means``; quantiles are over all rows. What runs count is
    never negative, and of some there is a ``most``, shape (indicators,), inf for none: no mean lies beyond, so that an
    interval that is cut there covers it as often as before. A column that has a negative number is left as it is. Raises
    ValueError for an infinite value.
    """
    found = means(values, points)
    low = np.where((values < 0).any(axis=0), found.interval.low, np.maximum(found.interval.low, 0.0))
    high = found.interval.high if most is None else np.minimum(found.interval.high, most)
    ordered = np.sort(values, axis=0)  # NaN last
    count = np.isfinite(values).sum(axis=0)
    p10, p50, p90 = (quantiles(ordered, count, share) for share in (0.1, 0.5, 0.9))
    return Estimates(
        found.mean, low, high, found.interval.codes, found.share_defined, p10, p50, p90, values.shape[0]
    )  # fmt: skip


def most_of(keys: Sequence[Key]) -> Floats:
    """The most that each indicator can be: 1 of a share of a whole, inf of all else."""
    return np.array([INDICATORS[key.indicator].most if key.indicator in INDICATORS else np.inf for key in keys])


def means(values: Floats, points: int = 1, outside: float | Floats = OUTSIDE) -> Means:
    """The mean of every column of ``values`` where it is defined, and its interval; rows stand point after point.

    Replications of one point have its values in common, so that they are no independent sample of what is not known.
    With more points than one, the mean is that of the means of points, and its interval is made of those alone. ``outside``:
    see ``intervals``. Raises ValueError for an infinite value, or for rows that are not as many in each point.
    """
    rows = values.shape[0]
    if rows % points:
        raise ValueError(f"{rows} rows are not as many in each of {points} points")
    share = np.isfinite(values).sum(axis=0) / rows if rows else np.full(values.shape[1], np.nan)
    if points == 1:
        return Means(_means(values), intervals(values, outside), share)
    by_point = of_points(values, points)
    return Means(_means(by_point), _of_points(values, by_point, np.broadcast_to(outside, values.shape[1])), share)


def mean_of(values: Floats, points: int) -> Floats:
    """The mean alone that ``means`` gives with its interval, shape (indicators,)."""
    return _means(values if points == 1 else of_points(values, points))


def of_points(values: Floats, points: int) -> Floats:
    """The means of each point, shape (points, indicators); rows stand point after point."""
    return np.array([_means(one) for one in np.split(values, points)])


def _of_points(values: Floats, by_point: Floats, outside: Floats) -> Intervals:
    """Intervals of the means of points; where those are equal and runs are not, of the runs.

    A width of zero would be claimed of what did differ. That between points they differ no more shows that they add
    nothing to chance.
    """
    found = intervals(by_point, outside)
    equal = found.codes == EQUAL
    if not equal.any():
        return found
    runs = intervals(values[:, equal], outside[equal])
    low, high, codes = found.low.copy(), found.high.copy(), found.codes.copy()
    low[equal], high[equal], codes[equal] = runs.low, runs.high, runs.codes
    return Intervals(low, high, codes)


def _means(values: Floats) -> Floats:
    """Means of the defined values, counted from the first of them, so that equal values have themselves as mean.

    Added up row after row: the order of additions, and so the last bit, is the same on every machine.
    """
    if not values.shape[0]:
        return np.full(values.shape[1], np.nan)
    defined = np.isfinite(values)
    count = defined.sum(axis=0)
    first = values[defined.argmax(axis=0), np.arange(values.shape[1])]
    distances = np.where(defined, values - first, 0.0)
    total = np.zeros(values.shape[1])
    for row in distances:
        total += row
    return np.where(count > 0, first + total / np.maximum(count, 1), np.nan)


def quantiles(ordered: Floats, count: npt.NDArray[np.int_], share: float) -> Floats:
    """The value below which ``share`` of each column lies, in straight lines between the order statistics.

    ``ordered``: each column sorted, NaN last; ``count``: how many are not NaN. Numpy's method "linear" (Hyndman and
    Fan's type 7).
    """
    if not ordered.shape[0]:
        return np.full(ordered.shape[1], np.nan)
    columns = np.arange(ordered.shape[1])
    position = np.maximum(count - 1, 0) * share
    below = np.floor(position).astype(np.int_)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = ordered[below, columns], ordered[above, columns]
    return np.where(low == high, low, low + (high - low) * (position - below))

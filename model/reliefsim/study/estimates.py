"""Facts become numbers with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
T_INTERVAL = "t 95 %"
NO_INTERVAL = ""


@dataclass(frozen=True)
class Estimates:
    """Indicators over replications; every array has shape (indicators,), NaN where a number is missing.

    ``mean``, ``p10``, ``p50``, ``p90`` are over the replications in which the indicator is defined; ``share_defined``
    is their share. ``ci_low`` and ``ci_high`` bound the mean.
    """

    mean: Floats
    ci_low: Floats
    ci_high: Floats
    share_defined: Floats
    p10: Floats
    p50: Floats
    p90: Floats
    replications: int

    def method(self, number: int) -> str:
        """How the interval of one indicator was made; empty if there is none."""
        return NO_INTERVAL if np.isnan(self.ci_low[number]) else T_INTERVAL


def estimate(values: Floats) -> Estimates:
    """Estimate every column of ``values``, shape (replications, indicators), NaN where an indicator is undefined.

    Student's t-interval of the mean, two-sided 95 %; of fewer than two values there is none. Raises ValueError for
    an infinite value.
    """
    if np.isinf(values).any():
        raise ValueError("an indicator is infinite; what is not defined in a run must be NaN")
    defined = np.isfinite(values)
    count = defined.sum(axis=0)
    mean = _means(values, defined, count)
    half = _half_widths(values, defined, count, mean)
    ordered = np.sort(values, axis=0)  # NaN last
    p10, p50, p90 = (quantiles(ordered, count, share) for share in (0.1, 0.5, 0.9))
    replications = values.shape[0]
    share_defined = count / replications if replications else np.full(values.shape[1], np.nan)
    return Estimates(mean, mean - half, mean + half, share_defined, p10, p50, p90, replications)


def _means(values: Floats, defined: npt.NDArray[np.bool_], count: npt.NDArray[np.int_]) -> Floats:
    """Means of the defined values, counted from the first of them, so that equal values have themselves as mean.

    Added up row after row: the order of additions, and so the last bit, is the same on every machine.
    """
    columns = np.arange(values.shape[1])
    if not values.shape[0]:
        return np.full(values.shape[1], np.nan)
    first = values[defined.argmax(axis=0), columns]
    distances = np.where(defined, values - first, 0.0)
    total = np.zeros(values.shape[1])
    for row in distances:
        total += row
    return np.where(count > 0, first + total / np.maximum(count, 1), np.nan)


def _half_widths(
    values: Floats, defined: npt.NDArray[np.bool_], count: npt.NDArray[np.int_], mean: Floats
) -> Floats:
    """Half-widths of the t-intervals: t(n - 1, 0.975) s / sqrt(n); NaN for n < 2."""
    from scipy.special import stdtrit

    squares = np.zeros(values.shape[1])
    for row, present in zip(values, defined, strict=True):
        distances: Floats = np.where(present, row - mean, 0.0)
        squares += distances * distances
    freedom = np.maximum(count - 1, 1)
    quantile = np.asarray(stdtrit(freedom.astype(np.float64), 0.5 + CONFIDENCE / 2), np.float64)
    half: Floats = quantile * np.sqrt(squares / freedom / np.maximum(count, 1))
    return np.where(count > 1, half, np.nan)


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

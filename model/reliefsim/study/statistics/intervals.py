"""Indicators over replications become intervals of their means, each with the name of what it really covers.

Student's t-interval of ten skewed values covers 70 to 90 %, not 95. The rule, for each column by itself, looks at
nothing but the values that are defined:

- fewer than two: no interval;
- all equal: that value, twice. The name says what was seen, and claims no confidence;
- else a t-interval corrected for skewness (see limits; of two values Student's own, for they have no skewness). It is
  called 95 % from TEN_RUNS on, of which SIX_DIFFER from the most frequent value, or more; else by what it covered at
  worst.

A column of two values, as of a stock-out that comes or not, gets the same: worked out for every share from 0.005 to 0.5
and 10 to 1,000 runs, it covers 93.8 % at least. Clopper and Pearson's exact interval, where it too is kept for columns
with enough of both values, covers 90; and where a third value is possible and was merely not drawn, as in differences
of counts, under 60.

The least that is covered in 24 cases of tests/study/coverage.py, in percent, and the widest of ours at the median, in
widths of Student's (4,000 samples a case, standard error 0.35; a name counts in cases where one sample in five has it;
``python -m tests.study.coverage``, from the project root, prints all):

    runs             2     3     5    10    20    50   200  1000
    95 %             -     -     -  94.3  94.8  95.0  94.6  94.8
    80 or 70 %    73.4  83.7  85.3  83.0  85.2  89.0   100     -
    Student's t   73.4  71.2  72.4  69.2  68.2  76.8  88.0  93.0
    width, normal 1.00  2.52  2.55  1.15  1.05  1.02  1.00  1.00
    width, worst  1.00  2.52  2.55  2.57  2.58  2.59  2.59  1.15

A tail heavier than that of a lognormal of cv 2 or of Pareto's with 3 is covered less: samples of these sizes cannot
show it. And where events are so rare that few samples have six, those few mislead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

OUTSIDE: float = 0.025  # on each side
TEN_RUNS = 10
SIX_DIFFER = 6  # five of one sign are a matter of chance in 2 / 2^5 = 6 % of symmetric differences, six in 3 %
METHODS = (
    "",
    "equal in every run",
    "skewed t 95 %",
    "skewed t, covers 80 % or more",
    "t of two runs, covers 70 % or more",
)
NONE, EQUAL, SKEWED, SKEWED_FEW, OF_TWO = range(len(METHODS))


@dataclass(frozen=True)
class Intervals:
    """Intervals of means; ``low`` and ``high`` have shape (indicators,), NaN where there is none.

    ``codes``, shape (indicators,), point into METHODS.
    """

    low: Floats
    high: Floats
    codes: Integers

    def method(self, number: int) -> str:
        """How the interval of one indicator was made, and what it covers; empty if there is none."""
        return METHODS[self.codes[number]]


@dataclass(frozen=True)
class Seen:
    """What is seen in each column, arrays of shape (indicators,); where nothing is, ``least`` and ``most`` are NaN.

    ``differ``: how many values are not the median, and so not the most frequent one, if more than half of them share it.
    """

    count: Integers
    least: Floats
    most: Floats
    differ: Integers


def intervals(values: Floats, outside: float | Floats = OUTSIDE) -> Intervals:
    """The interval of the mean of every column of ``values``, shape (replications, indicators), NaN if undefined.

    The mean is over the replications in which the indicator is defined. Columns do not touch each other: the same
    column gets the same bytes, whatever stands beside it. ``outside``: the chance that is left on each side, of all columns
    or of each. Raises ValueError for an infinite value.
    """
    if np.isinf(values).any():
        raise ValueError("an indicator is infinite; what is not defined in a run must be NaN")
    if not values.shape[0]:
        values = np.full((1, values.shape[1]), np.nan)
    seen = _seen(values)
    codes = codes_of(seen)
    low, high = limits(*_moments(values, seen), seen.count, outside)
    low, high = (np.select([codes == NONE, codes == EQUAL], [np.nan, seen.least], limit) for limit in (low, high))
    return Intervals(low, high, codes)


def _seen(values: Floats) -> Seen:
    """Count what is in each column."""
    ordered = np.sort(values, axis=0)  # NaN last
    count = np.asarray((~np.isnan(values)).sum(axis=0), np.int64)
    columns = np.arange(values.shape[1])
    last = np.maximum(count - 1, 0)
    least, most, median = ordered[0], ordered[last, columns], ordered[last // 2, columns]
    return Seen(count, least, most, count - (values == median).sum(axis=0))


def codes_of(seen: Seen) -> Integers:
    """Which method each column gets: the rule at the head of this file."""
    rule = [
        (seen.count < 2, NONE),
        (seen.least == seen.most, EQUAL),
        (seen.count == 2, OF_TWO),
        ((seen.count < TEN_RUNS) | (seen.differ < SIX_DIFFER), SKEWED_FEW),
    ]
    return np.select([where for where, _ in rule], [code for _, code in rule], SKEWED).astype(np.int64)


def limits(
    mean: Floats, error: Floats, skewness: Floats, seen: Integers, outside: float | Floats = OUTSIDE
) -> tuple[Floats, Floats]:
    """Limits of Student's t-interval, the one on the side of the longer tail moved outwards for the skewness.

    Of ``seen`` values with this mean, standard error of it and skewness, as ``_moments`` gives them.

    That limit is Willink's ("A confidence interval and test for the mean of an asymmetric distribution",
    Communications in Statistics - Theory and Methods 34, 2005, after Johnson 1978 and Hall 1992), never nearer to the
    mean than Student's. Two things are ours, both to the wide side. A sample shows less skewness than there is, so its
    own is multiplied by 1 + 2.5 / sqrt(n). And the limit, which would come back to the mean as skewness grows, stays
    where it is farthest, at 4.2 times Student's distance.
    """
    from scipy.special import cbrt, stdtrit

    count = np.maximum(seen, 2).astype(np.float64)
    quantile = np.asarray(stdtrit(count - 1, 1 - np.asarray(outside)), np.float64)
    root = np.sqrt(count)
    strength = np.minimum(np.abs(skewness) * (1 + 2.5 / root) / (6 * root), _strongest(quantile))
    some = np.maximum(strength, 1e-6)
    limit = (1 + np.asarray(cbrt(6 * some * (quantile + some) - 1), np.float64)) / (2 * some)
    far = np.where(strength > 1e-6, np.maximum(quantile, limit), quantile)  # of less there is only rounding
    return mean - np.where(skewness < 0, far, quantile) * error, mean + np.where(skewness > 0, far, quantile) * error


def _strongest(quantile: Floats) -> Floats:
    """The strength a at which the limit (1 + y) / 2a with y = cbrt(6a(q + a) - 1) is farthest: y²(1 + y) = 2a(q + 2a).

    Halved sixty times between the a at which y = 0 and a = 1: the derivative is above zero at one, below at the other.
    """
    from scipy.special import cbrt

    low, high = (np.sqrt(quantile * quantile + 2 / 3) - quantile) / 2, np.ones_like(quantile)
    for _ in range(60):
        middle = (low + high) / 2
        root = np.asarray(cbrt(np.maximum(6 * middle * (quantile + middle) - 1, 0)), np.float64)
        falls = root * root * (1 + root) > 2 * middle * (quantile + 2 * middle)
        low, high = np.where(falls, low, middle), np.where(falls, middle, high)
    return low


def _moments(values: Floats, seen: Seen) -> tuple[Floats, Floats, Floats]:
    """Mean, standard error of the mean, and skewness (adjusted, G1; 0 of fewer than three or of equal values).

    Added up row after row: the order of additions, and so the last bit, is the same on every machine. Distances are
    counted in parts of the range, so that no cube is too large or too small to be a number.
    """
    count = np.maximum(seen.count, 2).astype(np.float64)
    unit = np.where(seen.least < seen.most, seen.most - seen.least, 1.0)
    total, squares, cubes = np.zeros((3, values.shape[1]))
    for row in values:
        total += _known(row - seen.least)
    mean = seen.least + total / np.maximum(seen.count, 1)
    for row in values:
        distance = _known((row - mean) / unit)
        square = distance * distance
        squares += square
        cubes += square * distance
    error, skewness = error_and_skewness(count, squares, cubes)
    return mean, unit * error, skewness


def error_and_skewness(count: Floats, squares: Floats, cubes: Floats) -> tuple[Floats, Floats]:
    """Standard error of the mean and skewness (adjusted, G1), of the sums of squared and cubed distances to the mean."""
    count = np.maximum(count, 2)
    variance = squares / count
    cubed = np.where(squares > 0, variance * np.sqrt(variance), 1.0)
    adjusted = np.where(count > 2, np.sqrt(count * (count - 1)) / np.maximum(count - 2, 1), 0.0)
    return np.sqrt(squares / (count - 1) / count), adjusted * (cubes / count) / cubed


def _known(row: Floats) -> Floats:
    """The row, with 0 for what is missing."""
    return np.where(np.isnan(row), 0.0, row)

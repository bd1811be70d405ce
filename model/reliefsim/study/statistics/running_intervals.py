"""Runs become the intervals of the first so many of them, for every number from one on, at once: to judge, not to print.

``intervals`` goes through all runs again for each number. Here the runs in order and their moments are carried on from
one number to the next (Welford, Technometrics 4 (1962) 419; for the third moment Terriberry 2007, after Chan, Golub and
LeVeque 1979), which loses nothing to cancellation. What is seen of the runs, and so the method, is the same as there;
limits differ by rounding alone: whoever decides by them asks ``intervals`` where a decision is close.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

import numpy as np

from .intervals import EQUAL, NONE, SKEWED, Floats, Integers, Seen, codes_of, error_and_skewness, limits


def running(values: Floats, first: int) -> tuple[Floats, Integers]:
    """How far the interval of the first ``first``, ``first`` + 1, … runs reaches to its longer side, and its method.

    ``values``: shape (replications, indicators), NaN if undefined; each result has the shape (replications - ``first``
    + 1, indicators). The reach is 0 of equal runs, NaN without an interval, infinite of one that covers less than 95 %.
    """
    shape = (len(values) - first + 1, values.shape[1])
    columns = [_seen(one, first) for one in values.T]
    count, least, most, differ = (np.array(one) for one in zip(*(part for one in columns for part in one), strict=True))
    seen = Seen(count.astype(np.int64), least, most, differ.astype(np.int64))
    mean, error, skewness = (one.T.ravel() for one in _moments(values, first))
    low, high = limits(mean, error, skewness, seen.count)
    codes = codes_of(seen)
    longer = np.fmax(high - mean, mean - low)
    reach = np.select([codes == SKEWED, codes == EQUAL, codes == NONE], [longer, 0.0, np.nan], np.inf)
    return reach.reshape(shape[::-1]).T, codes.reshape(shape[::-1]).T


def _seen(column: Floats, first: int) -> list[tuple[int, float, float, int]]:
    """Count, least, most and how many differ from the median, of ever more runs."""
    ordered = np.sort(column[:first][~np.isnan(column[:first])]).tolist()
    found = [_of_ordered(ordered)]
    for value in column[first:].tolist():
        if value == value:
            insort(ordered, value)
        found.append(_of_ordered(ordered))
    return found


def _of_ordered(ordered: list[float]) -> tuple[int, float, float, int]:
    if not ordered:
        return 0, np.nan, np.nan, 0
    median = ordered[(len(ordered) - 1) // 2]
    equal = bisect_right(ordered, median) - bisect_left(ordered, median)
    return len(ordered), ordered[0], ordered[-1], len(ordered) - equal


def _moments(values: Floats, first: int) -> tuple[Floats, Floats, Floats]:
    """Mean, standard error of the mean and skewness of ever more runs, each of shape (numbers, indicators)."""
    unit = _unit(values)
    scaled = values / unit  # no cube is too large to be a number
    known = ~np.isnan(scaled)
    count = known[:first].sum(axis=0).astype(np.float64)
    mean = np.where(known[:first], scaled[:first], 0.0).sum(axis=0) / np.maximum(count, 1)
    distance = np.where(known[:first], scaled[:first] - mean, 0.0)
    squares, cubes = (distance**2).sum(axis=0), (distance**3).sum(axis=0)
    found = [(count, mean, squares, cubes)]
    for row, is_known in zip(scaled[first:], known[first:], strict=True):
        count = count + is_known
        apart = np.where(is_known, row - mean, 0.0)
        part = apart / np.maximum(count, 1)
        product = apart * part * (count - 1)
        cubes = cubes + product * part * (count - 2) - 3 * part * squares
        squares = squares + product
        mean = mean + part
        found.append((count, mean, squares, cubes))
    counts, means, all_squares, all_cubes = (np.array(one) for one in zip(*found, strict=True))
    error, skewness = error_and_skewness(counts, all_squares, all_cubes)
    return means * unit, error * unit, skewness


def _unit(values: Floats) -> Floats:
    """The range of each column; 1 where there is none."""
    least, most = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    return np.where(least < most, most - least, 1.0)

"""Which of a handful of plans is best is decided with a stated chance of being right, on worlds that they share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .estimates import Floats

FIRST = 20  # worlds before anything is left out
STEP = 10  # more worlds at a time
RESAMPLED = 2_000


@dataclass(frozen=True)
class Chosen:
    """``place``: of the best among those compared. ``worlds``: how many it took; ``is_certain``: whether the procedure
    came to its end within the worlds there were; ``left``: those that were not left out."""

    place: int
    worlds: int
    is_certain: bool
    left: tuple[int, ...]


def choose(
    values: Callable[[Sequence[int], int], Floats], count: int, indifference: float, certainty: float, most: int
) -> Chosen:
    """The best of ``count`` plans; more is better.

    ``values(places, worlds)`` gives shape (places, worlds), the same worlds for all. The procedure KN of Kim and Nelson
    (ACM Transactions on Modeling and Computer Simulation 11 (2001) 251), with c = 1: the chance that the chosen plan is
    the best, or within ``indifference`` of it, is at least ``certainty``, for normal outputs, whether or not plans share
    their chance: variances are of differences. Worlds come STEP at a time, and a plan is left out only at such a step,
    which can but raise that chance.
    """
    left = list(range(count))
    if count == 1:
        return Chosen(0, 0, True, (0,))
    eta = 0.5 * ((2 * (1 - certainty) / (count - 1)) ** (-2 / (FIRST - 1)) - 1)
    h_squared = 2 * eta * (FIRST - 1)
    first = values(left, FIRST)
    variance = np.array([[np.var(one - other, ddof=1) for other in first] for one in first])
    worlds = FIRST
    while True:
        sums = dict(zip(left, values(left, worlds).sum(axis=1), strict=True))
        left = [
            one for one in left
            if all(
                sums[one] >= sums[other] - _slack(h_squared, float(variance[one, other]), indifference, worlds)
                for other in left
            )
        ]  # fmt: skip
        if len(left) == 1 or worlds >= most or worlds > h_squared * variance.max() / indifference**2:
            best = max(left, key=lambda one: (sums[one], -one))
            is_certain = len(left) == 1 or worlds > h_squared * variance[np.ix_(left, left)].max() / indifference**2
            return Chosen(best, worlds, bool(is_certain), tuple(left))
        worlds = min(most, worlds + STEP)


def _slack(h_squared: float, variance: float, indifference: float, worlds: int) -> float:
    """By how much a sum may lie below another's after so many worlds: δ/2 · (h²S²/δ² − r), at least 0."""
    return max(0.0, indifference / 2 * (h_squared * variance / indifference**2 - worlds))


def chance_best(values: Floats, place: int, indifference: float, random: np.random.Generator) -> float:
    """The share of resampled sets of worlds in which one plan is the best of all, or within ``indifference`` of it.

    ``values`` has shape (plans, worlds). A bootstrap over worlds, all plans together (Chick, Winter Simulation Conference
    2006, gives the posterior that it comes near to).
    """
    worlds = values.shape[1]
    rows = random.integers(0, worlds, (RESAMPLED, worlds))
    means = values[:, rows].mean(axis=2)
    return float((means[place] >= means.max(axis=0) - indifference).mean())


def knee(points: Floats) -> int:
    """Of points of a frontier, shape (points, goals), more is better: the one farthest from the line (or plane) through
    the goals' best ones, each goal scaled to its range (Das, Structural Optimization 18 (1999) 107)."""
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - low) / np.where(high > low, high - low, 1.0)
    return int(np.argmax(scaled.sum(axis=1)))


def frontier(points: Floats) -> list[int]:
    """The places of points that no other one is at least as good as in all goals and better in one; of equals, the first."""
    found = []
    for place, point in enumerate(points):
        as_good = (points >= point).all(axis=1)
        better = as_good & (points > point).any(axis=1)
        equal = as_good & (points == point).all(axis=1)
        if not better.any() and int(np.argmax(equal)) == place:
            found.append(place)
    return found

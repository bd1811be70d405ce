"""Where the band of a number comes from: the one value that is not known whose place goes with most of it, or chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

CHANCE, NOBODY = -1, -2
LEAST_RUNS = 10  # fewer tell no source
FAMILY_ERROR = 0.05  # of naming a value for a number that depends on none


class Source(NamedTuple):
    """``place``: of a value, or CHANCE, or NOBODY where none can be told; ``share``: the part of the variance, 0 to 1."""

    place: int
    share: float


def largest_source(point: Floats, drawn: Floats, places: Floats) -> Source:
    """The largest source of the spread of one number.

    ``point``: the number in runs at the point values, which differ by chance alone; ``drawn``: in as many runs in which
    every value that has a range was drawn too, shape (runs,), NaN where it is not defined; ``places``: where in its range
    each value lay in those, shape (runs, values). Chance has the variance of ``point`` of that of ``drawn``; a value the
    square of the correlation of ranks (Spearman, American Journal of Psychology 15 (1904) 72). A value is named only
    where that is larger than chance would make the largest of so many in FAMILY_ERROR of cases (Bonferroni).
    """
    there = np.isfinite(drawn)
    count = int(there.sum())
    spread = float(np.var(drawn[there])) if count else 0.0
    if count < LEAST_RUNS or spread == 0:
        return Source(NOBODY, np.nan)
    calm = point[np.isfinite(point)]
    chance = min(1.0, float(np.var(calm)) / spread) if len(calm) else 0.0
    shares = _squares(drawn[there], places[there])
    best = int(np.argmax(shares)) if len(shares) else NOBODY
    most = float(shares[best]) if len(shares) else 0.0
    if chance >= most:
        return Source(CHANCE, chance)
    return Source(best, most) if most > _by_chance(count, len(shares)) else Source(NOBODY, np.nan)


def _squares(numbers: Floats, places: Floats) -> Floats:
    """The square of the correlation of ranks of a number with each value."""
    from scipy.stats import rankdata

    mine, its = rankdata(numbers), rankdata(places, axis=0)
    mine, its = mine - mine.mean(), its - its.mean(axis=0)
    scale = (mine @ mine) * (its * its).sum(axis=0)
    return np.asarray(np.divide((mine @ its) ** 2, scale, out=np.zeros(places.shape[1]), where=scale > 0))


def _by_chance(runs: int, values: int) -> float:
    """What the largest square of so many reaches in FAMILY_ERROR of cases if all are independent: by Student's t."""
    from scipy.special import stdtrit

    t = float(stdtrit(runs - 2, 1 - FAMILY_ERROR / (2 * max(values, 1))))
    return t * t / (runs - 2 + t * t)

"""Comparisons that are read together become how sure each must be, so that all of them hold together.

Of sixty differences that are nothing, some interval that covers 95 % leaves out 0 in most studies. Here all intervals
together cover in 95 % of studies: each reaches as far as the largest of all studentized differences does by chance (the
maximum of |t|; Hothorn, Bretz and Westfall, Biometrical Journal 50 (2008) 346; as a bootstrap, Romano and Wolf, Econometrica
73 (2005) 1237, and Chernozhukov, Chetverikov and Kato, Annals of Statistics 41 (2013) 2786). What differences have in
common, paired runs tell: two that nearly agree widen intervals hardly more than one.
"""

from __future__ import annotations

import numpy as np

from .estimates import Floats
from .intervals import OUTSIDE
from .points import TOGETHER, generator

DRAWS = 20_000  # of the largest |t|: its quantile is known to a hundredth or two
AT_A_TIME = 1_000
_SEED = 0  # always the same draws: what is said depends on the runs alone


def outside_together(values: Floats) -> float:
    """The chance to leave on each side of every column's interval, so that all of them hold together as one alone does.

    ``values``: shape (runs, comparisons), NaN where undefined; columns that do not vary do not count. The largest |t| is
    drawn from the multivariate t distribution with the columns' correlations. No more is left than to a single interval,
    and no less than Bonferroni's inequality leaves.
    """
    from scipy.special import stdtr

    scaled = _scaled(values)
    runs, columns = len(values), int(scaled.shape[1])
    if columns < 2 or runs < 3:
        return OUTSIDE / max(1, columns)
    found = np.quantile(_largest(scaled), 1 - 2 * OUTSIDE)
    # Rounded up, so that the last bit of a sum, which differs between machines, moves nothing.
    critical = np.ceil(100 * found) / 100
    left: float = stdtr(runs - 1, -critical).item()
    least: float = OUTSIDE / columns
    return min(OUTSIDE, max(least, left))


def _scaled(values: Floats) -> Floats:
    """Columns that vary, less their means, in units of their deviations; where one is undefined, its mean."""
    vary = np.array([one for one in values.T if np.fmax.reduce(one, initial=-np.inf) > np.fmin.reduce(one, initial=np.inf)])
    if not len(vary):
        return np.empty((len(values), 0))
    unit = np.nanmax(vary, axis=1) - np.nanmin(vary, axis=1)  # no square is too large to be a number
    apart: Floats = (vary.T - np.nanmean(vary, axis=1)) / unit
    apart[np.isnan(apart)] = 0.0
    return np.asarray(apart / np.sqrt((apart**2).sum(axis=0)))


def _largest(scaled: Floats) -> Floats:
    """Draws of the largest |t| of all columns, shape (DRAWS,)."""
    runs, columns = scaled.shape
    random = generator(_SEED, TOGETHER)
    if runs > columns:
        values, vectors = np.linalg.eigh(scaled.T @ scaled)
        scaled = np.sqrt(np.maximum(values, 0))[:, None] * vectors.T
    largest = []
    for _ in range(DRAWS // AT_A_TIME):
        normal = np.abs(random.standard_normal((AT_A_TIME, len(scaled))) @ scaled).max(axis=1)
        largest.append(normal / np.sqrt(random.chisquare(runs - 1, AT_A_TIME) / (runs - 1)))
    return np.concatenate(largest)

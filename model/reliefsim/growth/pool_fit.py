"""Recorded crises become the parameters that forecast them best, and those that did without each group of them.

No single best point is taken, for the parameters are weakly identified: each point of a grid is weighed by how likely it
makes what came at 1, 3, 6 and 12 months, every group of crises counting as one observation, and the mean is taken (of
logits of shares, of logarithms of the others). Leaving a group out takes its likelihood from the weights, and no more.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import product

import numpy as np

from .backtest import Scored, Trial, scored
from .recorded import Floats
from .trend_filter import Trend, weights

GRID: dict[str, tuple[float, ...]] = {
    "persistence": (0.80, 0.87, 0.93),
    "slope_share": (0.20, 0.30, 0.45, 0.65),
    "memory": (0.15, 0.35, 0.60),
    "typical_noise": (0.05, 0.07, 0.095),
    "prior_counts": (8.0, 20.0, 50.0),
    "level_weight": (0.0, 0.3, 0.6),
}
_FILTERED = ("persistence", "slope_share", "memory")  # what beliefs depend on; the others only weigh them
_LOGITS = ("persistence", "memory")


def likelihoods(of: Trial, count_error: float) -> tuple[list[Trend], Floats]:
    """Each point of the grid, and the mean log likelihood of what came: shape (points, groups), NaN where nothing did."""
    outer, inner = ({key: GRID[key] for key in GRID if (key in _FILTERED) is first} for first in (True, False))
    points, found = list[Trend](), list[Floats]()
    for filtered in product(*outer.values()):
        any_inner = {key: values[0] for key, values in inner.items()}
        forecast, now = of.mixtures(Trend(**dict(zip(outer, filtered, strict=True)), **any_inner), count_error)
        for weighed in product(*inner.values()):
            trend = Trend(**dict(zip(outer, filtered, strict=True)), **dict(zip(inner, weighed, strict=True)))
            density = forecast._replace(weight=weights(now, trend)).log_density(of.seen)
            cells = of.by_cell(density)
            points.append(trend)
            found.append(np.nanmean(cells, axis=1))
    return points, np.array(found)


def mean_trend(points: list[Trend], likelihood: Floats) -> Trend:
    """The mean of the points, weighed by exp of their summed likelihood, shape (points, groups)."""
    total = likelihood.sum(axis=1)
    weight = np.exp(total - total.max())
    weight /= weight.sum()
    found = {}
    for key in (field.name for field in fields(Trend)):
        stated = np.array([getattr(point, key) for point in points])
        if key in _LOGITS:
            found[key] = float(1 / (1 + np.exp(-weight @ np.log(stated / (1 - stated)))))
        else:
            found[key] = float(weight @ stated if key == "level_weight" else np.exp(weight @ np.log(stated)))
    return Trend(**found)


def fitted(of: Trial, count_error: float) -> tuple[Trend, dict[str, Trend]]:
    """The parameters by all crises, and by all but each group of them."""
    points, likelihood = likelihoods(of, count_error)
    without = {
        group: mean_trend(points, np.delete(likelihood, place, axis=1)) for place, group in enumerate(of.groups)
    }
    return mean_trend(points, likelihood), without


def scores_unseen(of: Trial, without: dict[str, Trend], count_error: float) -> Scored:
    """Every forecast scored by the parameters that its own group had no part in."""
    found = Scored(*(np.empty(len(of.seen)) for _ in Scored._fields))
    for place, group in enumerate(of.groups):
        mine = of.group == place
        forecast, _ = of.mixtures(without[group], count_error)
        own = scored(type(forecast)(*(table[mine] for table in forecast)), of.seen[mine])
        for whole, part in zip(found, own, strict=True):
            whole[mine] = part
    return found

"""The numbers of an arm with points become two parts of their variance: not knowing, and chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SPLIT = ""
ONE_RUN = "no split: no point has two runs"
ONE_POINT = "no split: one point"
EQUAL = "no split: equal in every run"
UNDEFINED = "undefined in every run"


@dataclass(frozen=True)
class Split:
    """What varies between points is not knowing, what varies within them is chance; arrays of shape (indicators,).

    ``deviation``: the standard deviation of both together; ``not_knowing`` and ``chance`` are their shares of its
    square, and add up to 1. NaN where a number is missing; ``notes`` say why.
    """

    deviation: Floats
    not_knowing: Floats
    chance: Floats
    notes: tuple[str, ...]


def split(values: Floats, points: int) -> Split:
    """Split the variance of every column of ``values``, shape (points × runs, indicators), point after point.

    The law of total variance; its parts as the one-way analysis of variance with random effects estimates them, for
    unequal numbers of defined values too (Searle, Casella and McCulloch, Variance Components, 1992, chapter 3): within
    points MSW, between them max(0, (MSB - MSW) / n0). Where it cannot be split, the deviation is that of all runs.
    Raises ValueError for an infinite value.
    """
    if np.isinf(values).any():
        raise ValueError("an indicator is infinite; what is not defined in a run must be NaN")
    grouped = values.reshape(points, -1, values.shape[1])
    defined = ~np.isnan(grouped)
    least = np.fmin.reduce(values, axis=0, initial=np.inf)
    from_least = np.where(defined, grouped - np.where(np.isinf(least), 0.0, least), 0.0)  # equal values: exactly 0
    count = defined.sum(axis=1)
    mean = from_least.sum(axis=(0, 1)) / np.maximum(count.sum(axis=0), 1)
    within, between = _components(from_least, defined, mean)
    variance = within + between
    with np.errstate(invalid="ignore"):
        chance = np.where(variance > 0, within / variance, np.nan)
    spread = np.where(np.isnan(variance), _variance(from_least, defined, mean), variance)
    notes = tuple(_note(*one) for one in zip(count.T, spread, variance, strict=True))
    return Split(np.sqrt(spread), 1 - chance, chance, notes)


def _components(values: Floats, defined: npt.NDArray[np.bool_], mean: Floats) -> tuple[Floats, Floats]:
    """The variance within points and between them, NaN where it cannot be told: shapes (indicators,)."""
    count = defined.sum(axis=1)
    means = values.sum(axis=1) / np.maximum(count, 1)
    total, groups = count.sum(axis=0), (count > 0).sum(axis=0)
    inside = (np.where(defined, values - means[:, None], 0.0) ** 2).sum(axis=(0, 1))
    across = (count * (means - mean) ** 2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = np.where(total > groups, inside / (total - groups), np.nan)
        mean_size = (total - (count**2).sum(axis=0) / total) / (groups - 1)
        between = np.where(groups > 1, (across / (groups - 1) - within) / mean_size, np.nan)
    return within, np.maximum(between, 0.0)


def _variance(values: Floats, defined: npt.NDArray[np.bool_], mean: Floats) -> Floats:
    """The variance of all defined values together; NaN of fewer than two."""
    total = defined.sum(axis=(0, 1))
    squares = (np.where(defined, values - mean, 0.0) ** 2).sum(axis=(0, 1))
    return np.where(total > 1, squares / np.maximum(total - 1, 1), np.nan)


def _note(count: npt.NDArray[np.int_], spread: float, variance: float) -> str:
    """Why a column is not split; empty if it is."""
    if not count.any():
        return UNDEFINED
    if spread == 0:
        return EQUAL
    if not np.isnan(variance):
        return SPLIT
    return ONE_POINT if (count > 0).sum() < 2 else ONE_RUN

"""A mean, a variance and a largest household become the shares of households of one person, two, and so on."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ...scenario.household_sizes import least_variance


def size_shares(mean: float, variance: float, most: int) -> npt.NDArray[np.float64]:
    """Shares of households of 1, 2, … ``most`` people with this mean and variance, or the nearest there can be.

    One more than a Poisson, binomial or negative binomial count, whichever has the wanted variance (Panjer's
    recursion, ASTIN Bulletin 12 (1981) 22: p(k) = (a + b/k)·p(k−1)). Where the largest household cuts off some of it,
    the distribution on 1 … ``most`` that has the mean and variance and differs least from what is left. Shape (most,).
    """
    mean = min(max(mean, 1.0), float(most))
    widest = (mean - 1) * (most - mean)
    variance = min(max(variance, least_variance(mean)), widest)
    if math.isclose(variance, widest, rel_tol=1e-9, abs_tol=1e-12):
        shares = np.zeros(most)
        shares[-1] = (mean - 1) / max(1, most - 1)
        shares[0] += 1 - shares.sum()
        return shares
    with np.errstate(over="ignore", invalid="ignore"):
        shares = _counts(mean, variance, most)
    if not np.isfinite(shares).all():  # so narrow and large that its first share is nothing beside the others
        shares = np.full(most, 1 / most)
    sizes = np.arange(1, most + 1)
    found = float(sizes @ shares)
    is_kept = math.isclose(found, mean, rel_tol=1e-9)
    if is_kept and math.isclose(float((sizes - found) ** 2 @ shares), variance, rel_tol=1e-8, abs_tol=1e-9):
        return shares
    return _tilted(shares, mean, variance)


def _counts(mean: float, variance: float, most: int) -> npt.NDArray[np.float64]:
    """The counts of ``size_shares``, cut off at ``most`` and scaled to add up to 1."""
    others = mean - 1
    if variance <= least_variance(mean) + 1e-12:
        return _two_sizes(mean, most)
    if math.isclose(variance, others):
        return _panjer(0.0, others, most)
    if variance > others:
        stay = others / variance
        return _panjer(1 - stay, (others * stay / (1 - stay) - 1) * (1 - stay), most)
    # Binomial, of trials that need not be whole: two that are next to each other are mixed.
    trials = others**2 / (others - variance)
    few = math.floor(trials)
    if few > others:
        narrow, less = _binomial(few, others, most), others - others**2 / few
    else:
        narrow, less = _two_sizes(mean, most), least_variance(mean)
    wide = (variance - less) / (others - others**2 / (few + 1) - less)
    return np.asarray((1 - wide) * narrow + wide * _binomial(few + 1, others, most))


def _tilted(shares: npt.NDArray[np.float64], mean: float, variance: float) -> npt.NDArray[np.float64]:
    """Shares times exp(a·k + b·k²) such that size k has this mean and variance: of all that have, those of the least
    relative entropy to ``shares`` (Kullback, Information Theory and Statistics, 1959, ch. 3).

    Newton's method on the convex dual, with halved steps; k is counted from the mean, in parts of the range.
    """
    apart = (np.arange(1, len(shares) + 1) - mean) / (len(shares) - 1)
    powers = np.stack([apart, apart**2])
    wanted = np.array([0.0, variance / (len(shares) - 1) ** 2])
    logs = np.log(np.maximum(shares, 1e-300))
    tilt = np.zeros(2)

    def weigh(tilt: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        heights = logs + tilt @ powers
        weights = np.exp(heights - heights.max())
        return float(heights.max() + math.log(weights.sum()) - tilt @ wanted), weights / weights.sum()

    height, found = weigh(tilt)
    for _ in range(200):
        miss = powers @ found - wanted
        if np.abs(miss).max() < 1e-13:
            break
        spread = (powers * found) @ powers.T - np.outer(powers @ found, powers @ found)
        step = np.linalg.solve(spread + 1e-14 * np.eye(2), miss)
        while True:
            lower, tried = weigh(tilt - step)
            if lower <= height or np.abs(step).max() < 1e-12:
                break
            step = step / 2
        tilt, height, found = tilt - step, lower, tried
    return found


def _two_sizes(mean: float, most: int) -> npt.NDArray[np.float64]:
    """The two whole sizes next to the mean."""
    shares = np.zeros(most)
    whole = int(mean)
    shares[whole - 1] = 1 - (mean - whole)
    if mean > whole:
        shares[whole] = mean - whole
    return shares


def _binomial(trials: int, mean: float, most: int) -> npt.NDArray[np.float64]:
    chance = min(mean / trials, 1 - 1e-12)
    ratio = -chance / (1 - chance)
    return _panjer(ratio, -ratio * (trials + 1), most)


def _panjer(a: float, b: float, most: int) -> npt.NDArray[np.float64]:
    """Shares of 0, 1, … ``most`` − 1, each the last times a + b/k."""
    shares = np.zeros(most)
    shares[0] = 1.0
    for k in range(1, most):
        shares[k] = max(0.0, (a + b / k) * shares[k - 1])
    total: float = shares.sum()
    return np.asarray(shares / total)

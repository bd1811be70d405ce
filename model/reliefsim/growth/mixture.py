"""A mixture of normal distributions becomes quantiles, densities and scores. Shapes: (..., parts) give (...)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .recorded import Floats

_HALVINGS = 50  # of the interval that holds a quantile


class Mixture(NamedTuple):
    """Normal distributions and their weights, which sum to 1 over the last axis."""

    mean: Floats
    deviation: Floats
    weight: Floats

    def below(self, at: Floats) -> Floats:
        """The probability of at most ``at``."""
        from scipy.special import ndtr

        found: Floats = (self.weight * ndtr((np.asarray(at)[..., None] - self.mean) / self.deviation)).sum(axis=-1)
        return found

    def quantile(self, share: float) -> Floats:
        """What a share of the draws lies below, to 15 digits."""
        low, high = (self.mean - 9 * self.deviation).min(axis=-1), (self.mean + 9 * self.deviation).max(axis=-1)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            is_below = self.below(middle) < share
            low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
        found: Floats = 0.5 * (low + high)
        return found

    def log_density(self, at: Floats) -> Floats:
        """The logarithm of the density at ``at``."""
        miss = (np.asarray(at)[..., None] - self.mean) / self.deviation
        with np.errstate(divide="ignore"):
            parts = np.log(self.weight) - 0.5 * miss**2 - np.log(self.deviation) - 0.5 * np.log(2 * np.pi)
        found: Floats = np.logaddexp.reduce(parts, axis=-1)
        return found

    def crps(self, seen: Floats) -> Floats:
        """The continuous ranked probability score: E|X - seen| - E|X - X'|/2 (Gneiting and Raftery, Journal of the
        American Statistical Association 102 (2007) 359; of normal mixtures: Grimit and others, QJRMS 132 (2006) 2925)."""
        near = (self.weight * _distance(np.asarray(seen)[..., None] - self.mean, self.deviation)).sum(axis=-1)
        apart = np.zeros_like(near)
        for part in range(self.mean.shape[-1]):
            mean, deviation = self.mean[..., part, None], self.deviation[..., part, None]
            both = _distance(mean - self.mean, np.hypot(deviation, self.deviation))
            apart += self.weight[..., part] * (self.weight * both).sum(axis=-1)
        found: Floats = near - 0.5 * apart
        return found


def _distance(mean: Floats, deviation: Floats) -> Floats:
    """The mean of |X| for a normal X."""
    from scipy.special import ndtr

    z = mean / deviation
    found: Floats = mean * (2 * ndtr(z) - 1) + deviation * np.sqrt(2 / np.pi) * np.exp(-0.5 * z**2)
    return found

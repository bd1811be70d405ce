"""Counts become what is believed of level and slope, for each noise that a crisis may have.

A damped local trend in log counts, in continuous time, so that dates may lie as they do:

    dl = b dt + s dW,    db = -k b dt + s r sqrt(2k) dV,    count = exp(l + e),   e ~ N(0, count_error^2)

with k = -log(persistence) and r = slope_share; beside it a local level (r = 0), which has the prior weight level_weight.
The noise s of a crisis is not known. Its square has an inverse gamma prior, worth prior_counts counts around
typical_noise^2, held on a grid, so that a known count_error needs no approximation: without count_error, and with
memory = 1, forecasts of the level are those of Student's t with prior_counts more degrees of freedom than counts. What
the counts tell of the noise is forgotten by ``memory`` a month, for crises calm down and flare up (discounted variance:
West and Harrison, Bayesian Forecasting and Dynamic Models, 2nd ed. 1997, 10.8). Level and slope: Kalman, Journal of Basic
Engineering 82 (1960) 35; damped trend: Gardner and McKenzie, Management Science 31 (1985) 1237.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .mixture import Mixture
from .recorded import Floats, Recorded

NOISES = np.exp(np.linspace(np.log(0.006), np.log(0.9), 21))  # a month, of the logarithm
MODELS = 2  # the local level, then the damped trend


@dataclass(frozen=True)
class Trend:
    """The parameters that a pool gives: shares a month (persistence, memory), and shares."""

    persistence: float
    slope_share: float
    memory: float
    typical_noise: float
    prior_counts: float
    level_weight: float

    @property
    def noise_prior(self) -> Floats:
        """Logarithms of the prior weights of each noise, shape (noises,)."""
        squares = NOISES**2
        log = -0.5 * self.prior_counts * (np.log(squares) + self.typical_noise**2 / squares)
        found: Floats = log - np.logaddexp.reduce(log)
        return found


class Beliefs(NamedTuple):
    """What is believed after each count, by model and noise; shapes (counts, ..., MODELS * noises).

    ``level``, ``slope``: means; ``spread``: the variances of level and slope with their covariance between (3);
    ``evidence``: logarithms of the likelihood so far, those of earlier months forgotten in part, without the prior.
    """

    level: Floats
    slope: Floats
    spread: Floats
    evidence: Floats

    def after(self, count: int | Sequence[int]) -> Beliefs:
        """The beliefs after one count, by its place, or after several."""
        return Beliefs(*(table[count] for table in self))


class Step(NamedTuple):
    """How level and slope move over some months: l += c b, b *= kept, and the noise that joins them; by model and noise."""

    carried: Floats
    kept: Floats
    level: Floats
    both: Floats
    slope: Floats


def step(trend: Trend, months: Floats | float) -> Step:
    """The exact transition over ``months``, shape (...), each part of shape (..., MODELS * noises): the slope is an
    Ornstein-Uhlenbeck process, the level holds its integral (Doob, Annals of Mathematics 43 (1942) 351)."""
    passed = np.asarray(months, np.float64)[..., None]
    k, squares = -np.log(trend.persistence), NOISES**2
    kept, gone, twice = np.exp(-k * passed), -np.expm1(-k * passed), -np.expm1(-2 * k * passed)
    rate = 2 * k * trend.slope_share**2
    level = rate * (passed - 2 * gone / k + twice / (2 * k)) / k**2
    both = rate * (gone / k - twice / (2 * k)) / k
    none = np.zeros_like(passed * squares)
    of_trend = (gone / k + none, kept + none, (passed + level) * squares, both * squares, rate * twice / (2 * k) * squares)
    of_level = (none, none, passed * squares, none, none)
    return Step(*(np.concatenate(pair, axis=-1) for pair in zip(of_level, of_trend, strict=True)))


def beliefs(counts: Recorded, trend: Trend, count_error: float) -> Beliefs:
    """What is believed after each count; ``count_error``: the standard deviation of one count, as a share.

    Nothing is known of the level before the first count, nor before one that opens it anew: that count is no evidence.
    """
    error, width = count_error**2, MODELS * len(NOISES)
    months, logs, opened = counts.months, counts.logs, counts.opened
    found = Beliefs(*(np.zeros((len(logs), *shape)) for shape in ((width,), (width,), (3, width), (width,))))
    slope_variance = np.concatenate([np.zeros(len(NOISES)), trend.slope_share**2 * NOISES**2])
    level, slope, evidence = np.full(width, logs[0]), np.zeros(width), np.zeros(width)
    spread = np.array([np.full(width, error), np.zeros(width), slope_variance])
    for place, log in enumerate(logs):
        if place:
            passed = months[place] - months[place - 1]
            level, slope, spread = moved(step(trend, passed), level, slope, spread)
            evidence = evidence * trend.memory**passed
            if opened[place]:
                level, spread = np.full(width, log), np.array([np.full(width, error), np.zeros(width), spread[2]])
            else:
                total, miss = spread[0] + error, log - level
                evidence = evidence - 0.5 * (np.log(2 * np.pi * total) + miss**2 / total)
                gain, slope_gain = spread[0] / total, spread[1] / total
                level, slope = level + gain * miss, slope + slope_gain * miss
                spread = np.array([spread[0] * (1 - gain), spread[1] * (1 - gain), spread[2] - slope_gain * spread[1]])
        found.level[place], found.slope[place], found.spread[place], found.evidence[place] = level, slope, spread, evidence
    return found


def moved(by: Step, level: Floats, slope: Floats, spread: Floats) -> tuple[Floats, Floats, Floats]:
    """Level, slope and their spread some months later."""
    var, both, var_slope = spread
    return (
        level + by.carried * slope,
        by.kept * slope,
        np.array([
            var + 2 * by.carried * both + by.carried**2 * var_slope + by.level,
            by.kept * (both + by.carried * var_slope) + by.both,
            by.kept**2 * var_slope + by.slope,
        ]),
    )  # fmt: skip


def weights(now: Beliefs, trend: Trend) -> Floats:
    """How much each model and noise is believed in, shape (MODELS * noises,); the models keep their prior weights."""
    log = trend.noise_prior + now.evidence.reshape(*now.evidence.shape[:-1], MODELS, -1)
    share = np.exp(log - np.logaddexp.reduce(log, axis=-1, keepdims=True))
    found: Floats = (np.array([[trend.level_weight], [1 - trend.level_weight]]) * share).reshape(now.evidence.shape)
    return found


def ahead(now: Beliefs, trend: Trend, months: Floats | float, error: float = 0.0) -> Mixture:
    """The logarithm of the people ``months`` later, shape (...); ``error``: that of a count of them, 0 for the people."""
    level, _, spread = moved(step(trend, months), now.level, now.slope, np.moveaxis(now.spread, -2, 0))
    return Mixture(level, np.sqrt(spread[0] + error**2), weights(now, trend))

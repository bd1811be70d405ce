"""Dated counts become what is known of level and trend, and that becomes the counts to come: quantiles, and single paths.

The logarithm of the people displaced follows, half and half, a local level (a random walk) and a damped local trend: a
level that moves with a slope, the slope an Ornstein–Uhlenbeck process that forgets (Harvey, Forecasting, Structural Time
Series Models and the Kalman Filter, 1989, sections 2.3 and 9.1, in continuous time, so that counts may come at any date).
How far a crisis moves in a month is not known: it has a lognormal prior, the pool's, in SIZES steps, weighed anew by every
count. What comes out is a mixture of normals with heavier tails than one. Time is in months of 365/12 days.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

DAYS_A_MONTH = 365 / 12
SIZES = 15  # of the monthly movement
REACH = 2.2  # standard deviations of the prior that they span
_OPEN = 25.0  # variance of a level of which nothing is known: a factor of e^5 either way


@dataclass(frozen=True)
class Learned:
    """What other crises teach. ``movement``, ``movement_spread``: median of the standard deviation of a month's movement
    of the log count, and the standard deviation of its logarithm over crises. ``slope_noise``: a month's variance of the
    slope, of that of the level. ``persistence``: of a slope, what is left after a month. ``trend_weight``: of the trend
    beside the level alone. ``onset_slope``: standard deviation of the slope, a month, when a crisis is first counted."""

    movement: float
    movement_spread: float
    slope_noise: float
    persistence: float
    trend_weight: float
    onset_slope: float

    @property
    def sizes(self) -> tuple[Numbers, Numbers]:
        """Monthly movements that a crisis may have, and their weights before any count; shapes (SIZES,)."""
        z = np.linspace(-REACH, REACH, SIZES)
        weights = np.exp(-z * z / 2)
        return self.movement * np.exp(self.movement_spread * z), weights / weights.sum()


@dataclass(frozen=True)
class State:
    """What is known at the last count: for the local level (0) and the trend (1), each for every size of movement: its
    ``weights`` (2, SIZES; all add up to one), mean of ``level`` and ``slope``, and (co)variances. ``sizes``: variances of
    a month's movement."""

    learned: Learned
    sizes: Numbers
    weights: Numbers
    level: Numbers
    slope: Numbers
    level_var: Numbers
    slope_var: Numbers
    covariance: Numbers


def filtered(
    months: Numbers, logs: Numbers, error: float, learned: Learned, opened: Sequence[bool] = ()
) -> list[State]:
    """The state after each count: Kalman filters side by side, shape of counts (n,).

    ``months``: when, rising; ``logs``: of the counts; ``error``: standard deviation of a log count about the truth;
    ``opened``: counts that are not comparable with the one before, whose level is learned anew.
    """
    sigmas, prior = learned.sizes
    sizes = np.broadcast_to(sigmas**2, (2, SIZES))
    is_trend = np.array([[0.0], [1.0]])
    settled = np.broadcast_to(is_trend * sizes * learned.slope_noise / (2 * _rate(learned)), (2, SIZES))
    logw = np.broadcast_to(np.log(prior), (2, SIZES)).copy()
    level, slope = np.full((2, SIZES), logs[0]), np.zeros((2, SIZES))
    slope_var = settled + is_trend * learned.onset_slope**2
    level_var, cov = np.full((2, SIZES), error**2), np.zeros((2, SIZES))
    of_models = np.array([[1 - learned.trend_weight], [learned.trend_weight]])
    found = []
    for place, log in enumerate(logs):
        if place:
            step = _transition(float(months[place] - months[place - 1]), learned, sizes, is_trend)
            level, slope, level_var, slope_var, cov = _moved(step, level, slope, level_var, slope_var, cov)
            is_open = bool(opened) and opened[place]
            if is_open:
                level_var, cov = level_var + _OPEN, cov * 0
            gap, total = log - level, level_var + error**2
            if not is_open:
                logw = logw - 0.5 * (np.log(total) + gap * gap / total)
            gain, tilt = level_var / total, cov / total
            level, slope = level + gain * gap, slope + tilt * gap
            slope_var = np.maximum(slope_var - tilt * cov, 0.0)
            level_var, cov = level_var * (1 - gain), cov * (1 - gain)
        weights = np.exp(logw - logw.max(axis=1, keepdims=True))
        weights = of_models * weights / weights.sum(axis=1, keepdims=True)
        found.append(State(learned, sizes, weights, level, slope, level_var, slope_var, cov))
    return found


def _rate(learned: Learned) -> float:
    """How fast a slope is forgotten, a month."""
    return -math.log(learned.persistence)


def _transition(
    months: float, learned: Learned, sizes: Numbers, is_trend: Numbers
) -> tuple[float, float, Numbers, Numbers, Numbers]:
    """What is left of a slope and what it adds to the level, and the variances and covariance that come on top.

    The integral of an Ornstein–Uhlenbeck process (Gillespie, Physical Review E 54 (1996) 2084) and a random walk.
    """
    rate = _rate(learned)
    left = math.exp(-rate * months)
    adds = (1 - left) / rate
    noise = is_trend * sizes * learned.slope_noise
    of_slope = noise * (1 - left * left) / (2 * rate)
    of_both = noise * (1 - left) ** 2 / (2 * rate * rate)
    of_level = noise * (months - 2 * adds + (1 - left * left) / (2 * rate)) / rate**2
    return left, adds, sizes * months + np.maximum(of_level, 0.0), of_slope, of_both


def _moved(
    step: tuple[float, float, Numbers, Numbers, Numbers], level: Numbers, slope: Numbers, level_var: Numbers,
    slope_var: Numbers, cov: Numbers,
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:  # fmt: skip
    left, adds, of_level, of_slope, of_both = step
    return (
        level + adds * slope,
        left * slope,
        level_var + 2 * adds * cov + adds * adds * slope_var + of_level,
        left * left * slope_var + of_slope,
        left * (cov + adds * slope_var) + of_both,
    )


def ahead(state: State, months: float, error: float = 0.0) -> tuple[Numbers, Numbers, Numbers]:
    """The mixture so many months after the last count: weights, means and standard deviations of the log; shapes (2·SIZES,).

    ``error``: with it, of a count then; without, of the people.
    """
    step = _transition(months, state.learned, state.sizes, np.array([[0.0], [1.0]]))
    level, _, variance, _, _ = _moved(step, state.level, state.slope, state.level_var, state.slope_var, state.covariance)
    return state.weights.ravel(), level.ravel(), np.sqrt(variance + error**2).ravel()


def quantiles(state: State, months: float, shares: Sequence[float], error: float = 0.0) -> Numbers:
    """Quantiles of the log so many months ahead, by halving; shape (shares,)."""
    from scipy.special import ndtr

    weights, means, sds = ahead(state, months, error)
    low = np.full(len(shares), float((means - 12 * sds).min()))
    high = np.full(len(shares), float((means + 12 * sds).max()))
    for _ in range(60):
        middle = (low + high) / 2
        below = (weights * ndtr((middle[:, None] - means) / np.maximum(sds, 1e-12))).sum(axis=1) < np.asarray(shares)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)


def path(state: State, days: int, uniforms: Numbers) -> Numbers:
    """The log of the people on each day from the last count on, one path: shape (days + 1,).

    ``uniforms``: shape (2 · days + 4,): model and size of movement, state at the last count, and two a day.
    """
    from scipy.special import ndtri

    place = int(np.searchsorted(np.cumsum(state.weights.ravel()), uniforms[0] * state.weights.sum()))
    at = np.unravel_index(min(place, state.weights.size - 1), state.weights.shape)
    normals = ndtri(np.clip(uniforms[1:], 1e-12, 1 - 1e-12))
    root = math.sqrt(max(float(state.level_var[at]), 0.0))
    level = float(state.level[at]) + root * normals[0]
    slope = float(state.slope[at])
    if float(state.slope_var[at]) > 0:
        tied = float(state.covariance[at]) / root if root else 0.0
        slope += tied * normals[0] + math.sqrt(max(float(state.slope_var[at]) - tied * tied, 0.0)) * normals[1]
    is_trend = np.array([[0.0], [1.0]])
    left, adds, *variances = _transition(1 / DAYS_A_MONTH, state.learned, state.sizes, is_trend)
    of_level, of_slope, of_both = (float(one[at]) for one in variances)
    first, second = normals[2 : 2 + days], normals[2 + days : 2 + 2 * days]
    shake = math.sqrt(of_slope) * first
    more = (of_both / math.sqrt(of_slope) if of_slope else 0.0) * first
    more = more + math.sqrt(max(of_level - (of_both**2 / of_slope if of_slope else 0.0), 0.0)) * second
    # The slope on each day before the next: each shock fades by ``left`` a day.
    powers = left ** np.arange(days + 1)
    slopes = powers[:days] * (slope + np.concatenate([[0.0], np.cumsum(shake / powers[1:])])[:days])
    return np.concatenate([[level], level + np.cumsum(adds * slopes + more)])


def comparable(dates: Sequence[datetime.date], breaks: Sequence[datetime.date]) -> tuple[bool, ...]:
    """For each count whether a break lies between it and the one before, or on its own day."""
    return tuple(
        place > 0 and any(dates[place - 1] < one <= date for one in breaks) for place, date in enumerate(dates)
    )


@lru_cache(maxsize=64)
def last_state(
    dates: tuple[datetime.date, ...], people: tuple[int, ...], error: float, learned: Learned,
    breaks: tuple[datetime.date, ...] = (),
) -> State:  # fmt: skip
    """The state at the last of some counts; of nobody counted, one person stands."""
    months = np.array([(date - dates[0]).days / DAYS_A_MONTH for date in dates])
    logs = np.log(np.maximum(np.array(people, np.float64), 1.0))
    return filtered(months, logs, error, learned, comparable(dates, breaks))[-1]

"""The counts of a crisis become its course: the middle of what may come, or one path of it."""

from __future__ import annotations

import datetime
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .pools import MOST_MONTHS, learned, shipped
from .recorded import DAYS_A_MONTH, Floats, recorded
from .trend_filter import Beliefs, Trend, ahead, beliefs, step, weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..scenario.schema_growth import Law

RANDOM = "random"
SHARES = {"p10": 0.1, "median": 0.5, "p90": 0.9}
KNOTS = 25  # of the middle, one a month
_MOST = 25.0  # a logarithm of people


class Known(NamedTuple):
    """What a fitted law knows: counts up to the day that it may look, none later; all that its beliefs rest on."""

    dates: tuple[datetime.date, ...]
    people: tuple[int, ...]
    error: float
    trend: Trend
    breaks: tuple[datetime.date, ...]
    ceiling: float


def taught(law: Law) -> dict[str, Any]:
    """What the pool of a law says: its name, parameters and scores."""
    return shipped() if law.pool is None else law.pool.model_dump()


def known(law: Law, start: datetime.date) -> Known:
    """The counts of a law dated up to its ``as_of`` (else the start), and what its pool teaches."""
    until = law.as_of or start
    pairs = sorted((date, count) for date, count in zip(law.dates or (), law.people or (), strict=False) if date <= until)
    pool = taught(law)
    error = float(law.count_error.value) if law.count_error is not None else float(pool["count_error"])
    ceiling = float(law.ceiling_people.value) if law.ceiling_people is not None else math.inf
    return Known(
        tuple(date for date, _ in pairs), tuple(max(count, 1) for _, count in pairs), error, learned(pool),
        tuple(sorted(law.breaks or ())), ceiling,
    )  # fmt: skip


def reopened(dates: Sequence[datetime.date], breaks: Sequence[datetime.date]) -> list[datetime.date]:
    """The dates of counts that are not comparable with the one before: the first on the day of a break or after it."""
    found = (next((date for date in dates if date >= one), None) for one in breaks)
    return [date for date in found if date is not None and date != dates[0]]


@lru_cache(maxsize=64)
def now(of: Known) -> Beliefs:
    """What is believed after the last count."""
    counts = recorded("", zip(of.dates, of.people, strict=True), reopened(of.dates, of.breaks))
    return beliefs(counts, of.trend, of.error).after(len(of.dates) - 1)


@lru_cache(maxsize=64)
def middle(of: Known, share: float = 0.5) -> tuple[Floats, Floats]:
    """Days after the last count and people then, at a quantile, a knot a month."""
    months = np.arange(KNOTS) * MOST_MONTHS / (KNOTS - 1)
    logs = ahead(now(of), of.trend, months).quantile(share)
    return months * DAYS_A_MONTH, np.minimum(np.exp(np.minimum(logs, _MOST)), of.ceiling)


def with_past(of: Known, days: Floats, people: Floats) -> tuple[Floats, Floats]:
    """What came before the last count put before what comes after it: days after the last count, people."""
    past = np.array([(date - of.dates[-1]).days for date in of.dates[:-1]], np.float64)
    return np.concatenate([past, days]), np.concatenate([np.array(of.people[:-1], np.float64), people])


def drawn(of: Known, months: int, uniforms: Floats) -> Floats:
    """People each month from the last count on, one path; shape (months + 1,). ``uniforms``: see ``path``."""
    return np.minimum(np.exp(np.minimum(path(of, months, uniforms), _MOST)), of.ceiling)


def uniforms_needed(months: int) -> int:
    """How many draws a path of so many months takes."""
    return 2 * months + 3


def path(of: Known, months: int, uniforms: Floats) -> Floats:
    """The logarithm of the people each month from the last count on, one path: shape (months + 1,).

    ``uniforms``: shape (2 · months + 3,): model and noise, level and slope at the last count, and two for each month, so
    that a longer path begins as a shorter one. The steps are those of the filter, a month each, so that paths have its
    quantiles then. Not a day each: a random walk of days goes up and down all the time, and every rise would bring people of
    whom no count has ever told.
    """
    from scipy.special import ndtri

    believed = now(of)
    place = int(np.searchsorted(np.cumsum(weights(believed, of.trend)), uniforms[0]))
    at = min(place, believed.level.shape[-1] - 1)
    normals = ndtri(np.clip(uniforms[1:], 1e-12, 1 - 1e-12))
    root = math.sqrt(float(believed.spread[0, at]))
    tied = float(believed.spread[1, at]) / root if root else 0.0
    level = float(believed.level[at]) + root * normals[0]
    slope = float(believed.slope[at]) + tied * normals[0]
    slope += math.sqrt(max(float(believed.spread[2, at]) - tied**2, 0.0)) * normals[1]
    kept, carried, of_level, both, of_slope = _month(of.trend, at)
    first, second = normals[2 : 2 + 2 * months : 2], normals[3 : 3 + 2 * months : 2]
    shared = both / math.sqrt(of_slope) if of_slope else 0.0
    more = shared * first + math.sqrt(max(of_level - shared**2, 0.0)) * second
    if not kept:
        return np.concatenate([[level], level + np.cumsum(more)])
    # The slope each month: every shock before it has faded by ``kept`` a month.
    powers = kept ** np.arange(months + 1)
    slopes = powers[:months] * (slope + np.concatenate([[0.0], np.cumsum(math.sqrt(of_slope) * first / powers[1:])])[:months])
    return np.concatenate([[level], level + np.cumsum(carried * slopes + more)])


@lru_cache(maxsize=256)
def _month(trend: Trend, at: int) -> tuple[float, float, float, float, float]:
    """One month's step of a model and noise: what is kept of a slope, what it carries, and the variances and covariance."""
    by = step(trend, 1.0)
    return float(by.kept[at]), float(by.carried[at]), float(by.level[at]), float(by.both[at]), float(by.slope[at])

"""Recorded crises become forecasts of what came later, made at each count of what was known then, and their scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .mixture import Mixture
from .recorded import FEWEST, Floats, Recorded
from .trend_filter import Beliefs, Trend, ahead, beliefs

HORIZONS = (1, 3, 6, 12)  # months
COVERED = 0.9  # the interval that is scored
_NEAR = 0.25  # of a horizon, and at least half a month: a later count so far off it is one at it


class Pair(NamedTuple):
    """A count from which, and one which, is forecast: their places, and the place of the horizon."""

    origin: int
    target: int
    horizon: int


def pairs(counts: Recorded) -> list[Pair]:
    """At each count from the third on and for each horizon, the later count nearest to it; none across a break."""
    months, opened, found = counts.months, counts.opened, list[Pair]()
    for origin in range(FEWEST - 1, len(months) - 1):
        for place, horizon in enumerate(HORIZONS):
            off = np.abs(months[origin + 1 :] - months[origin] - horizon)
            target = origin + 1 + int(np.argmin(off))
            if off[target - origin - 1] <= max(_NEAR * horizon, 0.5) and not opened[origin + 1 : target + 1].any():
                found.append(Pair(origin, target, place))
    return found


@dataclass(frozen=True)
class Trial:
    """All forecasts that some crises allow; arrays of shape (forecasts,).

    ``crisis``, ``group``: the places of the record and of its group's name; ``last``, ``seen``: logarithms of the count
    from which, and which, is forecast; ``months`` between them.
    """

    records: tuple[Recorded, ...]
    groups: tuple[str, ...]
    pairs: tuple[tuple[Pair, ...], ...]  # by record
    crisis: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    horizon: npt.NDArray[np.int64]
    months: Floats
    last: Floats
    seen: Floats

    def mixtures(self, trend: Trend, count_error: float) -> tuple[Mixture, Beliefs]:
        """Every forecast by one set of parameters, and what it was made of."""
        made = []
        for counts, mine in zip(self.records, self.pairs, strict=True):
            if mine:
                made.append(beliefs(counts, trend, count_error).after([pair.origin for pair in mine]))
        now = Beliefs(*(np.concatenate(tables) for tables in zip(*made, strict=True)))
        return ahead(now, trend, self.months, count_error), now

    def by_cell(self, numbers: Floats) -> Floats:
        """The mean of numbers of forecasts, shape (groups, horizons); NaN where there is none."""
        cell = self.group * len(HORIZONS) + self.horizon
        size = len(self.groups) * len(HORIZONS)
        with np.errstate(invalid="ignore"):
            return (np.bincount(cell, numbers, size) / np.bincount(cell, minlength=size)).reshape(len(self.groups), -1)


def trial(records: Iterable[Recorded]) -> Trial:
    """The forecasts of some crises, whatever their order. Raises ValueError where none can be made."""
    kept = tuple(sorted((one for one in records if pairs(one)), key=lambda one: one.name))
    if not kept:
        raise ValueError(f"no series has {FEWEST} counts and a later one about a month or more after them")
    groups = tuple(sorted({one.group or one.name for one in kept}))
    mine = tuple(tuple(pairs(one)) for one in kept)
    each = [(place, one, pair) for place, one in enumerate(kept) for pair in mine[place]]
    times, logs = [one.months for one in kept], [one.logs for one in kept]
    return Trial(
        kept, groups, mine,
        crisis=np.array([place for place, _, _ in each]),
        group=np.array([groups.index(one.group or one.name) for _, one, _ in each]),
        horizon=np.array([pair.horizon for _, _, pair in each]),
        months=np.array([times[place][pair.target] - times[place][pair.origin] for place, _, pair in each]),
        last=np.array([logs[place][pair.origin] for place, _, pair in each]),
        seen=np.array([logs[place][pair.target] for place, _, pair in each]),
    )  # fmt: skip


class Scored(NamedTuple):
    """Of each forecast: its 5, 50 and 95 % quantiles (logarithms), error as a share of what came, CRPS of the
    logarithm, and whether the 90 % interval held what came; shapes (forecasts,)."""

    low: Floats
    middle: Floats
    high: Floats
    error: Floats
    crps: Floats
    held: Floats


def scored(forecast: Mixture, seen: Floats) -> Scored:
    """The scores of forecasts."""
    low, middle, high = (forecast.quantile(share) for share in ((1 - COVERED) / 2, 0.5, (1 + COVERED) / 2))
    held = ((low <= seen) & (seen <= high)).astype(np.float64)
    return Scored(low, middle, high, np.abs(np.expm1(middle - seen)), forecast.crps(seen), held)


def last_value(of: Trial, spread: Callable[[int], Sequence[float]] | None = None) -> Mixture:
    """What is forecast by the last count alone, with the pooled spread of the changes in all other groups by horizon.

    ``spread``: the standard deviations by horizon to use for a group instead, as a pool gives them.
    """
    squares = of.by_cell((of.seen - of.last) ** 2)
    deviation = np.empty(len(of.seen))
    for group in range(len(of.groups)):
        others = np.delete(squares, group, axis=0)
        with np.errstate(invalid="ignore"):
            own = spread(group) if spread else np.sqrt([_mean(column) for column in others.T])
        mine = of.group == group
        deviation[mine] = np.asarray(own)[of.horizon[mine]]
    return Mixture(of.last[:, None], deviation[:, None], np.ones((len(deviation), 1)))


def _mean(numbers: Floats) -> float:
    """The mean of those that are there."""
    there = numbers[np.isfinite(numbers)]
    return float(there.mean()) if len(there) else float("nan")

"""Two arms run on the same draws become their difference, run by run: how large, how sure, and for better or worse.

Which way is better, the registry of indicators says: 1, more is better; -1, less is; 0, neither, so that no chance is
given. That money never runs out counts as later than any day. The differences that are read together, of headline totals
in all arms, have intervals that hold together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...indicators.registry import HEADLINES, INDICATORS, OF_A_RUN
from .estimates import Floats, mean_of, means, of_points
from .intervals import EQUAL, NONE, OUTSIDE, SKEWED, Integers, Intervals
from .together import outside_together
from .verdicts import NO, SAME, UNKNOWN, YES, verdict

if TYPE_CHECKING:
    from ...indicators.measure import Key
    from ..running.runner import Arm
    from .precision import Target

BETTER = {one.name: one.sense for one in OF_A_RUN}
NEVER_IS_LATER = "run_out_day"


@dataclass(frozen=True)
class Differences:
    """One arm less the reference, run by run; arrays have shape (keys,), NaN where a number is missing.

    ``mean``, ``interval`` and ``share_defined`` are of the replications in which both are defined, and so are
    ``chance_better`` and ``chance_equal`` (shares of them), except that of days on which money runs out all
    replications count. ``real``: see ``_real``; ``verdict``: what it comes to, by the ``least`` that matters.
    ``together``: how many intervals hold together, this among them; 1: this alone.
    """

    arm: Arm
    reference: Arm
    keys: tuple[Key, ...]
    mean: Floats
    interval: Intervals
    real: tuple[str, ...]
    least: Floats
    verdict: tuple[str, ...]
    together: Integers
    chance_better: Floats
    chance_equal: Floats
    share_defined: Floats
    replications: int


@dataclass(frozen=True)
class Judging:
    """By what differences are judged: what the intervals of headline totals leave on each side, with how many they hold
    together, and least differences that matter where they are not the registry's."""

    outside: float = OUTSIDE
    together: int = 1
    matters: tuple[Target, ...] = ()


ALONE = Judging()


def differences(arms: Sequence[Arm], reference: int, matters: Sequence[Target] = ()) -> Iterator[Differences]:
    """Every arm of a study but the reference against it, in the study's order, in what both of them have.

    ``reference``: its place among the arms. Raises ValueError if the runs of two arms do not belong together.
    """
    others = [arm for place, arm in enumerate(arms) if place != reference]
    columns = [_headlines(arm, arms[reference]) for arm in others]
    values = np.concatenate(columns, axis=1) if columns else np.empty((0, 0))
    judging = Judging(outside_together(values), values.shape[1], tuple(matters))
    return (difference(arm, arms[reference], judging) for arm in others)


def _headlines(arm: Arm, reference: Arm) -> Floats:
    """The differences of headline totals, shape (points, or runs where there is one point; totals)."""
    keys, mine, others = _paired(arm, reference)
    apart = (mine - others)[:, _are_headlines(keys)]
    return apart if arm.points == 1 else of_points(apart, arm.points)


def _are_headlines(keys: Sequence[Key]) -> list[bool]:
    return [key.indicator in HEADLINES and not any(key[1:7]) for key in keys]


def _paired(arm: Arm, reference: Arm) -> tuple[tuple[Key, ...], Floats, Floats]:
    """What two arms both have, and its numbers in each. Raises ValueError if their runs do not belong together."""
    if (len(arm.values), arm.points) != (len(reference.values), reference.points):
        raise ValueError(
            f"{arm.scenario}/{arm.rule} has {len(arm.values)} runs of {arm.points} points, "
            f"{reference.scenario}/{reference.rule} {len(reference.values)} of {reference.points}: they make no pairs"
        )
    places = {key: place for place, key in enumerate(reference.keys)}
    keys = tuple(key for key in arm.keys if key in places)
    mine = arm.values[:, [place for place, key in enumerate(arm.keys) if key in places]]
    return keys, mine, reference.values[:, [places[key] for key in keys]]


def difference(arm: Arm, reference: Arm, judging: Judging = ALONE) -> Differences:
    """One arm less another. Raises ValueError unless both have the same replications of as many points."""
    keys, mine, others = _paired(arm, reference)
    apart, together = mine - others, np.where(_are_headlines(keys), judging.together, 1)
    outside = np.where(together > 1, judging.outside, OUTSIDE)
    found = means(apart, arm.points, outside)
    better, equal = _chances(keys, mine, others)
    real = _real(found.interval, apart, arm.points, outside)
    least = _least(keys, mean_of(others, arm.points), judging)
    ends = zip(found.interval.low.tolist(), found.interval.high.tolist(), strict=True)
    is_sure = (found.interval.codes == SKEWED).tolist()
    rows = zip(found.mean.tolist(), ends, real, [BETTER[key.indicator] for key in keys], least.tolist(), is_sure, strict=True)
    return Differences(
        arm, reference, keys, found.mean, found.interval, real, least, tuple(verdict(*row) for row in rows), together,
        better, equal, found.share_defined, len(apart),
    )  # fmt: skip


def _least(keys: Sequence[Key], base: Floats, judging: Judging) -> Floats:
    """The least differences that matter, to a reference that has ``base``; 0 where it has nothing."""
    stated = {one.indicator: one for one in judging.matters}
    base = np.where(np.isnan(base), 0.0, base)
    return np.array([
        stated[key.indicator].of(one) if key.indicator in stated else INDICATORS[key.indicator].least_that_matters(one)
        for key, one in zip(keys, base.tolist(), strict=True)
    ])  # fmt: skip


def _real(interval: Intervals, apart: Floats, points: int, outside: Floats) -> tuple[str, ...]:
    """Whether a difference is more than chance: yes, if its interval leaves out 0; else no; empty without interval.

    ``equal``: no run differs. Where some runs do not differ, or all by the same, so many that do are wanted (with points,
    of points) that all of one sign come about no oftener than the interval leaves: six for 5 %, since five do in 6 % of
    cases where neither side is better.
    """
    by_point = np.abs(apart).reshape(points, -1, apart.shape[1]) if points > 1 else np.abs(apart)[:, None]
    defined = ~np.isnan(by_point).all(axis=1)
    differ = (by_point > 0).any(axis=1)
    count, all_do = differ.sum(axis=0), (differ == defined).all(axis=0)
    same = (interval.codes == EQUAL) & (interval.low == 0)
    leaves_out_0 = (interval.low > 0) | (interval.high < 0)
    enough = (count >= np.ceil(-np.log2(outside))) | (all_do & (interval.codes != EQUAL))
    choices = [(interval.codes == NONE, UNKNOWN), (same, SAME), (leaves_out_0 & enough, YES)]
    return tuple(np.select([one for one, _ in choices], [word for _, word in choices], NO).tolist())


def _chances(keys: Sequence[Key], mine: Floats, others: Floats) -> tuple[Floats, Floats]:
    """In which shares of replications the arm is strictly better, and equal; NaN where there is no better, or none."""
    never = np.array([key.indicator == NEVER_IS_LATER for key in keys], np.bool_)
    mine, others = (np.where(never & np.isnan(one), np.inf, one) for one in (mine, others))
    ways = np.array([BETTER[key.indicator] for key in keys], np.int64)
    count = (~(np.isnan(mine) | np.isnan(others))).sum(axis=0)
    better = np.where(ways < 0, mine < others, mine > others).sum(axis=0)
    equal = (mine == others).sum(axis=0)
    shares = (np.where(count > 0, one / np.maximum(count, 1), np.nan) for one in (better, equal))
    chance, same = shares
    return np.where(ways != 0, chance, np.nan), same

"""Two arms run on the same draws become their difference, run by run: how large, how sure, and for better or worse.

Which way is better, the registry of indicators says: 1, more is better; -1, less is; 0, neither, so that no chance is
given. That money never runs out counts as later than any day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...indicators.registry import OF_A_RUN
from .estimates import Floats, means
from .intervals import EQUAL, NONE, SIX_DIFFER, Intervals

if TYPE_CHECKING:
    from ...indicators.measure import Key
    from ..running.runner import Arm

BETTER = {one.name: one.sense for one in OF_A_RUN}
NEVER_IS_LATER = "run_out_day"

YES, NO, SAME, UNKNOWN = "yes", "no", "equal", ""


@dataclass(frozen=True)
class Differences:
    """One arm less the reference, run by run; arrays have shape (keys,), NaN where a number is missing.

    ``mean``, ``interval`` and ``share_defined`` are of the replications in which both are defined, and so are
    ``chance_better`` and ``chance_equal`` (shares of them), except that of days on which money runs out all
    replications count. ``real``: see ``_real``.
    """

    arm: Arm
    reference: Arm
    keys: tuple[Key, ...]
    mean: Floats
    interval: Intervals
    real: tuple[str, ...]
    chance_better: Floats
    chance_equal: Floats
    share_defined: Floats
    replications: int


def differences(arms: Sequence[Arm], reference: int) -> Iterator[Differences]:
    """Every arm of a study but the reference against it, in the study's order, in what both of them have.

    ``reference``: its place among the arms. Raises ValueError if the runs of two arms do not belong together.
    """
    return (difference(arm, arms[reference]) for place, arm in enumerate(arms) if place != reference)


def difference(arm: Arm, reference: Arm) -> Differences:
    """One arm less another. Raises ValueError unless both have the same replications of as many points."""
    if (len(arm.values), arm.points) != (len(reference.values), reference.points):
        raise ValueError(
            f"{arm.scenario}/{arm.rule} has {len(arm.values)} runs of {arm.points} points, "
            f"{reference.scenario}/{reference.rule} {len(reference.values)} of {reference.points}: they make no pairs"
        )
    places = {key: place for place, key in enumerate(reference.keys)}
    keys = tuple(key for key in arm.keys if key in places)
    mine = arm.values[:, [place for place, key in enumerate(arm.keys) if key in places]]
    others = reference.values[:, [places[key] for key in keys]]
    apart = mine - others
    found = means(apart, arm.points)
    better, equal = _chances(keys, mine, others)
    real = _real(found.interval, apart, arm.points)
    return Differences(
        arm, reference, keys, found.mean, found.interval, real, better, equal, found.share_defined, len(apart)
    )  # fmt: skip


def _real(interval: Intervals, apart: Floats, points: int) -> tuple[str, ...]:
    """Whether a difference is more than chance: yes, if its interval leaves out 0; else no; empty without interval.

    ``equal``: no run differs. Where some runs do not differ, or all by the same, six that do are wanted (with points,
    six points): five of one sign come about in 6 % of cases where neither side is better.
    """
    by_point = np.abs(apart).reshape(points, -1, apart.shape[1]) if points > 1 else np.abs(apart)[:, None]
    defined = ~np.isnan(by_point).all(axis=1)
    differ = (by_point > 0).any(axis=1)
    count, all_do = differ.sum(axis=0), (differ == defined).all(axis=0)
    same = (interval.codes == EQUAL) & (interval.low == 0)
    leaves_out_0 = (interval.low > 0) | (interval.high < 0)
    enough = (count >= SIX_DIFFER) | (all_do & (interval.codes != EQUAL))
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

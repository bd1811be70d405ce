"""Differences between runs with more money and with less become whether the more buys anything: one meaning for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .differences import BETTER, difference
from .verdicts import UNKNOWN, YES

if TYPE_CHECKING:
    from ...indicators.measure import Key
    from ..running.runner import Arm

LEAST = 0.01  # less than such a part of what could be counts as nothing


def means(arm: Arm, key: Key) -> float:
    """The mean of one number over all runs in which it is defined; 0 where it is in none."""
    values = arm.values[:, arm.keys.index(key)]
    return float(np.nanmean(values)) if not np.isnan(values).all() else 0.0


def is_bought(more: Arm, less: Arm, key: Key, least: float) -> bool:
    """Whether one number is better with more money: its mean by ``least`` or more, and for certain.

    A single run has no interval: its number decides.
    """
    ours, theirs = (replace(arm, keys=(key,), values=arm.values[:, [arm.keys.index(key)]]) for arm in (more, less))
    apart = difference(ours, theirs)
    by = BETTER[key.indicator] * float(apart.mean[0])
    return apart.real[0] in (YES, UNKNOWN) and by > 0 and by >= least


def saturated_from(arms: Sequence[Arm], key: Key) -> int | None:
    """The place of the first arm, each with more money than the one before, than which no later one buys more of a
    number: LEAST of what the most money changes, and for certain. None: it is the last."""
    least = LEAST * abs(means(arms[-1], key) - means(arms[0], key))
    places = range(len(arms) - 1)
    return next((p for p in places if not any(is_bought(one, arms[p], key, least) for one in arms[p + 1 :])), None)

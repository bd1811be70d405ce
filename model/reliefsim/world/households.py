"""Arrival times and keys become households and their members, each from its own place in its stream."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..records import MISSING, Went
from ..scenario.household_sizes import least_variance
from .streams import TILE, block, blocks, short_uniform, uniform

RETURNED, MOVED_ON, CROSSED_BORDER = int(Went.RETURNED), int(Went.MOVED_ON), int(Went.CROSSED_BORDER)
NEVER = 1 << 40
Cumulative = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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


@inlined
def pick(cumulative: Cumulative, u: float) -> int:
    """The first place whose cumulative share is above u."""
    # Adding up has no branch to guess wrong: faster than stopping at the first.
    at = 0
    for place in range(cumulative.shape[0] - 1):
        at += u >= cumulative[place]
    return at


@compiled
def sizes_of_start(key: np.uint64, people: int, sizes: Cumulative, alone: float) -> npt.NDArray[np.int64]:
    """Sizes of the households at the start: exactly ``people`` together, the last one cut to fit."""
    found = np.empty(people, np.int64)
    left = people
    count = 0
    while left > 0:
        w0, w1, _, _ = block(key, count, 0, 0, 0)
        size = 1
        if short_uniform(w0) >= alone:
            size = pick(sizes, short_uniform(w1)) + 1
        size = min(size, left)
        found[count] = size
        left -= size
        count += 1
    return found[:count].copy()


@compiled
def draw_households(
    households: Any, first: int, arrived: Integers, kinds: Integers, units: Integers, key: np.uint64, sizes: Cumulative,
    alone: float, origins: Cumulative, locations: Cumulative, registered_share: float, find_probability: float,
    exponentials: npt.NDArray[np.float64], rounds_to_find: Integers,
) -> None:  # fmt: skip
    """Fill the rows from ``first`` on for the households of one kind, numbered by ``units`` and ``kinds``.

    Numbered within their kind, so that more households of one kind move nobody of another. ``exponentials`` takes
    each household's own draw for leaving; ``rounds_to_find`` the held rounds it takes to find it (geometric).
    """
    # Rounds to find: 1 + the whole part of log(u) / this.
    log_missed = math.log1p(-find_probability) if 0.0 < find_probability < 1.0 else 0.0
    who, when = np.empty((4, TILE), np.uint64), np.empty((4, TILE), np.uint64)
    for begin in range(0, arrived.shape[0], TILE):
        end = min(begin + TILE, arrived.shape[0])
        blocks(key, units[begin:end], 0, 0, kinds[begin:end], who, 0)
        blocks(key, units[begin:end], 0, 1, kinds[begin:end], when, 0)
        for i in range(end - begin):
            h = first + begin + i
            row = households[h]
            row.size = 1 if short_uniform(who[0, i]) < alone else pick(sizes, short_uniform(who[1, i])) + 1
            row.origin = pick(origins, short_uniform(who[2, i]))
            row.location = pick(locations, short_uniform(who[3, i]))
            exponentials[h] = -math.log(uniform(when[0, i], when[1, i]))
            row.arrived = arrived[begin + i]
            row.left = MISSING
            row.registered = 0 if kinds[begin] == 0 and short_uniform(when[2, i]) < registered_share else MISSING
            if log_missed < 0.0:
                rounds_to_find[h] = 1 + int(math.log(short_uniform(when[3, i])) / log_missed)
            else:
                rounds_to_find[h] = 1 if find_probability >= 1.0 else NEVER
            row.population = 1 if kinds[begin] == 3 else 0


@compiled
def draw_ways(
    households: Any, leavers: npt.NDArray[np.int64], kinds: npt.NDArray[np.int64], units: npt.NDArray[np.int64],
    key: np.uint64, returned: float, crossed: float,
) -> None:  # fmt: skip
    """Where each leaver goes: home, across a border, or elsewhere in the country, by shares."""
    for place in range(leavers.shape[0]):
        h = leavers[place]
        w0, _, _, _ = block(key, units[h], 0, 2, kinds[h])
        u = short_uniform(w0)
        households[h].went = RETURNED if u < returned else CROSSED_BORDER if u < returned + crossed else MOVED_ON


@compiled
def give_class(households: Any, first: int, count: int, one_class: int, member_class: npt.NDArray[np.int16]) -> None:
    """The same class for all members of ``count`` households."""
    for n in range(first, first + count):
        row = households[n]
        row.priority_class = one_class
        member_class[row.first_member : row.first_member + row.size] = one_class


@compiled
def draw_classes(
    households: Any, kinds: Integers, units: Integers, key: np.uint64, household_key: np.uint64, alone: float,
    alone_classes: Cumulative, head_classes: Cumulative, any_classes: Cumulative, rank: Integers,
    member_class: npt.NDArray[np.int16],
) -> None:  # fmt: skip
    """The class of every member, and each household's: its members' highest.

    ``alone_classes``, ``head_classes``, ``any_classes``: cumulative shares over all classes of one who lives alone
    by class, of a first member, of any other. ``rank``: a class's place in the order of priority, 0 first.
    """
    largest = 1
    for h in range(households.shape[0]):
        largest = max(largest, households[h].size)
    parts = 1 + (largest - 1) // 4
    words, who = np.empty((4 * parts, TILE), np.uint64), np.empty((4, TILE), np.uint64)
    for first in range(0, households.shape[0], TILE):
        last = min(first + TILE, households.shape[0])
        for part in range(parts):
            blocks(key, units[first:last], part, 0, kinds[first:last], words, 4 * part)
        if alone > 0.0:
            blocks(household_key, units[first:last], 0, 0, kinds[first:last], who, 0)
        for i in range(last - first):
            row = households[first + i]
            is_alone = alone > 0.0 and short_uniform(who[0, i]) < alone
            best = -1
            for member in range(row.size):
                u = short_uniform(words[member, i])
                if is_alone:
                    chosen = pick(alone_classes, u)
                elif member == 0:
                    chosen = pick(head_classes, u)
                else:
                    chosen = pick(any_classes, u)
                member_class[row.first_member + member] = chosen
                if best < 0 or rank[chosen] < rank[best]:
                    best = chosen
            row.priority_class = best

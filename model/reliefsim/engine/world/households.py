"""Arrival times and keys become households and their members, each from its own place in its stream."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ...compiled import compiled, inlined
from ...layout import Went
from ...units import MISSING
from .streams import TILE, block, blocks, short_uniform, uniform

RETURNED, MOVED_ON, CROSSED_BORDER = int(Went.RETURNED), int(Went.MOVED_ON), int(Went.CROSSED_BORDER)
NEVER = 1 << 40
Cumulative = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


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

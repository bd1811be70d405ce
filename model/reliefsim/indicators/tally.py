"""One run's cases and people become whole numbers, in total and by each single breakdown, in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..layout import Outcome, Reason
from ..units import MISSING

REASONS = len(Reason)
# Rows of a tally. Where a row stands for a reason, the reason's number is added.
(NEEDED, SERVED, OPEN, UNSERVED) = range(4)
UNSERVED_BECAUSE = 4
PRICED = UNSERVED_BECAUSE + REASONS
GAP = PRICED + 1
GAP_BECAUSE = GAP + 1
(WAIT_SECONDS, WAITED, WAITING_SECONDS, QUEUE_SECONDS, WISHED) = range(GAP_BECAUSE + REASONS, GAP_BECAUSE + REASONS + 5)
(IN_NEED, REACHED, DIRECTLY, FULLY) = range(WISHED + 1, WISHED + 5)
ROWS = FULLY + 1
_BITS = 62  # services in one word: its sign is left alone

_SERVED, _IN_SERVICE = int(Outcome.SERVED), int(Outcome.IN_SERVICE)
Numbers = npt.NDArray[np.int64]


@compiled
def tally(
    cases: Any, households: Any, member_class: npt.NDArray[np.int16], service_slot: Numbers, class_slot: Numbers,
    host_slot: int, origin_slot: Numbers, location_slot: Numbers, slots: int, begins: int, horizon: int,
) -> Numbers:  # fmt: skip
    """Numbers of one run, shape (ROWS, slots); slot 0 is the whole caseload, a slot of -1 is not kept.

    Times count inside [begins, horizon); hosts count in their own slot and their services' only.
    """
    table = np.zeros((slots, ROWS), np.int64)
    # Each case is added to two cells, and the cells to the slots they belong to: fewer additions than slot by slot.
    who = np.zeros((1 + service_slot.max(), class_slot.shape[0], 2, ROWS), np.int64)
    where = np.zeros((origin_slot.shape[0], location_slot.shape[0], ROWS), np.int64)
    numbers = np.zeros(ROWS, np.int64)
    for c in range(cases.shape[0]):
        case = cases[c]
        _read(numbers, case, begins, horizon)
        hosts = households[case.household].population
        _add(who[service_slot[case.service], case.priority_class, hosts], numbers)
        if not hosts:
            _add(where[case.origin, case.location], numbers)
    for service in range(who.shape[0]):
        for group in range(who.shape[1]):
            for hosts in range(2):
                cell = who[service, group, hosts]
                if cell[NEEDED] > 0:
                    _add(table[service], cell)
                    _add(table[host_slot if hosts else 0], cell)
                    if not hosts and class_slot[group] >= 0:
                        _add(table[class_slot[group]], cell)
    for origin in range(where.shape[0]):
        for location in range(where.shape[1]):
            if origin_slot[origin] >= 0:
                _add(table[origin_slot[origin]], where[origin, location])
            if location_slot[location] >= 0:
                _add(table[location_slot[location]], where[origin, location])
    _count_people(
        table, cases, households, member_class, service_slot, class_slot, host_slot, origin_slot, location_slot
    )
    return table.T.copy()


@inlined
def _add(row: Numbers, numbers: Numbers) -> None:
    for place in range(ROWS):
        row[place] += numbers[place]


@inlined
def _read(numbers: Numbers, case: Any, begins: int, horizon: int) -> None:
    """What one case adds to each of its slots."""
    numbers[:] = 0
    numbers[NEEDED] = 1
    numbers[PRICED] = case.priced_cents
    if case.outcome == _SERVED:
        numbers[SERVED] = 1
        numbers[WISHED] = case.wished
    elif case.outcome == _IN_SERVICE:
        numbers[OPEN] = 1
    else:
        numbers[UNSERVED] = 1
        numbers[UNSERVED_BECAUSE + case.reason] = 1
        numbers[GAP] = case.priced_cents
        numbers[GAP_BECAUSE + case.reason] = case.priced_cents
    if case.opened == MISSING:
        return
    until = horizon
    if case.started != MISSING:
        until = case.started
        if case.started >= begins:
            numbers[WAIT_SECONDS] = case.started - case.opened
            numbers[WAITED] = 1
    elif case.ended != MISSING:
        until = case.ended
    queued = max(0, until - max(begins, case.opened))
    numbers[QUEUE_SECONDS] = queued
    numbers[WAITING_SECONDS] = queued * case.people


@inlined
def _count_people(
    table: Numbers, cases: Any, households: Any, member_class: npt.NDArray[np.int16], service_slot: Numbers,
    class_slot: Numbers, host_slot: int, origin_slot: Numbers, location_slot: Numbers,
) -> None:  # fmt: skip
    """Add each household's people once to every slot they belong to, however many services they need."""
    largest = 1
    for h in range(households.shape[0]):
        largest = max(largest, households[h].size)
    # Bits by service slot, in words, by member: needed, served, served in person, unserved.
    words = 1 + (service_slot.max() - 1) // _BITS
    need = np.empty((largest, words), np.int64)
    got = np.empty((largest, words), np.int64)
    direct = np.empty((largest, words), np.int64)
    short = np.empty((largest, words), np.int64)
    for h in range(households.shape[0]):
        home = households[h]
        if home.cases == 0:
            continue
        size = home.size
        _mark(cases, home, service_slot, need, got, direct, short)
        hosts = home.population == 1
        in_need, reached, directly, fully = 0, 0, 0, 0
        for m in range(size):
            needs, gets, gets_own, lacks = False, False, False, False
            for word in range(words):
                needs |= need[m, word] != 0
                gets |= got[m, word] != 0
                gets_own |= direct[m, word] != 0
                lacks |= short[m, word] != 0
                _add_by_service(table, 1 + _BITS * word, need[m, word], got[m, word], direct[m, word], short[m, word])
            if not needs:
                continue
            in_need += 1
            reached += gets
            directly += gets_own
            fully += not lacks
            group = MISSING if hosts else class_slot[member_class[home.first_member + m]]
            if group >= 0:
                _add_people(table, group, 1, gets, gets_own, not lacks)
        if hosts:
            _add_people(table, host_slot, in_need, reached, directly, fully)
            continue
        for slot in (0, origin_slot[home.origin], location_slot[home.location]):
            if slot >= 0:
                _add_people(table, slot, in_need, reached, directly, fully)


@inlined
def _add_by_service(table: Numbers, slot: int, need: int, got: int, direct: int, short: int) -> None:
    """Add one person to each service that they need, from the slot of a word's first bit on."""
    bit = 1
    while need >= bit:
        if need & bit:
            _add_people(table, slot, 1, (got & bit) != 0, (direct & bit) != 0, (short & bit) == 0)
        bit <<= 1
        slot += 1


@inlined
def _mark(
    cases: Any, home: Any, service_slot: Numbers, need: Numbers, got: Numbers, direct: Numbers, short: Numbers
) -> None:
    """By member of one household, bits of the services needed, served, served in person, and not served."""
    for bits in (need, got, direct, short):
        bits[: home.size, :] = 0
    for c in range(home.first_case, home.first_case + home.cases):
        case = cases[c]
        word, bit = (service_slot[case.service] - 1) // _BITS, 1 << ((service_slot[case.service] - 1) % _BITS)
        first = 0 if case.member == MISSING else case.member
        last = home.size if case.member == MISSING else case.member + 1
        for m in range(first, last):
            need[m, word] |= bit
            if case.outcome == _SERVED:
                got[m, word] |= bit
                if case.member != MISSING:
                    direct[m, word] |= bit
            else:
                short[m, word] |= bit


@inlined
def _add_people(table: Numbers, slot: int, in_need: int, reached: int, directly: int, fully: int) -> None:
    table[slot, IN_NEED] += in_need
    table[slot, REACHED] += reached
    table[slot, DIRECTLY] += directly
    table[slot, FULLY] += fully

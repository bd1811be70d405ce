"""One run's cases and people become whole numbers, in total and by each single breakdown, in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..records import MISSING, Outcome, Reason

REASONS = len(Reason)
# Rows of a tally. Where a row stands for a reason, the reason's number is added.
(NEEDED, SERVED, OPEN, UNSERVED) = range(4)
UNSERVED_BECAUSE = 4
PRICED = UNSERVED_BECAUSE + REASONS
GAP = PRICED + 1
GAP_BECAUSE = GAP + 1
(WAIT_SECONDS, WAITED, WAITING_SECONDS, QUEUE_SECONDS, BUSY_SECONDS, OPENED, IN_STOCK, WISHED) = range(
    GAP_BECAUSE + REASONS, GAP_BECAUSE + REASONS + 8
)
(IN_NEED, REACHED, DIRECTLY, FULLY) = range(WISHED + 1, WISHED + 5)
ROWS = FULLY + 1

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
    table = np.zeros((ROWS, slots), np.int64)
    places = np.empty(5, np.int64)
    for c in range(cases.shape[0]):
        case = cases[c]
        hosts = households[case.household].population == 1
        places[0] = host_slot if hosts else 0
        places[1] = service_slot[case.service]
        places[2] = MISSING if hosts else class_slot[case.priority_class]
        places[3] = MISSING if hosts else origin_slot[case.origin]
        places[4] = MISSING if hosts else location_slot[case.location]
        for place in range(5):
            if places[place] >= 0:
                _count(table[:, places[place]], case, begins, horizon)
    _count_people(
        table, cases, households, member_class, service_slot, class_slot, host_slot, origin_slot, location_slot
    )
    return table


@inlined
def _count(column: Numbers, case: Any, begins: int, horizon: int) -> None:
    """Add one case to one column."""
    column[NEEDED] += 1
    column[PRICED] += case.priced_cents
    if case.outcome == _SERVED:
        column[SERVED] += 1
        column[WISHED] += case.wished
    elif case.outcome == _IN_SERVICE:
        column[OPEN] += 1
    else:
        column[UNSERVED] += 1
        column[UNSERVED_BECAUSE + case.reason] += 1
        column[GAP] += case.priced_cents
        column[GAP_BECAUSE + case.reason] += case.priced_cents
    if case.opened == MISSING:
        return
    if case.opened >= begins:
        column[OPENED] += 1
        column[IN_STOCK] += case.in_stock
    until = horizon
    if case.started != MISSING:
        until = case.started
        if case.started >= begins:
            column[WAIT_SECONDS] += case.started - case.opened
            column[WAITED] += 1
        finish = horizon if case.ended == MISSING else min(case.ended, horizon)
        column[BUSY_SECONDS] += max(0, finish - max(begins, case.started))
    elif case.ended != MISSING:
        until = case.ended
    queued = max(0, until - max(begins, case.opened))
    column[QUEUE_SECONDS] += queued
    column[WAITING_SECONDS] += queued * case.people


@inlined
def _count_people(
    table: Numbers, cases: Any, households: Any, member_class: npt.NDArray[np.int16], service_slot: Numbers,
    class_slot: Numbers, host_slot: int, origin_slot: Numbers, location_slot: Numbers,
) -> None:  # fmt: skip
    """Add each household's people once to every slot they belong to, however many services they need."""
    largest = 1
    for h in range(households.shape[0]):
        largest = max(largest, households[h].size)
    # Bits by service slot: needed, served, and in the last two rows any served in person, any unserved.
    need = np.empty(largest, np.int64)
    got = np.empty(largest, np.int64)
    direct = np.empty(largest, np.int64)
    short = np.empty(largest, np.int64)
    for h in range(households.shape[0]):
        home = households[h]
        if home.cases == 0:
            continue
        size = home.size
        need[:size] = 0
        got[:size] = 0
        direct[:size] = 0
        short[:size] = 0
        for c in range(home.first_case, home.first_case + home.cases):
            case = cases[c]
            bit = 1 << (service_slot[case.service] - 1)
            first = 0 if case.member == MISSING else case.member
            last = size if case.member == MISSING else case.member + 1
            for m in range(first, last):
                need[m] |= bit
                if case.outcome == _SERVED:
                    got[m] |= bit
                    if case.member != MISSING:
                        direct[m] |= bit
                else:
                    short[m] |= bit
        for m in range(size):
            if need[m] == 0:
                continue
            hosts = home.population == 1
            group = MISSING if hosts else class_slot[member_class[home.first_member + m]]
            for slot in (
                host_slot if hosts else 0,
                group,
                MISSING if hosts else origin_slot[home.origin],
                MISSING if hosts else location_slot[home.location],
            ):
                if slot >= 0:
                    table[IN_NEED, slot] += 1
                    table[REACHED, slot] += got[m] != 0
                    table[DIRECTLY, slot] += direct[m] != 0
                    table[FULLY, slot] += short[m] == 0
            bits = need[m]
            slot = 1
            while bits != 0:
                if bits & 1:
                    bit = 1 << (slot - 1)
                    table[IN_NEED, slot] += 1
                    table[REACHED, slot] += (got[m] & bit) != 0
                    table[DIRECTLY, slot] += (direct[m] & bit) != 0
                    table[FULLY, slot] += (short[m] & bit) == 0
                bits >>= 1
                slot += 1

"""Places in teams: which are free, who takes or gives back one, and which open cases have none."""

from __future__ import annotations

import numpy as np

from ...compiled import compiled, inlined
from ...layout import AT_ONCE, NEVER, Outcome
from ...units import MISSING
from ..state import InvariantError, State
from .queues import entry, heap_push

IN_SERVICE = int(Outcome.IN_SERVICE)
_NUMBER = (1 << 32) - 1


@inlined
def free_places(state: State, p: int) -> int:
    """Places of a team in which something new may start now."""
    pool = state.pools[p]
    return int(max(0, pool.room - pool.busy)) if pool.active else 0


@compiled
def set_unpaid(state: State, p: int, unpaid: int) -> None:
    """Whether money for a team's pay is wanting from now on; its service counts such teams."""
    pool = state.pools[p]
    service = state.services[pool.service]
    service.unpaid += unpaid - pool.unpaid
    service.look_at = AT_ONCE
    pool.unpaid = unpaid


@compiled
def teams_at_work(state: State, s: int) -> int:
    """How many teams of a service work."""
    service = state.services[s]
    count = 0
    for p in range(service.first_pool, service.first_pool + service.pools):
        count += state.pools[p].active
    return count


@compiled
def take_pool(state: State, s: int, places: int) -> int:
    """The first team of a service with ``places`` free places, or MISSING."""
    service = state.services[s]
    for p in range(service.first_pool, service.first_pool + service.pools):
        if free_places(state, p) >= places:
            return p
    return MISSING


@inlined
def give_back(state: State, p: int, places: int) -> None:
    """Something ends, and its places are free: first those of workers who were to leave."""
    pool = state.pools[p]
    pool.busy -= places
    pool.leaving = min(pool.leaving, max(0, pool.busy - pool.slots))


@compiled
def most_groups(state: State, p: int) -> int:
    """How many session groups a team may have; none if its counsellors are too few to meet any."""
    pool = state.pools[p]
    service = state.services[pool.service]
    if pool.counsellors < service.per_session:
        return 0
    return NEVER if service.groups_each == MISSING else int(pool.counsellors * service.groups_each)


@compiled
def note_handover(state: State, c: int, team: int, stopped: int) -> None:
    """From now on another team has an open case, or (MISSING) none."""
    clock = state.clock[0]
    if clock.handovers == state.handovers.shape[0]:
        raise InvariantError("the table of handovers is full")
    row = state.handovers[clock.handovers]
    row.time = clock.now
    row.case = c
    row.team = team
    row.stopped = stopped
    clock.handovers += 1


@inlined
def stands_without_team(state: State, c: int) -> bool:
    """Whether a case of casework is open and no team has it."""
    case = state.cases[c]
    return bool(case.outcome == IN_SERVICE and case.group == MISSING and state.work[c].pool == MISSING)


@compiled
def forget_ends(state: State) -> None:
    """Take out of what is to end what stands still now or has stopped: so that each case is in there once."""
    clock = state.clock[0]
    kept = 0
    for at in range(clock.ends):
        number = state.ends[at] & _NUMBER
        if number < clock.cases:
            case = state.cases[number]
            if case.outcome != IN_SERVICE or case.ended != state.ends[at] >> 32:
                continue
        state.ends[kept] = state.ends[at]
        kept += 1
    state.ends[:kept].sort()  # what is in order is a heap
    clock.ends = kept


@compiled
def stand_still(state: State, c: int) -> None:
    """An open case stands still; it remembers what is left of it."""
    case = state.cases[c]
    if case.ended != MISSING:
        state.work[c].remaining = case.ended - state.clock[0].now
        case.ended = MISSING


@compiled
def go_on(state: State, c: int) -> None:
    """An open case that stood still goes on."""
    case = state.cases[c]
    clock = state.clock[0]
    case.ended = clock.now + max(1, state.work[c].remaining)
    clock.ends = heap_push(state.ends, clock.ends, entry(case.ended, c))


@compiled
def pool_with_place(state: State, s: int) -> int:
    """The first team at work with a place for an open case, on a day off too; or MISSING."""
    service = state.services[s]
    for p in range(service.first_pool, service.first_pool + service.pools):
        if state.pools[p].active and state.pools[p].busy < state.pools[p].slots:
            return p
    return MISSING


@compiled
def take_over(state: State, s: int) -> None:
    """Open cases without a team take the free places, before anything new: who opened first, then by number."""
    clock = state.clock[0]
    pool, kept = pool_with_place(state, s), 0
    if pool == MISSING:
        return
    for at in range(clock.standing):
        c = state.standing[at] & _NUMBER
        if stands_without_team(state, c) and state.cases[c].service == s and pool != MISSING:
            state.services[s].standing -= 1
            state.pools[pool].busy += 1
            state.work[c].pool = pool
            note_handover(state, c, pool, 0)
            go_on(state, c)
            pool = pool_with_place(state, s)
        elif stands_without_team(state, c):
            state.standing[kept] = state.standing[at]
            kept += 1
    clock.standing = kept


@compiled
def let_cases_go(state: State, p: int) -> None:
    """Open casework for which a team has no place any more stands without a team: who opened last, first."""
    clock = state.clock[0]
    pool = state.pools[p]
    mine = np.empty(clock.cases, np.int64)
    count = 0
    for c in range(clock.cases):
        if state.cases[c].outcome == IN_SERVICE and state.work[c].pool == p:
            mine[count] = entry(state.cases[c].opened, c)
            count += 1
    mine[:count].sort()
    kept = 0
    for at in range(clock.standing):  # who has a team again must not stand twice
        if stands_without_team(state, state.standing[at] & _NUMBER):
            state.standing[kept] = state.standing[at]
            kept += 1
    if kept + max(0, count - pool.slots) > state.standing.shape[0]:
        raise InvariantError("the table of cases without a team is full")
    for at in range(pool.slots, count):
        c = mine[at] & _NUMBER
        stand_still(state, c)
        state.work[c].pool = MISSING
        note_handover(state, c, MISSING, 0)
        state.standing[kept] = mine[at]
        kept += 1
    state.services[pool.service].standing += count - min(count, pool.slots)
    pool.busy = min(count, pool.slots)
    state.standing[:kept].sort()
    clock.standing = kept
    forget_ends(state)

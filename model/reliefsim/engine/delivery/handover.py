"""A team's places change or its term ends: its open cases and groups go to other teams, or stop where none is left."""

from __future__ import annotations

from ...compiled import compiled
from ...layout import AT_ONCE, CASEWORK, SESSIONS
from ...units import MISSING
from ..money.ledger import lapse
from ..state import State
from .groups import let_group_go, note_members, stop_group
from .queues import drop_started
from .teams import IN_SERVICE, let_cases_go, most_groups, note_handover, set_unpaid
from .unserved import stop_single, those_gone_wait_no_more


@compiled
def set_places(state: State, p: int, slots: int, room: int, counted: int, counsellors: int) -> None:
    """A team's places from now on; of workers who leave, what is open goes to free places, what is under way ends."""
    pool = state.pools[p]
    is_fewer = slots < pool.slots
    pool.slots = slots
    pool.room = room
    pool.counted = counted
    pool.counsellors = counsellors
    state.services[pool.service].look_at = AT_ONCE
    if is_fewer and state.services[pool.service].kind == CASEWORK:
        if pool.busy > slots:
            let_cases_go(state, p)
    elif is_fewer and state.services[pool.service].kind == SESSIONS:
        _let_groups_go(state, p)
    pool.leaving = max(0, pool.busy - slots)


@compiled
def team_ends(state: State, p: int) -> int:
    """A team's term ends; how many cases stop because no team of the service is left or to come."""
    pool = state.pools[p]
    pool.active = 0
    pool.over = 1
    set_unpaid(state, p, 0)
    set_places(state, p, 0, 0, 0, 0)
    service = state.services[pool.service]
    for other in range(service.first_pool, service.first_pool + service.pools):
        if not state.pools[other].over:
            return 0
    return _stop_open(state, pool.service)


@compiled
def _let_groups_go(state: State, p: int) -> None:
    """Groups for which a team has no counsellors any more, formed last, first; one that meets goes when it has met."""
    pool = state.pools[p]
    for group in range(state.clock[0].groups - 1, -1, -1):
        if pool.groups <= most_groups(state, p):
            return
        row = state.groups[group]
        if not row.over and row.pool == p and not row.in_session:
            let_group_go(state, group)


@compiled
def _stop_open(state: State, s: int) -> int:
    """Open casework and groups of a service end unserved or wait again; how many. A last session under way is held."""
    service = state.services[s]
    begun = service.begun
    drop_started(state)
    if service.kind == SESSIONS:
        for group in range(state.clock[0].groups):
            row = state.groups[group]
            if row.service == s and not row.over and not (row.in_session and row.session == service.sessions):
                note_members(state, group, MISSING, 1)
                stop_group(state, group, 1)
    elif service.kind == CASEWORK:
        for c in range(state.clock[0].cases):
            if state.cases[c].service == s and state.cases[c].outcome == IN_SERVICE:
                note_handover(state, c, MISSING, 1)
                stop_single(state, c, 1)
    those_gone_wait_no_more(state, 1)
    for g in range(state.grants.shape[0]):
        if state.grants[g].ends <= state.clock[0].now:
            lapse(state, g)  # what was still payable is not cash that may be used
    return int(begun - service.begun)


@compiled
def find_teams_for_groups(state: State, s: int) -> None:
    """Groups without counsellors go to teams that may have one more, before a new one forms: who formed first."""
    service = state.services[s]
    group = 0
    for p in range(service.first_pool, service.first_pool + service.pools):
        pool = state.pools[p]
        while pool.active and service.standing > 0 and pool.groups < most_groups(state, p):
            row = state.groups[group]
            if row.service == s and not row.over and row.pool == MISSING:
                row.pool = p
                pool.groups += 1
                service.standing -= 1
                note_members(state, group, p, 0)
            group += 1

"""Closed groups that meet: a group forms, its sessions find their counsellors."""

from __future__ import annotations

from ...compiled import compiled
from ...units import MISSING
from ..money.cofunding import can_pay
from ..state import State
from .cases import start_case
from .groups import choose, is_due, new_group, next_group, share_out
from .handover import find_teams_for_groups
from .queues import entry, heap_push
from .teams import free_places, most_groups


@compiled
def _hold_due_sessions(state: State, s: int) -> None:
    """Begin the due sessions, in the order in which they fell due, that find their counsellors free."""
    service = state.services[s]
    group, before = service.first_due, MISSING
    while group != MISSING:
        row = state.groups[group]
        following = row.next_due
        has_team = not row.over and row.pool != MISSING
        begins = has_team and free_places(state, row.pool) >= service.per_session
        if begins:
            _meet(state, group)
        if begins or row.over:
            if before == MISSING:
                service.first_due = following
            else:
                state.groups[before].next_due = following
            if following == MISSING:
                service.last_due = before
        else:
            before = group
        group = following


@compiled
def start_sessions(state: State, s: int) -> None:
    """Hold the sessions that are due, then form new groups while people, counsellors and money allow."""
    service = state.services[s]
    clock = state.clock[0]
    if service.standing > 0:
        find_teams_for_groups(state, s)
    _hold_due_sessions(state, s)
    while is_due(state, s):
        p = _pool_for_group(state, s)
        if p == MISSING:
            return
        _, direct, count = choose(state, s, service.group_size, False, 0)
        if count == 0:
            return
        if not can_pay(state, s, direct, clock.now + service.mean_seconds):
            return
        _form_group(state, s, p, direct)


@compiled
def _form_group(state: State, s: int, pool: int, direct: int) -> None:
    group = next_group(state)
    seats, _, _ = choose(state, s, state.services[s].group_size, True, group)
    new_group(state, group, s, seats, pool, direct)
    row = state.groups[group]
    share_out(state, group, direct, 0)
    state.pools[pool].groups += 1
    c = row.first_case
    while c != MISSING:
        start_case(state, c, pool, row.grant, state.services[s].mean_seconds)
        state.cases[c].group = row.number
        c = state.work[c].next
    _meet(state, group)


@compiled
def _meet(state: State, group: int) -> None:
    """A group's next session begins."""
    row = state.groups[group]
    service = state.services[row.service]
    clock = state.clock[0]
    row.session += 1
    row.began = clock.now
    row.in_session = 1
    state.pools[row.pool].busy += service.per_session
    end = clock.now + service.session_seconds
    clock.ends = heap_push(state.ends, clock.ends, entry(end, clock.cases + group))
    row.ends = end + (service.sessions - row.session) * service.every_seconds


@compiled
def _pool_for_group(state: State, s: int) -> int:
    """A team with counsellors free now and room for one more group, or MISSING."""
    service = state.services[s]
    for p in range(service.first_pool, service.first_pool + service.pools):
        if state.pools[p].groups < most_groups(state, p) and free_places(state, p) >= service.per_session:
            return int(p)
    return MISSING

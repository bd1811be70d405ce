"""Those who are served together: who goes with whom, what each one's part costs, and how a group ends."""

from __future__ import annotations

from ...compiled import compiled, inlined
from ...layout import AT_ONCE, CONVOY, NEVER
from ...units import MISSING
from ..money.cofunding import pay, release_all, spend_all
from ..state import InvariantError, State
from .cases import serve
from .queues import entry, head, heap_push, longest_waiting, stands
from .teams import give_back, most_groups, note_handover
from .unserved import stop_case


@inlined
def is_due(state: State, s: int) -> bool:
    """Whether enough wait, the schedule says so, or the one who waits longest has waited to the limit."""
    service = state.services[s]
    if service.seats_waiting == 0:
        service.due = 0  # whom the schedule called for is gone
        return False
    if service.due or service.only_on_schedule:
        return bool(service.due)
    if service.seats_waiting >= (service.fill_seats if service.kind == CONVOY else service.group_size):
        return True
    if service.longest_wait == MISSING:
        return False
    oldest = longest_waiting(state, s)
    return bool(oldest != MISSING and oldest + service.longest_wait <= state.clock[0].now)


@inlined
def next_look(state: State, s: int) -> int:
    """When the one who waits longest reaches the limit; NEVER where that has passed (then a change must come)."""
    service = state.services[s]
    if service.longest_wait != MISSING:
        oldest = longest_waiting(state, s)
        if oldest != MISSING and oldest + service.longest_wait > state.clock[0].now:
            return int(oldest + service.longest_wait)
    return NEVER


@inlined
def most_together(state: State, s: int) -> int:
    """The most people of one convoy or group."""
    service = state.services[s]
    most = service.seats if service.kind == CONVOY else service.group_size
    return int(NEVER if most == MISSING else most)


@compiled
def choose(state: State, s: int, most: int, take: bool, group: int) -> tuple[int, int, int]:
    """Walk the queues in order until the next does not fit: seats, direct cents, cases. ``take``: chain them."""
    seats, direct, count = 0, 0, 0
    last = MISSING
    for rank in range(state.queues.shape[1]):
        if head(state, s, rank) == MISSING:
            continue
        queue = state.queues[s, rank]
        for at in range(queue.head, queue.tail):
            c = state.lineup[at]
            if not stands(state, c):
                continue
            if seats + state.cases[c].people > most:
                state.services[s].front_rank = rank
                return seats, direct, count
            seats += state.cases[c].people
            direct += state.work[c].price
            count += 1
            if take:
                if last == MISSING:
                    state.groups[group].first_case = c
                else:
                    state.work[last].next = c
                state.work[c].next = MISSING
                last = c
    return seats, direct, count


@compiled
def next_group(state: State) -> int:
    """The row of a group that goes now."""
    clock = state.clock[0]
    if clock.groups == state.groups.shape[0]:
        raise InvariantError("the table of groups is full")
    clock.groups += 1
    return int(clock.groups - 1)


@compiled
def new_group(state: State, group: int, s: int, seats: int, pool: int, direct: int) -> None:
    """Fill the row of a group that is paid for now."""
    service = state.services[s]
    row = state.groups[group]
    row.service = s
    row.number = service.groups
    service.groups += 1
    row.size = seats
    row.pool = pool
    row.grant = MISSING
    row.direct = direct
    row.indirect = 0
    row.session = 0
    row.began = MISSING
    row.in_session = 0
    row.next_due = MISSING
    row.over = 0
    row.ends = MISSING
    if direct > 0:
        ends = state.clock[0].now + service.mean_seconds
        row.grant, row.indirect = pay(state, s, direct, ends, state.clock[0].cases + group)


@compiled
def share_out(state: State, group: int, own: int, together: int) -> None:
    """Each case's part of what its group costs: its own price, and by seats what is paid for all; to the cent."""
    row = state.groups[group]
    seats_before = 0
    direct_before = 0
    c = row.first_case
    while c != MISSING:
        case = state.cases[c]
        seats_now = seats_before + case.people
        part = together * seats_now // row.size - together * seats_before // row.size
        direct = state.work[c].price + part
        total = max(1, own + together)
        case.indirect_cents = (
            row.indirect * (direct_before + direct) // total - row.indirect * direct_before // total
        )
        case.cents = direct + case.indirect_cents
        seats_before = seats_now
        direct_before += direct
        c = state.work[c].next


@compiled
def arrive_or_meet(state: State, group: int) -> None:
    """What was planned for a group now: a convoy arrives; a session ends, or the next one is due."""
    row = state.groups[group]
    service = state.services[row.service]
    if row.over:
        return
    if service.kind == CONVOY:
        give_back(state, row.pool, 1)
        _serve_all(state, group)
    elif row.in_session:
        row.in_session = 0
        give_back(state, row.pool, service.per_session)
        if row.session == service.sessions:
            state.pools[row.pool].groups -= 1
            _serve_all(state, group)
        else:
            if state.pools[row.pool].groups > most_groups(state, row.pool):
                let_group_go(state, group)
            clock = state.clock[0]
            due = max(clock.now, row.began + service.every_seconds)
            clock.ends = heap_push(state.ends, clock.ends, entry(due, clock.cases + group))
    else:
        _becomes_due(state, group)
    service.look_at = AT_ONCE


@compiled
def _serve_all(state: State, group: int) -> None:
    row = state.groups[group]
    row.over = 1
    if row.grant != MISSING:
        spend_all(state, row.service, row.grant, row.direct, row.indirect, state.clock[0].cases + group)
    c = row.first_case
    while c != MISSING:
        serve(state, c)
        c = state.work[c].next


@compiled
def let_group_go(state: State, group: int) -> None:
    """A group between two sessions stands without a team."""
    row = state.groups[group]
    state.pools[row.pool].groups -= 1
    row.pool = MISSING
    state.services[row.service].standing += 1
    note_members(state, group, MISSING, 0)


@compiled
def note_members(state: State, group: int, team: int, stopped: int) -> None:
    """All cases of a group are another team's, or none's."""
    c = state.groups[group].first_case
    while c != MISSING:
        note_handover(state, c, team, stopped)
        c = state.work[c].next


@compiled
def _becomes_due(state: State, group: int) -> None:
    """A group's next session is due: it stands behind the groups that were due before."""
    service = state.services[state.groups[group].service]
    state.groups[group].ends = MISSING  # not known until the session is held
    state.groups[group].next_due = MISSING
    if service.last_due == MISSING:
        service.first_due = group
    else:
        state.groups[service.last_due].next_due = group
    service.last_due = group


@compiled
def tell_planned_ends(state: State) -> None:
    """Cases of the session groups under way are to end when their group is, as far as that is known.

    Once, at the horizon: telling every member at every session took half of the time of five million people.
    """
    for group in range(state.clock[0].groups):
        row = state.groups[group]
        if row.over or state.services[row.service].kind == CONVOY:
            continue
        c = row.first_case
        while c != MISSING:
            state.cases[c].ended = row.ends
            c = state.work[c].next


@compiled
def stop_group(state: State, group: int, passed: int) -> None:
    """A group under way loses the grant that paid for it, or its teams: all its cases wait again. See stop_case."""
    row = state.groups[group]
    service = state.services[row.service]
    row.over = 1
    if row.grant != MISSING:
        release_all(state, row.service, row.grant, row.direct, row.indirect, state.clock[0].cases + group)
    if service.kind == CONVOY:
        give_back(state, row.pool, 1)
    elif row.pool == MISSING:
        service.standing -= 1
    else:
        state.pools[row.pool].groups -= 1
        if row.in_session:
            give_back(state, row.pool, service.per_session)
    c = row.first_case
    while c != MISSING:
        following = state.work[c].next
        stop_case(state, c, passed)
        c = following

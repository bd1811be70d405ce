"""Starts of casework and of handing out goods: the queue's head takes a free team, an item and the money."""

from __future__ import annotations

from ..compiled import compiled, fetch_ahead
from ..money.cofunding import can_pay, pay
from ..records import MISSING
from .cases import start_case
from .queues import entry, head, heap_push, stands
from .tables import GOODS, State
from .teams import take_over, take_pool


@compiled
def start_singles(state: State, s: int) -> None:
    """Start as many waiting cases of a service as its teams, goods and money allow."""
    service = state.services[s]
    if service.standing > 0:
        take_over(state, s)
    while service.kind != GOODS or service.on_hand > 0:
        pool = take_pool(state, s, 1)
        if pool == MISSING:
            return
        started = False
        for rank in range(state.queues.shape[1]):
            first = head(state, s, rank)
            if first == MISSING:
                continue
            if _start(state, first, pool):
                started = True
            elif service.skip and can_pay_something(state, s):
                started = _start_behind(state, s, rank, pool)
            if started or not service.skip:
                break
        if not started:
            return


@compiled
def _start(state: State, c: int, pool: int) -> bool:
    """Start one case if a grant can pay for it."""
    case = state.cases[c]
    work = state.work[c]
    s = case.service
    clock = state.clock[0]
    g = MISSING
    if work.price > 0:
        g, indirect = pay(state, s, work.price, clock.now + state.services[s].mean_seconds, c)
        if g == MISSING:
            return False
        case.indirect_cents = indirect
        case.cents = work.price + case.indirect_cents
    start_case(state, c, pool, g, work.duration)
    state.pools[pool].busy += 1
    if state.services[s].kind == GOODS:
        state.services[s].on_hand -= 1
        state.services[s].issued += 1
    clock.ends = heap_push(state.ends, clock.ends, entry(case.ended, c))
    queue = state.queues[s, work.rank]
    if queue.head + 8 < queue.tail:
        fetch_ahead(state.cases, state.lineup[queue.head + 8])
        fetch_ahead(state.work, state.lineup[queue.head + 8])
    return True


@compiled
def can_pay_something(state: State, s: int) -> bool:
    """Whether the least there may be to pay at once can be paid: spares a walk along the whole queue."""
    service = state.services[s]
    return can_pay(state, s, service.cheapest, state.clock[0].now + service.mean_seconds)


@compiled
def _start_behind(state: State, s: int, rank: int, pool: int) -> bool:
    """Start the first case of one priority, behind its head, that can be paid."""
    queue = state.queues[s, rank]
    for at in range(queue.head + 1, queue.tail):
        c = state.lineup[at]
        if stands(state, c) and _start(state, c, pool):
            return True
    return False

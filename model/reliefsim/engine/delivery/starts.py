"""Starts of casework and of handing out goods: the queue's head takes a free team, an item and the money."""

from __future__ import annotations

from ...compiled import compiled, fetch_ahead
from ...layout import GOODS, NEVER
from ...units import MISSING
from ..money.cofunding import can_pay, most_payable, pay
from ..state import State
from .cases import start_case
from .queues import entry, head, heap_push, stands
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
                behind = first_payable(state, s, rank)
                started = behind != MISSING and _start(state, state.lineup[behind], pool)
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
def first_payable(state: State, s: int, rank: int) -> int:
    """The place in a queue of the first case of one priority that can be paid now, or MISSING.

    Whom it passes is remembered with the least of their prices: a queue that cannot be paid is not walked at every event.
    """
    queue = state.queues[s, rank]
    most = most_payable(state, s, state.clock[0].now + state.services[s].mean_seconds)
    if queue.walked <= queue.head or most >= queue.least:
        queue.walked = queue.head
        queue.least = NEVER
    while queue.walked < queue.tail:
        c = state.lineup[queue.walked]
        if stands(state, c):
            if state.work[c].price <= most:
                return int(queue.walked)
            queue.least = min(queue.least, state.work[c].price)
        queue.walked += 1
    return MISSING

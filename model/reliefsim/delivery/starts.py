"""Starts of casework and of handing out goods: the queue's head takes a free team, an item and the money."""

from __future__ import annotations

from ..compiled import compiled, fetch_ahead, inlined
from ..money.cofunding import can_pay, pay
from ..money.ledger import uses_less
from ..records import MISSING
from ..units import PPM
from .cases import start_case
from .queues import entry, head, heap_push, stands
from .tables import GOODS, NEVER, NO_POLICY, R_Q, State
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


@inlined
def _wanted(state: State, s: int) -> int:
    """Items to order now: 0 while on hand + on order − waiting is above the reorder point."""
    service = state.services[s]
    position = service.on_hand + service.on_order - service.waiting
    if service.policy == NO_POLICY or position > service.reorder_point:
        return 0
    if service.policy == R_Q:
        return int(service.order_size)
    return int(max(0, service.order_size - position))


@compiled
def orderable(state: State, s: int) -> tuple[int, int]:
    """How many items can be ordered now and by which grant: (0, MISSING) if none should or can be.

    An order must be able to come and be handed out before its grant ends, and is for need that is known or foreseen.
    """
    ready = state.clock[0].now + max(1, int(state.laws[s, 3].mean + 0.5)) + state.services[s].handout_seconds
    return order_by(state, s, _wanted(state, s), ready)


@compiled
def next_order(state: State, s: int) -> int:
    """Items that an empty store calls for, while none are on the way."""
    service = state.services[s]
    return _wanted(state, s) if service.on_hand == 0 and service.on_order == 0 else 0


@compiled
def order_by(state: State, s: int, wanted: int, ready: int) -> tuple[int, int]:
    """How many of the items wanted can be ordered, and by which grant, if they are handed out at ``ready`` (MISSING: in time)."""
    service = state.services[s]
    if wanted == 0 or service.item_price == 0:
        return wanted, MISSING
    best, grant, whole, items = 0, MISSING, MISSING, 0
    for place in range(state.pay_order.shape[0]):
        g = state.pay_order[place]
        if not state.lines[s, g].may_pay or not state.grants[g].is_open or ready >= state.grants[g].ends:
            continue
        needed = min(wanted, _needed(state, s, g))
        affordable = _affordable(state, s, g, needed)
        if affordable <= 0:
            continue
        if affordable == needed:
            if whole == MISSING or uses_less(state, s, g, whole):
                whole, items = g, needed
            if not state.clock[0].by_shares:
                break
        elif service.order_partly and affordable > best:
            best, grant = affordable, g
    return (best, grant) if whole == MISSING else (items, whole)


@inlined
def _needed(state: State, s: int, g: int) -> int:
    """Items that those who wait, and those still to be found before a grant ends, need beyond what is there or coming."""
    service = state.services[s]
    if state.grants[g].unlimited:
        return NEVER
    to_come = max(0, state.lines[s, g].foreseen - service.opened)
    short = service.waiting + to_come - service.on_hand
    if short > 0 and 0 < service.loss_ppm < PPM:
        short = -(-short * PPM // (PPM - service.loss_ppm))  # rounded up: some are lost on the way
    return int(short - service.on_order)


@compiled
def _affordable(state: State, s: int, g: int, wanted: int) -> int:
    """The most items, up to ``wanted``, that a grant's envelope covers with their handing out.

    What handing out the items in the store and on the way will cost is kept, as far as no other grant has it.
    """
    if state.grants[g].unlimited:
        return wanted
    service = state.services[s]
    kept = service.unit_price * (service.on_hand + service.on_order)
    for other in range(state.grants.shape[0]):
        if other != g and state.grants[other].is_open and state.lines[s, other].may_pay:
            kept -= state.lines[s, other].left
    left = state.lines[s, g].left - max(0, kept)
    return int(max(0, min(wanted, left // (service.item_price + service.unit_price))))

"""What happens to one case: it opens, waits, starts, is served."""

from __future__ import annotations

from ...compiled import compiled
from ...layout import (
    AT_ONCE,
    BY_DTM,
    BY_OUTREACH,
    CONVOY,
    GOODS,
    NOT_SUSPENDED,
    SESSIONS,
    WITHOUT_SLOT,
    Outcome,
    Reason,
)
from ...units import MISSING
from ..money.cofunding import can_pay, spend_all
from ..state import InvariantError, State
from .orders import next_order, order_can_be_paid
from .queues import WAITING, enqueue, entry, head, heap_push
from .teams import IN_SERVICE, free_places, give_back

NOT_OPENED, SERVED = int(Outcome.NOT_OPENED), int(Outcome.SERVED)
LEFT, GAVE_UP, TURNED_AWAY = int(Outcome.LEFT), int(Outcome.GAVE_UP), int(Outcome.TURNED_AWAY)
MONEY, NO_GOODS, FULL = int(Reason.MONEY), int(Reason.GOODS), int(Reason.TURNED_AWAY)


@compiled
def is_found(state: State, c: int, before: int) -> bool:
    """Whether somebody knew of the need before a second."""
    case = state.cases[c]
    intake = state.services[case.service].intake
    if intake != BY_DTM and intake != BY_OUTREACH:
        return True
    if state.households[case.household].registered != MISSING:
        return True
    return bool(intake == BY_OUTREACH and state.work[c].outreach < before)


@compiled
def comes_after_served(state: State, c: int) -> bool:
    """Whether what must be served first has been, for the same household or member (or was never needed)."""
    case = state.cases[c]
    first = state.services[case.service].after
    if first == MISSING:
        return True
    home = state.households[case.household]
    needed = False
    for other in range(home.first_case, home.first_case + home.cases):
        before = state.cases[other]
        # What has not arisen yet nobody can wait for: the future must not change the past.
        if before.service != first or before.arose > state.clock[0].now or (
            before.member != case.member and before.member != MISSING and case.member != MISSING
        ):
            continue
        if before.outcome == SERVED:
            return True
        needed = True
    return not needed


@compiled
def could_start(state: State, c: int) -> int:
    """Cases like this one that could start at once: teams at work, goods in the store, money for its price.

    Where a queue stops at whom it cannot pay, nobody starts behind them.
    """
    s = state.cases[c].service
    service = state.services[s]
    slots = 0
    if service.kind == CONVOY or service.kind == SESSIONS:
        return slots
    price, ends = state.work[c].price, state.clock[0].now + service.mean_seconds
    if not service.skip:
        for rank in range(state.work[c].rank + 1):
            first = head(state, s, rank)
            if first != MISSING:
                price = max(price, state.work[first].price)
                break
    if not can_pay(state, s, price, ends):
        return slots
    for p in range(service.first_pool, service.first_pool + service.pools):
        slots += free_places(state, p)
    slots = max(0, slots - service.standing)  # open cases without a team come first
    return int(min(slots, service.on_hand) if service.kind == GOODS else slots)


@compiled
def open_case(state: State, c: int) -> None:
    """Open a case if it has arisen, is found and may open; it then waits, or is turned away."""
    case = state.cases[c]
    work = state.work[c]
    clock = state.clock[0]
    if case.outcome != NOT_OPENED or case.arose > clock.now:
        return
    if not is_found(state, c, clock.now + 1) or not comes_after_served(state, c):
        return
    service = state.services[case.service]
    case.opened = clock.now
    service.opened += 1
    if service.kind == GOODS:
        case.in_stock = 1 if service.on_hand > service.waiting else 0
        if service.lost_sales and not case.in_stock:
            _turn_away(state, c, _why_no_goods(state, c))
            return
    if service.waiting_limit != MISSING and service.waiting >= service.waiting_limit + could_start(state, c):
        _turn_away(state, c, FULL)
        return
    case.outcome = WAITING
    if work.patience != MISSING:
        clock.patience = heap_push(state.patience, clock.patience, entry(clock.now + work.patience, c))
    join_queue(state, c)


@compiled
def _why_no_goods(state: State, c: int) -> int:
    """Goods are short because neither this hand-out nor the next order can be paid, or because none have come."""
    s = state.cases[c].service
    ends = state.clock[0].now + state.services[s].mean_seconds
    is_payable = can_pay(state, s, state.work[c].price, ends) and order_can_be_paid(state, s, next_order(state, s), 1)
    return NO_GOODS if is_payable else MONEY


@compiled
def _turn_away(state: State, c: int, reason: int) -> None:
    case = state.cases[c]
    case.outcome = TURNED_AWAY
    case.reason = reason
    case.ended = case.opened


@compiled
def join_queue(state: State, c: int) -> None:
    """A waiting case takes its place, or stands aside while its place is closed."""
    case = state.cases[c]
    service = state.services[case.service]
    service.waiting += 1
    service.look_at = AT_ONCE
    if state.closed[case.location] > 0:
        state.work[c].suspended = WITHOUT_SLOT
        return
    state.work[c].suspended = NOT_SUSPENDED
    service.seats_waiting += case.people
    service.price_waiting += state.work[c].price
    if state.work[c].rank < service.front_rank or case.opened < state.clock[0].now:
        service.front_known = 0  # it may stand before the last of those who would go together
    enqueue(state, c)


@compiled
def leave_queue(state: State, c: int, outcome: int) -> None:
    """A waiting case waits no longer; what is left in its queue is dropped when next met."""
    case = state.cases[c]
    service = state.services[case.service]
    service.waiting -= 1
    if state.work[c].suspended == NOT_SUSPENDED:
        service.seats_waiting -= case.people
        service.price_waiting -= state.work[c].price
        service.front_known = 0
    service.look_at = AT_ONCE
    case.outcome = outcome


@compiled
def start_case(state: State, c: int, pool: int, g: int, duration: int) -> None:
    """A waiting case starts; it ends after ``duration`` seconds."""
    case = state.cases[c]
    clock = state.clock[0]
    leave_queue(state, c, IN_SERVICE)
    service = state.services[case.service]
    service.in_service += 1
    service.begun += 1
    service.moved = 1
    case.started = clock.now
    case.ended = clock.now + duration
    case.grant = g
    case.team = pool
    state.work[c].pool = pool


@compiled
def serve(state: State, c: int) -> None:
    """A case ends served, and what had to wait for it may open in this second's phase of arrivals."""
    case = state.cases[c]
    clock = state.clock[0]
    case.outcome = SERVED
    case.ended = clock.now
    state.services[case.service].in_service -= 1
    if not state.services[case.service].followed:
        return  # nothing waits for it: spares a look at the household and its other cases
    home = state.households[case.household]
    if home.left != MISSING and home.left <= clock.now:
        return
    for other in range(home.first_case, home.first_case + home.cases):
        if (
            state.services[state.cases[other].service].after == case.service
            and state.cases[other].outcome == NOT_OPENED
            and not state.work[other].is_to_open  # once, however many are served in this second
        ):
            if clock.to_open == state.to_open.shape[0]:
                raise InvariantError("the table of cases to open is full")
            state.work[other].is_to_open = 1
            state.to_open[clock.to_open] = other
            clock.to_open += 1


@compiled
def end_case(state: State, c: int) -> None:
    """Casework or handing out is finished: spent, team free, served."""
    case = state.cases[c]
    work = state.work[c]
    s = case.service
    if work.pool != MISSING:
        give_back(state, work.pool, 1)
    if case.grant != MISSING:
        spend_all(state, s, case.grant, work.price, case.indirect_cents, c)
    serve(state, c)
    state.services[s].look_at = AT_ONCE

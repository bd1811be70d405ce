"""What happens to one case: it opens, waits, leaves, is stopped, is served."""

from __future__ import annotations

from ..compiled import compiled
from ..money.ledger import payer, release, spend
from ..records import MISSING, Outcome, Reason
from .queues import WAITING, enqueue, entry, head, heap_push
from .tables import BY_DTM, BY_OUTREACH, CONVOY, GOODS, SESSIONS, State
from .teams import IN_SERVICE, free_places, give_back

NOT_OPENED, SERVED = int(Outcome.NOT_OPENED), int(Outcome.SERVED)
LEFT, GAVE_UP, TURNED_AWAY = int(Outcome.LEFT), int(Outcome.GAVE_UP), int(Outcome.TURNED_AWAY)
NONE, NOT_FOUND, PREREQUISITE, ACCESS = int(Reason.NONE), int(Reason.NOT_FOUND), int(Reason.PREREQUISITE), int(Reason.ACCESS)
MONEY, NO_GOODS, TEAM = int(Reason.MONEY), int(Reason.GOODS), int(Reason.TEAM)
FULL = int(Reason.TURNED_AWAY)
TO_OPEN = 3


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
    """Cases like this one that could start at once: teams at work, goods in the store, money for its price."""
    s = state.cases[c].service
    service = state.services[s]
    price = state.work[c].price
    slots = 0
    if price > 0 and payer(state, s, price, state.clock[0].now + service.mean_seconds) == MISSING:
        return slots
    if not service.skip and _is_stopped(state, s):
        return slots
    if service.kind == CONVOY or service.kind == SESSIONS:
        return slots
    for p in range(service.first_pool, service.first_pool + service.pools):
        slots += free_places(state, p)
    slots = max(0, slots - service.standing)  # open cases without a team come first
    return int(min(slots, service.on_hand) if service.kind == GOODS else slots)


@compiled
def _is_stopped(state: State, s: int) -> bool:
    """Whether the first who stand in a service's queues cannot be paid, so that nobody behind them starts."""
    for rank in range(state.queues.shape[1]):
        first = head(state, s, rank)
        if first != MISSING:
            price = state.work[first].price
            return bool(price > 0 and payer(state, s, price, state.clock[0].now + state.services[s].mean_seconds) == MISSING)
    return False


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
            _turn_away(state, c, NO_GOODS)
            return
    if service.waiting_limit != MISSING and service.waiting >= service.waiting_limit + could_start(state, c):
        _turn_away(state, c, FULL)
        return
    case.outcome = WAITING
    if work.patience != MISSING:
        clock.patience = heap_push(state.patience, clock.patience, entry(clock.now + work.patience, c))
    join_queue(state, c)


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
    service.dirty = 1
    if state.closed[case.location] > 0:
        state.work[c].parked = 2
        return
    state.work[c].parked = 0
    service.seats_waiting += case.people
    enqueue(state, c)


@compiled
def leave_queue(state: State, c: int, outcome: int) -> None:
    """A waiting case waits no longer; what is left in its queue is dropped when next met."""
    case = state.cases[c]
    service = state.services[case.service]
    service.waiting -= 1
    if state.work[c].parked == 0:
        service.seats_waiting -= case.people
        service.dirty = 1
    case.outcome = outcome


@compiled
def end_unserved(state: State, c: int, outcome: int) -> None:
    """A case that has not started ends: its household left, or it gave up."""
    case = state.cases[c]
    reason = reason_unserved(state, c)
    if case.outcome == WAITING:
        leave_queue(state, c, outcome)
    case.outcome = outcome
    case.reason = reason
    case.ended = state.clock[0].now


@compiled
def reason_unserved(state: State, c: int) -> int:
    """Why a case is not being served now: the first reason that holds."""
    case = state.cases[c]
    service = state.services[case.service]
    if case.outcome == NOT_OPENED:
        return NOT_FOUND if not is_found(state, c, state.clock[0].now) else PREREQUISITE
    if state.closed[case.location] > 0:
        return ACCESS
    direct = state.work[c].price
    if service.kind == CONVOY:
        direct += service.departure_price
    if direct > 0 and payer(state, case.service, direct, state.clock[0].now + service.mean_seconds) == MISSING:
        return MONEY
    if service.kind == GOODS and service.on_hand == 0:
        # Goods are short because an order could not be paid, or because it has not come.
        short = service.item_price > 0 and service.on_order == 0
        if short and payer(state, case.service, service.item_price, state.clock[0].now) == MISSING:
            return MONEY
        return NO_GOODS
    return TEAM


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
            and state.work[other].parked != TO_OPEN  # once, however many are served in this second
        ):
            state.work[other].parked = TO_OPEN
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
        spend(state, s, case.grant, work.price, case.indirect_cents, c)
    serve(state, c)
    state.services[s].dirty = 1


@compiled
def stop_case(state: State, c: int, passed: int) -> None:
    """A case in service loses the grant that paid for it, or every team: it waits again, where it stood, if it still would.

    ``passed``: 1 if this second's phase of leaving is over, else 0.
    """
    case = state.cases[c]
    clock = state.clock[0]
    home = state.households[case.household]
    service = state.services[case.service]
    service.in_service -= 1
    service.begun -= 1
    case.outcome = WAITING
    case.started = MISSING
    case.ended = MISSING
    case.grant = MISSING
    case.team = MISSING
    case.group = MISSING
    case.cents = 0
    case.indirect_cents = 0
    state.work[c].pool = MISSING
    join_queue(state, c)
    if home.left != MISSING and home.left < clock.now + passed:
        end_unserved(state, c, LEFT)
    elif state.work[c].patience != MISSING and case.opened + state.work[c].patience < clock.now + passed:
        clock.patience = heap_push(state.patience, clock.patience, entry(clock.now, c))


@compiled
def stop_single(state: State, c: int, passed: int) -> None:
    """Stop a case of casework or goods: commitment released, team free, item back in stock. ``passed``: see stop_case."""
    case = state.cases[c]
    work = state.work[c]
    service = state.services[case.service]
    if case.grant != MISSING:
        release(state, case.service, case.grant, work.price, case.indirect_cents, c)
    if work.pool == MISSING:
        service.standing -= 1
    else:
        give_back(state, work.pool, 1)
    if service.kind == GOODS:
        service.on_hand += 1
        service.issued -= 1
    stop_case(state, c, passed)

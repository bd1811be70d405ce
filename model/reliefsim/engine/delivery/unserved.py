"""Who is not served, and why: those who end unserved, and those whom a lost grant sends back to wait."""

from __future__ import annotations

from ...compiled import compiled
from ...layout import CONVOY, GOODS, Reason
from ...units import MISSING
from ..money.cofunding import can_pay, release_all
from ..state import State
from .cases import LEFT, MONEY, NO_GOODS, NOT_OPENED, is_found, join_queue, leave_queue
from .orders import order_can_be_paid
from .queues import WAITING, entry, heap_push
from .teams import give_back

NONE, NOT_FOUND, PREREQUISITE, ACCESS = int(Reason.NONE), int(Reason.NOT_FOUND), int(Reason.PREREQUISITE), int(Reason.ACCESS)
TEAM = int(Reason.TEAM)


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
    """Why a case is not being served now, the first reason that holds: a team that is not paid is for want of money."""
    reason = reason_with_teams(state, c)
    return MONEY if reason in (TEAM, NO_GOODS) and state.services[state.cases[c].service].unpaid else reason


@compiled
def reason_with_teams(state: State, c: int) -> int:
    """Why a case is not being served now, whether or not every team is paid."""
    case = state.cases[c]
    if case.outcome == NOT_OPENED:
        return NOT_FOUND if not is_found(state, c, state.clock[0].now) else PREREQUISITE
    if state.closed[case.location] > 0:
        return ACCESS
    return reason_beside_price(state, case.service) if _can_be_paid(state, c) else MONEY


@compiled
def reason_beside_price(state: State, s: int) -> int:
    """Why whoever could be paid for does not start."""
    service = state.services[s]
    if service.kind == GOODS and service.on_hand == 0:
        # Goods are short because an order could not be paid, or because it has not come.
        return NO_GOODS if order_can_be_paid(state, s, service.next_order, 0) else MONEY
    return TEAM


@compiled
def _can_be_paid(state: State, c: int) -> bool:
    """Whether a case can be paid, and what its service would have to pay next (see breaks)."""
    s = state.cases[c].service
    service = state.services[s]
    direct = state.work[c].price
    if service.kind == CONVOY:
        direct += service.departure_price
    return can_pay(state, s, max(direct, service.next_price), state.clock[0].now + service.mean_seconds)


@compiled
def stop_case(state: State, c: int, passed: int) -> None:
    """A case in service loses the grant that paid for it, or every team: it waits again, where it stood.

    ``passed``: 1 if this second's phase of leaving is over, else 0.
    """
    case = state.cases[c]
    clock = state.clock[0]
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
    if state.work[c].patience != MISSING and case.opened + state.work[c].patience < clock.now + passed:
        clock.patience = heap_push(state.patience, clock.patience, entry(clock.now, c))


@compiled
def those_gone_wait_no_more(state: State, passed: int) -> None:
    """Who was sent back to wait ends unserved if the household has left: once all that was committed is free.

    ``passed``: see stop_case.
    """
    now = state.clock[0].now + passed
    for c in range(state.clock[0].cases):
        home = state.households[state.cases[c].household]
        if state.cases[c].outcome == WAITING and home.left != MISSING and home.left < now:
            end_unserved(state, c, LEFT)


@compiled
def stop_single(state: State, c: int, passed: int) -> None:
    """Stop a case of casework or goods: commitment released, team free, item back in stock. ``passed``: see stop_case."""
    case = state.cases[c]
    work = state.work[c]
    service = state.services[case.service]
    if case.grant != MISSING:
        release_all(state, case.service, case.grant, work.price, case.indirect_cents, c)
    if work.pool == MISSING:
        service.standing -= 1
    else:
        give_back(state, work.pool, 1)
    if service.kind == GOODS:
        service.on_hand += 1
        service.issued -= 1
    stop_case(state, c, passed)

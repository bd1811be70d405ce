"""Pipeline breaks: from when to when a service stands still, for want of money or goods, while people wait for it."""

from __future__ import annotations

from ...compiled import compiled
from ...layout import CONVOY, GOODS, SESSIONS
from ...units import MISSING
from ..state import InvariantError, State
from .cases import MONEY, NO_GOODS
from .groups import choose, most_together
from .orders import next_order, order_can_be_paid
from .queues import head
from .starts import can_pay_something, first_payable
from .teams import teams_at_work
from .unserved import NONE, reason_beside_price, reason_unserved, reason_with_teams


@compiled
def note_break(state: State, s: int) -> None:
    """All that could start in a service has: it stands still if its queue's head lacks money or goods, or its teams are unpaid.

    Looked at whenever something happens to the service; what starts ends a break, if only to begin another. Who stands
    in a closed place, or waits for a team, is no break.
    """
    service = state.services[s]
    first = _first(state, s)
    _note_next(state, s, first)
    reason = _reason(state, s, first)
    _note_short(state, s, reason)
    if reason != MONEY and reason != NO_GOODS:
        reason = NONE
    if reason != service.breaks_for or service.moved:
        end_break(state, s, state.clock[0].now)
        service.breaks_for = reason
        service.broken = state.clock[0].now
    service.moved = 0


@compiled
def _first(state: State, s: int) -> int:
    """Who stands first, or MISSING."""
    if state.services[s].seats_waiting == 0:
        return MISSING
    for rank in range(state.queues.shape[1]):
        first = head(state, s, rank)
        if first != MISSING:
            return first
    return MISSING


@compiled
def _note_next(state: State, s: int, first: int) -> None:
    """What the service would have to pay next: a group or departure as a whole, whom its queue stops at, an order.

    It is kept until the service is looked at again, so that of those who end unserved in one second, the order in which
    they do is of no account. Where a queue skips whom it cannot pay, each case stands for itself.
    """
    service = state.services[s]
    service.next_order = next_order(state, s) if service.kind == GOODS else 0
    if first == MISSING:
        service.next_price = 0
    elif service.kind == CONVOY or service.kind == SESSIONS:
        _note_group(state, s)
    else:
        service.next_price = 0 if service.skip else state.work[first].price


@compiled
def _note_group(state: State, s: int) -> None:
    """What those who would go now pay together. Who joins behind them changes nothing, so they are not walked again."""
    service = state.services[s]
    most = most_together(state, s)
    if service.seats_waiting <= most:
        service.next_price = service.price_waiting + service.departure_price
        service.front_known = 0
    elif not service.front_known:
        _, direct, _ = choose(state, s, most, False, 0)
        service.next_price = direct + service.departure_price
        service.front_known = 1


@compiled
def _note_short(state: State, s: int, reason: int) -> None:
    """Since when nothing but money has kept a service from starting: breaks may end because all who wait give up."""
    service = state.services[s]
    is_other = reason != NONE and reason != MONEY
    if service.moved or is_other or (reason == NONE and service.short_since != MISSING and _can_pay(state, s)):
        service.short_since = MISSING
    if reason == MONEY and service.short_since == MISSING:
        service.short_since = state.clock[0].now


@compiled
def _can_pay(state: State, s: int) -> bool:
    """Whether a service can pay something, what its store calls for, and a team."""
    if _is_unpaid(state, s):
        return False
    return can_pay_something(state, s) and order_can_be_paid(state, s, state.services[s].next_order, 0)


@compiled
def _is_unpaid(state: State, s: int) -> bool:
    """Whether no team works and one would if it were paid."""
    return state.services[s].unpaid > 0 and teams_at_work(state, s) == 0


@compiled
def _reason(state: State, s: int, first: int) -> int:
    """Why whoever stands first, or could be paid for behind them, does not start; NONE: nobody stands there."""
    if first == MISSING:
        return NONE
    if _is_unpaid(state, s):
        return reason_unserved(state, first)
    reason = reason_with_teams(state, first)
    if reason == MONEY and state.services[s].skip and _can_pay_somebody(state, s):
        return reason_beside_price(state, s)
    return reason


@compiled
def _can_pay_somebody(state: State, s: int) -> bool:
    """Whether anybody who waits could be paid for; those who go together wait for the first of them."""
    service = state.services[s]
    if service.kind == CONVOY or service.kind == SESSIONS or not can_pay_something(state, s):
        return False
    for rank in range(state.queues.shape[1]):
        if head(state, s, rank) != MISSING and first_payable(state, s, rank) != MISSING:
            return True
    return False


@compiled
def end_break(state: State, s: int, second: int) -> None:
    """A service's break, if there is one, lasts until a second (MISSING: beyond the horizon)."""
    service = state.services[s]
    if service.breaks_for != NONE and (second == MISSING or second > service.broken):
        clock = state.clock[0]
        if clock.breaks == state.breaks.shape[0]:
            raise InvariantError("the table of breaks is full")
        row = state.breaks[clock.breaks]
        row.begins = service.broken
        row.ends = second
        row.service = s
        row.reason = service.breaks_for
        clock.breaks += 1
    service.breaks_for = NONE

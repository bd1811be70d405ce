"""Pipeline breaks: from when to when a service stands still, for want of money or goods, while people wait for it."""

from __future__ import annotations

from ..compiled import compiled
from ..records import MISSING
from .cases import MONEY, NO_GOODS, NONE, TEAM, reason_unserved
from .queues import head, stands
from .starts import can_pay_something
from .tables import CONVOY, SESSIONS, State


@compiled
def note_break(state: State, s: int) -> None:
    """All that could start in a service has: it stands still if its queue's head lacks money or goods.

    Looked at whenever something happens to the service; what starts ends a break, if only to begin another. Who stands
    in a closed place, or waits for a team, is no break.
    """
    service = state.services[s]
    reason = _reason(state, s)
    _note_short(state, s, reason)
    if reason != MONEY and reason != NO_GOODS:
        reason = NONE
    if reason != service.breaks_for or service.moved:
        end_break(state, s, state.clock[0].now)
        service.breaks_for = reason
        service.broken = state.clock[0].now
    service.moved = 0


@compiled
def _note_short(state: State, s: int, reason: int) -> None:
    """Since when nothing but money has kept a service from starting: breaks may end because all who wait give up."""
    service = state.services[s]
    is_other = reason != NONE and reason != MONEY
    if service.moved or is_other or (reason == NONE and service.short_since != MISSING and can_pay_something(state, s)):
        service.short_since = MISSING
    if reason == MONEY and service.short_since == MISSING:
        service.short_since = state.clock[0].now


@compiled
def _reason(state: State, s: int) -> int:
    """Why whoever stands first does not start; NONE: nobody stands there."""
    service = state.services[s]
    if service.seats_waiting == 0:
        return NONE
    for rank in range(state.queues.shape[1]):
        first = head(state, s, rank)
        if first != MISSING:
            reason = reason_unserved(state, first)
            return TEAM if reason == MONEY and service.skip and _can_pay_somebody(state, s) else reason
    return NONE


@compiled
def _can_pay_somebody(state: State, s: int) -> bool:
    """Whether anybody who waits could be paid for; those who go together wait for the first of them."""
    service = state.services[s]
    if service.kind == CONVOY or service.kind == SESSIONS or not can_pay_something(state, s):
        return False
    for rank in range(state.queues.shape[1]):
        if head(state, s, rank) == MISSING:
            continue
        queue = state.queues[s, rank]
        for at in range(queue.head, queue.tail):
            c = state.lineup[at]
            if stands(state, c) and reason_unserved(state, c) != MONEY:
                return True
    return False


@compiled
def end_break(state: State, s: int, second: int) -> None:
    """A service's break, if there is one, lasts until a second (MISSING: beyond the horizon)."""
    service = state.services[s]
    if service.breaks_for != NONE and (second == MISSING or second > service.broken):
        clock = state.clock[0]
        row = state.breaks[clock.breaks]
        row.begins = service.broken
        row.ends = second
        row.service = s
        row.reason = service.breaks_for
        clock.breaks += 1
    service.breaks_for = NONE

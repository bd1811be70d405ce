"""Convoys: when one is due and can go, and how it leaves."""

from __future__ import annotations

from ...compiled import compiled
from ...layout import DURATION, TRIP_KEY
from ...units import MISSING
from ..money.cofunding import can_pay
from ..state import InvariantError, State
from ..world.durations import draw_seconds
from ..world.streams import OTHER
from .cases import start_case
from .groups import choose, is_due, most_together, new_group, next_group, share_out
from .queues import entry, heap_push
from .teams import take_pool


@compiled
def convoy_ready(state: State, s: int) -> bool:
    """Whether a convoy is due, has a free team and can be paid."""
    service = state.services[s]
    if not is_due(state, s) or take_pool(state, s, 1) == MISSING:
        return False
    _, direct, count = choose(state, s, most_together(state, s), False, 0)
    if count == 0:
        return False
    return can_pay(state, s, direct + service.departure_price, state.clock[0].now + service.mean_seconds)


@compiled
def depart(state: State, s: int) -> int:
    """A convoy leaves with the first who fit; the number of seats taken."""
    service = state.services[s]
    clock = state.clock[0]
    law = state.laws[s, DURATION]
    duration = draw_seconds(law, state.law_values, state.keys[s, TRIP_KEY], service.groups, 0, 0, OTHER)
    pool = take_pool(state, s, 1)
    group = next_group(state)
    seats, direct, _ = choose(state, s, most_together(state, s), True, group)
    new_group(state, group, s, seats, pool, direct + service.departure_price)
    row = state.groups[group]
    share_out(state, group, direct, service.departure_price)
    c = row.first_case
    while c != MISSING:
        start_case(state, c, pool, row.grant, duration)
        state.cases[c].group = row.number
        c = state.work[c].next
    state.pools[pool].busy += 1
    service.due = 0
    if clock.departures == state.departures.shape[0]:
        raise InvariantError("the table of departures is full")
    departure = state.departures[clock.departures]
    departure.service = s
    departure.grant = row.grant
    departure.number = row.number
    departure.time = clock.now
    departure.seats = seats
    departure.cents = row.direct + row.indirect
    clock.departures += 1
    clock.ends = heap_push(state.ends, clock.ends, entry(clock.now + duration, clock.cases + group))
    return int(seats)

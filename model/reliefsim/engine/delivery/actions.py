"""What actors do to the state: each function is one decision or one change, at the second of the clock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...compiled import compiled
from ...layout import AT_ONCE, CASEWORK, IN_SLOT, LEAD_KEY, LEAD_TIME, NOT_SUSPENDED, WITHOUT_SLOT
from ...units import MISSING, PPM
from ..money.cofunding import is_paid_by, pay_now
from ..money.ledger import commit, lapse, release, spend
from ..money.ledger import receive as receive_cash
from ..state import InvariantError, State
from ..world.durations import draw_seconds
from ..world.streams import OTHER
from .breaks import end_break
from .cases import NOT_OPENED, SERVED, open_case
from .groups import stop_group, tell_planned_ends
from .orders import orderable
from .queues import WAITING, drop_started, entry, merge_back
from .teams import IN_SERVICE, forget_ends, go_on, set_unpaid, stand_still
from .unserved import NONE, reason_unserved, stop_single, those_gone_wait_no_more

Places = npt.NDArray[np.bool_]  # (locations,)


@compiled
def money_comes(state: State, g: int, amount: int) -> None:
    """A tranche arrives, and its grant may pay from now on."""
    receive_cash(state, g, amount)
    state.grants[g].is_open = 1


@compiled
def everything_changed(state: State) -> None:
    """Every queue is looked at again in this second's phase of starts."""
    for s in range(state.services.shape[0]):
        state.services[s].look_at = AT_ONCE


@compiled
def window_ends(state: State, g: int) -> int:
    """A grant's window ends: uncommitted cash lapses; money to be spent by now frees its commitments too. The cents."""
    grant = state.grants[g]
    grant.is_open = 0
    everything_changed(state)  # nothing can start for it; that a service stands still from now on is to be seen
    if grant.spent_and_done:
        free_commitments(state, g)
    return lapse(state, g)


@compiled
def liquidation_ends(state: State, g: int) -> int:
    """Commitments still open are not payable any more: they lapse. The cents."""
    free_commitments(state, g)
    return lapse(state, g)


@compiled
def free_commitments(state: State, g: int) -> None:
    """What a grant has committed falls away: orders are cancelled, who is served on its money waits again."""
    clock = state.clock[0]
    if state.grants[g].committed == 0:
        return
    drop_started(state)
    for o in range(clock.orders):
        order = state.orders[o]
        if order.grant == g and order.arrived == MISSING and order.cancelled == MISSING:
            order.cancelled = clock.now
            state.services[order.service].on_order -= order.quantity
            state.services[order.service].cancelled += order.quantity
            state.services[order.service].look_at = AT_ONCE
            direct = order.quantity * state.services[order.service].item_price
            release(state, order.service, g, direct, order.cents - direct, o)
    for group in range(clock.groups):
        row = state.groups[group]
        if not row.over and is_paid_by(state, g, row.grant, clock.cases + group):
            stop_group(state, group, 0)
    for c in range(clock.cases):
        case = state.cases[c]
        if case.outcome == IN_SERVICE and case.group == MISSING and is_paid_by(state, g, case.grant, c):
            stop_single(state, c, 0)
    those_gone_wait_no_more(state, 0)
    for other in range(state.grants.shape[0]):
        if other != g and not state.grants[other].is_open and state.grants[other].ends <= clock.now:
            lapse(state, other)  # what it had put in beside others comes back too late to be used


@compiled
def hold_round(state: State, round_cents: int, household_cents: int, running: int, covers: Places) -> int:
    """A DTM round of some places, if it can be paid: households it finds are registered. How many, or MISSING if it
    is skipped."""
    clock = state.clock[0]
    found = np.empty(clock.movable, np.int64)
    count = 0
    for h in range(clock.movable):
        if _can_be_found(state, h, covers):
            state.rounds_to_find[h] -= 1
            if state.rounds_to_find[h] == 0:
                found[count] = h
                count += 1
    price = round_cents + household_cents * count
    if price > 0 and pay_now(state, running, price, MISSING) == MISSING:
        for h in range(clock.movable):
            if _can_be_found(state, h, covers):
                state.rounds_to_find[h] += 1
        return MISSING
    for place in range(count):
        home = state.households[found[place]]
        home.registered = clock.now
        for c in range(home.first_case, home.first_case + home.cases):
            open_case(state, c)
    return count


@compiled
def _can_be_found(state: State, h: int, covers: Places) -> bool:
    home = state.households[h]
    now = state.clock[0].now
    is_there = home.arrived <= now and (home.left == MISSING or home.left > now)
    return bool(is_there and home.registered == MISSING and covers[home.location])


@compiled
def people_present(state: State) -> npt.NDArray[np.int64]:
    """People of the caseload who are there now, place by place."""
    now = state.clock[0].now
    people = np.zeros(state.closed.shape[0], np.int64)
    for h in range(state.clock[0].movable):
        home = state.households[h]
        if home.arrived <= now and (home.left == MISSING or home.left > now):
            people[home.location] += home.size
    return people


@compiled
def close_place(state: State, place: int) -> None:
    """Nobody in a place starts until it is open again: those waiting are passed over, what has started goes on."""
    state.closed[place] += 1
    if state.closed[place] > 1:
        return
    for c in range(state.clock[0].cases):
        case = state.cases[c]
        if case.outcome == WAITING and case.location == place and state.work[c].suspended == NOT_SUSPENDED:
            state.work[c].suspended = IN_SLOT
            state.services[case.service].seats_waiting -= case.people
            state.services[case.service].price_waiting -= state.work[c].price
            state.services[case.service].front_known = 0
            state.services[case.service].look_at = AT_ONCE


@compiled
def open_place(state: State, place: int) -> None:
    """A place is open again; those waiting there stand where they stood."""
    state.closed[place] -= 1
    if state.closed[place] > 0:
        return
    returning = np.empty(state.clock[0].cases, np.int64)
    count = 0
    for c in range(state.clock[0].cases):
        case = state.cases[c]
        if case.outcome == WAITING and case.location == place and state.work[c].suspended != NOT_SUSPENDED:
            service = state.services[case.service]
            service.seats_waiting += case.people
            service.price_waiting += state.work[c].price
            service.front_known = 0
            service.look_at = AT_ONCE
            if state.work[c].suspended == WITHOUT_SLOT:
                returning[count] = entry(case.opened, c)
                count += 1
            state.work[c].suspended = NOT_SUSPENDED
            state.queues[case.service, state.work[c].rank].walked = 0
    merge_back(state, np.sort(returning[:count]))


@compiled
def team_stands_still(state: State, p: int) -> None:
    """A team that cannot be paid stops work; its open cases stand still with it, groups and convoys under way finish."""
    pool = state.pools[p]
    pool.active = 0
    if pool.unpaid:
        return
    set_unpaid(state, p, 1)
    if state.services[pool.service].kind != CASEWORK:
        return
    for c in range(state.clock[0].cases):
        if state.cases[c].outcome == IN_SERVICE and state.work[c].pool == p:
            stand_still(state, c)
    forget_ends(state)


@compiled
def team_works(state: State, p: int) -> None:
    """A team works, or works again: its open cases go on where they stood."""
    pool = state.pools[p]
    pool.active = 1
    set_unpaid(state, p, 0)
    if state.services[pool.service].kind != CASEWORK:
        return
    for c in range(state.clock[0].cases):
        case = state.cases[c]
        if case.outcome == IN_SERVICE and state.work[c].pool == p and case.ended == MISSING:
            go_on(state, c)


@compiled
def call_convoy(state: State, s: int) -> None:
    """The schedule says that a convoy leaves, if anybody waits."""
    if state.services[s].seats_waiting > 0:
        state.services[s].due = 1
        state.services[s].look_at = AT_ONCE


@compiled
def place_order(state: State, s: int) -> int:
    """Order what is wanted and can be paid; the seconds until it comes."""
    clock = state.clock[0]
    service = state.services[s]
    quantity, g = orderable(state, s)
    if clock.orders == state.orders.shape[0]:
        raise InvariantError("the table of orders is full")
    number = service.orders
    service.orders += 1
    order = state.orders[clock.orders]
    order.service = s
    order.grant = g
    order.ordered = clock.now
    order.arrived = MISSING
    order.quantity = quantity
    order.lost = 0
    order.cancelled = MISSING
    order.cents = quantity * service.item_price
    if g != MISSING:
        order.cents += commit(state, s, g, quantity * service.item_price, clock.orders)
    service.on_order += quantity
    service.ordered += quantity
    clock.orders += 1
    return draw_seconds(state.laws[s, LEAD_TIME], state.law_values, state.keys[s, LEAD_KEY], number, 0, 0, OTHER)


@compiled
def goods_come(state: State, o: int) -> bool:
    """An order arrives and is paid; its losses are a whole number that keeps to the share over all deliveries."""
    order = state.orders[o]
    if order.cancelled != MISSING:
        return False
    service = state.services[order.service]
    order.arrived = state.clock[0].now
    service.on_order -= order.quantity
    service.delivered += order.quantity
    order.lost = service.loss_ppm * service.delivered // PPM - service.lost
    service.lost += order.lost
    service.on_hand += order.quantity - order.lost
    service.look_at = AT_ONCE
    if order.grant != MISSING:
        direct = order.quantity * service.item_price
        spend(state, order.service, order.grant, direct, order.cents - direct, o)
    return True


@compiled
def give_reasons(state: State) -> None:
    """At the horizon every case that is not served has its one reason or planned end, and breaks last on."""
    tell_planned_ends(state)
    for s in range(state.services.shape[0]):
        end_break(state, s, MISSING)
    for c in range(state.clock[0].cases):
        case = state.cases[c]
        if (case.outcome == WAITING or case.outcome == NOT_OPENED) and case.reason == NONE:
            case.reason = reason_unserved(state, c)
        if case.outcome != SERVED:
            case.wished = 0

"""Orders of goods: how many items an empty or low store calls for, and which grant can pay for them."""

from __future__ import annotations

from ...compiled import compiled, inlined
from ...layout import LEAD_TIME, NEVER, NO_POLICY, R_Q
from ...units import MISSING, PPM
from ..money.ledger import uses_less
from ..state import State


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
    ready = state.clock[0].now + max(1, int(state.laws[s, LEAD_TIME].mean + 0.5)) + state.services[s].handout_seconds
    return _order_by(state, s, _wanted(state, s), ready, 0)


@compiled
def next_order(state: State, s: int) -> int:
    """Items that an empty store calls for, while none are on the way."""
    service = state.services[s]
    return _wanted(state, s) if service.on_hand == 0 and service.on_order == 0 else 0


@compiled
def order_can_be_paid(state: State, s: int, wanted: int, turned_away: int) -> bool:
    """Whether the order that an empty store calls for can be paid: that it would come too late is no want of money."""
    if wanted == 0 or state.services[s].item_price == 0:
        return True
    return bool(_order_by(state, s, wanted, MISSING, turned_away)[0] > 0)


@compiled
def _order_by(state: State, s: int, wanted: int, ready: int, turned_away: int) -> tuple[int, int]:
    """How many of the items wanted can be ordered, and by which grant, if they are handed out at ``ready`` (MISSING: in time).

    ``turned_away``: cases that want an item beside those who wait.
    """
    service = state.services[s]
    if wanted == 0 or service.item_price == 0:
        return wanted, MISSING
    best, grant, whole, items = 0, MISSING, MISSING, 0
    for place in range(state.pay_order.shape[0]):
        g = state.pay_order[place]
        if not state.lines[s, g].may_pay or not state.grants[g].is_open or ready >= state.grants[g].ends:
            continue
        needed = min(wanted, _needed(state, s, g, turned_away))
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
def _needed(state: State, s: int, g: int, turned_away: int) -> int:
    """Items that those who wait, and those still to be found before a grant ends, need beyond what is there or coming."""
    service = state.services[s]
    if state.grants[g].unlimited:
        return NEVER
    to_come = max(0, state.lines[s, g].foreseen - service.opened)
    short = service.waiting + turned_away + to_come - service.on_hand
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

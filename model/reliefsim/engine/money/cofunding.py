"""What is to be paid becomes commitments: of one grant or, where grants may pay together and none can alone, of several.

Then the grants that may pay put in, in pay order, what their envelopes have, each with its own indirect cost, until the
direct cost is whole. What together they cannot pay is not committed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...compiled import compiled
from ...layout import NEVER
from ...units import MISSING
from ..state import InvariantError, State
from .ledger import commit, may_commit, payer, release, spend, uses_less

Numbers = npt.NDArray[np.int64]


@compiled
def can_pay(state: State, service: int, direct: int, planned_end: int) -> bool:
    """Whether ``direct`` cents and their indirect cost can be paid for a service now."""
    if direct <= 0 or payer(state, service, direct, planned_end) != MISSING:
        return True
    return bool(state.clock[0].cofund and _put_in(state, service, direct, planned_end)[2] == 0)


@compiled
def most_payable(state: State, service: int, planned_end: int) -> int:
    """The most direct cents that can be paid at once for a service now; NEVER: no limit."""
    most = 0
    for place in range(state.pay_order.shape[0]):
        g = state.pay_order[place]
        if may_commit(state, service, g, planned_end):
            if state.grants[g].unlimited:
                return NEVER
            left = state.lines[service, g].left
            most = most + left if state.clock[0].cofund else max(most, left)
    return int(most)


@compiled
def _put_in(state: State, service: int, direct: int, planned_end: int) -> tuple[Numbers, Numbers, int]:
    """Grants in the order in which they pay, the direct cents that each puts in, and what is missing then."""
    order = np.full(state.grants.shape[0], MISSING, np.int64)
    parts = np.zeros(state.grants.shape[0], np.int64)
    for turn in range(order.shape[0]):
        g = _next(state, service, planned_end, order[:turn])
        if g == MISSING or direct == 0:
            break
        order[turn] = g
        parts[turn] = min(direct, state.lines[service, g].left)
        direct -= parts[turn]
    return order, parts, direct


@compiled
def _next(state: State, service: int, planned_end: int, before: Numbers) -> int:
    """Whose turn it is to pay for a service, after those before; or MISSING."""
    best = MISSING
    for place in range(state.pay_order.shape[0]):
        g = state.pay_order[place]
        if not may_commit(state, service, g, planned_end) or (before == g).any():
            continue
        if not state.clock[0].by_shares:
            return int(g)
        if best == MISSING or uses_less(state, service, g, best):
            best = g
    return int(best)


@compiled
def pay(state: State, service: int, direct: int, planned_end: int, reference: int) -> tuple[int, int]:
    """Commit a price for a case or group: the grant that pays (the largest part), and the indirect cents.

    (MISSING, 0): nobody can pay it.
    """
    g = payer(state, service, direct, planned_end)
    if g != MISSING:
        return g, commit(state, service, g, direct, reference)
    if not state.clock[0].cofund:
        return MISSING, 0
    return _pay_together(state, service, direct, planned_end, reference, False)


@compiled
def _pay_together(
    state: State, service: int, direct: int, planned_end: int, reference: int, at_once: bool
) -> tuple[int, int]:  # fmt: skip
    """Commit each grant's part and keep it, or spend it at once; the grant that pays most, and all indirect cents."""
    order, parts, missing = _put_in(state, service, direct, planned_end)
    if missing > 0:
        return MISSING, 0
    first, largest, most, together = state.clock[0].cofunded, MISSING, 0, 0
    for turn in range(order.shape[0]):
        if parts[turn] == 0:
            continue
        indirect = commit(state, service, order[turn], parts[turn], reference)
        together += indirect
        if parts[turn] + indirect > most:
            largest, most = order[turn], parts[turn] + indirect
        if at_once:
            spend(state, service, order[turn], parts[turn], indirect, reference)
        else:
            _keep_part(state, service, order[turn], parts[turn], indirect, reference)
    if not at_once:
        state.first_part[reference] = first
    return int(largest), int(together)


@compiled
def _keep_part(state: State, service: int, g: int, direct: int, indirect: int, reference: int) -> None:
    clock = state.clock[0]
    if clock.cofunded == state.cofunded.shape[0]:
        raise InvariantError("the table of what grants pay together is full")
    row = state.cofunded[clock.cofunded]
    row.time = clock.now
    row.released = MISSING
    row.reference = reference
    row.cents = direct + indirect
    row.indirect_cents = indirect
    row.group = state.groups[reference - clock.cases].number if reference >= clock.cases else MISSING
    row.service = service
    row.grant = g
    clock.cofunded += 1


@compiled
def parts_of(state: State, reference: int) -> tuple[int, int]:
    """The rows, first and last + 1, of the parts that several grants pay of a case or group; none if one pays it all."""
    first = state.first_part[reference] if state.clock[0].cofund else MISSING
    if first == MISSING:
        return 0, 0
    last = first
    while last < state.clock[0].cofunded and state.cofunded[last].reference == reference:
        last += 1
    return int(first), int(last)


@compiled
def is_paid_by(state: State, g: int, grant: int, reference: int) -> bool:
    """Whether a grant pays for a case or group, or for a part of it; ``grant`` pays most."""
    first, last = parts_of(state, reference)
    for part in range(first, last):
        if state.cofunded[part].grant == g:
            return True
    return grant == g


@compiled
def spend_all(state: State, service: int, g: int, direct: int, indirect: int, reference: int) -> None:
    """A commitment is met, by all who made it."""
    first, last = parts_of(state, reference)
    if first == last:
        spend(state, service, g, direct, indirect, reference)
    for part in range(first, last):
        row = state.cofunded[part]
        spend(state, service, row.grant, row.cents - row.indirect_cents, row.indirect_cents, reference)


@compiled
def release_all(state: State, service: int, g: int, direct: int, indirect: int, reference: int) -> None:
    """A commitment falls away, for all who made it."""
    first, last = parts_of(state, reference)
    if first == last:
        release(state, service, g, direct, indirect, reference)
        return
    for part in range(first, last):
        row = state.cofunded[part]
        release(state, service, row.grant, row.cents - row.indirect_cents, row.indirect_cents, reference)
        row.released = state.clock[0].now
    state.first_part[reference] = MISSING


@compiled
def pay_now(state: State, service: int, direct: int, reference: int) -> int:
    """Commit and spend at once; the grant that paid (the largest part), or MISSING if nobody can."""
    now = state.clock[0].now
    g = payer(state, service, direct, now)
    if g != MISSING:
        indirect = commit(state, service, g, direct, reference)
        spend(state, service, g, direct, indirect, reference)
    elif state.clock[0].cofund:
        g, _ = _pay_together(state, service, direct, now, reference, True)
    return g

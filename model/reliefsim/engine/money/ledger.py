"""Payments become postings: every cent moves from one account of its grant into another, in whole cents.

The accounts of a grant are donor, cash, committed, spent and lapsed. Of an amount, the indirect part brings the
grant's cumulative indirect cost up to floor(rate × cumulative direct cost). Envelopes hold direct cost; a grant's cash
covers all of them and the indirect cost that they will bring, so that what an envelope holds can always be paid.
"""

from __future__ import annotations

from ...compiled import compiled, inlined
from ...layout import Account
from ...units import MISSING, indirect_due
from ..state import InvariantError, State

DONOR, CASH, COMMITTED, SPENT, LAPSED = (int(account) for account in Account)
due = inlined(indirect_due)


@compiled
def post(
    state: State, grant: int, service: int, debit: int, credit: int, amount: int, indirect: int, reference: int
) -> None:
    """Write one posting."""
    clock = state.clock[0]
    if clock.postings == state.postings.shape[0]:
        raise InvariantError("the table of postings is full")
    row = state.postings[clock.postings]
    row.time = clock.now
    row.grant = grant
    row.service = service
    row.debit = debit
    row.credit = credit
    row.reference = reference
    row.cents = amount
    row.indirect_cents = indirect
    clock.postings += 1


@compiled
def indirect_on(state: State, grant: int, direct: int) -> int:
    """The indirect cost that ``direct`` more cents of direct cost bring."""
    row = state.grants[grant]
    return int(due(row.rate_ppm, row.direct + direct, row.indirect))


@inlined
def may_commit(state: State, service: int, g: int, planned_end: int) -> bool:
    """Whether a grant may pay now for what is planned to end then: some must have their money spent by their end."""
    grant = state.grants[g]
    return bool(
        state.lines[service, g].may_pay and grant.is_open and not (grant.spent_and_done and planned_end >= grant.ends)
    )


@compiled
def payer(state: State, service: int, direct: int, planned_end: int) -> int:
    """The grant that pays ``direct`` cents plus indirect cost for a service now, or MISSING.

    A grant that wants its money spent by its end pays only for what is planned to end before.
    """
    clock = state.clock[0]
    best = MISSING
    for place in range(state.pay_order.shape[0]):
        g = state.pay_order[place]
        if not may_commit(state, service, g, planned_end):
            continue
        if not state.grants[g].unlimited and state.lines[service, g].left < direct:
            continue
        if not clock.by_shares:
            return int(g)
        if best == MISSING:
            best = g
            continue
        if uses_less(state, service, g, best):
            best = g
    return best


@compiled
def uses_less(state: State, service: int, g: int, than: int) -> bool:
    """Whether a grant has used a smaller share of its envelope than another, compared without division."""
    line, other = state.lines[service, g], state.lines[service, than]
    return float(line.direct) * float(other.direct + other.left) < float(other.direct) * float(line.direct + line.left)


@compiled
def commit(state: State, service: int, g: int, direct: int, reference: int) -> int:
    """Set aside ``direct`` cents and their indirect cost; the indirect cents."""
    grant = state.grants[g]
    line = state.lines[service, g]
    indirect = indirect_on(state, g, direct)
    amount = direct + indirect
    if grant.unlimited:
        receive(state, g, amount)
    else:
        line.left -= direct
    post(state, g, service, COMMITTED, CASH, amount, indirect, reference)
    grant.cash -= amount
    grant.committed += amount
    grant.direct += direct
    grant.indirect += indirect
    line.committed += amount
    line.direct += direct
    return indirect


@compiled
def spend(state: State, service: int, g: int, direct: int, indirect: int, reference: int) -> None:
    """A commitment is met: it becomes expenditure."""
    grant = state.grants[g]
    line = state.lines[service, g]
    amount = direct + indirect
    post(state, g, service, SPENT, COMMITTED, amount, indirect, reference)
    grant.committed -= amount
    grant.spent += amount
    line.committed -= amount
    line.spent += amount


@compiled
def release(state: State, service: int, g: int, direct: int, indirect: int, reference: int) -> None:
    """A commitment falls away: its cents are cash again."""
    grant = state.grants[g]
    line = state.lines[service, g]
    amount = direct + indirect
    post(state, g, service, CASH, COMMITTED, amount, indirect, reference)
    grant.cash += amount
    grant.committed -= amount
    grant.direct -= direct
    grant.indirect -= indirect
    line.committed -= amount
    line.direct -= direct
    if grant.is_open:
        line.left += direct


@compiled
def receive(state: State, g: int, amount: int) -> None:
    """A donor's money comes in."""
    post(state, g, MISSING, CASH, DONOR, amount, 0, MISSING)
    state.grants[g].received += amount
    state.grants[g].cash += amount


@compiled
def lapse(state: State, g: int) -> int:
    """All cash of a grant goes back to its donor; the cents."""
    grant = state.grants[g]
    amount = grant.cash
    if amount > 0:
        post(state, g, MISSING, LAPSED, CASH, amount, 0, MISSING)
        grant.cash = 0
        grant.lapsed += amount
    for s in range(state.lines.shape[0]):
        state.lines[s, g].left = 0
    return int(amount)


@compiled
def reserved(state: State, g: int) -> int:
    """What a grant's envelopes hold, with the indirect cost that they will bring (cents)."""
    direct = 0
    for s in range(state.lines.shape[0]):
        direct += state.lines[s, g].left
    return int(direct + indirect_on(state, g, direct)) if direct > 0 else 0


@compiled
def lapse_part(state: State, g: int, amount: int) -> None:
    """A part of a grant's cash goes back to its donor; its envelopes shrink with what is left."""
    grant = state.grants[g]
    if amount <= 0:
        return
    kept = (grant.cash - amount) / grant.cash
    post(state, g, MISSING, LAPSED, CASH, amount, 0, MISSING)
    grant.cash -= amount
    grant.lapsed += amount
    for s in range(state.lines.shape[0]):
        state.lines[s, g].left = int(state.lines[s, g].left * kept)
    for s in range(state.lines.shape[0]):  # the indirect cost is rounded once for all envelopes: a cent may be over
        while state.lines[s, g].left > 0 and reserved(state, g) > grant.cash:
            state.lines[s, g].left -= 1

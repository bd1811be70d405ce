"""Laws of money, capacity and goods that hold in every run: the number of the first that is broken, or 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...compiled import compiled
from ...layout import AT_ONCE, CASEWORK, GOODS, Account, Facts
from ...units import MISSING
from ..money.cofunding import parts_of
from ..money.ledger import due, reserved
from ..state import State
from .teams import pool_with_place

DONOR, CASH, COMMITTED, SPENT, LAPSED = (int(account) for account in Account)

BROKEN = {
    1: "a grant's received cents are not spent + committed + cash + lapsed",
    2: "a grant's cash does not cover its envelopes and their indirect cost, or a balance is negative",
    3: "a team is busier than its capacity, or an open case has none (or one that has ended) although one is free",
    4: "goods on hand + on order + issued + lost + cancelled are not initial + ordered, or not issued to cases",
    5: "a case was served before it could be, or ended before it started",
    6: "the number waiting or in service is not the number of such cases",
    7: "the postings do not add up to the grants' accounts",
    8: "people at the start + arrived are not present + left",
    9: "a payment was made outside its grant's window or earmark, or while it was suspended",
    10: "the cents charged for cases are not the cents posted for services",
    11: "the parts of what grants pay together are not what is charged",
    12: "a grant received more than its award",
    13: "a grant holds cash after its end, or commitments after its liquidation",
    14: "a case or group that started was not charged its price, with the indirect cost that it brings",
    15: "a case was served after a time that is not its duration",
    16: "more people started together than there are seats",
    17: "a case opened before what must be served first",
    18: "a case started in a place that was closed",
    19: "a case started when its household had left",
}


@compiled
def check_balances(state: State) -> int:
    """The laws of money, capacity and goods, at this instant."""
    for g in range(state.grants.shape[0]):
        grant = state.grants[g]
        if grant.received != grant.spent + grant.committed + grant.cash + grant.lapsed:
            return 1
        if grant.received > grant.award and not grant.unlimited:
            return 12
        if grant.cash > 0 and grant.ends < state.clock[0].now:
            return 13
        direct = 0
        for s in range(state.lines.shape[0]):
            line = state.lines[s, g]
            direct += line.direct
            if line.left < 0 or line.committed < 0 or line.spent < 0 or line.direct < 0:
                return 2
        if reserved(state, g) > grant.cash or grant.cash < 0 or direct != grant.direct:
            return 2
    for p in range(state.pools.shape[0]):
        pool = state.pools[p]
        if pool.busy > pool.slots + pool.leaving or pool.busy < 0 or pool.room > pool.slots:
            return 3
    for s in range(state.services.shape[0]):
        service = state.services[s]
        is_idle = service.kind == CASEWORK and service.look_at != AT_ONCE
        if is_idle and service.standing > 0 and pool_with_place(state, s) != MISSING:
            return 3
        if service.kind == GOODS:
            there = service.on_hand + service.on_order + service.issued + service.lost + service.cancelled
            if there != service.initial + service.ordered or service.on_hand < 0 or service.on_order < 0:
                return 4
    return 0


@compiled
def check_postings(state: State) -> int:
    """The laws of the ledger: postings add up to accounts, inside windows and earmarks, and carry their indirect cost.

    What a commitment brings: floor(rate × all direct cost so far), less what was charged before.
    """
    accounts = np.zeros((state.grants.shape[0], 5), np.int64)
    direct, indirect = np.zeros(state.grants.shape[0], np.int64), np.zeros(state.grants.shape[0], np.int64)
    for number in range(state.clock[0].postings):
        row = state.postings[number]
        grant = state.grants[row.grant]
        accounts[row.grant, row.debit] += row.cents
        accounts[row.grant, row.credit] -= row.cents
        if row.debit == COMMITTED:
            if not (grant.opens <= row.time < grant.ends and state.lines[row.service, row.grant].may_pay):
                return 9
            direct[row.grant] += row.cents - row.indirect_cents
            if row.indirect_cents != due(grant.rate_ppm, direct[row.grant], indirect[row.grant]):
                return 14
            indirect[row.grant] += row.indirect_cents
        elif row.debit == CASH and row.credit == COMMITTED:
            direct[row.grant] -= row.cents - row.indirect_cents
            indirect[row.grant] -= row.indirect_cents
        elif row.debit == SPENT and row.time >= grant.ends + grant.liquidation_seconds and not grant.unlimited:
            return 9
    for g in range(state.grants.shape[0]):
        grant, account = state.grants[g], accounts[g]
        if account[DONOR] != -grant.received or account[CASH] != grant.cash or account[COMMITTED] != grant.committed:
            return 7
        if account[SPENT] != grant.spent or account[LAPSED] != grant.lapsed:
            return 7
        now = state.clock[0].now
        if (grant.cash > 0 and grant.ends <= now) or (grant.committed > 0 and grant.ends + grant.liquidation_seconds < now):
            return 13
    return 0


def check_halts(postings: Facts, halts: Sequence[Sequence[int]]) -> int:
    """The law of windows again: a suspended grant commits nothing. ``halts``: grant, first second, last + 1."""
    for g, begins, ends in halts:
        committed = postings["time"][(postings["grant"] == g) & (postings["debit"] == COMMITTED)]
        if ((committed >= begins) & (committed < ends)).any():
            return 9
    return 0


@compiled
def check_charges(state: State) -> int:
    """What cases, orders and groups were charged is what the services' lines hold."""
    charged = np.zeros(state.services.shape[0], np.int64)
    for c in range(state.clock[0].cases):
        charged[state.cases[c].service] += state.cases[c].cents
    for o in range(state.clock[0].orders):
        order = state.orders[o]
        if order.grant != MISSING and order.cancelled == MISSING:
            charged[order.service] += order.cents
    for s in range(state.services.shape[0]):
        posted = 0
        for g in range(state.grants.shape[0]):
            posted += state.lines[s, g].committed + state.lines[s, g].spent
        if charged[s] != posted:
            return 10
    return 0


@compiled
def check_parts(state: State) -> int:
    """What several grants pay of a case or group adds up to what it is charged."""
    cases = state.clock[0].cases
    for reference in range(state.first_part.shape[0]):
        first, last = parts_of(state, reference)
        if first == last:
            continue
        cents, indirect = 0, 0
        for part in range(first, last):
            cents += state.cofunded[part].cents
            indirect += state.cofunded[part].indirect_cents
        if reference < cases:
            case = state.cases[reference]
            if cents != case.cents or indirect != case.indirect_cents:
                return 11
        elif cents - indirect != state.groups[reference - cases].direct or indirect != state.groups[reference - cases].indirect:
            return 11
    return 0

"""Laws that hold in every run, checked while it runs: the number of the first that is broken, or 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..compiled import compiled
from ..money.cofunding import parts_of
from ..money.ledger import reserved
from ..records import MISSING, Account, Facts
from .cases import NOT_OPENED, SERVED
from .queues import WAITING
from .tables import AT_ONCE, CASEWORK, GOODS, State
from .teams import IN_SERVICE, pool_with_place

DONOR, CASH, COMMITTED, SPENT, LAPSED = (int(account) for account in Account)

BROKEN = {
    1: "a grant's received cents are not spent + committed + cash + lapsed",
    2: "a grant's cash does not cover its envelopes and their indirect cost, or a balance is negative",
    3: "a team is busier than its capacity, or an open case has none (or one that has ended) although one is free",
    4: "goods on hand + on order + issued + lost + cancelled are not initial + ordered",
    5: "a case was served before it could be, or ended before it started",
    6: "the number waiting or in service is not the number of such cases",
    7: "the postings do not add up to the grants' accounts",
    8: "people at the start + arrived are not present + left",
    9: "a payment was made outside its grant's window or earmark, or while it was suspended",
    10: "the cents charged for cases are not the cents posted for services",
    11: "the parts of what grants pay together are not what is charged",
}


@compiled
def check_balances(state: State) -> int:
    """The laws of money, capacity and goods, at this instant."""
    for g in range(state.grants.shape[0]):
        grant = state.grants[g]
        if grant.received != grant.spent + grant.committed + grant.cash + grant.lapsed:
            return 1
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
def check_cases(state: State) -> int:
    """The laws of cases: times in order, and as many in each state as the counters say."""
    counted = np.zeros((state.services.shape[0], 3), np.int64)
    for c in range(state.clock[0].cases):
        case = state.cases[c]
        counted[case.service, 0] += case.outcome == WAITING
        counted[case.service, 1] += case.outcome == IN_SERVICE
        if case.outcome == IN_SERVICE and state.services[case.service].kind == CASEWORK:
            pool = state.work[c].pool
            counted[case.service, 2] += pool == MISSING
            if pool != MISSING and state.pools[pool].over:
                return 3
        if case.opened != MISSING and case.opened < case.arose:
            return 5
        if case.started != MISSING and (case.opened == MISSING or case.started < case.opened):
            return 5
        if case.outcome == SERVED and (case.started == MISSING or case.ended <= case.started):
            return 5
        if (case.outcome == NOT_OPENED) and case.opened != MISSING:
            return 5
    for s in range(state.services.shape[0]):
        if counted[s, 0] != state.services[s].waiting or counted[s, 1] != state.services[s].in_service:
            return 6
        if state.services[s].kind == CASEWORK and counted[s, 2] != state.services[s].standing:
            return 6
    return 0


@compiled
def check_postings(state: State) -> int:
    """The laws of the ledger: postings add up to accounts, inside windows and earmarks."""
    accounts = np.zeros((state.grants.shape[0], 5), np.int64)
    for number in range(state.clock[0].postings):
        row = state.postings[number]
        grant = state.grants[row.grant]
        accounts[row.grant, row.debit] += row.cents
        accounts[row.grant, row.credit] -= row.cents
        if row.debit == COMMITTED:
            if not (grant.opens <= row.time < grant.ends and state.lines[row.service, row.grant].may_pay):
                return 9
        elif row.debit == SPENT and row.time >= grant.ends + grant.liquidation_seconds and not grant.unlimited:
            return 9
    for g in range(state.grants.shape[0]):
        grant, account = state.grants[g], accounts[g]
        if account[DONOR] != -grant.received or account[CASH] != grant.cash or account[COMMITTED] != grant.committed:
            return 7
        if account[SPENT] != grant.spent or account[LAPSED] != grant.lapsed:
            return 7
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


@compiled
def check_people(state: State) -> int:
    """People at the start + arrived = present + left, by two ways of counting."""
    clock = state.clock[0]
    everybody, present, left = 0, 0, 0
    for h in range(state.households.shape[0]):
        home = state.households[h]
        everybody += home.size
        if home.left == MISSING or home.left >= clock.horizon:
            present += home.size
        else:
            left += 1
    if everybody != present + clock.people_left or left != clock.households_left:
        return 8
    return 0


@compiled
def check_everything(state: State) -> int:
    """Every law, at the end of a run."""
    broken = check_balances(state)
    if broken == 0:
        broken = check_cases(state)
    if broken == 0:
        broken = check_postings(state)
    if broken == 0:
        broken = check_charges(state)
    if broken == 0:
        broken = check_parts(state)
    if broken == 0:
        broken = check_people(state)
    return broken

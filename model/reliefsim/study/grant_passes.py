"""One run's grants become what they paid for, and when their money was used up: passes over cases and postings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled
from ..records import MISSING, Account, Outcome

_SERVED = int(Outcome.SERVED)
_CASH, _COMMITTED = int(Account.CASH), int(Account.COMMITTED)
Numbers = npt.NDArray[np.int64]


@compiled
def paid_for(
    cases: Any, households: Any, member_class: npt.NDArray[np.int16], payer: Numbers, slot_of: Numbers, shown: int,
    grants: int, classes: int,
) -> tuple[Numbers, Numbers, Numbers, Numbers]:  # fmt: skip
    """What each grant's money did: cases served by reported service, shape (shown, grants + 1), people reached through
    each grant, shape (grants + 1), and through each grant by service. The last column: nobody paid. And, by class, people
    reached counted once for each service, without hosts, shape (classes,).

    ``payer[case]``: the grant that paid for it, or MISSING. People count once for each grant that paid for a service
    of theirs, so that grants' numbers overlap.
    """
    served = np.zeros((shown, grants + 1), np.int64)
    reached = np.zeros(grants + 1, np.int64)
    by_service = np.zeros((shown, grants + 1), np.int64)
    often = np.zeros(classes, np.int64)
    for c in range(cases.shape[0]):
        if cases[c].outcome == _SERVED:
            served[slot_of[cases[c].service] - 1, payer[c]] += 1
    met = np.zeros((shown, grants + 1), np.bool_)
    for h in range(households.shape[0]):
        home = households[h]
        for m in range(home.size):
            met[:, :] = False
            for c in range(home.first_case, home.first_case + home.cases):
                if cases[c].outcome == _SERVED and (cases[c].member == MISSING or cases[c].member == m):
                    met[slot_of[cases[c].service] - 1, payer[c]] = True
            for g in range(grants + 1):
                through = False
                for s in range(shown):
                    through |= met[s, g]
                    by_service[s, g] += met[s, g]
                reached[g] += through
            if home.population == 0:
                for s in range(shown):
                    often[member_class[home.first_member + m]] += met[s].any()
    return served, reached, by_service, often


@compiled
def open_files(
    cases: Any, households: Any, postings: Any, orders: Any, ends: Numbers, services: int, classes: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Cases in service when the window of the grant that pays for them ends: by service, by class (hosts are of none);
    and all that is committed and not yet spent then, orders too.

    Shapes (grants, services), (grants, classes), (grants,) of cents. A case that is stopped then or later, when its grant
    is not payable any more, is among them; of a group that is stopped, the cents alone.
    """
    by_service = np.zeros((ends.shape[0], services), np.int64)
    by_class = np.zeros((ends.shape[0], classes), np.int64)
    open_cents = np.zeros(ends.shape[0], np.int64)
    for c in range(cases.shape[0]):
        case = cases[c]
        if case.grant == MISSING or case.started == MISSING:
            continue
        end = ends[case.grant]
        if case.started < end and (case.ended == MISSING or case.ended >= end):
            by_service[case.grant, case.service] += 1
            if households[case.household].population == 0:
                by_class[case.grant, case.priority_class] += 1
    cancelled = np.zeros((ends.shape[0], services), np.int64)
    for o in range(orders.shape[0]):
        if orders[o].cancelled:
            cancelled[orders[o].grant, orders[o].service] += 1
    for p in range(postings.shape[0]):
        row = postings[p]
        if row.time < ends[row.grant]:
            open_cents[row.grant] += row.cents * ((row.debit == _COMMITTED) - (row.credit == _COMMITTED))
        elif row.debit == _CASH and row.credit == _COMMITTED:
            # What falls away: orders first, then groups and cases. Orders and cases are numbered apart.
            if cancelled[row.grant, row.service] > 0:
                cancelled[row.grant, row.service] -= 1
            elif row.reference < cases.shape[0]:
                by_service[row.grant, row.service] += 1
                if households[cases[row.reference].household].population == 0:
                    by_class[row.grant, cases[row.reference].priority_class] += 1
    return by_service, by_class, open_cents


@compiled
def short_of_cash(postings: Any, ends: Numbers, least: Numbers) -> Numbers:
    """By grant: since when its cash, up to the end of its window, did not pay for the cheapest thing; MISSING: it did.

    ``least[grant]``: cents that the cheapest thing it may pay for costs.
    """
    cash = np.zeros(least.shape[0], np.int64)
    since = np.full(least.shape[0], MISSING, np.int64)
    for p in range(postings.shape[0]):
        row = postings[p]
        g = row.grant
        if row.time >= ends[g] or (row.debit != _CASH and row.credit != _CASH):
            continue
        cash[g] += row.cents if row.debit == _CASH else -row.cents
        if cash[g] >= least[g]:
            since[g] = MISSING
        elif since[g] == MISSING:
            since[g] = row.time
    return since

"""One run's grants become what they paid for, and when their money was used up: passes over cases and postings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..layout import Account, Outcome
from ..units import MISSING

_SERVED = int(Outcome.SERVED)
_CASH, _COMMITTED = int(Account.CASH), int(Account.COMMITTED)
Numbers = npt.NDArray[np.int64]


@compiled
def paid_for(
    cases: Any, households: Any, member_class: npt.NDArray[np.int16], payer: Numbers, paid: Numbers, by: Numbers,
    slot_of: Numbers, shown: int, grants: int, classes: int,
) -> tuple[Numbers, Numbers, Numbers, Numbers]:  # fmt: skip
    """What each grant's money did: cases served by reported service, shape (shown, grants + 1), people reached through
    each grant, shape (grants + 1), and through each grant by service. The last column: nobody paid. And, by class, people
    reached counted once for each service, without hosts, shape (classes,).

    ``payer[case]``: the grant that paid for it (the largest part), or MISSING; a case counts for that one. ``paid``:
    cases, in order, of which a grant ``by`` paid another part. People count once for each grant that paid for a service
    of theirs, or for a part of one, so that grants' numbers overlap.
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
                    at = np.searchsorted(paid, c) if paid.shape[0] > 0 else 0
                    while at < paid.shape[0] and paid[at] == c:
                        met[slot_of[cases[c].service] - 1, by[at]] = True
                        at += 1
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
    cases: Any, households: Any, postings: Any, orders: Any, ends: Numbers, mean_seconds: Numbers, classes: int,
    paid: Numbers, by: Numbers,
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers]:
    """What is open when the window of each grant ends: its cases in service by service, and by class (hosts are of
    none); cents committed and not yet spent on cases and groups, and on orders; and seconds of teams' places that its
    cases and groups will still take (a group takes one).

    Shapes (grants, services), but by class (grants, classes). ``mean_seconds``: of a case, by service. A case that is
    stopped then or later, when its grant is not payable any more, is among them and takes the mean, for it begins
    again; one whose team stands still, what the mean leaves of it. Of a group that is stopped, its members are not known.
    """
    services = mean_seconds.shape[0]
    by_service, cents = np.zeros((ends.shape[0], services), np.int64), np.zeros((ends.shape[0], services), np.int64)
    ordered, places = np.zeros((ends.shape[0], services), np.int64), np.zeros((ends.shape[0], services), np.int64)
    by_class = np.zeros((ends.shape[0], classes), np.int64)
    last_group = 0
    for c in range(cases.shape[0]):
        last_group = max(last_group, cases[c].group)
    met = np.zeros((services, last_group + 1), np.bool_)
    for c in range(cases.shape[0]):
        case = cases[c]
        if case.grant == MISSING or case.started == MISSING:
            continue
        end = ends[case.grant]
        if case.started < end and (case.ended == MISSING or case.ended >= end):
            by_service[case.grant, case.service] += 1
            if households[case.household].population == 0:
                by_class[case.grant, case.priority_class] += 1
            if case.group == MISSING or not met[case.service, case.group]:
                over = case.started + mean_seconds[case.service] if case.ended == MISSING else case.ended
                places[case.grant, case.service] += max(0, over - end)
            if case.group != MISSING:
                met[case.service, case.group] = True
    _count_parts(cases, households, ends, mean_seconds, paid, by, last_group, by_service, by_class, places)
    for o in range(orders.shape[0]):
        order = orders[o]
        if order.grant == MISSING or order.ordered >= ends[order.grant]:
            continue
        over = order.arrived if order.arrived != MISSING else order.cancelled
        if over == MISSING or over >= ends[order.grant]:
            ordered[order.grant, order.service] += order.cents
    _count_commitments(cases, households, postings, orders, ends, mean_seconds, by_service, by_class, cents, places)
    return by_service, by_class, cents - ordered, ordered, places


@inlined
def _count_parts(
    cases: Any, households: Any, ends: Numbers, mean_seconds: Numbers, paid: Numbers, by: Numbers, last_group: int,
    by_service: Numbers, by_class: Numbers, places: Numbers,
) -> None:  # fmt: skip
    """A case that several grants pay is open for each of them, and so is the place that it takes."""
    met = np.zeros((ends.shape[0] if paid.shape[0] > 0 else 0, mean_seconds.shape[0], last_group + 1), np.bool_)
    for at in range(paid.shape[0]):
        case, g = cases[paid[at]], by[at]
        if case.started >= ends[g] or (case.ended != MISSING and case.ended < ends[g]):
            continue
        by_service[g, case.service] += 1
        if households[case.household].population == 0:
            by_class[g, case.priority_class] += 1
        if case.group == MISSING or not met[g, case.service, case.group]:
            over = case.started + mean_seconds[case.service] if case.ended == MISSING else case.ended
            places[g, case.service] += max(0, over - ends[g])
        if case.group != MISSING:
            met[g, case.service, case.group] = True


@inlined
def _count_commitments(
    cases: Any, households: Any, postings: Any, orders: Any, ends: Numbers, mean_seconds: Numbers, by_service: Numbers,
    by_class: Numbers, cents: Numbers, places: Numbers,
) -> None:  # fmt: skip
    """What is committed when each window ends, orders included; and what falls away then or later is open, too."""
    fell = np.zeros(orders.shape[0], np.bool_)
    for p in range(postings.shape[0]):
        row = postings[p]
        if row.service == MISSING or row.service >= mean_seconds.shape[0]:
            continue
        if row.time < ends[row.grant]:
            cents[row.grant, row.service] += row.cents * ((row.debit == _COMMITTED) - (row.credit == _COMMITTED))
        elif row.debit == _CASH and row.credit == _COMMITTED:
            # Orders, cases and groups are numbered apart; in one second orders fall away first.
            o = row.reference
            if o < orders.shape[0] and _is_of(orders[o], row) and not fell[o]:
                fell[o] = True
                continue
            places[row.grant, row.service] += mean_seconds[row.service]
            if o < cases.shape[0]:
                by_service[row.grant, row.service] += 1
                if households[cases[o].household].population == 0:
                    by_class[row.grant, cases[o].priority_class] += 1


@inlined
def _is_of(order: Any, row: Any) -> bool:
    """Whether a posting that gives committed cents back is about this order."""
    return bool(order.cancelled == row.time and order.grant == row.grant and order.service == row.service)


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

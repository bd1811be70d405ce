"""One run's unserved cases become the gap by part: passes over cases and postings."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..layout import Account, Outcome, Reason
from ..units import MISSING

_MONEY = int(Reason.MONEY)
_SERVED, _IN_SERVICE = int(Outcome.SERVED), int(Outcome.IN_SERVICE)
_DONOR, _CASH, _COMMITTED, _LAPSED = (
    int(account) for account in (Account.DONOR, Account.CASH, Account.COMMITTED, Account.LAPSED)
)
Numbers = npt.NDArray[np.int64]

# Why money was short: it was there but lay elsewhere, it had lapsed, it came later, it was there for this very service
# but too little in each grant (or too near its end) for what had to be paid, it was never there.
MONEY_PARTS = ("earmarked", "lapsed", "late", "split", "absent")
EARMARKED, LAPSED, LATE, SPLIT, ABSENT = range(len(MONEY_PARTS))
# Columns of gap_tally: a reason's number, then the parts of money, then people without for want of money, and their wait.
REASONS = len(Reason)
PARTS = REASONS
PEOPLE, WAITED = PARTS + len(MONEY_PARTS), PARTS + len(MONEY_PARTS) + 1
COLUMNS = WAITED + 1


@compiled
def split_money(
    cases: Any, households: Any, order: Numbers, ended: Numbers, postings: Any, plan_times: Numbers, plan_left: Numbers,
    may_pay: Numbers, later: Numbers, horizon: int,
) -> tuple[Numbers, Numbers]:  # fmt: skip
    """Of what serving each case would have cost, the cents by MONEY_PARTS, shape (cases, parts); and all but the last by
    grant, of the caseload without hosts, shape (parts - 1, grants).

    ``order``: cases unserved for want of money, in the order of ``ended``, the second at which each came to its end
    unserved. ``plan_left[p, service, grant]``: what plan p, made at ``plan_times[p]``, left in the envelopes.
    ``later[grant]``: cents due at the horizon or after. Each cent of a grant counts for one case at most: what was
    counted is taken to be spent last.
    """
    services, grants = may_pay.shape
    cash, lapsed = np.zeros(grants, np.int64), np.zeros(grants, np.int64)
    counted, counted_ahead = np.zeros(grants, np.int64), np.zeros(grants, np.int64)
    left, counted_here = np.zeros((services, grants), np.int64), np.zeros((services, grants), np.int64)
    ahead = later.copy()
    for p in range(postings.shape[0]):
        if postings[p].credit == _DONOR:
            ahead[postings[p].grant] += postings[p].cents
    parts = np.zeros((order.shape[0], ABSENT + 1), np.int64)
    by_grant = np.zeros((ABSENT, grants), np.int64)
    at, plan = 0, 0
    for i in range(order.shape[0]):
        while at < postings.shape[0] and _is_before(postings[at], ended[i], horizon):
            row = postings[at]
            begins = row.debit == _COMMITTED and row.service < services
            while plan < plan_times.shape[0] and (plan_times[plan] < row.time or (begins and plan_times[plan] == row.time)):
                left[:, :] = plan_left[plan]
                plan += 1
            _move(row, services, cash, lapsed, left, ahead, counted, counted_ahead)
            for s in range(services):
                counted_here[s, row.grant] = min(counted_here[s, row.grant], counted[row.grant])
            at += 1
        while plan < plan_times.shape[0] and plan_times[plan] < ended[i]:
            left[:, :] = plan_left[plan]
            plan += 1
        case = cases[order[i]]
        short = case.priced_cents
        counts = 1 - households[case.household].population
        for g in range(grants):
            its_own = max(0, left[case.service, g] - counted_here[case.service, g]) if may_pay[case.service, g] else 0
            taken = min(short, max(0, cash[g] - its_own - counted[g]))
            counted[g] += taken
            short = _count(parts[i], by_grant, EARMARKED, g, taken, short, counts)
        for g in range(grants):
            taken = min(short, lapsed[g]) if may_pay[case.service, g] else 0
            lapsed[g] -= taken
            short = _count(parts[i], by_grant, LAPSED, g, taken, short, counts)
        for g in range(grants):
            taken = min(short, max(0, ahead[g] - counted_ahead[g])) if may_pay[case.service, g] else 0
            counted_ahead[g] += taken
            short = _count(parts[i], by_grant, LATE, g, taken, short, counts)
        for g in range(grants):
            its_own = left[case.service, g] - counted_here[case.service, g] if may_pay[case.service, g] else 0
            taken = min(short, max(0, min(its_own, cash[g] - counted[g])))
            counted[g] += taken
            counted_here[case.service, g] += taken
            short = _count(parts[i], by_grant, SPLIT, g, taken, short, counts)
        parts[i, ABSENT] = short
    return parts, by_grant


@inlined
def _is_before(row: Any, second: int, horizon: int) -> bool:
    """Whether a posting came before cases ended unserved in a second: windows end first, money comes after."""
    if row.time != second or second >= horizon:
        return bool(row.time < second)
    return bool(row.debit == _LAPSED or (row.debit == _CASH and row.credit == _COMMITTED))


@inlined
def _move(
    row: Any, services: int, cash: Numbers, lapsed: Numbers, left: Numbers, ahead: Numbers, counted: Numbers,
    counted_ahead: Numbers,
) -> None:  # fmt: skip
    """What a posting does to cash, envelopes, and to the cents that have counted already."""
    g, cents = row.grant, row.cents
    if row.credit == _DONOR:
        cash[g] += cents
        ahead[g] -= cents
        came = min(counted_ahead[g], cents)
        counted_ahead[g] -= came
        counted[g] += came
    elif row.debit == _COMMITTED:
        cash[g] -= cents
        counted[g] = min(counted[g], cash[g])
        if row.service < services:
            left[row.service, g] -= cents
    elif row.debit == _CASH:
        cash[g] += cents
        if row.service < services:
            left[row.service, g] += cents
    elif row.debit == _LAPSED:
        gone = min(counted[g], cents)
        counted[g] -= gone
        lapsed[g] += cents - gone
        cash[g] -= cents
        left[:, g] = 0


@inlined
def _count(parts: Numbers, by_grant: Numbers, part: int, g: int, taken: int, short: int, counts: int) -> int:
    parts[part] += taken
    by_grant[part, g] += taken * counts
    return int(short - taken)


@compiled
def gap_tally(
    cases: Any, households: Any, member_class: npt.NDArray[np.int16], order: Numbers, parts: Numbers, slot_of: Numbers,
    class_slot: Numbers, host_slot: int, origin_slot: Numbers, location_slot: Numbers, first_month: int,
    month_of_day: Numbers, slots: int, horizon: int,
) -> Numbers:  # fmt: skip
    """Cents of the gap by reason and part, people without a service for want of money, and their seconds in queues.

    Shape (slots, COLUMNS). Slot 0 is the caseload without hosts; months, from ``first_month`` on, are those in which
    the need arose. A household's case is in the group of its highest member.
    """
    table = np.zeros((slots, COLUMNS), np.int64)
    part_of = np.full(cases.shape[0], MISSING, np.int64)
    part_of[order] = np.arange(order.shape[0])
    numbers = np.zeros(COLUMNS, np.int64)
    for c in range(cases.shape[0]):
        case = cases[c]
        if case.outcome == _SERVED or case.outcome == _IN_SERVICE:
            continue
        numbers[:] = 0
        numbers[case.reason] = case.priced_cents
        if part_of[c] >= 0:
            for part in range(ABSENT + 1):
                numbers[PARTS + part] = parts[part_of[c], part]
            until = horizon if case.ended == MISSING else case.ended
            if case.opened != MISSING:
                numbers[WAITED] = (until - case.opened) * case.people
        table[slot_of[case.service]] += numbers
        if households[case.household].population == 1:
            table[host_slot] += numbers
            continue
        month = month_of_day[min(case.arose // 86_400, month_of_day.shape[0] - 1)]
        table[0] += numbers
        table[first_month + month] += numbers
        for slot in (class_slot[case.priority_class], origin_slot[case.origin], location_slot[case.location]):
            if slot >= 0:
                table[slot] += numbers
    _count_people(
        table, cases, households, member_class, part_of, slot_of, class_slot, host_slot, origin_slot, location_slot,
        first_month, month_of_day,
    )  # fmt: skip
    return table


@inlined
def _count_people(
    table: Numbers, cases: Any, households: Any, member_class: npt.NDArray[np.int16], part_of: Numbers, slot_of: Numbers,
    class_slot: Numbers, host_slot: int, origin_slot: Numbers, location_slot: Numbers, first_month: int,
    month_of_day: Numbers,
) -> None:  # fmt: skip
    """Add each person who lacks a service for want of money once to every slot they belong to."""
    last = np.full(table.shape[0], MISSING, np.int64)  # by service: the last person who was counted
    for h in range(households.shape[0]):
        home = households[h]
        for m in range(home.size):
            person, since = home.first_member + m, MISSING
            for c in range(home.first_case, home.first_case + home.cases):
                if part_of[c] >= 0 and (cases[c].member == MISSING or cases[c].member == m):
                    slot = slot_of[cases[c].service]
                    table[slot, PEOPLE] += last[slot] != person
                    last[slot] = person
                    if since == MISSING or cases[c].arose < since:
                        since = cases[c].arose
            if since == MISSING:
                continue
            if home.population == 1:
                table[host_slot, PEOPLE] += 1
                continue
            month = month_of_day[min(since // 86_400, month_of_day.shape[0] - 1)]
            group = class_slot[member_class[person]]
            for slot in (0, first_month + month, group, origin_slot[home.origin], location_slot[home.location]):
                if slot >= 0:
                    table[slot, PEOPLE] += 1

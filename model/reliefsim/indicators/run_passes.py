"""One run's facts become courses and sums: passes over cases and postings that the indicators are read off."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..layout import Account, Outcome
from ..units import DAY, MISSING

_SERVED = int(Outcome.SERVED)
_CASH, _COMMITTED, _SPENT, _LAPSED = (
    int(account) for account in (Account.CASH, Account.COMMITTED, Account.SPENT, Account.LAPSED)
)
Numbers = npt.NDArray[np.int64]

# Columns of service_facts.
BUSY, ISSUED, OPENED, IN_STOCK = range(4)
# Rows of money_tally, and of its course.
RECEIVED, COMMITTED, SPENT, LAPSED, INDIRECT = range(5)


@compiled
def waits(
    cases: Any, households: Any, service_slot: Numbers, class_slot: Numbers, slots: int, begins: int
) -> tuple[Numbers, Numbers]:
    """Seconds waited by the cases started from ``begins`` on, slot after slot, and where each slot begins (and ends).

    In total (slot 0), by service and by class. Hosts count in their services only.
    """
    places = np.zeros(slots + 1, np.int64)
    for c in range(cases.shape[0]):
        if cases[c].started != MISSING and cases[c].started >= begins:
            for slot in _wait_slots(cases[c], households, service_slot, class_slot):
                places[slot + 1] += slot >= 0
    places = np.cumsum(places)
    waited = np.empty(places[-1], np.int64)
    ends = places[:-1].copy()
    for c in range(cases.shape[0]):
        if cases[c].started != MISSING and cases[c].started >= begins:
            for slot in _wait_slots(cases[c], households, service_slot, class_slot):
                if slot >= 0:
                    waited[ends[slot]] = cases[c].started - cases[c].opened
                    ends[slot] += 1
    return waited, places


@inlined
def _wait_slots(case: Any, households: Any, service_slot: Numbers, class_slot: Numbers) -> tuple[int, int, int]:
    """Where one case's wait counts: its service, and unless hosts', the total and its class; MISSING: nowhere."""
    if households[case.household].population == 1:
        return service_slot[case.service], MISSING, MISSING
    return service_slot[case.service], 0, class_slot[case.priority_class]


@compiled
def service_facts(cases: Any, services: int, shifts: Numbers, handovers: Any, begins: int, horizon: int) -> Numbers:
    """By service: seconds its places were taken while their team was at work (a group counts once), cases begun; cases
    opened from ``begins`` on, and those of them for which goods were free then. Shape (services, 4).

    ``shifts``: rows of team, first second at work, last + 1, and more; team by team.
    """
    found = np.zeros((services, 4), np.int64)
    last_group = 0
    for c in range(cases.shape[0]):
        last_group = max(last_group, cases[c].group)
    met = np.zeros((services, last_group + 1), np.bool_)
    others = np.argsort(handovers["case"], kind="mergesort")  # of one case in order of time
    at = 0
    for c in range(cases.shape[0]):
        case = cases[c]
        row = found[case.service]
        if case.opened != MISSING and case.opened >= begins:
            row[OPENED] += 1
            row[IN_STOCK] += case.in_stock
        first = at
        while at < others.shape[0] and handovers[others[at]].case == c:
            at += 1
        if case.started == MISSING:
            continue
        row[ISSUED] += 1
        if case.group != MISSING:
            if met[case.service, case.group]:
                continue
            met[case.service, case.group] = True
        team, since = int(case.team), int(case.started)
        for number in range(first, at):
            handover = handovers[others[number]]
            if handover.time > case.started:  # what lies before was undone when the case stopped
                row[BUSY] += _at_work(shifts, team, since, handover.time)
                team, since = int(handover.team), int(handover.time)
        row[BUSY] += _at_work(shifts, team, since, horizon if case.ended == MISSING else int(case.ended))
    return found


@inlined
def _at_work(shifts: Numbers, team: int, since: int, until: int) -> int:
    """Seconds of a span that a team is at work."""
    found = 0
    shift = np.searchsorted(shifts[:, 0], team)
    while shift < shifts.shape[0] and shifts[shift, 0] == team:
        found += max(0, min(until, shifts[shift, 2]) - max(since, shifts[shift, 1]))
        shift += 1
    return found


@compiled
def starts_of(cases: Any, service: int, count: int) -> Numbers:
    """Seconds at which ``count`` cases of one service started, in order of case."""
    found = np.empty(count, np.int64)
    at = 0
    for c in range(cases.shape[0]):
        if cases[c].service == service and cases[c].started != MISSING:
            found[at] = cases[c].started
            at += 1
    return found


@inlined
def month_of(second: int, month_of_day: Numbers) -> int:
    """The month that holds a second; the number of months from the horizon on (the last entry)."""
    return int(month_of_day[min(second // DAY, month_of_day.shape[0] - 1)])


@compiled
def money_tally(
    postings: Any, services: int, grants: int, months: int, month_of_day: Numbers
) -> tuple[Numbers, Numbers]:
    """Cents by what became of them: (5, services, grants), and by month's end (months, 4, grants).

    Row ``services - 1`` holds what belongs to no service. Committed are commitments made less those released, spent
    or not.
    """
    table = np.zeros((5, services, grants), np.int64)
    course = np.zeros((months, 4, grants), np.int64)
    for number in range(postings.shape[0]):
        row = postings[number]
        s = row.service if row.service >= 0 else services - 1
        # What lapses when the horizon's books are closed belongs to the last month.
        month = min(month_of(row.time, month_of_day), months - 1)
        what, cents = MISSING, row.cents
        if row.debit == _COMMITTED:
            what = COMMITTED
            table[INDIRECT, s, row.grant] += row.indirect_cents
        elif row.debit == _SPENT:
            what = SPENT
        elif row.debit == _LAPSED:
            what = LAPSED
        elif row.debit == _CASH and row.credit == _COMMITTED:
            what, cents = COMMITTED, -row.cents
            table[INDIRECT, s, row.grant] -= row.indirect_cents
        else:
            what = RECEIVED
        table[what, s, row.grant] += cents
        course[month, what, row.grant] += cents
    for month in range(1, months):
        course[month] += course[month - 1]
    return table, course

"""One run's cases and people become their course by calendar month: passes over both."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, inlined
from ..layout import Outcome
from ..units import MISSING
from .run_passes import month_of

_SERVED = int(Outcome.SERVED)
Numbers = npt.NDArray[np.int64]

# Rows of both tables.
ARISEN, SERVED, QUEUED, WAITING = range(4)
NEEDY, REACHED, PRESENT = range(3)


@compiled
def cases_by_month(
    cases: Any, households: Any, service_slot: Numbers, class_slot: Numbers, host_slot: int, location_slot: Numbers,
    slots: int, ends: Numbers, month_of_day: Numbers,
) -> Numbers:  # fmt: skip
    """Shape (months, 4, slots): by each month's end cases arisen, served and waiting, and seconds queued in the month.

    Slot 0 is the caseload without hosts, who count in their own slot and their services' only.
    """
    months = ends.shape[0]
    # Each case is added to two cells, and the cells to the slots they belong to: fewer additions than slot by slot.
    who = np.zeros((1 + service_slot.max(), class_slot.shape[0], 2, months + 1, 4), np.int64)
    where = np.zeros((location_slot.shape[0], months + 1, 4), np.int64)
    for c in range(cases.shape[0]):
        case = cases[c]
        hosts = households[case.household].population
        _count_case(who[service_slot[case.service], case.priority_class, hosts], case, ends, month_of_day)
        if not hosts and location_slot[case.location] >= 0:
            _count_case(where[case.location], case, ends, month_of_day)
    table = np.zeros((slots, months + 1, 4), np.int64)
    for service in range(who.shape[0]):
        for group in range(who.shape[1]):
            for hosts in range(2):
                cell = who[service, group, hosts]
                table[service] += cell
                table[host_slot if hosts else 0] += cell
                if not hosts and class_slot[group] >= 0:
                    table[class_slot[group]] += cell
    for location in range(where.shape[0]):
        if location_slot[location] >= 0:
            table[location_slot[location]] += where[location]
    for month in range(1, months):
        # Who waited at the month's beginning queued all of it, but for what ended in it (counted above, below zero).
        table[:, month, QUEUED] += (ends[month] - ends[month - 1]) * table[:, month - 1, WAITING]
        for row in (ARISEN, SERVED, WAITING):
            table[:, month, row] += table[:, month - 1, row]
    return table[:, :months].transpose(1, 2, 0).copy()


@inlined
def _count_case(cell: Numbers, case: Any, ends: Numbers, month_of_day: Numbers) -> None:
    """Add one case's changes, to be summed up over months."""
    cell[month_of(case.arose, month_of_day), ARISEN] += 1
    if case.outcome == _SERVED:
        cell[month_of(case.ended, month_of_day), SERVED] += 1
    if case.opened == MISSING:
        return
    month = month_of(case.opened, month_of_day)
    cell[month, WAITING] += 1
    cell[month, QUEUED] += ends[month] - case.opened
    until = case.started if case.started != MISSING else case.ended
    if until != MISSING and until < ends[-1]:
        month = month_of(until, month_of_day)
        cell[month, WAITING] -= 1
        cell[month, QUEUED] -= ends[month] - until


@compiled
def people_by_month(
    cases: Any, households: Any, member_class: npt.NDArray[np.int16], service_slot: Numbers, class_slot: Numbers,
    host_slot: int, location_slot: Numbers, slots: int, months: int, month_of_day: Numbers,
) -> tuple[Numbers, Numbers]:  # fmt: skip
    """Shape (months, 3, slots): by each month's end people in need so far and reached so far, each once in a slot, and
    people present, but hosts. And shape (service slots + 1, populations, locations): people reached in all, each once.

    A household's case serves all its members.
    """
    table = np.zeros((slots, months + 2, 3), np.int64)
    there = np.zeros((1 + service_slot.max(), 2, location_slot.shape[0]), np.int64)
    # Hosts are a class of their own here, the last, and a place.
    who = np.zeros((class_slot.shape[0] + 1, months + 2, 3), np.int64)
    where = np.zeros((location_slot.shape[0] + 1, months + 2, 3), np.int64)
    largest = 1
    for h in range(households.shape[0]):
        largest = max(largest, households[h].size)
    # The month since when each member has been in need of a service, and reached by it; in row 0: of any. After all
    # months of the horizon: one more for what comes at its end, and one for never.
    needy = np.full((1 + service_slot.max(), largest), months + 1, np.int64)
    reached = np.full((1 + service_slot.max(), largest), months + 1, np.int64)
    for h in range(households.shape[0]):
        home = households[h]
        hosts = home.population == 1
        for c in range(home.first_case, home.first_case + home.cases):
            _note_case(needy, reached, cases[c], service_slot[cases[c].service], home.size, month_of_day)
        came = month_of(home.arrived, month_of_day)
        went = months if home.left == MISSING else month_of(home.left, month_of_day)
        place = where.shape[0] - 1 if hosts else home.location
        where[place, came, PRESENT] += home.size
        where[place, went, PRESENT] -= home.size
        for m in range(home.size):
            group = who.shape[0] - 1 if hosts else member_class[home.first_member + m]
            who[group, came, PRESENT] += 1
            who[group, went, PRESENT] -= 1
            who[group, needy[0, m], NEEDY] += 1
            who[group, reached[0, m], REACHED] += 1
            where[place, needy[0, m], NEEDY] += 1
            where[place, reached[0, m], REACHED] += 1
            needy[0, m] = reached[0, m] = months + 1
        for c in range(home.first_case, home.first_case + home.cases):
            slot = service_slot[cases[c].service]
            first, last = _members(cases[c], home.size)
            for m in range(first, last):
                table[slot, needy[slot, m], NEEDY] += 1
                table[slot, reached[slot, m], REACHED] += 1
                there[slot, home.population, home.location] += reached[slot, m] <= months
                needy[slot, m] = reached[slot, m] = months + 1  # so that the next case of theirs counts nothing
    if host_slot >= 0:
        table[host_slot, :, :PRESENT] = who[-1, :, :PRESENT]
    for group in range(class_slot.shape[0]):
        table[0] += who[group]
        if class_slot[group] >= 0:
            table[class_slot[group]] += who[group]
    for location in range(location_slot.shape[0]):
        if location_slot[location] >= 0:
            table[location_slot[location]] += where[location]
    for month in range(1, months):
        table[:, month] += table[:, month - 1]
    return table[:, :months].transpose(1, 2, 0).copy(), there


@inlined
def _members(case: Any, size: int) -> tuple[int, int]:
    """The first member whom a case is for, and the last + 1: of a household's, all."""
    return (0, size) if case.member == MISSING else (case.member, case.member + 1)


@inlined
def _note_case(
    needy: Numbers, reached: Numbers, case: Any, slot: int, size: int, month_of_day: Numbers
) -> None:
    """The months since when a case's people have been in need, and reached, if earlier than by their other cases."""
    first, last = _members(case, size)
    since = month_of(case.arose, month_of_day)
    for m in range(first, last):
        needy[slot, m] = min(needy[slot, m], since)
        needy[0, m] = min(needy[0, m], since)
    if case.outcome == _SERVED:
        until = month_of(case.ended, month_of_day)
        for m in range(first, last):
            reached[slot, m] = min(reached[slot, m], until)
            reached[0, m] = min(reached[0, m], until)

"""Laws of people and cases that hold in every run: the number of the first that is broken (see audit.BROKEN), or 0."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...compiled import compiled, inlined
from ...layout import CASEWORK, CONVOY, DURATION, GOODS, SESSIONS, TRIP_KEY
from ...units import MISSING
from ..state import State
from ..world.durations import draw_seconds
from ..world.streams import OTHER
from .audit import check_charges, check_parts, check_postings
from .cases import NOT_OPENED, SERVED
from .queues import WAITING
from .teams import IN_SERVICE

Seconds = npt.NDArray[np.int64]


@compiled
def check_everything(state: State, closed_from: Seconds, closed_until: Seconds, closures: Seconds) -> int:
    """Every law, at the end of a run.

    ``closures[place]``, ``closures[place + 1]``: first and last + 1 of the rows of ``closed_from`` and ``closed_until``
    in which a place was closed, in order of time, none meeting the next.
    """
    broken = check_cases(state, closed_from, closed_until, closures)
    if broken == 0:
        broken = check_groups(state)
    if broken == 0:
        broken = check_postings(state)
    if broken == 0:
        broken = check_charges(state)
    if broken == 0:
        broken = check_parts(state)
    if broken == 0:
        broken = check_people(state)
    return broken


@compiled
def check_cases(state: State, closed_from: Seconds, closed_until: Seconds, closures: Seconds) -> int:
    """The laws of cases, one by one; and as many in each state as the counters say."""
    services = state.services.shape[0]
    waiting, in_service = np.zeros(services, np.int64), np.zeros(services, np.int64)
    standing, issued = np.zeros(services, np.int64), np.zeros(services, np.int64)
    for c in range(state.clock[0].cases):
        case = state.cases[c]
        broken = _law_of_times(state, c)
        if broken == 0 and case.started != MISSING:
            issued[case.service] += 1
            broken = _law_of_starts(state, c)
            first, last = closures[case.location], closures[case.location + 1]
            if first < last:
                begun = first + np.searchsorted(closed_from[first:last], case.started, "right") - 1
                if begun >= first and case.started < closed_until[begun]:
                    return 18
        if broken != 0:
            return broken
        waiting[case.service] += case.outcome == WAITING
        if case.outcome == IN_SERVICE:
            in_service[case.service] += 1
            standing[case.service] += state.work[c].pool == MISSING
    for s in range(services):
        service = state.services[s]
        if waiting[s] != service.waiting or in_service[s] != service.in_service:
            return 6
        if service.kind == CASEWORK and standing[s] != service.standing:
            return 6
        if service.kind == GOODS and issued[s] != service.issued:
            return 4
    return 0


@inlined
def _law_of_times(state: State, c: int) -> int:
    """A case arises, opens, starts and is served, in this order, and not before what must be served first."""
    case = state.cases[c]
    if case.opened == MISSING:
        return 5 if case.started != MISSING else 0
    if case.opened < case.arose or case.outcome == NOT_OPENED:
        return 5
    if case.started == MISSING and case.outcome == SERVED:
        return 5
    if case.started != MISSING and (case.started < case.opened or (case.outcome == SERVED and case.ended <= case.started)):
        return 5
    first = state.services[case.service].after != MISSING
    return 17 if first and not _what_comes_first_was_served(state, c) else 0


@inlined
def _law_of_starts(state: State, c: int) -> int:
    """Who starts is there, has a team, pays the price, and is served after the time that it takes."""
    case, work = state.cases[c], state.work[c]
    home, kind = state.households[case.household], state.services[case.service].kind
    if home.left != MISSING and case.started >= home.left:
        return 19
    if kind != CASEWORK and kind != GOODS:
        return 0  # see check_groups
    if case.cents - case.indirect_cents != work.price or (work.price > 0 and case.grant == MISSING):
        return 14
    if case.outcome == SERVED:
        lasted = case.ended - case.started
        return 15 if lasted < work.duration or (lasted > work.duration and work.remaining == 0) else 0
    return 3 if kind == CASEWORK and work.pool != MISSING and state.pools[work.pool].over else 0


@inlined
def _what_comes_first_was_served(state: State, c: int) -> bool:
    """Whether what must be served before a case had been when it opened, of what had been needed by then."""
    case = state.cases[c]
    home = state.households[case.household]
    first, needed = state.services[case.service].after, False
    for other in range(home.first_case, home.first_case + home.cases):
        before = state.cases[other]
        if before.service != first or before.arose > case.opened:
            continue
        if before.member == case.member or before.member == MISSING or case.member == MISSING:
            if before.outcome == SERVED and before.ended <= case.opened:
                return True
            needed = True
    return not needed


@compiled
def check_groups(state: State) -> int:
    """Who started together: no more people than seats, each charged a part of what all cost, and served together."""
    if state.groups.shape[0] == 0:
        return 0
    first = np.zeros(state.services.shape[0] + 1, np.int64)
    for s in range(state.services.shape[0]):
        first[s + 1] = first[s] + state.services[s].groups
    people, prices, cents = np.zeros((3, first[-1]), np.int64)
    lasted = np.full(first[-1], MISSING, np.int64)
    for c in range(state.clock[0].cases):
        case = state.cases[c]
        if case.group == MISSING:
            continue
        group = first[case.service] + case.group
        people[group] += case.people
        prices[group] += state.work[c].price
        cents[group] += case.cents
        if case.outcome == SERVED:
            if lasted[group] != MISSING and lasted[group] != case.ended - case.started:
                return 15
            lasted[group] = case.ended - case.started
    for at in range(state.clock[0].groups):
        row = state.groups[at]
        group, service = first[row.service] + row.number, state.services[row.service]
        if people[group] == 0:
            continue  # it was stopped
        most = service.seats if service.kind == CONVOY else service.group_size
        if most != MISSING and people[group] > most:
            return 16
        direct = prices[group] + (service.departure_price if service.kind == CONVOY else 0)
        if row.direct != direct or cents[group] != direct + row.indirect or (direct > 0 and row.grant == MISSING):
            return 14
        if lasted[group] == MISSING:
            continue
        if service.kind == SESSIONS and lasted[group] < service.mean_seconds:
            return 15  # it lasts longer where counsellors are not free
        if service.kind == CONVOY:
            law = state.laws[row.service, DURATION]
            trip = draw_seconds(law, state.law_values, state.keys[row.service, TRIP_KEY], row.number, 0, 0, OTHER)
            if lasted[group] != trip:
                return 15
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

"""Households and cases of a run, one by one: who is there, who is found, who waits, who is served before whom."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate

from reliefsim.layout import Outcome, Reason
from reliefsim.records import Run
from reliefsim.units import MISSING

from .facts import FOR_EVER, Row, closures, in_cents, rows, second, service_of, was_stopped

STARTED = {Outcome.IN_SERVICE, Outcome.SERVED}


def check_households(run: Run) -> None:
    """The people at the start are exact; initial + arrived = present + left; a household has its highest class."""
    homes = rows(run.households)
    caseload = run.scenario.caseload
    guests = [home for home in homes if home.population == 0]
    assert int(caseload.people.value) in {0, *accumulate(home.size for home in guests)}
    at_start = int(caseload.people.value)
    arrived = sum(home.size for home in guests) - at_start
    here = sum(home.size for home in guests if home.left == MISSING)
    left = sum(home.size for home in guests if home.left != MISSING)
    assert at_start + arrived == here + left
    assert arrived >= 0
    priority = [run.scenario.classes[name].priority if run.scenario.classes else 1 for name in run.names.classes]
    first = 0
    for home in sorted(homes, key=lambda home: home.first_member):
        assert home.first_member == first
        assert home.size >= 1
        members = run.member_class[first : first + home.size].tolist()
        assert home.priority_class in members
        assert priority[home.priority_class] == min(priority[one] for one in members)
        first += home.size
        assert 0 <= home.arrived < run.horizon
        assert home.left == MISSING or home.arrived < home.left < run.horizon
        assert home.population == 0 or (home.left == MISSING and home.arrived == 0 and home.registered == MISSING)
    assert first == len(run.member_class)


def check_rounds(run: Run) -> None:
    """Rounds are held when they are due; each found who was registered in its second and there; found means paid."""
    dtm = run.scenario.dtm
    due = _rounds_due(run)
    found: dict[int, int] = defaultdict(int)
    starts_unknown = run.scenario.caseload.registered_at_start_share.value == 0
    for home in rows(run.households):
        if home.registered > 0 or (home.registered == 0 and starts_unknown):
            found[home.registered] += 1
            assert home.arrived <= home.registered
            assert home.left == MISSING or home.registered < home.left
            if home.registered:
                places, _ = due.get(home.registered, ((), 0))
                assert run.names.locations[home.location] in places
    held = {row.time: row for row in rows(run.rounds) if row.held}
    counted = {time: row.found for time, row in held.items() if row.found and (time or starts_unknown)}
    assert counted == dict(found)
    assert [row.time for row in rows(run.rounds)] == sorted(due)
    paid: dict[int, int] = defaultdict(int)
    for row in rows(run.postings):
        if row.service == len(run.names.services) and row.reference == MISSING and row.debit == 3:
            paid[row.time] += row.cents - row.indirect_cents
    for time, row in held.items():
        assert dtm is not None
        assert paid.pop(time, 0) == due[time][1] + in_cents(dtm.household_cost_usd) * row.found
    assert not paid


def _rounds_due(run: Run) -> dict[int, tuple[tuple[str, ...], int]]:
    """The second of each round in the run, with its places and its cents."""
    dtm, everywhere = run.scenario.dtm, run.names.locations
    if dtm is None:
        return {}
    if dtm.first_day is not None:
        times = range(second(dtm.first_day, 0), run.horizon, second(dtm.every_days, FOR_EVER))
        return dict.fromkeys(times, (everywhere, in_cents(dtm.round_cost_usd)))
    stated = {second(one.day, 0): one for one in dtm.rounds if second(one.day, 0) < run.horizon}
    return {
        time: (one.locations or everywhere, in_cents(one.round_cost_usd or dtm.round_cost_usd))
        for time, one in stated.items()
    }


def check_states(run: Run) -> None:
    """Every case is in exactly one state, its times in order and within the run; only the unserved have a reason."""
    homes = rows(run.households)
    for case in rows(run.cases):
        home, outcome = homes[case.household], Outcome(case.outcome)
        assert 0 <= home.arrived <= case.arose < run.horizon
        has = tuple(time != MISSING for time in (case.opened, case.started, case.ended))
        assert (case.reason == Reason.NONE) is (outcome in STARTED)
        assert (case.reason in (Reason.NOT_FOUND, Reason.PREREQUISITE)) is (case.opened == MISSING)
        assert not has[0] or case.arose <= case.opened < run.horizon
        assert not case.wished or outcome == Outcome.SERVED
        assert case.people == (home.size if case.member == MISSING else 1)
        if outcome == Outcome.NOT_OPENED:
            assert has == (False, False, False)
        elif outcome == Outcome.WAITING:
            assert has == (True, False, False)
        elif outcome == Outcome.IN_SERVICE:
            assert has[:2] == (True, True)
            assert case.ended == MISSING or case.ended >= run.horizon or _is_group_overdue(run, case)
        elif outcome == Outcome.SERVED:
            assert case.opened <= case.started < case.ended < run.horizon
        elif outcome == Outcome.LEFT:
            assert case.started == MISSING
            assert case.ended == home.left or (was_stopped(run) and case.ended > home.left != MISSING)
        elif outcome == Outcome.GAVE_UP:
            _gave_up_in_time(run, case)
        else:
            assert (case.started, case.ended) == (MISSING, case.opened)
        if outcome in (Outcome.NOT_OPENED, Outcome.WAITING):
            assert home.left == MISSING
        if case.started != MISSING:
            assert case.opened <= case.started < run.horizon
            assert home.left == MISSING or case.started < home.left


def _is_group_overdue(run: Run, case: Row) -> bool:
    """A group keeps the end planned when it began, however its sessions are delayed."""
    service = service_of(run, case.service)
    if service.kind != "sessions":
        return False
    planned = (int(service.sessions.value) - 1) * second(service.every_days, 0)
    planned += int(3600 * service.session_hours.value)
    return bool(case.ended == case.started + planned)


def _gave_up_in_time(run: Run, case: Row) -> None:
    """These scenarios' patience is constant. Who was stopped after it was over gives up when stopped."""
    assert case.started == MISSING
    patience = second(service_of(run, case.service).patience.mean_days, 0)
    assert case.ended == case.opened + patience or (was_stopped(run) and case.ended > case.opened + patience)


def check_openings(run: Run) -> None:
    """No case opens before it is found and what comes first is served; nobody starts in a closed place."""
    homes, closed = rows(run.households), closures(run)
    by_home: dict[int, list[Row]] = defaultdict(list)
    for case in rows(run.cases):
        by_home[case.household].append(case)
    for case in (case for cases in by_home.values() for case in cases if case.opened != MISSING):
        service, home = service_of(run, case.service), homes[case.household]
        found = home.registered if home.registered != MISSING else FOR_EVER
        if service.intake == "outreach":
            found = min(found, case.arose + second(service.outreach_delay.mean_days, 0))
        assert service.intake == "on-arrival" or case.opened >= found
        if service.after is not None:
            _prerequisite_was_served(run, case, by_home[case.household])
        if case.started != MISSING:
            assert not any(begin <= case.started < end for begin, end in closed[case.location])


def _prerequisite_was_served(run: Run, case: Row, cases: list[Row]) -> None:
    first = run.names.services.index(service_of(run, case.service).after)
    whose = {MISSING, case.member}
    before = [
        one
        for one in cases
        if one.service == first and one.arose <= case.opened and (one.member in whose or case.member == MISSING)
    ]
    served = [one for one in before if one.outcome == Outcome.SERVED and one.ended <= case.opened]
    assert served or not before


def check_order(run: Run) -> None:
    """Nobody starts while one who stands before them (priority, opening, household, member) waits and could.

    Where what cannot be paid is skipped, or a window's end stopped cases, the facts alone do not tell.
    """
    if was_stopped(run):
        return
    priority = [run.scenario.classes[name].priority if run.scenario.classes else 1 for name in run.names.classes]
    closed = closures(run)
    for s in range(len(run.names.services)):
        service = service_of(run, s)
        if (service.unpaid or run.scenario.plan.unpaid) == "skip":
            continue
        waits = [
            ((priority[case.priority_class], case.opened, number), case.opened, _until(case), case)
            for number, case in enumerate(rows(run.cases))
            if case.service == s and case.opened != MISSING
        ]
        for key, _, _, case in waits:
            if case.started == MISSING:
                continue
            for other, opened, until, one in waits:
                if other < key and opened <= case.started < until:
                    assert any(begin <= case.started < end for begin, end in closed[one.location])


def _until(case: Row) -> int:
    """The second up to which a case waited, before that second's starts unless it started in it."""
    if case.started != MISSING:
        return int(case.started)
    return int(case.ended) if case.ended != MISSING else FOR_EVER


def check_waiting_limit(run: Run) -> None:
    """No more wait at the end of any second than may; one in which teams or plans change, after those who come, tells
    nothing."""
    if run.scenario.locations or was_stopped(run):
        return  # those passed over, and those stopped, wait beside the queue
    for s in range(len(run.names.services)):
        limit = service_of(run, s).waiting_limit
        if limit is None:
            continue
        cases = [case for case in rows(run.cases) if case.service == s and case.opened != MISSING]
        for time in {case.opened for case in cases} - {row.time for row in run.decisions if row.actor in ("team", "planner")}:
            waiting = sum(case.opened <= time < _until(case) for case in cases)
            assert waiting <= limit.value

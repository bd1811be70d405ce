"""Teams, goods and vehicles of a run, instant by instant: nothing is used that is not there."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction

import pytest

from reliefsim.records import MISSING, Outcome, Run
from reliefsim.study.indicators import Key, keys, measure

from .facts import DAY, FOR_EVER, Row, in_cents, rows, second, service_of, was_stopped


def check_teams(run: Run) -> None:
    """No team has more open cases, vehicles or sessions than it can; none takes on work while it is not there."""
    uses: dict[int, list[tuple[int, int, int]]] = defaultdict(list)  # by team: from, until, how much
    for begin, end, how_much, case in _uses(run):
        uses[case.team].append((begin, end, how_much))
        assert _is_there(run, case)
    for team, intervals in uses.items():
        changes = [(begin, 1, used) for begin, _, used in intervals]
        changes += [(end, 0, -used) for _, end, used in intervals]
        busy = 0
        for _, _, change in sorted(changes):  # in one second, what ends before what begins
            busy += change
            assert busy <= _capacity(run, team)


def _uses(run: Run) -> list[tuple[int, int, int, Row]]:
    """From when until when each case, or the first of each group, holds how much of its team."""
    found, seen = [], set()
    for case in rows(run.cases):
        if case.started == MISSING:
            continue
        service = service_of(run, case.service)
        end = case.ended if case.ended != MISSING else FOR_EVER
        if service.kind in ("convoy", "sessions"):
            if (case.service, case.group) in seen:
                continue
            seen.add((case.service, case.group))
        if service.kind == "sessions":
            long = int(float(service.session_hours.value) * 3600)
            each = int(service.counsellors_per_session.value)
            found.append((case.started, case.started + long, each, case))
            if case.outcome == Outcome.SERVED and service.sessions.value > 1:
                found.append((end - long, end, each, case))
        else:
            found.append((case.started, end, 1, case))
    return found


def _capacity(run: Run, team: int) -> int:
    name = run.names.teams[team]
    stated = run.scenario.teams.get(name)
    service = run.scenario.services[(stated.service or "") if stated else name]
    each = int(service.cases_per_worker.value) if service.kind == "casework" else 1
    if stated:
        return int(stated.count.value) * each
    workers = service.workers
    return FOR_EVER if workers is None or isinstance(workers, str) else int(workers.value) * each


def _is_there(run: Run, case: Row) -> bool:
    """Whether a paid team was at work, and paid for, in the second in which a case started."""
    name = run.names.teams[case.team]
    stated = run.scenario.teams.get(name)
    if stated is None:
        return True
    told = [row for row in run.decisions if (row.actor, row.subject) == ("team", name) and row.time <= case.started]
    number = sorted(run.scenario.teams).index(name)
    paid = in_cents(stated.cost_usd_per_30_days) == 0 or any(
        row.reference == number and row.service == len(run.names.services) and row.time > case.started - 30 * DAY
        for row in rows(run.postings)
        if row.time <= case.started
    )
    in_time = second(stated.from_day, 0) <= case.started < second(stated.until_day, FOR_EVER)
    return bool(told and told[-1].action == "works" and paid and in_time)


def check_utilisation(run: Run) -> None:
    """The indicator is the teams' time taken of their time at work, worked out team by team; never more than one."""
    values = dict(zip(keys(run.scenario), measure(run).values, strict=True))
    for s, name in enumerate(run.names.services):
        service = service_of(run, s)
        busy, there = 0, 0
        for team, of in enumerate(run.names.teams):
            stated = run.scenario.teams.get(of)
            if (stated.service if stated else of) != name:
                continue
            each = 1 if service.kind != "sessions" else service.groups_per_counsellor
            places = FOR_EVER if each is None else _capacity(run, team) * int(getattr(each, "value", each))
            for begin, end in _at_work(run, of):
                there += (end - begin) * places
                busy += sum(max(0, min(end, until) - max(begin, start)) for start, until in _open(run, s, team))
        found = values[Key("team_utilisation", service=service.counts_as or name, unit="share")]
        if there == 0 or there >= FOR_EVER:
            assert math.isnan(found)
        elif service.counts_as is None and all(one.counts_as != name for one in run.scenario.services.values()):
            assert found == pytest.approx(busy / there, rel=1e-12)
            assert found <= 1


def _open(run: Run, s: int, team: int) -> list[tuple[int, int]]:
    """From when until when each case, or group as a whole, of a team was open."""
    found = {}
    for number, case in enumerate(rows(run.cases)):
        if (case.service, case.team) == (s, team) and case.started != MISSING:
            end = case.ended if case.outcome == Outcome.SERVED else run.horizon
            found[number if case.group == MISSING else -1 - case.group] = (case.started, min(end, run.horizon))
    return list(found.values())


def _at_work(run: Run, team: str) -> list[tuple[int, int]]:
    """When a team was at work, as the log of decisions tells it."""
    if team not in run.scenario.teams:
        return [(0, run.horizon)]
    found, since = [], MISSING
    for row in run.decisions:
        if (row.actor, row.subject) == ("team", team):
            if row.action == "works" and since == MISSING:
                since = row.time
            elif row.action != "works" and since != MISSING:
                found.append((since, row.time))
                since = MISSING
    return found if since == MISSING else [*found, (since, run.horizon)]


def check_goods(run: Run) -> None:
    """Nothing is handed out that is not on the shelf; on hand + on the way + issued + lost are initial + ordered."""
    for s in range(len(run.names.services)):
        service = service_of(run, s)
        if service.kind != "goods":
            continue
        orders = [row for row in rows(run.orders) if row.service == s]
        came = sorted((row.arrived, row.quantity - row.lost) for row in orders if row.arrived != MISSING)
        issued = sorted(case.started for case in rows(run.cases) if case.service == s and case.started != MISSING)
        for number, time in enumerate(issued, start=1):
            there = int(service.stock.initial.value) + sum(quantity for second, quantity in came if second <= time)
            assert number <= there
        _check_orders(run, s, orders)


def _check_orders(run: Run, s: int, orders: list[Row]) -> None:
    stock = service_of(run, s).stock
    delivered = lost = 0
    share = Fraction(str(stock.loss_share.value))
    for row in sorted((row for row in orders if row.arrived != MISSING), key=lambda row: row.arrived):
        assert row.cancelled == MISSING
        assert row.ordered < row.arrived < run.horizon
        delivered += row.quantity
        lost += row.lost
    # Of deliveries of one second the facts do not tell the first: the sum is exact.
    assert lost == int(share * delivered)
    for row in orders:
        if stock.policy == "rQ" and not stock.order_partly:
            assert row.quantity == stock.order_quantity.value
        most = stock.order_quantity if stock.policy == "rQ" else stock.order_up_to
        assert 0 < row.quantity <= most.value + len(run.cases)
        assert row.cents >= row.quantity * in_cents(stock.item_cost_usd)
        assert (row.grant == MISSING) is (in_cents(stock.item_cost_usd) == 0)


def check_groups(run: Run) -> None:
    """Convoys carry no more than they seat; groups have their size; smaller ones left for a reason."""
    for s in range(len(run.names.services)):
        service = service_of(run, s)
        if service.kind not in ("convoy", "sessions"):
            continue
        groups: dict[int, list[Row]] = defaultdict(list)
        for case in rows(run.cases):
            if case.service == s and case.group != MISSING:
                groups[case.group].append(case)
        departures = {row.number: row for row in rows(run.departures) if row.service == s}
        for number, cases in groups.items():
            assert len({(one.started, one.grant, one.team) for one in cases}) == 1
            people = sum(one.people for one in cases)
            most = service.seats if service.kind == "convoy" else service.group_size
            assert people <= most.value
            if service.kind == "convoy":
                assert (departures[number].time, departures[number].seats) == (cases[0].started, people)
                assert departures[number].cents == sum(one.cents for one in cases)
            elif people < most.value and not was_stopped(run):
                longest = second(service.longest_wait_days, FOR_EVER)
                waits = [case for case in rows(run.cases) if case.service == s and case.opened != MISSING]
                assert any(one.opened + longest <= cases[0].started for one in waits)

"""Teams, goods and vehicles of a run, instant by instant: nothing is used that is not there."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from fractions import Fraction

import pytest

from reliefsim.indicators.measure import Key, keys, measure
from reliefsim.layout import Outcome
from reliefsim.records import Run
from reliefsim.units import MISSING

from .facts import DAY, FOR_EVER, Row, in_cents, rows, second, service_of, was_stopped


def check_teams(run: Run) -> None:
    """No team has more open cases, vehicles or sessions than it can; none takes on work while it is not there, or more
    than those who are there that day can."""
    changes: dict[int, list[tuple[int, int, int, bool]]] = defaultdict(list)  # by team: second, turn, how much, is new
    for team, begin, end, used, is_new in _uses(run):
        assert _is_there(run, team, begin)
        changes[team] += [(begin, 2, used, is_new), (end, 0, -used, False)]
    for team, mine in changes.items():
        kind = service_of(run, _service_number(run, team)).kind
        mine += [(second, 1, 0, False) for second, _ in workforce(run, team)]
        busy = 0
        for now, turn, change, is_new in sorted(mine):  # in one second: what ends, the count, what begins
            busy += change
            if turn == 2 or (kind == "casework" and not _changes_now(mine, now, turn)):
                # Convoys, hand-outs and sessions under way are finished by workers who leave.
                assert busy <= _capacity(run, team, now)
            if is_new:
                assert busy <= _capacity(run, team, now, there=True)
        assert busy == 0


def check_handovers(run: Run) -> None:
    """While an open case of casework stands without a team, every team at work is full; none is with a team that ended."""
    for s in range(len(run.names.services)):
        if service_of(run, s).kind != "casework":
            continue
        gaps = [gap for number, case in enumerate(rows(run.cases)) if case.service == s for gap in _standing(run, number, case)]
        for team, name in enumerate(run.names.teams):
            if _service_number(run, team) != s:
                continue
            mine = _open(run, s, team)
            ends = [row.time for row in run.decisions if (row.action, row.subject) == ("team ends", name)]
            assert all(end <= min(ends, default=FOR_EVER) for _, end in mine)
            at_work = _at_work(run, name)
            for begin, end in gaps:
                cuts = {begin, *(time for span in (*mine, *at_work) for time in span), *(t for t, _ in workforce(run, team))}
                for now in (cut for cut in cuts if begin <= cut < end):
                    if any(since <= now < until for since, until in at_work):
                        assert sum(since <= now < until for since, until in mine) == _capacity(run, team, now)


def _standing(run: Run, number: int, case: Row) -> list[tuple[int, int]]:
    """From when until when an open case had no team."""
    if case.started == MISSING:
        return []
    with_team = stays(run, number, case)
    last = case.ended if case.outcome == Outcome.SERVED else run.horizon
    cuts = [case.started, *(time for _, begin, end in with_team for time in (begin, min(end, run.horizon))), last]
    return [(begin, end) for begin, end in zip(cuts[::2], cuts[1::2], strict=True) if begin < end]


def _changes_now(mine: list[tuple[int, int, int, bool]], now: int, turn: int) -> bool:
    """Whether a team's count is still to change in this second."""
    return turn == 0 and any(one[:2] == (now, 1) for one in mine)


def stays(run: Run, number: int, case: Row) -> list[tuple[int, int, int]]:
    """Which team had an open case from when until when, one after the other."""
    found, team, since = [], case.team, case.started
    for row in rows(run.handovers[run.handovers["case"] == number]):
        if row.time > case.started:
            found.append((team, since, row.time))
            team, since = row.team, row.time
    last = case.ended if case.ended != MISSING else FOR_EVER
    return [stay for stay in [*found, (team, since, last)] if stay[0] != MISSING and stay[1] < stay[2]]


def _uses(run: Run) -> list[tuple[int, int, int, int, bool]]:
    """Which team each case, or the first of each group, holds how much of from when until when; and whether it is new."""
    found, seen = [], set()
    for number, case in enumerate(rows(run.cases)):
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
            found.append((case.team, case.started, case.started + long, each, True))
            if case.outcome == Outcome.SERVED and service.sessions.value > 1:
                found.append((stays(run, number, case)[-1][0], end - long, end, each, True))
        elif service.kind == "casework":
            found += [(team, begin, over, 1, begin == case.started) for team, begin, over in stays(run, number, case)]
        else:
            found.append((case.team, case.started, end, 1, True))
    return found


def _service_number(run: Run, team: int) -> int:
    stated = run.scenario.teams.get(run.names.teams[team])
    return run.names.services.index((stated.service or "") if stated else run.names.teams[team])


def workforce(run: Run, team: int) -> list[tuple[int, int]]:
    """From which second on a team, while it has not ended, has how many workers."""
    stated = run.scenario.teams.get(run.names.teams[team])
    if stated is None:
        workers = service_of(run, _service_number(run, team)).workers
        return [(0, FOR_EVER if workers is None or isinstance(workers, str) else int(workers.value))]
    if isinstance(stated.count, tuple):
        return [(second(one.from_day, 0), int(one.count.value)) for one in stated.count]
    return [(0, int(stated.count.value))]


WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def is_worked(run: Run, team: int, day: int) -> bool:
    """Whether a day since the start is none of a team's days off."""
    service, stated = service_of(run, _service_number(run, team)), run.scenario.teams.get(run.names.teams[team])
    works = stated.works if stated and stated.works is not None else service.works
    holidays = stated.holidays if stated and stated.holidays is not None else service.holidays
    date = run.scenario.start_date + datetime.timedelta(days=day)
    if isinstance(works, str):
        first, last = works.split("-")
        span = (WEEK * 2)[WEEK.index(first) :]
        works = span[: span.index(last) + 1]
    return (works is None or WEEK[date.weekday()] in works) and date not in (holidays or ())


def _capacity(run: Run, team: int, now: int, there: bool = False) -> int:
    """Places of a team in a second; ``there``: of those of its workers who are there that day."""
    stated = run.scenario.teams.get(run.names.teams[team])
    service = service_of(run, _service_number(run, team))
    workers = [count for since, count in workforce(run, team) if since <= now][-1]
    if there and not is_worked(run, team, now // DAY):
        return 0
    if there and stated:
        first = second(stated.from_day, 0) // DAY
        before = sum(is_worked(run, team, day) for day in range(first, now // DAY))
        part = workers * (1 - Fraction(str(stated.absence_share.value)))
        workers = math.floor((before + 1) * part) - math.floor(before * part)
    return workers * (int(service.cases_per_worker.value) if service.kind == "casework" else 1)


def _is_there(run: Run, team: int, now: int) -> bool:
    """Whether a paid team was at work, and paid for, in the second in which it took something on."""
    name = run.names.teams[team]
    stated = run.scenario.teams.get(name)
    if stated is None:
        return True
    told = [
        row
        for row in run.decisions
        if (row.actor, row.subject) == ("team", name) and row.time <= now and row.action != "changes its count"
    ]
    number = sorted(run.scenario.teams).index(name)
    paid = in_cents(stated.cost_usd_per_30_days) == 0 or any(
        row.reference == number and row.service == len(run.names.services) and row.time > now - 30 * DAY
        for row in rows(run.postings)
        if row.time <= now
    )
    in_time = second(stated.from_day, 0) <= now < second(stated.until_day, FOR_EVER)
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
            open_spans = _open(run, s, team)
            for begin, end in _working(run, team):
                places = FOR_EVER if each is None else _capacity(run, team, begin) * int(getattr(each, "value", each))
                there += (end - begin) * places
                busy += sum(max(0, min(end, until) - max(begin, start)) for start, until in open_spans) if places else 0
        found = values[Key("team_utilisation", service=service.counts_as or name, unit="share")]
        if there == 0 or there >= FOR_EVER:
            assert math.isnan(found)
        elif service.counts_as is None and all(one.counts_as != name for one in run.scenario.services.values()):
            assert found == pytest.approx(min(1, busy / there), rel=1e-12)
            assert found <= 1


def _open(run: Run, s: int, team: int) -> list[tuple[int, int]]:
    """From when until when a team had each case, or group as a whole, open."""
    found = {}
    for number, case in enumerate(rows(run.cases)):
        if case.service == s and case.started != MISSING:
            found[number if case.group == MISSING else -1 - case.group] = [
                (begin, min(end, run.horizon)) for whose, begin, end in stays(run, number, case) if whose == team
            ]
    return [span for spans in found.values() for span in spans]


def _working(run: Run, team: int) -> list[tuple[int, int]]:
    """When a team was at work, without its days off, in spans in which its count is the same."""
    found = []
    for begin, end in _at_work(run, run.names.teams[team]):
        midnights = range(-(-begin // DAY) * DAY, end, DAY)
        cuts = sorted({begin, *midnights, *(time for time, _ in workforce(run, team) if begin < time < end)})
        spans = zip(cuts, [*cuts[1:], end], strict=True)
        found += [(since, until) for since, until in spans if is_worked(run, team, since // DAY)]
    return found


def _at_work(run: Run, team: str) -> list[tuple[int, int]]:
    """When a team was at work, as the log of decisions tells it."""
    if team not in run.scenario.teams:
        return [(0, run.horizon)]
    found, since = [], MISSING
    for row in run.decisions:
        if (row.actor, row.subject) == ("team", team):
            if row.action == "changes its count":
                continue
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
        is_cut = row.grant != MISSING and run.scenario.money == "grants"  # to the need that is known or foreseen
        if stock.policy == "rQ" and not stock.order_partly:
            assert row.quantity == stock.order_quantity.value or (is_cut and row.quantity < stock.order_quantity.value)
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
            people, most = sum(one.people for one in cases), service.seats if service.kind == "convoy" else service.group_size
            assert people <= most.value
            if service.kind == "convoy":
                assert (departures[number].time, departures[number].seats) == (cases[0].started, people)
                assert departures[number].cents == sum(one.cents for one in cases)
            elif people < most.value and not was_stopped(run):
                longest = second(service.longest_wait_days, FOR_EVER)
                waits = [case for case in rows(run.cases) if case.service == s and case.opened != MISSING]
                assert any(one.opened + longest <= cases[0].started for one in waits)

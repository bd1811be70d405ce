"""The actors: each a generator process on the one calendar, a story of what it waits for and what it does."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator
from typing import TYPE_CHECKING

import simpy

from ...scenario.schema_services import Convoy
from ...units import MISSING, cents, moment
from ..compile.capacity import Places, TeamLine
from ..compile.closures import closed_from_until
from ..compile.dtm_rounds import known_people, take_count
from ..world.durations import standard_normal
from ..world.streams import uniforms
from .calendar import ACCESS, ARRIVING, DAY_BEGINS, GOODS_IN, PAYING, PLANNING, STARTING

if TYPE_CHECKING:
    from ...scenario.schema import Closure
    from ..compile.dtm_rounds import PlannedRound
    from ..simulate import Operation

Story = Generator[simpy.Event, None, None]


def planner(op: Operation) -> Story:
    """Whenever something calls for it, divide the uncommitted money again."""
    while True:
        yield op.plan_call
        op.divide_money()


def planner_dates(op: Operation) -> Story:
    """The dates at which the plan says it will be made again."""
    start = op.plan.scenario.start_date
    for day in sorted(moment(day, start, 0) for day in op.plan.scenario.plan.replan_days):
        if op.calendar.now <= day < op.plan.horizon:
            yield op.calendar.at(day, PLANNING - 1)
            op.want_plan("date")


def dtm(op: Operation) -> Story:
    """Round after round: find households, count people, tell the planner; a round that cannot be paid is skipped."""
    stated = op.plan.scenario.dtm
    assert stated is not None
    for number, one in enumerate(op.planned_rounds):
        if one.time >= op.plan.horizon:
            return
        yield op.calendar.at(one.time, ARRIVING)
        found = op.delivery.hold_round(one.cents, cents(stated.household_cost_usd), one.covers)
        op.rounds_held += 1
        name = f"round {number + 1}" + (f": {one.where}" if one.where else "")
        if found == MISSING:
            op.rounds.append((one.time, 0, MISSING, MISSING))
            op.note("dtm", "round skipped for want of money", name)
            continue
        counted = _count_people(op, number, one, float(stated.count_cv.value))
        op.rounds.append((one.time, 1, found, counted))
        op.note("dtm", "round held", name, quantity=found)
        op.want_plan("dtm round")


def _count_people(op: Operation, number: int, one: PlannedRound, cv: float) -> int:
    """A round's count of the people in its places, with a lognormal error of mean one and the stated variation."""
    there: list[int] = op.delivery.people_present().tolist()
    count = sum(people for people, covered in zip(there, one.covers, strict=True) if covered)
    if cv > 0:
        u, v = uniforms(op.seed, op.replication, f"count:{number}", 2)
        sigma = math.sqrt(math.log1p(cv**2))
        count = round(count * math.exp(sigma * standard_normal(u, v) - sigma**2 / 2))
    take_count(op.counts, count, one.covers, there)
    op.counted = known_people(op.counts, op.planning.people_by_place)
    return count


def team(op: Operation, number: int, line: TeamLine) -> Story:
    """A team works from its start while each 30 days, or less to a change of its pay, are paid; unpaid, it stands still."""
    yield op.calendar.at(line.begins, PAYING)
    if line.begins < line.paid_until:
        op.works(line)  # paid for before the run
        if line.paid_until >= op.plan.horizon:
            return
        yield op.calendar.at(line.paid_until, PAYING)
    is_at_work = line.begins < line.paid_until
    while (now := int(op.calendar.now)) < line.ends:
        price, paid_until = line.due(now)
        while price > 0 and op.delivery.pay_running(price, number) == MISSING:
            op.stand_still(line, "team stands still for want of money")
            is_at_work = False
            yield op.new_plan
            now = int(op.calendar.now)
            if now >= line.ends:
                return
            price, paid_until = line.due(now)
        if not is_at_work:
            op.works(line)
            is_at_work = True
        op.paid_until[line.name] = paid_until
        if paid_until >= op.plan.horizon:
            return
        yield op.calendar.at(paid_until, PAYING)


def term(op: Operation, line: TeamLine) -> Story:
    """A team's term ends, paid or not; its open cases go to teams that work on, or stop where none is left or to come."""
    yield op.calendar.at(line.ends, PAYING)
    op.note("team", "team ends", line.name)
    if line.pool == MISSING:
        return
    was_at_work = op.delivery.pools["active"][line.pool]
    stopped = op.delivery.team_ends(line.pool)
    if was_at_work:
        op.note_capacity([line.pool])
    if stopped:
        service = op.plan.names.services[int(op.delivery.pools["service"][line.pool])]
        op.note("team", "no team is left; cases stopped", service, quantity=stopped)


def roster(op: Operation, pool: int, changes: tuple[Places, ...]) -> Story:
    """The seconds at which a team has other places: more or fewer workers, days off, days on which some are absent.

    A day begins before anybody comes in its first second; a count changes when teams are paid.
    """
    for before, places in itertools.pairwise(changes):
        is_same = places.workers == before.workers
        yield op.calendar.at(places.time, DAY_BEGINS if is_same else PAYING)
        op.delivery.set_places(pool, places)
        if op.delivery.pools["active"][pool] and places.counted != before.counted:
            op.note_capacity([pool])
        if not is_same:
            op.note("team", "changes its count", op.plan.names.teams[pool], quantity=places.workers)


def convoys(op: Operation, s: int) -> Story:
    """Convoys of one service: each time one is due and can go, it leaves."""
    name = op.plan.names.services[s]
    while True:
        yield op.departure_call[s]
        seats = op.delivery.depart(s)
        op.note("convoy", "departs", name, quantity=seats)


def convoy_schedule(op: Operation, s: int) -> Story:
    """The days on which a convoy leaves if anybody waits."""
    every, stated = op.every_seconds(s), op.plan.service(op.plan.names.services[s])
    assert isinstance(stated, Convoy)
    time = max(0, moment(stated.first_day, op.plan.scenario.start_date, every))
    while time < op.plan.horizon:
        yield op.calendar.at(time, STARTING)
        op.delivery.call_convoy(s)
        time += every


def supply(op: Operation, s: int) -> Story:
    """Orders of one service's goods: each time stock runs low and money allows, one is placed."""
    name = op.plan.names.services[s]
    while True:
        yield op.order_call[s]
        order, lead = op.delivery.place_order(s)
        row = op.delivery.orders[order]
        op.note("supply", "orders", name, quantity=int(row["quantity"]), cents=int(row["cents"]))
        op.calendar.process(delivery_of_goods(op, s, order, lead))


def delivery_of_goods(op: Operation, s: int, order: int, lead: int) -> Story:
    """One order comes after its lead time, unless it was cancelled."""
    yield op.calendar.at(int(op.calendar.now) + lead, GOODS_IN)
    if op.delivery.goods_come(order):
        row = op.delivery.orders[order]
        op.note("supply", "goods come", op.plan.names.services[s], quantity=int(row["quantity"] - row["lost"]))


def access(op: Operation, place: int, closure: Closure) -> Story:
    """A place closes, and opens again."""
    start, horizon = op.plan.scenario.start_date, op.plan.horizon
    name = op.plan.names.locations[place]
    begins, ends = closed_from_until(closure, start)
    if begins >= horizon or ends <= 0:
        return
    yield op.calendar.at(max(0, begins), ACCESS)
    op.delivery.close_place(place)
    op.note("access", "closed", name)
    if ends < horizon:
        yield op.calendar.at(ends, ACCESS)
        op.delivery.open_place(place)
        op.note("access", "open", name)

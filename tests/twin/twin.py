"""Delivery in plain SimPy: a process for every household, an event for every end, patience, session and convoy.

It shares the drawn world, the actors, the planner and the ledger with the model; only the delivery kernel is replaced.
Written from the meanings of the design, so that it can tell the kernel wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from reliefsim.blueprint import Blueprint
from reliefsim.calendar import ARRIVING, LEAVING, SERVICE_ENDS, STARTING, Calendar
from reliefsim.delivery.audit import check_postings
from reliefsim.delivery.delivery import Delivery
from reliefsim.delivery.tables import (
    BY_OUTREACH,
    CASEWORK,
    CONVOY,
    DURATION,
    GOODS,
    LEAD_TIME,
    NOTHING_NEEDED,
    ON_ARRIVAL,
    SESSIONS,
)  # fmt: skip
from reliefsim.money.ledger import commit, lapse, receive, release, spend
from reliefsim.records import MISSING, Outcome, Reason
from reliefsim.world.draw import World
from reliefsim.world.durations import draw_seconds
from reliefsim.world.streams import OTHER

from .groups import Convoy, Sessions
from .parts import Case, Home
from .services import Casework, Goods, Service

KINDS: dict[int, type[Service]] = {CASEWORK: Casework, GOODS: Goods, CONVOY: Convoy, SESSIONS: Sessions}
COMING = ARRIVING - 0.5  # before the actors of the phase, so that a round finds who comes in its second
OPENING = ARRIVING + 0.5
LOSING_PATIENCE = LEAVING - 0.5
SERVING = STARTING + 0.5  # after the actors of the phase
NOT_OPENED, WAITING, IN_SERVICE, SERVED = Outcome.NOT_OPENED, Outcome.WAITING, Outcome.IN_SERVICE, Outcome.SERVED


class TwinDelivery(Delivery):
    """The services of one run, without a kernel."""

    def __init__(self, plan: Blueprint, world: World, seed: int, replication: int) -> None:
        super().__init__(plan, world, seed, replication)
        self.calendar: Calendar
        self._second = 0
        self._need, self._need_of = NOTHING_NEEDED, MISSING
        self._row: Any = self.clock[0]
        self.closures = [0] * len(plan.names.locations)
        self.works = [KINDS[int(row["kind"])](self, number) for number, row in enumerate(plan.services)]
        self.intake = [int(row["intake"]) for row in plan.services]
        self.homes = _homes(world)
        self.all_cases = _cases(world, self.homes)
        self._opening: list[Case] = []
        self._is_called = False

    def join(self, calendar: Calendar) -> None:
        """Everything here happens on the calendar: one process for each household, one that starts cases."""
        self.calendar = calendar
        self._call: simpy.Event = simpy.Event(calendar)
        calendar.process(self._starts())
        for home in self.homes:
            calendar.process(self._household(home))
        for service in self.works:
            self.look_at(service)

    # The clock.

    @property
    def now(self) -> int:
        """The second of the clock."""
        return self._second

    def advance(self, until: int, phase: int) -> int:
        """Nothing to do: only tell whether a decision is needed."""
        if until != self._second:
            self._second = until
            self._row["now"] = until
        need, self._need = self._need, NOTHING_NEEDED
        return need

    @property
    def need_service(self) -> int:
        """The service that needs a decision."""
        return self._need_of

    def when(self, second: int, phase: float, act: Callable[[], None]) -> None:
        """Do something in ``phase`` of ``second``."""
        event = self.calendar.at(second, phase)  # type: ignore[arg-type]
        assert event.callbacks is not None
        event.callbacks.append(lambda _: act())

    # Households and their cases.

    def _household(self, home: Home) -> Generator[simpy.Event, None, None]:
        """It comes, its needs arise and are found, and it leaves."""
        at = self.calendar.at
        yield at(home.arrived, COMING)  # type: ignore[arg-type]
        home.is_there = True
        for second, case in self._what_happens(home):
            if second > self._second:
                yield at(second, COMING)  # type: ignore[arg-type]
            self._may_open(case)
        if home.left != MISSING:
            yield at(home.left, LEAVING)
            home.is_there = False
            for case in home.cases:
                if case.outcome is WAITING or case.outcome is NOT_OPENED:
                    self._ends_unserved(case, Outcome.LEFT)

    def _what_happens(self, home: Home) -> list[tuple[int, Case]]:
        """When needs arise, and when outreach finds them."""
        moments = [(case.arose, case) for case in home.cases]
        last = home.left if home.left != MISSING else self.plan.horizon
        moments += [
            (case.outreach, case)
            for case in home.cases
            if self.intake[case.service] == BY_OUTREACH and case.arose < case.outreach < last
        ]
        moments.sort(key=lambda moment: (moment[0], moment[1].number))
        return moments

    def _may_open(self, case: Case) -> None:
        """Cases of one second open in the order of household and member, after the round of that second."""
        if not self._opening:
            self.when(self._second, OPENING, self._open_all)
        self._opening.append(case)

    def _open_all(self) -> None:
        opening, self._opening = self._opening, []
        for case in sorted(opening, key=lambda case: case.number):
            self._open(case)

    def _is_found(self, case: Case, before: int) -> bool:
        intake = self.intake[case.service]
        if intake == ON_ARRIVAL or case.home.registered != MISSING:
            return True
        return intake == BY_OUTREACH and case.outreach < before

    def _after_is_served(self, case: Case) -> bool:
        """Whether what comes first is served, if it is needed at all (as far as anybody can know)."""
        first = self.works[case.service].after
        if first == MISSING:
            return True
        befores = [
            other
            for other in case.home.cases
            if other.service == first
            and other.arose <= self._second
            and (other.member == case.member or other.member == MISSING or case.member == MISSING)
        ]
        return not befores or any(other.outcome is SERVED for other in befores)

    def _open(self, case: Case) -> None:
        if case.outcome is not NOT_OPENED or case.arose > self._second:
            return
        if not self._is_found(case, self._second + 1) or not self._after_is_served(case):
            return
        service = self.works[case.service]
        case.opened = self._second
        refusal = service.turns_away(case)
        if refusal:
            case.outcome, case.reason, case.ended = Outcome.TURNED_AWAY, refusal, self._second
            return
        service.wait(case)
        if case.patience != MISSING:
            self.when(self._second + case.patience, LOSING_PATIENCE, lambda: self._loses_patience(case))

    def _loses_patience(self, case: Case) -> None:
        if case.outcome is WAITING:
            self._ends_unserved(case, Outcome.GAVE_UP)

    def stopped(self, case: Case) -> None:
        """A case that lost its grant waits again: unless its household or its patience is gone."""
        if not case.home.is_there:
            self._ends_unserved(case, Outcome.LEFT)
        elif case.patience != MISSING and case.opened + case.patience < self._second:
            self.when(self._second, LOSING_PATIENCE, lambda: self._loses_patience(case))

    def ends(self, case: Case) -> None:
        """The end of a case of casework or handing out, unless it stands still or stops before."""
        event = self.calendar.at(case.ended, SERVICE_ENDS, case)
        assert event.callbacks is not None
        event.callbacks.append(self._service_ends)

    def _service_ends(self, event: simpy.Event) -> None:
        case: Case = event.value
        if case.outcome is IN_SERVICE and case.ended == self._second:
            self.works[case.service].end(case)  # type: ignore[attr-defined]

    def served(self, case: Case) -> None:
        """A case ends served, and what waited for it may open."""
        case.outcome, case.ended = SERVED, self._second
        if case.home.is_there:
            for other in case.home.cases:
                if other.outcome is NOT_OPENED and self.works[other.service].after == case.service:
                    self._may_open(other)

    def _ends_unserved(self, case: Case, outcome: Outcome) -> None:
        case.reason = self._reason(case)
        service = self.works[case.service]
        if case.outcome is WAITING:
            service.waits_no_more(case, outcome)
            self.look_at(service)
        case.outcome, case.ended = outcome, self._second

    def _reason(self, case: Case) -> int:
        """Why a case is not served: the first that holds."""
        service = self.works[case.service]
        if case.outcome is NOT_OPENED:
            return Reason.PREREQUISITE if self._is_found(case, self._second) else Reason.NOT_FOUND
        if self.closures[case.place]:
            return Reason.ACCESS
        price = service.price_of(case)
        if price > 0 and service.payer(price) == MISSING:
            return Reason.MONEY
        return service.is_short() or Reason.TEAM

    # Starts.

    def look_at(self, service: Service) -> None:
        """A service may be able to start something in this second."""
        service.changed = True
        if not self._is_called:
            self._is_called = True
            self._call._ok, self._call._value = True, None
            self.calendar.schedule(self._call, priority=SERVING)  # type: ignore[arg-type]

    def _starts(self) -> Generator[simpy.Event, None, None]:
        """In the phase of starts of a second in which something changed: service after service, by name."""
        while True:
            yield self._call
            self._call, self._is_called = simpy.Event(self.calendar), False
            for service in self.works:
                if not service.changed:
                    continue
                for need in service.start():
                    self._need, self._need_of = need, service.number
                    yield self.calendar.at(self._second, SERVING)  # type: ignore[arg-type]
                service.changed = False

    def next_group_reference(self) -> int:
        """How postings refer to a new group."""
        self._row["groups"] += 1
        return len(self.all_cases) + int(self._row["groups"]) - 1

    # What actors do.

    def depart(self, s: int) -> int:
        """A convoy leaves; the seats taken."""
        convoy = self.works[s]
        assert isinstance(convoy, Convoy)
        law, key = self.laws[s, DURATION], self.keys[s, 0]
        group = convoy.depart(draw_seconds(law, self.law_values, key, convoy.groups, 0, 0, OTHER))
        seats = sum(case.people for case in group.members)
        cents = group.direct + group.indirect
        _write(
            self.departures[self._row["departures"]], service=s, grant=group.grant, number=group.number,
            time=self._second, seats=seats, cents=cents,
        )  # fmt: skip
        self._row["departures"] += 1
        return seats

    def call_convoy(self, s: int) -> None:
        """The schedule says that a convoy leaves, if anybody waits."""
        convoy = self.works[s]
        assert isinstance(convoy, Convoy)
        if convoy.people_waiting():
            convoy.is_called = True
            self.look_at(convoy)

    def place_order(self, s: int) -> tuple[int, int]:
        """Order goods; the order's number and the seconds until it comes."""
        store = self.works[s]
        assert isinstance(store, Goods)
        quantity, g = store.order()
        number = int(self._row["orders"])
        cents = quantity * store.item_price
        if g != MISSING:
            cents += commit(self.state, s, g, cents, number)
        _write(
            self.orders[number], service=s, grant=g, ordered=self._second, arrived=MISSING, quantity=quantity,
            lost=0, cancelled=0, cents=cents,
        )  # fmt: skip
        self._row["orders"] = number + 1
        store.on_order += quantity
        law, key = self.laws[s, LEAD_TIME], self.keys[s, 1]
        seconds = draw_seconds(law, self.law_values, key, store.orders, 0, 0, OTHER)
        store.orders += 1
        return number, seconds

    def goods_come(self, order: int) -> bool:
        """An order arrives and is paid, unless it was cancelled."""
        row: Any = self.orders[order]
        if row["cancelled"]:
            return False
        store = self.works[int(row["service"])]
        assert isinstance(store, Goods)
        quantity, g = int(row["quantity"]), int(row["grant"])
        store.on_order -= quantity
        store.delivered += quantity
        lost = store.stated["loss_ppm"] * store.delivered // 1_000_000 - store.lost
        store.lost += lost
        store.on_hand += quantity - lost
        row["arrived"], row["lost"] = self._second, lost
        if g != MISSING:
            direct = quantity * store.item_price
            spend(self.state, store.number, g, direct, int(row["cents"]) - direct, order)
        self.look_at(store)
        return True

    def hold_round(self, round_cents: int, household_cents: int) -> int:
        """A DTM round: households found, or MISSING if it cannot be paid."""
        sought = [home for home in self.homes if home.is_there and home.registered == MISSING and not home.is_host]
        found = [home for home in sought if home.rounds_to_find == 1]
        price = round_cents + household_cents * len(found)
        if price > 0 and self.pay_running(price, MISSING) == MISSING:
            return MISSING
        for home in sought:
            home.rounds_to_find -= 1
        for home in found:
            home.registered = self._second
            self.world.households["registered"][home.number] = self._second
            for case in home.cases:
                self._open(case)
        return len(found)

    def people_present(self) -> int:
        """People of the caseload who are there now."""
        return sum(home.size for home in self.homes if home.is_there and not home.is_host)

    def close_place(self, place: int) -> None:
        """Nobody is served there until it is open again."""
        self.closures[place] += 1
        self._places_changed()

    def open_place(self, place: int) -> None:
        """People there are served again."""
        self.closures[place] -= 1
        self._places_changed()

    def _places_changed(self) -> None:
        for service in self.works:
            service.queue.places_changed()
            self.look_at(service)

    def team_stands_still(self, pool: int) -> None:
        """A team stops, with its open cases."""
        self._set_team(pool, False)

    def team_works(self, pool: int) -> None:
        """A team works (again)."""
        self._set_team(pool, True)

    def _set_team(self, pool: int, is_at_work: bool) -> None:
        self.pools["active"][pool] = is_at_work
        service = self.works[int(self.pools["service"][pool])]
        team = next(team for team in service.teams if team.number == pool)
        team.is_at_work = is_at_work
        if isinstance(service, Casework):
            (service.go_on if is_at_work else service.stand_still)(team)
        if is_at_work:
            self.look_at(service)

    def money_comes(self, g: int, amount: int) -> None:
        """A tranche arrives."""
        receive(self.state, g, amount)
        self.grants["is_open"][g] = 1

    def window_ends(self, g: int) -> int:
        """A grant's window ends; the cents that lapse."""
        self.grants["is_open"][g] = 0
        return self.liquidation_ends(g) if self.grants["spent_and_done"][g] else lapse(self.state, g)

    def liquidation_ends(self, g: int) -> int:
        """Open commitments of a grant lapse: orders are cancelled, who is served on its money waits again."""
        for number in range(int(self._row["orders"])):
            row: Any = self.orders[number]
            if row["grant"] == g and row["arrived"] == MISSING and not row["cancelled"]:
                row["cancelled"] = 1
                store = self.works[int(row["service"])]
                assert isinstance(store, Goods)
                store.on_order -= int(row["quantity"])
                direct = int(row["quantity"]) * store.item_price
                release(self.state, store.number, g, direct, int(row["cents"]) - direct, number)
                self.look_at(store)
        for service in self.works:
            service.stop_all(g)
            self.look_at(service)
        return lapse(self.state, g)

    def set_envelopes(self, left: list[list[int]]) -> None:
        """What each envelope, the running one last, has left from now on."""
        self.lines["left"] = left
        for service in self.works:
            self.look_at(service)

    def give_reasons(self) -> None:
        """At the horizon: why each unserved case is unserved."""
        for case in self.all_cases:
            if (case.outcome is WAITING or case.outcome is NOT_OPENED) and not case.reason:
                case.reason = self._reason(case)

    def check_everything(self) -> None:
        """At the end the cases become facts; the ledger keeps its laws."""
        facts = self.world.cases
        for name in ("opened", "started", "ended", "outcome", "reason", "in_stock", "grant", "team", "group", "cents"):
            facts[name] = [getattr(case, name) for case in self.all_cases]
        facts["indirect_cents"] = [case.indirect for case in self.all_cases]
        facts["wished"][facts["outcome"] != SERVED] = 0
        self._check(check_postings(self.state))


def _write(row: Any, **values: int) -> None:
    for name, value in values.items():
        row[name] = value


def _columns(table: np.ndarray[Any, Any], names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(table[name].tolist() for name in names.split()), strict=True))


def _homes(world: World) -> list[Home]:
    rows = _columns(world.households, "size arrived left registered population")
    rounds = world.rounds_to_find.tolist()
    return [
        Home(number, size, arrived, left, registered, rounds[number], bool(population))
        for number, (size, arrived, left, registered, population) in enumerate(rows)
    ]


def _cases(world: World, homes: list[Home]) -> list[Case]:
    facts = _columns(world.cases, "household member service location people arose")
    work = _columns(world.work, "rank price duration patience outreach")
    cases = []
    for number, ((household, member, service, place, people, arose), drawn) in enumerate(zip(facts, work, strict=True)):
        rank, price, duration, patience, outreach = drawn
        home = homes[household]
        case = Case(
            number, home, member, service, rank, place, people, arose, price, duration, patience, outreach
        )  # fmt: skip
        home.cases.append(case)
        cases.append(case)
    return cases

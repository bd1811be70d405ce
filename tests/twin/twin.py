"""Delivery in plain SimPy: a process for every household, an event for every end, patience, session and convoy.

It shares the drawn world, the actors, the planner and the ledger with the model; only the delivery kernel is replaced.
Written from the meanings of the design, so that it can tell the kernel wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reliefsim.engine.compile.capacity import Places
from reliefsim.engine.delivery.audit import check_postings
from reliefsim.engine.delivery.services import Standing
from reliefsim.engine.money.ledger import commit, lapse, lapse_part, receive, release, spend
from reliefsim.engine.world.durations import draw_seconds
from reliefsim.engine.world.streams import OTHER
from reliefsim.layout import DURATION, HANDOVER, LEAD_TIME
from reliefsim.units import MISSING

from .convoys import Convoy
from .drawn import write
from .happenings import NOT_OPENED, SERVED, WAITING, Happenings
from .parts import Team
from .paying import commit_all, who_pays
from .services import Casework, Service
from .stores import Goods


class TwinDelivery(Happenings):
    """The services of one run, as actors may ask of them."""

    def depart(self, s: int) -> int:
        """A convoy leaves; the seats taken."""
        convoy = self.works[s]
        assert isinstance(convoy, Convoy)
        law, key = self.laws[s, DURATION], self.keys[s, 0]
        group = convoy.depart(draw_seconds(law, self.law_values, key, convoy.groups, 0, 0, OTHER))
        seats = sum(case.people for case in group.members)
        payment = group.payment
        cents = group.direct + (payment.indirect if payment else 0)
        grant = payment.grant if payment else MISSING
        write(
            self.departures[self._row["departures"]], service=s, grant=grant, number=group.number,
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
        write(
            self.orders[number], service=s, grant=g, ordered=self._second, arrived=MISSING, quantity=quantity,
            lost=0, cancelled=MISSING, cents=cents,
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
        if row["cancelled"] != MISSING:
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

    def hold_round(self, round_cents: int, household_cents: int, covers: Sequence[bool]) -> int:
        """A DTM round where it is held: households found, or MISSING if it cannot be paid."""
        unknown = [home for home in self.homes if home.is_there and home.registered == MISSING and not home.is_host]
        sought = [home for home in unknown if covers[home.place]]
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

    def people_present(self) -> npt.NDArray[np.int64]:
        """People of the caseload who are there now, place by place."""
        there = [home for home in self.homes if home.is_there and not home.is_host]
        return np.array(
            [sum(home.size for home in there if home.place == place) for place in range(len(self.closures))], np.int64
        )

    def close_place(self, place: int) -> None:
        """Nobody there starts until it is open again."""
        self.closures[place] += 1
        self._places_changed()

    def open_place(self, place: int) -> None:
        """People there may start again."""
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
        self.pools["active"][pool], self.pools["unpaid"][pool] = is_at_work, not is_at_work
        service, team = self._team(pool)
        team.is_at_work, team.is_unpaid = is_at_work, not is_at_work
        if isinstance(service, Casework):
            (service.go_on if is_at_work else service.stand_still)(team)
        if is_at_work:
            self.look_at(service)

    def set_places(self, pool: int, places: Places) -> None:
        """A team's places change; what is open in those that go is handed over."""
        row: Any = self.pools[pool]
        row["counted"], row["counsellors"] = places.counted, places.workers
        service, team = self._team(pool)
        are_fewer = places.slots < team.slots
        team.slots, team.room, team.workers = places.slots, places.room, places.workers
        if are_fewer:
            service.hand_over(team)
        self.look_at(service)

    def team_ends(self, pool: int) -> int:
        """A team's term ends; the cases that stop because no team is left or to come."""
        service, team = self._team(pool)
        self.pools["active"][pool] = self.pools["unpaid"][pool] = team.is_at_work = team.is_unpaid = False
        team.has_ended = True
        self.set_places(pool, Places(self._second, 0, 0, 0, 0))
        if not all(one.has_ended for one in service.teams):
            return 0
        before = int(self.services["begun"][service.number])
        service.stop_open()
        self.those_gone_leave()
        for g in np.flatnonzero(self.grants["ends"] <= self._second):
            lapse(self.state, int(g))
        return before - int(self.services["begun"][service.number])

    def _team(self, pool: int) -> tuple[Service, Team]:
        service = self.works[int(self.pools["service"][pool])]
        return service, next(team for team in service.teams if team.number == pool)

    def money_comes(self, g: int, amount: int) -> None:
        """A tranche arrives."""
        receive(self.state, g, amount)
        self.grants["is_open"][g] = 1

    def window_ends(self, g: int) -> int:
        """A grant's window ends; the cents that lapse."""
        self.grants["is_open"][g] = 0
        return self.liquidation_ends(g) if self.grants["spent_and_done"][g] else lapse(self.state, g)

    def liquidation_ends(self, g: int) -> int:
        """Open commitments of a grant lapse."""
        self._free(g)
        return lapse(self.state, g)

    def _free(self, g: int) -> None:
        """Orders are cancelled, who is served on a grant's money waits again."""
        for number in range(int(self._row["orders"])):
            row: Any = self.orders[number]
            if row["grant"] == g and row["arrived"] == MISSING and row["cancelled"] == MISSING:
                row["cancelled"] = self._second
                store = self.works[int(row["service"])]
                assert isinstance(store, Goods)
                store.on_order -= int(row["quantity"])
                direct = int(row["quantity"]) * store.item_price
                release(self.state, store.number, g, direct, int(row["cents"]) - direct, number)
                self.look_at(store)
        for service in self.works:
            service.stop_all(g)
            self.look_at(service)
        self.those_gone_leave()
        for other in np.flatnonzero((self.grants["is_open"] == 0) & (self.grants["ends"] <= self._second)):
            if other != g:
                lapse(self.state, int(other))

    def pay_running(self, direct: int, reference: int) -> int:
        """Pay a running cost now; who pays (the largest part), or MISSING."""
        self.make_room()
        who = who_pays(self, self.running, direct, self._second)
        if not who:
            return MISSING
        payment = commit_all(self, self.running, who, reference)
        payment.spend(self)
        return payment.grant

    def stops_work(self, g: int, frees: bool) -> int:
        """A donor stops work: the window ends now; what is honoured is payable for as long as it would have been."""
        grant: Any = self.grants[g]
        if grant["spent_and_done"]:
            grant["liquidation_seconds"] = grant["ends"] - self._second
        grant["ends"], grant["is_open"] = self._second, 0
        return self.liquidation_ends(g) if frees else lapse(self.state, g)

    def suspends(self, g: int, frees: bool) -> int:
        """A donor suspends a grant: it is shut, and its cash stays; the cents that lie idle."""
        self.grants["is_open"][g] = 0
        self.lines["left"][:, g] = 0
        if frees:
            self._free(g)
        return int(self.grants["cash"][g])

    def resumes(self, g: int) -> None:
        """A suspended grant may pay again, once it has had money."""
        self.grants["is_open"][g] = self.grants["received"][g] > 0

    def cuts(self, g: int, amount: int) -> None:
        """So much of a grant's uncommitted cash lapses."""
        lapse_part(self.state, g, amount)

    def standing(self) -> Standing:
        """Where the services stand, counted case by case."""
        counts = []
        for service in self.works:
            cases = [case for case in self.all_cases if case.service == service.number]
            begun = sum(case.started != MISSING for case in cases)
            waiting = sum(case.outcome is WAITING for case in cases)
            supplied = service.on_hand + service.on_order if isinstance(service, Goods) else 0
            counts.append((begun, sum(case.opened != MISSING for case in cases), max(0, waiting - supplied)))
        begun, opened, waits = zip(*counts, strict=True)
        return Standing(list(begun), list(opened), list(waits))

    def set_envelopes(self, left: list[list[int]], foreseen: list[list[int]]) -> None:
        """What each envelope, the running one last, has left from now on, and how many cases are foreseen to open."""
        self.lines["left"] = left
        for service, by_grant in zip(self.works, foreseen, strict=True):
            service.foreseen = by_grant
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
        self.handovers = np.array(self.handed_over, HANDOVER)
        self._row["handovers"] = len(self.handovers)
        facts["indirect_cents"] = [case.indirect for case in self.all_cases]
        facts["wished"][facts["outcome"] != SERVED] = 0
        self._check(check_postings(self.state))
        self.check_halts()

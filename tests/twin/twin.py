"""Delivery in plain SimPy: a process for every household, an event for every end, patience, session and convoy.

It replaces the delivery kernel, the ledger, and whatever tells breaks and the ends of windows. Written from the
meanings of the design, so that it can tell the model wrong. What it shares with the model: the compiled scenario, the
drawn world and other draws, the actors (donors, teams, supply and so on: who acts when), the planner, and the layout of
the tables in which actors look and facts are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reliefsim.engine.compile.capacity import Places
from reliefsim.engine.delivery.services import Standing
from reliefsim.engine.world.durations import draw_seconds
from reliefsim.engine.world.streams import OTHER
from reliefsim.layout import BREAK, COFUND, DURATION, HANDOVER, LEAD_TIME, POSTING
from reliefsim.units import MISSING, PPM

from .convoys import Convoy
from .donors import Funded
from .drawn import write
from .happenings import NOT_OPENED, SERVED, WAITING
from .parts import Team
from .services import Casework, Service
from .stores import Goods
from .windows import ends_of_windows


class TwinDelivery(Funded):
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
            cents += self.books.commit(self.books.grants[g], s, cents, number)
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
        lost = store.stated["loss_ppm"] * store.delivered // PPM - store.lost
        store.lost += lost
        store.on_hand += quantity - lost
        row["arrived"], row["lost"] = self._second, lost
        if g != MISSING:
            direct = quantity * store.item_price
            self.books.spend(self.books.grants[g], store.number, direct, int(row["cents"]) - direct, order)
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
        if self.closures[place] == 1:
            self._place_changes(place)

    def open_place(self, place: int) -> None:
        """People there may start again."""
        self.closures[place] -= 1
        if self.closures[place] == 0:
            self._place_changes(place)

    def _place_changes(self, place: int) -> None:
        """Something happens to the services for which somebody waits there."""
        for service in self.works:
            service.queue.places_changed()
            if service.waits_at[place]:
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
        if is_at_work or not team.is_unpaid:
            self.look_at(service)
        team.is_at_work, team.is_unpaid = is_at_work, not is_at_work
        if isinstance(service, Casework):
            (service.go_on if is_at_work else service.stand_still)(team)

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
        self.books.lapse_of_those_over()
        return before - int(self.services["begun"][service.number])

    def _team(self, pool: int) -> tuple[Service, Team]:
        service = self.works[int(self.pools["service"][pool])]
        return service, next(team for team in service.teams if team.number == pool)

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

    def give_reasons(self) -> None:
        """At the horizon: why each unserved case is unserved, and breaks last on."""
        for service in self.works:
            service.stillness.end(MISSING)
        for case in self.all_cases:
            if (case.outcome is WAITING or case.outcome is NOT_OPENED) and not case.reason:
                case.reason = self._reason(case)

    def check_everything(self) -> None:
        """At the end cases, postings and breaks become facts; no cent is lost."""
        facts = self.world.cases
        for name in ("opened", "started", "ended", "outcome", "reason", "in_stock", "grant", "team", "group", "cents"):
            facts[name] = [getattr(case, name) for case in self.all_cases]
        facts["indirect_cents"] = [case.indirect for case in self.all_cases]
        facts["wished"][facts["outcome"] != SERVED] = 0
        for name, rows, kind in (
            ("handovers", self.handed_over, HANDOVER),
            ("postings", self.books.posted, POSTING),
            ("cofunded", [tuple(part) for part in self.paid_together], COFUND),
            ("breaks", self.broken, BREAK),
        ):
            setattr(self, name, np.array(rows, kind))
            self._row[name] = len(rows)
        self.services["short_since"] = [service.stillness.short_since for service in self.works]
        self.books.check()
        # What is compared is not what the shared actors have set, but what was told beforehand.
        told = ends_of_windows(self.plan, self.seed, self.replication)
        for grant, end in zip(self.books.grants, told, strict=True):
            grant.ends = end
        self.check_halts()

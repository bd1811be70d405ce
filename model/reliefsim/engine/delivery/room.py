"""The state tables of one run, each with room for all that may come."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...layout import BREAK, CLOCK, COFUND, CONVOY, DEPARTURE, GROUP, HANDOVER, LINE, ORDER, POSTING, QUEUE, SESSIONS
from ...units import MISSING
from ..compile.compiled_scenario import Blueprint
from ..state import handle
from ..world.streams import stream_key
from ..world.world_draws import World

Integers = npt.NDArray[np.int64]
_STARTS_A_CASE = 2  # room at first
_OTHERS = 40_000  # room at first for what is not bounded by the cases: orders, running costs


class Room:
    """Tables and the handle by which kernels see them."""

    def __init__(self, plan: Blueprint, world: World, seed: int, replication: int) -> None:
        self.plan = plan
        self.world = world
        self.services = plan.services.copy()
        self.pools = plan.pools.copy()
        self.grants = plan.grants.copy()
        self.lines = np.zeros(plan.may_pay.shape, LINE)
        self.lines["may_pay"] = plan.may_pay
        self.pay_order = np.array(plan.pay_order, np.int64)
        self.clock = np.zeros(1, CLOCK)
        self.clock_now = self.clock["now"]  # looked at and set between any two events
        cases = len(world.cases)
        # A case starts once, and again if the grant that paid, or its team, was taken from it. Untouched room costs nothing.
        self.most_starts, self.room_for_starts = cases, _STARTS_A_CASE * cases
        starts = self.room_for_starts
        self._set_clock(cases)
        self.queues, lineup = self._queues()
        self.others = 0  # postings of what is not a case
        self.halts: list[list[int]] = []  # suspensions, as donors tell them: grant, first second, last + 1
        lapses = (2 * len(plan.grants) + plan.blows) * len(plan.grants)
        together = plan.scenario.plan.cofund
        self.each = 3 * (len(plan.grants) if together else 1)  # postings of a payment: committed, spent or released
        self.postings = np.empty(self.each * starts + _OTHERS + len(plan.tranches) + lapses, POSTING)
        self.orders = np.empty(_OTHERS, ORDER)
        self.breaks = np.empty(_OTHERS, BREAK)
        self.handovers = np.empty(0, HANDOVER)
        self.grouped = bool(np.isin(plan.services["kind"], (CONVOY, SESSIONS)).any())
        self.departures = np.empty(starts if self.grouped else 0, DEPARTURE)
        self.groups = np.empty(starts if self.grouped else 0, GROUP)
        self.cofunded = np.empty(len(plan.grants) * starts if together else 0, COFUND)
        self.first_part = np.full(cases + len(self.groups) if together else 0, MISSING, np.int64)
        self.keys = self._keys(seed, replication)
        self.laws, self.law_values = plan.laws, plan.law_values
        self.closed = np.zeros(len(plan.names.locations), np.int64)
        has_after = bool(plan.services["followed"].any())
        self.tables = {
            "clock": self.clock,
            "services": self.services,
            "pools": self.pools,
            "grants": self.grants,
            "lines": self.lines,
            "queues": self.queues,
            "households": world.households,
            "cases": world.cases,
            "work": world.work,
            "groups": self.groups,
            "postings": self.postings,
            "orders": self.orders,
            "departures": self.departures,
            "breaks": self.breaks,
            "handovers": self.handovers,
            "cofunded": self.cofunded,
            "first_part": self.first_part,
            "rounds_to_find": world.rounds_to_find,
            "closed": self.closed,
            "lineup": lineup,
            "to_open": np.empty(cases if has_after else 0, np.int32),
            "ends": np.empty(starts + 1, np.int64),  # what stands still is taken out: see teams.forget_ends
            "standing": np.empty(cases, np.int64),
            "patience": np.empty(starts + cases + 1, np.int64),
            "wakes": world.wakes,
            "leavers": world.leavers,
            "pay_order": self.pay_order,
            "laws": self.laws,
            "law_values": self.law_values,
            "keys": self.keys,
        }
        self.state = handle(self.tables)
        self.running = len(plan.services)

    def _set_clock(self, cases: int) -> None:
        clock = self.clock[0]
        clock["horizon"], clock["cases"] = self.plan.horizon, cases
        # Hosts stand behind all others: they do not move and no round looks for them.
        clock["movable"] = int((self.world.households["population"] == 0).sum())
        clock["by_shares"] = self.plan.scenario.plan.pay_order == "shares"
        clock["cofund"] = self.plan.scenario.plan.cofund

    def _queues(self) -> tuple[npt.NDArray[np.void], npt.NDArray[np.int32]]:
        """A queue for each service and priority, with room for all its cases."""
        services, ranks = len(self.services), len(self.plan.ranks)
        place = self.world.cases["service"].astype(np.int64) * ranks + self.world.work["rank"]
        room = np.bincount(place, minlength=services * ranks)
        queues = np.zeros((services, ranks), QUEUE)
        flat = queues.reshape(-1)
        flat["room"] = room
        flat["first"] = flat["head"] = flat["tail"] = np.cumsum(room) - room
        return queues, np.empty(len(place), np.int32)

    def _keys(self, seed: int, replication: int) -> npt.NDArray[np.uint64]:
        """Streams of what is drawn while serving: trips and lead times."""
        return np.array(
            [
                [stream_key(seed, replication, f"{purpose}:{name}") for purpose in ("trip", "lead")]
                for name in self.plan.names.services
            ],
            np.uint64,
        ).reshape(-1, 2)

    def make_room(self) -> None:
        """Orders and running costs are as many as there is time for, not as there are cases: their tables grow."""
        self.others += self.each
        if self.others < len(self.orders):
            return
        self.postings = _longer(self.postings, len(self.orders))
        self.orders = _longer(self.orders, len(self.orders))
        self.tables.update(postings=self.postings, orders=self.orders)
        self.state = handle(self.tables)

    def make_room_for_restarts(self) -> None:
        """Whoever is in service now may be stopped, and start again."""
        self.most_starts += int(self.services["in_service"].sum())
        if self.most_starts <= self.room_for_starts:
            return
        more = self.most_starts
        self.room_for_starts += more
        self.postings = _longer(self.postings, self.each * more)
        self.tables.update(postings=self.postings)
        for name in ("ends", "patience"):
            self.tables[name] = _longer(self.tables[name], more)
        if self.grouped:
            self.departures, self.groups = _longer(self.departures, more), _longer(self.groups, more)
            self.tables.update(departures=self.departures, groups=self.groups)
        if len(self.first_part):
            self.cofunded = _longer(self.cofunded, len(self.grants) * more)
            self.first_part = np.append(self.first_part, np.full(more * self.grouped, MISSING, np.int64))
            self.tables.update(cofunded=self.cofunded, first_part=self.first_part)
        self.state = handle(self.tables)

    def make_room_for_breaks(self) -> None:
        """As many queues may break, and again, as something happens to them: the table grows before it is full."""
        if int(self.clock[0]["breaks"]) + len(self.services) > len(self.breaks):
            self.breaks = _longer(self.breaks, len(self.breaks) + len(self.services))
            self.tables.update(breaks=self.breaks)
            self.state = handle(self.tables)

    def make_room_for_handovers(self, pool: int) -> None:
        """Each open case may be let go, be taken over, and stop before its team can let it go again."""
        room = int(self.clock[0]["handovers"]) + 3 * int(self.services["in_service"][self.pools["service"][pool]])
        room += sum(2 * int(self.services["in_service"][s]) for s in range(len(self.services)))
        if room > len(self.handovers):
            self.handovers = _longer(self.handovers, room)
            self.tables.update(handovers=self.handovers)
            self.state = handle(self.tables)


def _longer(table: npt.NDArray[Any], rows: int) -> npt.NDArray[Any]:
    """The same table with room for so many rows more."""
    return np.concatenate([table, np.empty(rows, table.dtype)])

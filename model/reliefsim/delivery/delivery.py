"""The services of one run: the state tables, and what actors may ask of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ..blueprint import Blueprint, order_of_paying
from ..compiled import is_kept
from ..records import BREAK, COFUND, DEPARTURE, HANDOVER, MISSING, ORDER, POSTING
from ..world.draw import World
from ..world.streams import stream_key
from . import actions, audit, convoys, handover, kernel, shocks
from .tables import CLOCK, CONVOY, GROUP, LINE, QUEUE, SESSIONS, handle

if TYPE_CHECKING:
    from ..calendar import Calendar
    from ..capacity import Places

Integers = npt.NDArray[np.int64]
_OTHERS = 40_000  # room at first for what is not bounded by the cases: orders, running costs


class InvariantError(AssertionError):
    """A law that holds in every run did not: the model is wrong, not the scenario."""


class Standing(NamedTuple):
    """Cases of each service: begun and opened so far, and those who wait, for whom no goods are there or coming."""

    begun: list[int]
    opened: list[int]
    waiting: list[int]


def is_compiled() -> bool:
    """Whether the kernels of this version are compiled already; the last one a run needs speaks for all."""
    return is_kept(audit.check_everything)


class Delivery:
    """State tables of one run. Every method happens at the second ``now`` of the clock."""

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
        cases = len(world.cases)
        # A case starts once, and again whenever the grant that paid was taken from it. Untouched room costs nothing.
        starts = (plan.takings + 1) * cases
        self._set_clock(cases)
        self.queues, lineup = self._queues()
        self.others = 0  # postings of what is not a case
        self.halts: list[list[int]] = []  # suspensions, as donors tell them: grant, first second, last + 1
        lapses = 2 * len(plan.grants) + plan.blows
        together = plan.scenario.plan.cofund
        self.each = 3 * (len(plan.grants) if together else 1)  # postings of a payment: committed, spent or released
        self.postings = np.empty(self.each * starts + _OTHERS + len(plan.tranches) + lapses, POSTING)
        self.orders = np.empty(_OTHERS, ORDER)
        self.breaks = np.empty(2 * (starts + cases) + _OTHERS, BREAK)
        self.handovers = np.empty(0, HANDOVER)
        grouped = bool(np.isin(plan.services["kind"], (CONVOY, SESSIONS)).any())
        self.departures = np.empty(starts if grouped else 0, DEPARTURE)
        self.groups = np.empty(starts if grouped else 0, GROUP)
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

    def join(self, calendar: Calendar) -> None:
        """Called once, before the first second. The kernel needs no calendar: it is asked between its events."""

    @property
    def now(self) -> int:
        """The second of the clock."""
        return int(self.clock[0]["now"])

    def at(self, second: int) -> None:
        """The clock stands at ``second``: called by the calendar before an actor acts."""
        self.clock[0]["now"] = second

    def advance(self, until: int, phase: int) -> int:
        """Deliver up to, not including, ``phase`` of second ``until``; what is needed then (see kernel.advance)."""
        need = kernel.advance(self.state, until, phase)
        if need < 0:
            self._check(-need)
        return need

    @property
    def need_service(self) -> int:
        """The service that needs a decision."""
        return int(self.clock[0]["need_service"])

    def depart(self, s: int) -> int:
        """A convoy leaves; the seats taken."""
        return convoys.depart(self.state, s)

    def call_convoy(self, s: int) -> None:
        """The schedule says that a convoy leaves, if anybody waits."""
        actions.call_convoy(self.state, s)

    def _make_room(self) -> None:
        """Orders and running costs are as many as there is time for, not as there are cases: their tables grow."""
        self.others += self.each
        if self.others < len(self.orders):
            return
        self.postings = _longer(self.postings, len(self.orders))
        self.orders = _longer(self.orders, len(self.orders))
        self.tables.update(postings=self.postings, orders=self.orders)
        self.state = handle(self.tables)

    def place_order(self, s: int) -> tuple[int, int]:
        """Order goods; the order's number and the seconds until it comes."""
        self._make_room()
        lead = actions.place_order(self.state, s)
        return int(self.clock[0]["orders"]) - 1, lead

    def goods_come(self, order: int) -> bool:
        """An order arrives; False if it was cancelled."""
        return actions.goods_come(self.state, order)

    def hold_round(self, round_cents: int, household_cents: int, covers: actions.Places) -> int:
        """A DTM round of some places: households found, or MISSING if it cannot be paid."""
        self._make_room()
        return actions.hold_round(self.state, round_cents, household_cents, self.running, covers)

    def people_present(self) -> Integers:
        """People of the caseload who are there now, place by place."""
        return actions.people_present(self.state)

    def close_place(self, place: int) -> None:
        """Nobody there starts until it is open again; what has started goes on."""
        actions.close_place(self.state, place)

    def open_place(self, place: int) -> None:
        """People there may start again."""
        actions.open_place(self.state, place)

    def team_stands_still(self, pool: int) -> None:
        """A team stops, with its open cases."""
        actions.team_stands_still(self.state, pool)

    def team_works(self, pool: int) -> None:
        """A team works (again)."""
        actions.team_works(self.state, pool)

    def set_places(self, pool: int, places: Places) -> None:
        """A team's places change; what is open in those that go is handed over."""
        self._make_room_for_handovers(pool)
        handover.set_places(self.state, pool, *places[1:])

    def team_ends(self, pool: int) -> int:
        """A team's term ends, and its open cases are handed over; those that stop because no team is left or to come."""
        self._make_room_for_handovers(pool)
        for _ in self.grants:
            self._make_room()  # what is stopped after its grant's end lapses
        return handover.team_ends(self.state, pool)

    def _make_room_for_handovers(self, pool: int) -> None:
        """Each open case may be let go, be taken over, and stop before its team can let it go again."""
        room = int(self.clock[0]["handovers"]) + 3 * int(self.services["in_service"][self.pools["service"][pool]])
        room += sum(2 * int(self.services["in_service"][s]) for s in range(len(self.services)))
        if room > len(self.handovers):
            self.handovers = _longer(self.handovers, room)
            self.tables.update(handovers=self.handovers)
            self.state = handle(self.tables)

    def money_comes(self, g: int, amount: int) -> None:
        """A tranche arrives."""
        actions.money_comes(self.state, g, amount)

    def window_ends(self, g: int) -> int:
        """A grant's window ends; the cents that lapse."""
        return actions.window_ends(self.state, g)

    def extends(self, g: int, ends: int) -> None:
        """A grant's window ends later."""
        self.grants["ends"][g] = ends
        self.pay_order[:] = order_of_paying(self.grants, self.plan.may_pay)
        actions.everything_changed(self.state)

    def liquidation_ends(self, g: int) -> int:
        """Open commitments of a grant lapse; the cents."""
        return actions.liquidation_ends(self.state, g)

    def stops_work(self, g: int, frees: bool) -> int:
        """A donor stops work; the cents that lapse."""
        return shocks.stops_work(self.state, g, frees)

    def suspends(self, g: int, frees: bool) -> int:
        """A donor suspends a grant; the cents that lie idle."""
        return shocks.suspends(self.state, g, frees)

    def resumes(self, g: int) -> None:
        """A suspended grant may pay again."""
        shocks.resumes(self.state, g)

    def cuts(self, g: int, amount: int) -> None:
        """So much of a grant's uncommitted cash lapses."""
        shocks.cuts(self.state, g, amount)

    def pay_running(self, direct: int, reference: int) -> int:
        """Pay a running cost now; the grant that paid, or MISSING."""
        from ..money.cofunding import pay_now

        self._make_room()
        return pay_now(self.state, self.running, direct, reference)

    def standing(self) -> Standing:
        """Where the services stand."""
        services = self.services
        unsupplied = services["waiting"] - services["on_hand"] - services["on_order"]
        return Standing(services["begun"].tolist(), services["opened"].tolist(), np.maximum(0, unsupplied).tolist())

    def set_envelopes(self, left: list[list[int]], foreseen: list[list[int]]) -> None:
        """What each envelope, the running one last, has left from now on, and how many cases are foreseen to open."""
        self.lines["left"] = left
        self.lines["foreseen"][:-1] = foreseen
        actions.everything_changed(self.state)

    def give_reasons(self) -> None:
        """At the horizon: why each unserved case is unserved."""
        actions.give_reasons(self.state)

    def check_everything(self) -> None:
        """At the end: every law; raises InvariantError."""
        self._check(audit.check_everything(self.state))
        self.check_halts()

    def check_halts(self) -> None:
        """No grant committed anything while it was suspended; raises InvariantError."""
        self._check(audit.check_halts(self.postings[: self.clock[0]["postings"]], self.halts))

    def _check(self, broken: int) -> None:
        if broken:
            raise InvariantError(f"{audit.BROKEN[broken]} (second {self.now} of {self.plan.scenario.name})")


def _longer(table: npt.NDArray[np.void], rows: int) -> npt.NDArray[np.void]:
    """The same table with room for so many rows more."""
    return np.concatenate([table, np.empty(rows, table.dtype)])

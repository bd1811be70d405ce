"""The services of one run: the state tables, and what actors may ask of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ...compiled import is_kept
from ...layout import ROOM_DUE
from ..compile.compiled_scenario import order_of_paying
from ..money.cofunding import pay_now
from ..state import InvariantError
from . import actions, audit, audit_cases, convoys, handover, kernel
from . import shock_hits as shocks
from .room import Room

if TYPE_CHECKING:
    from ..compile.capacity import Places
    from ..processes.calendar import Calendar

Integers = npt.NDArray[np.int64]


class Standing(NamedTuple):
    """Cases of each service: begun and opened so far, and those who wait, for whom no goods are there or coming."""

    begun: list[int]
    opened: list[int]
    waiting: list[int]


def is_compiled() -> bool:
    """Whether the kernels of this version are compiled already; the last one a run needs speaks for all."""
    return is_kept(audit_cases.check_everything)


class Delivery(Room):
    """The services of one run. Every method happens at the second ``now`` of the clock."""

    def join(self, calendar: Calendar) -> None:
        """Called once, before the first second. The kernel needs no calendar: it is asked between its events."""

    @property
    def now(self) -> int:
        """The second of the clock."""
        return int(self.clock_now[0])

    def at(self, second: int) -> None:
        """The clock stands at ``second``: called by the calendar before an actor acts."""
        self.clock_now[0] = second

    def advance(self, until: int, phase: int) -> int:
        """Deliver up to, not including, ``phase`` of second ``until``; what is needed then (see kernel.advance)."""
        need = kernel.advance(self.state, until, phase)
        while need == ROOM_DUE:
            self.make_room_for_breaks()
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

    def place_order(self, s: int) -> tuple[int, int]:
        """Order goods; the order's number and the seconds until it comes."""
        self.make_room()
        lead = actions.place_order(self.state, s)
        return int(self.clock[0]["orders"]) - 1, lead

    def goods_come(self, order: int) -> bool:
        """An order arrives; False if it was cancelled."""
        return actions.goods_come(self.state, order)

    def hold_round(self, round_cents: int, household_cents: int, covers: actions.Places) -> int:
        """A DTM round of some places: households found, or MISSING if it cannot be paid."""
        self.make_room()
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
        self.make_room_for_handovers(pool)
        handover.set_places(self.state, pool, *places[1:])

    def team_ends(self, pool: int) -> int:
        """A team's term ends, and its open cases are handed over; those that stop because no team is left or to come."""
        self.make_room_for_handovers(pool)
        self.make_room_for_restarts()
        for _ in self.grants:
            self.make_room()  # what is stopped after its grant's end lapses
        return handover.team_ends(self.state, pool)

    def money_comes(self, g: int, amount: int) -> None:
        """A tranche arrives."""
        actions.money_comes(self.state, g, amount)

    def window_ends(self, g: int) -> int:
        """A grant's window ends; the cents that lapse."""
        self.make_room_for_restarts()
        return actions.window_ends(self.state, g)

    def extends(self, g: int, ends: int) -> None:
        """A grant's window ends later."""
        self.grants["ends"][g] = ends
        self.pay_order[:] = order_of_paying(self.grants, self.plan.may_pay)
        actions.everything_changed(self.state)

    def liquidation_ends(self, g: int) -> int:
        """Open commitments of a grant lapse; the cents."""
        self.make_room_for_restarts()
        return actions.liquidation_ends(self.state, g)

    def stops_work(self, g: int, frees: bool) -> int:
        """A donor stops work; the cents that lapse."""
        self.make_room_for_restarts()
        return shocks.stops_work(self.state, g, frees)

    def suspends(self, g: int, frees: bool) -> int:
        """A donor suspends a grant; the cents that lie idle."""
        self.make_room_for_restarts()
        return shocks.suspends(self.state, g, frees)

    def resumes(self, g: int) -> None:
        """A suspended grant may pay again."""
        shocks.resumes(self.state, g)

    def cuts(self, g: int, amount: int) -> None:
        """So much of a grant's uncommitted cash lapses."""
        shocks.cuts(self.state, g, amount)

    def pay_running(self, direct: int, reference: int) -> int:
        """Pay a running cost now; the grant that paid, or MISSING."""
        self.make_room()
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
        self.make_room_for_breaks()
        actions.give_reasons(self.state)

    def check_everything(self) -> None:
        """At the end: every law; raises InvariantError."""
        self._check(audit.check_balances(self.state) or audit_cases.check_everything(self.state, *self.plan.closures))
        self.check_halts()

    def check_halts(self) -> None:
        """No grant committed anything while it was suspended; raises InvariantError."""
        self._check(audit.check_halts(self.postings[: self.clock[0]["postings"]], self.halts))

    def _check(self, broken: int) -> None:
        if broken:
            raise InvariantError(f"{audit.BROKEN[broken]} (second {self.now} of {self.plan.scenario.name})")

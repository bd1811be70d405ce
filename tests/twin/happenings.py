"""What happens to households and their cases, in plain SimPy: they come, need, are found, wait, are served, leave."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from reliefsim.engine.compile.compiled_scenario import Blueprint
from reliefsim.engine.processes.calendar import ARRIVING, LEAVING, SERVICE_ENDS, STARTING, Calendar
from reliefsim.engine.world.world_draws import World
from reliefsim.layout import BY_OUTREACH, CASEWORK, CONVOY, GOODS, NOTHING_NEEDED, ON_ARRIVAL, SESSIONS, Outcome, Reason
from reliefsim.units import MISSING

from .convoys import Convoy
from .drawn import cases_of, homes_of
from .money import Books
from .parts import Case, Home
from .services import Casework, Service
from .sessions import Sessions
from .shown import Shown
from .stores import Goods

KINDS: dict[int, type[Service]] = {CASEWORK: Casework, GOODS: Goods, CONVOY: Convoy, SESSIONS: Sessions}
COMING = ARRIVING - 0.5  # before the actors of the phase, so that a round finds who comes in its second
OPENING = ARRIVING + 0.5
LOSING_PATIENCE = LEAVING - 0.5
SERVING = STARTING + 0.5  # after the actors of the phase
NOT_OPENED, WAITING, IN_SERVICE, SERVED = Outcome.NOT_OPENED, Outcome.WAITING, Outcome.IN_SERVICE, Outcome.SERVED


class Happenings(Shown):
    """The clock, the households and the starts of one run, without a kernel."""

    def __init__(self, plan: Blueprint, world: World, seed: int, replication: int) -> None:
        super().__init__(plan, world, seed, replication)
        self.calendar: Calendar
        self._second = 0
        self._need, self._need_of = NOTHING_NEEDED, MISSING
        self._row: Any = self.clock[0]
        self.seed, self.replication = seed, replication
        self.books: Books = Books(plan, lambda: self._second)
        self.paid_together: list[list[int]] = []
        self.broken: list[tuple[int, int, int, int]] = []
        self.closures = [0] * len(plan.names.locations)
        self.works = [KINDS[int(row["kind"])](self, number) for number, row in enumerate(plan.services)]
        self.intake = [int(row["intake"]) for row in plan.services]
        self.homes = homes_of(world)
        self.all_cases = cases_of(world, self.homes)
        self._opening: list[Case] = []
        self.handed_over: list[tuple[int, int, int, int]] = []
        self._is_called = False

    def join(self, calendar: Calendar) -> None:
        """Everything here happens on the calendar: one process for each household, one that starts cases."""
        self.calendar = calendar
        self._call: simpy.Event = simpy.Event(calendar)
        calendar.process(self._starts())
        for home in self.homes:
            calendar.process(self._household(home))
        self.look_at_all()

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
        service.opened += 1
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

    def handed(self, case: Case, team: int, stopped: bool = False) -> None:
        """Write down that an open case is another team's, or none's."""
        self.handed_over.append((self._second, case.number, team, int(stopped)))

    def stopped(self, case: Case, is_late: bool) -> None:
        """A case that lost its grant or its teams waits again: unless its patience is gone."""
        if case.patience != MISSING and case.opened + case.patience < self._second + is_late:
            self.when(self._second, LOSING_PATIENCE, lambda: self._loses_patience(case))

    def those_gone_leave(self) -> None:
        """Once all that a grant paid has stopped: who waits again and is not there any more ends unserved."""
        for case in self.all_cases:
            if case.outcome is WAITING and not case.home.is_there:
                self._ends_unserved(case, Outcome.LEFT)

    def ends(self, case: Case) -> None:
        """The end of a case of casework or handing out, unless it stands still or stops before."""
        event = self.calendar.at(case.ended, SERVICE_ENDS, case)
        assert event.callbacks is not None
        event.callbacks.append(self._service_ends)

    def _service_ends(self, event: simpy.Event) -> None:
        case = event.value
        assert isinstance(case, Case)
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
        if not service.can_pay(max(service.price_of(case), service.next_price)):
            return Reason.MONEY
        if any(team.is_unpaid for team in service.teams):
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

    def look_at_all(self) -> None:
        """Something has changed that every service knows of."""
        for service in self.works:
            self.look_at(service)

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
                service.remember()
                service.stillness.look()
                service.changed = False

    def next_group_reference(self) -> int:
        """How postings refer to a new group."""
        self._row["groups"] += 1
        return len(self.all_cases) + int(self._row["groups"]) - 1

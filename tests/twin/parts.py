"""What the twin's services are made of: cases, homes, teams, and a queue of those who wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from reliefsim.layout import Outcome
from reliefsim.units import MISSING

if TYPE_CHECKING:
    from .paying import Payment

WAITING = Outcome.WAITING


@dataclass(slots=True, eq=False)
class Home:
    """A household: who lives there, when it is there, and what it needs."""

    number: int
    size: int
    place: int
    arrived: int
    left: int
    registered: int
    rounds_to_find: int
    is_host: bool
    cases: list[Case] = field(default_factory=list)
    is_there: bool = False


@dataclass(slots=True, eq=False)
class Case:
    """One need of one service; times in seconds, money in cents."""

    number: int
    home: Home
    member: int
    service: int
    rank: int
    place: int
    people: int
    arose: int
    price: int
    duration: int
    patience: int
    outreach: int
    opened: int = MISSING
    started: int = MISSING
    ended: int = MISSING
    outcome: Outcome = Outcome.NOT_OPENED
    reason: int = 0
    in_stock: int = 0
    grant: int = MISSING
    team: int = MISSING
    group: int = MISSING
    cents: int = 0
    indirect: int = 0
    remaining: int = 0
    is_with: Team | None = None  # who has it now; ``team`` took it on
    payment: Payment | None = None  # its own; of a group, the group's


@dataclass(slots=True, eq=False)
class Team:
    """Capacity of one service: places for cases (or counsellors, or convoys), and the cases it has open."""

    number: int
    slots: int
    workers: int
    is_at_work: bool
    room: int  # places of the workers who are there today
    has_ended: bool
    is_unpaid: bool = False
    busy: int = 0
    groups: int = 0
    open_cases: dict[int, Case] = field(default_factory=dict)

    def can_start(self, places: int) -> bool:
        """Whether something new that takes so many places may start now."""
        return self.is_at_work and self.busy + places <= self.room


@dataclass(slots=True, eq=False)
class Group:
    """People served together, and what was paid for them."""

    number: int
    reference: int
    members: list[Case]
    team: Team | None
    payment: Payment | None
    direct: int
    sessions_held: int = 0
    began: int = MISSING
    due: int = MISSING
    is_over: bool = False


class Queue:
    """Those who wait, in order of priority, opening, household and member; closed places are passed over."""

    def __init__(self, ranks: int, closures: list[int]) -> None:
        self._heaps: list[list[tuple[int, int, Case]]] = [[] for _ in range(ranks)]
        self._passed_over: list[Case] = []
        self._closures = closures

    def push(self, case: Case) -> None:
        """Let a case wait."""
        heappush(self._heaps[case.rank], (case.opened, case.number, case))

    def _head(self, heap: list[tuple[int, int, Case]]) -> Case | None:
        while heap:
            case = heap[0][2]
            if case.outcome is WAITING and not self._closures[case.place]:
                return case
            heappop(heap)
            if case.outcome is WAITING:
                self._passed_over.append(case)
        return None

    def first(self) -> Case | None:
        """Whose turn it is."""
        for heap in self._heaps:
            if heap and (case := self._head(heap)) is not None:
                return case
        return None

    def pop(self) -> Case | None:
        """Whose turn it is, taken out of the queue."""
        case = self.first()
        if case is not None:
            heappop(self._heaps[case.rank])
        return case

    def all(self) -> list[Case]:
        """Whoever waits in an open place, in no order."""
        there = (case for heap in self._heaps for _, _, case in heap)
        return [case for case in there if case.outcome is WAITING and not self._closures[case.place]]

    def longest_waiting(self) -> int:
        """When the one opened who has waited longest; MISSING: nobody waits."""
        heads = [case.opened for heap in self._heaps if (case := self._head(heap)) is not None]
        return min(heads, default=MISSING)

    def places_changed(self) -> None:
        """Who was passed over may stand in an open place now."""
        again, self._passed_over = self._passed_over, []
        for case in again:
            self.push(case)

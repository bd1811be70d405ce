"""Plans become better plans: a local search over whole numbers, dates and shares, judged on common worlds.

Every round tries a fixed number of neighbours of the best plan so far on a few worlds, the better ones on more, and the
best on all; moves that helped are tried together next. What it finds depends on the seed alone: not on how many do the
work, nor on the clock. Nothing here knows what a plan is about, so that rivals can be handed the same task.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from ...scenario.decisions import PARTS, Plan, Space

WIDTH = 16  # plans tried a round
STAGES = (10, 25, 50)  # worlds of each scenario
KEPT = (5, 2)  # plans that come to the next stage
FIRST_REACH, LEAST_REACH = 0.3, 0.02  # of a decision's legal values: how far a move goes at most
SHRINKS = 0.6
CLEARLY = 1.0  # standard errors below the best so far: not looked at further
BARREN = 20  # rounds in turn without a plan that is new: there are no others
FLEETING = 3  # decisions changed at once where a search begins anew


class Judge(Protocol):
    """What plans are judged by."""

    def see(self, plans: Sequence[Plan], worlds: int) -> None:
        """Have plans run in that many worlds of each scenario."""

    def is_legal(self, plan: Plan) -> bool:
        """Whether a plan can be run at all."""

    def score(self, plan: Plan, worlds: int) -> tuple[float, float]:
        """How far it is from keeping what it must (0: it keeps it), negated, and what it reaches: more is better."""

    def gain(self, plan: Plan, other: Plan, worlds: int) -> tuple[float, float]:
        """What it reaches more than another, world by world: the mean, and its standard error."""

    @property
    def spent(self) -> int:
        """Runs so far."""


@dataclass
class Search:
    """One search; ``best`` is the best plan so far, judged in all worlds."""

    space: Space
    judge: Judge
    random: np.random.Generator
    most: int  # runs
    stages: tuple[int, ...] = STAGES
    told: Callable[[Plan], None] = lambda plan: None
    is_over: Callable[[], bool] = lambda: False
    best: Plan = field(default=(), init=False)
    here: Plan = field(default=(), init=False)
    rounds: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._free = [place for place, lever in enumerate(self.space.levers) if lever.names[1:] or len(lever.legal) > 1]
        self._turn: list[int] = []
        self._helped: list[Plan] = []
        self._seen: set[Plan] = set()

    def run(self, begin: Plan) -> Plan:
        """Search from a plan on until the runs are used up or nothing is left to try; the best plan."""
        self._settle(begin)
        self.best = begin
        reach, idle, barren = FIRST_REACH, 0, 0
        while self._free and self.judge.spent < self.most and barren < BARREN and not self.is_over():
            self.rounds += 1
            before = len(self._seen)
            found = self._round(reach)
            barren = barren + 1 if len(self._seen) == before else 0
            if found is not None:
                self.here, idle = found, 0
                if self._is_better(found, self.best):
                    self.best = found
                    self.told(found)
                continue
            idle += 1
            if idle * WIDTH >= len(self._free) * 2:
                reach, idle = reach * SHRINKS, 0
            if reach < LEAST_REACH:  # a plan that no move betters: begin anew, near the best
                self._settle(self._elsewhere())
                reach = FIRST_REACH / 2
        return self.best

    def _settle(self, plan: Plan) -> None:
        for worlds in self.stages:
            self.judge.see([plan], worlds)
        self.here, self._helped = plan, []
        self._seen.add(plan)

    def _round(self, reach: float) -> Plan | None:
        """Try some neighbours; one that is better in all worlds, or None."""
        tried = self._neighbours(reach)
        if not tried:
            return None
        left = tried
        for stage, worlds in enumerate(self.stages):
            self.judge.see(left, worlds)
            left = self._promising(left, worlds)
            if stage == 0:
                self._helped = [plan for plan in left if self.judge.score(plan, worlds) > self.judge.score(self.here, worlds)]
            if stage < len(KEPT):
                left = left[: KEPT[stage]]
            if not left:
                return None
        return left[0] if self._is_better(left[0], self.here) else None

    def _promising(self, plans: Sequence[Plan], worlds: int) -> list[Plan]:
        """The better ones first, without those that are clearly worse than where the search stands."""
        found = []
        for plan in plans:
            amiss, _ = self.judge.score(plan, worlds)
            if amiss >= self.judge.score(self.here, worlds)[0]:
                mean, error = self.judge.gain(plan, self.here, worlds)
                if amiss > self.judge.score(self.here, worlds)[0] or mean + CLEARLY * error > 0:
                    found.append(plan)
        return sorted(found, key=lambda plan: (*(-part for part in self.judge.score(plan, worlds)), plan))

    def _is_better(self, plan: Plan, other: Plan) -> bool:
        worlds = self.stages[-1]
        return self.judge.score(plan, worlds) > self.judge.score(other, worlds)

    def _neighbours(self, reach: float) -> list[Plan]:
        """New plans near the one where the search stands: what helped before together, then one decision moved each."""
        found: list[Plan] = []
        for count in range(2, len(self._helped) + 1):
            self._add(found, together(self.space, self.here, self._helped[:count]))
        for _ in range(20 * WIDTH):
            if len(found) >= WIDTH:
                break
            if not self._turn:
                self._turn = [self._free[int(one)] for one in self.random.permutation(len(self._free))]
            self._add(found, moved(self.space, self.here, self._turn.pop(), reach, self.random))
        return found

    def _add(self, found: list[Plan], plan: Plan) -> None:
        if plan not in self._seen and self.judge.is_legal(plan):
            self._seen.add(plan)
            found.append(plan)

    def _elsewhere(self) -> Plan:
        """The best plan with a few decisions made at random."""
        for _ in range(100):
            plan = self.best
            for number in self.random.choice(self._free, min(FLEETING, len(self._free)), replace=False):
                plan = moved(self.space, plan, int(number), 1.0, self.random)
            if self.judge.is_legal(plan):
                return plan
        return self.best


def moved(space: Space, plan: Plan, number: int, reach: float, random: np.random.Generator) -> Plan:
    """A plan with one decision made otherwise, at most ``reach`` of its legal values away."""
    lever, first = space.levers[number], space.starts[number]
    changed = list(plan)
    if lever.names:
        give, take = (first + int(one) for one in random.choice(lever.width, 2, replace=False))
        parts = min(plan[give], int(random.integers(1, max(1, round(reach * PARTS)) + 1)))
        changed[give], changed[take] = plan[give] - parts, plan[take] + parts
    elif lever.is_ordered:
        step = int(random.integers(1, max(1, round(reach * (len(lever.legal) - 1))) + 1))
        step = step if random.random() < 0.5 else -step
        changed[first] = min(max(plan[first] + step, 0), len(lever.legal) - 1)
    else:
        others = [place for place in range(len(lever.legal)) if place != plan[first]]
        changed[first] = others[int(random.integers(len(others)))]
    return tuple(changed)


def together(space: Space, here: Plan, plans: Sequence[Plan]) -> Plan:
    """All changes of some plans at once, each as far as it may go; of one decision that several change, the first's."""
    changed, taken = list(here), set[int]()
    for plan in plans:
        for number, lever in enumerate(space.levers):
            mine = slice(space.starts[number], space.starts[number + 1])
            if plan[mine] == here[mine] or (number in taken and not lever.names):
                continue
            taken.add(number)
            if lever.names:
                parts = [max(0, now + new - old) for now, new, old in zip(changed[mine], plan[mine], here[mine], strict=True)]
                changed[mine] = parts if sum(parts) == PARTS else changed[mine]
            else:
                changed[mine] = plan[mine]
    return tuple(changed)


def taken_back(space: Space, plan: Plan, numbers: Sequence[int]) -> Plan:
    """A plan with some decisions made as they are today."""
    changed = list(plan)
    for number in numbers:
        mine = slice(space.starts[number], space.starts[number + 1])
        changed[mine] = space.present[mine]
    return tuple(changed)


def slimmed(space: Space, judge: Judge, plan: Plan, worlds: int, trifle: float) -> Plan:
    """A plan without the changes that gain ``trifle`` or less, if what is left keeps what it must and loses little more."""

    def as_good(other: Plan, loss: float) -> bool:
        keeps = judge.score(other, worlds)[0] >= judge.score(plan, worlds)[0]
        return keeps and judge.gain(plan, other, worlds)[0] <= loss

    numbers = range(len(space.levers))
    without = {number: back for number in numbers if (back := taken_back(space, plan, [number])) != plan}
    without = {number: back for number, back in without.items() if judge.is_legal(back)}
    judge.see(list(without.values()), worlds)
    idle = [number for number, back in without.items() if as_good(back, trifle)]
    while idle:
        back = taken_back(space, plan, idle)
        if judge.is_legal(back):
            judge.see([back], worlds)
            if as_good(back, 2 * trifle):
                return back
        idle.pop()
    return plan

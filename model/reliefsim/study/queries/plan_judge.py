"""Plans are run in worlds, each once, and kept; what they left becomes what they are judged by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...scenario.decisions import AS_IT_IS, Plan
from ..goals import REGRET, Floor, Goal, weighed_up
from ..running.backends import Backend, Running
from ..running.jobs import Failure, Job, Part
from ..running.runner import ReplicationsFailedError, StudyStoppedError
from ..statistics.estimates import Floats
from .plan_work import SEARCHED, PlanWork

CHUNK = 5  # worlds of a plan a process does at a time
# Of goals and floors, each as columns of what is wanted with their weights.
Terms = dict[Goal, list[tuple[int, float]]]


@dataclass
class Worlds:
    """What plans left in worlds, ``seen`` by (the phase's first replication, the plan's number): arrays of shape
    (scenarios, worlds, keys)."""

    work: PlanWork
    backend: Backend
    running: Running
    group: int = 0  # which of the work's groups of scenarios
    seen: dict[tuple[int, int], Floats] = field(default_factory=dict)
    spent: int = 0  # runs, those included that were kept from before

    def __post_init__(self) -> None:
        self._kept: dict[Job, Part] = self.running.kept.find().parts if self.running.kept else {}

    def have(self, numbers: Sequence[int], worlds: int, phase: int = SEARCHED) -> None:
        """Have plans run in the first so many worlds of a phase.

        Raises StudyStoppedError, ReplicationsFailedError, BackendError, OSError.
        """
        scenarios = range(self.group * self.work.group, (self.group + 1) * self.work.group)
        lacking = [
            Job(scenario, 0, number, phase + self._count(phase, number), phase + worlds)
            for number in dict.fromkeys(numbers)
            if self._count(phase, number) < worlds
            for scenario in scenarios
        ]
        todo = [job for job in lacking if job not in self._kept]
        done = {job: self._kept[job].values for job in lacking if job in self._kept} | self._run(todo)
        for number in dict.fromkeys(job.point for job in lacking):
            mine = {job.scenario: done[job] for job in lacking if job.point == number}
            rows = np.stack([mine[one] for one in scenarios])
            before = self.seen.get((phase, number))
            self.seen[phase, number] = rows if before is None else np.concatenate([before, rows], axis=1)
        runs = sum(job.last - job.first for job in lacking)
        self.spent += runs
        self.running.progress(runs)

    def _count(self, phase: int, number: int) -> int:
        found = self.seen.get((phase, number))
        return 0 if found is None else found.shape[1]

    def _run(self, jobs: Sequence[Job]) -> dict[Job, Floats]:
        """Do the jobs, cut small; each is kept when it is whole."""
        pieces = {
            job._replace(first=first, last=min(first + CHUNK, job.last)): job
            for job in jobs
            for first in range(job.first, job.last, CHUNK)
        }
        found: dict[Job, Part] = {}
        failures: list[Failure] = []
        in_order = sorted(pieces, key=lambda one: (one.first, one.last, one.scenario, one.point))
        for piece, result in self.backend.run(self.work, in_order, self.running.stop):
            if isinstance(result, Failure):
                failures.append(result)
            else:
                found[piece] = result
        if self.running.stop():
            raise StudyStoppedError(self.spent, self.spent, "runs")
        if failures:
            raise ReplicationsFailedError([(self.work.name(one.job), one.why) for one in sorted(failures)])
        whole: dict[Job, Floats] = {}
        for job in jobs:
            parts = [found[piece] for piece in sorted(pieces) if pieces[piece] == job]
            whole[job] = np.concatenate([part.values for part in parts])
            if self.running.kept:
                self.running.kept.save(job, parts[0]._replace(values=whole[job], monthly=np.empty((len(whole[job]), 0))))
        return whole


@dataclass
class PlanJudge:
    """Judges plans by one aim in the worlds of a search. ``aim``: the goals' numbers become one; more is better."""

    worlds: Worlds
    goals: tuple[Goal, ...]
    floors: tuple[Floor, ...]
    terms: Terms
    weights: Floats  # of scenarios; add up to one
    aim: Callable[[Sequence[float]], float] = lambda goals: goals[0]
    budget_from: int = 0

    @property
    def spent(self) -> int:
        """Runs of this search."""
        return self.worlds.spent - self.budget_from

    def see(self, plans: Sequence[Plan], worlds: int) -> None:
        """Have plans run in that many worlds of each scenario."""
        space = self.worlds.work.space
        self.worlds.have([space.number(plan) for plan in plans], worlds)

    def is_legal(self, plan: Plan) -> bool:
        """Whether a plan can be run at all."""
        return self.worlds.work.is_legal(plan)

    def score(self, plan: Plan, worlds: int) -> tuple[float, float]:
        """How far it is from keeping its floors, negated, and what it reaches."""
        number = self.worlds.work.space.number(plan)
        found = self.worlds.seen[SEARCHED, number][:, :worlds]
        return -sum(self.lacking(floor, found, worlds) for floor in self.floors), self.aim(self.reached(number, worlds))

    def reached(self, number: int, worlds: int) -> list[float]:
        """Each goal's number, more is better."""
        found = self.worlds.seen[SEARCHED, number][:, :worlds]
        return [
            weighed_up(goal, goal.by_world(found, self.terms[goal]), self.weights, self.best(goal, worlds))
            for goal in self.goals
        ]

    def best(self, goal: Goal, worlds: int) -> Floats | None:
        """Of each scenario, what the best plan that was searched in so many worlds gives; None: no regret is asked for."""
        if goal.over != REGRET:
            return None
        seen = [
            one[:, :worlds] for (phase, _), one in self.worlds.seen.items() if phase == SEARCHED and one.shape[1] >= worlds
        ]  # fmt: skip
        means = [np.nanmean(goal.sense * goal.by_world(one, self.terms[goal]), axis=1) for one in seen]
        return np.asarray(np.max(means, axis=0))

    def lacking(self, floor: Floor, found: Floats, worlds: int, phase: int = SEARCHED) -> float:
        """How far a plan is from keeping a floor: 0 if it does; else a share of the floor, or of the worlds."""
        by_world = floor.goal.sense * floor.goal.by_world(found, self.terms[floor.goal])
        if floor.least is None:
            present = self.worlds.seen[phase, AS_IT_IS][:, :worlds]
            least = floor.part * floor.goal.sense * floor.goal.by_world(present, self.terms[floor.goal])
        else:
            least = np.full(by_world.shape, floor.goal.sense * floor.least)
        if floor.certainty is not None:
            share = float(self.weights @ np.nanmean(np.where(np.isnan(by_world), np.nan, by_world >= least - 1e-9), axis=1))
            return max(0.0, floor.certainty - share)
        mine, wanted = (float(self.weights @ np.nanmean(one, axis=1)) for one in (by_world, least))
        return max(0.0, (wanted - mine) / max(abs(wanted), 1e-9) - 1e-9)

    def gain(self, plan: Plan, other: Plan, worlds: int) -> tuple[float, float]:
        """What it reaches more than another, world by world: the mean, and its standard error."""
        mine, its = (self.worlds.seen[SEARCHED, self.worlds.work.space.number(one)][:, :worlds] for one in (plan, other))
        apart = np.zeros(mine.shape[:2])
        for place, goal in enumerate(self.goals):
            unit = [0.0] * len(self.goals)
            unit[place] = 1.0
            difference = goal.sense * (goal.by_world(mine, self.terms[goal]) - goal.by_world(its, self.terms[goal]))
            apart += (self.aim(unit) - self.aim([0.0] * len(unit))) * np.nan_to_num(difference)
        mean = float(self.weights @ apart.mean(axis=1))
        variance = float(np.square(self.weights) @ apart.var(axis=1, ddof=1)) / worlds
        return mean, variance**0.5

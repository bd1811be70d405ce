"""A question for a plan becomes the best of several plans: searched in some worlds, chosen in others."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from ...indicators.counted import COUNTED
from ...indicators.registry import TARGETS
from ...scenario import Scenario
from ...scenario.decisions import AS_IT_IS, Plan
from ..goals import MEAN, Floor, Goal, weighed_up
from ..request import FindPlan, StudyRequest
from ..statistics.estimates import Floats
from ..statistics.points import generator
from ..statistics.ranking import Chosen, chance_best, choose, frontier, knee
from .funding_levels import at_level
from .plan_answer import weights_of
from .plan_judge import PlanJudge, Terms, Worlds
from .plan_search import STAGES, Search, slimmed
from .plan_work import SEARCHED, SELECTED, PlanWork

if TYPE_CHECKING:
    from ...indicators.measure import Key
    from ..running.backends import Backend, Running

PLAN_SEARCH = 3  # what the generator is for, beside those of points
FINALISTS = 4
CERTAINTY = 0.95
PLENTY = 10.0  # times the money: what there is at most is told of
INDIFFERENT = 0.002  # of what the present plan gives: a difference between finalists that nobody minds
TRIFLE = 0.001  # of the same: a change that gains no more is not worth its trouble
SPREAD = 4  # steps from one goal to the other along a frontier
AGAIN = 0.25  # of the effort: a search that begins at the plan found, with one floor more or less
ALONE = 50  # worlds in which each change is taken back alone


def wanted_of(scenario: Scenario) -> tuple[Key, ...]:
    """What is read off every run, whatever the goals: what a plan may be judged by, in total, by service, class and place."""
    names = {*TARGETS, "people_in_need"}
    return tuple(key for key in COUNTED.keys(scenario) if key.indicator in names and not key.origin)


def work_of(request: StudyRequest) -> PlanWork:
    """The work of a search: every scenario under plans of the first one's decisions."""
    question = request.question
    assert isinstance(question, FindPlan)
    scenarios = [*request.scenarios]
    for share in (*question.money, *((PLENTY,) if question.prices else ())):
        for one in request.scenarios:
            name = f"{one.name[:48]}-{100 * share:g}-per-cent".replace(".", "-")
            scenarios.append(at_level(one, share).model_copy(update={"name": name}))
    return PlanWork(
        tuple(scenarios), request.rules[:1], request.seed, request.uncertain, wanted=wanted_of(request.scenario),
        group=len(request.scenarios),
    )  # fmt: skip


class Finding:
    """One search with all that belongs to it."""

    def __init__(self, request: StudyRequest, work: PlanWork, backend: Backend, running: Running, group: int = 0) -> None:
        question = request.question
        assert isinstance(question, FindPlan)
        self.request, self.question, self.running = request, question, running
        scenario = request.scenario
        losses = () if question.most_loss is None else tuple(
            Floor(Goal("people_reached", name), None, part=1 - question.most_loss)
            for name in (*sorted(scenario.classes), *(("hosts",) if scenario.hosts else ()))
        )  # fmt: skip
        self.floors = (*question.floors, *losses)
        goals = (*question.goals, *(floor.goal for floor in self.floors))
        self.wanted = work.wanted
        self.terms: Terms = {goal: goal.terms(scenario, self.wanted) for goal in goals}
        for service in sorted(scenario.services):
            goal = Goal("cases_served", scenario.services[service].counts_as or service)
            self.terms[goal] = goal.terms(scenario, self.wanted)
        self.worlds = Worlds(work, backend, running, group)
        self.space, self.weights = work.space, weights_of(request)
        self.random = generator(request.seed, PLAN_SEARCH)
        self.stages = tuple(sorted({min(stage, question.worlds) for stage in STAGES} | {question.worlds}))
        self.ends = math.inf if question.within is None else time.monotonic() + 60 * question.within
        self.rounds: list[int] = []

    def judge(self, floors: tuple[Floor, ...] | None = None, parts: Sequence[float] | None = None) -> PlanJudge:
        """A judge with floors (None: those asked for), of the goals in these parts (None: all alike), each as a share of
        what the present plan gives."""
        goals = self.question.goals
        plain = PlanJudge(self.worlds, goals, (), self.terms, self.weights)
        scale = [max(abs(one), 1e-9) for one in plain.reached(AS_IT_IS, self.question.worlds)]
        each = parts or [1.0] * len(goals)

        def aim(reached: Sequence[float]) -> float:
            return sum(part * one / its for part, one, its in zip(each, reached, scale, strict=True))

        of_one = len(goals) == 1
        return PlanJudge(
            self.worlds, goals, self.floors if floors is None else floors, self.terms, self.weights,
            (lambda reached: reached[0]) if of_one else aim, self.worlds.spent,
        )  # fmt: skip

    def search(self, judge: PlanJudge, begin: Plan, runs: float) -> Plan:
        """The best plan of one search, of at most so many runs."""
        most = self.question.rounds[len(self.rounds)] if len(self.rounds) < len(self.question.rounds) else None

        def is_over() -> bool:
            return search.rounds >= most if most is not None else time.monotonic() > self.ends

        search = Search(self.space, judge, self.random, int(runs), self.stages, is_over=is_over)
        best = search.run(begin)
        self.rounds.append(search.rounds)
        return best

    def searched(self) -> list[Plan]:
        """The best plan of each search: one, or along the frontier of several goals."""
        goals, begin = len(self.question.goals), self.space.present
        if goals == 1:
            return [self.search(self.judge(), begin, self.question.effort)]
        parts = [one for one in product(range(SPREAD + 1), repeat=goals) if sum(one) == SPREAD]
        found = []
        for one in parts:
            judge = self.judge(parts=[part / SPREAD + 0.01 for part in one])
            begin = self.search(judge, begin, self.question.effort / len(parts) * 1.5)
            found.append(begin)
        return found

    def finalists(self, best: list[Plan]) -> list[Plan]:
        """The plans found, without changes that gain nothing, and the best others seen in all worlds."""
        judge, worlds = self.judge(), self.question.worlds
        slim = [self.slim(judge, plan) for plan in best]
        if len(self.question.goals) > 1:
            return list(dict.fromkeys(slim + best))
        seen = sorted(
            (self.space.plan(number) for phase, number in self.worlds.seen
             if phase == SEARCHED and number != AS_IT_IS and self.worlds.seen[phase, number].shape[1] >= worlds),
            key=lambda plan: (*(-part for part in judge.score(plan, worlds)), plan),
        )  # fmt: skip
        return list(dict.fromkeys([*slim, *seen[:FINALISTS]]))

    def slim(self, judge: PlanJudge, plan: Plan) -> Plan:
        """A plan without the changes that gain a trifle or nothing: who must carry a plan out is spared them."""
        trifle = TRIFLE * max(1e-9, abs(judge.aim(judge.reached(AS_IT_IS, self.question.worlds))))
        return slimmed(self.space, judge, plan, self.question.worlds, trifle)

    def choose(self, finalists: list[Plan]) -> tuple[int, tuple[int, ...], Chosen, float]:
        """The best of the finalists and the present plan, in worlds that no search has seen."""
        numbers = list(dict.fromkeys(self.space.number(plan) for plan in finalists))
        self.worlds.have([AS_IT_IS, *numbers], self.question.worlds, SELECTED)
        lacking = {number: self.lacking(number, self.question.worlds, SELECTED) for number in numbers}
        least = min(lacking.values())
        numbers = [AS_IT_IS, *(number for number in numbers if lacking[number] <= max(least, 0.005))]
        if self.lacking(AS_IT_IS, self.question.worlds, SELECTED) > max(least, 0.005):
            numbers = numbers[1:]
        most = max(self.question.worlds, self.question.confirm)
        if len(self.question.goals) > 1:
            points = np.array([self.reached(number, SELECTED, self.question.worlds) for number in numbers])
            place = frontier(points)[knee(points[frontier(points)])]
            compared = Chosen(place, self.question.worlds, False, tuple(range(len(numbers))))
            return numbers[place], tuple(numbers), compared, math.nan
        goal = self.question.goals[0]
        margin = INDIFFERENT * max(1e-9, abs(self.reached(AS_IT_IS, SELECTED, self.question.worlds)[0]))

        def values(places: Sequence[int], worlds: int) -> Floats:
            chosen = [numbers[place] for place in places]
            self.worlds.have(chosen, worlds, SELECTED)
            return np.array([self.by_world(goal, self.worlds.seen[SELECTED, one][:, :worlds]) for one in chosen])

        chosen = choose(values, len(numbers), margin, CERTAINTY, most)
        every = values(range(len(numbers)), min(most, max(chosen.worlds, self.question.worlds)))
        if goal.over != MEAN:
            best = max(range(len(numbers)), key=lambda place: (self.reached(numbers[place], SELECTED, every.shape[1])[0], -place))
            chosen = replace(chosen, place=best, is_certain=False)
        means = every.mean(axis=1)
        if goal.over == MEAN:  # of those that nobody can tell apart, the one that changes least
            near = [place for place in chosen.left if means[place] >= means[chosen.place] - margin]
            chosen = replace(chosen, place=min(near, key=lambda place: (self._changed(numbers[place]), place)))
        chance = chance_best(every, chosen.place, margin, self.random)
        return numbers[chosen.place], tuple(numbers), chosen, chance

    def _changed(self, number: int) -> int:
        """How many decisions a plan makes otherwise than the present one."""
        return 0 if number == AS_IT_IS else len(self.space.changes(self.space.plan(number)))

    def by_world(self, goal: Goal, worlds: Floats) -> Floats:
        """A goal in one world of every scenario at a time, more is better: shape (worlds,)."""
        return np.asarray(self.weights @ np.nan_to_num(goal.sense * goal.by_world(worlds, self.terms[goal])))

    def lacking(self, number: int, worlds: int, phase: int) -> float:
        """How far a plan is from keeping all floors."""
        found = self.worlds.seen[phase, number][:, :worlds]
        return sum(self.judge().lacking(floor, found, worlds, phase) for floor in self.floors)

    def reached(self, number: int, phase: int, worlds: int) -> list[float]:
        """Each goal's number in the first so many worlds of a phase, more is better."""
        found, best = self.worlds.seen[phase, number][:, :worlds], self.best
        return [
            weighed_up(goal, goal.by_world(found, self.terms[goal]), self.weights, best[goal]) for goal in self.question.goals
        ]  # fmt: skip

    @property
    def best(self) -> dict[Goal, Floats | None]:
        """Of each goal, what the best plan searched gives in each scenario, where regret is asked for."""
        judge = self.judge(())
        return {goal: judge.best(goal, self.question.worlds) for goal in self.question.goals}

    def tried(self) -> Iterator[tuple[int, int, tuple[float, ...]]]:
        """Every plan that was looked at, in the order in which it came."""
        for (phase, number), found in self.worlds.seen.items():
            if phase == SEARCHED:
                yield number, found.shape[1], tuple(self.reached(number, SEARCHED, found.shape[1]))

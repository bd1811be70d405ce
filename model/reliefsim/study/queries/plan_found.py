"""A question for a plan becomes its answer: searched in some worlds, chosen in others, confirmed in worlds that neither saw."""

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
from ..running.backend_choice import working
from ..statistics.estimates import Floats
from ..statistics.points import generator
from ..statistics.ranking import Chosen, chance_best, choose, frontier, knee
from .plan_answer import Found, Price, weights_of
from .plan_judge import PlanJudge, Terms, Worlds
from .plan_search import STAGES, Search, slim, taken_back
from .plan_work import CONFIRMED, SEARCHED, SELECTED, PlanWork

if TYPE_CHECKING:
    from ...indicators.measure import Key
    from ..running.backends import Backend, Running

PLAN_SEARCH = 3  # what the generator is for, beside those of points
FINALISTS = 4
CERTAINTY = 0.95
INDIFFERENT = 0.002  # of what the present plan gives: a difference between finalists that nobody minds
TRIFLE = 0.001  # of the same: a change that gains no more is not worth its trouble
SPREAD = 4  # steps from one goal to the other along a frontier
AGAIN = 0.25  # of the effort: a search that begins at the plan found, with one floor more or less
ALONE = 50  # worlds in which each change is taken back alone


def wanted_of(scenario: Scenario) -> tuple[Key, ...]:
    """What is read off every run, whatever the goals: what a plan may be judged by, in total, by service, class and place."""
    return tuple(key for key in COUNTED.keys(scenario) if key.indicator in TARGETS and not key.origin)


def find(request: StudyRequest, running: Running) -> Found:
    """Find, choose and confirm a plan.

    Raises ValueError where a scenario has no such goal, StudyStoppedError, ReplicationsFailedError, BackendError.
    """
    with working(request, running, math.inf) as (backend, inside):
        return _Finding(request, backend, inside).found()


def work_of(request: StudyRequest) -> PlanWork:
    """The work of a search: every scenario under plans of the first one's decisions."""
    wanted = wanted_of(request.scenario)
    return PlanWork(request.scenarios, request.rules[:1], request.seed, request.uncertain, wanted=wanted)


class _Finding:
    """One search with all that belongs to it."""

    def __init__(self, request: StudyRequest, backend: Backend, running: Running) -> None:
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
        work = work_of(request)
        self.wanted = work.wanted
        self.terms: Terms = {goal: goal.terms(scenario, self.wanted) for goal in goals}
        for service in sorted(scenario.services):
            goal = Goal("cases_served", scenario.services[service].counts_as or service)
            self.terms[goal] = goal.terms(scenario, self.wanted)
        self.worlds = Worlds(work, backend, running)
        self.space, self.weights = work.space, weights_of(request)
        self.random = generator(request.seed, PLAN_SEARCH)
        self.stages = tuple(sorted({min(stage, question.worlds) for stage in STAGES} | {question.worlds}))
        self.ends = math.inf if question.within is None else time.monotonic() + 60 * question.within
        self.rounds = 0

    def found(self) -> Found:
        """Search, choose, confirm."""
        self.worlds.have([AS_IT_IS], self.question.worlds)
        best = self._searched()
        finalists = self._finalists(best)
        number, compared, chosen, chance = self._chosen(finalists)
        self.worlds.have([AS_IT_IS, number], self.question.confirm, CONFIRMED)
        prices = tuple(self._prices(number))
        on_frontier = tuple(self._frontier(number)) if len(self.question.goals) > 1 else ()
        seen = self.worlds.seen
        return Found(
            self.request, self.space, self.wanted, number, seen[CONFIRMED, AS_IT_IS], seen[CONFIRMED, number],
            self._alone(number), on_frontier, prices, compared, chosen, chance, tuple(self._tried()), self.rounds,
            self.worlds.spent,
        )  # fmt: skip

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

    def _search(self, judge: PlanJudge, begin: Plan, runs: float) -> Plan:
        def is_over() -> bool:
            return time.monotonic() > self.ends

        search = Search(self.space, judge, self.random, int(runs), self.stages, is_over=is_over)
        best = search.run(begin)
        self.rounds += search.rounds
        return best

    def _searched(self) -> list[Plan]:
        """The best plan of each search: one, or along the frontier of several goals."""
        goals, begin = len(self.question.goals), self.space.present
        if goals == 1:
            return [self._search(self.judge(), begin, self.question.effort)]
        parts = [one for one in product(range(SPREAD + 1), repeat=goals) if sum(one) == SPREAD]
        found = []
        for one in parts:
            judge = self.judge(parts=[part / SPREAD + 0.01 for part in one])
            begin = self._search(judge, begin, self.question.effort / len(parts) * 1.5)
            found.append(begin)
        return found

    def _finalists(self, best: list[Plan]) -> list[Plan]:
        """The plans found, without changes that gain nothing, and the best others seen in all worlds."""
        judge, worlds = self.judge(), self.question.worlds
        slim = [self._slim(judge, plan) for plan in best]
        if len(self.question.goals) > 1:
            return list(dict.fromkeys(slim + best))
        seen = sorted(
            (self.space.plan(number) for phase, number in self.worlds.seen
             if phase == SEARCHED and number != AS_IT_IS and self.worlds.seen[phase, number].shape[1] >= worlds),
            key=lambda plan: (*(-part for part in judge.score(plan, worlds)), plan),
        )  # fmt: skip
        return list(dict.fromkeys([*slim, *seen[:FINALISTS]]))

    def _slim(self, judge: PlanJudge, plan: Plan) -> Plan:
        """A plan without the changes that gain a trifle or nothing: who must carry a plan out is spared them."""
        trifle = TRIFLE * max(1e-9, abs(judge.aim(judge.reached(AS_IT_IS, self.question.worlds))))
        return slim(self.space, judge, plan, self.question.worlds, trifle)

    def _chosen(self, finalists: list[Plan]) -> tuple[int, tuple[int, ...], Chosen, float]:
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
            points = np.array([self._goals(number, SELECTED, self.question.worlds) for number in numbers])
            place = frontier(points)[knee(points[frontier(points)])]
            compared = Chosen(place, self.question.worlds, False, tuple(range(len(numbers))))
            return numbers[place], tuple(numbers), compared, math.nan
        goal = self.question.goals[0]
        margin = INDIFFERENT * max(1e-9, abs(self._goals(AS_IT_IS, SELECTED, self.question.worlds)[0]))

        def values(places: Sequence[int], worlds: int) -> Floats:
            chosen = [numbers[place] for place in places]
            self.worlds.have(chosen, worlds, SELECTED)
            return np.array([self._by_world(goal, self.worlds.seen[SELECTED, one][:, :worlds]) for one in chosen])

        chosen = choose(values, len(numbers), margin, CERTAINTY, most)
        every = values(range(len(numbers)), min(most, max(chosen.worlds, self.question.worlds)))
        if goal.over != MEAN:
            best = max(range(len(numbers)), key=lambda place: (self._goals(numbers[place], SELECTED, every.shape[1])[0], -place))
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

    def _by_world(self, goal: Goal, worlds: Floats) -> Floats:
        """A goal in one world of every scenario at a time, more is better: shape (worlds,)."""
        return np.asarray(self.weights @ np.nan_to_num(goal.sense * goal.by_world(worlds, self.terms[goal])))

    def lacking(self, number: int, worlds: int, phase: int) -> float:
        """How far a plan is from keeping all floors."""
        found = self.worlds.seen[phase, number][:, :worlds]
        return sum(self.judge().lacking(floor, found, worlds, phase) for floor in self.floors)

    def _goals(self, number: int, phase: int, worlds: int) -> list[float]:
        found = self.worlds.seen[phase, number][:, :worlds]
        return [weighed_up(goal, goal.by_world(found, self.terms[goal]), self.weights) for goal in self.question.goals]

    def _frontier(self, number: int) -> Iterator[tuple[int, Floats]]:
        """Plans seen in all worlds of the search of which none is better in every goal, as they do in confirmed worlds."""
        worlds = self.question.worlds
        whole = [
            one for (phase, one), found in self.worlds.seen.items()
            if phase == SELECTED and found.shape[1] >= worlds and self.lacking(one, worlds, SELECTED) <= 0.005
        ]  # fmt: skip
        points = np.array([self._goals(one, SELECTED, worlds) for one in whole])
        numbers = list(dict.fromkeys([number, *(whole[place] for place in frontier(points))]))
        self.worlds.have(numbers, self.question.confirm, CONFIRMED)
        confirmed = np.array([self._goals(one, CONFIRMED, self.question.confirm) for one in numbers])
        for place in sorted(frontier(confirmed), key=lambda one: (-confirmed[one, 0], numbers[one])):
            yield numbers[place], self.worlds.seen[CONFIRMED, numbers[place]]

    def _alone(self, number: int) -> dict[str, Floats]:
        """Each change of the plan taken back alone."""
        if number == AS_IT_IS:
            return {}
        plan, found = self.space.plan(number), dict[str, int]()
        for place, lever in enumerate(self.space.levers):
            back = taken_back(self.space, plan, [place])
            if back != plan and self.worlds.work.is_legal(back):
                found[lever.key] = self.space.number(back)
        worlds = min(ALONE, self.question.confirm)
        self.worlds.have(list(found.values()), worlds, CONFIRMED)
        return {key: self.worlds.seen[CONFIRMED, one][:, :worlds] for key, one in found.items()}

    def _prices(self, number: int) -> Iterator[Price]:
        """What each floor asked for costs, and what it would cost that the service which loses most lost nothing."""
        if number == AS_IT_IS:
            return
        plan = self.space.plan(number)
        changed = [(one, False, tuple(other for other in self.floors if other != one)) for one in self.question.floors]
        loser = self._loser(number)
        if loser is not None:
            changed.append((loser, True, (*self.floors, loser)))
        for floor, kept, floors in changed:
            judge = self.judge(floors)
            begin = plan if not kept else self.space.present
            best = self._slim(judge, self._search(judge, begin, AGAIN * self.question.effort))
            one = self.space.number(best)
            self.worlds.have([one], self.question.confirm, CONFIRMED)
            yield Price(floor, kept, one, self.worlds.seen[CONFIRMED, one])

    def _loser(self, number: int) -> Floor | None:
        """No less than today for the service that loses the largest part of its cases, beyond chance."""
        before, after = self.worlds.seen[CONFIRMED, AS_IT_IS], self.worlds.seen[CONFIRMED, number]
        worst, found = -0.01, None
        for goal in self.terms:
            if goal.indicator != "cases_served" or not goal.of or goal in self.question.goals:
                continue
            apart = self._by_world(goal, after) - self._by_world(goal, before)
            base = float(self._by_world(goal, before).mean())
            error = float(apart.std(ddof=1)) / math.sqrt(len(apart))
            if base > 0 and apart.mean() + 2 * error < 0 and apart.mean() / base < worst:
                worst, found = apart.mean() / base, Floor(goal, None)
        return found if found not in self.floors else None

    def _tried(self) -> Iterator[tuple[int, int, tuple[float, ...]]]:
        """Every plan that was looked at, in the order in which it came."""
        for (phase, number), found in self.worlds.seen.items():
            if phase == SEARCHED:
                yield number, found.shape[1], tuple(self._goals(number, SEARCHED, found.shape[1]))

"""A question for a plan becomes its answer: found, confirmed in worlds that no search saw, and priced."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...scenario.decisions import AS_IT_IS, Plan
from ..goals import Floor
from ..request import StudyRequest
from ..running.backend_choice import working
from ..statistics.estimates import Floats
from ..statistics.ranking import frontier
from .plan_answer import Found, Level, Price, Step
from .plan_finding import Finding, work_of
from .plan_search import taken_back
from .plan_work import CONFIRMED, SELECTED

if TYPE_CHECKING:
    from ..running.backends import Running

AGAIN = 0.25  # of the effort: a search that begins at the plan found, with one floor more or less
ALONE = 50  # worlds in which each change is taken back alone, and each step more is tried
SHIFT = 2  # parts of a whole that go from one line to another in a step


def find(request: StudyRequest, running: Running) -> Found:
    """Find, choose and confirm a plan.

    Raises ValueError where a scenario has no such goal, StudyStoppedError, ReplicationsFailedError, BackendError.
    """
    with working(request, running, math.inf) as (backend, inside):
        first = Finding(request, work_of(request), backend, inside)
        found = _found(first)
        levels = []
        for group, share in enumerate(first.question.money, start=1):
            one = Finding(request, first.worlds.work, backend, inside, group)
            one.rounds, one.ends = first.rounds, first.ends
            levels.append(_level(one, share, found.number))
        steps: tuple[Step, ...] = ()
        ceiling: Floats | None = None
        if first.question.prices:
            steps = tuple(_steps(first, found.number))
            last = Finding(request, first.worlds.work, backend, inside, len(first.question.money) + 1)
            ceiling = _ceiling(last, found.number)
        rounds = tuple(first.rounds)
        asked = first.question if first.question.within is None else replace(first.question, rounds=rounds)
        again = replace(request, question=asked)
        return replace(found, levels=tuple(levels), rounds=rounds, request=again, steps=steps, ceiling=ceiling)


def _found(of: Finding) -> Found:
    """Search, choose, confirm."""
    of.worlds.have([AS_IT_IS], of.question.worlds)
    best = of.searched()
    finalists = of.finalists(best)
    number, compared, chosen, chance = of.choose(finalists)
    of.worlds.have([AS_IT_IS, number], of.question.confirm, CONFIRMED)
    prices = tuple(_prices(of, number))
    on_frontier = tuple(_frontier(of, number)) if len(of.question.goals) > 1 else ()
    seen = of.worlds.seen
    return Found(
        of.request, of.space, of.wanted, number, seen[CONFIRMED, AS_IT_IS], seen[CONFIRMED, number],
        _alone(of, number), on_frontier, prices, compared, chosen, chance, tuple(of.tried()), tuple(of.rounds),
        of.worlds.spent, best=of.best,
    )  # fmt: skip


def _level(of: Finding, share: float, number: int) -> Level:
    """A plan made anew for a part of the money, from the one for all of it on, and both in confirmed worlds."""
    of.worlds.have([AS_IT_IS, number], of.question.worlds)
    begin = of.space.present if number == AS_IT_IS else of.space.plan(number)
    judge = of.judge(of.question.floors)
    best = of.slim(judge, of.search(judge, begin, of.question.effort / 2))
    anew = of.space.number(best)
    numbers = (AS_IT_IS, number, anew)
    of.worlds.have(numbers, of.question.confirm, CONFIRMED)
    return Level(share, anew, *(of.worlds.seen[CONFIRMED, one] for one in numbers))


def _frontier(of: Finding, number: int) -> Iterator[tuple[int, Floats]]:
    """Plans seen in all worlds of the search of which none is better in every goal, as they do in confirmed worlds."""
    worlds = of.question.worlds
    whole = [
        one for (phase, one), found in of.worlds.seen.items()
        if phase == SELECTED and found.shape[1] >= worlds and of.lacking(one, worlds, SELECTED) <= 0.005
    ]  # fmt: skip
    points = np.array([of.reached(one, SELECTED, worlds) for one in whole])
    numbers = list(dict.fromkeys([number, *(whole[place] for place in frontier(points))]))
    of.worlds.have(numbers, of.question.confirm, CONFIRMED)
    confirmed = np.array([of.reached(one, CONFIRMED, of.question.confirm) for one in numbers])
    for place in sorted(frontier(confirmed), key=lambda one: (-confirmed[one, 0], numbers[one])):
        yield numbers[place], of.worlds.seen[CONFIRMED, numbers[place]]


def _alone(of: Finding, number: int) -> dict[str, Floats]:
    """Each change of the plan taken back alone."""
    if number == AS_IT_IS:
        return {}
    plan, found = of.space.plan(number), dict[str, int]()
    for place, lever in enumerate(of.space.levers):
        back = taken_back(of.space, plan, [place])
        if back != plan and of.worlds.work.is_legal(back):
            found[lever.key] = of.space.number(back)
    worlds = min(ALONE, of.question.confirm)
    of.worlds.have(list(found.values()), worlds, CONFIRMED)
    return {key: of.worlds.seen[CONFIRMED, one][:, :worlds] for key, one in found.items()}


def _prices(of: Finding, number: int) -> Iterator[Price]:
    """What each floor asked for costs, and what it would cost that the service which loses most lost nothing."""
    if number == AS_IT_IS:
        return
    plan = of.space.plan(number)
    changed = [(one, False, tuple(other for other in of.floors if other != one)) for one in of.question.floors]
    loser = _loser(of, number)
    if loser is not None:
        changed.append((loser, True, (*of.floors, loser)))
    for floor, kept, floors in changed:
        judge = of.judge(floors)
        begin = plan if not kept else of.space.present
        best = of.slim(judge, of.search(judge, begin, AGAIN * of.question.effort))
        one = of.space.number(best)
        of.worlds.have([one], of.question.confirm, CONFIRMED)
        yield Price(floor, kept, one, of.worlds.seen[CONFIRMED, one])


def _loser(of: Finding, number: int) -> Floor | None:
    """No less than today for the service that loses the largest part of its cases, beyond chance."""
    before, after = of.worlds.seen[CONFIRMED, AS_IT_IS], of.worlds.seen[CONFIRMED, number]
    worst, found = -0.01, None
    for goal in of.terms:
        if goal.indicator != "cases_served" or not goal.of or goal in of.question.goals:
            continue
        apart = of.by_world(goal, after) - of.by_world(goal, before)
        base = float(of.by_world(goal, before).mean())
        error = float(apart.std(ddof=1)) / math.sqrt(len(apart))
        if base > 0 and apart.mean() + 2 * error < 0 and apart.mean() / base < worst:
            worst, found = apart.mean() / base, Floor(goal, None)
    return found if found not in of.floors else None


def _steps(of: Finding, number: int) -> Iterator[Step]:
    """Neighbours of a plan: each decision a legal step further, either way; of what is shared out, SHIFT parts from
    each to each other."""
    plan = of.space.present if number == AS_IT_IS else of.space.plan(number)
    found: dict[Plan, str] = {}
    for lever, first in zip(of.space.levers, of.space.starts, strict=False):
        places = range(first, first + lever.width)
        pairs = [(give, take) for give in places for take in places if give != take and plan[give] >= SHIFT]
        moves = [{give: -SHIFT, take: SHIFT} for give, take in pairs] if lever.names else [{first: -1}, {first: 1}]
        for move in moves if lever.is_ordered else ():
            changed = list(plan)
            for place, by in move.items():
                changed[place] += by
            inside = lever.names or 0 <= changed[first] < len(lever.legal)
            if inside and of.worlds.work.is_legal(tuple(changed)):
                found[tuple(changed)] = lever.key
    worlds, now = min(ALONE, of.question.confirm), of.space.stated(plan)
    numbers = [of.space.number(one) for one in found]
    of.worlds.have([number, *numbers], worlds, CONFIRMED)
    for one, key in found.items():
        rows = of.worlds.seen[CONFIRMED, of.space.number(one)][:, :worlds]
        yield Step(key, now[key], of.space.stated(one)[key], rows)


def _ceiling(of: Finding, number: int) -> Floats:
    """A plan with PLENTY of the money, every team as large as is legal, from the first legal day on."""
    plan = list(of.space.present if number == AS_IT_IS else of.space.plan(number))
    for lever, first in zip(of.space.levers, of.space.starts, strict=False):
        if lever.key.startswith("teams.") and lever.is_ordered:
            largest = [*plan[:first], len(lever.legal) - 1, *plan[first + 1 :]]
            smallest = [*plan[:first], 0, *plan[first + 1 :]]
            wanted = largest if lever.key.endswith(".count") else smallest if lever.key.endswith(".from_day") else plan
            plan = wanted if of.worlds.work.is_legal(tuple(wanted)) else plan
    one = of.space.number(tuple(plan))
    of.worlds.have([one], of.question.confirm, CONFIRMED)
    return of.worlds.seen[CONFIRMED, one]

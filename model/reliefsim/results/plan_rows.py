"""A plan that was found becomes plan.csv, frontier.csv and trials.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..indicators.registry import INDICATORS
from ..scenario.decisions import stated_at
from ..scenario.dump import document
from ..study.goals import BREAKDOWNS, MEAN, Goal, weighed_up
from ..study.statistics.estimates import Floats
from ..study.statistics.verdicts import BETTER, SAME, TRIFLE, UNTOLD, WORSE

if TYPE_CHECKING:
    from ..indicators.measure import Key
    from ..study.queries.plan_answer import Found

COLUMNS = (
    "scenario", "rule", "part", "name", "indicator", "service", "group", "location", "unit", "before", "after",
    "difference", "ci_low", "ci_high", "verdict", "worlds",
)  # fmt: skip
LEVEL = 0.95
OF_EACH = ("people_reached", "cases_served")  # who gains and who loses, by service, class and place
COVERED = "need_covered"


@dataclass(frozen=True)
class Apart:
    """A number before and after, its difference with the ends of a simultaneous interval, and what that comes to."""

    before: float
    after: float
    difference: float
    low: float
    high: float
    verdict: str


NOTHING = Apart(math.nan, math.nan, math.nan, math.nan, math.nan, "")


def apart(before: Floats, after: Floats, goal: Goal, among: int) -> Apart:
    """Paired numbers of a goal, one a world: the mean difference and its t interval, held for ``among`` told together
    (Bonferroni).

    A world in which either is not defined does not count.
    """
    from scipy.stats import t

    both = ~(np.isnan(before) | np.isnan(after))
    one, other = before[both], after[both]
    if not len(one):
        return NOTHING
    differs = other - one
    mean, count = float(differs.mean()), len(differs)
    error = float(differs.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
    half = 0.0 if not differs.any() else float(t.ppf(1 - (1 - LEVEL) / 2 / among, count - 1)) * error
    verdict = _verdict(differs, half, goal, float(one.mean()))
    return Apart(float(one.mean()), float(other.mean()), mean, mean - half, mean + half, verdict)


def _verdict(differs: Floats, half: float, goal: Goal, base: float) -> str:
    """What a difference comes to: better or worse only where its interval leaves out 0, and it is one that matters."""
    mean = float(differs.mean())
    if not differs.any():
        return SAME
    if abs(mean) <= half or not goal.sense:
        return UNTOLD if goal.sense else ""
    if abs(mean) < INDICATORS[goal.indicator].least_that_matters(base):
        return TRIFLE
    return BETTER if mean * goal.sense > 0 else WORSE


def rows(found: Found) -> Iterator[list[Any]]:
    """The rows of plan.csv: goals, changes with what each gains, who gains and who loses, fairness, floors and prices."""
    yield from _goals(found)
    yield from _chances(found)
    yield from _changes(found)
    yield from _each(found)
    yield from _fairness(found)
    yield from _floors(found)
    yield from _prices(found)
    yield from _steps(found)
    yield from _ceiling(found)


def row(found: Found, part: str, name: str, key: Key | Goal, one: Apart, unit: str = "") -> list[Any]:
    """A row of plan.csv, by COLUMNS; ``part``: what it tells of, ``name``: of which."""
    request, where = found.request, [getattr(key, kind, "") for kind in BREAKDOWNS]
    unit = unit or INDICATORS[key.indicator].unit
    return [
        request.scenario.name, request.rule_name, part, name, key.indicator, *where, unit, one.before, one.after,
        one.difference, one.low, one.high, one.verdict, found.after.shape[1],
    ]  # fmt: skip


def by_world(found: Found, worlds: Floats, goal: Goal) -> Floats:
    """A goal in one world of every scenario at a time, shape (worlds,)."""
    terms = goal.terms(found.request.scenario, found.wanted)
    return np.asarray(found.weights @ goal.by_world(worlds, terms))


def _goals(found: Found) -> Iterator[list[Any]]:
    for goal in found.question.goals:
        yield row(found, "goal", str(goal), goal, goal_apart(found, found.before, found.after, goal))


def _chances(found: Found) -> Iterator[list[Any]]:
    """In which share of worlds the plan is better in the first goal, and how sure it is to be the best of those compared."""
    goal = found.question.goals[0]
    ahead = goal.sense * (by_world(found, found.after, goal) - by_world(found, found.before, goal))
    for name, share in (("better", float((ahead > 0).mean())), ("best", found.chance)):
        yield row(found, "chance", name, goal, Apart(math.nan, share, math.nan, math.nan, math.nan, ""), "share")


def goal_apart(found: Found, before: Floats, after: Floats, goal: Goal) -> Apart:
    """A goal before and after; of a quantile, the interval is a bootstrap's over worlds."""
    among = len(found.question.goals)
    if goal.over == MEAN:
        return apart(by_world(found, before, goal), by_world(found, after, goal), goal, among)
    terms = goal.terms(found.request.scenario, found.wanted)
    one, other = goal.by_world(before, terms), goal.by_world(after, terms)

    def of(worlds: Floats) -> float:
        return goal.sense * weighed_up(goal, worlds, found.weights, found.best[goal])

    random = np.random.default_rng(np.random.SeedSequence(found.request.seed, spawn_key=(4, 0)))
    rows = random.integers(0, one.shape[1], (1_000, one.shape[1]))
    drawn = np.array([of(other[:, each]) - of(one[:, each]) for each in rows])
    low, high = (float(end) for end in np.quantile(drawn, [(1 - LEVEL) / 2 / among, 1 - (1 - LEVEL) / 2 / among]))
    mean = of(other) - of(one)
    half = 0.0 if low > 0 or high < 0 else math.inf
    return Apart(of(one), of(other), mean, low, high, _verdict(np.array([mean]), half, goal, of(one)))


def _changes(found: Found) -> Iterator[list[Any]]:
    """Each change, and what taking it back alone would cost."""
    goal, scenario = found.question.goals[0], found.request.scenario
    for key, value in found.changes.items():
        if key in found.alone:
            worlds = found.alone[key].shape[1]
            one = goal_apart(found, found.alone[key], found.after[:, :worlds], goal)
        else:
            one = NOTHING
        told = row(found, "change", key, goal, one)
        told[9:11] = [said(plain(stated_at(scenario, key))), said(value)]
        told[-1] = found.alone[key].shape[1] if key in found.alone else 0
        yield told


def plain(stated: Any) -> Any:
    """What stands at a decision, without ranges and sources."""
    table = document(stated)
    if isinstance(table, dict):
        return {name: one["value"] if isinstance(one, dict) and "value" in one else one for name, one in table.items()}
    return table


def said(value: Any) -> str:
    """What stands at a decision, in one line: parts with their names, the largest first."""
    if not isinstance(value, dict):
        return str(value)
    parts = {name: next(iter(one.values())) if isinstance(one, dict) else one for name, one in value.items()}
    plain = {name: one["value"] if isinstance(one, dict) else one for name, one in parts.items()}
    return "; ".join(f"{name} {one:g}" for name, one in sorted(plain.items(), key=lambda part: (-part[1], part[0])))


def _each(found: Found) -> Iterator[list[Any]]:
    """Who gains and who loses: the intervals of all these rows hold together."""
    keys = [key for key in found.wanted if key.indicator in OF_EACH and any(getattr(key, kind) for kind in BREAKDOWNS)]
    for key in keys:
        kind = next(kind for kind in BREAKDOWNS if getattr(key, kind))
        goal = Goal(key.indicator, getattr(key, kind))
        before, after = by_world(found, found.before, goal), by_world(found, found.after, goal)
        yield row(found, kind, getattr(key, kind), key, apart(before, after, goal, len(keys)))


def _fairness(found: Found) -> Iterator[list[Any]]:
    """Of classes and of places: the need covered of the worst off, and its ratio to that of all."""
    everybody = Goal(COVERED)
    for kind in ("group", "location"):
        names = [getattr(key, kind) for key in found.wanted if key.indicator == COVERED and getattr(key, kind)]
        names = [name for name in names if name != "hosts"]
        if len(names) < 2:
            continue
        sides = []
        for worlds in (found.before, found.after):
            means = np.array([np.nanmean(by_world(found, worlds, Goal(COVERED, name))) for name in names])
            sides.append((float(np.nanmin(means)), names[int(np.nanargmin(means))], means))
        for told, over in (("worst off", 1.0), ("worst off to all", None)):
            values = [
                side[0] / (over or float(np.nanmean(by_world(found, worlds, everybody))))
                for side, worlds in zip(sides, (found.before, found.after), strict=True)
            ]
            one = Apart(values[0], values[1], values[1] - values[0], math.nan, math.nan, "")
            name = f"{told}: {sides[0][1]}, then {sides[1][1]}"
            yield row(found, f"fairness by {kind}", name, everybody, one, "ratio" if over is None else "")


def _floors(found: Found) -> Iterator[list[Any]]:
    """Each floor asked for: what it is about, before and after, and whether it is kept in confirmed worlds."""
    for floor in found.question.floors:
        before, after = by_world(found, found.before, floor.goal), by_world(found, found.after, floor.goal)
        one = apart(before, after, floor.goal, len(found.question.floors))
        least = floor.part * before if floor.least is None else np.full(len(after), floor.least)
        ahead = floor.goal.sense * (after - least)
        if floor.certainty is None:
            kept = float(np.nanmean(ahead)) >= -1e-9
            missed = f"missed by {-float(np.nanmean(ahead)):.4g}"
        else:
            share = float(np.nanmean(ahead >= -1e-9))
            kept, missed = share >= floor.certainty, f"kept in {100 * share:.0f}% of worlds, not {100 * floor.certainty:.0f}%"
        told = row(found, "floor", str(floor), floor.goal, one)
        told[-2] = "kept" if kept else missed
        yield told


def _prices(found: Found) -> Iterator[list[Any]]:
    """What the first goal would be with a floor more or less."""
    goal = found.question.goals[0]
    for price in found.prices:
        part = "with floor" if price.kept else "without floor"
        yield row(found, part, str(price.floor), goal, goal_apart(found, found.after, price.worlds, goal))


def _steps(found: Found) -> Iterator[list[Any]]:
    """What one step more or less of each decision changes in the first goal; all intervals hold together."""
    goal = found.question.goals[0]
    for step in found.steps:
        worlds = step.worlds.shape[1]
        before, after = (by_world(found, one, goal) for one in (found.after[:, :worlds], step.worlds))
        told = row(found, "step", step.key, goal, apart(before, after, goal, len(found.steps)))
        told[9:11], told[-1] = [said(step.before), said(step.after)], worlds
        yield told


def _ceiling(found: Found) -> Iterator[list[Any]]:
    """What there is at most: people in need, and what the plan gives with money and teams to spare."""
    if found.ceiling is None:
        return
    for goal in found.question.goals:
        one = goal_apart(found, found.after, found.ceiling, goal)
        yield row(found, "ceiling", "ten times the money, every team at its largest", goal, one)
    reached = Goal("people_reached")
    if reached in found.question.goals:
        served, need = (by_world(found, found.after, goal) for goal in (reached, Goal("people_in_need")))
        yield row(found, "ceiling", "everybody in need", reached, apart(served, need, reached, 1))

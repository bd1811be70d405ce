"""A plan that was found becomes plan.csv, frontier.csv and trials.csv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..scenario.decisions import AS_IT_IS, stated_at
from ..store import write_table
from ..study.goals import Goal
from .answer_folder import PLAN
from .plan_rows import COLUMNS, NOTHING, OF_EACH, apart, by_world, goal_apart, plain, row, rows, said

if TYPE_CHECKING:
    from ..study.queries.plan_answer import Found, Level

FRONTIER, TRIALS = "frontier.csv", "trials.csv"


def write_tables(found: Found, folder: Path) -> None:
    """Write plan.csv, frontier.csv and trials.csv."""
    write_table(folder / PLAN, COLUMNS, (*rows(found), *_levels(found)))
    for name, (columns, told) in ((FRONTIER, frontier_rows(found)), (TRIALS, trial_rows(found))):
        write_table(folder / name, tuple(columns), told)


def _levels(found: Found) -> Iterator[list[Any]]:
    """At a part of the money, the plan made anew beside the one for all of it: goals, then services and classes; and what
    it decides otherwise."""
    for level in found.levels:
        part = f"money {level.share:g}"
        for goal in found.question.goals:
            yield row(found, part, str(goal), goal, goal_apart(found, level.scaled, level.anew, goal))
        keys = [key for key in found.wanted if key.indicator in OF_EACH and (key.service or key.group)]
        for key in keys:
            goal = Goal(key.indicator, key.service or key.group)
            before, after = by_world(found, level.scaled, goal), by_world(found, level.anew, goal)
            yield row(found, part, key.service or key.group, key, apart(before, after, goal, len(keys)))
        yield from _decided_anew(found, part, level)


def _decided_anew(found: Found, part: str, level: Level) -> Iterator[list[Any]]:
    """What the plan for less money decides otherwise than the one for all of it."""
    scenario, space = found.request.scenario, found.space
    full = space.present if found.number == AS_IT_IS else space.plan(found.number)
    before, after = space.stated(full), space.stated(space.plan(level.number))
    for name, value in after.items():
        if before[name] != value:
            told = row(found, part, name, found.question.goals[0], NOTHING)
            stated = before[name] if name in space.changes(full) else plain(stated_at(scenario, name))
            told[9:11] = [said(stated), said(value)]
            yield told


def frontier_rows(found: Found) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows of frontier.csv: the present plan, then plans of which none is better in every goal."""
    goals = found.question.goals
    columns = ["plan", "is", *(f"{goal}{end}" for goal in goals for end in ("", "_difference", "_ci_low", "_ci_high"))]
    columns += [lever.key for lever in found.space.levers]
    plans = [(AS_IT_IS, found.before), *(found.on_frontier or ((found.number, found.after),))]
    told = []
    for number, worlds in plans:
        kind = "present" if number == AS_IT_IS else "chosen" if number == found.number else ""
        numbers: list[float] = []
        for goal in goals:
            one = goal_apart(found, found.before, worlds, goal)
            numbers += [one.after, one.difference, one.low, one.high]
        told.append([str(number), kind, *numbers, *_decided(found, number)])
    return columns, told


def trial_rows(found: Found) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows of trials.csv: every plan that was looked at, in its order, and what it gave in the search."""
    columns = ["plan", "worlds", *map(str, found.question.goals), *(lever.key for lever in found.space.levers)]
    rows = [
        [str(number), worlds, *(goal.sense * one for goal, one in zip(found.question.goals, goals, strict=True)),
         *_decided(found, number)]
        for number, worlds, goals in found.tried
    ]  # fmt: skip
    return columns, rows


def _decided(found: Found, number: int) -> Sequence[str]:
    if number == AS_IT_IS:
        return [said(plain(stated_at(found.request.scenario, lever.key))) for lever in found.space.levers]
    return [said(value) for value in found.space.stated(found.space.plan(number)).values()]

"""A plan's number and some worlds become the numbers that plans are judged by, wherever they are run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...indicators.allocated import Allocations
from ...scenario import Scenario, ScenarioError, replace
from ...scenario.decisions import AS_IT_IS, Plan, Space
from ..running.jobs import Batch, Part, Work

if TYPE_CHECKING:
    from ...indicators.measure import Key

# Replications that no study of fewer than a million has: what a search has seen is no proof of what it found.
SEARCHED, SELECTED, CONFIRMED = 1_000_000, 2_000_000, 3_000_000
REMEMBERED = 128  # scenarios under a plan


@dataclass(frozen=True, kw_only=True)
class PlanWork(Work):
    """Runs scenarios under plans of the first one's decisions: a job's point is the number of its plan.

    ``wanted``: what is read off a run, the same of every scenario (NaN where one has no such number). ``group``: how
    many scenarios make a world; the groups after the first have other money.
    """

    wanted: tuple[Key, ...]
    group: int

    @cached_property
    def space(self) -> Space:
        """The plans that there are."""
        return Space(self.scenarios[0])

    def keys(self, scenario: int) -> tuple[Key, ...]:
        """The same of every scenario."""
        return self.wanted

    def months(self, scenario: int) -> int:
        """None is kept."""
        return 0

    @property
    def evaluations(self) -> int:
        """How many numbers of plans there are."""
        return self.space.size

    def planned(self, scenario: int, number: int) -> Scenario:
        """A scenario under a plan. Raises ScenarioError where the two do not go together."""
        kept, key = self._planned, (scenario, number)
        if key not in kept:
            while len(kept) >= REMEMBERED:
                kept.pop(next(iter(kept)))
            kept[key] = under(self.scenarios[scenario], self.space, number)
        return kept[key]

    @cached_property
    def _planned(self) -> dict[tuple[int, int], Scenario]:
        """Checking a scenario takes as long as running it, and a plan is run several times."""
        return {}

    def __getstate__(self) -> dict[str, object]:
        return {key: one for key, one in self.__dict__.items() if key not in ("_planned", "space")}

    def is_legal(self, plan: Plan) -> bool:
        """Whether every scenario can be run under a plan: dates in order, a team that ends after it begins."""
        try:
            for scenario in range(self.group):
                self.planned(scenario, self.space.number(plan))
        except ScenarioError:
            return False
        return True

    def do(self, batch: Batch) -> tuple[Part, ...]:
        """Each replication under every plan of the batch, so that what chance decides is drawn once for all."""
        from ...engine.simulate import simulate
        from ...engine.world.world_draws import SharedWorlds
        from ...indicators.measure import counted

        scenarios = [self.planned(job.scenario, job.point) for job in batch]
        places = [self._places(job.scenario) for job in batch]
        found = [np.full((job.last - job.first, len(self.wanted)), np.nan) for job in batch]
        worlds, names = SharedWorlds(), [""] * len(batch)
        for row, replication in enumerate(range(batch[0].first, batch[0].last)):
            for number, job in enumerate(batch):
                run = simulate(
                    scenarios[number], self.rules[job.rule], self.seed, replication, self.uncertain, draw=worlds.draw
                )
                mine, there = places[number]
                found[number][row, mine] = counted(run)[there]
                names[number] = run.rule
        nothing = Allocations((), np.empty((0, 6), np.int64))
        parts = zip(names, found, strict=True)
        return tuple(Part(rule, values, np.empty((len(values), 0)), nothing) for rule, values in parts)

    def _places(self, scenario: int) -> tuple[list[int], list[int]]:
        """The columns of what is wanted that a scenario has, and where among its runs' numbers they stand."""
        from ...indicators.measure import keys

        there = {key: place for place, key in enumerate(keys(self.scenarios[scenario]))}
        mine = [column for column, key in enumerate(self.wanted) if key in there]
        return mine, [there[self.wanted[column]] for column in mine]


def under(scenario: Scenario, space: Space, number: int) -> Scenario:
    """A scenario under the plan of a number; AS_IT_IS: under its own. Raises ScenarioError where the two do not go together.

    Of the space's own scenario only what the plan changes is stated, so that what is off the legal values may stay.
    """
    if number == AS_IT_IS:
        return scenario
    plan = space.plan(number)
    changes = space.changes(plan) if scenario is space.scenario else space.stated(plan, scenario)
    return replace(scenario, changes) if changes else scenario

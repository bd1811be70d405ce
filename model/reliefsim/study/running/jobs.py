"""Some replications of one scenario under one rule become numbers: the piece of a study that runs anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...indicators.allocated import Allocations, gather
from ..request import StudyRequest, named_rule
from ..statistics.estimates import Floats
from ..statistics.points import Points

if TYPE_CHECKING:
    from ...indicators.measure import Key, Measured
    from ...records import Envelope
    from ...rules import Rule
    from ...scenario.schema import Scenario


# Each point has replications of its own: points that shared their chance would all err alike, and an interval over them
# would not know. Arms still share it, point by point.
CHANCES_OF_A_POINT = 1_000_000
DRAWN = 1  # the point of a study with bands at which values are drawn
BATCH = 8  # jobs done together at most: more would share more, and come back later


class Job(NamedTuple):
    """Replications [first, last) of one scenario under one rule at one point, given by their places in the study."""

    scenario: int
    rule: int
    point: int
    first: int
    last: int

    def singly(self) -> list[Job]:
        """The same work, a replication at a time."""
        return [self._replace(first=one, last=one + 1) for one in range(self.first, self.last)]


# Jobs that are done side by side, replication by replication, because they may have worlds in common.
Batch = tuple[Job, ...]


class Part(NamedTuple):
    """What a job leaves: ``values`` and ``monthly`` have shape (replications of the job, indicators)."""

    rule: str
    values: Floats
    monthly: Floats
    allocations: Allocations


class Failure(NamedTuple):
    """A replication that failed twice, and why."""

    job: Job
    why: str


@dataclass(frozen=True)
class Work:
    """What every job of a study shares; sent to each process once.

    ``uncertain``: each replication draws every ranged value anew. ``points``: instead, one set of values for all
    replications of a point. ``bands``: point 0 has the point values, point DRAWN draws every ranged value anew in each
    replication. ``funding``: the fundraiser's numbers are counted too, each run once more with money without limit.
    """

    scenarios: tuple[Scenario, ...]
    rules: tuple[str | Rule | None, ...]
    seed: int
    uncertain: bool = False
    points: Points | None = None
    funding: bool = False
    bands: bool = False

    @classmethod
    def of(cls, request: StudyRequest) -> Work:
        """The work of a request."""
        one = request
        return cls(one.scenarios, one.rules, one.seed, one.uncertain, one.points, one.funding, one.bands)

    def keys(self, scenario: int) -> tuple[Key, ...]:
        """The indicators of a scenario's runs, in the order of a part's values."""
        from ...indicators.measure import funding_keys, keys

        which = self.scenarios[scenario]
        return (*keys(which), *(funding_keys(which) if self.funding else ()))

    def months(self, scenario: int) -> int:
        """How many monthly numbers a scenario's runs leave."""
        from ...indicators.measure import monthly_keys

        return len(monthly_keys(self.scenarios[scenario]))

    @property
    def evaluations(self) -> int:
        """How many points there are."""
        return 2 if self.bands else 1 if self.points is None else len(self.points.values)

    def batches(self, jobs: Sequence[Job]) -> list[Batch]:
        """The jobs, in order; neighbours of the same replications and the same chance together, up to BATCH."""
        found: list[Batch] = []
        for job in jobs:
            last = found[-1] if found else ()
            alike = last and last[0][3:] == job[3:] and self._chance(last[0]) == self._chance(job)
            if alike and len(last) < BATCH:
                found[-1] = (*last, job)
            else:
                found.append((job,))
        return found

    def _chance(self, job: Job) -> int:
        """Where the replications of a job's point begin among all that there are."""
        return 0 if self.points is None or self.points.shares_chance else job.point * CHANCES_OF_A_POINT

    def do(self, batch: Batch) -> tuple[Part, ...]:
        """Simulate and measure the replications of a batch, each of them for all its jobs: a part for each job."""
        from ...engine.simulate import simulate
        from ...engine.world.world_draws import SharedWorlds, draw_world
        from ...indicators.measure import measure, measure_all

        draw = SharedWorlds().draw if len(batch) > 1 or self.funding else draw_world
        scenarios = [self._scenario(job) for job in batch]
        names = [""] * len(batch)
        found = [_Measured(job.last - job.first) for job in batch]
        for replication in range(batch[0].first, batch[0].last):
            for place, job in enumerate(batch):
                run = simulate(
                    scenarios[place], self.rules[job.rule], self.seed, self._chance(job) + replication,
                    self.uncertain or (self.bands and job.point == DRAWN), draw=draw,
                )  # fmt: skip
                found[place].add(replication, measure_all(run, draw) if self.funding else measure(run))
                names[place] = run.rule
        return tuple(measured.part(rule) for rule, measured in zip(names, found, strict=True))

    def _scenario(self, job: Job) -> Scenario:
        scenario = self.scenarios[job.scenario]
        return scenario if self.points is None else self.points.at(scenario, job.point)

    def rule_name(self, scenario: int, rule: int) -> str:
        """What a rule of the study is called; the scenario's own where none is named."""
        return named_rule(self.scenarios[scenario], self.rules[rule])

    def name(self, job: Job) -> str:
        """``scenario/rule/replication`` (with the point, where there are points) of a job's first replication."""
        point = "" if self.points is None else f"/point-{job.point}"
        return f"{self.scenarios[job.scenario].name}/{self.rule_name(job.scenario, job.rule)}{point}/{job.first}"


class _Measured:
    """The numbers of so many runs, kept once: lists of them that become arrays would hold them twice."""

    def __init__(self, runs: int) -> None:
        self.runs, self.done = runs, 0
        self.values = self.monthly = np.empty((0, 0))
        self.plans: list[tuple[int, tuple[Envelope, ...]]] = []

    def add(self, replication: int, measured: Measured) -> None:
        """Keep the numbers of the next run."""
        if not self.done:
            self.values = np.empty((self.runs, len(measured.values)))
            self.monthly = np.empty((self.runs, len(measured.monthly)))
        self.values[self.done], self.monthly[self.done] = measured.values, measured.monthly
        self.plans.append((replication, measured.allocation))
        self.done += 1

    def part(self, rule: str) -> Part:
        """All of them."""
        return Part(rule, self.values, self.monthly, gather(self.plans))

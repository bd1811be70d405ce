"""Some replications of one scenario under one rule become numbers: the piece of a study that runs anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .allocation import Allocations, gather
from .estimates import Floats
from .points import Points

if TYPE_CHECKING:
    from ..money.rules import Rule
    from ..scenario.schema import Scenario


# Each point has replications of its own: points that shared their chance would all err alike, and an interval over them
# would not know. Arms still share it, point by point.
CHANCES_OF_A_POINT = 1_000_000


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
    replications of a point.
    """

    scenarios: tuple[Scenario, ...]
    rules: tuple[str | Rule | None, ...]
    seed: int
    uncertain: bool = False
    points: Points | None = None

    def do(self, job: Job) -> Part:
        """Simulate and measure the replications of a job."""
        from ..operation import simulate
        from .indicators import measure

        scenario, rule = self.scenarios[job.scenario], self.rules[job.rule]
        if self.points is not None:
            scenario = self.points.at(scenario, job.point)
        values, monthly, envelopes, name = [], [], [], ""
        apart = 0 if self.points is None or self.points.shares_chance else job.point * CHANCES_OF_A_POINT
        for replication in range(job.first, job.last):
            run = simulate(scenario, rule, self.seed, apart + replication, uncertain=self.uncertain)
            measured = measure(run)
            values.append(measured.values)
            monthly.append(measured.monthly)
            envelopes.append((replication, measured.allocation))
            name = run.rule
        return Part(name, np.array(values), np.array(monthly), gather(envelopes))

    def rule_name(self, scenario: int, rule: int) -> str:
        """What a rule of the study is called; the scenario's own where none is named."""
        one = self.rules[rule]
        if one is None:
            return str(self.scenarios[scenario].plan.rule)
        return one if isinstance(one, str) else str(getattr(one, "__name__", one))

    def name(self, job: Job) -> str:
        """``scenario/rule/replication`` (with the point, where there are points) of a job's first replication."""
        point = "" if self.points is None else f"/point-{job.point}"
        return f"{self.scenarios[job.scenario].name}/{self.rule_name(job.scenario, job.rule)}{point}/{job.first}"

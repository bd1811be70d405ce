"""Scenarios × rules × replications become numbers, the same wherever and in however many processes they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ...indicators.allocated import Allocations, Entry, joined
from ..request import StudyRequest
from ..statistics.estimates import Floats
from ..statistics.points import Points
from ..statistics.precision import precision_of
from .backend_choice import SECONDS_A_PERSON, working
from .backends import Backend, Processes, Running
from .jobs import BATCH, DRAWN, Failure, Job, Part, Work

if TYPE_CHECKING:
    from ...indicators.measure import Key
    from ...scenario import Reading

CHUNK = 10  # replications of an arm a process does at a time: one file
BATCH_SECONDS = 1.0  # what a batch may take, roughly: a study that is asked to stop waits for it
LEAST_SECONDS = 1e-3  # what one replication takes at least, roughly; moves no result


class StudyStoppedError(Exception):
    """The study was asked to stop; what was done is kept, if it has a folder."""

    def __init__(self, done: int, total: int, what: str = "replications") -> None:
        super().__init__(f"{done} of {total} {what} are done")
        self.done, self.total = done, total
        self.signal = 0  # that asked for it


class ReplicationsFailedError(Exception):
    """Some replications failed twice; all others were done, and are kept if the study has a folder."""

    def __init__(self, failures: Sequence[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"failed: {name}: {why}" for name, why in failures))
        self.failures = tuple(failures)


@dataclass(frozen=True)
class Arm:
    """All replications of one scenario under one rule.

    ``values``: shape (points × replications, keys), point after point; ``monthly``: (points × replications,
    monthly_keys); NaN where undefined. A study without points has one.
    """

    reading: Reading
    rule: str
    keys: tuple[Key, ...]
    monthly_keys: tuple[Key, ...]
    values: Floats
    monthly: Floats
    allocation: tuple[Entry, ...]
    points: int = 1

    @property
    def scenario(self) -> str:
        """The scenario's name."""
        return self.reading.scenario.name


@dataclass(frozen=True)
class Study:
    """Every arm of a study, and what was asked for. ``replications``: of each point, where there are points.

    ``drawn``: with bands, the same arms in the same order, every ranged value drawn anew in each replication.
    """

    arms: tuple[Arm, ...]
    replications: int
    request: StudyRequest
    drawn: tuple[Arm, ...] = ()
    notes: tuple[str, ...] = ()  # what a goal says of how it was reached
    levels: tuple[tuple[Arm, Study], ...] = ()  # of each arm, the study of its parts of the money (for the fundraiser)

    @property
    def points(self) -> Points | None:
        """Values that are not known, each point with all replications."""
        return self.request.points

    @property
    def reference(self) -> int:
        """The arm that others are compared with, by its place."""
        return self.request.reference

    @property
    def seed(self) -> int:
        """Where chance began."""
        return self.request.seed

    @property
    def uncertain(self) -> bool:
        """Whether every ranged value was drawn anew in each replication."""
        return self.request.uncertain

    @property
    def rules(self) -> tuple[str | None, ...]:
        """As asked for; None: each scenario's own."""
        return self.request.rule_names


class Goal(Protocol):
    """How many replications a study wants."""

    @property
    def most(self) -> int:
        """Never more."""

    def wanted(self, arms: Callable[[], Sequence[Arm]], done: int) -> int:
        """Replications wanted of every arm, seen what ``done`` gave; no more than ``done``: it is reached."""

    def notes(self) -> tuple[str, ...]:
        """What there is to say about how it was reached."""


@dataclass(frozen=True)
class Fixed:
    """So many replications."""

    most: int

    def wanted(self, arms: Callable[[], Sequence[Arm]], done: int) -> int:
        """Always the same."""
        return self.most

    def notes(self) -> tuple[str, ...]:
        """Nothing to say."""
        return ()


def goal_of(request: StudyRequest) -> Goal:
    """How many replications are asked for. Raises ValueError for a precision that is none."""
    if request.precision is None:
        return Fixed(request.replications)
    return precision_of(request.scenarios, request.precision, request.max_replications, request.reference)


class _SoFar:
    """The parts of a study that are done."""

    def __init__(self, readings: Sequence[Reading], work: Work) -> None:
        self.readings, self.work = readings, work
        self.parts: dict[tuple[int, int, int], dict[Job, Part]] = {
            (scenario, rule, point): {}
            for scenario in range(len(work.scenarios))
            for rule in range(len(work.rules))
            for point in range(work.evaluations)
        }

    def add(self, job: Job, part: Part) -> None:
        """One more part; what is there already counts once."""
        place = (job.scenario, job.rule, job.point)
        if place in self.parts:
            self.parts[place][job] = part

    def missing(self, replications: int) -> list[Job]:
        """What is left to do up to so many replications, as ranges."""
        jobs = []
        for place, parts in self.parts.items():
            at = 0
            for job in sorted(parts, key=lambda one: (one.first, -one.last)):
                if at < min(job.first, replications):
                    jobs.append(Job(*place, at, min(job.first, replications)))
                at = max(at, job.last)
            if at < replications:
                jobs.append(Job(*place, at, replications))
        return jobs

    def arms(self, replications: int, drawn: bool = False) -> tuple[Arm, ...]:
        """Every arm with so many replications; of a study with bands at the point values, or ``drawn``."""
        scenarios, rules = range(len(self.work.scenarios)), range(len(self.work.rules))
        return tuple(self._arm(scenario, rule, replications, drawn) for scenario in scenarios for rule in rules)

    def _arm(self, scenario: int, rule: int, replications: int, drawn: bool) -> Arm:
        from ...indicators.measure import monthly_keys

        which = (DRAWN if drawn else 0,) if self.work.bands else range(self.work.evaluations)
        points = [self.parts[scenario, rule, point] for point in which]
        rows = [row for parts in points for row in _rows(parts, replications)]
        allocations = [
            _numbered(part.allocations, first, last, number * replications)
            for number, parts in enumerate(points)
            for first, last, part, _ in _spans(parts, replications)
        ]
        reading = self.readings[scenario]
        return Arm(
            reading,
            self.work.rule_name(scenario, rule),
            self.work.keys(scenario),
            monthly_keys(reading.scenario),
            np.concatenate([values for values, _ in rows]),
            np.concatenate([monthly for _, monthly in rows]),
            joined(allocations, replications * len(points)),
            len(points),
        )


def _spans(parts: dict[Job, Part], replications: int) -> Iterator[tuple[int, int, Part, int]]:
    """The parts of one point in order, each with the replications [first, last) that it gives, and where it begins."""
    at = 0
    for job in sorted(parts, key=lambda one: (one.first, -one.last)):
        last = min(job.last, replications)
        if last > at:
            yield at, last, parts[job], job.first
            at = last


def _rows(parts: dict[Job, Part], replications: int) -> Iterator[tuple[Floats, Floats]]:
    for first, last, part, begin in _spans(parts, replications):
        yield part.values[first - begin : last - begin], part.monthly[first - begin : last - begin]


def _numbered(allocations: Allocations, first: int, last: int, more: int) -> Allocations:
    """The rows of replications [first, last), each numbered so many higher."""
    amounts = allocations.amounts
    mine = amounts[(amounts[:, 0] >= first) & (amounts[:, 0] < last)].copy()
    mine[:, 0] += more
    return Allocations(allocations.lines, mine)


def run_study(request: StudyRequest, running: Running | None = None) -> Study:
    """Run every replication of every scenario under every rule.

    Replication r depends on the scenario, the rule, the seed and r alone: neither on where it is run nor on the number of
    replications. With processes, the calling script must be importable (``if __name__ == "__main__"``). What is kept is
    not done again, and what comes is kept. Raises StudyStoppedError, ReplicationsFailedError, BackendError, ValueError for
    a precision that is none, OSError where parts cannot be kept.
    """
    running = running or Running()
    work, goal = Work.of(request), goal_of(request)
    so_far = _SoFar(request.readings, work)
    for job, part in (running.kept.find().parts if running.kept else {}).items():
        so_far.add(job, part)
    missing = so_far.missing(goal.wanted(lambda: (), 0))
    done = 0
    with working(request, running, sum(job.last - job.first for job in missing)) as (backend, running):
        if isinstance(backend, Processes) and missing:
            backend.begin(work)
        while (wanted := goal.wanted(lambda: so_far.arms(done), done)) > done:  # noqa: B023 - called at once
            _run(backend, running, so_far, wanted, done)
            done = wanted
    drawn = so_far.arms(done, drawn=True) if work.bands else ()
    return Study(so_far.arms(done), done, request, drawn, goal.notes())


def _run(backend: Backend, running: Running, so_far: _SoFar, wanted: int, done: int) -> None:
    """Do what is missing up to ``wanted`` replications."""
    work, ranges = so_far.work, so_far.missing(wanted)
    total = (wanted - done) * len(so_far.parts)
    left = sum(job.last - job.first for job in ranges)
    running.progress(total - left)
    failures: list[Failure] = []
    for job, result in backend.run(work, _jobs(work, ranges, left, backend.workers), running.stop):
        if isinstance(result, Failure):
            failures.append(result)
            continue
        if running.kept:
            running.kept.save(job, result)
        so_far.add(job, result)
        left -= job.last - job.first
        running.progress(job.last - job.first)
    if running.stop():
        raise StudyStoppedError(wanted * len(so_far.parts) - left, wanted * len(so_far.parts))
    if failures:
        raise ReplicationsFailedError([(work.name(one.job), one.why) for one in sorted(failures)])


def _jobs(work: Work, ranges: Sequence[Job], total: int, workers: int) -> list[Job]:
    """The ranges cut into jobs of a size that keeps every worker busy; those of the same replications side by side."""
    people = max((float(scenario.caseload.people.value) for scenario in work.scenarios), default=0.0)
    together = min(BATCH, len(work.scenarios) * len(work.rules))
    timely = int(BATCH_SECONDS / (together * max(people * SECONDS_A_PERSON, LEAST_SECONDS)))
    size = max(1, min(CHUNK, -(-total // (4 * workers * together)), timely))
    jobs = [
        one._replace(first=first, last=min(first + size, one.last))
        for one in ranges
        for first in range(one.first, one.last, size)
    ]
    return sorted(jobs, key=lambda job: (job.point, job.first, job.last, job.scenario, job.rule))

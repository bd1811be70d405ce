"""Scenarios × rules × replications become numbers, the same for any number of processes."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .allocation import Allocations, Entry, gather, joined
from .estimates import Floats

if TYPE_CHECKING:
    from ..money.rules import Rule
    from ..scenario import Reading
    from ..scenario.schema import Scenario
    from .indicators import Key

CHUNK = 10  # replications a process does at a time: some 50 ms of work, one message
IN_HAND = 2  # jobs a helping process has been given and not yet done
POOL_PAYS_SECONDS = 2.0  # a process takes about a second to start

Progress = Callable[[int], None]


class Job(NamedTuple):
    """Replications [first, last) of one scenario under one rule, given by their places in the study."""

    scenario: int
    rule: int
    first: int
    last: int


class Part(NamedTuple):
    """What a job leaves: ``values`` and ``monthly`` have shape (replications of the job, indicators)."""

    rule: str
    values: Floats
    monthly: Floats
    allocations: Allocations


@dataclass(frozen=True)
class Arm:
    """All replications of one scenario under one rule.

    ``values``: shape (replications, keys); ``monthly``: shape (replications, monthly_keys); NaN where undefined.
    """

    reading: Reading
    rule: str
    keys: tuple[Key, ...]
    monthly_keys: tuple[Key, ...]
    values: Floats
    monthly: Floats
    allocation: tuple[Entry, ...]

    @property
    def scenario(self) -> str:
        """The scenario's name."""
        return self.reading.scenario.name


@dataclass(frozen=True)
class Study:
    """Every arm of a study, and what it was run with."""

    arms: tuple[Arm, ...]
    replications: int
    seed: int
    uncertain: bool


@dataclass(frozen=True)
class Work:
    """What every job of a study shares; sent to each process once."""

    scenarios: tuple[Scenario, ...]
    rules: tuple[str | Rule | None, ...]
    seed: int
    uncertain: bool

    def do(self, job: Job) -> Part:
        """Simulate and measure the replications of a job."""
        from ..operation import simulate
        from .indicators import measure

        scenario, rule = self.scenarios[job.scenario], self.rules[job.rule]
        values, monthly, envelopes, name = [], [], [], ""
        for replication in range(job.first, job.last):
            run = simulate(scenario, rule, self.seed, replication, uncertain=self.uncertain)
            measured = measure(run)
            values.append(measured.values)
            monthly.append(measured.monthly)
            envelopes.append((replication, measured.allocation))
            name = run.rule
        return Part(name, np.array(values), np.array(monthly), gather(envelopes))


_given: list[Work] = []  # in a worker process: the work it was started with


def _begin(work: Work) -> None:
    _given[:] = [work]
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A helping process does not outlive the one it helps, whatever that dies of."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(job: Job) -> Part:
    return _given[0].do(job)


def run_study(
    readings: Sequence[Reading],
    rules: Sequence[str | Rule | None] = (None,),
    replications: int = 100,
    seed: int = 2012,
    workers: int = 1,
    uncertain: bool = False,
    progress: Progress = lambda done: None,
) -> Study:
    """Run every replication of every scenario under every rule; ``progress`` is told how many more are done.

    Replication r depends on the scenario, the rule, the seed and r alone: neither on ``workers`` nor on the number of
    replications. With more than one worker, the calling script must be importable (``if __name__ == "__main__"``).
    """
    work = Work(tuple(one.scenario for one in readings), tuple(rules), seed, uncertain)
    jobs = list(_jobs(len(readings), len(rules), replications, workers))
    parts = _run_jobs(work, jobs, workers, progress)
    arms = tuple(
        _arm(reading, [parts[job] for job in jobs if (job.scenario, job.rule) == (s, r)], replications)
        for s, reading in enumerate(readings)
        for r in range(len(rules))
    )
    return Study(arms, replications, seed, uncertain)


def _jobs(scenarios: int, rules: int, replications: int, workers: int) -> Iterator[Job]:
    size = max(1, min(CHUNK, -(-scenarios * rules * replications // (4 * workers))))
    for scenario in range(scenarios):
        for rule in range(rules):
            for first in range(0, replications, size):
                yield Job(scenario, rule, first, min(first + size, replications))


def _run_jobs(work: Work, jobs: Sequence[Job], workers: int, progress: Progress) -> dict[Job, Part]:
    """Do the jobs here, and in other processes too where that is faster.

    The first two jobs are done here: the first compiles the kernels if need be, so that no two processes do it at the
    same time, and the second tells how long a job takes.
    """
    parts: dict[Job, Part] = {}
    seconds = 0.0
    for job in jobs[:2]:
        began = time.perf_counter()
        parts[job] = work.do(job)
        seconds = time.perf_counter() - began
        progress(job.last - job.first)
    rest = jobs[2:]
    if workers > 1 and seconds * len(rest) > POOL_PAYS_SECONDS:
        _share_out(work, rest, workers - 1, progress, parts)
    for job in rest:
        if job not in parts:
            parts[job] = work.do(job)
            progress(job.last - job.first)
    return parts


def _share_out(work: Work, jobs: Sequence[Job], helpers: int, progress: Progress, parts: dict[Job, Part]) -> None:
    """Do jobs here and in other processes, each of which has one job in hand and one waiting.

    If a helping process is killed, the jobs it leaves stay undone; the caller does them.
    """
    waiting = deque(jobs)
    at_work: dict[Future[Part], Job] = {}
    pool = ProcessPoolExecutor(helpers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=(work,))
    try:
        while waiting or at_work:
            while waiting and len(at_work) < IN_HAND * helpers:
                job = waiting.popleft()
                at_work[pool.submit(_do, job)] = job
            if waiting:
                job = waiting.popleft()
                parts[job] = work.do(job)
                progress(job.last - job.first)
            else:
                wait(at_work, return_when=FIRST_COMPLETED)
            for future in [one for one in at_work if one.done()]:
                job = at_work.pop(future)
                parts[job] = future.result()
                progress(job.last - job.first)
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _arm(reading: Reading, parts: Sequence[Part], replications: int) -> Arm:
    from .indicators import keys, monthly_keys

    return Arm(
        reading,
        parts[0].rule,
        keys(reading.scenario),
        monthly_keys(reading.scenario),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.monthly for part in parts]),
        joined([part.allocations for part in parts], replications),
    )

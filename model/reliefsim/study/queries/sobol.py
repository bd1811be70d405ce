"""One scenario with ranges becomes Sobol indices: which of the values that are not known move its results most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from ...indicators.allocated import Allocations
from ..request import StudyRequest
from ..running.backend_choice import working
from ..running.backends import Running, Serial
from ..running.jobs import Failure, Job, Part, Work
from ..running.runner import ReplicationsFailedError, StudyStoppedError
from ..statistics.points import RESAMPLING, SENSITIVITY, Points, chosen, generator, sobol

if TYPE_CHECKING:
    from ...scenario.schema import Scenario
    from ..running.checkpoints import CheckpointStore

Floats = npt.NDArray[np.float64]

INDICATORS = (
    "people_reached", "reached_of_target", "need_covered", "cases_unserved", "waiting_days", "spent_usd",
    "lapsed_usd", "cost_per_person_reached_usd", "requirement_usd", "gap_usd",
)  # fmt: skip
A, B, MIXED = 0, 1, 2  # the evaluations of a row: A, B, and A with one place of B's, for each path
RESAMPLES = 1000
FEWEST_ROWS = 64  # of fewer, intervals cover too little
METHOD = "bootstrap of rows, covers 90 % or more"
RARE = "bootstrap of rows, of rare events: may cover far less"  # a step of 1 in 20 was covered in 40 to 70 % of samples
OFTEN_EQUAL = 0.5
EQUAL = "equal in every evaluation"


@dataclass(frozen=True)
class Rows(Points):
    """All evaluations that Sobol indices need; ``values``, shape (rows, 2 × paths), holds A's and B's places.

    Each row is evaluated paths + 2 times, as points row × (paths + 2) + part: part A, part B, and for every path part
    MIXED + its position, which is A with B's place of that path (Saltelli and others, Computer Physics Communications
    181 (2010) 259).
    """

    shares_chance: ClassVar[bool] = True

    @property
    def parts(self) -> int:
        """How often each row is evaluated."""
        return len(self.paths) + MIXED

    @property
    def evaluations(self) -> int:
        """How many points there are to run."""
        return len(self.values) * self.parts

    @property
    def part_shape(self) -> tuple[int, int]:
        """A job is a row of evaluations: of each part, the means of INDICATORS."""
        return self.parts, len(INDICATORS)

    def places(self, point: int) -> Floats:
        """The places of one evaluation, shape (paths,)."""
        row, part = divmod(point, self.parts)
        a, b = self.values[row].reshape(2, -1)
        if part in (A, B):
            return np.asarray(b if part == B else a)
        mixed = np.array(a)
        mixed[part - MIXED] = b[part - MIXED]
        return mixed


@dataclass(frozen=True)
class Indices:
    """Sobol indices with their bootstrap intervals; arrays of shape (indicators, paths), NaN where there are none.

    ``first``: the share of an indicator's variance that goes if this value becomes known. ``total``: the share that
    stays if all others do. ``methods``, one an indicator, say what its intervals cover, and ``notes`` why it has none.
    """

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    methods: tuple[str, ...]
    notes: tuple[str, ...]


def rows(scenario: Scenario, count: int, seed: int, over: Sequence[str] | None = None) -> Rows:
    """The evaluations of ``count`` rows, a power of two; ``over`` names a part of the values (see points.chosen).

    A and B are Sobol sequences scrambled each by itself, B's rows in random order. One sequence of twice the
    dimensions, as is usual, lets some of A's run alongside some of B's: intervals that should cover 95 % of additive
    functions of 8 and 20 values then cover 79 and 16 % (256 and 64 rows), these 97. Raises ValueError for another
    count, and for what points.chosen does.
    """
    if count < FEWEST_ROWS or count & (count - 1):
        raise ValueError(f"the number of rows must be a power of two, {FEWEST_ROWS} or more (got {count})")
    paths = chosen((scenario,), over)
    random = generator(seed, SENSITIVITY)
    a, b = (sobol(len(paths), count, random) for _ in range(2))
    return Rows(paths, np.concatenate([a, random.permutation(b)], axis=1))


def sensitivity(request: StudyRequest, running: Running | None = None) -> Indices:
    """The indices of a request whose points are ``rows``. Raises what ``evaluate`` does, and BackendError."""
    with working(request, running or Running(), request.runs) as (backend, inside):
        values = evaluate(Work.of(request), request.replications, replace(inside, backend=backend))
    return indices(values, request.seed)


def evaluate(work: Work, replications: int, running: Running) -> Floats:
    """Simulate every evaluation: the means of INDICATORS over the replications in which they are defined, NaN if in none.

    Shape (rows, parts, indicators). All evaluations share replications 0, 1, …: what differs between two of them is
    their values' doing, in these replications. Rows are kept, and not done again. Raises StudyStoppedError,
    ReplicationsFailedError, and OSError where rows cannot be kept.
    """
    table = _Table(work, replications, running.kept)
    running.progress(table.done)
    failures: list[Failure] = []
    for job, part in (running.backend or Serial()).run(work, table.missing(), running.stop):
        if isinstance(part, Failure):
            failures.append(part)
        else:
            table.add(job, part)
        running.progress(1)
    if running.stop():
        raise StudyStoppedError(table.done, table.values[..., 0].size, "evaluations")
    if failures:
        raise ReplicationsFailedError([(work.name(one.job), one.why) for one in sorted(failures)])
    return table.values


class _Table:
    """The evaluations that are done."""

    def __init__(self, work: Work, replications: int, kept: CheckpointStore | None) -> None:
        from ...indicators.measure import keys

        assert isinstance(work.points, Rows)
        totals = {key.indicator: place for place, key in enumerate(keys(work.scenarios[0])) if not any(key[1:7])}
        self.columns = [totals[name] for name in INDICATORS]
        self.parts, self.replications, self.kept = work.points.parts, replications, kept
        self.values = np.full((len(work.points.values), self.parts, len(INDICATORS)), np.nan)
        self.left = np.full(len(self.values), self.parts)
        self.done = 0
        for job, part in (kept.find().parts if kept else {}).items():
            if job.last == replications:
                self.values[job.point], self.left[job.point] = part.values, 0
                self.done += self.parts

    def missing(self) -> list[Job]:
        """The evaluations that are left, row after row."""
        numbers = (row * self.parts + part for row in np.flatnonzero(self.left).tolist() for part in range(self.parts))
        return [Job(0, 0, number, 0, self.replications) for number in numbers]

    def add(self, job: Job, part: Part) -> None:
        """One more evaluation; a row that has all of them is kept as one part."""
        row, place = divmod(job.point, self.parts)
        self.values[row, place] = _means(part.values[:, self.columns])
        self.left[row] -= 1
        self.done += 1
        if self.kept and not self.left[row]:
            empty = Allocations((), np.empty((0, 6), np.int64))
            whole = Part(part.rule, self.values[row], np.empty((self.parts, 0)), empty)
            self.kept.save(Job(0, 0, row, 0, self.replications), whole)


def _means(values: Floats) -> Floats:
    """The mean of each column's defined values; NaN if there are none."""
    count = (~np.isnan(values)).sum(axis=0)
    return np.where(count > 0, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)


def indices(values: Floats, seed: int) -> Indices:
    """Sobol indices out of evaluations, shape (rows, parts, indicators), by scipy.stats.sobol_indices.

    First-order after Saltelli and others (2010), total after Jansen (1999). The intervals are percentiles of what
    resampled rows give, 95 % (see _intervals). An indicator that is undefined in an evaluation, or equal in all, has
    no indices.
    """
    notes = tuple(_note(values[:, :, number]) for number in range(values.shape[2]))
    shape = (values.shape[2], values.shape[1] - MIXED)
    found = np.full((6, *shape), np.nan)
    drawn = generator(seed, RESAMPLING).integers(0, len(values), (RESAMPLES, len(values)))
    weights = np.array([np.bincount(row, minlength=len(values)) for row in drawn], np.float64)
    for number, note in enumerate(notes):
        if not note:
            one = values[:, :, number]
            found[[0, 3], number] = _by_scipy(one)
            found[[1, 2, 4, 5], number] = _intervals(one, weights)
    methods = ("" if note else _method(values[:, :MIXED, number]) for number, note in enumerate(notes))
    first, first_low, first_high, total, total_low, total_high = found
    return Indices(first, first_low, first_high, total, total_low, total_high, tuple(methods), notes)


def _note(values: Floats) -> str:
    """Why there are no indices of one indicator, of values of shape (rows, parts); empty if there are."""
    missing = int(np.isnan(values).sum())
    if missing:
        return f"not defined in {missing:,} of {values.size:,} evaluations"
    # A and B alone give the variance.
    return EQUAL if np.ptp(values[:, :MIXED]) == 0 else ""


def _method(values: Floats) -> str:
    """What intervals of one indicator cover, by its values at A and B: where most are equal, few rows tell."""
    _, counts = np.unique(values, return_counts=True)
    return RARE if counts.max() > OFTEN_EQUAL * values.size else METHOD


def _by_scipy(values: Floats) -> Floats:
    """First-order and total indices of one indicator, of values of shape (rows, parts); shape (2, paths)."""
    from scipy.stats import sobol_indices

    turned = values.T[:, None, :]
    paths = len(turned) - MIXED
    mixed = turned[MIXED:] if paths > 1 else turned[[MIXED, MIXED]]  # of one path alone, scipy (1.17.1) raises
    found = sobol_indices(func={"f_A": turned[A], "f_B": turned[B], "f_AB": mixed}, n=len(values))
    return np.array([np.ravel(found.first_order)[:paths], np.ravel(found.total_order)[:paths]])


def _intervals(values: Floats, weights: Floats) -> Floats:
    """Bounds of one indicator's first-order and total indices, shape (4, paths).

    ``weights``, shape (resamples, rows), says how often each resample has each row. The estimators are scipy's, worked
    out for all resamples at once; scipy's own bootstrap takes no seed.
    """
    rows_ = len(values)
    centred = values - values[:, :MIXED].mean()
    a, b, mixed = centred[:, A], centred[:, B], centred[:, MIXED:]
    both = np.einsum("rn,nk->rk", weights, np.column_stack([a + b, a * a + b * b])) / (2 * rows_)
    variance = np.maximum(both[:, 1] - both[:, 0] ** 2, np.finfo(float).tiny)[:, None]
    first = np.einsum("rn,nk->rk", weights, b[:, None] * (mixed - a[:, None])) / rows_ / variance
    total = np.einsum("rn,nk->rk", weights, (a[:, None] - mixed) ** 2) / (2 * rows_) / variance
    bounds = [np.quantile(one, (0.025, 0.975), axis=0) for one in (first, total)]
    return np.concatenate(bounds)

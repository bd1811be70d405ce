"""A question for money becomes its answer: how much, how sure, by when, and what binds if no money does it."""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...indicators.shortfall import shortfall_keys
from ...scenario import Scenario
from ..request import Ask, StudyRequest, from_no_file
from ..running.backend_choice import working
from ..running.backends import Running
from ..running.jobs import Failure, Job
from ..running.runner import ReplicationsFailedError, Study, StudyStoppedError, run_study
from ..statistics import saturation
from ..statistics.estimates import Floats
from . import ask_search as asking
from .ask_search import AskWork, ConfirmWork, at_amount, with_money

if TYPE_CHECKING:
    from ...indicators.measure import Key

CHUNK = 5  # replications of one arrival a process does at a time
PILOT = 20  # replications that tell how much is tried at most
CURVE = (0.1, 0.3, 0.5, 0.7, 0.9)  # quantiles of the least amounts, where people reached are counted
PARTS = (0.25, 0.5, 0.75)  # of the ask, where they are counted too
BEYOND = 1.5  # times the ask: as far as the curve goes
HALVES = 7  # amounts of the curve, each half of the next, where none does it
MOST_TIMES = 20  # the gap, at most, that is tried


def share_of(happens: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """The share of replications in which something happens, and its 95 % interval (Clopper and Pearson)."""
    from scipy.stats import binomtest

    times = int(happens.sum())
    limits = binomtest(times, len(happens)).proportion_ci(0.95)
    return times / len(happens), float(limits.low), float(limits.high)


@dataclass(frozen=True)
class Answer:
    """What was found. ``found``: shape (arrivals, replications, columns), see AskWork; ``most``: USD that were tried.

    ``position``: which of the least amounts, in order, is the ask; None: too few replications for that certainty.
    """

    request: StudyRequest
    found: Floats
    most: int
    grid: int
    position: int | None
    curve: Study | None = None
    confirmed: Floats | None = None  # the target's number with the ask, in as many replications that had no part in it

    @property
    def question(self) -> Ask:
        """What was asked."""
        return _question(self.request)

    @property
    def scenario(self) -> Scenario:
        """What it was asked of."""
        return self.request.scenario

    def least(self, arrival: int = 0) -> Floats:
        """The least amounts of all replications in order (USD), infinite where no amount does it."""
        least = self.found[arrival, :, asking.LEAST]
        return np.sort(np.where(np.isnan(least), math.inf, least))

    def ask(self, arrival: int = 0) -> float:
        """The additional USD that meet the target in the wanted share, at CONFIDENCE; infinite: no amount tried does."""
        return math.inf if self.position is None else float(self.least(arrival)[self.position - 1])

    def middle(self, arrival: int = 0) -> float:
        """The wanted share's own quantile, without confidence."""
        least = self.least(arrival)
        return float(least[max(0, math.ceil(self.question.certainty * len(least)) - 1)])

    def low(self, arrival: int = 0) -> float:
        """The lower end of the quantile's two-sided 95 % interval of order statistics, whose upper end is the ask."""
        place = asking.order_statistic_below(self.request.replications, self.question.certainty)
        return float(self.least(arrival)[place - 1]) if place else 0.0

    @property
    def is_largest(self) -> bool:
        """Whether the ask is the largest of all least amounts, so that more replications narrow it."""
        return self.position == self.request.replications

    def chance(self, usd: float, arrival: int = 0) -> tuple[float, float, float]:
        """The share of replications in which an amount meets the target, and its 95 % interval (Clopper and Pearson)."""
        return share_of(self.least(arrival) <= usd)

    def confirmed_chance(self) -> tuple[float, float, float] | None:
        """The share of fresh replications in which the ask meets the target, with its interval; None: there is no ask."""
        if self.confirmed is None:
            return None
        return share_of(np.array([self.question.target.is_met(one) for one in self.confirmed.tolist()]))

    def latest(self) -> int:
        """The place of the last arrival up to which no larger amount would be asked for; 0 if there is no ask."""
        ask = self.ask()
        if not math.isfinite(ask):
            return 0
        places = range(1, len(self.question.days))
        return next((place for place in places if self.ask(place) > ask), len(self.question.days)) - 1

    def lacks(self, with_most: bool) -> dict[Key, Floats]:
        """What ``shortfall`` tells of every replication of the first arrival, with no more money or with the most."""
        keys = shortfall_keys(self.scenario, self.question.target.service, self.question.target.group)
        begins = self.found.shape[2] - (1 if with_most else 2) * len(keys)
        return {key: self.found[0, :, begins + place] for place, key in enumerate(keys)}


def _question(request: StudyRequest) -> Ask:
    assert isinstance(request.question, Ask)
    return request.question


def most_usd(request: StudyRequest) -> int:
    """The most that is tried: what the largest gap of some replications would cost if the smallest share of the money
    had to fill it, in whole steps; at most MOST_TIMES the gap."""
    from ...engine.simulate import simulate
    from ...indicators.measure import counted, keys

    question, scenario = _question(request), with_money(request.scenario, _question(request).money)
    gaps = [
        place
        for place, key in enumerate(keys(scenario))
        if key.indicator == "gap_usd" and (key.service, key.group) in {("", ""), (question.target.service, question.target.group)}
        and not any((key.origin, key.location, key.grant, key.period))
    ]  # fmt: skip
    worst = 0.0
    for replication in range(min(PILOT, request.replications)):
        run = simulate(at_amount(scenario, 0), request.rules[0], request.seed, replication, request.uncertain)
        worst = max(worst, float(counted(run)[gaps].max()))
    shares = [float(one.value) for one in (scenario.plan.shares or {}).values() if one.value > 0]
    times = min(MOST_TIMES, 1 / min(shares)) if request.rule_name == "fixed-shares" and shares else 3
    return asking.STEP_USD * max(1, math.ceil(worst * times / asking.STEP_USD))


def answer_with_curve(request: StudyRequest, running: Running) -> Answer:
    """The answer, and people reached by amount. Raises as ``answer``."""
    with working(request, running, math.inf) as (_, inside):
        return _with_curve(answer(request, inside), replace(inside, progress=Running().progress))


def answer(request: StudyRequest, running: Running | None = None) -> Answer:
    """Find the least amounts of every replication and arrival.

    Raises StudyStoppedError, ReplicationsFailedError, BackendError.
    """
    running = running or Running()
    question, replications = _question(request), request.replications
    most = question.most_usd or most_usd(request)
    grid = 0 if asking.more_always_helps(request.scenario, request.rule_name) else asking.GRID
    monies = [replace(question.money, from_day=day) for day in question.days]
    work = AskWork(
        tuple(with_money(request.scenario, money) for money in monies), request.rules, request.seed, request.uncertain,
        target=question.target, most=most, grid=grid,
    )  # fmt: skip
    jobs = [
        Job(arrival, 0, 0, first, min(first + CHUNK, replications))
        for first in range(0, replications, CHUNK)
        for arrival in range(len(question.days))
    ]
    with working(request, running, math.inf) as (_, inside):
        found = _values(request, work, jobs, inside)
        answered = Answer(request, found, most, grid, asking.order_statistic(replications, question.certainty))
        return _confirmed(answered, work, replace(inside, progress=Running().progress))


def _confirmed(answered: Answer, work: AskWork, running: Running) -> Answer:
    """The same with the ask tried in replications after those that it was found in. Raises as ``answer``."""
    usd, count = answered.ask(), answered.request.replications
    if not 0 < usd < math.inf:
        return answered
    trial = ConfirmWork(
        work.scenarios[:1], work.rules, work.seed, work.uncertain, target=work.target, most=work.most, grid=0, usd=int(usd)
    )
    jobs = [Job(0, 0, 0, first, min(first + CHUNK, 2 * count)) for first in range(count, 2 * count, CHUNK)]
    return replace(answered, confirmed=_values(answered.request, trial, jobs, running)[0, :, 0])


def _values(request: StudyRequest, work: AskWork, jobs: Sequence[Job], running: Running) -> Floats:
    """The values of all jobs, shape (arrivals, replications from the first job's on, columns). Raises as ``answer``."""
    begins = jobs[0].first
    values = np.full((len(work.scenarios), jobs[-1].last - begins, work.columns), math.nan)
    failures: list[Failure] = []
    done = 0
    with working(request, running, math.inf) as (backend, _):
        for job, part in backend.run(work, jobs, running.stop):
            if isinstance(part, Failure):
                failures.append(part)
                continue
            values[job.scenario, job.first - begins : job.last - begins] = part.values
            done += job.last - job.first
            running.progress(job.last - job.first)
    if running.stop():
        raise StudyStoppedError(done, values[..., 0].size)
    if failures:
        raise ReplicationsFailedError([(work.name(one.job), one.why) for one in sorted(failures)])
    return values


def curve_amounts(found: Answer) -> list[int]:
    """The amounts at which people reached are counted, in whole steps: nothing, parts of the ask, what some shares of
    replications need, the ask, and half more; or, where there is no ask, the most that is tried, its half, and so on."""
    step, least = asking.STEP_USD, found.least()
    if found.ask() == 0:
        return [0]
    if not math.isfinite(found.ask()):
        return sorted({0, *(step * math.ceil(found.most / step / 2**place) for place in range(HALVES))})
    some = [float(least[math.ceil(share * len(least)) - 1]) for share in CURVE]
    some += [share * found.ask() for share in PARTS]
    amounts = [*(one for one in some if one <= found.ask()), found.ask(), min(found.most, BEYOND * found.ask())]
    return sorted({0, *(step * round(one / step) for one in amounts)})


def _with_curve(found: Answer, running: Running) -> Answer:
    """The same with a study of some amounts, whose arms are named by them; the first is nothing more."""
    question = found.question
    richer = with_money(found.scenario, replace(question.money, from_day=question.days[0]))
    readings = tuple(from_no_file(at_amount(richer, usd), str(usd)) for usd in curve_amounts(found))
    return replace(found, curve=run_study(replace(found.request, readings=readings, question=None), running))


def arrivals(scenario: Scenario, day: float, every: bool) -> tuple[float, ...]:
    """The days on which money may come: the one that is meant, and if ``every``, the same day of each month after it."""
    horizon, found = float(scenario.horizon_days.value), [day]
    first = scenario.start_date + datetime.timedelta(days=day)
    months = 1
    while every:
        year, month = divmod(first.month - 1 + months, 12)
        year, month = first.year + year, month + 1
        date = datetime.date(year, month, min(first.day, calendar.monthrange(year, month)[1]))
        later = float((date - scenario.start_date).days)
        if later >= horizon:
            break
        found.append(later)
        months += 1
    return tuple(found)


def saturated_from(found: Answer) -> float | None:
    """The least amount of the curve from which on no more makes the target's number better; None: there is none."""
    if found.curve is None:
        return None
    arms = found.curve.arms
    place = saturation.saturated_from(arms, arms[0].keys[found.question.target.place(arms[0].reading.scenario)])
    return None if place is None else float(arms[place].scenario)

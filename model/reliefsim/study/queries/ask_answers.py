"""A question for money becomes its answer: how much, how sure, by when, and what binds if no money does it."""

from __future__ import annotations

import calendar
import datetime
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...indicators.shortfall import shortfall_keys
from ...scenario import Reading, Scenario
from ..running.jobs import Failure, Job, named_rule
from ..statistics import saturation
from ..statistics.estimates import Floats
from . import ask_search as asking
from .ask_search import AskWork, Money, Target, at_amount, with_money

if TYPE_CHECKING:
    from ...indicators.measure import Key
    from ...rules import Rule
    from ..running.backends import Backend, Stop
    from ..running.runner import Progress, Study

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
class Question:
    """How much more money meets a target with a certainty? ``days``: arrivals to try, the first the one that is meant."""

    scenario: Scenario
    rule: str | Rule | None
    target: Target
    certainty: float
    money: Money
    days: tuple[float, ...]
    replications: int
    seed: int
    uncertain: bool = False
    most_usd: int | None = None  # None: found from the gap

    @property
    def rule_name(self) -> str:
        """What the rule is called."""
        return named_rule(self.scenario, self.rule)


@dataclass(frozen=True)
class Answer:
    """What was found. ``found``: shape (arrivals, replications, columns), see AskWork; ``most``: USD that were tried.

    ``position``: which of the least amounts, in order, is the ask; None: too few replications for that certainty.
    """

    question: Question
    found: Floats
    most: int
    grid: int
    position: int | None
    curve: Study | None = None

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
        place = asking.order_statistic_below(self.question.replications, self.question.certainty)
        return float(self.least(arrival)[place - 1]) if place else 0.0

    @property
    def is_largest(self) -> bool:
        """Whether the ask is the largest of all least amounts, so that more replications narrow it."""
        return self.position == self.question.replications

    def chance(self, usd: float, arrival: int = 0) -> tuple[float, float, float]:
        """The share of replications in which an amount meets the target, and its 95 % interval (Clopper and Pearson)."""
        return share_of(self.least(arrival) <= usd)

    def latest(self) -> int:
        """The place of the last arrival up to which no larger amount would be asked for; 0 if there is no ask."""
        ask = self.ask()
        if not math.isfinite(ask):
            return 0
        places = range(1, len(self.question.days))
        return next((place for place in places if self.ask(place) > ask), len(self.question.days)) - 1

    def lacks(self, with_most: bool) -> dict[Key, Floats]:
        """What ``shortfall`` tells of every replication of the first arrival, with no more money or with the most."""
        keys = shortfall_keys(self.question.scenario, self.question.target.service, self.question.target.group)
        begins = self.found.shape[2] - (1 if with_most else 2) * len(keys)
        return {key: self.found[0, :, begins + place] for place, key in enumerate(keys)}


def works(question: Question, most: int, grid: int) -> AskWork:
    """The work of a question: a scenario for each arrival."""
    scenarios = tuple(with_money(question.scenario, replace(question.money, from_day=day)) for day in question.days)
    return AskWork(
        scenarios, (question.rule,), question.seed, question.uncertain, target=question.target, most=most, grid=grid
    )


def most_usd(question: Question) -> int:
    """The most that is tried: what the largest gap of some replications would cost if the smallest share of the money
    had to fill it, in whole steps; at most MOST_TIMES the gap."""
    from ...engine.simulate import simulate
    from ...indicators.measure import counted, keys

    scenario = with_money(question.scenario, question.money)
    gaps = [
        place
        for place, key in enumerate(keys(scenario))
        if key.indicator == "gap_usd" and (key.service, key.group) in {("", ""), (question.target.service, question.target.group)}
        and not any((key.origin, key.location, key.grant, key.period))
    ]  # fmt: skip
    worst = 0.0
    for replication in range(min(PILOT, question.replications)):
        run = simulate(at_amount(scenario, 0), question.rule, question.seed, replication, question.uncertain)
        worst = max(worst, float(counted(run)[gaps].max()))
    shares = [float(one.value) for one in (scenario.plan.shares or {}).values() if one.value > 0]
    times = min(MOST_TIMES, 1 / min(shares)) if question.rule_name == "fixed-shares" and shares else 3
    return asking.STEP_USD * max(1, math.ceil(worst * times / asking.STEP_USD))


def answer(question: Question, backend: Backend, progress: Progress, stop: Stop) -> Answer:
    """Find the least amounts of every replication and arrival. Raises StudyStoppedError, ReplicationsFailedError."""
    from ..running.runner import ReplicationsFailedError, StudyStoppedError

    most = question.most_usd or most_usd(question)
    grid = 0 if asking.more_always_helps(question.scenario, question.rule_name) else asking.GRID
    work = works(question, most, grid)
    found = np.full((len(question.days), question.replications, work.columns), math.nan)
    failures: list[Failure] = []
    done = 0
    for job, part in backend.run(work, _jobs(question), stop):
        if isinstance(part, Failure):
            failures.append(part)
            continue
        found[job.scenario, job.first : job.last] = part.values
        done += job.last - job.first
        progress(job.last - job.first)
    if stop():
        raise StudyStoppedError(done, found[..., 0].size)
    if failures:
        raise ReplicationsFailedError([(work.name(one.job), one.why) for one in sorted(failures)])
    return Answer(question, found, most, grid, asking.order_statistic(question.replications, question.certainty))


def _jobs(question: Question) -> list[Job]:
    return [
        Job(arrival, 0, 0, first, min(first + CHUNK, question.replications))
        for first in range(0, question.replications, CHUNK)
        for arrival in range(len(question.days))
    ]


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


def with_curve(found: Answer, backend: Backend, progress: Progress, stop: Stop) -> Answer:
    """The same with a study of some amounts, whose arms are named by them; the first is nothing more."""
    from ..running.runner import run_study

    question = found.question
    asked = with_money(question.scenario, replace(question.money, from_day=question.days[0]))
    readings = [_named(at_amount(asked, usd), str(usd)) for usd in curve_amounts(found)]
    study = run_study(
        readings, [question.rule], question.replications, question.seed, uncertain=question.uncertain, progress=progress,
        backend=backend, stop=stop,
    )  # fmt: skip
    return replace(found, curve=study)


def _named(scenario: Scenario, name: str) -> Reading:
    return Reading(scenario.model_copy(update={"name": name}), (), {}, {})


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

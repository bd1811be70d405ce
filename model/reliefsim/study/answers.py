"""A question for money becomes its answer: how much, how sure, by when, and what binds if no money does it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..records import Reason
from ..scenario import Reading, Scenario
from . import asking
from .asking import AskWork, Money, Target, at_amount, with_money
from .estimates import Floats
from .work import Failure, Job, named_rule

if TYPE_CHECKING:
    from ..money.rules import Rule
    from .backends import Backend, Stop
    from .runner import Progress, Study

CHUNK = 5  # replications of one arrival a process does at a time
PILOT = 20  # replications that tell how much is tried at most
MONTH_DAYS = 365 / 12
CURVE = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)  # of the ask, where people reached are counted
MOST_TIMES = 20  # the gap, at most, that is tried


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

    def chance(self, usd: float, arrival: int = 0) -> tuple[float, float, float]:
        """The share of replications in which an amount meets the target, and its 95 % interval (Clopper and Pearson)."""
        from scipy.stats import binomtest

        least = self.least(arrival)
        met = int((least <= usd).sum())
        limits = binomtest(met, len(least)).proportion_ci(0.95)
        return met / len(least), float(limits.low), float(limits.high)

    def latest(self) -> float | None:
        """The last of the days tried up to which the ask, whenever it comes, meets the target in the wanted share of
        replications; None: there is no ask."""
        ask = self.ask()
        if not math.isfinite(ask):
            return None
        last = self.question.days[0]
        for place, day in enumerate(self.question.days):
            if self.chance(ask, place)[0] < self.question.certainty:
                break
            last = day
        return last

    def binding(self, arrival: int = 0) -> list[tuple[Reason, float]]:
        """Why cases are unserved at the most money, and how many on average, the most first."""
        cells = self.found[arrival][:, asking.REASONS + 1 :].mean(axis=0)
        return sorted(
            ((Reason(1 + n), float(one)) for n, one in enumerate(cells) if one > 0), key=lambda pair: -pair[1]
        )


def works(question: Question, most: int, grid: int) -> AskWork:
    """The work of a question: a scenario for each arrival."""
    scenarios = tuple(with_money(question.scenario, replace(question.money, from_day=day)) for day in question.days)
    return AskWork(
        scenarios, (question.rule,), question.seed, question.uncertain, target=question.target, most=most, grid=grid
    )


def most_usd(question: Question) -> int:
    """The most that is tried: what the largest gap of some replications would cost if the smallest share of the money
    had to fill it, in whole steps; at most MOST_TIMES the gap."""
    from ..operation import simulate
    from .indicators import counted, keys

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
    from .runner import ReplicationsFailedError, StudyStoppedError

    most = question.most_usd or most_usd(question)
    grid = 0 if asking.more_always_helps(question.scenario, question.rule_name) else asking.GRID
    work = works(question, most, grid)
    columns = asking.REASONS + 1 + len(asking.unserved_places(work.scenarios[0], question.target)) - 1
    found = np.full((len(question.days), question.replications, columns), math.nan)
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
    """The amounts at which people reached are counted, in whole steps: up to the ask and half more, or all that is tried."""
    top = found.ask() if 0 < found.ask() < math.inf else float(found.most)
    step = asking.STEP_USD
    return sorted({min(found.most, step * round(share * top / step)) for share in CURVE})


def with_curve(found: Answer, backend: Backend, progress: Progress, stop: Stop) -> Answer:
    """The same with a study of some amounts, whose arms are named by them; the first is nothing more."""
    from .runner import run_study

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
    """The days on which money may come: the one that is meant, and if ``every``, each month after it in the horizon."""
    horizon = float(scenario.horizon_days.value)
    later: Sequence[float] = np.arange(day + MONTH_DAYS, horizon, MONTH_DAYS).tolist() if every else []
    return (day, *(float(round(one)) for one in later))

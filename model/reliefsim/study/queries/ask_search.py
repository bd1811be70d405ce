"""A scenario and a target become the least additional money that meets it, replication by replication.

All amounts are tried in one world: replication r of every amount meets the same people and the same chance. What the
money must be so that a wanted share of replications meet the target is then an order statistic of these least amounts:
x(k) is not below their p-quantile with a confidence of P(Binomial(n, p) < k) (Conover, Practical Nonparametric
Statistics, 3rd edition, 1999, section 3.2).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...engine.compile.capacity import rate_kept
from ...indicators.allocated import Allocations
from ...scenario import Scenario, extended
from ..request import Money, Target
from ..running.jobs import Batch, Job, Part, Work

if TYPE_CHECKING:
    from ...engine.world.world_draws import SharedWorlds
    from ...indicators.measure import Key
    from ...records import Run

ASK = "ask"  # the name of the additional grant
STEP_USD = 1_000  # amounts are tried in whole steps
GRID = 16  # amounts looked at where more money does not always mean more served
CONFIDENCE = 0.975
# Columns of a part's values; then what is lacking.
LEAST, WITHOUT, AT_MOST, RUNS, CLOSED, NOT_CLOSED = range(6)


def with_money(scenario: Scenario, money: Money, name: str = ASK, usd: float = STEP_USD) -> Scenario:
    """The scenario with one more grant. Under fixed shares it is divided as the plan's general shares say, as far as
    they name what it is for; else equally. Raises ScenarioError, naming all that is wrong."""
    tables: dict[str, Any] = {"grants": {name: money.grant(usd)}, **rate_kept(scenario)}
    services = [one for one in money.pays_for or sorted(scenario.services) if one in scenario.services]
    general = {one: float(share.value) for one, share in (scenario.plan.shares or {}).items()}
    if services and (scenario.plan.shares or scenario.plan.shares_by_grant):
        shares = {one: general[one] for one in services if general.get(one, 0) > 0} or dict.fromkeys(services, 1.0)
        total = sum(shares.values())
        tables["plan"] = {"shares_by_grant": {name: {one: share / total for one, share in shares.items()}}}
    return extended(scenario, tables)


def at_amount(scenario: Scenario, usd: float, name: str = ASK) -> Scenario:
    """The same scenario with another amount of the additional grant; a grant without money changes nothing."""
    grant = scenario.grants[name]
    amount = grant.amount_usd.model_copy(update={"value": float(usd)})
    grants = {**scenario.grants, name: grant.model_copy(update={"amount_usd": amount})}
    return scenario.model_copy(update={"grants": grants})


@dataclass(frozen=True, kw_only=True)
class AskWork(Work):
    """Finds, for each replication of the one scenario, the least additional money that meets the target.

    ``most``: the most that is tried, and ``grid``: how many amounts are looked at first, from the most downwards (0:
    more money always helps, so that halves suffice). A part's values have the columns LEAST (USD, NaN: no amount),
    WITHOUT and AT_MOST (the target's number with no more and with most money), RUNS; then, of the first arrival, CLOSED
    and NOT_CLOSED (of the gap that the target is of, USD by money alone: see ``closable``), and what ``shortfall`` tells
    of the run with no more money and of that with most (else NaN).
    """

    target: Target
    most: int
    grid: int

    def do(self, batch: Batch) -> tuple[Part, ...]:
        """The least amounts of the replications of each job."""
        return tuple(self._part(job) for job in batch)

    def _part(self, job: Job) -> Part:
        rows = np.array([self._row(job, replication) for replication in range(job.first, job.last)])
        nothing = Allocations((), np.empty((0, 6), np.int64))
        return Part(self.rule_name(job.scenario, job.rule), rows, np.empty((len(rows), 0)), nothing)

    def _row(self, job: Job, replication: int) -> list[float]:
        from ...engine.world.world_draws import SharedWorlds
        from ...indicators.closable import twin
        from ...indicators.measure import counted
        from ...indicators.shortfall import shortfall

        most, told = self.most // STEP_USD, len(self._told) if job.scenario == 0 else 0
        place = self.target.place(self.scenarios[job.scenario])
        gap = Target("gap_usd", 0, self.target.service, self.target.group).place(self.scenarios[job.scenario])
        worlds, tried, lacks, parts = SharedWorlds(), dict[int, float](), {0: np.full(told, math.nan)}, [math.nan] * 2

        def met(steps: int) -> bool:
            if steps not in tried:
                run = self._run(job, replication, steps * STEP_USD, worlds)
                found = counted(run)
                tried[steps] = float(found[place])
                if told and steps == 0:
                    left = float(counted(twin(run, worlds.draw))[gap])
                    parts[:] = round(float(found[gap]) - left, 2), left
                if told and steps in (0, most):
                    lacks[steps] = shortfall(run, self.target.service, self.target.group)
            return self.target.is_met(tried[steps])

        least = least_met(met, tried.__getitem__, self.target.wanted, most, self.grid)
        met(0), met(most)  # both are told, whether they were needed or not
        usd = math.nan if least is None else float(least * STEP_USD)
        numbers = [usd, tried[0], tried[most], float(len(tried)), *parts]
        return [*numbers, *(lacks[0].tolist() + lacks[most].tolist() if told else [math.nan] * (2 * len(self._told)))]

    def _run(self, job: Job, replication: int, usd: int, worlds: SharedWorlds) -> Run:
        """With so much more money, in the world of this replication."""
        from ...engine.simulate import simulate

        scenario = at_amount(self.scenarios[job.scenario], usd)
        return simulate(
            scenario, self.rules[job.rule], self.seed, self._chance(job) + replication, self.uncertain, draw=worlds.draw
        )

    @property
    def _told(self) -> tuple[Key, ...]:
        from ...indicators.shortfall import shortfall_keys

        return shortfall_keys(self.scenarios[0], self.target.service, self.target.group)

    @property
    def columns(self) -> int:
        """Of a part's values."""
        return NOT_CLOSED + 1 + 2 * len(self._told)


@dataclass(frozen=True, kw_only=True)
class ConfirmWork(AskWork):
    """Tries one amount in replications that had no part in finding it; a part's values are the target's own number."""

    usd: int

    def _row(self, job: Job, replication: int) -> list[float]:
        from ...engine.world.world_draws import SharedWorlds
        from ...indicators.measure import counted

        found = counted(self._run(job, replication, self.usd, SharedWorlds()))
        return [float(found[self.target.place(self.scenarios[job.scenario])])]

    @property
    def columns(self) -> int:
        """Of a part's values."""
        return 1


def least_met(
    met: Callable[[int], bool], value: Callable[[int], float], wanted: float, most: int, grid: int = 0
) -> int | None:
    """The least whole number of steps, 0 to ``most``, that meets the target; None: none does.

    With ``grid`` 0, what is met stays met with more: halves (eighths, while nothing is known from below), and straight
    lines between two values where they narrow more. Else so many amounts, each greater than the next by the same factor,
    from ``most`` down: the least from which on the target is met at all greater ones of them, and between it and the next
    lower one, as before.
    """
    low, high = 0, most
    if not grid and met(0):
        return 0
    if not met(most):
        return None
    if grid:
        amounts = sorted({0, *(round(most ** (place / (grid - 1))) for place in range(grid))}, reverse=True)
        unmet = next((amount for amount in amounts if not met(amount)), None)
        if unmet is None:
            return 0
        low, high = unmet, amounts[amounts.index(unmet) - 1]
    straight = True
    while high - low > 1:
        width, guess = high - low, (low + high) // 2 if low else max(1, high // 8)
        if low and straight and math.isfinite(value(low)) and value(high) != value(low):
            share = (wanted - value(low)) / (value(high) - value(low))
            guess = min(max(low + math.ceil(share * width), low + 1), high - 1)
        low, high = (low, guess) if met(guess) else (guess, high)
        straight = high - low < width // 2 or not straight
    return high


def order_statistic(count: int, certainty: float) -> int | None:
    """K of the least amount x(k), of ``count``, that is not below the quantile with CONFIDENCE; None: too few."""
    from scipy.stats import binom

    enough = np.flatnonzero(binom.cdf(np.arange(count), count, certainty) >= CONFIDENCE)
    return int(enough[0]) + 1 if len(enough) else None


def order_statistic_below(count: int, certainty: float) -> int:
    """K of the greatest amount x(k), of ``count``, that is not above the quantile with CONFIDENCE; 0: too few."""
    from scipy.stats import binom

    return int(np.count_nonzero(binom.cdf(np.arange(count), count, certainty) <= 1 - CONFIDENCE))


def replications_needed(certainty: float) -> int:
    """The fewest replications whose greatest amount is not below the quantile with CONFIDENCE."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(certainty))


def more_always_helps(scenario: Scenario, rule: str) -> bool:
    """Whether with more money never fewer are served, run by run, so that halves find the least amount.

    Shares that are fixed, nobody who gives up, leaves or must come first for another, and one price for each service, or
    queues that stop at what cannot be paid. Anywhere else there are cases in which more money serves fewer.
    """
    services = list(scenario.services.values())
    one_price = all(not hasattr(one.unit_cost_usd, "values_usd") for one in services) and (
        len({float(place.price_factor.value) for place in scenario.locations.values()}) <= 1
    )
    stops = all((one.unpaid or scenario.plan.unpaid) == "stop" for one in services)
    waits = all(one.patience is None and one.after is None and one.kind in ("casework", "goods") for one in services)
    return (
        (rule == "fixed-shares" or len(services) == 1)
        and waits
        and (one_price or stops)
        and all(law.law == "stable" for law in scenario.displacement.values())
        and not scenario.pledges
    )

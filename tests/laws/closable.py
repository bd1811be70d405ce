"""What money alone closes of one run's gap, counted again: the same operation is run with money without limit, made from its
file's keys, and both gaps are added up case by case."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from reliefsim import replace, simulate
from reliefsim.indicators.measure import Key
from reliefsim.layout import Reason
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario

from .facts import in_cents, rows
from .shortfall import MET, Counted, shown, slots


def rate(scenario: Scenario) -> float:
    """The indirect rate that need is priced at, to a millionth: the stated one, or the mean of awards, else of pledges."""
    if scenario.requirement_indirect_rate is not None:
        return float(scenario.requirement_indirect_rate.value)
    for money in (scenario.grants, scenario.pledges):
        total = sum(in_cents(one.amount_usd) for one in money.values())
        if total:
            mean = sum(in_cents(one.amount_usd) * round(one.indirect_rate.value * 10**6) for one in money.values())
            return int(Fraction(mean, total) + Fraction(1, 2)) / 10**6
    return 0.0


def without_limit(run: Run) -> Run:
    """The same world, whose donors and their shocks are still there, and of no effect."""
    scenario = replace(run.scenario, money="unlimited", requirement_indirect_rate=rate(run.scenario))
    other = simulate(scenario, "equal", run.seed, run.replication)
    for column in ("household", "service", "arose", "priced_cents"):
        assert (other.cases[column] == run.cases[column]).all(), f"another world: {column}"
    assert not (other.cases["reason"] == Reason.MONEY).any()
    return other


def gaps(run: Run) -> Counter[Key]:
    """Cents by where they count, but for months."""
    found: Counter[Key] = Counter()
    homes = rows(run.households)
    for case in rows(run.cases):
        if case.outcome not in MET:
            here = slots(run, homes[case.household], case.priority_class, case.arose)
            for key in (Key("", service=shown(run, case.service)), *here):
                found[key] += 0 if key.period else case.priced_cents
    return found


def counted(run: Run) -> Counted:
    """Closed by money alone, and not, in every breakdown (USD)."""
    gap, left = gaps(run), gaps(without_limit(run))
    found: Counted = {}
    for key in (key for key in {*gap, *left} if not key.period):
        found[key._replace(indicator="gap_closed_by_money_usd", unit="USD")] = (gap[key] - left[key]) / 100
        found[key._replace(indicator="gap_not_closed_by_money_usd", unit="USD")] = left[key] / 100
    return found

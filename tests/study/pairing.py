"""How much sharing draws narrows a difference: ``python -m tests.study.pairing`` (from the project root) prints it all.

Two plans are compared run by run. Paired, replication r of both shares every draw they have in common; independent,
the variance of the difference is the sum of both variances. Their ratio is how many times as many replications
independent seeds would need for the same interval.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from reliefsim.rules import RULES
from reliefsim.scenario import Reading, load_scenario, replace
from reliefsim.scenario.schema import Scenario
from reliefsim.study.request import StudyRequest
from reliefsim.study.running.backends import processors
from reliefsim.study.running.runner import run_study

INDICATORS = ("people_reached", "need_covered", "gap_usd")
GROWTH = ("moderate-growth", "rapid-growth", "conflict-shock", "returns", "as-recorded")
Runs = dict[str, np.ndarray]


class Pairing(NamedTuple):
    """Variances of a difference, paired and as of independent seeds, and the correlation of both plans' runs."""

    paired: float
    independent: float
    correlation: float

    @property
    def ratio(self) -> float:
        """How many times narrower, in variance."""
        return self.independent / self.paired if self.paired else float("inf")


def richer(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with every grant that much larger."""
    changes: dict[str, object] = {}
    for name, grant in scenario.grants.items():
        changes[f"grants.{name}.amount_usd"] = round(float(grant.amount_usd.value) * factor, 2)
    return replace(scenario, changes)


def totals(scenario: Scenario, replications: int, rule: str | None = None, seed: int = 2012) -> Runs:
    """Run by run, every indicator that is not broken down."""
    reading = Reading(scenario, (), {}, {})
    arm = run_study(StudyRequest((reading,), (rule,), replications, seed, workers=processors())).arms[0]
    return {key.indicator: arm.values[:, place] for place, key in enumerate(arm.keys) if not any(key[1:7])}


def pairing(one: np.ndarray, other: np.ndarray) -> Pairing:
    """Compare two plans' runs of one indicator."""
    spread = one.std() * other.std()
    correlation = float(((one - one.mean()) * (other - other.mean())).mean() / spread) if spread else float("nan")
    return Pairing(float((other - one).var(ddof=1)), float(one.var(ddof=1) + other.var(ddof=1)), correlation)


def main(replications: int = 400) -> None:
    """Print a line for each change of plan or of the world."""
    baseline = load_scenario("baseline")
    base = totals(baseline, replications)
    others: dict[str, Callable[[], Runs]] = {
        "budget 10 % larger": lambda: totals(richer(baseline, 1.1), replications),
        "budget doubled": lambda: totals(richer(baseline, 2.0), replications),
    }
    for rule in RULES:
        if rule != baseline.plan.rule:
            others[f"rule {rule}"] = lambda rule=rule: totals(baseline, replications, rule)  # type: ignore[misc]
    for name in GROWTH:
        others[name] = lambda name=name: totals(load_scenario(name), replications)  # type: ignore[misc]
    print(f"{'against baseline, ' + str(replications) + ' replications':<36}", *(f"{name:>26}" for name in INDICATORS))
    for what, run in others.items():
        runs = run()
        cells = []
        for name in INDICATORS:
            found = pairing(base[name], runs[name])
            cells.append(f"{found.ratio:9.1f} × (r = {found.correlation:5.2f})".rjust(26))
        print(f"{what:<36}", *cells, flush=True)


if __name__ == "__main__":
    main()

"""A scenario file and a change become runs; numbers of many runs are held against an exact mean."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from reliefsim.engine.simulate import simulate
from reliefsim.records import Run
from reliefsim.scenario import load_scenario
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY, MISSING

SCENARIOS = Path(__file__).parent / "scenarios"
FALSE_ALARM = 5e-5  # on each side: once in 10,000
POWER = 0.99

Numbers = npt.NDArray[np.float64]
Seconds = npt.NDArray[np.int64]


def load(name: str, **changes: Any) -> Scenario:
    """A scenario file of this folder, with changes as in ``changed``."""
    return changed(load_scenario(SCENARIOS / f"{name}.toml"), **changes)


def changed(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with other values, checked again; ``services__aid__workers=2`` sets that key of that table."""
    tree = scenario.model_dump()
    for path, value in changes.items():
        *tables, key = path.split("__")
        place = tree
        for table in tables:
            place = place[table]
        place[key] = value
    return Scenario.model_validate(tree)


def runs(scenario: Scenario, replications: int, seed: int = 1) -> Iterator[Run]:
    """Replications 0, 1, … of a scenario under its own rule."""
    return (simulate(scenario, seed=seed, replication=number) for number in range(replications))


def one_run(scenario: Scenario, seed: int = 1, replication: int = 0) -> Run:
    """One replication of a scenario under its own rule."""
    return simulate(scenario, seed=seed, replication=replication)


def measure(scenario: Scenario, replications: int, number: Callable[[Run], Any], seed: int = 1) -> Numbers:
    """A number (or a row of numbers) of each replication. Shape (replications, …)."""
    return np.array([number(run) for run in runs(scenario, replications, seed)], np.float64)


def assert_mean(values: Numbers | Sequence[float], exact: float, detects: float) -> None:
    """The mean of independent values is the exact one, within t·s/√R; without spread, equal.

    ``detects``: the power the test must have: a deviation of that size is found with probability 0.99.
    """
    sample = np.asarray(values, np.float64)
    error = float(sample.std(ddof=1)) / math.sqrt(len(sample))
    if error == 0:
        assert sample[0] == exact
        return
    quantile = float(stats.t.ppf(1 - FALSE_ALARM, len(sample) - 1))
    found = (quantile + float(stats.norm.ppf(POWER))) * error
    assert found <= detects, f"too weak: finds a deviation of {found:.4g}, wanted {detects:.4g}"
    deviation = float(sample.mean()) - exact
    assert abs(deviation) <= quantile * error, f"mean {sample.mean():.6g}, exact {exact:.6g}, error {error:.3g}"


def assert_variance(values: Numbers | Sequence[float], exact: float) -> None:
    """The variance of independent, nearly normal values is the exact one (chi-square, both sides)."""
    sample = np.asarray(values, np.float64)
    freedom = len(sample) - 1
    ratio = freedom * float(sample.var(ddof=1)) / exact
    low, high = (float(stats.chi2.ppf(share, freedom)) for share in (FALSE_ALARM, 1 - FALSE_ALARM))
    assert low <= ratio <= high, f"variance {sample.var(ddof=1):.6g}, exact {exact:.6g}"


def waits(run: Run) -> Seconds:
    """Seconds from opening to start of every case; MISSING where it never started."""
    started = run.cases["started"].astype(np.int64)
    return np.where(started == MISSING, MISSING, started - run.cases["opened"])


def person_days_waiting(run: Run, begin: int, end: int) -> float:
    """Days that cases waited within [begin, end) seconds, finished or not. For cases that wait until they start."""
    opened = run.cases["opened"].astype(np.int64)
    started = np.where(run.cases["started"] == MISSING, end, run.cases["started"])
    return float(np.maximum(np.minimum(started, end) - np.maximum(opened, begin), 0).sum()) / DAY


def present(run: Run, second: int) -> int:
    """Cases opened before ``second`` and not ended by then."""
    ended = np.where(run.cases["started"] == MISSING, second + 1, run.cases["ended"])
    return int(((run.cases["opened"] < second) & (ended >= second)).sum())

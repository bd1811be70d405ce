"""One replication against plain SimPy, a study on all cores, and the command line: ``pytest --benchmark-only -s``.

Both sides are handed the same prepared scenario and do the whole work of a replication: draws, services, facts.
"""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from twin.compare import differences
from twin.twin import TwinDelivery

from reliefsim.engine.delivery.services import Delivery
from reliefsim.engine.simulate import DeliveryMaker, simulate
from reliefsim.scenario import load_scenario, read, replace
from reliefsim.scenario.schema import Scenario
from reliefsim.study.request import StudyRequest
from reliefsim.study.running.runner import run_study

MALI = ("baseline", "moderate-growth", "rapid-growth", "conflict-shock", "returns", "as-recorded")


def seconds(work: Callable[[], Any]) -> float:
    """How much of a processor's time some work takes: other programs do not count, nor what the work before left behind."""
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun


def replicate(scenario: Scenario, replication: int, delivery: DeliveryMaker = Delivery) -> Callable[[], Any]:
    """The work of one replication."""
    return lambda: simulate(scenario, replication=replication, delivery=delivery)


def against_twin(benchmark: Any, scenario: Scenario, rounds: int, each: int) -> None:
    """Time kernel (``each`` times a round) and twin in turn, so that a busy moment of the machine meets both.

    The benchmark's own table shows the kernel alone; the medians and their ratio are printed and kept with it.
    """
    assert differences(simulate(scenario), simulate(scenario, delivery=TwinDelivery)) == []  # and all is compiled
    kernel, twin = [], []
    for number in range(rounds):
        kernel += [seconds(replicate(scenario, number)) for _ in range(each)]
        twin.append(seconds(replicate(scenario, number, TwinDelivery)))
    benchmark.pedantic(simulate, (scenario,), rounds=each, warmup_rounds=1)
    ours, theirs = statistics.median(kernel), statistics.median(twin)
    best = min(twin) / min(kernel)
    benchmark.extra_info.update(kernel_seconds=ours, twin_seconds=theirs, ratio=theirs / ours, ratio_of_best=best)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{scenario.name}, {scenario.caseload.people.value:,} people: kernel {1000 * ours:.1f} ms, plain SimPy "
        f"{1000 * theirs:.0f} ms, {theirs / ours:.0f} times (best of each: {best:.0f}); peak memory {peak:.0f} MB"
    )


def many_people(people: int) -> Scenario:
    """The baseline with more people, and money, goods and teams in the same measure."""
    baseline = load_scenario("baseline")
    factor = people / int(baseline.caseload.people.value)
    changes: dict[str, object] = {"caseload.people": people, "caseload.target_people": people}
    displaced = float(baseline.caseload.displaced_people.value)  # type: ignore[union-attr]
    changes["caseload.displaced_people"] = min(20_000_000, round(displaced * factor))  # the most that may be stated
    for name, grant in baseline.grants.items():
        changes[f"grants.{name}.amount_usd"] = round(float(grant.amount_usd.value) * factor)
    for name, team in baseline.teams.items():
        changes[f"teams.{name}.count"] = round(float(team.count.value) * factor)
    for key in ("initial", "reorder_point", "order_quantity"):
        stated = getattr(baseline.services["nfi"].stock, key)  # type: ignore[union-attr]
        changes[f"services.nfi.stock.{key}"] = round(float(stated.value) * factor)
    changes["dtm.round_cost_usd"] = round(float(baseline.dtm.round_cost_usd.value) * factor)  # type: ignore[union-attr]
    return replace(baseline, changes)


def test_speed_of_one_replication(benchmark: Any) -> None:
    against_twin(benchmark, load_scenario("baseline"), rounds=15, each=5)


@pytest.mark.slow
def test_speed_with_360_000_people(benchmark: Any) -> None:
    against_twin(benchmark, many_people(360_000), rounds=3, each=5)


@pytest.mark.slow
def test_speed_of_six_scenarios_of_200_replications(benchmark: Any) -> None:
    readings = [read(name) for name in MALI]
    workers = os.cpu_count() or 1
    request = StudyRequest(tuple(readings), replications=200, workers=workers)
    benchmark.pedantic(lambda: run_study(request), rounds=1, warmup_rounds=0)
    benchmark.extra_info["workers"] = workers


def test_speed_of_help(benchmark: Any) -> None:
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "reliefsim", "--help"]
    run = lambda: subprocess.run(command, check=True, capture_output=True, env=settings)  # noqa: E731
    benchmark.pedantic(run, rounds=20, warmup_rounds=2)

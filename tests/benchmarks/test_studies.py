"""How fast studies are, and how cost grows with people: ``pytest tests/benchmarks/test_studies.py --benchmark-only -s -m slow``.

Everything is counted: the start of processes, draws, services, indicators, keeping results, tables.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from reliefsim.scenario import read
from reliefsim.study.request import StudyRequest
from reliefsim.study.running.runner import run_study

SCENARIOS, REPLICATIONS, TWIN = 5, 1000, 40


def plans(folder: Path) -> list[str]:
    """Five scenarios of the baseline's size, each with another budget."""
    found = []
    for number in range(SCENARIOS):
        path = folder / f"plan-{number}.toml"
        grant = f"[grants.cerf]\namount_usd = {60_000 + 5_000 * number}\n"
        path.write_text(f'extends = "baseline"\nformat = 1\nname = "plan-{number}"\n{grant}', encoding="utf-8")
        found.append(str(path))
    return found


class Watched:
    """A study on the command line: its seconds by the clock, and the most memory any of its workers held (MB)."""

    def __init__(self, arguments: list[str]) -> None:
        begun = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "reliefsim", *arguments])
        self.worker_megabytes = 0.0
        watcher = threading.Thread(target=self._watch, args=(process,), daemon=True)
        watcher.start()
        assert process.wait() == 0
        self.seconds = time.perf_counter() - begun
        watcher.join()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            listed = subprocess.run(
                ["ps", "-ww", "-o", "rss=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
            )
            workers = [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]
            self.worker_megabytes = max([self.worker_megabytes, *(kilobytes / 1024 for kilobytes in workers)])
            time.sleep(0.5)


OF_TWIN = """
import sys, time
from reliefsim.operation import simulate
from reliefsim.scenario import load_scenario
from reliefsim.indicators.measure import measure
from twin.twin import TwinDelivery
scenario = load_scenario("baseline")
run = lambda replication: measure(simulate(scenario, replication=replication, delivery=TwinDelivery))
run(0)
print("ready", flush=True)
sys.stdin.readline()
begun = time.perf_counter()
for replication in range(int(sys.argv[1])):
    run(replication)
print(time.perf_counter() - begun)
"""


def twin_seconds(replications: int) -> float:
    """Seconds by the clock that so many replications of the twin take, shared by two processes that run at once."""
    command = [sys.executable, "-c", OF_TWIN, str(replications // 2)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment())
        for _ in "12"
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return max(float(word) for word in together(processes))


def together(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Let waiting processes go, and what each says in the end."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    return [process.communicate()[0] for process in processes]


def environment() -> dict[str, str]:
    """That of this process, in which tests can be imported."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])}


@pytest.mark.slow
def test_speed_of_five_scenarios_of_a_thousand_replications(benchmark: Any, tmp_path: Path) -> None:
    twin = twin_seconds(TWIN // 2)
    found: dict[int, Watched] = {}
    common = ["run", *plans(tmp_path), "--point-values", "--replications", str(REPLICATIONS), "--no-figures", "--quiet"]
    for workers in (2, 1):
        place = str(tmp_path / f"study-{workers}")
        found[workers] = Watched([*common, "--backend", "processes", "--workers", str(workers), "--out", place])
    twin += twin_seconds(TWIN // 2)
    benchmark.pedantic(lambda: None)
    theirs = twin / TWIN * SCENARIOS * REPLICATIONS
    ratio, workers = theirs / found[2].seconds, found[1].seconds / found[2].seconds
    benchmark.extra_info.update(seconds=found[2].seconds, twin_seconds=theirs, ratio=ratio, two_against_one=workers)
    print(
        f"\n{SCENARIOS} scenarios × {REPLICATIONS:,} on 2 cores: {found[2].seconds:.1f} s; plain SimPy on the same 2 "
        f"cores {theirs:.0f} s ({TWIN} replications timed, scaled): {ratio:.0f} times; two workers {workers:.2f} times "
        f"one; at most {max(one.worker_megabytes for one in found.values()):.0f} MB a worker"
    )


@pytest.mark.slow
def test_speed_of_summaries_of_five_thousand_runs(benchmark: Any, tmp_path: Path) -> None:
    from reliefsim.results.study_tables import write_tables

    small = [read(path, ("caseload.people=200",)) for path in plans(tmp_path)]
    study = run_study(StudyRequest(tuple(small), replications=REPLICATIONS, workers=os.cpu_count() or 1))
    benchmark.pedantic(lambda: write_tables(study, tmp_path), rounds=3, warmup_rounds=1)
    print(f"\nall tables of {SCENARIOS * REPLICATIONS:,} runs: {benchmark.stats.stats.median:.2f} s")


PROGRAM = """
import sys, time
from benchmarks.test_speed import many_people
from reliefsim.operation import simulate
scenario = many_people(int(sys.argv[1]))
simulate(many_people(20_000))
held = lambda: int(open("/proc/self/statm").read().split()[1]) * 4096
before = held()
times = []
for replication in range(5 if int(sys.argv[1]) < 1_000_000 else 3):
    run = None  # one at a time
    begun = time.process_time()
    run = simulate(scenario, replication=replication)
    times.append(time.process_time() - begun)
print(min(times), held() - before, len(run.cases))
"""


@pytest.mark.slow
def test_cost_a_person_does_not_grow(benchmark: Any) -> None:
    """Each size in a process of its own; the memory is what it holds more while the facts of a run are there."""
    for people in (25_000, 360_000, 5_000_000):
        made = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(people)], capture_output=True, text=True, check=True, env=environment()
        )
        taken, memory, cases = (float(word) for word in made.stdout.split())
        benchmark.extra_info[str(people)] = {"seconds": taken, "bytes": memory}
        print(
            f"\n{people:>9,} people, {cases:>9,.0f} cases: {1000 * taken:8.0f} ms, {1e6 * taken / people:.3f} µs and "
            f"{memory / people:.0f} bytes more a person"
        )
    benchmark.pedantic(lambda: None)

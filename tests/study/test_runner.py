"""A study is the same however many processes run it, and each replication whatever else is run."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from reliefsim.rules import Known
from reliefsim.scenario import Reading, read
from reliefsim.study.request import StudyRequest
from reliefsim.study.running import backend_choice, backends
from reliefsim.study.running.backends import Processes, Running
from reliefsim.study.running.jobs import Batch, Job, Part, Work
from reliefsim.study.running.runner import Arm, ReplicationsFailedError, Study, run_study

from .calling import workers_of

SMALL = ("caseload.people=600",)
ONCE = "RELIEFSIM_TEST_MARKS"


@pytest.fixture(scope="module")
def readings() -> tuple[Reading, ...]:
    return (read("baseline", SMALL), read("rapid-growth", SMALL))


def assert_same(one: Study, other: Study) -> None:
    for mine, its in zip(one.arms, other.arms, strict=True):
        assert (mine.scenario, mine.rule, mine.keys) == (its.scenario, its.rule, its.keys)
        assert mine.values.tobytes() == its.values.tobytes()
        assert mine.monthly.tobytes() == its.monthly.tobytes()
        for entry, twin in zip(mine.allocation, its.allocation, strict=True):
            assert entry.line == twin.line
            assert all(entry.usd[name].tobytes() == twin.usd[name].tobytes() for name in entry.usd)


def test_two_processes_and_one_give_the_same(
    readings: tuple[Reading, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    alone = run_study(StudyRequest(readings, replications=12, seed=5, workers=1))
    monkeypatch.setattr(backend_choice, "POOL_PAYS_SECONDS", 0.0)
    together = run_study(StudyRequest(readings, replications=12, seed=5, workers=2), Running(progress=told.append))
    assert_same(alone, together)
    assert sum(told) == 24


def test_a_process_that_is_killed_loses_nothing(
    readings: tuple[Reading, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each job's first process is ended once."""
    monkeypatch.setenv(ONCE, str(tmp_path))
    expected = run_study(StudyRequest(readings, replications=8, seed=5))
    monkeypatch.setattr(backends, "_do", killed_once)
    pool = Processes(2)
    assert_same(expected, run_study(StudyRequest(readings, replications=8, seed=5), Running(pool)))
    assert len(list(tmp_path.iterdir())) > 0
    pool.close()


def test_a_replication_that_kills_its_process_is_named_and_the_others_are_done(
    readings: tuple[Reading, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "_do", poisoned)
    pool, done = Processes(2), []
    with pytest.raises(ReplicationsFailedError) as failed:
        run_study(StudyRequest(readings, replications=8, seed=5), Running(pool, done.append))
    pool.close()
    assert [name for name, _ in failed.value.failures] == ["rapid-growth/fixed-shares/3"]
    assert sum(done) == 15


def test_no_process_outlives_the_study_it_helps() -> None:
    program = """
import multiprocessing, os, signal
from concurrent.futures import ProcessPoolExecutor
from reliefsim.study.running.backends import _begin
from reliefsim.study.running.jobs import Work

if __name__ == "__main__":
    work = Work((), (None,), 1)
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(work,))
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert made.returncode == -signal.SIGKILL
    helper = int(made.stdout)
    for _ in range(200):
        if not alive(helper):
            return
        time.sleep(0.05)
    raise AssertionError(f"process {helper} is still there")


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def killed_once(batch: Batch) -> tuple[Part, ...]:
    """What a process does that the system ends for want of memory, the first time."""
    mark = Path(os.environ[ONCE]) / f"{batch[0].scenario}-{batch[0].first}"
    if batch[0].first or mark.exists():
        return backends._given[0].do(batch)
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def poisoned(batch: Batch) -> tuple[Part, ...]:
    """Replication 3 of the second scenario ends its process."""
    if any(job.scenario == 1 and job.first <= 3 < job.last for job in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return backends._given[0].do(batch)


def test_a_replication_does_not_depend_on_how_many_there_are(readings: tuple[Reading, ...]) -> None:
    few, many = (run_study(StudyRequest(readings[:1], replications=count, seed=5)).arms[0] for count in (3, 11))
    assert few.values.tobytes() == many.values[:3].tobytes()
    assert not np.array_equal(many.values[0], many.values[1], equal_nan=True)


def test_every_scenario_meets_every_rule_in_order(readings: tuple[Reading, ...]) -> None:
    study = run_study(StudyRequest(readings, ("equal", "by-need"), replications=1))
    assert [(arm.scenario, arm.rule) for arm in study.arms] == [
        ("baseline", "equal"), ("baseline", "by-need"), ("rapid-growth", "equal"), ("rapid-growth", "by-need"),
    ]  # fmt: skip


def test_a_function_will_do_as_a_rule(readings: tuple[Reading, ...]) -> None:
    arm = run_study(StudyRequest(readings[:1], (nothing,), replications=1)).arms[0]
    served = next(place for place, key in enumerate(arm.keys) if key.indicator == "cases_served" and not any(key[1:7]))
    assert arm.rule == "nothing"
    assert arm.values[0, served] == 0


def nothing(known: Known) -> Sequence[Sequence[int]]:
    """Keep all money back."""
    return [[0] * len(known.grants) for _ in known.services]


def test_ranged_values_are_drawn_anew_in_each_replication(readings: tuple[Reading, ...]) -> None:
    points, ranges = (run_study(StudyRequest(readings[:1], replications=8, seed=5, uncertain=on)).arms[0] for on in (False, True))
    # What a case of one service costs is nearly the same in every run, unless its unit cost is drawn.
    prices = []
    for arm in (points, ranges):
        cost, cases = (column(arm, name, "referral") for name in ("requirement_usd", "cases_needed"))
        prices.append(cost / cases)
    assert prices[1].std() > 5 * prices[0].std()


def column(arm: Arm, indicator: str, service: str) -> np.ndarray:
    place = next(n for n, key in enumerate(arm.keys) if (key.indicator, key.service) == (indicator, service))
    return arm.values[:, place]


def test_a_work_knows_its_jobs_by_their_places(readings: tuple[Reading, ...]) -> None:
    work = Work(tuple(one.scenario for one in readings), (None,), 5)
    part = work.do((Job(1, 0, 0, 3, 5),))[0]
    assert part.values.shape[0] == 2
    assert set(part.allocations.amounts[:, 0].tolist()) == {3, 4}


def script(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What a script of a user says and gives back."""
    path = folder / "study.py"
    path.write_text(text, encoding="utf-8")
    return subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False)


def test_processes_that_cannot_start_are_told_once_and_no_replication_is_blamed(tmp_path: Path) -> None:
    unguarded = """
from reliefsim import load_scenario, run_study
run_study([load_scenario("baseline")], replications=40, workers=2, backend="processes")
"""
    made = script(tmp_path, unguarded)
    assert made.returncode != 0
    last = made.stderr.strip().splitlines()[-1]
    assert "processes of a study cannot start" in last
    assert '__name__ == "__main__"' in last
    assert "failed: " not in made.stderr


def test_an_interrupt_while_processes_start_reaches_the_parent_alone(tmp_path: Path) -> None:
    """In the first second, when a process that helps has not yet said what it does with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-m", "reliefsim", "run", "baseline", "--replications", "2000", "--backend", "processes",
         "--workers", "2", "--no-figures", "--quiet", "--out", str(tmp_path / "study")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    for _ in range(2000):
        if workers_of(process.pid):
            break
        time.sleep(0.005)
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "Stopped: " in said


def test_half_a_result_of_a_process_that_is_ended_is_not_waited_for() -> None:
    """Seen in a study that was stopped while a process handed its result over: the program never ended."""
    processes = Processes(1)
    pool = processes._pool_for(Work((), (None,), 1), 1)
    pool.submit(os.getpid).result()
    reader = pool._executor_manager_thread
    assert reader is not None
    os.write(pool._result_queue._writer.fileno(), struct.pack("!i", 1000))  # type: ignore[attr-defined]
    processes._end()
    reader.join(30)
    assert not reader.is_alive()

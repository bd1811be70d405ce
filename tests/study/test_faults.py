"""Whatever happens to a study, it ends with the bytes of one left alone, or is refused in one line."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from reliefsim.scenario import read
from reliefsim.study.request import StudyRequest
from reliefsim.study.running import backend_choice, runner
from reliefsim.study.running.backends import Done, Processes, Running, Serial, Stop
from reliefsim.study.running.checkpoints import only_runner
from reliefsim.study.running.jobs import Job, Work
from reliefsim.study.running.runner import run_study

from .calling import FEW, MANY, SMALL, begin, call, parts_of, results, wait_for, workers_of


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Twelve replications left alone."""
    folder = tmp_path_factory.mktemp("few") / "study"
    assert call(*FEW, "--out", str(folder)) == (0, "")
    return results(folder)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Sixty replications left alone, with bands: two hundred and forty runs."""
    folder = tmp_path_factory.mktemp("many") / "study"
    assert call(*MANY, "--backend", "serial", "--out", str(folder)) == (0, "")
    return results(folder)


def killed_again_and_again(folder: Path, times: int, backend: str) -> tuple[int, int]:
    """Kill the runner ``times`` times, and let it end; how often it was alive to be killed, how often half-way.

    Each time at a moment of its own, counted from its start and from the first part that it adds by turns.
    """
    moments, alive, half_way = random.Random(f"{times} {backend}"), 0, 0
    for number in range(times):
        before = parts_of(folder)
        process = begin(*MANY, "--out", str(folder), "--resume", "--backend", backend, "--workers", "2")
        if number % 2:
            wait_for(lambda: parts_of(folder) > before or process.poll() is not None)  # noqa: B023 - called at once
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0.0, 0.5) if number % 2 else moments.uniform(0.3, 3.0))
        alive += process.poll() is None
        half_way += process.poll() is None and parts_of(folder) > before
        process.kill()
        process.communicate()
    process = begin(*MANY, "--out", str(folder), "--resume", "--backend", backend, "--workers", "2")
    assert process.communicate(timeout=120)[1] == ""
    assert process.returncode == 0
    return alive, half_way


@pytest.mark.parametrize("backend", ["serial", pytest.param("processes", marks=pytest.mark.slow)])
def test_a_runner_killed_five_times_ends_as_one_left_alone(tmp_path: Path, many: dict[str, bytes], backend: str) -> None:
    alive, half_way = killed_again_and_again(tmp_path / "study", 5, backend)
    assert alive >= 3
    assert half_way >= 1
    assert results(tmp_path / "study") == many


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["serial", "processes"])
def test_a_runner_killed_fifty_times_ends_as_one_left_alone(tmp_path: Path, many: dict[str, bytes], backend: str) -> None:
    killed_again_and_again(tmp_path / "study", 50, backend)
    assert results(tmp_path / "study") == many


def test_a_worker_that_is_killed_changes_nothing(tmp_path: Path, many: dict[str, bytes]) -> None:
    process = begin(*MANY, "--out", str(tmp_path / "study"), "--backend", "processes", "--workers", "2")
    begun = lambda: parts_of(tmp_path / "study") and workers_of(process.pid)  # noqa: E731
    killed = 0
    for _ in range(2):
        wait_for(lambda: process.poll() is not None or bool(begun()))
        for worker in workers_of(process.pid)[-1:]:  # none, if the study is over by now
            os.kill(worker, signal.SIGKILL)
            killed += 1
        time.sleep(0.3)
    assert killed > 0
    assert process.communicate(timeout=120)[1] == ""
    assert process.returncode == 0
    assert results(tmp_path / "study") == many


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_saves_and_says_how_to_go_on(tmp_path: Path, many: dict[str, bytes], number: int) -> None:
    folder = tmp_path / "study"
    process = begin(*MANY, "--out", str(folder), "--backend", "processes", "--workers", "2")
    wait_for(lambda: any(folder.rglob("*.part")))
    os.killpg(process.pid, number)  # as Ctrl-C does: the workers hear it too
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 128 + number
    assert "of 240 replications are done. What was done is kept" in said
    assert f"--out {folder} --resume" in said
    assert not (folder / "run.json").exists()
    assert call(*MANY, "--out", str(folder), "--resume") == (0, "")
    assert results(folder) == many


def test_two_signals_stop_at_once(tmp_path: Path) -> None:
    process = begin(*MANY, "--replications", "20000", "--out", str(tmp_path / "study"), "--backend", "serial")
    wait_for(lambda: any((tmp_path / "study").rglob("*.part")))
    # Both while one job is under way: the first alone would let it end.
    process.send_signal(signal.SIGSTOP)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) in (128 + signal.SIGTERM, -signal.SIGTERM)
    process.communicate()


class Odd(Serial):
    """Results come late, in reverse, and each of them twice."""

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        done = list(super().run(work, jobs, stop))
        yield from reversed(done)
        yield from done


def test_results_that_come_twice_late_and_in_reverse_are_the_same() -> None:
    readings = tuple(read(name, ("caseload.people=300",)) for name in ("baseline", "rapid-growth"))
    request = StudyRequest(readings, replications=35, seed=3)
    plain, odd = (run_study(request, Running(one)) for one in (Serial(), Odd()))
    for one, other in zip(plain.arms, odd.arms, strict=True):
        assert one.values.tobytes() == other.values.tobytes()
        assert one.monthly.tobytes() == other.monthly.tobytes()


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_disk_that_is_full_at_any_write_loses_nothing_of_before(
    tmp_path: Path, few: dict[str, bytes], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed, flush = [0], os.fsync

    def full(file: int) -> None:
        flushed[0] += 1
        if flushed[0] >= number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(file)

    folder = tmp_path / "study"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        code, said = call(*FEW, "--out", str(folder))
    assert code == 2
    assert "No space left" in said
    if number <= 2:  # what the study is, then its first part
        assert "Nothing was written" in said
        assert not folder.exists()
    else:
        assert "--resume to go on" in said
        assert len(list(folder.rglob("*.part"))) == number - 2
    assert not any(path.name.startswith(".") for path in folder.rglob("*.part*"))
    assert call(*FEW, "--out", str(folder), "--resume") == (0, "")
    assert results(folder) == few


def test_a_disk_that_is_full_while_tables_are_written_leaves_no_table(tmp_path: Path, few: dict[str, bytes]) -> None:
    """A limit on the size of files: parts fit, tables do not."""
    folder = tmp_path / "study"
    program = [sys.executable, "-m", "reliefsim", *FEW, "--out", str(folder)]
    parts = 200_000
    made = subprocess.run(
        program, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (parts, parts)),
    )  # fmt: skip
    assert made.returncode == 2
    assert "File too large" in made.stderr
    assert "--resume to go on" in made.stderr
    assert [path.name for path in folder.iterdir()] == ["kept"]
    assert call(*FEW, "--out", str(folder), "--resume") == (0, "")
    assert results(folder) == few


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-7], lambda data: data[:5000] + bytes([data[5000] ^ 4]) + data[5001:], lambda data: b""],
)
def test_a_part_that_is_damaged_is_done_again(
    tmp_path: Path, few: dict[str, bytes], damage: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "study"
    assert call(*FEW, "--out", str(folder)) == (0, "")
    part = sorted(folder.rglob("*.part"))[3]
    part.write_bytes(damage(part.read_bytes()))
    code, said = call("verify", str(folder), "--sample", "1")
    assert (code, "damaged" in said) == (1, True)
    code, said = call(*[one for one in FEW if one != "--quiet"], "--out", str(folder), "--resume")
    assert code == 0
    assert f"{part.relative_to(folder / 'kept')} was damaged: it is done again." in said
    assert results(folder) == few


def test_another_study_is_refused_by_the_field_that_differs(tmp_path: Path) -> None:
    folder = str(tmp_path / "study")
    assert call(*FEW, "--out", folder) == (0, "")
    for more, words in (
        (["--seed", "4"], "seed was 3, is 4"),
        (["--rule", "equal"], 'rules was [null], is ["equal"]'),
        (["--uncertain"], "uncertain was false, is true"),
        (["--set", "grants.cerf.amount_usd=100000"], "scenarios.baseline.grants.cerf.amount_usd.value was 70000"),
    ):
        plain = [one for one in FEW if one != "--point-values"] if "--uncertain" in more else FEW
        code, said = call(*plain, *more, "--out", folder, "--resume")
        assert (code, words in said) == (2, True), said
    assert call(*FEW, "--out", folder)[0] == 2  # without --resume, any


def test_a_scenario_edited_between_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = 'extends = "baseline"\nformat = 1\nname = "mine"\n[caseload]\nturnover_month = 0.01\n'
    file.write_text(text)
    run = ["run", str(file), *SMALL, "--replications", "3", "--out", str(tmp_path / "study")]
    assert call(*run) == (0, "")
    file.write_text(text.replace("0.01", "0.02"))
    code, said = call(*run, "--resume")
    assert (code, "scenarios.mine.caseload.turnover_month.value was 0.01, is 0.02" in said) == (2, True), said


def test_more_replications_go_on_from_those_there_are(tmp_path: Path, few: dict[str, bytes]) -> None:
    folder = tmp_path / "study"
    for count in ("5", "8", "12"):
        assert call(*FEW, "--replications", count, "--out", str(folder), "--resume") == (0, "")
    assert results(folder) == few
    firsts = {int(path.stem.split("-")[1]) for path in folder.rglob("*.part")}
    assert {0, 5, 8} <= firsts


def test_one_runner_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    (folder / "kept").mkdir(parents=True)
    with only_runner(folder):
        code, said = call(*FEW, "--out", str(folder), "--resume")
        assert (code, f"is being written by process {os.getpid()}" in said) == (2, True)
    (folder / "kept" / ".lock").write_text("process 1")  # of an owner that has died
    assert call(*FEW, "--out", str(folder), "--resume") == (0, "")


@pytest.mark.parametrize(("chunk", "workers"), [(1, 1), (50, 1), (1, 2), (50, 2)])
def test_neither_workers_nor_the_size_of_chunks_matter(
    tmp_path: Path, few: dict[str, bytes], chunk: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "CHUNK", chunk)
    where = Processes(workers) if workers > 1 else Serial()
    monkeypatch.setattr(backend_choice, "chosen", lambda *_: where)
    assert call(*FEW, "--out", str(tmp_path / "study")) == (0, "")
    where.close()
    assert results(tmp_path / "study") == few


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "77", "LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kathmandu"}],
)
def test_neither_hashes_nor_locale_nor_time_zone_matter(
    tmp_path: Path, few: dict[str, bytes], environment: dict[str, str]
) -> None:
    process = begin(*FEW, "--out", str(tmp_path / "study"), **environment)
    assert process.communicate(timeout=60)[1] == ""
    assert results(tmp_path / "study") == few


def test_resume_touches_no_folder_that_holds_something_else(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "monthly.csv").write_text("mine")
    code, said = call(*FEW, "--out", str(folder), "--resume")
    assert (code, "is not empty, and holds no study" in said) == (2, True), said
    assert (folder / "monthly.csv").read_text() == "mine"
    assert [path.name for path in folder.iterdir()] == ["monthly.csv"]


def test_parts_of_another_study_are_refused_not_removed(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    assert call(*FEW, "--out", str(folder)) == (0, "")
    parts = sorted(folder.rglob("*.part"))
    for name in ("study.json", "../run.json"):
        (folder / "kept" / name).unlink()
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    code, said = call(*FEW, "--seed", "9", "--out", str(folder), "--resume")
    assert code == 2
    assert sorted(folder.rglob("*.part")) == parts, said

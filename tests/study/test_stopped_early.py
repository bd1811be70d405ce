"""A study that is stopped while its processes are still starting says so, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from .calling import MANY, begin, wait_for, workers_of

# The study is far from its end at any of these moments, whichever the machine reaches first.
LONG = [*MANY, "--replications", "20000", "--backend", "processes", "--workers", "2"]


def is_there(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux shows them")
@pytest.mark.parametrize("later", [0.0, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_processes_start_is_told(tmp_path: Path, number: signal.Signals, later: float) -> None:
    folder = tmp_path / "study"
    process = begin(*LONG, "--out", str(folder))
    wait_for(lambda: bool(workers_of(process.pid)))
    time.sleep(later)
    workers = workers_of(process.pid)
    os.killpg(process.pid, number)  # as a terminal does: the workers hear it too
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 128 + number, said
    assert len(said.splitlines()) == 2, said
    assert said.startswith("Stopping, ")
    assert said.splitlines()[1].startswith("Stopped: ")
    assert "of 80000 replications are done" in said
    kept = any(folder.rglob("*.part"))
    assert ("--resume to go on" if kept else "Nothing was written") in said
    assert folder.exists() == kept
    wait_for(lambda: not any(is_there(one) for one in workers))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_one_that_shares_out_alone_ends_its_processes(tmp_path: Path, number: signal.Signals) -> None:
    process = begin(*LONG, "--out", str(tmp_path / "study"))
    wait_for(lambda: len(workers_of(process.pid)) == 2)
    workers = workers_of(process.pid)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    assert (process.returncode, len(said.splitlines())) == (128 + number, 2), said
    wait_for(lambda: not any(is_there(one) for one in workers))


@pytest.mark.parametrize("backend", ["serial", "processes"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_within_a_long_replication_is_told_at_once_and_stops_soon(
    tmp_path: Path, number: signal.Signals, backend: str
) -> None:
    """A replication of two million people takes several seconds."""
    folder, long = tmp_path / "study", ["--set", "caseload.people=2000000", "--replications", "50"]
    few = ["run", "baseline", "--seed", "3", "--no-figures", "--quiet", "--out", str(folder), "--backend", backend]
    process = begin(*few, *long, "--point-values", "--workers", "1", PYTHONUNBUFFERED="1")
    wait_for((folder / "kept" / "study.json").exists if backend == "serial" else lambda: bool(workers_of(process.pid)))
    wait_for(lambda: any(folder.rglob("*.part")))
    kept = {path: path.read_bytes() for path in folder.rglob("*.part")}
    time.sleep(0.3)
    workers, asked = workers_of(process.pid), time.monotonic()
    os.killpg(process.pid, number)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Stopping, ")
    said = process.communicate(timeout=60)[1]
    assert time.monotonic() - asked < 3.0
    assert (process.returncode, said.startswith("Stopped: ")) == (128 + number, True), said
    assert "--resume to go on" in said
    wait_for(lambda: not any(is_there(one) for one in workers))
    assert {path: path.read_bytes() for path in folder.rglob("*.part")}.items() >= kept.items()

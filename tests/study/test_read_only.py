"""A folder that may not be written is refused in one line, also for root, and what lies in it stays as it is."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .calling import SMALL, call, results

DROP_FROM_BOUNDING_SET = 24  # prctl(2)
WRITE_ANYWHERE, READ_ANYWHERE = 1, 2  # capabilities(7): CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
FEW = ["run", "baseline", *SMALL, "--backend", "serial"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")


def without_privilege() -> None:
    """What comes next is held to the permissions of files, even as root."""
    library = ctypes.CDLL(None)
    for capability in (WRITE_ANYWHERE, READ_ANYWHERE):
        library.prctl(DROP_FROM_BOUNDING_SET, capability, 0, 0, 0)


def held(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process that may write only where it is let."""
    return subprocess.run(
        [sys.executable, *arguments], preexec_fn=without_privilege, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder to lock, that is opened again at the end; the test is skipped where a lock holds nobody."""
    folder = tmp_path / "locked"
    folder.mkdir()
    probe = tmp_path / "probe"
    probe.mkdir(mode=0o555)
    if held("-c", f"open({str(probe / 'file')!r}, 'w')").returncode == 0:
        pytest.skip("this process cannot give up writing everywhere")
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)


def lock(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def test_a_study_in_a_folder_that_may_not_be_written_is_refused_in_one_line(locked: Path) -> None:
    lock(locked)
    made = held("-m", "reliefsim", *FEW, "--replications", "4", "--out", str(locked / "study"))
    assert made.returncode == 2
    assert made.stderr == f"--out: {locked} may not be written to. Name another folder\n"
    assert list(locked.iterdir()) == []


def test_a_study_that_was_locked_meanwhile_is_not_gone_on_with_and_loses_nothing(locked: Path, tmp_path: Path) -> None:
    """Unlocked again, it goes on from what is there to the bytes of one left alone."""
    study = locked / "study"
    assert call(*FEW, "--replications", "4", "--out", str(study)) == (0, "")
    before = {path: path.read_bytes() for path in sorted(study.rglob("*")) if path.is_file()}
    lock(study)
    made = held("-m", "reliefsim", *FEW, "--replications", "8", "--out", str(study), "--resume")
    assert made.returncode == 2
    assert "Traceback" not in made.stderr
    assert {path: path.read_bytes() for path in sorted(study.rglob("*")) if path.is_file()} == before
    for path in (study, *study.rglob("*")):
        path.chmod(0o755)
    assert call(*FEW, "--replications", "8", "--out", str(study), "--resume") == (0, "")
    assert call(*FEW, "--replications", "8", "--out", str(tmp_path / "alone")) == (0, "")
    assert results(study) == results(tmp_path / "alone")


def test_in_a_folder_that_is_not_locked_the_same_call_runs(locked: Path) -> None:
    """The control: it is the lock that refuses."""
    made = held("-m", "reliefsim", *FEW, "--replications", "4", "--out", str(locked / "study"))
    assert made.returncode == 0, made.stderr

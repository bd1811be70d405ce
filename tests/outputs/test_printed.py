"""What is printed ends well wherever it goes: an encoding without a sign, a disk that is full, a reader that has gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import reliefsim_apart

SCENARIO = """
title = "Clinique → œuvre ≤ 5"
start_date = 2030-01-01
horizon_days = 20
money = "unlimited"
arrivals = { rate_per_day = { value = 2, low = 1, high = 3 } }
services.clinic = { label = "Ça → là", kind = "casework", workers = 1, duration = { law = "exponential", mean_days = 0.25 } }
"""
STUDY = ["run", "c.toml", "--replications", "3", "--no-figures", "--out", "study"]
CALLS = [
    ["--help"], ["list"], ["show", "c.toml"], ["diff", "c.toml", "baseline"], ["schema"], ["trace", "c.toml", "--household", "1"],
    STUDY, ["sensitivity", "c.toml", "--rows", "64", "--no-figures", "--out", "study"], ["report", "made"], ["verify", "made"],
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario whose words few encodings have, and a study of it."""
    place = tmp_path_factory.mktemp("printed")
    (place / "c.toml").write_text(SCENARIO, encoding="utf-8")
    assert reliefsim_apart(*STUDY[:-1], "made", folder=place).returncode == 0
    return place


@pytest.fixture
def place(folder: Path, tmp_path: Path) -> Path:
    for one in folder.iterdir():
        (tmp_path / one.name).symlink_to(one)
    return tmp_path


def printed(call: list[str], place: Path, stdout: int, encoding: str = "utf-8") -> tuple[int, str]:
    """The command line in a process of its own, with what it prints going elsewhere: exit code and errors."""
    made = subprocess.run([sys.executable, "-m", "reliefsim", *call], cwd=place, stdout=stdout, stderr=subprocess.PIPE,
                          env={**os.environ, "PYTHONIOENCODING": encoding}, check=False)  # fmt: skip
    return made.returncode, made.stderr.decode()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_signs_that_an_encoding_lacks_are_replaced(place: Path, call: list[str]) -> None:
    assert printed(call, place, subprocess.PIPE, "cp1252") == (0, "")
    if call[0] == "show":
        assert printed(call, place, subprocess.PIPE, "latin-1") == printed(call, place, subprocess.PIPE, "ascii") == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_a_full_disk_behind_what_is_printed_is_one_line(place: Path, call: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        assert printed(call, place, full.fileno()) == (2, "OUTPUT: cannot be written: No space left on device\n")
    assert (place / "study" / "run.json").exists() == ("study" in call)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call[0])
def test_a_reader_that_has_gone_is_no_error_to_tell(place: Path, call: list[str]) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    assert printed(call, place, theirs) == (1, "")
    os.close(theirs)

"""The command line as a user calls it, in this process and in others, and what it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner

from reliefsim.cli import main

SMALL = ["--set", "caseload.people=300", "--no-figures", "--quiet", "--seed", "3"]
FEW = ["run", "baseline", "rapid-growth", *SMALL, "--replications", "12"]
MANY = ["run", "baseline", "rapid-growth", *SMALL, "--replications", "700"]
NOT_THE_RESULT = ("command", "machine", "digest")

# A queue for one nurse: a study of it takes milliseconds.
CLINIC = """
start_date = 2030-01-01
horizon_days = 20
money = "unlimited"

[arrivals]
rate_per_day = { value = 2, low = 1, high = 3 }

[services.clinic]
kind = "casework"
workers = 1
duration = { law = "exponential", mean_days = { value = 0.25, low = 0.2, high = 0.4 } }
"""


def results(folder: Path) -> dict[str, bytes]:
    """Every file of a study but what is kept; of run.json, what does not tell of the machine and the call."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    made = json.loads(found["run.json"])
    found["run.json"] = json.dumps({key: one for key, one in made.items() if key not in NOT_THE_RESULT}).encode()
    return found


def call(*arguments: str) -> tuple[int, str]:
    """The command line, in this process: exit code, and what it says of errors."""
    code, _, said = heard(*arguments)
    return code, said


def heard(*arguments: str) -> tuple[int, str, str]:
    """The command line, in this process: exit code, what it prints, and what it says of errors."""
    made = CliRunner().invoke(main, list(arguments))
    assert "Traceback" not in made.output
    assert made.exception is None or isinstance(made.exception, SystemExit), made.exception
    return made.exit_code, made.stdout, made.stderr


def clinics(folder: Path, *arguments: str) -> Path:
    """A study of two clinics, three replications of each, in ``folder``/study."""
    (folder / "clinic.toml").write_text(CLINIC)
    (folder / "busy.toml").write_text(CLINIC.replace("value = 2", "value = 3"))
    names = [str(folder / f"{name}.toml") for name in ("clinic", "busy")]
    asked = [
        "run",
        *names,
        "--replications",
        "3",
        "--no-figures",
        "--quiet",
        *arguments,
        "--out",
        str(folder / "study"),
    ]
    assert call(*asked) == (0, "")
    return folder / "study"


def judged(study: Path, *more: str) -> tuple[int, str, str]:
    """What ``verify`` says of a study: exit code, what it prints, what differs."""
    return heard("verify", str(study), "--workers", "1", *more)


def edit(path: Path, old: str, new: str) -> None:
    """Change the first of some words that a file holds."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def begin(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """The command line, in a process (and a group) of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "reliefsim", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **environment}, start_new_session=True,
    )  # fmt: skip


def workers_of(process: int) -> list[int]:
    """The processes that a process has started to work for it."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]


def wait_for(happened: Callable[[], bool]) -> None:
    for _ in range(600):
        if happened():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")

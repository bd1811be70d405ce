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
NOT_THE_RESULT = ("command", "machine")


def results(folder: Path) -> dict[str, bytes]:
    """Every file of a study but what is kept; of run.json, what does not tell of the machine and the call."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    made = json.loads(found["run.json"])
    found["run.json"] = json.dumps({key: one for key, one in made.items() if key not in NOT_THE_RESULT}).encode()
    return found


def call(*arguments: str) -> tuple[int, str]:
    """The command line, in this process: exit code, and what it says of errors."""
    made = CliRunner().invoke(main, list(arguments))
    assert "Traceback" not in made.output
    assert made.exception is None or isinstance(made.exception, SystemExit), made.exception
    return made.exit_code, made.stderr


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

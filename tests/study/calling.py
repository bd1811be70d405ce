"""The command line as a user calls it, in this process and in others, and what it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from click.testing import CliRunner

from reliefsim.cli.main import main

WITH_BANDS = ["--set", "caseload.people=300", "--no-figures", "--quiet", "--seed", "3"]
SMALL = [*WITH_BANDS, "--point-values"]
FEW = ["run", "baseline", "rapid-growth", *SMALL, "--replications", "12"]
MANY = ["run", "baseline", "rapid-growth", *WITH_BANDS, "--replications", "60"]  # kept in twenty-four parts
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


def clinics_call(folder: Path, *more: str) -> list[str]:
    """The call for a study of two clinics, three replications of each, in ``folder``/study."""
    (folder / "clinic.toml").write_text(CLINIC)
    (folder / "busy.toml").write_text(CLINIC.replace("value = 2", "value = 3"))
    names = [str(folder / f"{name}.toml") for name in ("clinic", "busy")]
    plain = () if "--uncertain" in more else ("--point-values",)
    asked = ("--replications", "3", "--no-figures", "--quiet")
    return ["run", *names, *asked, *plain, *more, "--out", str(folder / "study")]


def clinics(folder: Path, *more: str) -> Path:
    """That study, made."""
    assert call(*clinics_call(folder, *more)) == (0, "")
    return folder / "study"


def clinics_sensitivity(folder: Path) -> Path:
    """A study of sensitivity of one clinic."""
    (folder / "clinic.toml").write_text(CLINIC)
    asked = ["sensitivity", str(folder / "clinic.toml"), "--rows", "64", "--no-figures", "--quiet"]
    assert call(*asked, "--out", str(folder / "study")) == (0, "")
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
    return _started(["-m", "reliefsim", *arguments], environment)


def _started(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **(environment or {})}, start_new_session=True,
    )  # fmt: skip


# A command line that goes no further than its first kept part until a file is there: what is done meanwhile is done
# in the middle of a study, however fast the machine.
_HELD = """
import sys, time
from pathlib import Path
from reliefsim.cli.main import main
from reliefsim.study.running.checkpoints import CheckpointStore

go, save = Path(sys.argv.pop(1)), CheckpointStore.save

def save_and_wait(kept, job, part):
    save(kept, job, part)
    while not go.exists():
        time.sleep(0.01)

if __name__ == "__main__":
    CheckpointStore.save = save_and_wait
    main()
"""


def begin_held(go: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command line, in a process of its own, that waits after its first kept part until ``go`` is there."""
    program = go.with_name("held.py")
    program.write_text(_HELD)
    return _started([str(program), str(go), *arguments])


def workers_of(process: int) -> list[int]:
    """The processes that a process has started to work for it."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]


def parts_of(folder: Path) -> int:
    """How many parts of a study are kept."""
    return len(list(folder.rglob("*.part")))


def wait_for(happened: Callable[[], bool]) -> None:
    """Until it has happened; on a busy machine, a process alone may take seconds to start."""
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)

"""A study that the machine cannot hold is refused before anything is run or written, with what would fit."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reliefsim import run_study
from reliefsim.cli.main import main
from reliefsim.indicators.measure import keys, monthly_keys
from reliefsim.scenario import load_scenario, read
from reliefsim.scenario.checks.check_size import bytes_of_a_run
from reliefsim.study.running import memory
from reliefsim.study.running.memory import TooLargeError, machine_bytes

SMALL = ("caseload.people=300",)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A machine of so many bytes, beside those that runs take."""
    monkeypatch.setattr(memory, "_of_runs", lambda scenarios, workers: 0.0)
    return lambda size: monkeypatch.setattr(memory, "machine_bytes", lambda: size)


def bytes_of(*names: str) -> int:
    """What one replication takes: 24 bytes a number."""
    scenarios = [load_scenario(name, SMALL) for name in names]
    return sum(24 * (len(keys(one)) + len(monthly_keys(one))) for one in scenarios)


def refused(*call: str) -> str:
    made = CliRunner().invoke(main, ["run", *call, "--set", SMALL[0], "--no-figures", "--out", "study"])
    assert made.exit_code == 2, made.output
    assert made.stderr.count("\n") == 1
    assert list(Path().iterdir()) == []
    return made.stderr


def test_more_replications_than_fit_are_refused_with_how_many_would(
    machine: Callable[[float], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    machine(4 * bytes_of("baseline", "rapid-growth") + 5)
    said = refused("baseline", "rapid-growth", "--point-values", "--replications", "5")
    assert re.search(r"--replications: 2 arms × 5 replications take some .* GB of memory, .*: enough for 4 rep", said)
    made = CliRunner().invoke(
        main,
        ["run", "baseline", "rapid-growth", "--replications", "4", "--set", SMALL[0], "--point-values", "--no-figures",
         "--out", "x"],
    )  # fmt: skip
    assert made.exit_code == 0, made.output


def test_rules_and_points_count(
    machine: Callable[[float], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    machine(33 * bytes_of("baseline"))
    rules = ("--rule", "equal", "--rule", "by-need")
    said = refused("baseline", *rules, "--uncertain", "8", "--replications", "3")
    assert "2 arms × 8 points × 3 replications take" in said
    assert "enough for 2 replications" in said
    assert "enough for 16 points of one replication" in refused(
        "baseline", *rules, "--uncertain", "40", "--replications", "1"
    )


def test_a_precision_is_refused_only_if_what_it_begins_with_does_not_fit(
    machine: Callable[[float], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    precision: dict[str, Any] = {"precision": "people_reached=1e6", "figures": False}
    machine(100 * bytes_of("baseline"))
    assert run_study(load_scenario("baseline", SMALL), **precision).replications < 100
    machine(19 * bytes_of("baseline"))
    with pytest.raises(TooLargeError, match=r"1 arm × 20 replications .* enough for 19 replications"):
        run_study(load_scenario("baseline", SMALL), **precision)


def test_runs_that_do_not_fit_are_refused_and_large_ones_say_what_they_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    run = bytes_of_a_run(load_scenario("baseline", SMALL))
    monkeypatch.setattr(memory, "machine_bytes", lambda: 2.5 * run)
    said = refused("baseline", "--replications", "1", "--workers", "3")
    assert re.search(r"a run takes some .* GB of memory, 3 at once .*: enough for 2 workers", said)
    notices = [str(one) for one in read("baseline", ("caseload.people=20000000",)).warnings if one.path == "caseload.people"]
    assert len(notices) == 1
    assert re.search(r"means some [2-9]\.\d GB of memory for each run at a time", notices[0])


@pytest.mark.slow
def test_the_memory_of_a_run_is_what_is_estimated() -> None:
    """In a process of its own, of a million people: the peak above that of a small run, within two fifths."""
    code = (
        "import resource\nfrom reliefsim import load_scenario, simulate\nfrom reliefsim.indicators.measure import measure\n"
        "def peak(people):\n"
        "    measure(simulate(load_scenario('baseline', (f'caseload.people={people}',))))\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "small = peak(1000)\nprint(1024 * (peak(1_000_000) - small))"
    )
    took = float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
    assert took == pytest.approx(bytes_of_a_run(load_scenario("baseline", ("caseload.people=1000000",))), rel=0.4)


def test_the_memory_of_this_machine_is_known_or_taken_for_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2**28 < machine_bytes() < 2**50 or math.isinf(machine_bytes())
    monkeypatch.delattr("os.sysconf", raising=False)
    assert machine_bytes() == math.inf

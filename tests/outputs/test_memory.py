"""A study that the machine cannot hold is refused before anything is run or written, with what would fit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reliefsim import run_study
from reliefsim.cli import main
from reliefsim.outputs import memory
from reliefsim.outputs.memory import TooLargeError, machine_bytes
from reliefsim.scenario import load_scenario
from reliefsim.study.indicators import keys, monthly_keys

SMALL = ("caseload.people=300",)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A machine of so many bytes."""
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
    said = refused("baseline", "rapid-growth", "--replications", "5")
    assert re.search(r"--replications: 2 arms × 5 replications take some .* GB of memory, .*: enough for 4 rep", said)
    made = CliRunner().invoke(
        main,
        ["run", "baseline", "rapid-growth", "--replications", "4", "--set", SMALL[0], "--no-figures", "--out", "x"],
    )
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


def test_the_memory_of_this_machine_is_known_or_taken_for_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2**28 < machine_bytes() < 2**50 or math.isinf(machine_bytes())
    monkeypatch.delattr("os.sysconf", raising=False)
    assert machine_bytes() == math.inf

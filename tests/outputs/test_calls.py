"""A call that cannot be carried out: one line for each fault, exit code 2, no traceback, nothing written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main

BAD_CALLS = [
    (["run", "--replications", "0"], "--replications: must be 1 to 1000000 (got 0)"),
    (["run", "--replications", "-3"], "--replications: must be 1 to 1000000 (got -3)"),
    (["run", "--replications", "1000000000"], "--replications: must be 1 to 1000000 (got 1000000000)"),
    (["run", "--replications", "2.5"], "--replications: must be 1 to 1000000 (got 2.5)"),
    (["run", "--seed", "-1"], "--seed: must be 0 to 9223372036854775807 (got -1)"),
    (["run", "--seed", "today"], "--seed: must be 0 to 9223372036854775807 (got today)"),
    (["run", "--workers", "0"], "--workers: must be 1 to 1024 (got 0)"),
    (["run", "--rule", "by-ned"], "Did you mean by-need?"),
    (["run", "--rule", "equal", "--rule", "equal"], "--rule: a rule is given twice. Each once"),
    (["run", "basline"], "Did you mean baseline?"),
    (["run", "baseline", "baseline"], "SCENARIO: two scenarios are named baseline."),
    (["run", "baseline", "--set", "grants.cerf.amout_usd=1"], "amount_usd"),
    (["trace", "baseline", "--household", "-1"], "--household: must be 0 to 2147483647 (got -1)"),
    (["show", "nowhere.toml"], "nowhere.toml"),
]


@pytest.mark.parametrize(("call", "words"), BAD_CALLS)
def test_a_bad_call_says_what_is_wrong_in_one_line(
    call: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(main, call)
    assert made.exit_code == 2, made.output
    assert words in made.stderr
    assert len(made.stderr.strip().splitlines()) == 1
    assert "Traceback" not in made.output
    assert list(tmp_path.iterdir()) == []


def test_the_faults_of_all_scenarios_are_told_at_once() -> None:
    made = CliRunner().invoke(main, ["run", "basline", "rapid-growht"])
    assert made.exit_code == 2
    assert len(made.stderr.strip().splitlines()) == 2


def test_an_output_folder_with_another_study_is_refused_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("reliefsim.study.running.runner.run_study", None)
    made = CliRunner().invoke(main, ["run", "baseline", "--out", "mine"])
    assert made.exit_code == 2
    assert made.stderr == "--out: mine holds another study. Name a new folder, or move that one away\n"
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "run.json"]


def test_a_folder_the_disk_refuses_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small = ["--set", "caseload.people=20", "--replications", "1", "--no-figures"]
    made = CliRunner().invoke(main, ["run", "baseline", *small, "--out", "x" * 300])
    assert made.exit_code == 2
    assert "Nothing was written" in made.stderr
    assert len(made.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("call", [["--help"], ["run", "--help"], ["trace", "--help"]])
def test_help_does_not_import_the_model(call: list[str]) -> None:
    program = f"""
import sys
from reliefsim.cli.main import main
try:
    main({call!r})
except SystemExit:
    pass
heavy = [name for name in ("numpy", "numba", "scipy", "pydantic", "simpy", "matplotlib") if name in sys.modules]
sys.exit(" ".join(heavy) or 0)
"""
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert made.stderr == ""
    assert made.returncode == 0


def test_list_names_every_shipped_scenario_with_its_question() -> None:
    made = CliRunner().invoke(main, ["list"])
    assert made.exit_code == 0
    assert made.output.startswith("baseline: ")
    assert "rapid-growth: " in made.output
    assert max(map(len, made.output.splitlines())) <= 80


def test_show_gives_the_resolved_scenario_with_origins() -> None:
    made = CliRunner().invoke(main, ["show", "rapid-growth", "--set", "grants.cerf.amount_usd=100000"])
    assert made.exit_code == 0
    line = next(line for line in made.output.splitlines() if line.startswith("amount_usd = { value = 100000"))
    assert "--set" in line

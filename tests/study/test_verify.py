"""What ``verify`` notices in a study's folder, what it only names, and what it calls the likely cause."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from reliefsim import run_study
from reliefsim.engine import simulate as operation
from reliefsim.rules import Known
from reliefsim.study.running import backend_choice
from reliefsim.study.running.checkpoints import decode, encode
from reliefsim.study.running.jobs import Job
from reliefsim.study.running.runner import StudyStoppedError
from reliefsim.verify import verify

from .calling import CLINIC, call, edit, judged

HOLDS = "is what the model gives, to the byte."


@pytest.mark.parametrize("more", [(), ("--sample", "2")])
def test_a_study_left_alone_is_what_the_model_gives(study: Path, more: tuple[str, ...]) -> None:
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    code, said, wrong = judged(study, *more)
    assert (code, wrong) == (0, "")
    assert HOLDS in said
    assert "Noted" not in said
    assert {path: path.read_bytes() for path in study.rglob("*") if path.is_file()} == before


def test_a_study_of_two_places_of_one_code_is_what_the_model_gives(tmp_path: Path) -> None:
    """A resolved scenario has its places in the order of their names; the one that was run need not."""
    places = (("locations.town", 0.7), ("locations.camp", 0.3), ("origins.up", 1))
    text = "".join(f'[{name}]\nshare = {share}\npcode = "X"\n' for name, share in places)
    (tmp_path / "two.toml").write_text(CLINIC + text)
    study = tmp_path / "study"
    assert call("run", str(tmp_path / "two.toml"), "--replications", "2", "--no-figures", "--quiet", "--out", str(study))[0] == 0
    assert ",X,camp / town / up,,,,not listed" in (study / "pcodes.csv").read_text()
    assert judged(study)[::2] == (0, "")


def test_processes_find_what_one_finds(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_choice, "POOL_PAYS_SECONDS", 0.0)
    assert judged(study, "--workers", "2")[::2] == (0, "")
    path = study / "kept" / "clinic" / "by-need" / "0-1-2.part"
    head, part = decode(path.read_bytes())
    part.values[0, 0] += 1
    path.write_bytes(encode(head["study"], head["part"], Job(0, 0, 0, 1, 2), part))
    code, _, wrong = judged(study, "--workers", "2")
    assert code == 1
    assert "kept/clinic/by-need/0-1-2.part: not what the model gives now" in wrong


def test_a_study_whose_kept_parts_were_removed_is_what_the_model_gives(study: Path) -> None:
    shutil.rmtree(study / "kept")
    code, said, wrong = judged(study)
    assert (code, wrong) == (0, "")
    assert HOLDS in said


@pytest.mark.parametrize("more", [(), ("--sample", "1")])
def test_a_kept_part_that_was_deleted_is_missed(study: Path, more: tuple[str, ...]) -> None:
    (study / "kept" / "busy" / "by-need" / "0-1-2.part").unlink()
    code, _, wrong = judged(study, *more)
    assert code == 1
    assert "kept/busy/by-need: replication 1: missing" in wrong
    assert "likely cause: a file was edited, damaged or removed" in wrong


def test_all_kept_parts_of_an_arm_that_were_deleted_are_missed(study: Path) -> None:
    shutil.rmtree(study / "kept" / "busy")
    code, _, wrong = judged(study, "--sample", "1")
    assert (code, "kept/busy/by-need: replications 0 to 2: missing" in wrong) == (1, True), wrong


@pytest.mark.parametrize("more", [(), ("--sample", "6")])
@pytest.mark.parametrize("table", ["values", "monthly", "amounts"])
def test_a_kept_part_that_holds_other_numbers_under_a_right_digest_is_noticed(
    study: Path, table: str, more: tuple[str, ...]
) -> None:
    path = study / "kept" / "clinic" / "by-need" / "0-1-2.part"
    head, part = decode(path.read_bytes())
    spoilt = part.allocations.amounts if table == "amounts" else getattr(part, table)
    spoilt[0, -1] = 7 if np.isnan(spoilt[0, -1]) else spoilt[0, -1] + 1
    path.write_bytes(encode(head["study"], head["part"], Job(0, 0, 0, 1, 2), part))
    code, _, wrong = judged(study, *more)
    assert (code, "kept/clinic/by-need" in wrong, "not what the model gives now" in wrong) == (1, True, True), wrong


def test_a_part_under_the_name_of_another_is_noticed(study: Path) -> None:
    parts = study / "kept" / "clinic" / "by-need"
    shutil.copy(parts / "0-0-1.part", parts / "0-1-2.part")
    code, _, wrong = judged(study, "--sample", "1")
    assert (code, "kept/clinic/by-need/0-1-2.part: holds another part" in wrong) == (1, True), wrong


def test_what_the_study_did_not_write_is_named_and_makes_it_no_less_true(study: Path) -> None:
    (study / "notes.txt").write_text("mine")
    (study / "drafts").mkdir()
    (study / "drafts" / "a.txt").write_text("mine")
    (study / "kept" / "clinic" / "note").write_text("mine")
    code, said, wrong = judged(study, "--sample", "1")
    assert (code, wrong) == (0, "")
    for name in ("notes.txt", "drafts/", "kept/clinic/note"):
        assert f"Noted: {name}: not of this study." in said
    assert HOLDS in said


@pytest.mark.parametrize("more", [(), ("--sample", "6")])
def test_a_replication_that_fails_when_it_is_run_again_is_one_line(
    study: Path, more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    simulate = operation.simulate

    def failing(scenario: Any, rule: Any, seed: int, replication: int, *others: Any, **named: Any) -> Any:
        if (scenario.name, replication) == ("busy", 1):
            raise ValueError("no such\nday")
        return simulate(scenario, rule, seed, replication, *others, **named)

    monkeypatch.setattr(operation, "simulate", failing)
    code, _, wrong = judged(study, *more)
    assert code == 1
    assert wrong.splitlines()[0] == "busy/by-need/1: fails when it is run again: ValueError: no such day"
    assert len(wrong.splitlines()) == 2
    assert "likely cause: not known; nothing stated has changed" in wrong


def keep_all(known: Known) -> list[list[int]]:
    """A rule that no file holds."""
    return [[0] * len(known.grants) for _ in known.services]


def test_a_study_with_a_function_as_rule_has_its_files_checked_and_is_not_called_verified(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text(CLINIC)
    study = tmp_path / "study"
    run_study([tmp_path / "clinic.toml"], rules=[keep_all], replications=3, out=study, figures=False)
    code, said, wrong = judged(study)
    assert code == 1
    assert wrong.splitlines() == ["not run again: the rule keep_all is a function, which no file holds"]
    assert "files against their digests." in said
    assert "kept parts against theirs." in said
    edit(study / "runs.csv", "clinic", "clinik")
    part = next((study / "kept" / "clinic" / "keep_all").iterdir())
    part.write_bytes(part.read_bytes()[:-1])
    _, _, wrong = judged(study)
    assert "runs.csv: edited or damaged since it was written" in wrong
    assert f"kept/clinic/keep_all/{part.name}: damaged" in wrong


def test_a_function_with_the_name_of_a_rule_is_no_rule_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "clinic.toml").write_text(CLINIC)
    equal = FunctionType(keep_all.__code__, globals(), "equal")
    study = tmp_path / "study"
    run_study([tmp_path / "clinic.toml"], rules=[equal], replications=3, out=study, figures=False, workers=1)
    code, _, wrong = judged(study)
    assert (code, wrong.splitlines()) == (1, ["not run again: the rule equal is a function, which no file holds"])


def test_a_study_of_points_is_checked_with_its_points(uncertain_study: Path, tmp_path: Path) -> None:
    study = Path(shutil.copytree(uncertain_study, tmp_path / "study"))
    assert judged(study)[0] == 0
    assert judged(study, "--sample", "3")[0] == 0
    (study / "kept" / "busy" / "by-need" / "1-2-3.part").unlink()
    assert "kept/busy/by-need: point 1, replication 2: missing" in judged(study, "--sample", "1")[2]
    edit(study / "points.csv", "\n1,", "\n1,x")
    assert "not run again: points.csv cannot be read" in judged(study, "--sample", "1")[2]
    (study / "points.csv").unlink()
    code, _, wrong = judged(study)
    assert (code, "points.csv: missing" in wrong) == (1, True), wrong


def test_a_study_of_sensitivity_is_checked_with_its_kept_rows(sensitivity_study: Path, tmp_path: Path) -> None:
    study = Path(shutil.copytree(sensitivity_study, tmp_path / "study"))
    assert judged(study)[::2] == (0, "")
    row = study / "kept" / "clinic" / "by-need" / "7-0-1.part"
    head, part = decode(row.read_bytes())
    part.values[0, 0] += 1
    row.write_bytes(encode(head["study"], head["part"], Job(0, 0, 7, 0, 1), part))
    row.with_name("9-0-1.part").unlink()
    code, _, wrong = judged(study)
    assert code == 1
    assert "kept/clinic/by-need/7-0-1.part: not what the model gives now" in wrong
    assert "kept/clinic/by-need: row 9: missing" in wrong


def test_a_scenario_that_cannot_be_read_any_more_is_one_line(study: Path) -> None:
    edit(study / "scenario-busy.toml", "horizon_days", "horizont_days")
    code, _, wrong = judged(study)
    assert code == 1
    assert "scenario-busy.toml: edited or damaged since it was written" in wrong
    assert "not run again: scenario-busy.toml:" in wrong
    edit(study / "scenario-clinic.toml", 'name = "clinic"', 'name = "clinik"')
    assert "not run again: scenario-clinic.toml is named clinik" in judged(study)[2]


def test_a_check_that_is_stopped_judges_nothing(study: Path) -> None:
    for sample in (None, 2):
        with pytest.raises(StudyStoppedError):
            verify(study, sample, stop=lambda: 1)

"""What tells of a study, run.json and study.json, is checked itself, and told from tables that were edited."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from reliefsim.store import is_sealed, sealed

from .calling import edit, judged


def test_another_seed_in_run_json_gives_other_tables_and_run_json_is_named(study: Path) -> None:
    edit(study / "run.json", '"seed": 2012', '"seed": 2013')
    code, _, wrong = judged(study)
    assert code == 1
    assert "run.json: edited or damaged since it was written" in wrong
    assert "kept/study.json: seed is 2012 there, 2013 by run.json" in wrong
    assert "indicators.csv: not what the model gives now" in wrong
    assert "likely cause: run.json was edited or damaged" in wrong


def test_more_replications_in_run_json_than_there_are_runs_are_not_run(study: Path) -> None:
    edit(study / "run.json", '"replications": 3', '"replications": 3000000')
    code, _, wrong = judged(study)
    assert code == 1
    assert "not run again: run.json asks for 6,000,000 runs, runs.csv holds 6" in wrong
    assert "likely cause: run.json was edited or damaged" in wrong


@pytest.mark.parametrize(
    ("old", "new"),
    [('"reliefsim"', '"reliefsin"'), ('"version": "0', '"version": "9'), ('"x86_64"', '"arm"'), ("{\n", "{ \n")],
)
def test_any_other_change_of_run_json_is_noticed(study: Path, old: str, new: str) -> None:
    edit(study / "run.json", '"processor": "', '"processor": "x86_64", "was": "')  # whatever this machine is
    (study / "run.json").write_bytes(sealed(without_seal(study / "run.json")))
    edit(study / "run.json", old, new)
    code, _, wrong = judged(study, "--sample", "1")
    assert (code, "run.json: edited or damaged since it was written" in wrong) == (1, True), wrong


def without_seal(path: Path) -> bytes:
    return path.read_bytes().rpartition(b',\n  "digest"')[0] + b"\n}\n"


def test_a_digest_that_was_edited_is_told_from_a_table_that_was(study: Path) -> None:
    digest = json.loads((study / "run.json").read_text())["outputs"]["monthly.csv"]
    edit(study / "run.json", digest, digest[::-1])
    _, _, wrong = judged(study)
    assert "monthly.csv: what the model gives, but not by its digest in run.json" in wrong
    assert "monthly.csv: edited" not in wrong
    edit(study / "runs.csv", "clinic", "clinik")
    _, _, wrong = judged(study)
    assert "runs.csv: edited or damaged since it was written" in wrong
    assert "row 2, column scenario: clinik, now clinic" in wrong


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"seed": 2012,', "", "seed: Field required"),
        ('"seed": 2012', '"seed": "2012"', "seed: Input should be a valid integer"),
        ('"scenario": "busy"', '"scenery": "busy"', "scenarios.1.scenario: Field required"),
        ('"reference": 0', '"reference": 7', "the reference is none of its arms"),
        ("{", "", "Invalid JSON"),
    ],
)
def test_a_run_json_that_cannot_be_used_is_one_line(study: Path, old: str, new: str, words: str) -> None:
    edit(study / "run.json", old, new)
    code, _, wrong = judged(study)
    assert (code, f"run.json: damaged: {words}" in wrong, len(wrong.splitlines())) == (1, True, 2), wrong


def test_another_version_that_gave_the_same_bytes_is_noted(study: Path) -> None:
    shutil.rmtree(study / "kept")
    edit(study / "run.json", '"version": "0', '"version": "9')
    (study / "run.json").write_bytes(sealed(without_seal(study / "run.json")))
    code, said, wrong = judged(study)
    assert (code, wrong) == (0, "")
    assert "Noted: made otherwise, with the same result: reliefsim was 9." in said


@pytest.mark.parametrize("more", [(), ("--sample", "6")])
def test_other_packages_that_give_the_same_bytes_are_noted(
    study: Path, more: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checked where numpy is another: what was kept still tells of the one that made it."""
    version = metadata.version
    was = version("numpy")
    monkeypatch.setattr(metadata, "version", lambda name: "0.1" if name == "numpy" else version(name))
    code, said, wrong = judged(study, *more)
    assert (code, wrong) == (0, "")
    assert f"Noted: made otherwise, with the same result: numpy was {was}, is 0.1." in said


def test_other_packages_in_study_json_than_in_run_json_are_noticed(study: Path) -> None:
    edit(study / "kept" / "study.json", f'"numpy": "{metadata.version("numpy")}"', '"numpy": "0.1"')
    code, _, wrong = judged(study, "--sample", "1")
    assert (code, 'kept/study.json: made_with.numpy is "0.1" there' in wrong) == (1, True), wrong


def spoil_study(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(change(path.read_bytes())) and None


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (Path.unlink, "kept/study.json: missing"),
        (spoil_study(lambda text: text[:-40]), "kept/study.json: damaged"),
        (spoil_study(lambda text: text.replace(b'"seed": 2012', b'"seed":  2012')), "kept/study.json: damaged"),
        (spoil_study(lambda text: text.replace(b'"seed": 2012', b'"seed": 2013')), "seed is 2013 there, 2012 by run.json"),
        (spoil_study(lambda text: text.replace(b'"version": "0', b'"version": "9')), "version is \"9.1.0\" there"),
        (
            spoil_study(lambda text: text.replace(b'"horizon_days": {\n    "value": 20', b'"horizon_days": {\n    "value": 2')),
            "kept/study.json: scenarios.clinic.horizon_days",
        ),
    ],
)  # fmt: skip
def test_a_study_json_that_is_not_as_it_was_is_noticed(study: Path, spoil: Callable[[Path], Any], words: str) -> None:
    before = (study / "kept" / "study.json").read_bytes()
    spoil(study / "kept" / "study.json")
    assert not (study / "kept" / "study.json").exists() or (study / "kept" / "study.json").read_bytes() != before
    code, _, wrong = judged(study, "--sample", "1")
    assert (code, words in wrong) == (1, True), wrong


def test_run_json_carries_a_digest_of_itself(study: Path) -> None:
    text = (study / "run.json").read_bytes()
    assert is_sealed(text)
    assert set(json.loads(text)) == {*json.loads(without_seal(study / "run.json")), "digest"}
    assert sealed(b"new") == b"new"
    assert not is_sealed(b"new")
    assert not is_sealed(without_seal(study / "run.json"))

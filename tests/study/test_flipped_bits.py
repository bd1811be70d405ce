"""One bit of one file of a study is turned over: ``verify`` says which file it is."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from .calling import judged

FILES = (
    "indicators.csv", "allocation.csv", "monthly.csv", "runs.csv", "differences.csv", "scenario-clinic.toml",
    "hapi.csv", "pcodes.csv", "datapackage.json", "run.json", "kept/study.json", "kept/busy/by-need/0-0-1.part",
)  # fmt: skip
POSITIONS = 12


def test_every_kind_of_file_of_a_study_is_tried(study: Path) -> None:
    there = {path.relative_to(study).as_posix() for path in study.rglob("*") if path.is_file()}
    alike = {name for name in there if name.endswith(".part") or name == "scenario-busy.toml"}
    assert there - alike == set(FILES) - alike
    assert set(FILES) <= there


@pytest.mark.parametrize("name", FILES)
def test_a_bit_that_is_turned_over_is_noticed(study: Path, name: str) -> None:
    whole = (study / name).read_bytes()
    chances = random.Random(name)
    for place in chances.sample(range(8 * len(whole)), POSITIONS):
        spoilt = bytearray(whole)
        spoilt[place // 8] ^= 1 << place % 8
        (study / name).write_bytes(spoilt)
        code, _, wrong = judged(study, "--sample", "1")
        assert (code, name in wrong) == (1, True), f"bit {place}: {wrong}"
        assert "likely cause" in wrong
    (study / name).write_bytes(whole)
    assert judged(study, "--sample", "1")[0] == 0


@pytest.mark.parametrize("name", ["sensitivity.csv", "points.csv", "uncertainty.csv"])
def test_a_bit_of_a_table_of_other_studies_is_noticed(
    name: str, uncertain_study: Path, sensitivity_study: Path, tmp_path: Path
) -> None:
    study = Path(
        shutil.copytree(sensitivity_study if name == "sensitivity.csv" else uncertain_study, tmp_path / "study")
    )
    whole = (study / name).read_bytes()
    for place in random.Random(name).sample(range(8 * len(whole)), 4):
        spoilt = bytearray(whole)
        spoilt[place // 8] ^= 1 << place % 8
        (study / name).write_bytes(spoilt)
        code, _, wrong = judged(study, "--sample", "1")
        assert (code, name in wrong) == (1, True), f"bit {place}: {wrong}"

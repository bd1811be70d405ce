"""What run.json says is enough to do a study again, whoever asked for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reliefsim import run_study
from reliefsim.report.publish import carry_out
from reliefsim.rules import Known
from reliefsim.scenario import read
from reliefsim.study.queries.sobol import rows
from reliefsim.study.request import Sensitivity, StudyRequest

SMALL = ("caseload.people=300",)


def nothing_for_anybody(known: Known) -> list[list[int]]:
    return [[0] * len(known.grants) for _ in known.services]


def told(folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return made


@pytest.mark.parametrize(
    "call",
    [
        {"precision": "people_reached=40,gap_usd=50%", "max_replications": 60, "reference": 1},
        {"replications": 3, "uncertain": 4, "over": ["dtm", "grants.usaid"], "seed": 9},
        {"replications": 3, "uncertain": True, "rules": "equal"},
    ],
)
def test_a_study_from_python_is_done_again_from_what_its_files_say(tmp_path: Path, call: dict[str, Any]) -> None:
    readings = [read(name, SMALL) for name in ("baseline", "rapid-growth")]
    run_study(readings, **call, backend="serial", workers=1, out=tmp_path / "one", figures=False)
    made = told(tmp_path / "one")
    assert made["command"] == ["reliefsim.run_study"]
    names = dict.fromkeys(arm["scenario"] for arm in made["scenarios"])
    run_study(
        [tmp_path / "one" / f"scenario-{name}.toml" for name in names], made["rules"], made["replications"],
        precision=made["precision"], max_replications=made["max_replications"], reference=made["reference"],
        uncertain=made["points"] or made["uncertain"], over=made["over"], seed=made["seed"],
        backend=made["machine"]["backend"], workers=made["machine"]["workers"], out=tmp_path / "other",
        insecure_cluster=made["machine"]["insecure_cluster"], figures=made["figures"],
    )  # fmt: skip
    tables = sorted(path.name for path in (tmp_path / "one").glob("*.csv"))
    assert len(tables) >= 5
    for name in tables:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    again = told(tmp_path / "other")
    for key in made.keys() - {"inputs", "outputs", "digest"}:  # of files: their places are others
        assert again[key] == made[key]


def test_a_rule_that_is_a_function_is_told_from_one_that_has_a_name(tmp_path: Path) -> None:
    reading = read("baseline", SMALL)
    run_study(reading, [None, "equal", nothing_for_anybody], 2, out=tmp_path / "study", figures=False)
    made = told(tmp_path / "study")
    assert made["rules"] == [None, "equal", "nothing_for_anybody"]
    assert made["function_rules"] == ["nothing_for_anybody"]
    assert (made["precision"], made["max_replications"], made["over"], made["points"]) == (None,) * 4
    assert made["machine"]["backend"] is None
    assert made["machine"]["workers"] >= 1


def test_a_sensitivity_says_how_many_rows_and_over_what(tmp_path: Path) -> None:
    reading, over = read("baseline", SMALL), ("dtm.count_cv",)
    request = StudyRequest(
        (reading,), replications=1, seed=5, points=rows(reading.scenario, 64, 5, over), over=over, question=Sensitivity(64),
        folder=tmp_path / "study", figures=False, backend="serial",
    )  # fmt: skip
    carry_out(request)
    made = told(tmp_path / "study")
    assert (made["rows"], made["over"], made["figures"]) == (64, ["dtm.count_cv"], False)
    assert (made["machine"]["workers"], made["machine"]["backend"]) == (1, "serial")

"""Small studies, made once for all tests of the workbook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from study.calling import call

from reliefsim.report.workbook import write_workbook

SMALL = ("--set", "caseload.people=600", "--seed", "7", "--no-figures", "--quiet", "--backend", "serial")
PLANTED = """
format = 1
title = "=1+1"
question = "@SUM(1)"
start_date = 2030-01-01
horizon_days = 60
caseload = { people = { value = 80, source = "+1", note = "-1+1" } }
[services.a]
label = "=2+2"
kind = "casework"
duration = 3
unit_cost_usd = 10
[grants.g]
donor = "=HYPERLINK(\\"http://example.org\\")"
amount_usd = 300
"""


def made(folder: Path, *others: Path) -> Path:
    """The workbook of a study."""
    return write_workbook(folder, json.loads((folder / "run.json").read_text(encoding="utf-8")), others)


def study(folder: Path, *arguments: str) -> Path:
    """A study's folder."""
    code, said = call(*arguments, "--out", str(folder))
    assert code == 0, said
    return folder


@pytest.fixture(scope="session")
def gap_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenarios of the fundraiser's, with an ask and the next dollars."""
    where = tmp_path_factory.mktemp("workbook")
    ask = study(
        where / "ask", "ask", "baseline", "--target", "need_covered=0.5", *SMALL, "--replications", "20", "--no-by-when"
    )
    following = study(where / "next", "next-dollar", "baseline", *SMALL, "--replications", "3")
    folder = study(where / "gap", "gap", "baseline", "usaid-stop-work", "--point-values", *SMALL, "--replications", "6")
    made(folder, ask, following)
    return folder


@pytest.fixture(scope="session")
def folders(gap_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Studies of every kind: by a rule each, of other services, of a scenario with dangerous words."""
    where = tmp_path_factory.mktemp("workbooks")
    (where / "planted.toml").write_text(PLANTED, encoding="utf-8")
    few = ("--replications", "3", "--no-figures", "--quiet", "--backend", "serial")
    points = ("--point-values",)
    found = {
        "run": study(where / "run", "run", "baseline", "--rule", "by-need", "--rule", "fixed-shares", *SMALL, *few[:2], *points),
        "one": study(where / "one", "run", "invented-flood", *few),
        "mixed": study(where / "mixed", "gap", "invented-flood", str(where / "planted.toml"), *few, *points),
        "planted": study(where / "planted", "gap", str(where / "planted.toml"), *few),
    }
    for folder in found.values():
        made(folder)
    return {"gap": gap_folder, **found}

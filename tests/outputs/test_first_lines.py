"""What a terminal says of a study first: the band, why something is missing, which plan is better, and little more."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reliefsim.report.terminal.columns import table
from reliefsim.report.text.tongue import Plain
from reliefsim.report.views.first_view import decision, rounded
from reliefsim.results.estimate_rows import ArmName, Difference, Differences, Estimate
from reliefsim.results.study_folder import StudyFolder
from reliefsim.scenario import shipped_names
from reliefsim.store import read_table
from reliefsim.study.statistics.verdicts import verdict

from .conftest import SMALL, reliefsim

MOST_LINES = 60


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Every shipped scenario about Mali, with bands, and what was printed."""
    folder = tmp_path_factory.mktemp("first")
    names = [name for name in shipped_names() if name != "invented-flood"]
    ends = ("--replications", "12", "--no-figures", "--out", "all")
    made = reliefsim("run", *names, *SMALL, *ends, folder=folder)
    assert made.returncode == 0, made.stderr
    return folder / "all", made.stdout


def test_all_scenarios_are_told_in_sixty_lines_of_eighty_characters(all_of_them: tuple[Path, str]) -> None:
    lines = all_of_them[1].splitlines()
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 80
    assert "missing" in " ".join(lines[:3])


def test_the_bands_are_those_of_the_file(all_of_them: tuple[Path, str]) -> None:
    folder, text = all_of_them
    totals = [row for row in read_table(folder / "bands.csv") if not any(row[name] for name in ("service", "group", "origin",
              "location", "grant", "period"))]  # fmt: skip
    (band,) = (row for row in totals if (row["scenario"], row["indicator"]) == ("returns", "people_reached"))
    line = next(line for line in text.splitlines() if line.startswith("returns "))
    low, high = (int(one.replace(",", "")) for one in re.findall(r"[\d,]+", line)[:2])
    width = float(band["p90"]) - float(band["p10"])
    assert abs(low - float(band["p10"])) <= width / 20
    assert abs(high - float(band["p90"])) <= width / 20


def test_heads_are_folded_where_all_columns_stand_beside_one_another_only_so() -> None:
    heads = ["", "People reached", "People in need", "Need covered, %", "The gap, thousand USD"]
    row = ["additional-funding", "7,000 to 10,600", "34,000 to 50,000", "52 to 63", "1,400 to 2,400"]
    lines = table("Bands", heads, [row])
    assert sum("additional-funding" in line for line in lines) == 1
    assert all(one in next(line for line in lines if row[0] in line) for one in row)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("ends", "told"),
    [((5577.5, 10924.0), (5600, 10900)), ((273574, 512783), (270000, 510000)), ((0.2, 0.9), (0.2, 0.9)), ((7, 7), (7, 7))],
)
def test_a_band_has_two_digits_of_its_width(ends: tuple[float, float], told: tuple[float, float]) -> None:
    assert rounded(*ends) == pytest.approx(told)


def test_only_those_with_the_same_need_are_judged_and_only_by_what_matters(point_study: StudyFolder) -> None:
    reference, other = point_study.reference, ArmName("other", "equal")
    covered = point_study.indicators.get(reference, "need_covered").mean

    def told(more: float, need: str = "equal", real: str = "yes") -> str:
        method = "skewed t 95 %"
        found = verdict(more, (more / 2, more * 2), real, 1, least=0.01)
        apart = Difference(Estimate(more, more / 2, more * 2, method=method), real, 1.0, found)
        rows = {(other, "need_covered"): apart, (other, "people_in_need"): Difference(Estimate(0, 0, 0), need, 0.0)}
        study = replace(point_study, arms=(reference, other), differences=Differences(reference, rows))
        found = decision(study)
        return "" if found is None else Plain().told(found)

    assert "other" in told(0.05 * covered)
    assert "+" in told(0.05 * covered)
    assert "No other" in told(0.002)
    assert "No other" in told(0.05 * covered, real="no")
    assert "No other" in told(-0.05 * covered)
    assert told(0.05 * covered, need="yes") == ""

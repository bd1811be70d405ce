"""A study of a fitted law tells between what displacement may lie, as table, sentence, page and picture."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from reliefsim import load_scenario
from reliefsim.cli.main import main
from reliefsim.displacement import displaced
from reliefsim.engine.world.growth_path import with_path
from reliefsim.growth.pools import shipped
from reliefsim.units import DAY


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder of two replications, and what was printed of it."""
    folder = tmp_path_factory.mktemp("fan") / "study"
    words = ["run", "fitted-2012", "--replications", "2", "--point-values", "--seed", "5", "--workers", "1", "--out", str(folder)]
    made = CliRunner().invoke(main, words, env={"COLUMNS": "80"})
    assert made.exit_code == 0, made.output
    return folder, " ".join(made.output.split())


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_fan_holds_the_counts_and_then_the_quantiles_of_a_thousand_paths(study: tuple[Path, str]) -> None:
    found = rows(study[0], "fan.csv")
    counts = {row["date"]: int(row["counted"]) for row in found if row["counted"]}
    assert len(counts) == 10
    assert counts["2012-06-19"] == 154_754
    after = [row for row in found if row["p50"]]
    assert [after[0][share] for share in ("p05", "p50", "p95")] == ["154754"] * 3
    scenario = load_scenario("fitted-2012")
    ends = [float(displaced(with_path(scenario, 5, number), np.array([365 * DAY]))[0]) for number in range(1_000)]
    wanted = np.quantile(ends, (0.05, 0.25, 0.5, 0.75, 0.95))
    assert [int(after[-1][share]) for share in ("p05", "p25", "p50", "p75", "p95")] == [round(one) for one in wanted]


def test_how_often_such_bands_held_is_said_on_screen_and_page_in_both_languages(study: tuple[Path, str]) -> None:
    folder, printed = study
    year = next(score for score in shipped()["scores"] if score["months"] == 12)
    held, groups = f"{100 * year['held']:.0f}", year["groups"]
    assert f"On {groups} groups of crises that it never saw, such intervals held in {held} %, 12 months ahead." in printed
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert f"On {groups} groups of crises that it never saw, such intervals held in" in page
    assert re.search(rf"Sur {groups} groupes de crises .* intervalles ont tenu dans", page)
    assert page.count('<polygon class="outer"') == 2
    assert (folder / "12-displacement.png").exists()


def test_the_scorecard_is_the_pools(study: tuple[Path, str]) -> None:
    found = [row for row in rows(study[0], "scorecard.csv") if row["model"] == "fitted"]
    assert [(int(row["months"]), float(row["held"])) for row in found] == [
        (one["months"], one["held"]) for one in shipped()["scores"]
    ]


def test_a_study_without_a_fitted_law_has_no_fan(tmp_path: Path) -> None:
    words = ["run", "baseline", "--replications", "2", "--point-values", "--no-figures", "--out", str(tmp_path / "study")]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert not (tmp_path / "study" / "fan.csv").exists()

"""Pools are fitted, written, read, and used without a group of their crises; a record is scored against its last count."""

from __future__ import annotations

import csv
import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reliefsim import ScenarioError, load_scenario
from reliefsim.cli.main import main
from reliefsim.growth.pools import learned, shipped, without

from .crises import FOLDER
from .test_counts import COUNTS, LAW


def call(*words: str) -> Result:
    return CliRunner().invoke(main, words, env={"COLUMNS": "100"})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pool of three of the shipped series, beside a scenario."""
    place = tmp_path_factory.mktemp("pool")
    rows = [("chad2017_idps", "Chad"), ("haiti2010_idps", "Haiti"), ("mali2017_refugees", "Mali")]
    for name, _ in rows:
        shutil.copy(FOLDER / f"{name}.csv", place)
    (place / "SOURCES.csv").write_text("name,group\n" + "".join(f"{name},{group}\n" for name, group in rows), encoding="utf-8")
    found = call("fit-pool", str(place), "--out", str(place / "mine.toml"))
    assert found.exit_code == 0, found.output
    (place / "counts.csv").write_text(COUNTS, encoding="utf-8")
    return place


def told(folder: Path, law: str) -> dict[str, object]:
    (folder / "mine-too.toml").write_text(LAW + law, encoding="utf-8")
    pool = load_scenario(folder / "mine-too.toml").displacement["trend"].pool
    return pool.model_dump() if pool else {}


def test_a_pool_is_fitted_anew_the_same_and_taught_without_a_group(made: Path, tmp_path: Path) -> None:
    assert call("fit-pool", str(made), "--out", str(tmp_path / "mine.toml")).exit_code == 0
    text = (made / "mine.toml").read_text(encoding="utf-8")
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == text
    whole, rest = told(made, 'pool = "mine.toml"\n'), told(made, 'pool = "mine.toml"\nwithout = "Chad"\n')
    assert (rest["left_out"], rest["sha256"]) == ("Chad", hashlib.sha256(text.encode()).hexdigest())
    assert rest["slope_share"] != whole["slope_share"]
    assert told(made, 'without = "Mali"\n')["sha256"] == shipped()["sha256"]


def test_what_came_of_a_crisis_has_no_part_in_what_is_foretold_of_it() -> None:
    pool = load_scenario("fitted-2012").displacement["trend"].pool
    assert pool is not None
    assert pool.left_out == "Mali"
    assert learned(pool.model_dump()) == learned(without(shipped(), "Mali"))


@pytest.mark.parametrize(
    ("law", "problem"),
    [
        ('without = "Mli"\n', "is no group of crises of the pool .* Did you mean Mali"),
        ('pool = "mine.toml"\nwithout = "Libya"\n', "is no group of crises of the pool .* There are: Chad, Haiti, Mali"),
        ('pool = "counts.csv"\n', "is no pool"),
        ("pool = 3\n", "pool"),
        ("without = 3\n", "without"),
    ],
)
def test_a_pool_or_group_that_is_none_is_refused(made: Path, law: str, problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem):
        told(made, law)


def test_the_shipped_pool_covers_as_asked_and_has_the_shipped_series() -> None:
    """90 % intervals held 80 to 97 % at each horizon, each group of crises forecast by the others."""
    pool = shipped()
    assert [score["months"] for score in pool["scores"]] == [1, 3, 6, 12]
    assert all(0.80 <= score["held"] <= 0.97 and score["log_crps"] < score["last_value_log_crps"] for score in pool["scores"])
    crises = {one["name"]: one for one in pool["crises"]}
    assert len(crises) == 19
    with (FOLDER / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["licence"].startswith(("BSD", "MIT")) and crises[row["name"]]["group"] == row["group"] for row in rows)


def test_a_record_is_scored_and_who_wins_is_said(made: Path, tmp_path: Path) -> None:
    haiti = str(FOLDER / "haiti2010_idps.csv")
    found = call("backtest", haiti, "--without", "Haiti", "--out", str(tmp_path / "out"))
    assert found.exit_code == 0, found.output
    assert "foresees better than the last value does" in " ".join(found.output.split())
    with (tmp_path / "out" / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        assert {one["model"] for one in csv.DictReader(file)} == {"fitted", "last value"}
    assert "is no group of crises" in call("backtest", haiti, "--without", "Haity").output
    people = [1000]
    for month in range(47):  # two months up, two down: what a trend would make of it is wrong
        people.append(round(people[-1] * (1.5 if month % 4 < 2 else 1 / 1.5)))
    rows = [f"{2010 + month // 12}-{1 + month % 12:02}-01,{count}\n" for month, count in enumerate(people)]
    (tmp_path / "wave.csv").write_text("date,people\n" + "".join(rows), encoding="utf-8")
    assert "At 1, 3, 6, 12 months the last value wins" in " ".join(call("backtest", str(tmp_path / "wave.csv")).output.split())

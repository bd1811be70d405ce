"""What a planner drops beside a scenario is read as it is, or refused at its line; ten faults of reader and filter."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from reliefsim import ScenarioError, load_scenario
from reliefsim.displacement import displaced
from reliefsim.engine.world.growth_path import with_path
from reliefsim.scenario import Scenario, dump, read
from reliefsim.units import DAY

COUNTS = """\
date,people,flag
2012-02-13,30000,
2012-03-19,93439,
2012-04-24,132724,
2012-05-22,150460,break
2012-06-19,154754,
2012-07-17,174003,
"""
LAW = 'extends = "baseline"\n[displacement.trend]\nlaw = "fitted"\ncounts = "counts.csv"\n'


def told(folder: Path, counts: str = COUNTS, law: str = "") -> Scenario:
    (folder / "counts.csv").write_text(counts, encoding="utf-8")
    (folder / "mine.toml").write_text(LAW + law, encoding="utf-8")
    return load_scenario(folder / "mine.toml")


def paths(scenario: Scenario) -> list[bytes]:
    seconds = np.arange(0, 365, 30) * DAY
    return [displaced(with_path(scenario, 2012, number), seconds).tobytes() for number in range(3)]


def test_three_lines_are_enough_and_order_and_later_counts_move_nothing(tmp_path: Path) -> None:
    known = paths(told(tmp_path))
    head, *rows = COUNTS.splitlines()
    random.Random(3).shuffle(rows)
    assert paths(told(tmp_path, "\n".join([head, *rows]))) == known
    assert paths(told(tmp_path, COUNTS.replace("174003", "999999"))) == known
    assert paths(told(tmp_path, COUNTS.replace(",", ";"))) == known
    assert paths(told(tmp_path, COUNTS.replace("154754", "154755"))) != known
    assert paths(told(tmp_path, COUNTS.replace("break", ""))) != known


def test_breaks_of_the_file_hold_where_none_are_stated(tmp_path: Path) -> None:
    flagged, stated = told(tmp_path), told(tmp_path, law="breaks = [2012-04-24]\n")
    assert [str(date) for date in flagged.displacement["trend"].breaks or ()] == ["2012-05-22"]
    assert [str(date) for date in stated.displacement["trend"].breaks or ()] == ["2012-04-24"]


def test_a_resolved_scenario_is_read_back_with_the_same_paths(tmp_path: Path) -> None:
    scenario = told(tmp_path)
    (tmp_path / "again.toml").write_text(dump(read(tmp_path / "mine.toml")), encoding="utf-8")
    assert load_scenario(tmp_path / "again.toml") == scenario.model_copy()
    assert paths(load_scenario(tmp_path / "again.toml")) == paths(scenario)


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("2012-03-19,93439", "2012-02-13,93439", 3, "stands here again"),
        ("93439", "93.439", 3, "is not a count of people"),
        ("93439", "", 3, "is not a count of people"),
        ("93439", "99999999999", 3, "is too large"),
        ("2012-03-19", "19/03/2012", 3, "is no date"),
        ("date,people,flag", "date,persons,flag", 1, "column is missing"),
    ],
)
def test_what_is_wrong_in_the_counts_is_told_at_their_line(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        told(tmp_path, COUNTS.replace(old, new))
    places = [(Path(one.file).name, one.line, one.problem[: len(problem)]) for one in caught.value.faults]
    assert ("counts.csv", line, problem) in places

"""The tables a planner reads: they fit, they say what their numbers are, and they hold the numbers of the files."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefsim.outputs.columns import table
from reliefsim.outputs.files import Estimate, StudyFiles
from reliefsim.outputs.spread import Spread
from reliefsim.outputs.terminal import summary

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30)


@given(st.lists(words, min_size=2, max_size=12), st.integers(1, 4), st.data())
def test_no_table_is_wider_than_a_terminal(heads: list[str], height: int, draw: st.DataObject) -> None:
    cell = st.text("0123456789,.± ", min_size=1, max_size=24)
    rows = [[draw.draw(words), *(draw.draw(cell) for _ in heads[1:])] for _ in range(height)]
    lines = table("A title that goes on " * 8, heads, rows)
    assert max(map(len, lines)) <= 80
    text = "".join(lines)
    for row in rows:
        assert all(number.split()[0] in text for number in row[1:] if number.split())


@pytest.mark.parametrize(
    ("mean", "half", "text"),
    [
        (25000.0, 0.0, "25,000"),
        (25000.4, 120.6, "25,000 ± 121"),
        (12.0, 0.04, "12.00 ± 0.04"),
        (-3.2, 1.0, "−3 ± 1"),
        (float("nan"), 1.0, "–"),
        (7.0, float("nan"), "7"),
    ],
)
def test_an_estimate_has_as_many_decimals_as_it_is_sure_of(mean: float, half: float, text: str) -> None:
    assert Spread().plain(Estimate(mean, mean - half, mean + half)) == text


def test_a_band_shows_its_ends() -> None:
    one = Estimate(14000.0, 13000.0, 15000.0, 9012.0, 15322.0)
    assert Spread(as_band=True).plain(one) == "9,012 to 15,322"
    assert Spread(as_band=True).percent(Estimate(0.5, 0.4, 0.6, 0.25, 0.75)) == "25.0 to 75.0"


def test_what_runs_out_in_some_runs_has_a_probability_and_no_mean() -> None:
    assert Spread().run_out(Estimate(200.0, 190.0, 210.0, share_defined=0.35)) == "35 % of runs"
    assert Spread().run_out(Estimate(200.0, 190.0, 210.0)) == "day 200 ± 10"
    assert Spread().run_out(Estimate(float("nan"), 0.0, 0.0, share_defined=0.0)) == "never"


def test_the_terminal_says_which_of_the_two_results_it_shows(point_study: StudyFiles, band_study: StudyFiles) -> None:
    points, band = summary(point_study), summary(band_study)
    assert points.startswith("2 scenarios × 1 rule × 5 replications, at the point values.")
    assert "see --uncertain" in points
    assert "over the ranges of what is not known" in band
    assert "The point values are not its middle." in band.replace("\n", " ")
    assert "±" not in band
    for text in (points, band):
        assert max(map(len, text.splitlines())) <= 80


def test_the_money_comes_first_then_the_people_then_who_is_left_out(point_study: StudyFiles) -> None:
    titles = ["How the money was divided", "Who is reached", "When a service runs out", "Who is left out", "Why cases"]
    places = [summary(point_study).index(title) for title in titles]
    assert places == sorted(places)


LONG = "Psychosocial assistance and rehabilitation for unaccompanied minors"


def test_no_word_of_a_long_name_is_broken(point_study: StudyFiles) -> None:
    """Long names of services and donors beside the widest numbers there are: lines end between words."""
    donor = "Livelihoods stabilisation partnership"
    names = {line.service for line in point_study.allocation}, {line.grant for line in point_study.allocation}
    own = {"services": {name: {"label": LONG} for name in names[0]}, "grants": {n: {"donor": donor} for n in names[1]}}
    wide = Estimate(2.5e8, -3e9, 3.5e9)
    named = replace(
        point_study,
        arms=point_study.arms[1:],
        scenarios={arm.scenario: own for arm in point_study.arms},
        allocation={line: dict.fromkeys(parts, wide) for line, parts in point_study.allocation.items()},
    )
    text = summary(named)
    assert max(map(len, text.splitlines())) <= 80
    written = set(re.findall(r"[a-z]+", text.lower()))
    whole = set(re.findall(r"[a-z]+", f"{LONG} {donor}".lower()))
    stumps = {part for part in written for word in whole if len(part) > 3 and word != part and word.startswith(part)}
    assert whole <= written
    assert not stumps


def test_each_grant_stands_below_its_service(point_study: StudyFiles) -> None:
    lines = summary(point_study).splitlines()
    begin = lines.index("Psychosocial assistance")
    assert [line.split("  ")[1] for line in lines[begin + 1 : begin + 3]] == ["UN CERF", "USAID"]


def test_the_tables_hold_the_numbers_of_the_files(point_study: StudyFiles) -> None:
    reached = point_study.indicators.get(point_study.arms[0], "people_reached")
    line = next(line for line in summary(point_study).splitlines() if line.startswith("People reached"))
    assert re.search(rf"{reached.mean:,.0f}(\.\d+)? ± ", line)


def test_warnings_come_after_the_tables_and_the_paths_last(point_folder: Path) -> None:
    text = (point_folder.parent / "terminal.txt").read_text(encoding="utf-8")
    places = [text.index(words) for words in ("Why cases", "notice: ", "Files in points/", "1-allocation.png")]
    assert places == sorted(places)

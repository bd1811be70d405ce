"""The tables a planner reads: they fit, they say what their numbers are, and they hold the numbers of the files."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefsim.report.terminal.columns import table
from reliefsim.report.terminal.side_by_side import side_by_side
from reliefsim.report.terminal.study_terminal import summary
from reliefsim.report.text.spread import Spread
from reliefsim.results.estimate_rows import ArmName, Difference, Differences, Estimate, Estimates, estimate
from reliefsim.results.study_folder import StudyFolder

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
    assert Spread().plain(Estimate(mean, mean - half, mean + half, method="skewed t 95 %")) == text
    less = Estimate(mean, mean - half, mean + half, method="skewed t, covers 80 % or more")
    assert Spread().plain(less) == text.replace("±", "~")


def test_what_is_shown_of_an_interval_is_its_longer_side() -> None:
    assert Spread().plain(Estimate(100.0, 97.0, 110.0, method="skewed t 95 %")) == "100 ± 10"
    assert Spread().plain(Estimate(100.0, 80.0, 101.0, method="skewed t 95 %")) == "100 ± 20"


def test_a_band_shows_its_ends() -> None:
    one = Estimate(14000.0, 13000.0, 15000.0, 9012.0, 15322.0)
    assert Spread(as_band=True).plain(one) == "9,012 to 15,322"
    assert Spread(as_band=True).percent(Estimate(0.5, 0.4, 0.6, 0.25, 0.75)) == "25.0 to 75.0"


def test_what_runs_out_in_some_runs_has_a_probability_and_no_mean() -> None:
    assert Spread().run_out(Estimate(200.0, 190.0, 210.0, share_defined=0.35)) == "35 % of runs"
    assert Spread().run_out(Estimate(200.0, 190.0, 210.0, method="skewed t 95 %")) == "day 200 ± 10"
    assert Spread().run_out(Estimate(float("nan"), 0.0, 0.0, share_defined=0.0)) == "never"


def test_the_terminal_says_which_of_the_two_results_it_shows(point_study: StudyFolder, band_study: StudyFolder) -> None:
    points, band = summary(point_study), summary(band_study)
    assert points.startswith("2 scenarios × 1 rule × 5 replications, at the point values.")
    assert "see --uncertain" in points
    assert "over the ranges of what is not known" in band
    assert "The point values are not its middle." in band.replace("\n", " ")
    assert not {"±", "~"} & set(band)
    for text in (points, band):
        assert max(map(len, text.splitlines())) <= 80


def test_the_money_comes_first_then_the_people_then_who_is_left_out(point_study: StudyFolder) -> None:
    titles = ["How the money was divided", "Who is reached", "When a service runs out", "Who is left out", "Why cases",
              "What differs"]  # fmt: skip
    places = [summary(point_study).index(title) for title in titles]
    assert places == sorted(places)


LONG = "Psychosocial assistance and rehabilitation for unaccompanied minors"


def test_no_word_of_a_long_name_is_broken(point_study: StudyFolder) -> None:
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


def test_each_grant_stands_below_its_service(point_study: StudyFolder) -> None:
    lines = summary(point_study).splitlines()
    begin = lines.index("Psychosocial assistance")
    assert [line.split("  ")[1] for line in lines[begin + 1 : begin + 3]] == ["UN CERF", "USAID"]


def test_the_tables_hold_the_numbers_of_the_files(point_study: StudyFolder) -> None:
    reached = point_study.indicators.get(point_study.arms[0], "people_reached")
    line = next(line for line in summary(point_study).splitlines() if line.startswith("People reached"))
    assert re.search(rf"{reached.mean:,.0f}(\.\d+)? ~ ", line)


def test_warnings_come_after_the_tables_and_the_paths_last(point_folder: Path) -> None:
    text = (point_folder.parent / "terminal.txt").read_text(encoding="utf-8")
    places = [
        text.index(words) for words in ("What differs", "notice: ", "Files in points/", "1-allocation.png")
    ]
    assert places == sorted(places)


SURE, UNSURE = "skewed t 95 %", "skewed t, covers 80 % or more"


def with_methods(study: StudyFolder, method: str, *, only: str = "") -> StudyFolder:
    """The study with every interval, or those of one indicator, made by this method."""

    def changed(table: Estimates) -> Estimates:
        return Estimates(
            {
                (arm, name): {
                    key: one._replace(method=method) if only in ("", name) else one for key, one in ones.items()
                }
                for (arm, name), ones in table.rows.items()
            }
        )

    lines = {line: {name: one._replace(method=method) for name, one in parts.items()}
             for line, parts in study.allocation.items()}  # fmt: skip
    apart = {key: one._replace(apart=one.apart._replace(method=method)) if only in ("", key[1]) else one
             for key, one in study.differences.rows.items()}  # fmt: skip
    return replace(
        study, indicators=changed(study.indicators), monthly=changed(study.monthly),
        allocation=study.allocation if only else lines, differences=replace(study.differences, rows=apart),
    )  # fmt: skip


def test_nothing_is_called_95_percent_that_is_not(point_study: StudyFolder) -> None:
    """Of five runs, of many, of many with one indicator that few runs tell of."""
    few = summary(point_study).replace("\n", " ")
    assert "~ is that of an interval that covers 80 % or more. What" in few
    assert "95 %" not in few
    assert "±" not in few
    many = with_methods(point_study, SURE)
    text = summary(many).replace("\n", " ")
    assert "± is the longer side of the 95 % interval of the mean. What" in text
    assert "~" not in text
    mixed = summary(with_methods(many, UNSURE, only="gap_usd"))
    assert "an interval that covers 80 % or more, where few runs tell." in mixed.replace("\n", " ")
    tildes = [line for line in mixed.splitlines() if re.search(r"~ [−+]?\d", line)]
    assert {line[:3] for line in tildes} == {"Gap"}
    assert "Their interval covers 95 % (80 % or more with ~)." in mixed.replace("\n", " ")
    assert "Their interval covers 95 %." in text
    assert "Their interval covers 80 % or more." in few
    assert "No run differs from another. What" in summary(with_methods(point_study, "equal in every run"))
    two = summary(with_methods(point_study, "t of two runs, covers 70 % or more")).replace("\n", " ")
    assert "covers 70 % or more" in two


def difference(study: StudyFolder, indicator: str, apart: Estimate, real: str, better: float) -> str:
    """The line of the terminal that shows a difference of the second arm to the first."""
    first, second = study.arms
    same = {(second, "people_in_need"): Difference(Estimate(0, 0, 0), "equal", 0.0)}  # else neither is better
    rows = {**same, (second, indicator): Difference(apart, real, better)}
    made = replace(study, differences=Differences(first, rows))
    text = summary(made)
    return text[text.index("What differs: conflict-shock compared with baseline") :]


@pytest.mark.parametrize(
    ("indicator", "apart", "real", "better", "line"),
    [
        ("people_reached", (1204.0, 1100.0, 1320.0), "yes", 1.0, "+1,204  +1,100 to +1,320  better  100 %"),
        ("need_covered", (-0.041, -0.05, -0.038), "yes", 0.004, "−4.1  −5.0 to −3.8  worse  <1 %"),
        ("gap_usd", (-2e3, -5e3, 1e3), "no", 0.64, "−2.0  −5.0 to +1.0  not  64 %"),
        ("gap_usd", (-2e3, -9e3, -1.0), "yes", 0.996, "−2.000  −9.000 to −0.001  better  >99 %"),
        ("spent_usd", (2e3, 1e3, 3e3), "yes", math.nan, "+2.0  +1.0 to +3.0  higher  –"),
        ("cost_per_person_reached_usd", (-9.5, -10.0, -9.0), "yes", math.nan, "−9.50  −10.00 to −9.00  lower  –"),
        ("waiting_days", (0.0, 0.0, 0.0), "equal", 0.0, "0.0  –  the same  –"),
        ("waiting_days", (-7e3, math.nan, math.nan), "", 1.0, "−7.0  –  cannot tell  –"),
        ("people_reached", (3.0, 3.0, 3.0), "yes", 1.0, "+3  –  better  100 %"),
        ("people_reached", (0.3, 0.3, 0.3), "yes", 1.0, "+0.3  –  better  100 %"),
        ("people_reached", (2.0, 1e-5, 4.0), "yes", 1.0, "+2.000  +<0.001 to +4.000  better  100 %"),
        ("gap_usd", (-0.2, -0.4, -1e-3), "yes", 1.0, "−<0.001  −<0.001 to −<0.001  better  100 %"),
    ],
)
def test_a_difference_has_a_verdict(
    indicator: str, apart: tuple[float, float, float], real: str, better: float, line: str, point_study: StudyFolder
) -> None:
    text = difference(point_study, indicator, Estimate(*apart, method=SURE), real, better)
    assert line in re.sub(r" {2,}", "  ", text)
    apart_less = Estimate(*apart, method=UNSURE)
    less = re.sub(r" {2,}", "  ", difference(point_study, indicator, apart_less, real, better))
    assert (line if " to " not in line else line.replace("  ", "  ~ ", 1)) in less


def test_a_difference_that_few_runs_have_says_of_which_it_is(point_study: StudyFolder) -> None:
    first, second = point_study.arms
    for share, words in ((1.0, ""), (0.4, "where both sides have it, 40 % of all at least"), (0.004, "<1 % of all")):
        one = Difference(Estimate(2.0, 1.0, 3.0, share_defined=share, method=SURE), "yes", 0.5)
        rows = {**point_study.differences.rows, (second, "cost_per_person_reached_usd"): one}
        text = summary(replace(point_study, differences=Differences(first, rows))).replace("\n", " ")
        assert words in text
        assert ("have it" in text) == (share < 1)


def test_of_many_arms_each_has_a_line_in_a_table_an_indicator(point_study: StudyFolder) -> None:
    first, second = point_study.arms
    arms = [first, *(ArmName(f"plan-{number}", "equal") for number in range(12))]
    rows = {(arm, name): one for arm in arms[1:] for (_, name), one in point_study.differences.rows.items()}
    more = {(arm, "need_covered"): point_study.indicators.rows[second, "need_covered"] for arm in arms[1:]}
    many = replace(
        point_study,
        differences=Differences(first, rows),
        indicators=Estimates({**point_study.indicators.rows, **more}),
    )
    lines = side_by_side(many)
    assert max(map(len, lines)) <= 80
    assert sum(": the difference to baseline" in line for line in lines) == 6
    assert [line.split()[0] for line in lines if line.startswith("plan-")] == [arm.scenario for arm in arms[1:]] * 6


def test_an_operation_that_shares_no_service_is_not_compared(point_study: StudyFolder) -> None:
    rows = dict(point_study.indicators.rows)
    second = point_study.arms[1]
    rows[second, "need_covered"] = {("elsewhere", "", "", "", "", ""): Estimate(1.0, 1.0, 1.0)}
    assert side_by_side(replace(point_study, indicators=Estimates(rows))) == []


def test_a_study_of_points_says_how_many(band_study: StudyFolder) -> None:
    text = summary(replace(band_study, points=40))
    assert text.startswith("1 scenario × 1 rule × 40 points × 5 replications, over the ranges of what is not\nknown.")
    assert "drawn once for each point" in text.replace("\n", " ")


def test_an_interval_of_two_runs_among_many_is_not_shown() -> None:
    row = {"mean": "5", "ci_low": "1", "ci_high": "9", "p10": "4", "p90": "6",
           "interval_method": "t of two runs, covers 70 % or more"}  # fmt: skip
    assert Spread().plain(estimate({**row, "share_defined": "1"})) == "5 ~ 4"
    assert Spread().plain(estimate({**row, "share_defined": "0.4"})) == "5"
    assert estimate({**row, "share_defined": "0.4", "interval_method": UNSURE}).covers == 80

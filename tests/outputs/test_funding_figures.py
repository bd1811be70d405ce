"""The figures of `reliefsim gap` show what its tables hold, say what they found, and nothing runs out of the picture."""

from __future__ import annotations

import copy
import csv
import dataclasses
import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.dates import num2date

from reliefsim.report.figures.canvas import SETTINGS
from reliefsim.report.figures.figure_course import spread_out
from reliefsim.report.figures.funding_figures import FIGURES, draw_funding
from reliefsim.report.figures.funding_frame import MOST_SHOWN
from reliefsim.report.views.bridge_view import bridge
from reliefsim.results.study_folder import ArmName, StudyFolder, read_folder

from .conftest import AT_POINTS, reliefsim
from .test_figures import all_axes, check_room_for_text, title

COURSE, CALENDAR, BRIDGE = FIGURES

QUEUE = """
question = "Does it show?"
start_date = 2030-01-01
horizon_days = {days}
{money}
[caseload]
people = {people}
[services.aid]
kind = "casework"
duration = 1
unit_cost_usd = 50
[services.other]
kind = "casework"
duration = 1
unit_cost_usd = 500
{grant}
"""
GRANT = '[grants.donor]\namount_usd = {usd}\npays_for = [{services}]\n'


@pytest.fixture(scope="session")
def gap_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenarios with the fundraiser's tables and figures."""
    folder = tmp_path_factory.mktemp("outputs")
    made = reliefsim("gap", "baseline", "conflict-shock", *AT_POINTS, "--replications", "5", "--out", "gap", folder=folder)
    assert made.returncode == 0, made.stderr
    return folder / "gap"


@pytest.fixture(scope="session")
def gap_files(gap_folder: Path) -> StudyFolder:
    return read_folder(gap_folder)


def small(folder: Path, replications: int = 3, **stated: Any) -> StudyFolder:
    """A small scenario of two services, run and read."""
    filled = {"days": 60, "money": "", "people": 20, "grant": "", **stated}
    (folder / "small.toml").write_text(QUEUE.format(**filled), encoding="utf-8")
    made = reliefsim(
        "gap", "small.toml", "--replications", str(replications), "--backend", "serial", "--no-figures", "--out", "gap",
        folder=folder,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return read_folder(folder / "gap")


def drawn(name: str, files: StudyFolder) -> Any:
    with matplotlib.rc_context(SETTINGS):
        figure = FIGURES[name](files)
        FigureCanvasAgg(figure).draw()
    return figure


def titles(files: StudyFolder) -> list[str]:
    """Of all three figures, each of which has room for its text."""
    figures = [drawn(name, files) for name in FIGURES]
    for figure in figures:
        check_room_for_text(figure)
    return [title(figure) for figure in figures]


def mean(folder: Path, table: str, indicator: str, period: str = "") -> float:
    """The first scenario's mean, off a table."""
    with (folder / table).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["indicator"], row["period"]) == (indicator, period) and not any(
                row[name] for name in ("service", "group", "origin", "location", "grant")
            ):
                return float(row["mean"])
    raise AssertionError(indicator)


def test_titles_hold_the_numbers_of_the_tables(gap_folder: Path, gap_files: StudyFolder) -> None:
    course, calendar, bridged = titles(gap_files)
    required = mean(gap_folder, "indicators.csv", "requirement_with_running_usd")
    received = mean(gap_folder, "monthly.csv", "received_usd", "2013-06")
    available = received - mean(gap_folder, "indicators.csv", "lapsed_usd")
    assert f"USD {required:,.0f} are required and USD {available:,.0f} are there" in course
    need, gap = (mean(gap_folder, "indicators.csv", name) for name in ("requirement_usd", "gap_usd"))
    running = mean(gap_folder, "indicators.csv", "running_cost_usd")
    assert f"USD {received:,.0f} are received, USD {running:,.0f} of it for running costs; " in bridged
    assert f"; {100 * (need - gap) / need:.0f} % of a need of USD {need:,.0f} is met" in bridged
    assert "no grant may pay for Livelihoods for host families" in calendar
    for one in (course, calendar, bridged):
        assert one.startswith("baseline: ")
        assert any(sign.isdigit() for sign in one)
        assert one.endswith("(at the point values)")


def test_the_bars_of_the_bridge_add_up(gap_files: StudyFolder) -> None:
    for arm in gap_files.arms:
        level = 0.0
        for row in bridge(gap_files, arm):
            if row.is_total and level:
                assert row.usd == pytest.approx(level, abs=0.01), row.label
            level = row.usd if row.is_total else level + row.usd


CHANCES = (0.0, 0.1, 0.25, 0.3, 0.5, 0.6, 0.75, 0.8, 1.0, 1.0)


def restless(files: StudyFolder) -> StudyFolder:
    """The same, but every service stands still in one week or another, for want of money and of goods."""
    found = dict(files.run_outs)
    weeks = [key for key in found if key[1].startswith("stands_still_for_")]
    for number, key in enumerate(weeks):
        found[key] = found[key]._replace(chance=CHANCES[number % len(CHANCES)])
    return dataclasses.replace(files, run_outs=found)


def test_weeks_are_as_dark_as_they_are_likely_and_lie_where_they_are(gap_files: StudyFolder) -> None:
    one = dataclasses.replace(restless(gap_files), arms=gap_files.arms[:1])
    (ax,) = all_axes(drawn(CALENDAR, one))
    labels = [text.get_text().replace("\n", " ") for text in ax.get_yticklabels()]
    above = painted(ax, labels.index("Medical referral") - 0.2)
    below = painted(ax, labels.index("Medical referral") + 0.2)
    darkness = []
    for cause, found in (("money", above), ("goods", below)):
        paints: dict[int, set[str | None]] = {}
        for (*which, begins), out in one.run_outs.items():
            if which != [gap_files.arms[0], f"stands_still_for_{cause}_days", "referral", ""] or not begins:
                continue
            chance = out.chance
            step = 1 + sum(chance > limit for limit in (0.25, 0.5, 0.75)) if chance else 0
            paints.setdefault(step, set()).add(found.get(datetime.date.fromisoformat(begins)))
        assert paints.pop(0) == {None}
        assert all(len(colours) == 1 for colours in paints.values())  # one colour a step
        darkness.append([luminance(*paints[step]) for step in (1, 2, 3, 4)])
    for steps in darkness:
        assert all(light > dark + 0.1 for light, dark in pairwise(steps)), "steps that look alike without colour"


def painted(ax: Any, row: float) -> dict[datetime.date, str]:
    """The colour of every day at a height of the calendar; no colour where nothing is drawn."""
    found = {}
    for bar in ax.patches:
        if bar.get_y() < row < bar.get_y() + bar.get_height():
            begins = num2date(bar.get_x()).date()
            for day in range(round(bar.get_width())):
                found[begins + datetime.timedelta(days=day)] = to_hex(bar.get_facecolor())
    return found


def luminance(paint: str | None) -> float:
    """How light a colour is, from 0 to 1 (Rec. 709)."""
    assert paint is not None
    return float(np.dot(to_rgb(paint), (0.2126, 0.7152, 0.0722)))


def renamed(study: StudyFolder, count: int) -> StudyFolder:
    """The first scenario ``count`` times under names of 64 characters, with long labels of a service and a donor."""
    first = study.arms[0]
    arms = tuple(ArmName(f"{number}-{'long-name-of-a-scenario' * 3}"[:64], "life-saving-first") for number in range(count))
    stated = copy.deepcopy(study.scenarios[first.scenario])
    stated["services"]["referral"]["label"] = "Medical referral to a clinic in the capital, companion paid " * 2
    stated["grants"]["cerf"]["donor"] = "The Central Emergency Response Fund of the United Nations, window two"

    def copies(table: Any) -> Any:
        mine = {name: found for (arm, name), found in table.rows.items() if arm == first}
        return dataclasses.replace(table, rows={(arm, name): found for arm in arms for name, found in mine.items()})

    run_outs = {(arm, *key[1:]): one for arm in arms for key, one in study.run_outs.items() if key[0] == first}
    return dataclasses.replace(
        study, arms=arms, indicators=copies(study.indicators), monthly=copies(study.monthly), funded=copies(study.funded),
        scenarios={arm.scenario: stated for arm in arms}, run_outs=run_outs,
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 5, MOST_SHOWN + 3])
@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_cut_off_or_covers_another(name: str, count: int, gap_files: StudyFolder) -> None:
    figure = drawn(name, renamed(restless(gap_files), count))
    check_room_for_text(figure)
    assert len(all_axes(figure)) == min(count, MOST_SHOWN)
    note = str(figure.get_supxlabel()).replace("\n", " ")
    assert (f"The first {MOST_SHOWN} of {count} are shown." in note) == (count > MOST_SHOWN)


def test_the_same_tables_are_drawn_with_the_same_bytes(gap_files: StudyFolder, gap_folder: Path, tmp_path: Path) -> None:
    draw_funding(gap_files, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2 * len(FIGURES)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (gap_folder / path.name).read_bytes(), path.name


def test_unlimited_money_is_said_in_plain_words(tmp_path: Path) -> None:
    files = small(tmp_path, money='money = "unlimited"')
    course, calendar, bridged = titles(files)
    assert "money is unlimited; USD 11,000 are required and USD 11,000 are spent" in course
    assert "money is unlimited, and in none of 3 runs does it stop a service" in calendar
    assert "USD 11,000 are paid out of money without limit; 100 % of a need of USD 11,000 is met, and nothing" in bridged
    legends = [text.get_text() for part in drawn(COURSE, files).subfigs for one in part.legends for text in one.get_texts()]
    assert legends == ["required so far", "spent so far"]


def test_money_for_all_needs_leaves_no_gap(tmp_path: Path) -> None:
    grant = GRANT.format(usd=30000, services='"aid", "other"')
    course, calendar, bridged = titles(small(tmp_path, grant=grant))
    assert "USD 11,000 are required and USD 11,000 are there (USD 30,000 less USD 19,000 that went back): enough" in course
    assert "in none of 3 runs does a service with a grant stand still" in calendar
    assert "100 % of a need of USD 11,000 is met, and nothing stays unmet" in bridged


def test_one_replication_of_20_days_has_no_ranges_and_names_what_no_grant_may_pay_for(tmp_path: Path) -> None:
    files = small(tmp_path, 1, days=20, grant=GRANT.format(usd=2000, services='"aid"'))
    course, calendar, _ = titles(files)
    assert "USD 11,000 are required and USD 1,000 are there" in course
    assert calendar.startswith("small: in none of 1 runs does a service with a grant stand still")
    assert "no grant may pay for other" in calendar
    assert "there is no range of one" in str(drawn(BRIDGE, files).get_supxlabel()).replace("\n", " ")


def test_nobody_needs_anything_where_nobody_is(tmp_path: Path) -> None:
    course, calendar, bridged = titles(small(tmp_path, people=0, grant=GRANT.format(usd=900, services='"aid", "other"')))
    assert "USD 0 are required and USD 0 are there (USD 900 less USD 900 that went back)" in course
    assert "in none of 3 runs does a service with a grant stand still" in calendar
    assert "USD 900 are received, and nothing is needed" in bridged


def test_four_years_fit(tmp_path: Path) -> None:
    course, calendar, _ = titles(small(tmp_path, 1, days=1460, grant=GRANT.format(usd=5000, services='"aid", "other"')))
    assert "money is short all the time" in course
    assert "2 of 2 services with a grant stand still for want of money in the one run" in calendar


def test_amounts_beside_a_line_are_moved_apart_and_no_further() -> None:
    assert spread_out([1.0, 5.0, 9.0], 2.0) == [1.0, 5.0, 9.0]
    assert spread_out([5.0, 5.0, 9.0], 2.0) == [4.0, 6.0, 9.0]
    assert spread_out([5.0, 5.0, 6.0], 3.0) == pytest.approx([7 / 3, 16 / 3, 25 / 3])
    assert spread_out([0.0, 0.0], 2.0) == [0.0, 2.0]

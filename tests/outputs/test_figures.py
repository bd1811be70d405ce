"""Every figure shows something, says what it found and of what kind, and nothing runs out of the picture."""

from __future__ import annotations

import copy
import dataclasses
import math
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from reliefsim.report.figures import FIGURES, OF_ALL, canvas, draw_all
from reliefsim.report.figures.canvas import SETTINGS
from reliefsim.results.estimate_rows import Difference, Differences, Estimate
from reliefsim.results.study_folder import ArmName, StudyFolder

ALL = FIGURES | OF_ALL
MOST_BYTES = 300_000  # of an SVG


def drawn(name: str, study: StudyFolder) -> Any:
    with matplotlib.rc_context(SETTINGS):
        figure = ALL[name](study)
        FigureCanvasAgg(figure).draw()
    return figure


def all_axes(figure: Any) -> list[Any]:
    return [*figure.axes, *(ax for part in figure.subfigs for ax in part.axes if ax not in figure.axes)]


def title(figure: Any) -> str:
    return str(figure.get_suptitle()).replace("\n", " ")


@pytest.mark.parametrize("name", ALL)
def test_a_figure_is_not_empty_and_has_units(name: str, point_study: StudyFolder) -> None:
    figure = drawn(name, point_study)
    axes = all_axes(figure)
    assert axes
    assert all(ax.lines or ax.patches or ax.collections for ax in axes)
    labels = [ax.get_xlabel() + ax.get_ylabel() for ax in axes]
    assert any(unit in label for label in labels for unit in ("USD", "people", "%", "Days"))


@pytest.mark.parametrize("name", FIGURES)
def test_a_title_states_a_number_and_which_result_it_is(
    name: str, point_study: StudyFolder, band_study: StudyFolder
) -> None:
    points, band = title(drawn(name, point_study)), title(drawn(name, band_study))
    assert any(sign.isdigit() for sign in points)
    assert points.startswith("baseline: ")
    assert points.endswith("(at the point values)")
    assert band.endswith("(means over the ranges of what is not known)")


def test_the_number_in_the_title_is_that_of_the_files(point_study: StudyFolder) -> None:
    reached = point_study.indicators.get(point_study.arms[0], "people_reached").mean
    assert f"{reached:,.0f} of " in title(drawn("2-people-through-the-year", point_study))


def compared(study: StudyFolder, **apart: Difference) -> StudyFolder:
    """The study with these differences of its second arm to its first, and no others."""
    first, second = study.arms
    rows = {(second, name): found for name, found in apart.items()}
    return dataclasses.replace(study, differences=Differences(first, rows))


def marks(figure: Any) -> list[tuple[str, str, str, float]]:
    """Panel, form, fill and place of every difference that is drawn."""
    found = []
    for ax in all_axes(figure):
        for line in ax.lines:
            if line.get_marker() not in ("None", "|", 2, 3) and len(line.get_xdata()) == 1:
                hollow = "hollow" if line.get_markerfacecolor() == "white" else "full"
                found.append((ax.get_title(loc="left"), line.get_marker(), hollow, float(line.get_xdata()[0])))
    return found


def test_only_real_differences_are_full_and_better_and_worse_have_their_own_marks(point_study: StudyFolder) -> None:
    figure = drawn(
        "6-differences",
        compared(
            point_study,
            people_reached=Difference(Estimate(30.0, 10.0, 60.0, method="skewed t 95 %"), "yes", 1.0),
            need_covered=Difference(Estimate(-0.1, -0.2, -0.05, method="skewed t 95 %"), "yes", 0.0),
            waiting_days=Difference(Estimate(30.0, -10.0, 60.0, method="skewed t 95 %"), "no", 0.4),
            gap_usd=Difference(Estimate(0.0, 0.0, 0.0, method="equal in every run"), "equal", 0.0),
            spent_usd=Difference(Estimate(5e4, 4e4, 6e4, method="skewed t 95 %"), "yes", math.nan),
            people_in_need=Difference(Estimate(0.0, 0.0, 0.0), "equal", 0.0),
        ),
    )
    assert marks(figure) == [
        ("People reached", "o", "full", 30.0), ("Need covered", "s", "full", -10.0), ("Waiting", "o", "hollow", 0.03),
        ("Gap", "x", "full", 0.0), ("Spent", "D", "full", 50.0),
    ]  # fmt: skip
    assert title(figure).startswith("Against baseline: conflict-shock reaches 30 more people (better)")
    cost = Difference(Estimate(-9.0, -10.0, -8.0, method="skewed t 95 %"), "yes", math.nan)
    one = drawn("6-differences", compared(point_study, cost_per_person_reached_usd=cost))
    assert marks(one) == [("Cost of one reached", "D", "full", -9.0)]
    legend = [text.get_text() for part in figure.subfigs for one in part.legends for text in one.get_texts()]
    assert legend == ["better", "worse", "higher or lower, neither better nor worse", "not distinguishable",
                      "the same in every run"]  # fmt: skip


def test_each_of_twelve_scenarios_has_a_colour_a_marker_and_a_line_of_its_own() -> None:
    for own in (canvas.colour, canvas.marker, canvas.line):
        assert len({str(own(number)) for number in range(12)}) == 12


def test_a_figure_says_what_its_bars_cover(point_study: StudyFolder) -> None:
    few = str(drawn("6-differences", point_study).get_supxlabel()).replace("\n", " ")
    assert "bars are intervals of the mean difference that cover 80 % or more" in few
    sure = Difference(Estimate(30.0, 10.0, 60.0, method="skewed t 95 %"), "yes", 1.0)
    unsure = Difference(Estimate(30.0, 10.0, 60.0, method="skewed t, covers 80 % or more"), "yes", 1.0)
    many = str(drawn("6-differences", compared(point_study, gap_usd=sure)).get_supxlabel())
    assert "bars are 95 % intervals of the mean difference. Taken" in many
    both = str(drawn("6-differences", compared(point_study, gap_usd=sure, spent_usd=unsure)).get_supxlabel())
    assert "bars are 95 % intervals of the mean difference (where few runs tell, 80 % or more)" in both
    assert "bands and bars are intervals of the mean that cover 80 % or more" in str(
        drawn("4-coverage", point_study).get_supxlabel()
    )


def renamed(study: StudyFolder, count: int) -> StudyFolder:
    """The first scenario ``count`` times under names of 64 characters, one of its services with a long label too."""
    first = study.arms[0]
    names = [f"{number}-{'long-name-of-a-scenario' * 3}"[:64] for number in range(count)]
    arms = tuple(ArmName(name, "life-saving-first") for name in names)

    def copies(table: Any) -> Any:
        mine = {indicator: found for (arm, indicator), found in table.rows.items() if arm == first}
        return dataclasses.replace(table, rows={(arm, name): found for arm in arms for name, found in mine.items()})

    stated = copy.deepcopy(study.scenarios[first.scenario])
    stated["services"]["referral"]["label"] = "Medical referral to a clinic in the capital, companion paid " * 2
    lines = {
        line._replace(arm=arm): found for arm in arms for line, found in study.allocation.items() if line.arm == first
    }
    second = study.differences.arms[0]
    apart = {(arm, name): found for arm in arms[1:] for (one, name), found in study.differences.rows.items()
             if one == second}  # fmt: skip
    return dataclasses.replace(
        study, arms=arms, indicators=copies(study.indicators), monthly=copies(study.monthly), allocation=lines,
        scenarios={arm.scenario: stated for arm in arms}, differences=Differences(arms[0], apart),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "count"), [*((name, count) for name in FIGURES for count in (1, 10)), *((name, 11) for name in OF_ALL)]
)
def test_no_text_is_cut_off_or_covers_another(name: str, count: int, point_study: StudyFolder) -> None:
    check_room_for_text(drawn(name, renamed(point_study, count)))


def check_room_for_text(figure: Any) -> None:
    """No text of a figure is cut off, and none covers another."""
    outer, hidden = figure.bbox, outside_their_axis(figure)
    boxes = []
    for text in figure.findobj(lambda one: isinstance(one, Text) and one.get_visible() and one.get_text().strip()):
        box = text.get_window_extent()
        if box.width and id(text) not in hidden:
            assert outer.x0 - 1 <= box.x0, text
            assert box.x1 <= outer.x1 + 1, text
            assert outer.y0 - 1 <= box.y0, text
            assert box.y1 <= outer.y1 + 1, text
            boxes.append((text.get_text(), box))
    for place, (one, box) in enumerate(boxes):
        for other, its in boxes[place + 1 :]:
            wide = min(box.x1, its.x1) - max(box.x0, its.x0)
            high = min(box.y1, its.y1) - max(box.y0, its.y0)
            assert not (wide > 3 and high > 4), f"{one!r} and {other!r} overlap"


def outside_their_axis(figure: Any) -> set[int]:
    """Tick labels beyond the limits of their axis, which are not drawn."""
    found = set()
    for ax in all_axes(figure):
        for number, axis in enumerate((ax.xaxis, ax.yaxis)):
            low, high = sorted(axis.get_view_interval())
            found |= {id(one) for one in axis.get_ticklabels() if not low <= one.get_position()[number] <= high}
    return found


def test_the_same_study_is_drawn_with_the_same_bytes(
    point_study: StudyFolder, point_folder: Path, tmp_path: Path
) -> None:
    draw_all(point_study, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2 * len(ALL)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (point_folder / path.name).read_bytes(), path.name


def test_figures_of_twelve_scenarios_are_light_enough_to_send_and_have_no_boxes_for_letters(
    point_study: StudyFolder, tmp_path: Path
) -> None:
    many = renamed(point_study, 12)
    french = {"title": "Où va l’argent, « ŒUVRE » ?", "label": "Cœur − 5 % ; ≥ 3 × 2 : été–hiver…"}
    services = {name: one | french for name, one in many.scenarios[many.arms[0].scenario]["services"].items()}
    stated = {name: one | french | {"services": services} for name, one in many.scenarios.items()}
    assert draw_all(dataclasses.replace(many, scenarios=stated), tmp_path) == set()
    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("*.svg")}
    assert len(sizes) == len(ALL)
    assert {name: size for name, size in sizes.items() if size >= MOST_BYTES} == {}


def test_no_figure_holds_a_date_of_its_making(point_folder: Path) -> None:
    for path in point_folder.glob("*.svg"):
        assert "dc:date" not in path.read_text(encoding="utf-8")


def test_scenarios_of_another_operation_have_figures_of_their_own(point_study: StudyFolder, tmp_path: Path) -> None:
    other = renamed(point_study, 1)
    name = ArmName("another", "equal")
    one_service = {
        (name, indicator): {key: value for key, value in found.items() if key[0] in ("", "nfi")}
        for (_, indicator), found in other.indicators.rows.items()
    }
    rows = {**point_study.indicators.rows, **one_service}
    both = dataclasses.replace(
        point_study, arms=(*point_study.arms, name), indicators=dataclasses.replace(point_study.indicators, rows=rows)
    )
    assert [family.arms for family in both.families()] == [point_study.arms, (name,)]

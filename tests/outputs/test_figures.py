"""Every figure shows something, says what it found and of what kind, and nothing runs out of the picture."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from reliefsim.outputs.figures import FIGURES, draw_all
from reliefsim.outputs.figures.canvas import SETTINGS
from reliefsim.outputs.files import ArmName, StudyFiles

NAMES = list(FIGURES)


def drawn(name: str, study: StudyFiles) -> Any:
    with matplotlib.rc_context(SETTINGS):
        figure = FIGURES[name](study)
        FigureCanvasAgg(figure).draw()
    return figure


def all_axes(figure: Any) -> list[Any]:
    return [*figure.axes, *(ax for part in figure.subfigs for ax in part.axes if ax not in figure.axes)]


def title(figure: Any) -> str:
    return str(figure.get_suptitle()).replace("\n", " ")


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_not_empty_and_has_units(name: str, point_study: StudyFiles) -> None:
    figure = drawn(name, point_study)
    axes = all_axes(figure)
    assert axes
    assert all(ax.lines or ax.patches or ax.collections for ax in axes)
    labels = [ax.get_xlabel() + ax.get_ylabel() for ax in axes]
    assert any(unit in label for label in labels for unit in ("USD", "people", "%", "Days"))


@pytest.mark.parametrize("name", NAMES)
def test_a_title_states_a_number_and_which_result_it_is(
    name: str, point_study: StudyFiles, band_study: StudyFiles
) -> None:
    points, band = title(drawn(name, point_study)), title(drawn(name, band_study))
    assert any(sign.isdigit() for sign in points)
    assert points.startswith("baseline: ")
    assert points.endswith("(at the point values)")
    assert band.endswith("(means over the ranges of what is not known)")


def test_the_number_in_the_title_is_that_of_the_files(point_study: StudyFiles) -> None:
    reached = point_study.indicators.get(point_study.arms[0], "people_reached").mean
    assert f"{reached:,.0f} of " in title(drawn("2-people-through-the-year", point_study))


def renamed(study: StudyFiles, count: int) -> StudyFiles:
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
    return dataclasses.replace(
        study, arms=arms, indicators=copies(study.indicators), monthly=copies(study.monthly), allocation=lines,
        scenarios={arm.scenario: stated for arm in arms},
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, 10])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off_or_covers_another(name: str, count: int, point_study: StudyFiles) -> None:
    figure = drawn(name, renamed(point_study, count))
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
    point_study: StudyFiles, point_folder: Path, tmp_path: Path
) -> None:
    draw_all(point_study, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2 * len(FIGURES)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (point_folder / path.name).read_bytes(), path.name


def test_no_figure_holds_a_date_of_its_making(point_folder: Path) -> None:
    for path in point_folder.glob("*.svg"):
        assert "dc:date" not in path.read_text(encoding="utf-8")


def test_scenarios_of_another_operation_have_figures_of_their_own(point_study: StudyFiles, tmp_path: Path) -> None:
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

"""Figure 12: the counts that are known, and between what the paths of displacement lie after them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...results.estimate_rows import ArmName
from ...results.study_folder import StudyFolder
from ..text.tongue import Plain
from ..views.fan_view import fan, fan_said, with_fans
from .canvas import colour, dates_below, field, figure, headline, legend_below, panels, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NOTE = (
    "Paths are learned from the counts and from other crises, and tied to the displaced at the start; they do not foresee a coup."
)
_BANDS = "bands hold nine of ten and half of 1,000 paths"


def fans(study: StudyFolder) -> Figure:
    """One panel a scenario whose displacement takes another path in each run."""
    arms = with_fans(study)
    columns = min(2, len(arms))
    made = figure(max(7.5, 5.0 * columns), 2.0 + 3.2 * -(-len(arms) // columns))
    part = field(made)
    axes = panels(part, len(arms), columns, sharey=True)
    for arm, ax in zip(arms, axes, strict=True):
        _panel(study, arm, ax)
    axes[0].set_ylim(0, 1.06 * max(ax.dataLim.y1 for ax in axes))
    axes[0].set_ylabel("Thousand displaced people")
    legend_below(part, *axes[0].get_legend_handles_labels())
    said = fan_said(study, arms[0])
    headline(made, f"{arms[0].scenario}: {Plain().told(said) if said else ''}", study, _NOTE, _BANDS)
    return made


def _panel(study: StudyFolder, arm: ArmName, ax: Axes) -> None:
    found = fan(study, arm)
    assert found is not None, "with_fans has found it"
    days = [one.day for one in found.spreads]
    low, lower, middle, upper, high = ([one.people[place] / 1000 for one in found.spreads] for place in range(5))
    ax.fill_between(days, low, high, color="#DCEBF6", linewidth=0, label="nine of ten paths")
    ax.fill_between(days, lower, upper, color="#9CC7E5", linewidth=0, label="half of the paths")
    ax.plot(days, middle, color=colour(0), linewidth=1.8, label="half lie below")
    counted = [people / 1000 for _, people in found.counts]
    ax.plot([day for day, _ in found.counts], counted, "o", color=colour(1), markersize=4, label="counted")
    dates_below(ax)
    ax.set_title(wrapped(study.arm_label(arm), 60), loc="left")
    ax.grid(axis="y")

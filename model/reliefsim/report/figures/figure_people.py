"""Figure 2: the caseload, people in need, reached and not reached, month by month, scenario by scenario."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING

from ...results.study_folder import ArmName, Estimate, StudyFolder
from ..text.spread import grouped
from .canvas import band, colour, dates_below, field, figure, headline, legend_below, line, marker, panels, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SERIES = (
    ("caseload_people", "Caseload present"),
    ("people_in_need", "In need so far"),
    ("people_reached", "Reached so far"),
    ("people_unreached", "In need, not reached"),
)


def through_the_year(study: StudyFolder) -> Figure:
    """People by month in one panel a scenario, all to one scale."""
    columns = min(3, len(study.arms))
    rows = -(-len(study.arms) // columns)
    made = figure(max(7.5, 3.6 * columns), 1.9 + 2.5 * rows)
    part = field(made)
    axes = panels(part, len(study.arms), columns, sharey=True)
    for arm, ax in zip(study.arms, axes, strict=True):
        _panel(study, arm, ax)
    axes[0].set_ylim(0, 1.06 * max(ax.dataLim.y1 for ax in axes))
    for place, ax in enumerate(axes):
        if place % columns == 0:
            ax.set_ylabel("Thousand people")
    legend_below(part, *axes[0].get_legend_handles_labels())
    headline(made, finding(study), study, "Each point is the state at the end of a calendar month.")
    return made


def _panel(study: StudyFolder, arm: ArmName, ax: Axes) -> None:
    for number, (indicator, label) in enumerate(SERIES):
        course = study.monthly.along(arm, indicator, "period")
        days = [month_end(period) for period in course]
        ones = list(course.values())
        mean = [one.mean / 1000 for one in ones]
        ends = [band(study, one) for one in ones]
        style = {"color": colour(number), "linestyle": line(number), "marker": marker(number)}
        ax.plot(days, mean, label=label, markersize=3.5, linewidth=1.4, markevery=max(1, len(days) // 12), **style)
        low, high = [one[0] / 1000 for one in ends], [one[1] / 1000 for one in ends]
        ax.fill_between(days, low, high, color=colour(number), alpha=0.22, linewidth=0)
    dates_below(ax)
    ax.set_title(wrapped(study.arm_label(arm), 40), loc="left")
    ax.grid(axis="y")


def month_end(period: str) -> datetime.date:
    """The last day of a month such as 2012-07."""
    year, month = (int(part) for part in period.split("-"))
    return datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(days=1)


def finding(study: StudyFolder) -> str:
    """How many are reached in the first scenario, and between which bounds in the others."""
    first = study.arms[0]
    in_need, reached = (study.indicators.get(first, name) for name in ("people_in_need", "people_reached"))
    share = study.indicators.get(first, "reached_of_need")
    text = f"{study.arm_label(first)}: {_people(reached)} of {_people(in_need)} people in need are reached"
    text += "" if math.isnan(share.mean) else f" ({100 * share.mean:.0f} %)"
    others = {arm: study.indicators.get(arm, "reached_of_need").mean for arm in study.arms}
    known = {arm: mean for arm, mean in others.items() if not math.isnan(mean)}
    if len(known) < 2:
        return text
    least, most = min(known, key=lambda arm: known[arm]), max(known, key=lambda arm: known[arm])
    return (
        f"{text}; the scenarios lie between {100 * known[least]:.0f} % ({study.arm_label(least)}) "
        f"and {100 * known[most]:.0f} % ({study.arm_label(most)})"
    )


def _people(one: Estimate) -> str:
    return "an unknown number" if math.isnan(one.mean) else grouped(one.mean)

"""Figure 5: how long people wait for each service, on average and nine of ten of them, with intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...results.study_folder import StudyFolder
from .canvas import GREY, bars, colour, field, figure, headline, legend_below, legend_height, marker
from .dots import dots, offsets, row_step, rows_height

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 8.5  # inches


def waits(study: StudyFolder) -> Figure:
    """Mean waits as full marks, the 90th percentile as hollow ones on the same line."""
    from matplotlib.lines import Line2D

    services = study.names("wait_days", "service")
    labels = [study.any_label("services", name) for name in services]
    names = [*(study.arm_label(arm) for arm in study.arms), "mean", "nine of ten wait less"]
    made = figure(WIDTH, 2.0 + rows_height(labels, len(study.arms)) + legend_height(WIDTH, names))
    part = field(made)
    ax = part.subplots()
    handles: list[Any] = dots(
        study, ax, services, labels, lambda arm, name: study.indicators.get(arm, "wait_days", service=name), 1
    )
    _ninths(study, ax, services)
    ax.set_xlim(left=0)
    ax.set_xlabel("Days from opening a case to its start, of cases started")
    grey = {"color": GREY, "marker": "o", "linestyle": "none"}
    marks = [Line2D([], [], markerfacecolor=face, **grey) for face in (GREY, "white")]
    legend_below(part, [*handles, *marks], names)
    more = "Cases that never started are not in a wait; they are in waiting_days and among the unserved."
    headline(made, finding(study), study, more)
    return made


def _ninths(study: StudyFolder, ax: Axes, services: list[str]) -> None:
    for number, (arm, shift) in enumerate(zip(study.arms, offsets(len(study.arms)), strict=True)):
        for place, service in enumerate(services):
            mean = study.indicators.get(arm, "wait_days", service=service)
            ninth = study.indicators.get(arm, "wait_days_p90", service=service)
            if math.isnan(ninth.mean):
                continue
            # A little lower, so that two wide bars do not hide each other.
            heights = [place + shift, place + shift + 0.3 * row_step(len(study.arms))]
            height = heights[1]
            ax.plot([mean.mean, ninth.mean], heights, color=colour(number), linewidth=0.7, alpha=0.6, zorder=1)
            ax.errorbar(
                [ninth.mean], [height], xerr=bars(study, [ninth], 1), color=colour(number), marker=marker(number),
                markerfacecolor="white", markersize=5, elinewidth=1.0, capsize=2, linestyle="none", zorder=2,
            )  # fmt: skip


def finding(study: StudyFolder) -> str:
    """The longest and the shortest mean wait in the first scenario."""
    first = study.arms[0]
    found = {
        name: one.mean
        for name, one in study.indicators.along(first, "wait_days", "service").items()
        if not math.isnan(one.mean)
    }
    if not found:
        return f"{study.arm_label(first)}: no case is started"
    longest, shortest = max(found, key=lambda name: found[name]), min(found, key=lambda name: found[name])
    text = f"{study.arm_label(first)}: the longest waits are for {study.label(first.scenario, 'services', longest)}, "
    text += f"{found[longest]:.0f} days on average"
    if shortest != longest:
        text += f"; the shortest for {study.label(first.scenario, 'services', shortest)}, {found[shortest]:.0f} days"
    return text

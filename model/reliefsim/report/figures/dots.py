"""One row a thing, one mark a scenario: the estimates side by side, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ...results.study_folder import ArmName, Estimate, StudyFolder
from .canvas import bars, colour, marker, row_height, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Find = Callable[[ArmName, str], Estimate]


def offsets(count: int) -> list[float]:
    """Where the marks of ``count`` scenarios stand within a row, the first on top."""
    return [(place - (count - 1) / 2) * row_step(count) for place in range(count)]


def row_step(count: int) -> float:
    """How far the marks of ``count`` scenarios stand apart, in rows."""
    return 0.72 / max(count, 2)


def rows_height(labels: Sequence[str], arms: int) -> float:
    """Inches that rows with these labels and so many marks need."""
    return max(1, len(labels)) * max(0.36, 0.085 * arms + 0.14, row_height([wrapped(label) for label in labels]))


def dots(
    study: StudyFolder, ax: Axes, names: Sequence[str], labels: Sequence[str], find: Find, scale: float
) -> list[Any]:
    """Draw one row a name and one mark with its bar an arm; the marks' handles, one an arm."""
    handles = []
    for number, (arm, shift) in enumerate(zip(study.arms, offsets(len(study.arms)), strict=True)):
        found = [(place + shift, find(arm, name)) for place, name in enumerate(names)]
        known = [(place, one) for place, one in found if not math.isnan(one.mean)]
        style = {"color": colour(number), "marker": marker(number)}
        handles.append(
            ax.errorbar(
                [one.mean * scale for _, one in known],
                [place for place, _ in known],
                xerr=bars(study, [one for _, one in known], scale),
                linestyle="none", markersize=4.5, elinewidth=1.2, capsize=2, zorder=3, **style,
            )
        )  # fmt: skip
    ax.set_yticks(range(len(names)), [wrapped(label) for label in labels])
    ax.set_ylim(len(names) - 0.5, -0.5)
    for edge in range(1, len(names)):
        ax.axhline(edge - 0.5, color="#E5E5E5", linewidth=0.8, zorder=0)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    return handles

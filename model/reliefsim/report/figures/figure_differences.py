"""Figure 6: how every scenario or rule differs from the reference, with intervals, and what that comes to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...results.estimate_rows import ArmName
from ...results.study_folder import StudyFolder
from ...study.statistics.verdicts import BETTER, HIGHER, LOWER, SAME, TRIFLE, UNTOLD, WORSE
from ..text.compared import SHOWN, Shown, compared, is_told, judged_in, shown_cover, together
from ..text.spread import apart, intervals_of, signed
from .canvas import DARK, colour, field, figure, headline, legend_below, legend_height, panels, row_height, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 11.0  # inches
COLUMNS = 3
_LABEL = 30  # characters
_NEITHER = "higher or lower, neither better nor worse"
# Told apart by form and fill as well as by colour.
_STYLES: dict[str, tuple[str, dict[str, Any]]] = {
    BETTER: (BETTER, {"color": colour(0), "marker": "o"}),
    WORSE: (WORSE, {"color": colour(1), "marker": "s"}),
    _NEITHER: (_NEITHER, {"color": DARK, "marker": "D"}),
    TRIFLE: (TRIFLE, {"color": DARK, "marker": "d", "markerfacecolor": "white"}),
    UNTOLD: (UNTOLD, {"color": DARK, "marker": "o", "markerfacecolor": "white"}),
    SAME: ("the same in every run", {"color": DARK, "marker": "x"}),
}


def differences(study: StudyFolder) -> Figure:
    """One panel an indicator, one row an arm: its difference to the reference."""
    arms = compared(study)
    labels = [wrapped(study.arm_label(arm), _LABEL) for arm in arms]
    kinds = {_kind(study, arm, shown.indicator) for arm in arms for shown in SHOWN}
    styles = [style for kind, style in _STYLES.items() if kind in kinds]
    legend = [label for label, _ in styles]
    rows = -(-len(SHOWN) // COLUMNS)
    height = len(arms) * row_height(labels) + 0.85
    made = figure(WIDTH, 1.3 + rows * height + legend_height(WIDTH, legend))
    part = field(made)
    for place, (shown, ax) in enumerate(zip(SHOWN, panels(part, len(SHOWN), COLUMNS), strict=True)):
        _panel(study, arms, shown, ax)
        ax.set_yticks(range(len(arms)), labels if place % COLUMNS == 0 else [""] * len(arms))
    legend_below(part, [_handle(style) for _, style in styles], legend)
    headline(made, finding(study), study, "Taken run by run: both sides meet the same chance.", _bars(study))
    return made


def _panel(study: StudyFolder, arms: tuple[ArmName, ...], shown: Shown, ax: Axes) -> None:
    ax.axvline(0, color=DARK, linewidth=1, zorder=1)
    for place, arm in enumerate(arms):
        one = study.differences.get(arm, shown.indicator)
        mean, low, high = (number * shown.scale for number in one.apart[:3])
        if math.isnan(mean):
            continue
        reach = [[0.0], [0.0]] if math.isnan(low) else [[max(0.0, mean - low)], [max(0.0, high - mean)]]
        _, style = _STYLES[_kind(study, arm, shown.indicator)]
        ax.errorbar(
            [mean], [place], xerr=reach, linestyle="none", markersize=6, elinewidth=1.4, capsize=3, zorder=3, **style
        )
    ax.set_title(shown.label, loc="left")
    ax.set_xlabel(shown.unit[0].upper() + shown.unit[1:] if shown.unit[1].islower() else shown.unit)
    ax.set_ylim(len(arms) - 0.5, -0.5)
    ax.margins(x=0.12)
    ax.locator_params(axis="x", nbins=5)
    ax.xaxis.set_major_formatter(lambda number, _: signed(number, _decimals(number)))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")


def _decimals(number: float) -> int:
    """How many decimals a tick needs, two at most."""
    return next((places for places in (0, 1) if abs(number - round(number, places)) < 1e-9 * max(1.0, abs(number))), 2)


def _kind(study: StudyFolder, arm: ArmName, indicator: str) -> str:
    """Which of the marks a difference gets."""
    words = judged_in(study, arm, indicator)
    if study.differences.get(arm, indicator).real == SAME:
        return SAME
    return _NEITHER if words in (HIGHER, LOWER) else words if words in _STYLES else UNTOLD


def _handle(style: dict[str, Any]) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none", markersize=6, **style)


def _bars(study: StudyFolder) -> str:
    """What the bars stand for."""
    covered = shown_cover(study)
    if not covered:
        return "one run has no interval" if study.replications < 2 else "no run differs from another"
    count = together(study)
    return f"bars are {intervals_of('mean difference', covered)}" + (f"; {count} such hold together" if count > 1 else "")


def finding(study: StudyFolder) -> str:
    """In how many arms people reached differ by what matters, and the largest differences both ways."""
    base = study.differences.reference
    arms = compared(study)
    first = SHOWN[0].indicator
    found = {arm: study.differences.get(arm, first) for arm in arms}
    known = {arm: one.apart.mean for arm, one in found.items() if not math.isnan(one.apart.mean)}
    if base is None or not known:
        return "There is nothing to compare"
    most, least = max(known, key=lambda arm: known[arm]), min(known, key=lambda arm: known[arm])
    against = f"Against {study.arm_label(base)}"
    if len(known) == 1:
        judgement, _ = _STYLES[_kind(study, most, first)]
        return f"{against}: {study.arm_label(most)} reaches {_people(known[most])} people ({judgement})"
    told = sum(is_told(judged_in(study, arm, first)) for arm in known)
    return (
        f"{against}, {told} of {len(known)} differ in people reached by what matters: {_people(known[least])} in "
        f"{study.arm_label(least)}, {_people(known[most])} in {study.arm_label(most)}"
    )


def _people(difference: float) -> str:
    number = apart(abs(difference)).removeprefix("+")
    return f"{number} {'more' if difference > 0 else 'fewer'}" if difference else "as many"

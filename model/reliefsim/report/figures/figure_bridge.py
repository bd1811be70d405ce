"""Figure 9: a bridge from the money received, over what it was used for, to the need that is met and that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...indicators.closable import CLOSED, NOT_CLOSED
from ...indicators.unserved_reasons import UNMET_PARTS
from ...results.study_folder import ArmName, StudyFolder
from ..text.spread import grouped
from ..views.bridge_view import AWAY, JOIN, MONEY, NEED, NO_MONEY, OTHER, Bar, bridge, is_unlimited, number
from .canvas import (
    DARK,
    GREY,
    colour,
    field,
    figure,
    headline,
    legend_below,
    legend_height,
    panels,
    row_height,
    wrapped,
)
from .funding_frame import Unit, eight_of_ten, hidden, shown, unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STYLES: dict[str, tuple[str, dict[str, Any]]] = {
    MONEY: ("money", {"facecolor": colour(0), "edgecolor": colour(0)}),
    AWAY: ("money that is not for services", {"facecolor": "#DCEBF6", "edgecolor": colour(0), "hatch": "\\\\\\"}),
    JOIN: ("from what is paid to what is met", {"facecolor": "white", "edgecolor": GREY, "hatch": "xxx"}),
    NEED: ("need", {"facecolor": colour(2), "edgecolor": colour(2)}),
    NO_MONEY: ("unmet for want of money first", {"facecolor": "#F6C3A0", "edgecolor": colour(1), "hatch": "///"}),
    OTHER: ("unmet for another reason", {"facecolor": "white", "edgecolor": DARK, "hatch": "|||"}),
}
_COMMITTED = ("committed, not yet spent", {"facecolor": "white", "edgecolor": colour(0), "hatch": "---"})
_LABEL = 40  # characters


def from_money_to_need(study: StudyFolder) -> Figure:
    """One panel a scenario, all with the same rows; rows that would read 0 in all of them are left out."""
    from matplotlib.patches import Patch

    arms = shown(study)
    bridges = [bridge(study, arm) for arm in arms]
    furthest = max(max(row.usd, row.high) for one in bridges for row in one if row.is_total)
    unit = unit_of(furthest)
    kept = [
        place
        for place, row in enumerate(bridges[0])
        if row.is_total or any(unit.shows(one[place].usd) for one in bridges)
    ]
    labels = [wrapped(bridges[0][place].label, _LABEL) for place in kept]
    styles = [style for kind, style in _STYLES.items() if any(bridges[0][place].kind == kind for place in kept)]
    if any(row.open_usd > 0 for one in bridges for row in one):
        styles.insert(1, _COMMITTED)
    legend = [words for words, _ in styles]
    columns = min(3, len(arms))
    width = 8.5 if columns == 1 else 4.0 + 3.4 * columns
    height = len(kept) * max(0.32, row_height(labels)) + 0.8
    made = figure(width, 1.5 + height * -(-len(arms) // columns) + legend_height(width, legend))
    part = field(made)
    axes = panels(part, len(arms), columns)
    for place, (arm, one, ax) in enumerate(zip(arms, bridges, axes, strict=True)):
        _panel(ax, [one[row] for row in kept], unit)
        ax.set_xlim(0, 1.2 * furthest / unit.usd or 1.0)
        ax.set_title(wrapped(study.arm_label(arm), 40), loc="left")
        ax.set_yticks(range(len(kept)), labels if place % columns == 0 else [""] * len(kept))
        ax.set_xlabel(unit.words)
    legend_below(part, [Patch(**style) for _, style in styles], legend)
    headline(made, finding(study, arms[0]), study, _NOTE + hidden(study), eight_of_ten(study, "lines"))
    return made


_NOTE = (
    "Bars add up because they are means. Indirect costs are inside each. Need met is what it costs at its price, cases in "
    "service included: goods in store on the first day met need but were not bought; goods left over, empty seats and "
    "losses were paid for but met none. Hosts are left out of need."
)


def _panel(ax: Axes, rows: list[Bar], unit: Unit) -> None:
    level = 0.0
    for place, row in enumerate(rows):
        begins = 0.0 if row.is_total else level
        level = begins + row.usd
        left, right = sorted((begins, level))
        ax.barh(
            place, (right - left) / unit.usd, 0.66, left / unit.usd, linewidth=0.8, zorder=2, **_STYLES[row.kind][1]
        )
        if row.open_usd > 0:
            ax.barh(place, row.open_usd / unit.usd, 0.66, (level - row.open_usd) / unit.usd, zorder=2, **_COMMITTED[1])
        low, high = begins + row.low, begins + row.high
        if high > low:
            wide = [[max(0.0, level - low) / unit.usd], [max(0.0, high - level) / unit.usd]]
            ax.errorbar(
                [level / unit.usd], [place], xerr=wide, color="black", capsize=2, elinewidth=1, linestyle="none"
            )
        if place + 1 < len(rows):
            ax.plot([level / unit.usd] * 2, [place, place + 1], color=GREY, linewidth=0.7, zorder=1)
        sign = "+" if row.usd > 0 and unit.shows(row.usd) and not row.is_total else ""
        where = {
            "textcoords": "offset points",
            "va": "center",
            "fontsize": 8,
            "weight": "bold" if row.is_total else "normal",
        }
        ax.annotate(sign + unit.write(row.usd), (max(right, high) / unit.usd, place), (5, 0), **where)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.locator_params(axis="x", nbins=5)
    unit.write_ticks(ax.xaxis)


def finding(study: StudyFolder, arm: ArmName) -> str:
    """How much of the need the money meets, and what most of the rest lacks."""
    name = study.arm_label(arm)
    rows = bridge(study, arm)
    received, needed = rows[0].usd, rows[-1].usd
    met = study.funded.get(arm, "need_met_usd").mean
    if not needed > 0:
        return f"{name}: USD {grouped(received)} {_came(study, arm)}, and nothing is needed"
    text = (
        f"{name}: USD {grouped(received)} {_came(study, arm)}{_running(study, arm)}; {100 * met / needed:.0f} % of a need of "
        f"USD {grouped(needed)} is met"
    )
    parts = {part.clause: number(study.funded.get(arm, part.indicator).mean) for part in UNMET_PARTS}
    most = max(parts, key=lambda words: parts[words])
    if not parts[most] > 0:
        return text + ", and nothing stays unmet"
    closed, left = (study.funded.get(arm, name).mean for name in (CLOSED, NOT_CLOSED))
    return (
        f"{text}; of the rest money alone would close USD {grouped(number(closed))} and not USD {grouped(number(left))}, and "
        f"its largest part by first reason is USD {grouped(parts[most])} {most}"
    )


def _running(study: StudyFolder, arm: ArmName) -> str:
    """What of it runs the operation, so that the rest and need may be compared."""
    running = number(study.indicators.get(arm, "running_cost_usd").mean)
    return f", USD {grouped(running)} of it for running costs" if running > 0 else ""


def _came(study: StudyFolder, arm: ArmName) -> str:
    return "are paid out of money without limit" if is_unlimited(study, arm) else "are received"

"""A plan that was found as pictures: what changes and what each change gains, who gains and loses, the frontier, the lines."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import number
from ...results.plan_tables import FRONTIER
from ...store import Row, read_table
from ...study.statistics.verdicts import BETTER, WORSE
from ..text.spread import signed
from ..text.tongue import Plain
from ..views.plan_view import decision_words, finding, goal_words, of_whom, told_value
from .canvas import DARK, GREY, colour, field, figure, legend_below, legend_height, marker, row_height, wrapped
from .figure_saving import draw_and_save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAINS, WHO, LINES, CURVE = "13-plan-gains", "14-plan-who", "15-plan-lines", "16-plan-frontier"
WIDTH = 10.5  # inches
MOST_ROWS = 24
PERCENT, WHOLE = "{x:.0%}", "{x:,.0f}"  # as matplotlib writes ticks
LIGHT = 3  # from this colour on, a number stands out in black
_STYLES: dict[str, dict[str, Any]] = {
    BETTER: {"color": colour(0), "marker": "o"}, WORSE: {"color": colour(1), "marker": "s"},
    "": {"color": DARK, "marker": "o", "markerfacecolor": "white"},
}  # fmt: skip


def draw_plan(answer: AnswerFolder, folder: Path) -> set[str]:
    """Draw the pictures that there is something to show in; the letters that no font of this machine has."""
    frontier = read_table(folder / FRONTIER) if (folder / FRONTIER).exists() else []
    missing: set[str] = set()
    if answer.part("change"):
        missing |= draw_and_save(lambda: gains(answer), folder, GAINS)
        missing |= draw_and_save(lambda: who(answer), folder, WHO)
    if any(";" in row["before"] for row in answer.part("change")):
        missing |= draw_and_save(lambda: lines(answer), folder, LINES)
    if len(answer.part("goal")) > 1 and len(frontier) > 1:
        missing |= draw_and_save(lambda: curve(answer, frontier), folder, CURVE)
    return missing


def gains(answer: AnswerFolder) -> Figure:
    """A row a change: what it gains alone, with its interval; what it is, from what to what."""
    plain = Plain()
    rows = sorted(answer.part("change"), key=lambda row: -abs(number(row["difference"])))[:MOST_ROWS]
    labels = [wrapped(_told_change(answer, row, plain), 46) for row in rows]
    return _dots(answer, [rows], [plain.told(goal_words(answer, answer.part("goal")[0]))], labels,
                 "Each change taken back alone; whiskers: 95 % intervals of the mean")  # fmt: skip


def _told_change(answer: AnswerFolder, row: Row, plain: Plain) -> str:
    if ";" in row["before"]:
        return plain.told(decision_words(answer, row["name"]))
    before, after = (plain.told(told_value(answer, row, side)) for side in ("before", "after"))
    return f"{plain.told(decision_words(answer, row['name']))}: {before} → {after}"


def who(answer: AnswerFolder) -> Figure:
    """A row a service, class and place, a panel people reached and cases served: more or fewer, with simultaneous intervals."""
    plain = Plain()
    parts = [
        [row for part in ("service", "group", "location") for row in answer.part(part) if row["indicator"] == indicator]
        for indicator in ("people_reached", "cases_served")
    ]
    kept = [place for place, row in enumerate(parts[0]) if any(number(part[place]["before"]) or number(part[place]["after"])
                                                             for part in parts)][:MOST_ROWS * 2]  # fmt: skip
    labels = [wrapped(plain.told(of_whom(answer, parts[0][place])), 30) for place in kept]
    return _dots(answer, [[part[place] for place in kept] for part in parts], ["People reached", "Cases served"], labels,
                 "Services, then classes, then places; whiskers hold all together in 95 % of such searches")  # fmt: skip


def _dots(
    answer: AnswerFolder, panels: Sequence[Sequence[Row]], titles: Sequence[str], labels: Sequence[str], note: str
) -> Figure:
    made = figure(WIDTH, 1.6 + len(labels) * row_height(list(labels)))
    axes = made.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, rows, title in zip(axes, panels, titles, strict=True):
        _panel(ax, rows)
        ax.set_title(f"{title}, plan less today", loc="left")
    axes[0].set_yticks(range(len(labels)), labels)
    axes[0].set_ylim(len(labels) - 0.5, -0.5)
    _head(made, answer, f"Blue: better. Orange: worse. Hollow: not told from 0, or too small to matter. {note}.")
    return made


def _panel(ax: Axes, rows: Sequence[Row]) -> None:
    ax.axvline(0, color=DARK, linewidth=1, zorder=1)
    for place, row in enumerate(rows):
        mean, low, high = (number(row[name]) for name in ("difference", "ci_low", "ci_high"))
        if mean != mean:
            continue
        style = _STYLES.get(row["verdict"], _STYLES[""])
        reach = [[max(0.0, mean - low)], [max(0.0, high - mean)]] if low == low else None
        ax.errorbar([mean], [place], xerr=reach, linestyle="none", markersize=6, capsize=3, zorder=3, **style)
    ax.xaxis.set_major_formatter(lambda one, _: signed(one, 0 if abs(one) >= 1 or not one else 2))
    ax.locator_params(axis="x", nbins=5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")


def lines(answer: AnswerFolder) -> Figure:
    """Two bars a grant whose lines change: how it is divided today, and by the plan."""
    plain = Plain()
    rows = [row for row in answer.part("change") if ";" in row["before"]]
    divided = [(row, side, _parts(row[side])) for row in rows for side in ("before", "after")]
    names = sorted({name for _, _, parts in divided for name in parts})
    labels = [answer.label("services", name) for name in names]
    made = figure(WIDTH, 1.5 + 0.5 * len(divided) + legend_height(WIDTH, labels))
    part = field(made)
    ax = part.subplots()
    left = [0.0] * len(divided)
    for place, name in enumerate(names):
        widths = [100 * parts.get(name, 0.0) / sum(parts.values()) for _, _, parts in divided]
        bars = ax.barh(range(len(divided)), widths, left=left, color=colour(place), edgecolor="white", label=labels[place])
        told = [f"{width:.0f}" if width >= 3 else "" for width in widths]
        ax.bar_label(bars, told, label_type="center", color="white" if place < LIGHT else "black", weight="bold")
        left = [one + width for one, width in zip(left, widths, strict=True)]
    words = {"before": "today", "after": "plan"}
    ax.set_yticks(
        range(len(divided)), [f"{plain.told(decision_words(answer, row['name']))}, {words[side]}" for row, side, _ in divided]
    )
    ax.invert_yaxis()
    ax.set_xlabel("Per cent of what the grant has for services")
    legend_below(part, ax.get_legend_handles_labels()[0], labels)
    _head(made, answer, "How the money is divided among services, today and by the plan.")
    return made


def _parts(value: str) -> dict[str, float]:
    cut = (one.strip().rpartition(" ") for one in value.split(";"))
    return {name: float(share) for name, _, share in cut}


def curve(answer: AnswerFolder, frontier: Sequence[Row]) -> Figure:
    """Two goals against each other: the present plan, the frontier, the plan chosen."""
    plain, goals = Plain(), answer.part("goal")[:2]
    made = figure(7.5, 5.5)
    ax = made.subplots()
    for row in frontier:
        x, y = (number(row[goal["name"]]) for goal in goals)
        reach = [_reach(row, goal["name"]) for goal in goals]
        kind = {"present": (2, "today"), "chosen": (0, "the plan chosen")}.get(row["is"], (1, "on the frontier"))
        ax.errorbar([x], [y], xerr=reach[0], yerr=reach[1], color=colour(kind[0]), marker=marker(kind[0]), markersize=8,
                    capsize=2, linestyle="none", label=kind[1])  # fmt: skip
    handles = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    ax.legend(handles.values(), handles.keys(), loc="best")
    for axis, goal in zip((ax.xaxis, ax.yaxis), goals, strict=True):
        is_share = goal["unit"] == "share"
        axis.set_label_text(plain.told(goal_words(answer, goal)))
        axis.set_major_formatter(PERCENT if is_share else WHOLE)
    ax.grid()
    _head(made, answer, "Whiskers: intervals of the difference to the present plan. No plan of the frontier is better in both.")
    return made


def _reach(row: Row, goal: str) -> list[list[float]]:
    mean, low, high = (number(row[f"{goal}_{end}"]) for end in ("difference", "ci_low", "ci_high"))
    return [[max(0.0, mean - low)], [max(0.0, high - mean)]]


def _head(made: Figure, answer: AnswerFolder, note: str) -> None:
    wide = int(made.get_figwidth() * 10)
    told = Plain().told(finding(answer))
    made.suptitle(textwrap.fill(told, wide), x=0.01, ha="left", fontsize=11, weight="bold")
    worlds = answer.part("goal")[0]["worlds"]
    text = f"{answer.title}; {int(worlds):,} worlds that no search had seen. {note}"
    made.supxlabel(textwrap.fill(text, int(wide * 1.4)), x=0.01, ha="left", fontsize=8, color=GREY)

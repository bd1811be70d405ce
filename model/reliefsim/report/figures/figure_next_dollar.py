"""What a little more money buys, line by line of the budget, as bars with their intervals."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...store import Row
from ..text.marginal_words import saturated
from ..text.spread import grouped
from .canvas import COLOURS, GREY, figure, row_height, wrapped
from .figure_saving import draw_and_save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "11-next-dollar"
MOST_LINES = 24
PANELS = (
    ("people_reached", "People reached", 1), ("cases_served", "Cases served", 1),
    ("cases_served_in_this_service", "of them in this service", 1), ("waiting_days", "Waiting days saved", -1),
)  # fmt: skip


def draw_next_dollar(rows: Sequence[Row], folder: Path) -> set[str]:
    """Draw the rows of next_dollar.csv as PNG and SVG; the letters that no font of this machine has."""
    return draw_and_save(lambda: next_dollar_bars(rows), folder, NAME)


def next_dollar_bars(rows: Sequence[Row]) -> Figure:
    """A row a line of the budget, the most cases served first; a panel an indicator."""
    served = [row for row in rows if row["indicator"] == "cases_served"]
    order = sorted(served, key=lambda row: -float(row["mean_difference"] or 0))[:MOST_LINES]
    lines = [(row["service"], row["grant"]) for row in order]
    labels = [wrapped(f"{row['service_label']}, {row['grant_label']}", 34) for row in order]
    made = figure(11.5, 1.9 + len(lines) * row_height(labels) * 1.15)
    panels = made.subplots(1, len(PANELS), sharey=True, squeeze=False)[0]
    for number, (axes, (name, title, sign)) in enumerate(zip(panels, PANELS, strict=True)):
        chosen = {(row["service"], row["grant"]): row for row in rows if row["indicator"] == name}
        _bars(axes, [chosen[line] for line in lines], sign, COLOURS[number])
        axes.set_title(title, loc="left")
    panels[0].set_yticks(range(len(lines)), labels)
    panels[0].invert_yaxis()
    made.suptitle(textwrap.fill(finding(order, rows), 100), x=0.01, ha="left", fontsize=11, weight="bold")
    more = f" The {MOST_LINES} lines that serve most." if len(served) > MOST_LINES else ""
    note = (
        f"{rows[0]['scenario']}, rule {rows[0]['rule']}, {int(rows[0]['replications']):,} runs, each with and without the "
        f"money in the same world. Bars: mean differences; whiskers: their intervals; pale: cannot be told from 0. What other "
        f"money a line frees is divided again.{more}"
    )
    made.supxlabel(textwrap.fill(note, 130), x=0.01, ha="left", fontsize=8, color=GREY)
    return made


def finding(order: Sequence[Row], rows: Sequence[Row] = ()) -> str:
    """What the bars say, with its number."""
    usd = grouped(float(order[0]["additional_usd"]))
    best = order[0]
    stuck = sum(row["saturated"] == "yes" for row in order)
    rest = f"; {stuck} of {len(order)} lines can use no more" if stuck else ""
    if best["real"] != "yes":
        waits = _saves(rows)
        if waits:
            return f"USD {usd} more serve nobody more for certain in any line, but {waits}{rest}"
        return f"USD {usd} more serve nobody more for certain in any line{rest}"
    return (
        f"USD {usd} more for {best['service_label']} serve {grouped(float(best['mean_difference']))} cases more, the most of "
        f"all lines{rest}"
    )


def _saves(rows: Sequence[Row]) -> str:
    """The line in which most days of waiting are saved for certain."""
    waits = [row for row in rows if row["indicator"] == "waiting_days" and row["real"] == "yes"]
    best = min(waits, key=lambda row: float(row["mean_difference"]), default=None)
    if best is None or float(best["mean_difference"]) >= 0:
        return ""
    return f"save {grouped(-float(best['mean_difference']))} days of waiting for {best['service_label']}"


def _bars(axes: Axes, rows: Sequence[Row], sign: int, colour: str) -> None:
    reach = max(
        (abs(float(row[end] or 0)) for row in rows for end in ("mean_difference", "ci_low", "ci_high")), default=0
    )
    if not reach:
        axes.annotate("no line changes this", (0.5, 0.5), xycoords="axes fraction", ha="center", color=GREY)
        axes.set_xticks([])
        return
    for at, row in enumerate(rows):
        mean = sign * float(row["mean_difference"] or 0)
        is_real = row["real"] == "yes"
        axes.barh(at, mean, height=0.62, color=colour, alpha=1.0 if is_real else 0.35)
        if row["ci_low"] and row["real"] not in ("equal", ""):
            low, high = sorted((sign * float(row["ci_low"]), sign * float(row["ci_high"])))
            axes.errorbar(mean, at, xerr=[[mean - low], [high - mean]], color="black", capsize=2.5, linewidth=1)
        if row["saturated"] == "yes":
            edge = max(0.0, mean, *_ends(row, sign))
            axes.annotate(
                saturated(row), (edge, at), (5, 0), textcoords="offset points", va="center", fontsize=8, color=GREY
            )
    if reach < 1:  # of whole people and cases
        axes.set_xlim(axes.get_xlim()[0], 1)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.xaxis.set_major_formatter(lambda value, _: grouped(value))
    axes.xaxis.set_major_locator(_few())
    axes.grid(axis="x")


def _ends(row: Row, sign: int) -> list[float]:
    """The ends of a whisker."""
    return [sign * float(row[end]) for end in ("ci_low", "ci_high") if row[end] and row["real"] != "equal"]


def _few() -> object:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(4, integer=True)

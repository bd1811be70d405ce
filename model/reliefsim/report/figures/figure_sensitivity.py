"""The figure of a sensitivity study: which values that are not known move which results, with intervals."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...store import Row
from .canvas import COLOURS, DARK, GREY, field, figure, legend_below, legend_height, row_height, wrapped
from .figure_saving import draw_and_save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "sensitivity"
WIDTH = 11.0  # inches
_LABEL = 38  # characters
_TITLE, _NOTE = 110, 165  # characters of a line, as wide as the figure
_THICK = 0.36
# Name, columns of the index and its interval, place in the row, colour, hatch.
_TOTAL, _FIRST = ("total", "total_low", "total_high"), ("first_order", "first_low", "first_high")
_BARS = (
    ("with what it does together with others (total index)", _TOTAL, -0.19, COLOURS[0], ""),
    ("by itself (first-order index)", _FIRST, 0.19, COLOURS[4], "///"),
)


def draw(rows: Sequence[Row], folder: Path) -> set[str]:
    """Save the figure of the rows of sensitivity.csv as PNG and SVG, the same bytes each time; the letters that no font
    of this machine has."""
    return draw_and_save(lambda: bars_of(rows), folder, NAME)


def bars_of(rows: Sequence[Row]) -> Figure:
    """One row a value, one panel an indicator; the values with the largest total index in any of them."""
    from ...results.sensitivity_rows import SHOWN, leading

    by_name = {(row["indicator"], row["path"]): row for row in rows}
    names = [name for name in SHOWN if any(row["total"] for row in rows if row["indicator"] == name)]
    paths = leading(rows)
    stated = {row["path"]: row["label"] for row in rows}
    labels = [wrapped(stated[path], _LABEL) for path in paths] or ["Nothing moves any of them"]
    legend = [name for name, *_ in _BARS]
    title = textwrap.wrap(finding(rows, names), _TITLE, break_on_hyphens=False)
    height = len(labels) * max(0.36, row_height(labels)) + legend_height(WIDTH, legend) + 0.18 * len(title)
    made = figure(WIDTH, 1.6 + height)
    made.suptitle("\n".join(title), x=0.01, ha="left", fontsize=11, weight="bold")
    part = field(made)
    grid = part.subplots(1, max(1, len(names)), sharex=True, sharey=True, squeeze=False)[0].tolist()
    handles = []
    for ax, name in zip(grid, names, strict=False):
        handles = _panel(ax, [by_name[name, path] for path in paths])
        ax.set_title(SHOWN[name], loc="left")
    grid[0].set_yticks(range(len(labels)), labels)
    grid[0].set_ylim(len(labels) - 0.5, -0.5)
    if handles:
        legend_below(part, handles, legend)
    note = textwrap.wrap(_note(rows, len(paths), names), _NOTE)
    made.supxlabel("\n".join(note), x=0.01, ha="left", fontsize=8, color=GREY)
    return made


def _panel(ax: Axes, rows: Sequence[Row]) -> list[object]:
    handles: list[object] = []
    for _, columns, shift, colour, hatch in _BARS:
        middle, low, high = ([100 * float(row[column]) for row in rows] for column in columns)
        places = [place + shift for place in range(len(rows))]
        reach = [
            [max(0.0, one - end) for one, end in zip(middle, low, strict=True)],
            [max(0.0, end - one) for one, end in zip(middle, high, strict=True)],
        ]
        face = {"color": colour} if not hatch else {"facecolor": "white", "edgecolor": colour, "hatch": hatch}
        handles.append(ax.barh(places, middle, height=_THICK, linewidth=0.8, zorder=2, **face))
        ax.errorbar(middle, places, xerr=reach, linestyle="none", color=DARK, elinewidth=0.9, capsize=1.5, zorder=3)
    ax.axvline(0, color=DARK, linewidth=0.8, zorder=4)
    ax.set_xlabel("% of its variance")
    for edge in range(1, len(rows)):
        ax.axhline(edge - 0.5, color="#E5E5E5", linewidth=0.8, zorder=0)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.locator_params(axis="x", nbins=5)
    return handles


def _note(rows: Sequence[Row], count: int, names: Sequence[str]) -> str:
    """What the numbers of the picture are."""
    from ...results.sensitivity_rows import made_of, methods

    shown = [row for row in rows if row["indicator"] in names]
    return (
        f"{made_of(rows)}, the same chance in all. Lines are intervals ({'; '.join(methods(shown))}); an index below 0 "
        f"or above 100 % is noise. {count} of {len({row['path'] for row in rows})} values are shown, those with "
        "the largest total index in any panel."
    )


def finding(rows: Sequence[Row], names: Sequence[str]) -> str:
    """The value that moves the first of the indicators most, or those that cannot be told apart from it."""
    from ...results.sensitivity_rows import SHOWN

    found = sorted((row for row in rows if row["indicator"] in names[:1]), key=lambda row: -float(row["total"]))
    if not found or float(found[0]["total"]) <= 0:
        return f"{rows[0]['scenario']}: no value that is not known moves its results"
    first = found[0]
    rivals = [row for row in found[1:] if float(row["total_high"]) >= float(first["total_low"])]
    text = f"{first['scenario']}: {SHOWN[first['indicator']].lower()} depends most on “{first['label']}”"
    if len(rivals) == 1:
        return f"{text} or “{rivals[0]['label']}”: their intervals overlap"
    if rivals:
        return f"{text}, though its interval overlaps with those of {len(rivals)} others"
    return f"{text}: {100 * float(first['total']):.0f} % of its variance stays if all others are known"

"""What all figures share: colours and markers that the colour-blind can tell apart, titles, legends, intervals."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...results.study_folder import Estimate, StudyFolder
from ..text.spread import intervals_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

# Okabe and Ito (2008), Color Universal Design; yellow, too light for lines on white, is left out. Before black five more, so
# that each of twelve scenarios has a colour, a marker and a line of its own.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9",
           "#7A5C00", "#5B4FA2", "#B2182B", "#3F7D20", "#8C8C8C", "#000000")  # fmt: skip
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*", "p", "h")
LINES: tuple[Any, ...] = (
    "-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 3)), (0, (8, 2, 2, 2)), (0, (3, 4)),
    (0, (10, 2, 1, 2, 1, 2)), (0, (6, 4, 2, 4)),
)  # fmt: skip
GREY = "#666666"
DARK = "#4D4D4D"

SETTINGS: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#E5E5E5",
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.hashsalt": "reliefsim",
    "svg.fonttype": "path",
    "figure.dpi": 100,
    "text.parse_math": False,  # labels are the users': a $ is a dollar
}
_CHARACTERS_PER_INCH = 12.0
_LEGEND_WIDTH = 64  # characters, as long as a name may be


def colour(number: int) -> str:
    """The colour of the n-th thing."""
    return COLOURS[number % len(COLOURS)]


def marker(number: int) -> str:
    """The marker of the n-th thing."""
    return MARKERS[number % len(MARKERS)]


def line(number: int) -> Any:
    """The line style of the n-th thing."""
    return LINES[number % len(LINES)]


def figure(width: float, height: float) -> Figure:
    """An empty figure (inches) whose parts are kept from overlapping."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(h_pad=0.06, w_pad=0.08, hspace=0.04, wspace=0.04)
    return Figure(figsize=(width, height), layout=layout)


def field(made: Figure) -> SubFigure:
    """The part of a figure between its title and its note: axes, and the legend below them."""
    part: SubFigure = made.subfigures()
    return part


def headline(made: Figure, finding: str, study: StudyFolder, more: str = "", stand_for: str = "") -> None:
    """The finding as title, and beneath the picture what its numbers, and its bands or bars, are."""
    width = int(made.figure.get_figwidth() * _CHARACTERS_PER_INCH)
    shown = "means over the ranges of what is not known" if study.uncertain else "at the point values"
    whole = f"{finding} ({shown})".replace(" %", "\u00a0%")  # a number and its sign stay on one line
    lines = textwrap.wrap(whole, int(width * 0.85), break_on_hyphens=False)
    made.suptitle("\n".join(lines).replace("\u00a0", " "), x=0.01, ha="left", fontsize=11, weight="bold")
    note = f"{runs(study)}; {stand_for or bands(study)}. {more}".strip()
    made.supxlabel("\n".join(textwrap.wrap(note, int(width * 1.25))), x=0.01, ha="left", fontsize=8, color=GREY)


def runs(study: StudyFolder) -> str:
    """How many replications, of how many points."""
    points = f"{study.points:,} points × " if study.points else ""
    return f"{points}{study.replications:,} replication" + ("" if study.replications == 1 else "s")


def bands(study: StudyFolder) -> str:
    """What bands and bars stand for."""
    if study.is_band:
        return "bands and bars hold eight of ten replications (10th to 90th percentile)"
    if study.replications < 2:
        return "one replication has no interval"
    if not study.covered:
        return "no replication differs from another"
    return f"bands and bars are {intervals_of('mean', study.covered)}"


def band(study: StudyFolder, one: Estimate) -> tuple[float, float]:
    """The ends of the band or bar of an estimate; both at the mean where there is none."""
    low, high = (one.p10, one.p90) if study.is_band else (one.low, one.high)
    return (one.mean, one.mean) if math.isnan(low) or math.isnan(high) else (low, high)


def bars(study: StudyFolder, ones: Sequence[Estimate], scale: float) -> list[list[float]]:
    """The lengths of error bars below and above the means, for matplotlib."""
    ends = [band(study, one) for one in ones]
    below = [max(0.0, (one.mean - low) * scale) for one, (low, _) in zip(ones, ends, strict=True)]
    above = [max(0.0, (high - one.mean) * scale) for one, (_, high) in zip(ones, ends, strict=True)]
    return [below, above]


def legend_below(made: SubFigure, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """One legend for the figure, below the axes, in as many columns as fit."""
    columns = _legend_columns(made.figure.get_figwidth(), labels)
    made.legend(handles, [wrapped(label, _LEGEND_WIDTH) for label in labels], loc="outside lower left", ncols=columns)


def legend_height(width: float, labels: Sequence[str]) -> float:
    """Inches that the legend of a figure of some width needs."""
    rows = -(-len(labels) // _legend_columns(width, labels))
    return rows * 0.19 * max((_lines(wrapped(label, _LEGEND_WIDTH)) for label in labels), default=1)


def _legend_columns(width: float, labels: Sequence[str]) -> int:
    longest = max((min(len(label), _LEGEND_WIDTH) for label in labels), default=1) + 6
    return max(1, min(len(labels), int(width * _CHARACTERS_PER_INCH / longest)))


def _lines(label: str) -> int:
    return label.count("\n") + 1


def wrapped(label: str, width: int = 26) -> str:
    """A label in lines of at most ``width`` characters, broken within a word only where it must be."""
    return "\n".join(textwrap.wrap(label, width)) or label


def dates_below(ax: Axes, most: int = 6) -> None:
    """Dates under a picture, short, and no more than fit."""
    from matplotlib.dates import HOURLY, MONTHLY, AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=most)
    for unit, all_in_one in ((HOURLY, 24), (MONTHLY, 12)):  # else no step of its own fits 60 to 72 hours, or 30 to 36 months
        locator.intervald[unit] = [*locator.intervald[unit], all_in_one]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def row_height(labels: Sequence[str]) -> float:
    """Inches that each row needs so that no two labels meet."""
    return max(0.3, 0.155 * max(map(_lines, labels), default=1) + 0.06)


def panels(made: SubFigure, count: int, columns: int, **shared: Any) -> list[Axes]:
    """``count`` axes in a grid."""
    rows = -(-count // columns)
    grid = made.subplots(rows, columns, squeeze=False, **shared).ravel().tolist()
    for extra in grid[count:]:
        extra.remove()
    chosen: list[Axes] = grid[:count]
    return chosen

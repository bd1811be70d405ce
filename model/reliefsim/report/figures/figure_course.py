"""Figure 7: what is required and what money is there for it, month by month, and what lies between."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...results.estimate_rows import Estimate
from ...results.study_folder import ArmName, StudyFolder
from ..text.spread import grouped
from ..views.bridge_view import is_unlimited, number, reach
from .canvas import colour, dates_below, field, figure, headline, legend_below, legend_height, panels, wrapped
from .figure_people import month_end
from .funding_frame import Unit, eight_of_ten, hidden, month_in_words, shown, unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINES: dict[str, tuple[str, str, Any]] = {
    "requirement_so_far_usd": ("required so far", colour(1), "-"),
    "available_so_far_usd": ("received so far, less what went back", colour(0), (0, (5, 1.5))),
    "spent_usd": ("spent so far", colour(6), (0, (1, 1.2))),
}
_SHORT, _AHEAD = "required, but not there", "there, and not yet required"


@dataclass(frozen=True)
class Course:
    """Three amounts by month's end: what is required, what is available, what is spent."""

    arm: ArmName
    months: tuple[str, ...]
    edges: tuple[datetime.date, ...]  # the first day of each month in the horizon, and the day after the last
    lines: dict[str, tuple[Estimate, ...]]
    unmet: float  # need, at the end
    back: float  # money that lapsed

    def means(self, name: str) -> list[float]:
        """One course."""
        return [number(one.mean) for one in self.lines[name]]

    @property
    def short(self) -> list[int]:
        """Whole dollars required and not available; below 0 what is available and not required."""
        pairs = zip(self.means("requirement_so_far_usd"), self.means("available_so_far_usd"), strict=True)
        return [round(required) - round(there) for required, there in pairs]  # as the reader would subtract them


def money_through_the_year(study: StudyFolder) -> Figure:
    """One panel a scenario: requirement and money at each month's end, shaded between."""
    arms = shown(study)
    columns, rows = min(3, len(arms)), -(-len(arms) // 3)
    courses = [course(study, arm) for arm in arms]
    top = max(amount for one in courses for amount in _amounts(one))
    unit = unit_of(top)
    handles, labels = _legend(all(is_unlimited(study, arm) for arm in arms))
    width = max(8.5, 3.8 * columns)
    made = figure(width, 1.8 + (3.6 if len(arms) == 1 else 2.7 * rows) + legend_height(width, labels))
    part = field(made)
    for place, (one, ax) in enumerate(zip(courses, panels(part, len(arms), columns, sharey=True), strict=True)):
        _panel(study, one, ax, unit)
        _at_ends(study, one, ax, unit, top * (0.045 if len(arms) == 1 else 0.075))
        if place % columns == 0:
            ax.set_ylabel(unit.words)
    part.axes[0].set_ylim(0, 1.08 * top / unit.usd or 1.0)
    legend_below(part, handles, labels)
    headline(made, finding(study, courses[0]), study, _NOTE + hidden(study), eight_of_ten(study, "bars"))
    return made


def course(study: StudyFolder, arm: ArmName) -> Course:
    """What the tables say of a scenario month by month."""
    required = study.funded.along(arm, "requirement_so_far_usd", "period")
    available = study.funded.along(arm, "available_so_far_usd", "period")
    spent = study.monthly.along(arm, "spent_usd", "period")
    start = study.start(arm.scenario)
    ends = [month_end(month) + datetime.timedelta(days=1) for month in required]
    stated = study.scenarios.get(arm.scenario, {}).get("horizon_days", 0)
    days = int(stated.get("value", 0) if isinstance(stated, dict) else stated)
    if ends and days:
        ends[-1] = min(ends[-1], max(start + datetime.timedelta(days=days), month_start(list(required)[-1], start)))
    lines = {
        "requirement_so_far_usd": tuple(required.values()),
        "available_so_far_usd": tuple(available.values()),
        "spent_usd": tuple(spent.values()),
    }
    unmet, back = (number(study.indicators.get(arm, name).mean) for name in ("gap_usd", "lapsed_usd"))
    return Course(arm, tuple(required), (start, *ends), lines, unmet, back)


def month_start(period: str, start: datetime.date) -> datetime.date:
    """The day after the first day of a month, or after that of the scenario."""
    return max(datetime.date.fromisoformat(f"{period}-01"), start) + datetime.timedelta(days=1)


def _amounts(one: Course) -> list[float]:
    """Everything that must be seen."""
    return [0.0, *(max(reach(value)[1], number(value.mean)) for line in one.lines.values() for value in line)]


def _panel(study: StudyFolder, one: Course, ax: Axes, unit: Unit) -> None:
    unlimited = is_unlimited(study, one.arm)
    scaled = {name: [value / unit.usd for value in one.means(name)] for name in one.lines}
    required, there = scaled["requirement_so_far_usd"], scaled["available_so_far_usd"]
    if not unlimited:
        _between(ax, one.edges, there, required, **_SHORT_STYLE)
        _between(ax, one.edges, required, there, **_AHEAD_STYLE)
    for name, (_, paint, style) in _LINES.items():
        if unlimited and name == "available_so_far_usd":
            continue
        _bars(ax, one, name, unit)
        ax.plot(one.edges, [0.0, *scaled[name]], color=paint, linestyle=style, linewidth=1.8)
    ax.set_xlim(one.edges[0], one.edges[-1])
    dates_below(ax)
    unit.write_ticks(ax.yaxis)
    ax.set_title(wrapped(study.arm_label(one.arm), 40) + f"\n{_at_the_end(one, unlimited)}", loc="left")
    ax.grid(axis="y")


def _at_ends(study: StudyFolder, one: Course, ax: Axes, unit: Unit, apart: float) -> None:
    """The amounts at the end beside their lines, moved apart where they would meet."""
    names = [name for name in _LINES if not (is_unlimited(study, one.arm) and name == "available_so_far_usd")]
    amounts = sorted((one.means(name)[-1] if one.months else 0.0, name) for name in names)
    where = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "fontsize": 8}
    for (usd, name), place in zip(amounts, spread_out([usd for usd, _ in amounts], apart), strict=True):
        ax.annotate(unit.write(usd), (1, place / unit.usd), (4, 0), color=_LINES[name][1], **where)


def spread_out(places: list[float], apart: float) -> list[float]:
    """Places from the lowest, moved as little as keeps neighbours ``apart`` and none below 0."""
    groups: list[list[float]] = []
    for place in places:
        groups.append([place])
        while len(groups) > 1 and _middle(groups[-1]) - _middle(groups[-2]) < apart * sum(map(len, groups[-2:])) / 2:
            last = groups.pop()
            groups[-1] += last
    found: list[float] = []
    for group in groups:
        lowest = _middle(group) - apart * (len(group) - 1) / 2
        lowest = max(lowest, 0.0, found[-1] + apart if found else 0.0)
        found += [lowest + apart * number for number in range(len(group))]
    return found


def _middle(group: list[float]) -> float:
    return sum(group) / len(group)


def _bars(ax: Axes, one: Course, name: str, unit: Unit) -> None:
    """Eight of ten replications, as bars at about twelve month ends, those of the courses a little apart."""
    from matplotlib.dates import date2num

    aside = list(_LINES).index(name) - 1
    for place in range(len(one.months) - 1, -1, -max(1, len(one.months) // 12)):
        value, (begins, ends) = one.lines[name][place], one.edges[place : place + 2]
        low, high = reach(value)
        if high > low:
            day = date2num(ends) + 0.06 * aside * (ends - begins).days
            wide = [[max(0.0, value.mean - low) / unit.usd], [max(0.0, high - value.mean) / unit.usd]]
            style = {"color": _LINES[name][1], "linestyle": "none", "elinewidth": 1.1, "capsize": 1.8}
            ax.errorbar([day], [value.mean / unit.usd], yerr=wide, zorder=3, clip_on=False, **style)


_SHORT_STYLE: dict[str, Any] = {"facecolor": "#F6C3A0", "edgecolor": colour(1), "hatch": "///", "linewidth": 0}
_AHEAD_STYLE: dict[str, Any] = {"facecolor": "#DCEBF6", "edgecolor": "#DCEBF6", "linewidth": 0}


def _between(
    ax: Axes, edges: Sequence[datetime.date], low: Sequence[float], high: Sequence[float], **style: Any
) -> None:
    """Shade from one course up to another, where the other is higher."""
    below, above = [0.0, *low], [0.0, *high]
    higher = [top >= bottom for bottom, top in zip(below, above, strict=True)]
    ax.fill_between(list(edges), below, above, where=higher, interpolate=True, zorder=1, **style)


def _at_the_end(one: Course, unlimited: bool) -> str:
    """How much is missing, and how much need stays unmet, in the words of a panel's title."""
    unmet = f"unmet need {grouped(one.unmet)}"
    if unlimited:
        return f"USD: money is unlimited, {unmet}"
    short = one.short[-1] if one.months else 0
    return f"USD: {grouped(abs(short))} {'short' if short > 0 else 'to spare'}, {unmet}"


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "all of it"


def _legend(unlimited: bool) -> tuple[list[Any], list[str]]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    kept = [name for name in _LINES if not (unlimited and name == "available_so_far_usd")]
    handles: list[Any] = [
        Line2D([], [], color=_LINES[name][1], linestyle=_LINES[name][2], linewidth=1.8) for name in kept
    ]
    labels = [_LINES[name][0] for name in kept]
    if not unlimited:
        handles += [Patch(**_SHORT_STYLE), Patch(**_AHEAD_STYLE)]
        labels += [_SHORT, _AHEAD]
    return handles, labels


_NOTE = (
    "Lines join the states at the ends of calendar months. Required: what serving every need that has arisen costs, "
    "and running costs as they are paid, since money pays for both; hosts are left out. What is short is not the need "
    "that stays unmet: money may be there and not reach a need, and goods in store meet need without money; the figure "
    "“from money to need” joins the two."
)


def finding(study: StudyFolder, one: Course) -> str:
    """What is required and available at the end, and since when it falls short."""
    name = study.arm_label(one.arm)
    required, there, spent = (one.means(line)[-1] if one.months else 0.0 for line in _LINES)
    if is_unlimited(study, one.arm):
        return f"{name}: money is unlimited; USD {grouped(required)} are required and USD {grouped(spent)} are spent"
    text = f"{name}: USD {grouped(required)} are required and USD {grouped(there)} are there{_back(one)}"
    short = one.short
    if short[-1] > 0:
        since = next(place for place in range(len(short)) if all(value > 0 for value in short[place:]))
        when = f" from {month_in_words(one.months[since])} on" if since else " all the time"
        return f"{text}: {_share(short[-1], required)} (USD {grouped(short[-1])}) is missing at the end, and money is short{when}"
    if max(short) > 0:
        worst = short.index(max(short))
        late = f"at worst USD {grouped(short[worst])} in {month_in_words(one.months[worst])}"
        return f"{text}, but late: it is short in {sum(value > 0 for value in short)} of {len(short)} months, {late}"
    more = f", USD {grouped(-short[-1])} more than required at the last" if short[-1] else ""
    return f"{text}: enough at every month's end{more}"


def _back(one: Course) -> str:
    """What went back, where it is much of what came."""
    there = one.means("available_so_far_usd")
    back = one.back
    if back <= 0.05 * (there[-1] + back):
        return ""
    return f" (USD {grouped(there[-1] + back)} less USD {grouped(back)} that went back)"

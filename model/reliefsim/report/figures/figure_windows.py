"""Figure 3: what each grant has paid in, committed and spent, month by month, against its window."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ...results.study_folder import ArmName, Estimate, StudyFolder, date_of
from ..text.spread import grouped
from .canvas import (
    GREY,
    band,
    colour,
    dates_below,
    field,
    figure,
    headline,
    legend_below,
    legend_height,
    marker,
    panels,
    wrapped,
)
from .figure_people import month_end

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COURSES = (
    ("received_usd", "received", ":"),
    ("committed_usd", "spent or committed", "--"),
    ("spent_usd", "spent", "-"),
)

STOP, SUSPENSION = "stop-work", "suspension"
_BLOWS = {
    STOP: "stops work",
    SUSPENSION: "suspends for {days} days",
    "late": "pays {days} days late",
    "cut": "cuts {share} %",
}


def spending_against_windows(study: StudyFolder) -> Figure:
    """One panel a scenario: the courses of each grant, its window a strip below them in the grant's colour."""
    columns = min(3, len(study.arms))
    rows = -(-len(study.arms) // columns)
    grants = study.names("spent_usd", "grant")
    handles, labels = _legend(study, grants)
    width = max(7.5, 3.6 * columns)
    made = figure(width, 1.7 + 2.6 * rows + legend_height(width, labels))
    part = field(made)
    axes = panels(part, len(study.arms), columns)
    for place, (arm, ax) in enumerate(zip(study.arms, axes, strict=True)):
        _panel(study, arm, ax, grants)
        if place % columns == 0:
            ax.set_ylabel("Thousand USD so far")
    legend_below(part, handles, labels)
    more = (
        "Each point is the state at the end of a calendar month; the strips are the grants' windows, triangles what a "
        "donor changes."
    )
    headline(made, finding(study), study, more)
    return made


def _panel(study: StudyFolder, arm: ArmName, ax: Axes, grants: list[str]) -> None:
    mine = study.indicators.along(arm, "spent_usd", "grant")
    tops = [0.0]
    for grant in mine:
        number = grants.index(grant)
        for indicator, _, style in COURSES:
            days, mean, low, high = _course(study, arm, indicator, grant)
            drawn = "steps-mid" if indicator == "received_usd" else "default"  # money comes in on one day
            ax.plot(days, mean, color=colour(number), linestyle=style, linewidth=1.4, drawstyle=drawn)
            tops.append(max(mean))
            if indicator == "spent_usd":
                marks = {"marker": marker(number), "markersize": 3.5, "markevery": max(1, len(days) // 12)}
                ax.plot(days, mean, color=colour(number), linestyle="none", **marks)
                ax.fill_between(days, low, high, color=colour(number), alpha=0.22, linewidth=0)
    _strips(study, arm, ax, [(grant, grants.index(grant)) for grant in mine], max(tops) or 1.0)
    dates_below(ax)
    told = in_words(study, arm.scenario, list(mine))
    ax.set_title(wrapped(study.arm_label(arm), 40) + (f"\n{wrapped(told, 40)}" if told else ""), loc="left")
    ax.grid(axis="y")


def _course(
    study: StudyFolder, arm: ArmName, indicator: str, grant: str
) -> tuple[list[datetime.date], list[float], list[float], list[float]]:
    """Days, means and band of one course, from nothing on the first day; commitments stand on what is spent."""
    course = study.monthly.along(arm, indicator, "period", grant=grant)
    spent = study.monthly.along(arm, "spent_usd", "period", grant=grant)
    ones = [(one, spent[period].mean if indicator == "committed_usd" else 0.0) for period, one in course.items()]
    days = [study.first_day(arm.scenario), *(month_end(period) for period in course)]
    mean = [0.0, *((one.mean + below) / 1000 for one, below in ones)]
    low, high = ([0.0, *((band(study, one)[side] + below) / 1000 for one, below in ones)] for side in (0, 1))
    return days, mean, low, high


def _strips(study: StudyFolder, arm: ArmName, ax: Axes, grants: list[tuple[str, int]], top: float) -> None:
    """Windows as strips under the zero line, and their ends as thin lines through the panel."""
    step = 0.07 * top
    for place, (grant, number) in enumerate(grants):
        begin, end = window(study, arm.scenario, grant)
        y = -(place + 0.9) * step
        ax.barh(y, end - begin, 0.7 * step, begin, color=colour(number), alpha=0.45, linewidth=0)
        ax.axvline(end, color=colour(number), linewidth=0.7, linestyle=(0, (1, 2)))
        for blow in shocks(study, arm.scenario, grant):
            mark_shock(ax, blow, y, 0.7 * step, size=4)
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.set_ylim(-(len(grants) + 0.6) * step, 1.08 * top)
    ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= 1.08 * top])


def window(study: StudyFolder, scenario: str, grant: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of a grant's window as the scenario's file states it, within the horizon: until its donor stops
    work, where that is certain."""
    start = study.start(scenario)
    stated = study.scenarios.get(scenario, {})
    horizon = date_of(stated.get("horizon_days", 365), start)
    named = {**stated.get("pledges", {}), **stated.get("grants", {})}
    entry = named.get(grant, {})
    begin = date_of(entry.get("from_day", 0), start)
    end = date_of(entry.get("until_day", horizon), start)
    first = study.first_day(scenario)
    end = min([end, *(one.day for one in shocks(study, scenario, grant) if one.kind == STOP and one.is_certain)])
    return min(max(begin, first), end), min(max(end, first), horizon)


class Blow(NamedTuple):
    """What a shock does to a grant, on a day; ``until``: the day on which a suspension ends."""

    kind: str
    day: datetime.date
    until: datetime.date
    is_certain: bool
    words: str


def shocks(study: StudyFolder, scenario: str, grant: str) -> list[Blow]:
    """The shocks that a scenario's file states of a grant, the earliest first."""
    start, stated = study.start(scenario), study.scenarios.get(scenario, {})
    opens = {**stated.get("pledges", {}), **stated.get("grants", {})}.get(grant, {}).get("from_day", 0)
    found = []
    for shock in stated.get("shocks", {}).values():
        if grant not in shock.get("grants", ()):
            continue
        day = date_of(shock.get("day", opens), start)
        days, share, chance = (
            _value(shock.get(key, default)) for key, default in (("days", 0), ("share", 0), ("probability", 1))
        )
        words = _BLOWS[shock["kind"]].format(days=grouped(days), share=grouped(100 * share))
        words += f" (chance {100 * chance:.0f} %)" if chance < 1 else ""
        found.append(Blow(shock["kind"], day, day + datetime.timedelta(days=math.ceil(days)), chance >= 1, words))
    return sorted(found, key=lambda one: one.day)


def mark_shock(ax: Axes, blow: Blow, middle: float, high: float, size: float, layer: int = 1) -> None:
    """A triangle on a window's strip, which lies on a layer and is blank while its donor suspends it."""
    if blow.kind == SUSPENSION:
        ax.barh(middle, blow.until - blow.day, high, blow.day, color="white", linewidth=0, zorder=layer)
    ax.plot([blow.day], [middle], marker="v", color="black", markersize=size, linestyle="none", zorder=layer + 1)


def _value(entry: Any) -> float:
    return float(entry["value"] if isinstance(entry, dict) else entry)


def in_words(study: StudyFolder, scenario: str, grants: Sequence[str]) -> str:
    """The shocks of some grants in one line, with their dates; nothing if there are none."""
    told = [
        f"{study.label(scenario, 'grants', grant)}: {blow.words}, {blow.day:%-d %b %Y}"
        for grant in grants
        for blow in shocks(study, scenario, grant)
    ]
    return "; ".join(told)


def _legend(study: StudyFolder, grants: list[str]) -> tuple[list[object], list[str]]:
    from matplotlib.lines import Line2D

    handles: list[object] = [
        Line2D([], [], color=colour(n), marker=marker(n), markersize=4) for n in range(len(grants))
    ]
    handles += [Line2D([], [], color=GREY, linestyle=style) for _, _, style in COURSES]
    return handles, [*(study.any_label("grants", name) for name in grants), *(words for _, words, _ in COURSES)]


def finding(study: StudyFolder) -> str:
    """Which part of each grant of the first scenario is spent, and how much of it goes back."""
    first = study.arms[0]
    parts = []
    for grant, spent in study.indicators.along(first, "spent_usd", "grant").items():
        received = _last(study, first, "received_usd", grant)
        if math.isnan(received.mean) or not received.mean:
            continue
        lapsed = study.indicators.get(first, "lapsed_usd", grant=grant).mean
        text = f"{study.label(first.scenario, 'grants', grant)} is {100 * spent.mean / received.mean:.0f} % spent"
        parts.append(text + (f" and USD {grouped(lapsed)} goes back" if lapsed > 0 else ""))
    return f"{study.arm_label(first)}: " + ("; ".join(parts) if parts else "no grant pays anything in")


def _last(study: StudyFolder, arm: ArmName, indicator: str, grant: str) -> Estimate:
    course = list(study.monthly.along(arm, indicator, "period", grant=grant).values())
    return course[-1] if course else Estimate(math.nan, math.nan, math.nan)

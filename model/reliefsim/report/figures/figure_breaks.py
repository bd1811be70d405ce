"""Figure 8: the weeks in which each service stands still for want of money or of goods, and how likely that is."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from ...engine.compile.compiled_scenario import UNLIMITED
from ...results.estimate_rows import RunOut
from ...results.study_folder import RUNNING, ArmName, StudyFolder
from ..text.spread import grouped
from ..views.break_weeks import GOODS, MONEY, Calendar, Weeks, calendar, never_paid
from ..views.bridge_view import is_unlimited
from .canvas import DARK, dates_below, field, figure, headline, legend_height, panels, row_height, wrapped
from .figure_windows import mark_shock, shocks, window
from .funding_frame import hidden, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

_STEPS = (0.25, 0.5, 0.75)  # of the runs; the last one is open
_STEP_WORDS = ("up to 25 % of runs", "up to 50 %", "up to 75 %", "over 75 %")
# From light to dark, so that they are told apart without colour; goods are hatched and lie lower.
_PAINT = {
    MONEY: ("#FCE3D2", "#F4A97A", "#D55E00", "#6E2F00"),
    GOODS: ("#DCEBF6", "#8DBFE0", "#0072B2", "#00334F"),
}
_HATCH = {MONEY: "", GOODS: "////"}
_WORDS = {MONEY: "No money", GOODS: "No goods"}
_MOST_ROWS = 16
_LABEL = 34  # characters


def calendar_of_breaks(study: StudyFolder) -> Figure:
    """One panel a scenario, one row a service, one column a week; below them the grants' windows."""
    arms = shown(study)
    calendars = [calendar(study, arm) for arm in arms]
    services = _rows(study, calendars)
    kept = services[:_MOST_ROWS]
    grants = [name for name in study.names("spent_usd", "grant") if name != UNLIMITED][:_MOST_ROWS]
    labels = [_label(study, name) for name in kept]
    labels += [wrapped(f"Window of {study.any_label('grants', name)}", _LABEL) for name in grants]
    columns = 1 if len(arms) == 1 else 2
    causes = [cause for cause in (MONEY, GOODS) if any(one.often(cause, name) for one in calendars for name in kept)]
    width = 10.0 if columns == 1 else 12.5
    height = max(0.36, row_height(labels)) * len(labels) + 0.85
    made = figure(width, 1.5 + height * -(-len(arms) // columns) + legend_height(width, ["x"]) * 2)
    part = field(made)
    for place, (one, ax) in enumerate(zip(calendars, panels(part, len(arms), columns), strict=True)):
        _panel(study, one, ax, kept, grants)
        ax.set_yticks(range(len(labels)), labels if place % columns == 0 else [""] * len(labels))
    _legend(part, causes, bool(grants))
    headline(made, finding(study, calendars[0]), study, _note(kept, services) + hidden(study), "shares of all runs")
    return made


def _rows(study: StudyFolder, calendars: list[Calendar]) -> list[str]:
    """Services, those that stand still longest first; last those that no grant may pay for."""
    names = list(dict.fromkeys(service for one in calendars for _, service in one.weeks))

    def key(name: str) -> tuple[bool, float]:
        return never_paid(study, calendars[0].arm, name), -sum(
            calendars[0].often(cause, name) for cause in (MONEY, GOODS)
        )

    return sorted(names, key=key)


def _label(study: StudyFolder, service: str) -> str:
    unpaid = all(never_paid(study, arm, service) for arm in shown(study))
    return wrapped(study.any_label("services", service), _LABEL) + ("\n(no grant may pay for it)" if unpaid else "")


def _panel(study: StudyFolder, one: Calendar, ax: Axes, services: list[str], grants: list[str]) -> None:
    start, end = window(study, one.arm.scenario, "")
    for place, service in enumerate(services):
        both = all(one.often(cause, service) for cause in (MONEY, GOODS))
        for cause in (MONEY, GOODS):
            middle, high = (place, 0.8) if not both else (place - 0.2, 0.4) if cause == MONEY else (place + 0.2, 0.4)
            _cells(ax, one.weeks.get((cause, service), {}), cause, middle, high, end)
        _days(study, one.arm, ax, service, place)
    ax.annotate(
        "Days without\nmoney", (1, 1), (6, 3), xycoords="axes fraction", textcoords="offset points", fontsize=7.5
    )
    for edge in range(1, len(services) + len(grants)):
        ax.axhline(edge - 0.5, color="#E5E5E5", linewidth=0.8, zorder=0)
    ax.set_ylim(len(services) + len(grants) - 0.5, -0.5)
    ax.set_xlim(start, end)
    for place, grant in enumerate(grants, len(services)):
        _window(study, one.arm, ax, grant, place)
    dates_below(ax, most=9)
    ax.set_title(wrapped(study.arm_label(one.arm), 50), loc="left")
    ax.tick_params(axis="y", length=0)


def _cells(ax: Axes, weeks: Weeks, cause: str, middle: float, high: float, end: datetime.date) -> None:
    """Weeks in a row of the same step are one piece."""
    pieces: list[tuple[datetime.date, datetime.date, int]] = []
    for begins, chance in weeks.items():
        until = min(begins + datetime.timedelta(days=7), end)
        step = sum(chance > one for one in _STEPS)
        if not chance > 0:
            continue
        if pieces and pieces[-1][1:] == (begins, step):
            pieces[-1] = (pieces[-1][0], until, step)
        else:
            pieces.append((begins, until, step))
    for begins, until, step in pieces:
        ax.barh(middle, until - begins, high, begins, zorder=2, **_style(cause, step))


def _style(cause: str, step: int) -> dict[str, Any]:
    edge = "white" if step > 1 else _PAINT[GOODS][2]
    paint = {"facecolor": _PAINT[cause][step], "hatch": _HATCH[cause], "linewidth": 0}
    return {**paint, "edgecolor": edge} if _HATCH[cause] else paint


def _days(study: StudyFolder, arm: ArmName, ax: Axes, service: str, place: int) -> None:
    """How long it stands still for want of money, beside its row."""
    days = study.run_out(arm, "break_days", service)
    text = "" if days is None or math.isnan(days.days) else _from_to(days)
    where = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "va": "center", "fontsize": 8}
    ax.annotate(text, (1, place), (6, 0), color=DARK, **where)


def _from_to(one: RunOut) -> str:
    """Half of the runs, and eight of ten."""
    middle, low, high = (grouped(days) for days in (one.days, one.least_days, one.most_days))
    return middle if low == high else f"{middle} ({low} to {high})"


def _window(study: StudyFolder, arm: ArmName, ax: Axes, grant: str, place: int) -> None:
    """A grant's window as a strip, its end a line through all rows."""
    stated = study.scenarios.get(arm.scenario, {})
    if grant not in {**stated.get("grants", {}), **stated.get("pledges", {})}:
        return
    begins, ends = window(study, arm.scenario, grant)
    ax.barh(place, ends - begins, 0.28, begins, color="#A6A6A6", linewidth=0, zorder=2)
    ax.plot([ends, ends], [-0.5, place + 0.3], color="white", linewidth=2.4, alpha=0.7, zorder=3)  # seen on dark weeks
    ax.plot([ends, ends], [-0.5, place + 0.3], color=DARK, linewidth=1.1, linestyle=(0, (2, 2)), zorder=3)
    first, last = window(study, arm.scenario, "")
    for blow in shocks(study, arm.scenario, grant):
        mark_shock(ax, blow, place, 0.28, size=5, layer=2)
        is_late = blow.day - first > 0.55 * (last - first)
        side = {"xytext": (-5 if is_late else 5, 5), "ha": "right" if is_late else "left", "va": "bottom"}
        ax.annotate(blow.words, (blow.day, place), textcoords="offset points", fontsize=7.5, **side)


def _legend(part: SubFigure, causes: list[str], has_grants: bool) -> None:
    """Two rows, one for money and one for goods, from rare to nearly sure; and what the grey strips are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    labels: list[str] = []
    for step, words in enumerate(_STEP_WORDS):
        handles += [Patch(**_style(cause, step)) for cause in causes]
        labels += [f"{_WORDS[cause]} in {words}" if not step else words for cause in causes]
    if has_grants:
        handles.append(Line2D([], [], color=DARK, linewidth=1.1, linestyle=(0, (2, 2))))
        labels.append("a window ends (triangle: a donor changes it)")
    part.legend(handles, labels, loc="outside lower left", ncols=len(_STEP_WORDS) + 1)


def _note(kept: list[str], services: list[str]) -> str:
    """What is drawn."""
    some = len(kept) < len(services)
    rest = f" The {len(kept)} of {len(services)} services that stand still longest are shown." if some else ""
    return (
        "A service stands still in a week if on any day of it people wait and money (or goods) is what the first of them "
        "lacks. White: in no run. On the right: days in all, half of the runs have fewer (eight of ten in brackets)."
        + rest
    )


def finding(study: StudyFolder, one: Calendar) -> str:
    """How many services stand still for want of money in most runs, which longest, and which may never be paid for."""
    name = study.arm_label(one.arm)
    services = [service for cause, service in one.weeks if cause == MONEY and service != RUNNING]
    unpaid = [service for service in services if never_paid(study, one.arm, service)]
    found = {service: study.run_out(one.arm, "break_days", service) for service in services if service not in unpaid}
    days = {service: out.days for service, out in found.items() if out is not None and out.chance > 0.5}
    parts = []
    if is_unlimited(study, one.arm):
        parts.append(f"money is unlimited, and in none of {study.replications:,} runs does it stop a service")
    elif days:
        longest = max(days, key=lambda service: days[service])
        parts.append(
            _most(study, study.label(one.arm.scenario, "services", longest), days[longest], len(days), len(found))
        )
    elif found:
        ever = any(out is not None and out.chance > 0 for out in found.values())
        rarely = "in most of {} runs no service with a grant stands still for want of money"
        never = "in none of {} runs does a service with a grant stand still for want of money"
        parts.append((rarely if ever else never).format(f"{study.replications:,}"))
    if unpaid:
        parts.append(f"no grant may pay for {_names(study, one.arm, unpaid)}")
    return f"{name}: " + "; ".join([*parts, *_goods(study, one)]) if parts else f"{name}: there is no service"


def _most(study: StudyFolder, label: str, days: float, many: int, all_of_them: int) -> str:
    """Of those that stand still in most runs."""
    often = "in most runs" if study.replications * max(study.points, 1) > 1 else "in the one run"
    if all_of_them == 1:
        return f"{label} stands still for want of money {often} ({grouped(days)} days)"
    stand = "stand" if many > 1 else "stands"
    still = f"{many} of {all_of_them} services with a grant {stand} still for want of money {often}"
    return f"{still}, {label} {'longest ' if many > 1 else ''}({grouped(days)} days)"


def _names(study: StudyFolder, arm: ArmName, services: list[str]) -> str:
    """One by its name, more by their number."""
    return study.label(arm.scenario, "services", services[0]) if len(services) == 1 else f"{len(services)} services"


def _goods(study: StudyFolder, one: Calendar) -> list[str]:
    """The service that goods are missing for in most runs at once."""
    weeks = [
        (chance, service)
        for (cause, service), found in one.weeks.items()
        for chance in found.values()
        if cause == GOODS and chance > 0
    ]
    if not weeks:
        return []
    chance, service = max(weeks, key=lambda one: one[0])
    label = study.label(one.arm.scenario, "services", service)
    return [f"goods are out for {label} in up to {100 * chance:.0f} % of runs"]

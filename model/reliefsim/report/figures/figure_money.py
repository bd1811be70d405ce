"""Figure 1: how the money was divided over services and grants, and what became of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ...results.study_folder import RUNNING, ArmName, Estimate, StudyFolder
from ..text.spread import grouped
from .canvas import (
    COLOURS,
    DARK,
    GREY,
    bars,
    colour,
    figure,
    headline,
    legend_below,
    legend_height,
    row_height,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

END = "end"
COMMITTED = "committed, not yet spent"
FATES = (("spent_usd", "spent", ""), ("committed_usd", COMMITTED, "///"), ("left_usd", "left over", "|||"))
THOUSAND = 0.001
WIDTH = 8.5  # inches
_PLAIN_COLOURS = len(COLOURS) - 1  # black stands for nothing here
_HATCHES = ("", "xxx", "---", "+++")  # lines alone: a hatch of dots takes 250 KB in an SVG


def allocation(study: StudyFolder) -> Figure:
    """The first scenario by service and grant above; every scenario's money as one bar each below."""
    first = study.arms[0]
    lines = {pair: one for pair, one in study.lines(first, END).items() if one["envelope_usd"].mean > 0}
    rows = sorted(lines, key=lambda pair: (pair[0] == RUNNING, pair[0], pair[1]))
    labels = [wrapped(_row_label(study, first, pair), 44) for pair in rows] + ["Indirect costs in all of them"]
    names = [wrapped(study.arm_label(arm), 34) for arm in study.arms]
    pieces = _pieces(study)
    keys = legend_height(WIDTH, [label for _, label in pieces])
    heights = [1.5 + row_height(labels) * len(labels), 0.9 + keys + row_height(names) * len(names)]
    made = figure(WIDTH, 1.3 + sum(heights))
    parts = made.subfigures(2, 1, height_ratios=heights)
    above, below = parts[0].subplots(), parts[1].subplots()
    parts[0].suptitle(f"{study.arm_label(first)}: divided by the rule {first.rule}", x=0.02, ha="left", fontsize=9)
    for place, pair in enumerate(rows):
        _divided(study, above, lines[pair], service_colour(study, pair[0]), place)
    _indirect(study, first, above, len(rows))
    above.margins(x=0.12)
    _label_rows(above, labels, "Set aside by the last plan (thousand USD)")
    legend_below(parts[0], *_fates())
    legend_below(parts[1], *_everyone(study, below, pieces))
    _label_rows(below, names, "What became of the money (thousand USD; whiskers at the total spent)")
    headline(made, finding(study, lines), study, "Indirect costs are inside every bar.")
    return made


def _row_label(study: StudyFolder, arm: ArmName, pair: tuple[str, str]) -> str:
    service, grant = pair
    return f"{study.label(arm.scenario, 'services', service)} · {study.label(arm.scenario, 'grants', grant)}"


def _label_rows(ax: Axes, labels: list[str], what: str) -> None:
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlim(left=0)
    ax.set_xlabel(what)
    ax.grid(axis="x")


def _divided(study: StudyFolder, ax: Axes, line: dict[str, Estimate], paint: str, place: int) -> None:
    """One bar: what the last plan set aside, cut by what became of it."""
    start = 0.0
    for measure, _, hatch in FATES:
        wide = max(0.0, line[measure].mean) * THOUSAND
        face = paint if not hatch else "white"
        ax.barh(place, wide, 0.7, start, color=face, edgecolor=paint, hatch=hatch, linewidth=0.8)
        start += wide
    spent = line["spent_usd"]
    _whisker(study, ax, spent, place)
    far_end = (spent.mean + bars(study, [spent], 1)[1][0]) * THOUSAND
    _figure_beside(ax, line["envelope_usd"], max(start, far_end), place)


def _indirect(study: StudyFolder, arm: ArmName, ax: Axes, place: int) -> None:
    indirect = study.indicators.get(arm, "indirect_cost_usd")
    if not math.isnan(indirect.mean):
        wide = indirect.mean * THOUSAND
        ax.barh(place, wide, 0.7, color="#BBBBBB", edgecolor=GREY, hatch="xx", linewidth=0.8)
        _figure_beside(ax, indirect, wide, place)


def _figure_beside(ax: Axes, one: Estimate, end: float, place: int) -> None:
    """The mean in figures, to the right of a bar."""
    where = {"textcoords": "offset points", "va": "center", "fontsize": 8, "color": GREY}
    ax.annotate(grouped(one.mean * THOUSAND, 1), (end, place), (5, 0), **where)


def service_colour(study: StudyFolder, service: str) -> str:
    """The colour of a service in this figure; running costs are dark grey."""
    number = _number(study, service)
    return DARK if number < 0 else colour(number % _PLAIN_COLOURS)


def service_hatch(study: StudyFolder, service: str) -> str:
    """What tells services of one colour apart, where there are more services than colours."""
    return _HATCHES[max(0, _number(study, service)) // _PLAIN_COLOURS % len(_HATCHES)]


def _number(study: StudyFolder, service: str) -> int:
    """A service's place among the services as reported; -1 for running costs."""
    services = [name for name in study.names("spent_usd", "service") if name != RUNNING]
    stated = study.scenarios.get(study.arms[0].scenario, {}).get("services", {}).get(service, {})
    shown = stated.get("counts_as", service)
    return services.index(shown) if shown in services else -1


def _whisker(study: StudyFolder, ax: Axes, one: Estimate, place: int) -> None:
    wide = bars(study, [one], THOUSAND)
    ax.errorbar([one.mean * THOUSAND], [place], xerr=wide, color="black", capsize=2, elinewidth=1, linestyle="none")


def _fates() -> tuple[list[Any], list[str]]:
    from matplotlib.patches import Patch

    faces = [GREY if not hatch else "white" for _, _, hatch in FATES]
    handles = [
        Patch(facecolor=face, edgecolor=GREY, hatch=hatch) for face, (_, _, hatch) in zip(faces, FATES, strict=True)
    ]
    return handles, [words for _, words, _ in FATES]


def _pieces(study: StudyFolder) -> list[tuple[str, str]]:
    """What a bar of all money is cut into, and its labels: services, running costs, commitments, what lapsed."""
    services = [name for name in study.names("spent_usd", "service") if name != RUNNING] + [RUNNING]
    pieces = [(name, study.any_label("services", name)) for name in services]
    pieces += [("committed", COMMITTED), ("lapsed", "back to donors")]
    return [(name, label) for name, label in pieces if any(_piece(study, arm, name) for arm in study.arms)]


def _everyone(study: StudyFolder, ax: Axes, pieces: list[tuple[str, str]]) -> tuple[list[Any], list[str]]:
    """One bar a scenario: spent by service, still committed, and lapsed."""
    starts = [0.0] * len(study.arms)
    handles, labels = [], []
    for name, label in pieces:
        wide = [_piece(study, arm, name) for arm in study.arms]
        hatch = {"committed": "///", "lapsed": "|||"}.get(name, "")
        face, edge = ("white", GREY) if hatch else (service_colour(study, name), "white")
        hatch = hatch or service_hatch(study, name)
        paint = {"color": face, "edgecolor": edge, "hatch": hatch, "linewidth": 0.6}
        drawn = ax.barh(range(len(study.arms)), wide, 0.72, starts, **paint)
        starts = [start + width for start, width in zip(starts, wide, strict=True)]
        handles.append(drawn)
        labels.append(label)
    for place, arm in enumerate(study.arms):
        _whisker(study, ax, study.indicators.get(arm, "spent_usd"), place)
    return handles, labels


def _piece(study: StudyFolder, arm: ArmName, name: str) -> float:
    if name == "lapsed":
        mean = study.indicators.get(arm, "lapsed_usd").mean
    elif name == "committed":
        mean = sum(one["committed_usd"].mean for one in study.lines(arm, END).values())
    else:
        mean = study.indicators.get(arm, "spent_usd", service=name).mean
    return 0.0 if math.isnan(mean) else mean * THOUSAND


def finding(study: StudyFolder, lines: dict[tuple[str, str], dict[str, Estimate]]) -> str:
    """How much is spent, on what most, and how much goes back."""
    first = study.arms[0]
    spent, lapsed = (study.indicators.get(first, name).mean for name in ("spent_usd", "lapsed_usd"))
    if not lines or math.isnan(spent):
        return f"{study.arm_label(first)}: there is no money to divide"
    if spent == 0:
        return f"{study.arm_label(first)}: nothing is spent; USD {grouped(lapsed)} goes back"
    running = sum(one["spent_usd"].mean for (service, _), one in lines.items() if service == RUNNING)
    by_service: dict[str, float] = {}
    for (service, _), one in lines.items():
        if service != RUNNING:
            by_service[service] = by_service.get(service, 0.0) + one["spent_usd"].mean
    text = f"{study.arm_label(first)}: USD {grouped(spent)} is spent"
    text += f", {100 * running / spent:.0f} % of it on running costs" if running else ""
    if by_service:
        most = max(by_service, key=lambda name: by_service[name])
        share = 100 * by_service[most] / spent
        text += f" and {share:.0f} %" if running else f", {share:.0f} % of it"
        text += f" on {study.label(first.scenario, 'services', most)}"
    return f"{text}; USD {grouped(lapsed)} goes back" if lapsed > 0 else f"{text}; nothing goes back"

"""Figure 4: which part of the cases needed is served, by service and by priority class, with intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ...results.study_folder import StudyFolder
from .canvas import field, figure, headline, legend_below, legend_height
from .dots import dots, rows_height

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 11.0  # inches


def coverage(study: StudyFolder) -> Figure:
    """Need covered, by service on the left and by class on the right."""
    services = study.names("need_covered", "service")
    groups = study.names("need_covered", "group")
    labels = [study.any_label("services", name) for name in services]
    classes = [study.any_label("classes", name) for name in groups]
    names = [study.arm_label(arm) for arm in study.arms]
    rows = max(rows_height(labels, len(names)), rows_height(classes, len(names)))
    made = figure(WIDTH, 1.8 + rows + legend_height(WIDTH, names))
    part = field(made)
    left, right = part.subplots(1, 2) if groups else (part.subplots(), None)
    handles = dots(
        study, left, services, labels,
        lambda arm, name: study.indicators.get(arm, "need_covered", service=name), 100,
    )  # fmt: skip
    left.set_title("By service", loc="left")
    if right is not None:
        dots(
            study, right, groups, classes,
            lambda arm, name: study.indicators.get(arm, "need_covered", group=name), 100,
        )  # fmt: skip
        right.set_title("By priority class", loc="left")
    for ax in (left, right) if right is not None else (left,):
        ax.set_xlabel("Cases served of cases needed (%)")
        ax.set_xlim(-3, 103)
    legend_below(part, handles, names)
    headline(made, finding(study), study)
    return made


def finding(study: StudyFolder) -> str:
    """The services of the first scenario that cover the largest and the smallest part of their need."""
    first = study.arms[0]
    needed = study.indicators.along(first, "need_covered", "service")
    paid = {name: study.indicators.get(first, "allocated_usd", service=name).mean != 0 for name in needed}
    found = {name: one.mean for name, one in needed.items() if not math.isnan(one.mean) and paid[name]}
    if not found:
        return f"{study.arm_label(first)}: no service is needed and paid for"
    total = study.indicators.get(first, "need_covered").mean
    text = "" if math.isnan(total) else f" {100 * total:.0f} % of the cases needed are served"
    if len(found) == 1:
        return f"{study.arm_label(first)}:{text}"
    most, least = max(found, key=lambda name: found[name]), min(found, key=lambda name: found[name])
    unpaid = [study.label(first.scenario, "services", name) for name in needed if not paid[name]]
    end = f"; nothing pays for {', '.join(unpaid)}" if unpaid else ""
    return (
        f"{study.arm_label(first)}:{text}, from {100 * found[least]:.0f} % "
        f"({study.label(first.scenario, 'services', least)}) to {100 * found[most]:.0f} % "
        f"({study.label(first.scenario, 'services', most)}){end}"
    )

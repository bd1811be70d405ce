"""Who is left out: bars of the share of its needs that each class is given."""

from __future__ import annotations

from ....results.estimate_rows import ArmName
from ...text.tongue import Tongue
from ...views.content import Content
from ..page_table import Bar, Bars, Part


def covered(content: Content, tongue: Tongue, arm: ArmName) -> Bars:
    """The share of its needs that each class is given, the first served first."""
    found = {
        name: content.study.indicators.get(arm, "need_covered", group=name)
        for name in content.study.names("need_covered", "group")
    }
    rows = [
        Bar(
            tongue.say(content.label("classes", name)),
            _halves(round(1000 * one.mean, 1)),
            tongue.percent(one.mean),
        )
        for name, one in found.items()
        if one.mean == one.mean
    ]  # fmt: skip
    legend = [("solid", tongue.say("need covered")), ("want", tongue.say("need not covered"))]
    return Bars(tongue.say("Need covered by class: {scenario}", scenario=tongue.told(content.name(arm))), rows, legend)


def _halves(covered: float) -> list[Part]:
    return [Part(0.0, covered, "solid"), Part(covered, round(1000 - covered, 1), "want")]

"""How the money was divided: bars of what each grant paid for each service."""

from __future__ import annotations

from ....results.estimate_rows import ArmName
from ....results.study_folder import RUNNING
from ...text.tongue import Tongue
from ...views.content import Content
from ..page_table import Bar, Bars, Part

_END = "end"
_MOODS = ("solid", "stripe", "cross", "dots", "need", "want")


def divided(content: Content, tongue: Tongue, arm: ArmName) -> Bars:
    """What was spent or committed for each service, piece by piece of each grant; running costs last."""
    grants = content.grants([arm])
    found = dict.fromkeys(service for service, _ in content.study.lines(arm, _END))
    services = sorted(found, key=lambda one: one == RUNNING)
    sums = {name: sum(_of(content, arm, name, grant) for grant in grants) for name in services}
    total = sum(sums.values()) or 1.0
    top = max([1.0, *sums.values()])
    rows: list[Bar] = []
    for name in services:
        if sums[name] <= 0:
            continue
        parts, begins = [], 0.0
        for number, grant in enumerate(grants):
            wide = _of(content, arm, name, grant) / top * 1000
            words = f"{tongue.say(content.label('grants', grant))}: {tongue.usd(_of(content, arm, name, grant))}"
            if wide > 0:
                parts.append(Part(round(begins, 1), round(wide, 1), _MOODS[number % len(_MOODS)], words))
            begins += wide
        share = tongue.percent(sums[name] / total, 0)
        rows.append(Bar(tongue.say(content.label("services", name)), parts, f"{tongue.usd(sums[name])} · {share}"))
    legend = [
        (_MOODS[number % len(_MOODS)], tongue.say(content.label("grants", grant))) for number, grant in enumerate(grants)
    ]
    title = tongue.say("Spent and committed, indirect costs included: {scenario}", scenario=tongue.told(content.name(arm)))
    return Bars(title, rows, legend)


def _of(content: Content, arm: ArmName, service: str, grant: str) -> float:
    line = content.study.lines(arm, _END).get((service, grant), {})
    return sum(line[name].mean for name in ("spent_usd", "committed_usd") if name in line and line[name].mean > 0)

"""What is missing: bars from the money received to all that is needed."""

from __future__ import annotations

from ....results.estimate_rows import ArmName
from ...text.tongue import Tongue, mark
from ...views.bridge_view import bridge
from ...views.content import Content
from ..page_table import Bar, Bars, Part

_MOODS = {  # of the kinds of row that the bridge has
    "money": "solid",
    "away": "stripe",
    "join": "cross",
    "need": "need",
    "no money": "want",
    "other": "dots",
}
_LEGEND = (
    ("solid", mark("money")),
    ("stripe", mark("money that is not for services")),
    ("cross", mark("from what is paid to what is met")),
    ("need", mark("need")),
    ("want", mark("unmet for want of money first")),
    ("dots", mark("unmet for another reason")),
)


def ladder(content: Content, tongue: Tongue, arm: ArmName) -> Bars | None:
    """From the money received, over what it was used for, to all that is needed; only with the fundraiser's tables."""
    if not content.study.is_funded:
        return None
    rows = bridge(content.study, arm)
    top = max([1.0, *(max(row.usd, row.high) for row in rows if row.is_total)])
    found: list[Bar] = []
    level = 0.0
    for row in rows:
        begins = 0.0 if row.is_total else level
        level = begins + row.usd
        if not row.is_total and abs(row.usd) < 0.5:
            continue
        left, right = sorted((begins, level))
        part = Part(_thousandths(left, top), _thousandths(right - left, top), _MOODS[row.kind])
        text = tongue.usd(row.usd) if row.is_total else tongue.signed(row.usd, "usd")
        ends = (begins + row.low, begins + row.high)
        low, high = (_thousandths(end, top) if row.high > row.low else -1.0 for end in ends)
        found.append(Bar(tongue.say(row.label), [part], text, low, high, strong=row.is_total))
    moods = {part.mood for one in found for part in one.parts}
    legend = [(mood, tongue.say(words)) for mood, words in _LEGEND if mood in moods]
    title = tongue.say("From the money received to all that is needed: {scenario}", scenario=tongue.told(content.name(arm)))
    return Bars(title, found, legend)


def _thousandths(value: float, top: float) -> float:
    return round(max(0.0, value) / top * 1000, 1)

"""What is missing: bars from the money received to all that is needed."""

from __future__ import annotations

from ....indicators.closable import CLOSED, NOT_CLOSED
from ....results.estimate_rows import ArmName
from ...text.tongue import Tongue, mark
from ...views.bridge_view import bridge
from ...views.content import Content
from ...views.gap_view import stacks
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


_PIECES = {  # of a stack
    CLOSED: ("want", mark("money alone would close it")),
    NOT_CLOSED: ("dots", mark("money alone would not")),
    "gap_usd": ("want", ""),
}


def stacked(content: Content, tongue: Tongue, arm: ArmName) -> Bars:
    """What is missing for the displaced and for hosts, on one scale, at the point values."""
    found = stacks(content.study, arm)
    top = max([1.0, *(sum(max(0.0, usd) for _, usd in one.parts) for one in found)])
    rows, moods = [], dict[str, str]()
    for one in found:
        parts, begins = [], 0.0
        for name, usd in one.parts:
            mood, words = _PIECES[name]
            wide = _thousandths(usd, top)
            told = tongue.say(words) if words else ""
            parts.append(Part(round(begins, 1), wide, mood, f"{told}: {tongue.usd(usd)}" if told else tongue.usd(usd)))
            moods |= {mood: told} if told else {}
            begins += wide
        rows.append(Bar(tongue.say(one.words), parts, tongue.usd(sum(usd for _, usd in one.parts))))
    return Bars(tongue.say("What is missing, at the point values"), rows, list(moods.items()))


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

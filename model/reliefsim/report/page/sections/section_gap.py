"""What is missing: the gap by the reason for it, by service, and from the money received to all that is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....indicators.closable import CLOSED, NOT_CLOSED
from ....indicators.unserved_reasons import MONEY_PARTS, OTHERS
from ....results.estimate_rows import ArmName, Estimate
from ...figures.figure_bridge import bridge
from ...text.tongue import Tongue, mark
from ..page_content import Content
from ..page_table import Bar, Bars, Cell, Part, Table, cell, in_usd
from .section_compared import intervals


@dataclass(frozen=True)
class GapPart:
    """A part of the gap. ``split``: of the money, into which it is divided where the fundraiser's tables are there."""

    indicator: str
    words: str
    split: bool | None = None  # True: one of the parts of money; False: money as a whole

    def whole(self, content: Content) -> bool:
        """Whether the parts that are there, added up, are the gap with this one."""
        return self.split is None or self.split == (content.study.is_funded)


PARTS = (
    GapPart("gap_money_usd", mark("No money"), False),
    *(GapPart(part.indicator, part.words, True) for part in MONEY_PARTS),
    *(GapPart(part.indicator, part.words) for part in OTHERS),
)
# Rows of the bridge that are named elsewhere.
_BRIDGE = (
    mark("Money received"),
    mark("Money paid (unlimited)"),
    mark("Running costs"),
    mark("Given back"),
    mark("Not used by the last day"),
    mark("Spent or committed for services"),
    mark("Met for host households"),
    mark("Goods in store, empty seats, losses"),
    mark("Need met"),
    mark("All that is needed"),
)
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


_CLOSABLE = [(mark("Closed by money alone"), CLOSED), (mark("Not closed by money"), NOT_CLOSED)]


def part_of(content: Content, arm: ArmName, indicator: str, **aspects: str) -> Estimate:
    """One part of the gap."""
    return content.study.get(arm, indicator, **aspects)


def shown_parts(content: Content) -> list[GapPart]:
    """The parts that are not nothing in every scenario."""
    return [
        part
        for part in PARTS
        if part.whole(content) and any(part_of(content, arm, part.indicator).mean >= 0.5 for arm in content.arms)
    ]


def by_reason(content: Content, tongue: Tongue) -> Table:
    """The gap of each scenario by the reason for it."""
    band, parts = content.study.is_band, [(part.words, part.indicator) for part in shown_parts(content)]
    rows: list[list[str | Cell]] = [
        [tongue.say(words), *(cell(tongue, content.study.get(arm, name), "amount", band) for arm in content.arms)]
        for words, name in (*parts, (mark("The gap"), "gap_usd"), *(_CLOSABLE if content.study.is_funded else ()))
    ]
    return Table(
        caption=in_usd(tongue, tongue.say("The gap by the reason for it")),
        heads=["", *heads(content, tongue)],
        rows=rows,
        note=intervals(content, tongue),
        mood="roomy",
        totals=frozenset([len(parts)]),
    )


def heads(content: Content, tongue: Tongue) -> list[str | Cell]:
    """The scenarios as heads of columns."""
    return [Cell(content.name(tongue, arm), mark=number) for number, arm in enumerate(content.arms)]


def by_service(content: Content, tongue: Tongue) -> Table:
    """By service: what full service costs, what of it is unmet, and what of that money alone would close."""
    caption = tongue.say("The gap by service: {scenario}", scenario=content.name(tongue, content.study.reference))
    services = [(content.label(tongue, "services", one), {"service": one}) for one in content.services()]
    return _closable(content, tongue, caption, services)


def by_class(content: Content, tongue: Tongue) -> Table | None:
    """The same by class; only with the fundraiser's tables."""
    caption = tongue.say("The gap by class: {scenario}", scenario=content.name(tongue, content.study.reference))
    names = content.study.names("gap_usd", "group")
    classes = [(content.label(tongue, "classes", one), {"group": one}) for one in names]
    return _closable(content, tongue, caption, classes) if classes and content.study.is_funded else None


def _closable(content: Content, tongue: Tongue, caption: str, lines: Sequence[tuple[str, dict[str, str]]]) -> Table:
    """Without the fundraiser's tables only the first reason is known."""
    arm, band = content.study.reference, content.study.is_band
    columns = [(mark("All that is needed"), "requirement_usd"), (mark("The gap"), "gap_usd")]
    columns += [(mark("of it for want of money first"), "gap_money_usd")] if not content.study.is_funded else _CLOSABLE
    rows: list[list[str | Cell]] = [
        [label, *(cell(tongue, content.study.get(arm, name, **where), "amount", band) for _, name in columns)]
        for label, where in lines
        if content.study.get(arm, "requirement_usd", **where).mean > 0
    ]
    return Table(
        caption=in_usd(tongue, caption),
        heads=["", *(tongue.say(words) for words, _ in columns)],
        rows=rows,
        note=" ".join(
            [intervals(content, tongue), tongue.say("Host families have a need of their own, which is not in the totals.")]
        ),
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
    title = tongue.say("From the money received to all that is needed: {scenario}", scenario=content.name(tongue, arm))
    return Bars(title, found, legend)


def _thousandths(value: float, top: float) -> float:
    return round(max(0.0, value) / top * 1000, 1)

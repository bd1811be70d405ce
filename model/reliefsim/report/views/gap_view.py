"""What is missing becomes tables: the gap by the reason for it, by service and by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...indicators.closable import CLOSED, NOT_CLOSED
from ...indicators.slots import HOSTS
from ...indicators.unserved_reasons import MONEY_PARTS, OTHERS, UNMET_PARTS
from ...results.study_folder import ArmName, StudyFolder
from ..text.said import Text, say
from ..text.tongue import mark
from .compared_view import intervals
from .content import Content
from .view_table import Column, Table

WHOSE = {"": mark("For the displaced: the gap"), HOSTS: mark("For host households")}
_CLOSABLE = [(mark("Closed by money alone"), CLOSED), (mark("Not closed by money"), NOT_CLOSED)]


@dataclass(frozen=True)
class GapPart:
    """A part of the gap. ``split``: of the money, into which it is divided where the fundraiser's tables are there."""

    indicator: str
    words: str
    split: bool | None = None  # True: one of the parts of money; False: money as a whole

    def whole(self, study: StudyFolder) -> bool:
        """Whether the parts that are there, added up, are the gap with this one."""
        return self.split is None or self.split == study.is_funded


PARTS = (
    GapPart("gap_money_usd", mark("No money"), False),
    *(GapPart(part.indicator, part.words, True) for part in MONEY_PARTS),
    *(GapPart(part.indicator, part.words) for part in OTHERS),
)
TOLD_PARTS = (("All of it", "gap_usd"), *((part.told, part.indicator) for part in UNMET_PARTS))  # where there is little room


class Stack(NamedTuple):
    """What is missing for some, in means that add up: closed by money alone and not, or where that is not known, all."""

    words: str
    parts: Sequence[tuple[str, float]]  # CLOSED, NOT_CLOSED or ``gap_usd``, and USD


def stacks(study: StudyFolder, arm: ArmName) -> list[Stack]:
    """For the displaced and for host households, who have a need of their own; none where nothing is missing."""
    found = []
    for group, words in WHOSE.items():
        names = (CLOSED, NOT_CLOSED) if study.is_funded else ("gap_usd",)
        parts = [(name, study.get(arm, name, group=group).mean) for name in names]
        if sum(usd for _, usd in parts) >= 1:
            found.append(Stack(words, parts))
    return found


def by_reason(content: Content) -> Table:
    """The gap of each scenario by the reason for it: the parts that are not nothing in every one, and their sum."""
    study = content.study
    parts = [
        (part.words, part.indicator)
        for part in PARTS
        if part.whole(study) and any(study.get(arm, part.indicator).mean >= 0.5 for arm in content.arms)
    ]
    shown = (*parts, (mark("The gap"), "gap_usd"), *(_CLOSABLE if study.is_funded else ()))
    return Table(
        caption=say("{what}, USD", what=mark("The gap by the reason for it")),
        columns=[Column(""), *(head._replace(kind="amount") for head in content.heads())],
        rows=[[words, *(study.get(arm, name) for arm in content.arms)] for words, name in shown],
        notes=[intervals(study)],
        style="roomy",
        totals=frozenset([len(parts)]),
    )


def by_service(content: Content) -> Table:
    """By service: what full service costs, what of it is unmet, and what of that money alone would close."""
    services = [(content.label("services", one), {"service": one}) for one in content.services()]
    return _closable(content, mark("The gap by service: {scenario}"), services)


def by_class(content: Content) -> Table | None:
    """The same by class; only with the fundraiser's tables."""
    names = content.study.names("gap_usd", "group") if content.study.is_funded else []
    classes = [(content.label("classes", one), {"group": one}) for one in names]
    return _closable(content, mark("The gap by class: {scenario}"), classes) if classes else None


def _closable(content: Content, words: str, lines: Sequence[tuple[Text, dict[str, str]]]) -> Table:
    """Without the fundraiser's tables only the first reason is known."""
    study, arm = content.study, content.study.reference
    columns = [(mark("All that is needed"), "requirement_usd"), (mark("The gap"), "gap_usd")]
    columns += _CLOSABLE if study.is_funded else [(mark("of it for want of money first"), "gap_money_usd")]
    return Table(
        caption=say("{what}, USD", what=say(words, scenario=content.name(arm))),
        columns=[Column(""), *(Column(head, "amount") for head, _ in columns)],
        rows=[
            [label, *(study.get(arm, name, **where) for _, name in columns)]
            for label, where in lines
            if study.get(arm, "requirement_usd", **where).mean > 0
        ],
        notes=[intervals(study), mark("Host families have a need of their own, which is not in the totals.")],
    )

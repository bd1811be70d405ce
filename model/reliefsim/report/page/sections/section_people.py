"""Who is left out: need, who is reached and who is not, by class and by place."""

from __future__ import annotations

from collections.abc import Sequence

from ....results.estimate_rows import ArmName
from ...text.tongue import Tongue, mark
from ..page_content import Content
from ..page_table import Bar, Bars, Cell, Part, Table, cell, in_usd
from .section_compared import intervals

_HOSTS = mark("Host households")  # as the files of a study call them
_COLUMNS = (
    ("people_in_need", "people", mark("People in need")),
    ("people_reached", "people", mark("People reached")),
    ("reached_of_need", "share", mark("Reached, of those in need")),
    ("need_covered", "share", mark("Need covered")),
    ("people_without_for_money", "people", mark("Go without a service for want of money")),
)


def by_class(content: Content, tongue: Tongue, arm: ArmName) -> Table:
    """By priority class, the first served first."""
    names = content.study.names("people_in_need", "group")
    caption = tongue.say("Who is left out, by class: {scenario}", scenario=content.name(tongue, arm))
    return _table(content, tongue, arm, ("classes", "group", names), caption)


def by_place(content: Content, tongue: Tongue, arm: ArmName, kind: str) -> Table:
    """By where people are (``locations``) or come from (``origins``)."""
    aspect = kind.removesuffix("s")
    names = content.study.names("people_in_need", aspect)
    words = mark("By where people are: {scenario}") if kind == "locations" else mark("By origin: {scenario}")
    return _table(content, tongue, arm, (kind, aspect, names), tongue.say(words, scenario=content.name(tongue, arm)))


def _table(
    content: Content, tongue: Tongue, arm: ArmName, along: tuple[str, str, Sequence[str]], caption: str
) -> Table:
    kind, aspect, names = along
    shown = [one for one in _COLUMNS if content.study.is_funded or one[0] != "people_without_for_money"]
    return Table(
        caption=caption,
        heads=["", *(tongue.say(words) for _, _, words in shown)],
        rows=[
            [
                content.label(tongue, kind, name),
                *(
                    cell(tongue, content.study.get(arm, indicator, **{aspect: name}), kind_of, content.study.is_band)
                    for indicator, kind_of, _ in shown
                ),
            ]
            for name in names
            if content.study.get(arm, "people_in_need", **{aspect: name}).mean > 0
        ],
        note=intervals(content, tongue),
        mood="roomy",
    )


def covered(content: Content, tongue: Tongue, arm: ArmName) -> Bars:
    """The share of its needs that each class is given, the least first."""
    found = {
        name: content.study.indicators.get(arm, "need_covered", group=name)
        for name in content.study.names("need_covered", "group")
    }
    rows = [
        Bar(
            content.label(tongue, "classes", name),
            _halves(round(1000 * one.mean, 1)),
            tongue.percent(one.mean),
        )
        for name, one in sorted(found.items(), key=lambda pair: pair[1].mean)
        if one.mean == one.mean
    ]  # fmt: skip
    legend = [("solid", tongue.say("need covered")), ("want", tongue.say("need not covered"))]
    return Bars(tongue.say("Need covered by class: {scenario}", scenario=content.name(tongue, arm)), rows, legend)


def _halves(covered: float) -> list[Part]:
    return [Part(0.0, covered, "solid"), Part(covered, round(1000 - covered, 1), "want")]


def services(content: Content, tongue: Tongue) -> list[Table]:
    """Need covered of every service in every scenario, and what a case of it costs."""
    cost = in_usd(tongue, tongue.say("Cost of a case served, with teams and registration, by service"))
    return [
        _by_service(content, tongue, tongue.say("Need covered by service"), "need_covered", "share"),
        _by_service(content, tongue, cost, "cost_per_case_usd", "amount"),
    ]


def _by_service(content: Content, tongue: Tongue, caption: str, indicator: str, kind: str) -> Table:
    return Table(
        caption=caption,
        heads=["", *(Cell(content.name(tongue, arm), mark=number) for number, arm in enumerate(content.arms))],
        rows=[
            [
                content.label(tongue, "services", name),
                *(
                    cell(
                        tongue, content.study.get(arm, indicator, service=name), kind, content.study.is_band
                    )
                    for arm in content.arms
                ),
            ]
            for name in content.services()
        ],
        note=intervals(content, tongue),
    )  # fmt: skip

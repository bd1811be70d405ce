"""Who is left out becomes tables: need, who is reached and who is not, by class, by place and by service."""

from __future__ import annotations

from ...results.estimate_rows import ArmName
from ..text.said import Text, say
from ..text.tongue import mark
from .compared_view import intervals
from .content import Content
from .view_table import Column, Table, measured

_HOSTS = mark("Host households")  # as the files of a study call them
_COLUMNS = (
    ("people_in_need", "people", mark("People in need")),
    ("people_reached", "people", mark("People reached")),
    ("reached_of_need", "share", mark("Reached, of those in need")),
    ("need_covered", "share", mark("Need covered")),
    ("people_without_for_money", "people", mark("Go without a service for want of money")),
)
_PLACES = {"locations": mark("By where people are: {scenario}"), "origins": mark("By origin: {scenario}")}


def by_class(content: Content, arm: ArmName) -> Table:
    """By priority class, the first served first."""
    return _along(content, arm, "classes", "group", mark("Who is left out, by class: {scenario}"))


def by_place(content: Content, arm: ArmName, kind: str) -> Table:
    """By where people are (``locations``) or come from (``origins``)."""
    return _along(content, arm, kind, kind.removesuffix("s"), _PLACES[kind])


def _along(content: Content, arm: ArmName, kind: str, aspect: str, words: str) -> Table:
    study = content.study
    shown = [one for one in _COLUMNS if study.is_funded or one[0] != "people_without_for_money"]
    return Table(
        caption=say(words, scenario=content.name(arm)),
        columns=[Column(""), *(measured(unit, head) for _, unit, head in shown)],
        rows=[
            [content.label(kind, name), *(study.get(arm, indicator, **{aspect: name}) for indicator, _, _ in shown)]
            for name in study.names("people_in_need", aspect)
            if study.get(arm, "people_in_need", **{aspect: name}).mean > 0
        ],
        notes=[intervals(study)],
        style="roomy",
    )


def services(content: Content) -> list[Table]:
    """Need covered of every service in every scenario, and what a case of it costs."""
    cost = say("{what}, USD", what=mark("Cost of a case served, with teams and registration, by service"))
    return [
        _by_service(content, mark("Need covered by service"), "need_covered", "share"),
        _by_service(content, cost, "cost_per_case_usd", "amount"),
    ]


def _by_service(content: Content, caption: Text, indicator: str, kind: str) -> Table:
    return Table(
        caption=caption,
        columns=[Column(""), *(head._replace(kind=kind) for head in content.heads())],
        rows=[
            [content.label("services", name), *(content.study.get(arm, indicator, service=name) for arm in content.arms)]
            for name in content.services()
        ],
        notes=[intervals(content.study)],
    )

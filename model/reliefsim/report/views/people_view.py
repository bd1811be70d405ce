"""Who is left out becomes tables: need, who is reached and who is not, by class, by place and by service."""

from __future__ import annotations

from collections.abc import Sequence

from ...indicators.slots import HOSTS
from ...results.disclosure import hidden, is_small, told
from ...results.estimate_rows import ArmName
from ..text.said import Text, say
from ..text.tongue import NONE, mark
from .compared_view import intervals
from .content import Content
from .view_table import Cell, Column, Table, measured

_HOSTS = mark("Host households")  # as the files of a study call them
_COLUMNS = (
    ("people_in_need", "people", mark("People in need")),
    ("people_reached", "people", mark("People reached")),
    ("reached_of_need", "share", mark("Reached, of those in need")),
    ("need_covered", "share", mark("Need covered")),
    ("people_without_for_money", "people", mark("Go without a service for want of money")),
)
_TOLD = ("people_in_need", "people_reached")
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
        rows=_rows(content, arm, (kind, aspect), shown),
        notes=[intervals(study)],
        style="roomy",
    )


def _rows(
    content: Content, arm: ArmName, along: tuple[str, str], shown: Sequence[tuple[str, str, str]]
) -> list[list[Cell]]:
    """A row a class or place; counts that must not be told are ``<5``, and shares of a row with one are not there."""
    kind, aspect = along
    study, small = content.study, small_cells(content, arm, aspect)
    found = []
    for name in study.names("people_in_need", aspect):
        if not study.get(arm, "people_in_need", **{aspect: name}).mean > 0:
            continue
        row: list[Cell] = [content.label(kind, name)]
        for indicator, unit, _ in shown:
            if unit == "people" and (indicator, name) in small:
                row.append(told(content.least))
            elif unit == "share" and {(one, name) for one in _TOLD} & small:
                row.append(NONE)
            else:
                row.append(study.get(arm, indicator, **{aspect: name}))
        found.append(row)
    return found


def small_cells(content: Content, arm: ArmName, aspect: str) -> set[tuple[str, str]]:
    """By indicator and name, the counts of people along an aspect that must not be told (see results.disclosure)."""
    study, found = content.study, set[tuple[str, str]]()
    for indicator in (*_TOLD, "people_without_for_money"):
        names = [name for name in study.names("people_in_need", aspect) if name != HOSTS]  # who are in no total
        counts = [study.get(arm, indicator, **{aspect: name}).mean for name in names]
        found |= {(indicator, name) for name, one in zip(names, hidden(counts, content.least), strict=True) if one}
        if is_small(study.get(arm, indicator, **{aspect: HOSTS}).mean, content.least):
            found.add((indicator, HOSTS))
    return found


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

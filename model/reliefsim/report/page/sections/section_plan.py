"""A plan that was found, on the page: what it reaches and who pays for it, in sentences; what changes; who gains and loses."""

from __future__ import annotations

from dataclasses import dataclass

from ...text.tongue import Tongue
from ...views.content import Content
from ...views.plan_tables_view import changes_table, who_table
from ...views.plan_view import finding, sentences
from ..page_table import Table, shown


@dataclass(frozen=True)
class Planned:
    """One plan: its scenario, what was found, what else there is to say, and two tables; none where nothing changes."""

    title: str
    answer: str
    sentences: list[str]
    tables: list[Table]


def plans(content: Content, tongue: Tongue) -> list[Planned]:
    """Every plan whose folder is shown with the study."""
    found = []
    for one in content.study.plans:
        views = [changes_table(one), who_table(one, least=content.least)] if one.part("change") else []
        rest = [tongue.told(said) for said in sentences(one)[1:]]
        tables = [shown(view, tongue, False) for view in views]
        found.append(Planned(tongue.say(one.title), tongue.told(finding(one)), rest, tables))
    return found

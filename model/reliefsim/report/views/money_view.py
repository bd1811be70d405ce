"""How the money was divided becomes tables: by service and grant, and by grant."""

from __future__ import annotations

from ...results.estimate_rows import ArmName
from ...rules import RULES
from ..text.said import Listed, Text, say
from ..text.tongue import mark
from .compared_view import intervals
from .content import Content
from .view_table import Cell, Column, Head, Table

END = "end"
_OF_GRANTS = (
    ("received_usd", "amount", mark("Received")),
    ("spent_usd", "amount", mark("Spent")),
    ("committed_usd", "amount", mark("Committed, not yet spent")),
    ("lapsed_usd", "amount", mark("Given back")),
    ("indirect_cost_usd", "amount", mark("Indirect costs in it")),
    ("management_usd", "amount", mark("Management")),
    ("delivery_staff_usd", "amount", mark("Delivery staff")),
    ("registration_usd", "amount", mark("Registration")),
    ("support_cost_share", "share", mark("Share of management and indirect costs")),
    ("burn_rate_usd_per_30_days", "amount", mark("Spent in 30 days")),
)
_OF_LINES = (("envelope_usd", mark("Last plan")), ("spent_usd", mark("Spent")), ("committed_usd", mark("Committed")),
             ("left_usd", mark("Left")))  # fmt: skip


def rule_words(content: Content) -> Text:
    """By which rule, said once for all scenarios or for each."""
    rules = dict.fromkeys(arm.rule for arm in content.arms)
    named: list[Text] = [
        say("{words} ({rule})", words=RULES[one].words, rule=one) if one in RULES else one for one in rules
    ]
    return say("Rule of division: {rules}.", rules=Listed(named))


def lines(content: Content, arm: ArmName) -> Table:
    """Every service and grant: the last plan, and what became of it."""
    rows: list[list[Cell]] = [
        [Head(content.label("services", service), content.label("grants", grant)), *(measures[name] for name, _ in _OF_LINES)]
        for (service, grant), measures in content.study.lines(arm, END).items()
        if any(measures[name].mean for name, _ in _OF_LINES if name in measures)
    ]
    caption = say("Plan and spending by service and grant: {scenario}", scenario=content.name(arm))
    return Table(
        caption=say("{what}, USD", what=caption),
        columns=[Column(""), *(Column(words, "amount") for _, words in _OF_LINES)],
        rows=rows,
        notes=[intervals(content.study)],
    )


def by_grant(content: Content) -> Table:
    """Every grant of every scenario: what came, and what became of it. Without the fundraiser's tables two columns are not
    there."""
    study = content.study
    shown = _OF_GRANTS if study.is_funded else _OF_GRANTS[:-2]
    rows: list[list[Cell]] = []
    for number, arm in enumerate(content.arms):
        for grant in content.grants([arm]):
            others = (study.get(arm, name, grant=grant) for name, _, _ in shown[1:])
            rows.append([Head(content.label("grants", grant), content.name(arm), number), study.received(arm, grant), *others])
    return Table(
        caption=say("{what}, USD", what=mark("What came of each grant")),
        columns=[Column(""), *(Column(words, kind) for _, kind, words in shown)],
        rows=rows,
        notes=[intervals(study)],
    )

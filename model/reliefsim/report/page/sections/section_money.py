"""How the money was divided, and what each grant paid for each service."""

from __future__ import annotations

from ....results.estimate_rows import ArmName, Estimate
from ....results.study_folder import RUNNING
from ....rules import RULES
from ...text.tongue import Tongue, mark
from ..page_content import Content
from ..page_table import Bar, Bars, Cell, Part, Table, cell, in_usd
from .section_compared import intervals

_END = "end"
_MOODS = ("solid", "stripe", "cross", "dots", "need", "want")
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
            words = f"{content.label(tongue, 'grants', grant)}: {tongue.usd(_of(content, arm, name, grant))}"
            if wide > 0:
                parts.append(Part(round(begins, 1), round(wide, 1), _MOODS[number % len(_MOODS)], words))
            begins += wide
        share = tongue.percent(sums[name] / total, 0)
        rows.append(Bar(content.label(tongue, "services", name), parts, f"{tongue.usd(sums[name])} · {share}"))
    legend = [
        (_MOODS[number % len(_MOODS)], content.label(tongue, "grants", grant)) for number, grant in enumerate(grants)
    ]
    title = tongue.say("Spent and committed, indirect costs included: {scenario}", scenario=content.name(tongue, arm))
    return Bars(title, rows, legend)


def _of(content: Content, arm: ArmName, service: str, grant: str) -> float:
    line = content.study.lines(arm, _END).get((service, grant), {})
    return sum(line[name].mean for name in ("spent_usd", "committed_usd") if name in line and line[name].mean > 0)


def rule_words(content: Content, tongue: Tongue) -> str:
    """By which rule, said once for all scenarios or for each."""
    rules = dict.fromkeys(arm.rule for arm in content.arms)
    named = [f"{tongue.say(RULES[one].words)} ({one})" if one in RULES else one for one in rules]
    return tongue.say("Rule of division: {rules}.", rules=tongue.listed(named))


def lines(content: Content, tongue: Tongue, arm: ArmName) -> Table:
    """Every service and grant: the last plan, and what became of it."""
    rows: list[list[str | Cell]] = []
    for (service, grant), measures in content.study.lines(arm, _END).items():
        if not any(measures[name].mean for name, _ in _OF_LINES if name in measures):
            continue
        label = Cell(content.label(tongue, "services", service), content.label(tongue, "grants", grant))
        rows.append([label, *(cell(tongue, measures[name], "amount", content.study.is_band) for name, _ in _OF_LINES)])
    return Table(
        caption=in_usd(
            tongue, tongue.say("Plan and spending by service and grant: {scenario}", scenario=content.name(tongue, arm))
        ),
        heads=["", *(tongue.say(words) for _, words in _OF_LINES)],
        rows=rows,
        note=intervals(content, tongue),
    )


def by_grant(content: Content, tongue: Tongue) -> Table:
    """Every grant of every scenario: what came, and what became of it."""
    rows: list[list[str | Cell]] = []
    for number, arm in enumerate(content.arms):
        for grant in content.grants([arm]):
            cells = [
                cell(tongue, _total(content, arm, name, grant), kind, content.study.is_band)
                for name, kind, _ in _shown(content)
            ]
            label = Cell(content.label(tongue, "grants", grant), content.name(tongue, arm), mark=number)
            rows.append([label, *cells])
    return Table(
        caption=in_usd(tongue, tongue.say("What came of each grant")),
        heads=["", *(tongue.say(words) for _, _, words in _shown(content))],
        rows=rows,
        note=intervals(content, tongue),
    )


def _shown(content: Content) -> list[tuple[str, str, str]]:
    """Without the fundraiser's tables two columns are not there."""
    return list(_OF_GRANTS if content.study.is_funded else _OF_GRANTS[:-2])


def _total(content: Content, arm: ArmName, name: str, grant: str) -> Estimate:
    if name == "received_usd":
        found = list(content.study.monthly.along(arm, name, "period", grant=grant).values())
        return found[-1] if found else Estimate(0.0, 0.0, 0.0)
    return content.study.get(arm, name, grant=grant)

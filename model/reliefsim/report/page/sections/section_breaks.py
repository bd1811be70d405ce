"""The calendar of pipeline breaks."""

from __future__ import annotations

from collections.abc import Iterator

from ....results.estimate_rows import ArmName
from ...text.tongue import Tongue, mark
from ...views.break_weeks import GOODS, MONEY, calendar, never_paid
from ...views.content import Content
from ..page_table import Cell, Table

_CAUSES = ((MONEY, mark("for want of money")), (GOODS, mark("for want of goods")))
_STEPS = (0.25, 0.5, 0.75)  # shares of the runs; the last step is open


def breaks(content: Content, tongue: Tongue, arm: ArmName) -> Table | None:
    """A grid of services and months: the share of runs in which a service stands still in the month's worst week."""
    if not content.study.is_funded:
        return None
    weeks = calendar(content.study, arm).weeks
    months = sorted({f"{day:%Y-%m}" for one in weeks.values() for day in one})
    rows: list[list[str | Cell]] = []
    for service in content.services():
        for cause, words in _CAUSES:
            found = weeks.get((cause, service), {})
            worst = [max([0.0, *(found[day] for day in found if f"{day:%Y-%m}" == month)]) for month in months]
            if not any(worst):
                continue
            note = tongue.say(words)
            if cause == MONEY and never_paid(content.study, arm, service):
                note = tongue.say("no grant may pay for it")
            label = Cell(tongue.say(content.label("services", service)), note)
            rows.append([label, *_shaded(tongue, worst, cause)])
    return Table(
        caption=tongue.say("Calendar of breaks: {scenario}", scenario=tongue.told(content.name(arm))),
        heads=["", *(Cell(tongue.month(one, "LLL"), one[:4]) for one in months)],
        rows=rows,
        mood="calendar",
        note=tongue.say(
            "In each cell the share of runs in which the service stands still at some time in the month's worst week, in "
            "per cent. An empty cell: in none."
        ),
    )


def _shaded(tongue: Tongue, shares: list[float], cause: str) -> Iterator[Cell]:
    for share in shares:
        step = sum(share > edge for edge in _STEPS)
        text = tongue.number(100 * share) if share >= 0.01 else "<\u00a01"
        yield Cell(text, mood=f"{cause}-{step}") if share > 0 else Cell("")

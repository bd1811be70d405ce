"""The same plan at part of the money: what is cut, and who loses."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ...engine.compile.capacity import rate_kept
from ...scenario import Scenario
from ..request import from_no_file
from ..running.runner import Study, run_study

if TYPE_CHECKING:
    from ...scenario.schema_grants import BudgetLine, Grant
    from ..running.backends import Running
    from ..running.runner import Arm

LEVELS = (1.0, 0.75, 0.5)  # the first is what the others are held against


def at_level(scenario: Scenario, level: float) -> Scenario:
    """A scenario whose grants and pledges are all a part of what they are, in whole cents; named by that part."""
    update = {
        "name": f"{100 * level:g} %",
        "grants": {name: _part(grant, level) for name, grant in scenario.grants.items()},
        "pledges": {name: _part(pledge, level) for name, pledge in scenario.pledges.items()},
        **rate_kept(scenario),
    }
    return scenario.model_copy(update=update)


def _part(grant: Grant, level: float) -> Grant:
    """Tranches that are stated in USD become as much smaller; the last one takes what rounding leaves."""
    amount = _cents(float(grant.amount_usd.value) * level)
    update: dict[str, object] = {"amount_usd": grant.amount_usd.model_copy(update={"value": amount})}
    stated = grant.tranches
    if stated and all(one.amount_usd is not None for one in stated):
        parts = [_cents(float(one.amount_usd.value) * level) for one in stated if one.amount_usd is not None]
        parts[-1] = _cents(amount - sum(parts[:-1]))
        update["tranches"] = tuple(
            one.model_copy(update={"amount_usd": one.amount_usd.model_copy(update={"value": part})})
            for one, part in zip(stated, parts, strict=True)
            if one.amount_usd is not None
        )
    if grant.lines:
        update["lines"] = {name: _part_of_line(line, level) for name, line in grant.lines.items()}
    return grant.model_copy(update=update)


def _part_of_line(line: BudgetLine, level: float) -> BudgetLine:
    if line.amount_usd is None:
        return line
    part = math.floor(float(line.amount_usd.value) * level * 100) / 100
    return line.model_copy(update={"amount_usd": line.amount_usd.model_copy(update={"value": part})})


def _cents(usd: float) -> float:
    return round(usd, 2)


def levels(study: Study, running: Running) -> tuple[tuple[Arm, Study], ...]:
    """Every arm at LEVELS of its money, in the same worlds; arms are named by their part of it. Raises as run_study.

    A study of points has none: their values would have to be drawn for other scenarios.
    """
    if study.points is not None:
        return ()
    whole = replace(
        study.request, replications=study.replications, precision=None, reference=0, funding=False, question=None
    )
    found = []
    for place, arm in enumerate(study.arms):
        readings = tuple(from_no_file(at_level(arm.reading.scenario, level)) for level in LEVELS)
        rule = whole.rules[place % len(whole.rules)]
        found.append((arm, run_study(replace(whole, readings=readings, rules=(rule,)), running)))
    return tuple(found)

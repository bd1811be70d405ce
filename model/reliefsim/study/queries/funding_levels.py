"""The same plan at part of the money: what is cut, and who loses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...engine.compile.capacity import rate_kept
from ...scenario import Reading, Scenario
from ..running.runner import Study, run_study

if TYPE_CHECKING:
    from ...rules import Rule
    from ...scenario.schema_grants import BudgetLine, Grant
    from ..running.backends import Backend, Stop
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


Levels = tuple[tuple["Arm", "Study"], ...]  # of each arm, the study of its parts of the money


def levels(study: Study, rules: Sequence[str | Rule | None], backend: Backend | None, workers: int, stop: Stop) -> Levels:
    """Every arm at LEVELS of its money, in the same worlds; arms are named by their part of it. Raises as run_study.

    A study of points has none: their values would have to be drawn for other scenarios.
    """
    if study.points is not None:
        return ()
    found = []
    for place, arm in enumerate(study.arms):
        scenario, rule = arm.reading.scenario, rules[place % len(rules)]
        readings = [Reading(at_level(scenario, level), (), {}, {}) for level in LEVELS]
        part = run_study(
            readings, [rule], study.replications, study.seed, workers, study.uncertain, backend=backend, stop=stop
        )
        found.append((arm, part))
    return tuple(found)

"""The same plan at part of the money: what is cut, and who loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..scenario import Reading, Scenario
from .runner import Study, run_study

if TYPE_CHECKING:
    from ..money.rules import Rule
    from ..scenario.schema import Grant
    from .backends import Backend, Stop
    from .runner import Progress

LEVELS = (1.0, 0.75, 0.5)  # the first is what the others are held against


def at_level(scenario: Scenario, level: float) -> Scenario:
    """A scenario whose grants and pledges are all a part of what they are, in whole cents; named by that part."""
    update = {
        "name": f"{100 * level:g} %",
        "grants": {name: _part(grant, level) for name, grant in scenario.grants.items()},
        "pledges": {name: _part(pledge, level) for name, pledge in scenario.pledges.items()},
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
    return grant.model_copy(update=update)


def _cents(usd: float) -> float:
    return round(usd, 2)


def levels(
    scenario: Scenario, rule: str | Rule | None, replications: int, seed: int, uncertain: bool, backend: Backend,
    progress: Progress, stop: Stop,
) -> Study:  # fmt: skip
    """A study of LEVELS, in the same worlds; arms are named by their part of the money. Raises as run_study."""
    readings = [Reading(at_level(scenario, level), (), {}, {}) for level in LEVELS]
    return run_study(
        readings, [rule], replications, seed, uncertain=uncertain, progress=progress, backend=backend, stop=stop
    )

"""The ranged values of a scenario: where they are, and the scenario with other values in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .household_sizes import caseload_sizes, host_sizes
from .quantities import Bound, Quantity
from .schema import Scenario
from .schema_grants import Grant
from .schema_paths import bound
from .schema_services import DURATIONS, Duration, Stock
from .settings import split_path
from .stated_texts import Frozen


def ranged(scenario: Scenario) -> tuple[str, ...]:
    """The dotted paths of all values that are not known, in order."""
    return tuple(sorted(path for path, _ in ranged_quantities(scenario)))


def ranged_quantities(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    """Each value with a range and its dotted path; not what is ours to choose: that is known."""
    chosen = tuple(f"{'.'.join(map(str, split_path(key)))}." for key in scenario.decisions)
    return ((path, one) for path, one in _with_range(scenario) if not f"{path}.".startswith(chosen))


def _with_range(part: Any, path: str = "") -> Iterator[tuple[str, Quantity]]:
    if isinstance(part, Quantity):
        if part.is_ranged:
            yield path, part
        return
    inner = part.__dict__ if isinstance(part, Frozen) else dict(enumerate(part)) if isinstance(part, tuple) else part
    for key, value in inner.items() if isinstance(inner, dict) else ():
        yield from _with_range(value, f"{path}.{key}" if path else str(key))


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with the quantities at these dotted paths replaced; they lose their range and keep their source.

    People and counts are rounded to whole, dollars to cents. Shares that add up to one are scaled to do so again, as
    tranches are to their grant, and the days of a triangular duration are put in order. A mean household size that
    cannot be with the largest household and the shares of heads and the lone is moved to the nearest that can, and
    then its cv. Nothing is checked anew: a value within a checked range is legal. Raises KeyError for a path that
    leads to no quantity.
    """
    wanted: dict[str, Any] = {}
    for path, value in values.items():
        *outer, last = path.split(".")
        inner = wanted
        for key in outer:
            inner = inner.setdefault(key, {})
        inner[last] = value
    changed: Scenario = _changed(scenario, wanted, None)
    return _whole(changed, wanted)


def _changed(part: Any, wanted: Any, limits: Bound | None) -> Any:
    """A part of a scenario with new values; ``limits`` bound its quantities."""
    if isinstance(part, Quantity):
        if isinstance(wanted, dict):
            raise KeyError(f"{next(iter(wanted))} is not a part of a quantity")
        point = {"value": _fitting(wanted, limits), "low": None, "high": None}
        return part.model_copy(update=point)
    if not isinstance(wanted, dict):
        raise KeyError("a path leads to no quantity")
    if isinstance(part, Frozen):
        new = {key: _changed(getattr(part, key), one, bound(type(part), key)) for key, one in wanted.items()}
        return part.model_copy(update=new)
    if isinstance(part, dict):
        return part | {key: _changed(part[key], one, limits) for key, one in wanted.items()}
    if isinstance(part, tuple):
        items = list(part)
        for key, one in wanted.items():
            items[int(key)] = _changed(items[int(key)], one, limits)
        return tuple(items)
    raise KeyError("a path leads to no quantity")


def _fitting(value: float, limits: Bound | None) -> int | float:
    """A number as its field wants it: whole, or in cents."""
    if limits is not None and limits.whole:
        return round(value)
    return round(float(value), 2) if limits is not None and limits.cents else float(value)


def _whole(scenario: Scenario, wanted: Mapping[str, Any]) -> Scenario:
    """Make what belongs together fit together again, in the sections that were changed."""
    update: dict[str, Any] = {}
    for section in ("classes", "origins", "locations"):
        if section in wanted:
            update[section] = _adding_up(getattr(scenario, section))
    for section in ("grants", "pledges"):
        if section in wanted:
            grants = getattr(scenario, section).items()
            update[section] = {name: _with_tranches(_not_before_window(grant)) for name, grant in grants}
    if "plan" in wanted:
        update["plan"] = _plan_within_all(scenario)
    if "services" in wanted:
        update["services"] = {name: _in_order(service) for name, service in scenario.services.items()}
    scenario = scenario.model_copy(update=update)
    return _with_sizes(scenario) if {"caseload", "classes", "hosts"} & set(wanted) else scenario


def _with_sizes(scenario: Scenario) -> Scenario:
    """The scenario with household sizes that can be."""
    both = (("caseload", scenario.caseload, caseload_sizes(scenario)), ("hosts", scenario.hosts, host_sizes(scenario)))
    for section, part, sizes in both:
        moved, near = {}, sizes.nearest()
        for key, value, nearest in (("mean", sizes.mean, near.mean), ("cv", sizes.cv, near.cv)):
            stated = getattr(part, f"household_size_{key}", None)
            if stated is not None and value != nearest:
                moved[f"household_size_{key}"] = _at(stated, nearest)
        if part is not None and moved:
            scenario = scenario.model_copy(update={section: part.model_copy(update=moved)})
    return scenario


def _adding_up(parts: dict[str, Any]) -> dict[str, Any]:
    """Scale the shares of parts so that they add up to one."""
    shares = _scaled({name: part.share for name, part in parts.items()}, above=0)
    return {name: part.model_copy(update={"share": shares[name]}) for name, part in parts.items()}


def _scaled(shares: dict[str, Quantity], above: float) -> dict[str, Quantity]:
    """Shares that add up to one, if they add up to more than ``above``."""
    added = sum(float(share.value) for share in shares.values())
    if added <= above or added == 1:
        return shares
    return {name: _at(share, float(share.value) / added) for name, share in shares.items()}


def _at(quantity: Quantity, value: int | float) -> Quantity:
    """A quantity moved to a point."""
    return quantity.model_copy(update={"value": value, "low": None, "high": None})


def _not_before_window(grant: Grant) -> Grant:
    """A tranche that a draw puts before the window comes with its first day."""
    begin = grant.from_day
    if not grant.tranches or not isinstance(begin, Quantity):
        return grant
    days = [begin if isinstance(one.day, Quantity) and one.day.value < begin.value else one.day for one in grant.tranches]
    moved = [one.model_copy(update={"day": day}) for one, day in zip(grant.tranches, days, strict=True)]
    return grant.model_copy(update={"tranches": tuple(moved)})


def _with_tranches(grant: Grant) -> Grant:
    """Scale tranches so that they add up to the grant to the cent; what rounding leaves goes to the last."""
    amounts = [tranche.amount_usd for tranche in grant.tranches or () if tranche.amount_usd is not None]
    if not grant.tranches or not amounts:
        return grant
    amount = round(grant.amount_usd.value * 100)
    cents = [round(part.value * 100) for part in amounts]
    if sum(cents) == amount or sum(cents) == 0:
        return grant
    scaled = [part * amount // sum(cents) for part in cents]
    scaled[-1] += amount - sum(scaled)
    tranches = [
        tranche.model_copy(update={"amount_usd": _at(amount_usd, part / 100)})
        for tranche, amount_usd, part in zip(grant.tranches, amounts, scaled, strict=True)
    ]
    return grant.model_copy(update={"tranches": tuple(tranches)})


def _plan_within_all(scenario: Scenario) -> Any:
    """Scale the shares of a plan that divide more than all."""
    plan = scenario.plan
    by_grant = plan.shares_by_grant and {name: _scaled(shares, above=1) for name, shares in plan.shares_by_grant.items()}
    return plan.model_copy(update={"shares": plan.shares and _scaled(plan.shares, above=1), "shares_by_grant": by_grant})


def _in_order(part: Any) -> Any:
    """A service, or a part of it, with the days of its triangular durations in order."""
    if isinstance(part, Duration) and part.law == "triangular":
        keys = DURATIONS["triangular"].needs
        ordered = sorted((getattr(part, key) for key in keys), key=lambda day: float(day.value))
        return part.model_copy(update=dict(zip(keys, ordered, strict=True)))
    inner = {key: _in_order(value) for key, value in part.__dict__.items() if isinstance(value, Duration | Stock)}
    return part.model_copy(update=inner) if inner else part

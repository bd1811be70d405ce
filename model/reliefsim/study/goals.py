"""What a plan is to reach becomes numbers over worlds: goals, and floors that it must keep.

An array of worlds has shape (scenarios, worlds, keys): what each world left under one plan.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..indicators.registry import INDICATORS, TARGETS
from .statistics.estimates import Floats

if TYPE_CHECKING:
    from ..indicators.measure import Key
    from ..scenario import Scenario

MEAN, REGRET = "mean", "regret"
PLAN = "plan"  # a floor: no less than the present plan gives
_QUANTILE = re.compile(r"p(\d{1,2})")
_FLOOR = re.compile(r"([^=<>]+?)\s*(?:=|>=|<=)\s*(.+)")
BREAKDOWNS = ("service", "group", "location")
WEIGHTS = ("value_per_case", "life_saving_rank")
_EVEN = 1e-9  # of a floor: what rounding may take


@dataclass(frozen=True)
class Goal:
    """An indicator, of a service, class or place (``of``) or in total, and how worlds are weighed up: their mean, a
    quantile (``p10``), or the largest regret over scenarios: what is given up against the best plan seen for each.

    ``weigh``: cases of each service count as much as the scenario says (``value_per_case``; of ``life_saving_rank``
    its reciprocal, a judgement).
    """

    indicator: str
    of: str = ""
    over: str = MEAN
    weigh: str = ""

    @property
    def sense(self) -> int:
        """1: more is better; -1: less is."""
        return INDICATORS[self.indicator].sense

    @property
    def quantile(self) -> float | None:
        """Of worlds; None where it is not one."""
        found = _QUANTILE.fullmatch(self.over)
        return int(found[1]) / 100 if found else None

    def terms(self, scenario: Scenario, wanted: Sequence[Key]) -> list[tuple[int, float]]:
        """The columns of what is wanted that it is made of, each with its weight. Raises ValueError if there are none."""
        found = [
            (place, self._weight(scenario, key.service))
            for place, key in enumerate(wanted)
            if key.indicator == self.indicator and not (key.origin or key.grant or key.period)
            and (bool(key.service) and not (key.group or key.location) if self.weigh else self._is(key))
        ]  # fmt: skip
        if not found:
            raise ValueError(f"this scenario has no {self}")
        return found

    def _is(self, key: Key) -> bool:
        names = [getattr(key, kind) for kind in BREAKDOWNS if getattr(key, kind)]
        return names == ([self.of] if self.of else [])

    def _weight(self, scenario: Scenario, service: str) -> float:
        if not self.weigh:
            return 1.0
        stated = getattr(scenario.services[service], self.weigh, None) if service in scenario.services else None
        value = float(getattr(stated, "value", stated) or 0)
        return 1 / value if self.weigh == "life_saving_rank" and value else value

    def by_world(self, worlds: Floats, terms: Sequence[tuple[int, float]]) -> Floats:
        """What each world gives, shape (scenarios, worlds); NaN where it is not defined."""
        found: Floats = sum(worlds[:, :, place] * weight for place, weight in terms)  # type: ignore[assignment]
        return found

    def __str__(self) -> str:
        return "@".join(one for one in (self.indicator, self.of, "" if self.over == MEAN else self.over) if one)


@dataclass(frozen=True)
class Floor:
    """A goal that must reach ``least`` (of less is better: at most that); None: ``part`` of what the present plan gives.

    ``certainty``: in at least so many of the worlds; None: in their mean.
    """

    goal: Goal
    least: float | None
    certainty: float | None = None
    part: float = 1.0

    def __str__(self) -> str:
        return f"{self.goal}={PLAN if self.least is None else f'{self.least:g}'}"


def read_goal(text: str, scenario: Scenario, weigh: str = "") -> Goal:
    """A goal of the command line: INDICATOR, INDICATOR@NAME, INDICATOR@p10, INDICATOR@regret. Raises ValueError."""
    from ..scenario.faults import listed, nearest, shown_text

    indicator, *rest = text.strip().split("@")
    if indicator not in TARGETS:
        near = nearest(indicator, TARGETS)
        meant = f"Did you mean {near}?" if near else f"One of {listed(TARGETS)}"
        raise ValueError(f"is no number that a plan is judged by (got {shown_text(indicator)}). {meant}")
    over = [one for one in rest if one in (MEAN, REGRET) or _QUANTILE.fullmatch(one)]
    names = [one for one in rest if one not in over]
    if len(over) > 1 or len(names) > 1:
        raise ValueError(f"names more than one part or way (got {shown_text(text)}). INDICATOR@NAME@p10, each once")
    known = sorted(names_of(scenario))
    if names and names[0] not in known:
        near = nearest(names[0], known)
        meant = f"Did you mean {near}?" if near else f"One of {listed(known)}"
        raise ValueError(f"names no service, class or place of the scenario (got {shown_text(names[0])}). {meant}")
    name = names[0] if names else ""
    return Goal(indicator, _as_counted(scenario, name), over[0] if over else MEAN, weigh)


def names_of(scenario: Scenario) -> set[str]:
    """The names of services as reported, classes, hosts and places."""
    services = {one.counts_as or name for name, one in scenario.services.items()}
    return {*services, *scenario.classes, *scenario.locations, *(("hosts",) if scenario.hosts else ())}


def _as_counted(scenario: Scenario, name: str) -> str:
    """A place by its code, as the tables have it."""
    from ..indicators.slots import codes

    return codes(scenario.locations).get(name, name)


def read_floor(text: str, scenario: Scenario, certainty: float | None = None) -> Floor:
    """A floor of the command line: a goal, and the number or ``plan`` that it must reach. Raises ValueError."""
    found = _FLOOR.fullmatch(text.strip())
    if not found:
        raise ValueError("must be like need_covered@disability=0.8 or cases_served@ftr=plan")
    goal, least = read_goal(found[1], scenario), found[2].strip()
    if least == PLAN:
        return Floor(goal, None, certainty)
    try:
        number = float(least.removesuffix("%")) / (100 if least.endswith("%") else 1)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"must be a number or {PLAN} (got {least[:40]})")
    return Floor(goal, number, certainty)


def weighed_up(goal: Goal, by_world: Floats, weights: Floats, best: Floats | None = None) -> float:
    """One number of all worlds, more is better: ``weights`` of scenarios add up to one; NaN worlds do not count.

    ``best``: of each scenario, what the best plan seen gives (for regret).
    """
    signed = goal.sense * by_world
    if goal.over == REGRET:
        means = np.nanmean(signed, axis=1)
        return float(-(np.where(np.isnan(means), -np.inf, best if best is not None else means) - means).max())
    if goal.quantile is not None:
        return _quantile(signed, weights, goal.quantile)
    return float(weights @ np.nanmean(signed, axis=1))


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    """The least value with at least that share of the worlds, by weight, at or below it."""
    each = np.broadcast_to(weights[:, None] / values.shape[1], values.shape).ravel()
    order = np.argsort(values.ravel(), kind="stable")
    reached = np.cumsum(each[order]) >= share * each.sum() - 1e-12
    return float(values.ravel()[order][np.argmax(reached)])

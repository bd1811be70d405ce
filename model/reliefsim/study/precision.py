"""How narrow an interval is wanted becomes how many replications are run.

Replications are added until the interval of every named indicator, and of its difference to the reference, is as narrow
as wanted in every arm, and stays so over a look-ahead: an interval of few values may be narrow by luck (Hoad, Robinson
and Davies, "Automated selection of the number of replications", Journal of the Operational Research Society 61, 2010).
Every arm gets the same replications, so that all differences are paired; how many is the same for any number of
workers, because it is decided at counts that depend on the results alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .intervals import EQUAL, SKEWED, intervals

if TYPE_CHECKING:
    from ..scenario.schema import Scenario
    from .estimates import Floats
    from .runner import Arm

FIRST = 20  # replications before anything is judged
LOOK_AHEAD = 5  # more replications in which it must stay so, or a twentieth of those run, if that is more
MOST = 10_000
_WANTED = re.compile(r"([a-z][a-z0-9_]*)=([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)(%?)")


class Target(NamedTuple):
    """How far the interval of an indicator may reach to its longer side: absolute, or as a share of the mean."""

    indicator: str
    reach: float
    relative: bool

    def __str__(self) -> str:
        reach = f"{100 * self.reach:g} %" if self.relative else f"{self.reach:g}"
        return f"{self.indicator} ± {reach}"


def parse(text: str, known: Collection[str]) -> tuple[Target, ...]:
    """Targets such as ``people_reached=250,need_covered=0.01,gap_usd=5%``, of indicators that are known.

    Raises ValueError naming all that is wrong.
    """
    from ..scenario.faults import nearest

    targets, faults = [], []
    for part in text.split(","):
        found = _WANTED.fullmatch(part.strip())
        if not found or float(found[2]) <= 0 or not math.isfinite(float(found[2])):
            faults.append(f"{part.strip()[:60]!r} is not like people_reached=250 or gap_usd=5%, a number above 0")
            continue
        name, number, percent = found.groups()
        if name not in known:
            near = nearest(name, known)
            faults.append(f"{name} is no indicator" + (f"; did you mean {near}?" if near else ""))
        targets.append(Target(name, float(number) / (100 if percent else 1), bool(percent)))
    names = [target.indicator for target in targets]
    faults += [f"{name} is named twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(targets)


def precision_of(scenarios: Sequence[Scenario], text: str, most: int | None, reference: int) -> Precision:
    """The goal that a text such as ``people_reached=250,gap_usd=5%`` asks for; raises ValueError for what is wrong."""
    from .indicators import keys

    known = dict.fromkeys(key.indicator for one in scenarios for key in keys(one) if not any(key[1:7]))
    return Precision(parse(text, known), most or MOST, reference)


class Precision:
    """Replications until every target is met; no more than ``most``."""

    def __init__(self, targets: Sequence[Target], most: int = MOST, reference: int = 0) -> None:
        self.targets, self.most, self.reference = tuple(targets), most, reference
        self._said: tuple[str, ...] = ()

    def wanted(self, arms: Callable[[], Sequence[Arm]], done: int) -> int:
        """Replications wanted of every arm, seen what ``done`` gave; no more than ``done``: enough."""
        if done == 0:
            return min(FIRST, self.most)
        columns = list(self._columns(arms()))
        ahead = _look_ahead(done)
        unmet = [one for one in columns if not self._is_met(one, done)]
        if not unmet and done >= FIRST + ahead:
            unmet = [one for one in columns if not self._stays(one, done - ahead, done)]
            if not unmet:
                self._said = (f"Every wanted precision was reached with {done:,} replications.",)
                return done
        if done >= self.most:
            met = f"Every wanted precision is met, but the look-ahead did not fit in {done:,} replications."
            self._said = tuple(self._why(one, done) for one in unmet) or (met,)
            return done
        return min(self.most, max(done + ahead, *(self._needed(one, done) for one in unmet), done + 1))

    def notes(self) -> tuple[str, ...]:
        """Whether the precision was reached, and if not, which was not and why."""
        return self._said

    def _columns(self, arms: Sequence[Arm]) -> list[_Column]:
        """The runs of every named indicator in every arm, and of its difference to the reference."""
        found = []
        base = {key.indicator: place for place, key in enumerate(arms[self.reference].keys) if not any(key[1:7])}
        for number, arm in enumerate(arms):
            totals = {key.indicator: place for place, key in enumerate(arm.keys) if not any(key[1:7])}
            for target in self.targets:
                if target.indicator not in totals:
                    continue
                values = arm.values[:, totals[target.indicator]]
                name = f"{target.indicator} of {arm.scenario}/{arm.rule}"
                found.append(_Column(target, name, values, values))
                if number != self.reference and target.indicator in base:
                    others = arms[self.reference].values[:, base[target.indicator]]
                    found.append(_Column(target, f"the difference of {name} to the reference", values - others, values))
        return found

    def _is_met(self, column: _Column, count: int) -> bool:
        reach, allowed = _reach(column, count)
        return not math.isnan(reach) and reach <= allowed

    def _stays(self, column: _Column, first: int, last: int) -> bool:
        """Whether the target has been met at every count from ``first`` to ``last``."""
        return all(self._is_met(column, count) for count in range(first, last + 1))

    def _needed(self, column: _Column, done: int) -> int:
        """About how many replications narrow the interval enough: it narrows with their square root. At most twice."""
        reach, allowed = _reach(column, done)
        if not math.isfinite(reach) or allowed <= 0:
            return 2 * done
        return min(2 * done, math.ceil(done * (reach / allowed) ** 2) + _look_ahead(done))

    def _why(self, column: _Column, done: int) -> str:
        reach, allowed = _reach(column, done)
        if math.isnan(reach):
            return f"{column.name}: defined in too few of {done:,} replications to have an interval."
        if column.target.relative and allowed == 0 and not math.isinf(reach):
            return f"{column.name}: its mean is 0, of which a share is never reached. Name an absolute precision."
        if math.isinf(reach):
            return f"{column.name}: too few of {done:,} replications differ for an interval that covers 95 %."
        if reach <= allowed:
            return f"{column.name}: reached, but did not stay so for the look-ahead within {done:,} replications."
        return f"{column.name}: reaches ± {reach:.4g} after {done:,} replications, wanted ± {allowed:.4g}."


class _Column(NamedTuple):
    """The runs that a target is held against; ``base``: those whose mean a share is taken of."""

    target: Target
    name: str
    values: Floats
    base: Floats


def _look_ahead(done: int) -> int:
    return max(LOOK_AHEAD, done // 20)


def _reach(column: _Column, count: int) -> tuple[float, float]:
    """How far the interval of the first ``count`` runs reaches to its longer side, and how far it may.

    A constant reaches nowhere: met at once, whatever its mean. NaN where there is no interval.
    """
    values = column.values[:count]
    found = intervals(values[:, None])
    low, high = float(found.low[0]), float(found.high[0])
    defined = values[np.isfinite(values)]
    if not len(defined) or math.isnan(low):
        return math.nan, math.nan
    if found.codes[0] not in (EQUAL, SKEWED):
        return math.inf, 0.0
    mean = float(defined.mean())
    base = column.base[:count]
    allowed = column.target.reach * (abs(float(np.nanmean(base))) if column.target.relative else 1.0)
    return max(high - mean, mean - low), allowed

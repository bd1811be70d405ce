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
import numpy.typing as npt

from .intervals import EQUAL, SKEWED, Intervals, intervals
from .running_intervals import running

if TYPE_CHECKING:
    from ...scenario.schema import Scenario
    from ..running.runner import Arm
    from .estimates import Floats

FIRST = 20  # replications before anything is judged
LOOK_AHEAD = 5  # more replications in which it must stay so, or a twentieth of those run, if that is more
MOST = 10_000
# Where a reach is so near to what is allowed, by itself or by the largest run, that rounding may decide, it is worked out
# once more as for the tables.
CLOSE, ROUNDED = 1e-8, 1e-12
_NAMES = "indicators.csv of any study has their names"
Truths = npt.NDArray[np.bool_]
_WANTED = re.compile(r"([a-z][a-z0-9_]*)=([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)(%?)")


class Target(NamedTuple):
    """How far the interval of an indicator may reach to its longer side: absolute, or as a share of the mean."""

    indicator: str
    reach: float
    relative: bool

    def of(self, mean: float) -> float:
        """The same in the indicator's unit."""
        return self.reach * (abs(mean) if self.relative else 1.0)

    def __str__(self) -> str:
        reach = f"{100 * self.reach:g} %" if self.relative else f"{self.reach:g}"
        return f"{self.indicator} ± {reach}"


def parse(text: str, known: Collection[str]) -> tuple[Target, ...]:
    """Targets such as ``people_reached=250,need_covered=0.01,gap_usd=5%``, of indicators that are known.

    Raises ValueError naming all that is wrong.
    """
    from ...scenario.faults import nearest, shown_text

    targets, faults = [], []
    for part in text.split(","):
        found = _WANTED.fullmatch(part.strip())
        if not found or float(found[2]) <= 0 or not math.isfinite(float(found[2])):
            faults.append(f"must be like people_reached=250 or gap_usd=5%, a number above 0 (got {shown_text(part.strip())})")
            continue
        name, number, percent = found.groups()
        if name not in known:
            near = nearest(name, known)
            faults.append(f"no such indicator (got {shown_text(name)}). {f'Did you mean {near}?' if near else _NAMES}")
        targets.append(Target(name, float(number) / (100 if percent else 1), bool(percent)))
    names = [target.indicator for target in targets]
    faults += [f"{name} is named twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if faults:
        raise ValueError("\n".join(faults))
    return tuple(targets)


def precision_of(scenarios: Sequence[Scenario], text: str, most: int | None, reference: int) -> Precision:
    """The goal that a text such as ``people_reached=250,gap_usd=5%`` asks for; raises ValueError for what is wrong."""
    return Precision(targets_of(scenarios, text), most or MOST, reference)


def targets_of(scenarios: Sequence[Scenario], text: str) -> tuple[Target, ...]:
    """As ``parse``, of the totals of any scenario; none of an empty text."""
    from ...indicators.measure import keys

    known = dict.fromkeys(key.indicator for one in scenarios for key in keys(one) if not any(key[1:7]))
    return parse(text, known) if text else ()


class Precision:
    """Replications until every target is met; no more than ``most``."""

    def __init__(self, targets: Sequence[Target], most: int = MOST, reference: int = 0) -> None:
        self.targets, self.most, self.reference = tuple(targets), most, reference
        self._said: tuple[str, ...] = ()

    def wanted(self, arms: Callable[[], Sequence[Arm]], done: int) -> int:
        """Replications wanted of every arm, seen what ``done`` gave; no more than ``done``: enough."""
        if done == 0:
            return min(FIRST, self.most)
        columns = self._columns(arms())
        reaches = _reaches(columns, done)
        ahead = _look_ahead(done)
        unmet = [number for number, one in enumerate(reaches) if not one.is_met]
        if not unmet and done >= FIRST + ahead:
            unmet = np.flatnonzero(~_stay(columns, done - ahead, done)).tolist()
            if not unmet:
                self._said = (f"Every wanted precision was reached with {done:,} replications.",)
                return done
        if done >= self.most:
            met = f"Every wanted precision is met, but the look-ahead did not fit in {done:,} replications."
            self._said = tuple(_why(columns[one], reaches[one], done) for one in unmet) or (met,)
            return done
        return min(self.most, max(done + ahead, *(_needed(reaches[one], done) for one in unmet), done + 1))

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


class _Column(NamedTuple):
    """The runs that a target is held against; ``base``: those whose mean a share is taken of."""

    target: Target
    name: str
    values: Floats
    base: Floats


class _Reach(NamedTuple):
    """How far an interval reaches to its longer side, and how far it may; NaN where there is none."""

    reach: float
    allowed: float

    @property
    def is_met(self) -> bool:
        return self.reach <= self.allowed


def _look_ahead(done: int) -> int:
    return max(LOOK_AHEAD, done // 20)


def _reaches(columns: Sequence[_Column], count: int) -> list[_Reach]:
    """How far the intervals of the first ``count`` runs reach; a constant nowhere: met at once, whatever its mean."""
    if not columns:
        return []
    found = intervals(np.column_stack([one.values[:count] for one in columns]))
    return [_reach(one, count, found, place) for place, one in enumerate(columns)]


def _reach(column: _Column, count: int, found: Intervals, place: int) -> _Reach:
    low, high, code = float(found.low[place]), float(found.high[place]), found.codes[place]
    if math.isnan(low):
        return _Reach(math.nan, math.nan)
    if code not in (EQUAL, SKEWED):
        return _Reach(math.inf, 0.0)
    values, base = column.values[:count], column.base[:count]
    mean = float(values[np.isfinite(values)].mean())
    allowed = column.target.of(float(np.nanmean(base)))
    return _Reach(0.0 if code == EQUAL else max(high - mean, mean - low), allowed)


def _stay(columns: Sequence[_Column], first: int, last: int) -> Truths:
    """Of each column, whether its target has been met at every count from ``first`` to ``last``."""
    if not columns:
        return np.empty(0, np.bool_)
    values = np.column_stack([one.values[:last] for one in columns])
    reach, codes = running(values, first)
    allowed, largest = _allowed(columns, first, last)
    met = (codes == EQUAL) | (reach <= allowed)
    with np.errstate(invalid="ignore"):
        is_clear = (codes != SKEWED) | (np.abs(reach - allowed) > CLOSE * (reach + allowed) + ROUNDED * largest)
    stay: Truths = (met | ~is_clear).all(axis=0)
    for place in np.flatnonzero(stay & ~is_clear.all(axis=0)).tolist():
        counts = first + np.flatnonzero(~is_clear[:, place])
        stay[place] = all(_reaches([columns[place]], count)[0].is_met for count in counts.tolist())
    return stay


def _allowed(columns: Sequence[_Column], first: int, last: int) -> tuple[Floats, Floats]:
    """How far each column may reach at every count, shape (counts, columns), and the largest number in it."""
    bases = np.column_stack([one.base[:last] for one in columns])
    known = ~np.isnan(bases)
    count = np.maximum(known.cumsum(axis=0)[first - 1 :], 1)
    mean = np.where(known, bases, 0.0).cumsum(axis=0)[first - 1 :] / count
    share = np.array([one.target.reach if one.target.relative else 0.0 for one in columns])
    fixed = np.array([0.0 if one.target.relative else one.target.reach for one in columns])
    sizes = [np.fmax.reduce(np.abs([one.values[:last], one.base[:last]]), axis=None, initial=0.0) for one in columns]
    return share * np.abs(mean) + fixed, np.array(sizes)


def _needed(one: _Reach, done: int) -> int:
    """About how many replications narrow an interval enough: it narrows with their square root. At most twice."""
    if not math.isfinite(one.reach) or one.allowed <= 0:
        return 2 * done
    times = min(one.reach / one.allowed, 2.0)  # before it is squared: it may be as large as a number can be
    return min(2 * done, math.ceil(done * times**2) + _look_ahead(done))


def _why(column: _Column, one: _Reach, done: int) -> str:
    """Why a precision was not reached."""
    if math.isnan(one.reach):
        return f"{column.name}: defined in too few of {done:,} replications to have an interval."
    if one.is_met:
        return f"{column.name}: reached, but did not stay so for the look-ahead within {done:,} replications."
    if math.isinf(one.reach):
        return f"{column.name}: too few of {done:,} replications differ for an interval that covers 95 %."
    if column.target.relative and one.allowed == 0:
        return f"{column.name}: its mean is 0, of which a share is never reached. Name an absolute precision."
    return f"{column.name}: reaches ± {one.reach:.4g} after {done:,} replications, wanted ± {one.allowed:.4g}."

"""An indicator: what one number is called and means, which rows it has, and how they are worked out of a run.

A name's entry gives its rows and their values together, so that neither can stand in another's place. ``registry`` has
all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from ..engine.world.world_draws import Draw, draw_world
from ..scenario.memo import once
from ..units import seconds
from .slots import Key, slots

if TYPE_CHECKING:
    from ..records import Run
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
Found = TypeVar("Found")
BETTER, WORSE = 1, -1  # what more of an indicator is; 0: neither


class Measurement:
    """One run that is measured: a pass over its facts is made once, however many indicators are read off it."""

    def __init__(self, run: Run, draw: Draw = draw_world) -> None:
        """``draw`` gives the run's world once more."""
        self.run, self.draw, self.columns = run, draw, slots(run.scenario)
        self.begins = seconds(run.scenario.warmup_days)
        self._found: dict[Callable[[Measurement], Any], Any] = {}

    def of(self, work_out: Callable[[Measurement], Found]) -> Found:
        """What a pass gives; it must not be changed."""
        if work_out not in self._found:
            self._found[work_out] = work_out(self)
        found: Found = self._found[work_out]
        return found


@dataclass(frozen=True)
class Breakdown:
    """Rows that an indicator may have: ``words`` tell them, ``keys`` gives those of a scenario, without indicator."""

    words: str
    keys: Callable[[Scenario], tuple[Key, ...]]

    def __add__(self, other: Breakdown) -> Breakdown:
        """These rows, then those."""
        return Breakdown(f"{self.words}, {other.words}", lambda scenario: (*self.keys(scenario), *other.keys(scenario)))

    def __mul__(self, other: Breakdown) -> Breakdown:
        """Each of these rows broken down by those."""

        def crossed(scenario: Scenario) -> tuple[Key, ...]:
            inner = other.keys(scenario)
            return tuple(Key(*(a or b for a, b in zip(one, two, strict=True))) for one in self.keys(scenario) for two in inner)

        words = (f"({one.words})" if "," in one.words and "×" not in one.words else one.words for one in (self, other))
        return Breakdown(" × ".join(words), crossed)


class Told(NamedTuple):
    """An indicator in one of a study's files: what it means there, in parentheses where it is not defined.

    ``name``: its name in the definitions, if not its own; ``after``: the name there that it stands behind, if not that
    of the indicator before it.
    """

    file: str
    meaning: str
    name: str = ""
    after: str = ""


class Goal(NamedTuple):
    """The words of an indicator as a target of ``ask``: what it is, and what it is to reach; ``{of}``: whose it is,
    ``{bound}``: at least, or at most, so much. In the catalogues."""

    noun: str
    told: str


def here(meaning: str, after: str = "", name: str = "") -> tuple[Told, ...]:
    """What an indicator means in indicators.csv."""
    return (Told("indicators", meaning, name, after),)


@dataclass(frozen=True)
class Indicator:
    """One indicator. ``values``: its numbers in the order of its rows, in its unit, NaN where one is not defined.

    ``sense``: BETTER or WORSE, what more of it is; ``most``: no mean lies beyond; ``headline``: its place among the columns
    of runs.csv, 0: none; ``label``: what a table for readers calls it; ``goal``: its words as a target; ``matters``: how
    large a difference must be to matter, as a part of what the reference has; of a share, as a share.
    """

    name: str
    unit: str
    rows: Breakdown
    values: Callable[[Measurement], npt.ArrayLike]
    told: tuple[Told, ...] = ()
    sense: int = 0
    most: float = math.inf
    headline: int = 0
    label: str = ""
    goal: Goal | None = None
    matters: float = 0.01  # a judgement, for want of a source: --matters states another

    def least_that_matters(self, base: float) -> float:
        """The least difference that matters, in its unit, to a reference that has ``base``."""
        return self.matters if self.unit == "share" else self.matters * abs(base)

    def also(self, rows: Breakdown, values: Callable[[Measurement], npt.ArrayLike], *told: Told) -> Indicator:
        """The same indicator in other rows, which stand elsewhere."""
        return replace(self, rows=rows, values=values, told=told)

    def keys(self, scenario: Scenario) -> tuple[Key, ...]:
        """Its rows."""
        return tuple(key._replace(indicator=self.name, unit=self.unit) for key in self.rows.keys(scenario))


class Table:
    """Indicators in the order of their rows; with ``first``, each of whose rows is broken down by that before all else,
    rows stand by that: month after month, or service after service."""

    def __init__(self, *indicators: Indicator, first: Breakdown | None = None) -> None:
        self.indicators, self.first = indicators, first
        self.keys = once(self._keys)

    def __getitem__(self, name: str) -> Indicator:
        """The first entry of a name. Raises StopIteration where there is none."""
        return next(one for one in self.indicators if one.name == name)

    def _keys(self, scenario: Scenario) -> tuple[Key, ...]:
        """The keys of a scenario's numbers."""
        found = [one.keys(scenario) for one in self.indicators]
        if self.first is None:
            return tuple(key for keys in found for key in keys)
        many = len(self.first.keys(scenario))
        each = [len(keys) // many if many else 0 for keys in found]
        return tuple(
            key for at in range(many) for keys, count in zip(found, each, strict=True) for key in keys[at * count :][:count]
        )

    def values(self, of: Measurement) -> Numbers:
        """The numbers of ``keys``."""
        found = [np.asarray(one.values(of), np.float64) for one in self.indicators]
        if self.first is None:
            return np.concatenate([one.reshape(-1) for one in found])
        many = len(self.first.keys(of.run.scenario))
        return np.concatenate([one.reshape(many, -1) for one in found], axis=1).reshape(-1) if many else np.empty(0)

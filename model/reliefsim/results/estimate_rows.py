"""Rows of a study's tables become estimates and differences, found by name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..store import Row

ASPECTS = ("service", "group", "origin", "location", "grant", "period")
_NUMBERS = ("mean", "ci_low", "ci_high", "p10", "p90", "share_defined")
FULL = 95  # per cent that an interval covers unless its method says less
_MORE_THAN_TWO = 80  # the same, said of an interval of more runs than two
_COVERS = re.compile(r"(\d+) %")


class ArmName(NamedTuple):
    """Which scenario and which rule."""

    scenario: str
    rule: str


class Estimate(NamedTuple):
    """A mean and its interval; NaN where there is none."""

    mean: float
    low: float
    high: float
    p10: float = math.nan
    p90: float = math.nan
    share_defined: float = 1.0
    method: str = ""

    @property
    def reach(self) -> float:
        """How far the interval reaches from the mean, on its longer side."""
        return max(self.high - self.mean, self.mean - self.low)

    @property
    def covers(self) -> int:
        """Per cent that the interval covers at least, as its method says; 0 where it says nothing."""
        found = _COVERS.search(self.method)
        return int(found[1]) if found else 0


class Difference(NamedTuple):
    """What one arm has more than the reference. ``real``: yes, no, equal, or empty where that cannot be said.

    ``better``: the share of replications in which it is better; NaN where neither way is.
    """

    apart: Estimate
    real: str
    better: float


MISSING = Estimate(math.nan, math.nan, math.nan, share_defined=0.0)
_Key = tuple[str, ...]


@dataclass(frozen=True)
class Estimates:
    """The rows of indicators.csv or monthly.csv, in their order."""

    rows: Mapping[tuple[ArmName, str], Mapping[_Key, Estimate]]

    def get(self, arm: ArmName, indicator: str, **aspects: str) -> Estimate:
        """One estimate, of the total over every aspect that is not given; missing where there is no such row."""
        key = tuple(aspects.get(aspect, "") for aspect in ASPECTS)
        return self.rows.get((arm, indicator), {}).get(key, MISSING)

    def along(self, arm: ArmName, indicator: str, aspect: str, **others: str) -> dict[str, Estimate]:
        """The estimates along one aspect, in the file's order."""
        place = ASPECTS.index(aspect)
        fixed = [others.get(name, "") for name in ASPECTS]
        found = self.rows.get((arm, indicator), {})
        return {
            key[place]: one
            for key, one in found.items()
            if key[place] and all(key[p] == fixed[p] for p in range(len(ASPECTS)) if p != place)
        }


@dataclass(frozen=True)
class Differences:
    """The totals of differences.csv, by arm and indicator; none in a study of one arm."""

    reference: ArmName | None
    rows: Mapping[tuple[ArmName, str], Difference]

    @property
    def arms(self) -> tuple[ArmName, ...]:
        """Every arm but the reference."""
        return tuple(dict.fromkeys(arm for arm, _ in self.rows))

    def get(self, arm: ArmName, indicator: str) -> Difference:
        """The difference of one total; missing where one of the two does not have it."""
        return self.rows.get((arm, indicator), Difference(MISSING, "", math.nan))


def covered(ones: Iterable[Estimate]) -> tuple[int, ...]:
    """What intervals cover, in per cent, each number once, from the least."""
    return tuple(sorted({one.covers for one in ones} - {0}))


NO_DIFFERENCES = Differences(None, {})


def estimates(rows: Iterable[Row]) -> Estimates:
    """The rows of indicators.csv or monthly.csv."""
    found: dict[tuple[ArmName, str], dict[_Key, Estimate]] = {}
    for row in rows:
        name = (ArmName(row["scenario"], row["rule"]), row["indicator"])
        found.setdefault(name, {})[tuple(row[aspect] for aspect in ASPECTS)] = estimate(row)
    return Estimates(found)


def estimate(row: Row) -> Estimate:
    """The numbers of one row; without the interval if it is of two runs alone while others have no value."""
    mean, low, high, p10, p90, share = (_number(row.get(name, "")) for name in _NUMBERS)
    found = Estimate(mean, low, high, p10, p90, share, row["interval_method"])
    of_two = 0 < found.covers < _MORE_THAN_TWO and share < 1
    return found._replace(low=math.nan, high=math.nan, method="") if of_two else found


def differences(rows: Iterable[Row]) -> Differences:
    """The totals among the rows of differences.csv."""
    reference = None
    found: dict[tuple[ArmName, str], Difference] = {}
    for row in rows:
        reference = ArmName(row["reference_scenario"], row["reference_rule"])
        if not any(row[aspect] for aspect in ASPECTS):
            apart = estimate({**row, "mean": row["mean_difference"]})
            arm = ArmName(row["scenario"], row["rule"])
            found[arm, row["indicator"]] = Difference(apart, row["real"], _number(row["chance_better"]))
    return Differences(reference, found)


def _number(text: str) -> float:
    return float(text) if text else math.nan

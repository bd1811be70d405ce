"""Rows of a study's tables become estimates, differences, dates and lines of an allocation, found by name."""

from __future__ import annotations

import csv
import datetime
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..store import Row, read_table

ASPECTS = ("service", "group", "origin", "location", "grant", "period")
_NUMBERS = ("mean", "ci_low", "ci_high", "p10", "p90", "share_defined", "p50", "chance_none")
FULL = 95  # per cent that an interval covers unless its method says less
_MORE_THAN_TWO = 80  # the same, said of an interval of more runs than two
_COVERS = re.compile(r"(\d+) %")


class ArmName(NamedTuple):
    """Which scenario and which rule."""

    scenario: str
    rule: str


class Estimate(NamedTuple):
    """A mean and its interval, quantiles of replications, and the share of them in which it is nothing at all (``none``);
    NaN where there is none."""

    mean: float
    low: float
    high: float
    p10: float = math.nan
    p90: float = math.nan
    share_defined: float = 1.0
    method: str = ""
    p50: float = math.nan
    none: float = math.nan

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

    ``better``: the share of replications in which it is better; NaN where neither way is. ``verdict``: what it comes to,
    as study.statistics.verdicts has it; ``together``: how many intervals hold together, this among them.
    """

    apart: Estimate
    real: str
    better: float
    verdict: str = ""
    together: int = 1


class Band(NamedTuple):
    """Between what eight of ten runs lie, over what is not known and chance, and its largest source: what the value is
    called, ``chance``, or empty; ``share``: its part of the variance."""

    low: float
    high: float
    source: str
    share: float


MISSING = Estimate(math.nan, math.nan, math.nan, share_defined=0.0)
_Key = tuple[str, ...]


class Line(NamedTuple):
    """One line of the allocation: a service and a grant at one decision."""

    arm: ArmName
    decision: int
    date: datetime.date
    day: float
    reason: str
    service: str
    grant: str


class RunOut(NamedTuple):
    """When something comes: the share of replications in which it does, and dates; empty: later than any."""

    chance: float
    p10: str
    p50: str
    p90: str
    days: float  # half of the replications lie below, where the number is one of days
    least_days: float = math.nan  # eight of ten lie between these two
    most_days: float = math.nan


@dataclass(frozen=True)
class Estimates:
    """The rows of one or several tables, in their order."""

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


def bands(rows: Iterable[Row], group: str = "") -> dict[tuple[ArmName, str], Band]:
    """The totals of bands.csv, or of them those of one group, by arm and indicator."""
    found = {}
    for row in rows:
        if row["group"] == group and not any(row[aspect] for aspect in ASPECTS if aspect != "group"):
            low, high, share = (number(row[name]) for name in ("p10", "p90", "share_of_source"))
            found[arm_of(row), row["indicator"]] = Band(low, high, row["label"], share)
    return found


def covered(ones: Iterable[Estimate]) -> tuple[int, ...]:
    """What intervals cover, in per cent, each number once, from the least."""
    return tuple(sorted({one.covers for one in ones} - {0}))


NO_DIFFERENCES = Differences(None, {})
NO_ESTIMATES = Estimates({})


def estimates(rows: Iterable[Row]) -> Estimates:
    """The rows of indicators.csv or monthly.csv."""
    found: dict[tuple[ArmName, str], dict[_Key, Estimate]] = {}
    for row in rows:
        name = (arm_of(row), row["indicator"])
        found.setdefault(name, {})[tuple(row[aspect] for aspect in ASPECTS)] = estimate(row)
    return Estimates(found)


def estimate(row: Row) -> Estimate:
    """The numbers of one row; without the interval if it is of two runs alone while others have no value."""
    mean, low, high, p10, p90, share, p50, none = (number(row.get(name, "")) for name in _NUMBERS)
    found = Estimate(mean, low, high, p10, p90, share, row["interval_method"], p50, none)
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
            judged = (row["real"], number(row["chance_better"]), row["verdict"], int(row["together"]))
            found[arm_of(row), row["indicator"]] = Difference(apart, *judged)
    return Differences(reference, found)


def run_outs(rows: Iterable[Row]) -> dict[tuple[ArmName, str, str, str, str], RunOut]:
    """The rows of runout.csv."""
    return {
        (arm_of(row), row["indicator"], row["service"], row["grant"], row["period"]): RunOut(
            number(row["chance"]), row["date_p10"], row["date_p50"], row["date_p90"],
            *(number(row[column]) for column in ("p50", "p10", "p90")),
        )
        for row in rows
    }  # fmt: skip


def allocation(rows: Iterable[Row]) -> dict[Line, dict[str, Estimate]]:
    """The rows of allocation.csv: measures by line."""
    found: dict[Line, dict[str, Estimate]] = {}
    for row in rows:
        date = datetime.date.fromisoformat(row["date"])
        what = (row["reason"], row["service"], row["grant"])
        line = Line(arm_of(row), int(row["decision"]), date, float(row["day"]), *what)
        found.setdefault(line, {})[row["measure"]] = estimate(row)
    return found


def arm_of(row: Row) -> ArmName:
    """Whose row it is."""
    return ArmName(row["scenario"], row["rule"])


def number(text: str) -> float:
    """A number of a table; NaN if it is empty."""
    return float(text) if text else math.nan


def rows_if_any(path: Path) -> list[Row]:
    """The rows of a table that a study may have; none without it."""
    return read_table(path) if path.exists() else []


def points_of(path: Path) -> int:
    """How many points runs.csv tells of; 0 if it has no such column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return 1 + max(int(row["point"]) for row in rows) if "point" in (rows.fieldnames or ()) else 0

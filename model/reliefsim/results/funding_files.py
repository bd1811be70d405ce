"""The fundraiser's tables of a study folder become rows to show, found by name."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..store import Row, read_table
from .estimate_rows import ASPECTS, ArmName, Estimates, estimates
from .study_files import StudyFiles

FILES = ("gap", "attribution", "budget", "pipeline", "runout", "targets")


class Range(NamedTuple):
    """What half and eight of ten replications lie in, the share of them that is nothing at all, and the mean, which
    alone adds up; NaN: undefined."""

    p10: float
    p50: float
    p90: float
    none: float
    mean: float


class RunOut(NamedTuple):
    """When something comes: the share of replications in which it does, and dates; empty: later than any."""

    chance: float
    p10: str
    p50: str
    p90: str
    days: float  # half of the replications lie below, where the number is one of days
    least_days: float = math.nan  # eight of ten lie between these two
    most_days: float = math.nan


NOTHING = Range(math.nan, math.nan, math.nan, math.nan, math.nan)
_Key = tuple[ArmName, str, tuple[str, ...]]


@dataclass(frozen=True)
class FundingFiles:
    """The fundraiser's tables beside the study's own: nothing here comes from anywhere but its files."""

    study: StudyFiles
    ranges: dict[_Key, Range]
    run_outs: dict[tuple[ArmName, str, str, str, str], RunOut]
    levels: dict[ArmName, list[Row]]  # the rows of levels.csv; none in a study of points
    estimates: Estimates  # the means of the same tables with their intervals

    def get(self, arm: ArmName, indicator: str, **aspects: str) -> Range:
        """The range of one number, of the total over every aspect that is not given."""
        return self.ranges.get((arm, indicator, tuple(aspects.get(name, "") for name in ASPECTS)), NOTHING)

    def along(self, arm: ArmName, indicator: str, aspect: str, **others: str) -> dict[str, Range]:
        """The ranges along one aspect, in the file's order."""
        place = ASPECTS.index(aspect)
        fixed = [others.get(name, "") for name in ASPECTS]
        return {
            key[place]: one
            for (whose, name, key), one in self.ranges.items()
            if (whose, name) == (arm, indicator)
            and key[place]
            and all(key[p] == fixed[p] for p in range(len(ASPECTS)) if p != place)
        }

    def run_out(self, arm: ArmName, indicator: str, service: str = "", grant: str = "", period: str = "") -> RunOut | None:
        """When a service or a grant runs out."""
        return self.run_outs.get((arm, indicator, service, grant, period))

    def weeks(self, arm: ArmName, indicator: str, service: str) -> dict[str, float]:
        """By the date on which a week begins: the share of replications in which it happens in that week."""
        return {
            period: one.chance
            for (whose, name, of, _, period), one in self.run_outs.items()
            if (whose, name, of) == (arm, indicator, service) and period
        }


def read_funding(folder: Path, study: StudyFiles) -> FundingFiles:
    """Read the fundraiser's tables of a study folder."""
    ranges: dict[_Key, Range] = {}
    read: list[Row] = []
    for name in ("gap", "attribution", "budget", "pipeline"):
        found = read_table(folder / f"{name}.csv")
        read += found
        for row in found:
            ranges[_arm(row), row["indicator"], tuple(row[aspect] for aspect in ASPECTS)] = Range(
                *(_number(row[column]) for column in ("p10", "p50", "p90", "chance_none", "mean"))
            )
    run_outs = {
        (_arm(row), row["indicator"], row["service"], row["grant"], row["period"]): RunOut(
            _number(row["chance"]), row["date_p10"], row["date_p50"], row["date_p90"],
            *(_number(row[column]) for column in ("p50", "p10", "p90")),
        )
        for row in read_table(folder / "runout.csv")
    }
    levels: dict[ArmName, list[Row]] = {}
    for row in read_table(folder / "levels.csv") if (folder / "levels.csv").exists() else ():
        levels.setdefault(_arm(row), []).append(row)
    return FundingFiles(study, ranges, run_outs, levels, estimates(read))


def _arm(row: Row) -> ArmName:
    return ArmName(row["scenario"], row["rule"])


def _number(text: str) -> float:
    return float(text) if text else math.nan

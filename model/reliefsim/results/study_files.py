"""The files of a study folder become estimates to show, found by name."""

from __future__ import annotations

import csv
import datetime
import json
import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ..scenario.schema_grants import grant_label
from ..store import Row, read_table
from .estimate_rows import (
    NO_DIFFERENCES,
    ArmName,
    Differences,
    Estimate,
    Estimates,
    covered,
    differences,
    estimate,
    estimates,
)

__all__ = ["ArmName", "Estimate", "Estimates", "Line", "StudyFiles", "date_of", "last_day", "read_study"]

RUNNING = "running"
OWN_LABELS = {("services", RUNNING): "Running costs", ("classes", "hosts"): "Host households"}


class Line(NamedTuple):
    """One line of the allocation: a service and a grant at one decision."""

    arm: ArmName
    decision: int
    date: datetime.date
    day: float
    reason: str
    service: str
    grant: str


def date_of(entry: Any, start: datetime.date) -> datetime.date:
    """A date, or days since the start, which may be written with their range and source."""
    value = entry.get("value", 0) if isinstance(entry, dict) else entry
    return value if isinstance(value, datetime.date) else start + datetime.timedelta(days=math.ceil(value))


def last_day(start: datetime.date, horizon_days: float) -> datetime.date:
    """The last day of a run that begins on ``start``: the one that its last second is in."""
    return start + datetime.timedelta(days=math.ceil(horizon_days) - 1)


@dataclass(frozen=True)
class StudyFiles:
    """What a study folder holds, as read: nothing here comes from anywhere but its files."""

    arms: tuple[ArmName, ...]
    indicators: Estimates
    monthly: Estimates
    allocation: dict[Line, dict[str, Estimate]]
    scenarios: dict[str, dict[str, Any]]
    uncertain: bool
    replications: int
    points: int = 0  # of what is not known, with so many replications each; 0: there are none
    differences: Differences = NO_DIFFERENCES

    def arm_label(self, arm: ArmName) -> str:
        """A scenario's name, with the rule where a study has more than one."""
        rules = {one.rule for one in self.arms if one.scenario == arm.scenario}
        return f"{arm.scenario} ({arm.rule})" if len(rules) > 1 else arm.scenario

    def label(self, scenario: str, kind: str, name: str) -> str:
        """What a scenario calls one of its services, classes, grants or places."""
        if (kind, name) in OWN_LABELS:
            return OWN_LABELS[kind, name]
        stated = self.scenarios.get(scenario, {})
        if kind == "grants":  # told apart in the whole study: one legend has the grants of all its scenarios
            return grant_label({**self._donors, **_donors(stated)}, name)
        return str(stated.get(kind, {}).get(name, {}).get("label") or name)

    @cached_property
    def _donors(self) -> dict[str, str | None]:
        """The donor of each grant and pledge, as the first scenario that has it says."""
        return {name: donor for one in reversed(self.scenarios.values()) for name, donor in _donors(one).items()}

    def families(self) -> tuple[StudyFiles, ...]:
        """The study cut into the scenarios that have the same services and classes, which one table can hold."""
        found: dict[tuple[str, ...], list[ArmName]] = {}
        for arm in self.arms:
            names = (*self.indicators.along(arm, "need_covered", "service"), "|")
            names += tuple(self.indicators.along(arm, "need_covered", "group"))
            found.setdefault(names, []).append(arm)
        return tuple(replace(self, arms=tuple(arms)) for arms in found.values())

    def any_label(self, kind: str, name: str) -> str:
        """What the first scenario that has a label for it calls a thing."""
        labels = [self.label(arm.scenario, kind, name) for arm in self.arms]
        return next((label for label in labels if label != name), name)

    def names(self, indicator: str, aspect: str) -> list[str]:
        """The names along an aspect in any scenario: classes by priority, all else in the files' order."""
        found = [name for arm in self.arms for name in self.indicators.along(arm, indicator, aspect)]
        names = list(dict.fromkeys(found))
        return sorted(names, key=self._priority) if aspect == "group" else names

    def _priority(self, group: str) -> float:
        """A class's priority, 1 first; hosts, who are no class, last."""
        for stated in self.scenarios.values():
            if group in stated.get("classes", {}):
                return float(stated["classes"][group].get("priority", 1))
        return math.inf

    def lines(self, arm: ArmName, reason: str) -> dict[tuple[str, str], dict[str, Estimate]]:
        """The allocation at the last decision for a reason, by service and grant."""
        chosen = [line for line in self.allocation if line.arm == arm and line.reason == reason]
        last = max((line.decision for line in chosen), default=0)
        return {(line.service, line.grant): self.allocation[line] for line in chosen if line.decision == last}

    def start(self, scenario: str) -> datetime.date:
        """The day a scenario starts; 1 January 2000 if its file does not say."""
        day = self.scenarios.get(scenario, {}).get("start_date")
        return day if isinstance(day, datetime.date) else datetime.date(2000, 1, 1)

    def first_day(self, scenario: str) -> datetime.date:
        """The day its runs begin: the start, or the day of its as_of."""
        start = self.start(scenario)
        stated = self.scenarios.get(scenario, {}).get("as_of", {})
        return date_of(stated.get("day", 0), start)

    def last_day(self, scenario: str) -> datetime.date:
        """The last day its runs simulate."""
        stated = self.scenarios.get(scenario, {}).get("horizon_days", 365)
        return last_day(self.start(scenario), float(stated["value"] if isinstance(stated, dict) else stated))

    @property
    def shows(self) -> str:
        """What the numbers are, for titles."""
        return "over the ranges of what is not known" if self.uncertain else "at the point values"

    @property
    def is_band(self) -> bool:
        """Whether it shows how far most replications lie apart, not how well their mean is known."""
        return self.uncertain and self.replications * max(self.points, 1) > 1

    @cached_property
    def covered(self) -> tuple[int, ...]:
        """What the intervals of its tables cover, in per cent, each number once, from the least."""
        rows = (*self.indicators.rows.values(), *self.monthly.rows.values())
        found = [one for row in rows for one in row.values()]
        return covered([*found, *(one for line in self.allocation.values() for one in line.values())])


def _donors(stated: dict[str, Any]) -> dict[str, str | None]:
    """The donor of each grant and pledge of a scenario's file."""
    return {name: one.get("donor") for kind in ("pledges", "grants") for name, one in stated.get(kind, {}).items()}


def read_study(folder: Path, uncertain: bool | None = None) -> StudyFiles:
    """Read a study folder; ``uncertain`` is asked of run.json unless it is given."""
    rows = read_table(folder / "indicators.csv")
    made = _made(folder)
    arms = tuple(dict.fromkeys(ArmName(row["scenario"], row["rule"]) for row in rows))
    points = _points(folder / "runs.csv")
    compared = folder / "differences.csv"
    return StudyFiles(
        arms=arms,
        indicators=estimates(rows),
        monthly=estimates(read_table(folder / "monthly.csv")),
        allocation=_allocation(read_table(folder / "allocation.csv")),
        scenarios={arm.scenario: _scenario(folder / f"scenario-{arm.scenario}.toml") for arm in arms},
        uncertain=points > 0 or bool(made.get("uncertain") if uncertain is None else uncertain),
        replications=int(rows[0]["replications"]) // max(points, 1) if rows else 0,
        points=points,
        differences=differences(read_table(compared)) if compared.exists() else NO_DIFFERENCES,
    )


def _points(path: Path) -> int:
    """How many points runs.csv tells of; 0 if it has no such column."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return 1 + max(int(row["point"]) for row in rows) if "point" in (rows.fieldnames or ()) else 0


def _made(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return made


def _scenario(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _allocation(rows: Iterable[Row]) -> dict[Line, dict[str, Estimate]]:
    found: dict[Line, dict[str, Estimate]] = {}
    for row in rows:
        arm = ArmName(row["scenario"], row["rule"])
        date = datetime.date.fromisoformat(row["date"])
        what = (row["reason"], row["service"], row["grant"])
        line = Line(arm, int(row["decision"]), date, float(row["day"]), *what)
        found.setdefault(line, {})[row["measure"]] = estimate(row)
    return found

"""The files of a study folder become estimates to show, found by name."""

from __future__ import annotations

import datetime
import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from ..study.store import Row, read_table

RUNNING = "running"
_OWN_LABELS = {("services", RUNNING): "Running costs", ("classes", "hosts"): "Host households"}
ASPECTS = ("service", "group", "origin", "location", "grant", "period")


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

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


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


class Line(NamedTuple):
    """One line of the allocation: a service and a grant at one decision."""

    arm: ArmName
    decision: int
    date: datetime.date
    day: float
    reason: str
    service: str
    grant: str


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

    def arm_label(self, arm: ArmName) -> str:
        """A scenario's name, with the rule where a study has more than one."""
        rules = {one.rule for one in self.arms if one.scenario == arm.scenario}
        return f"{arm.scenario} ({arm.rule})" if len(rules) > 1 else arm.scenario

    def label(self, scenario: str, kind: str, name: str) -> str:
        """What a scenario calls one of its services, classes, grants or places."""
        if (kind, name) in _OWN_LABELS:
            return _OWN_LABELS[kind, name]
        stated = self.scenarios.get(scenario, {})
        kinds = ("grants", "pledges") if kind == "grants" else (kind,)
        entry: dict[str, Any] = next((stated[one][name] for one in kinds if name in stated.get(one, {})), {})
        return str(entry.get("donor" if kind == "grants" else "label") or name)

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

    @property
    def shows(self) -> str:
        """What the numbers are, for titles."""
        return "over the ranges of what is not known" if self.uncertain else "at the point values"


def read_study(folder: Path, uncertain: bool | None = None) -> StudyFiles:
    """Read a study folder; ``uncertain`` is asked of run.json unless it is given."""
    rows = read_table(folder / "indicators.csv")
    made = _made(folder)
    arms = tuple(dict.fromkeys(ArmName(row["scenario"], row["rule"]) for row in rows))
    return StudyFiles(
        arms=arms,
        indicators=_estimates(rows),
        monthly=_estimates(read_table(folder / "monthly.csv")),
        allocation=_allocation(read_table(folder / "allocation.csv")),
        scenarios={arm.scenario: _scenario(folder / f"scenario-{arm.scenario}.toml") for arm in arms},
        uncertain=bool(made.get("uncertain")) if uncertain is None else uncertain,
        replications=int(rows[0]["replications"]) if rows else 0,
    )


def _made(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return made


def _scenario(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _estimates(rows: Iterable[Row]) -> Estimates:
    found: dict[tuple[ArmName, str], dict[_Key, Estimate]] = {}
    for row in rows:
        name = (ArmName(row["scenario"], row["rule"]), row["indicator"])
        found.setdefault(name, {})[tuple(row[aspect] for aspect in ASPECTS)] = _estimate(row)
    return Estimates(found)


def _estimate(row: Row) -> Estimate:
    numbers = [_number(row.get(name, "")) for name in ("mean", "ci_low", "ci_high", "p10", "p90", "share_defined")]
    return Estimate(*numbers)


def _number(text: str) -> float:
    return float(text) if text else math.nan


def _allocation(rows: Iterable[Row]) -> dict[Line, dict[str, Estimate]]:
    found: dict[Line, dict[str, Estimate]] = {}
    for row in rows:
        arm = ArmName(row["scenario"], row["rule"])
        date = datetime.date.fromisoformat(row["date"])
        what = (row["reason"], row["service"], row["grant"])
        line = Line(arm, int(row["decision"]), date, float(row["day"]), *what)
        found.setdefault(line, {})[row["measure"]] = _estimate(row)
    return found


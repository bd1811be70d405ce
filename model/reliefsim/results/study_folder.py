"""A study's folder, and those of answers about it, become what is shown of them: every file is read here, and once."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..indicators.slots import HOSTS
from ..scenario.schema_grants import grant_label
from ..store import Row, read_table
from .answer_folder import (
    ASK,
    NEXT,
    OWN_LABELS,
    PLAN,
    AnswerFolder,
    check_answers,
    digests,
    read_answers,
    read_made,
    read_scenario,
)  # fmt: skip
from .estimate_rows import (
    ASPECTS,
    NO_DIFFERENCES,
    NO_ESTIMATES,
    ArmName,
    Band,
    Differences,
    Estimate,
    Estimates,
    Line,
    RunOut,
    allocation,
    arm_of,
    bands,
    covered,
    differences,
    estimates,
    number,
    points_of,
    rows_if_any,
    run_outs,
)

__all__ = ["ArmName", "Estimate", "Estimates", "Line", "RunOut", "StudyFolder", "date_of", "last_day", "read_folder"]

RUNNING, BANDS, FAN, SCORECARD = "running", "bands.csv", "fan.csv", "scorecard.csv"
FUNDING = ("gap", "attribution", "budget", "pipeline")  # the fundraiser's tables whose rows are estimates


def date_of(entry: Any, start: datetime.date) -> datetime.date:
    """A date, or days since the start, which may be written with their range and source."""
    value = entry.get("value", 0) if isinstance(entry, dict) else entry
    return value if isinstance(value, datetime.date) else start + datetime.timedelta(days=math.ceil(value))


def last_day(start: datetime.date, horizon_days: float) -> datetime.date:
    """The last day of a run that begins on ``start``: the one that its last second is in."""
    return start + datetime.timedelta(days=math.ceil(horizon_days) - 1)


@dataclass(frozen=True)
class StudyFolder:
    """What a study folder holds, as read: nothing here comes from anywhere but its files.

    ``funded``: the fundraiser's tables, of a study of `gap` alone; ``tables``: rows by the name of their file.
    """

    arms: tuple[ArmName, ...]
    indicators: Estimates
    monthly: Estimates
    allocation: dict[Line, dict[str, Estimate]]
    scenarios: dict[str, dict[str, Any]]
    uncertain: bool
    replications: int
    points: int = 0  # of what is not known, with so many replications each; 0: there are none
    differences: Differences = NO_DIFFERENCES
    bands: Mapping[tuple[ArmName, str], Band] = field(default_factory=dict)  # of totals; none without bands.csv
    host_bands: Mapping[tuple[ArmName, str], Band] = field(default_factory=dict)  # the same of host households
    funded: Estimates = NO_ESTIMATES
    run_outs: Mapping[tuple[ArmName, str, str, str, str], RunOut] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    fan: Sequence[Row] = ()  # of fitted laws, by scenario; none without one
    scorecard: Sequence[Row] = ()
    made: Mapping[str, Any] = field(default_factory=dict)  # what run.json holds
    asks: tuple[AnswerFolder, ...] = ()
    nexts: tuple[AnswerFolder, ...] = ()
    plans: tuple[AnswerFolder, ...] = ()
    others: tuple[tuple[str, str], ...] = ()  # folders of answers, by name, with the SHA-256 of their run.json

    @property
    def is_funded(self) -> bool:
        """Whether it has the fundraiser's tables."""
        return "gap" in self.tables

    @property
    def answers(self) -> tuple[AnswerFolder, ...]:
        """All answers of other folders that are shown with it."""
        return (*self.asks, *self.nexts, *self.plans)

    @property
    def reference(self) -> ArmName:
        """What all others are held against: the first one unless the files say another."""
        return self.differences.reference or self.arms[0]

    def get(self, arm: ArmName, indicator: str, **aspects: str) -> Estimate:
        """An estimate of the whole run, from indicators.csv, or else from the fundraiser's tables."""
        found = self.indicators.get(arm, indicator, **aspects)
        return self.funded.get(arm, indicator, **aspects) if math.isnan(found.mean) else found

    def received(self, arm: ArmName, grant: str = "") -> Estimate:
        """The money that had come by the end."""
        found = list(self.monthly.along(arm, "received_usd", "period", grant=grant).values())
        return found[-1] if found else Estimate(0.0, 0.0, 0.0)

    def run_out(self, arm: ArmName, indicator: str, service: str = "", grant: str = "") -> RunOut | None:
        """When a service or a grant runs out."""
        return self.run_outs.get((arm, indicator, service, grant, ""))

    def levels(self, arm: ArmName) -> list[Row]:
        """The rows of levels.csv; none in a study of points."""
        return [row for row in self.tables.get("levels", ()) if arm_of(row) == arm]

    def stated(self, arm: ArmName) -> dict[str, Any]:
        """A scenario's file."""
        return self.scenarios.get(arm.scenario, {})

    @cached_property
    def _rows(self) -> dict[tuple[str, ArmName, str, tuple[str, ...]], Row]:
        return {
            (table, arm_of(row), row["indicator"], tuple(row.get(aspect, "") for aspect in ASPECTS)): row
            for table, rows in self.tables.items()
            if table != "levels"
            for row in rows
        }

    def row(self, table: str, arm: ArmName, indicator: str, **aspects: str) -> Row:
        """One row of a table, of the total over every aspect that is not given; empty where there is none."""
        return self._rows.get((table, arm, indicator, tuple(aspects.get(one, "") for one in ASPECTS)), {})

    def number(self, table: str, arm: ArmName, indicator: str, column: str = "mean", **aspects: str) -> float:
        """One number of such a row; NaN where it is not there or not defined."""
        return number(self.row(table, arm, indicator, **aspects).get(column, ""))

    def along(self, table: str, arm: ArmName, indicator: str, aspect: str) -> list[str]:
        """The names along one aspect alone, in the file's order."""
        others = [one for one in ASPECTS if one != aspect]
        return [
            row[aspect]
            for row in self.tables.get(table, ())
            if row["indicator"] == indicator and arm_of(row) == arm and row[aspect]
            and not any(row.get(one) for one in others)
        ]  # fmt: skip

    @cached_property
    def labels(self) -> list[str]:
        """What each arm is called."""
        return [self.arm_label(arm) for arm in self.arms]

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

    def families(self) -> tuple[StudyFolder, ...]:
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


def read_folder(folder: Path, made: Mapping[str, Any] | None = None, others: Sequence[Path] = ()) -> StudyFolder:
    """Read a study's folder, and folders of answers. ``made``: what run.json holds, where that is not there yet.

    Raises ValueError for a folder among ``others`` that holds no answer or a table that cannot be read, and OSError if a
    file is missing.
    """
    check_answers(others)
    made = read_made(folder) if made is None else made
    names = ["indicators", "monthly"]
    if all((folder / f"{name}.csv").exists() for name in (*FUNDING, "runout", "targets")):
        names += [*FUNDING, "runout"]
    names += [name for name in ("levels",) if "gap" in names and (folder / "levels.csv").exists()]
    tables = {name: read_table(folder / f"{name}.csv") for name in names}
    rows = tables["indicators"]
    arms = tuple(dict.fromkeys(map(arm_of, rows)))
    points = points_of(folder / "runs.csv")
    compared, drawn = folder / "differences.csv", rows_if_any(folder / BANDS)
    return StudyFolder(
        arms=arms,
        indicators=estimates(rows),
        monthly=estimates(tables["monthly"]),
        allocation=allocation(read_table(folder / "allocation.csv")),
        scenarios={arm.scenario: read_scenario(folder, arm.scenario) for arm in arms},
        uncertain=points > 0 or bool(made.get("uncertain")),
        replications=int(rows[0]["replications"]) // max(points, 1) if rows else 0,
        points=points,
        differences=differences(read_table(compared)) if compared.exists() else NO_DIFFERENCES,
        bands=bands(drawn),
        host_bands=bands(drawn, HOSTS),
        funded=estimates(row for name in FUNDING for row in tables.get(name, ())),
        run_outs=run_outs(tables.get("runout", ())),
        tables=tables,
        fan=rows_if_any(folder / FAN),
        scorecard=rows_if_any(folder / SCORECARD),
        made=made,
        asks=read_answers(others, ASK),
        nexts=read_answers(others, NEXT),
        plans=read_answers(others, PLAN),
        others=digests(others),
    )

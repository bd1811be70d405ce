"""A study's folder becomes what the page's sections are made from: its files, read once."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...results.estimate_rows import ArmName, Estimate
from ...results.funding_files import FILES, FundingFiles, read_funding
from ...results.study_files import OWN_LABELS, StudyFiles, read_study
from ...store import Row, read_table, sha256
from ..text.tongue import Tongue

_PLACES = ("locations", "origins")


@dataclass(frozen=True)
class Content:
    """Everything the page shows: nothing comes from anywhere but the folders' files and ``made``, their run.json."""

    study: StudyFiles
    funding: FundingFiles | None  # none of a study made by `run`
    made: Mapping[str, Any]
    asks: Sequence[Answer] = ()
    nexts: Sequence[Answer] = ()
    weekly: Sequence[Row] = ()  # rows of runout.csv with a week
    by_month: Sequence[Row] = ()  # rows with a month, of monthly.csv and gap.csv
    apart: Sequence[Row] = ()  # rows of differences.csv
    others: Sequence[tuple[str, str]] = ()  # folders of answers, by name, with the SHA-256 of their run.json

    @property
    def reference(self) -> ArmName:
        """What all others are held against: the first one unless the files say another."""
        return self.study.differences.reference or self.study.arms[0]

    @property
    def arms(self) -> tuple[ArmName, ...]:
        """All scenarios, the reference first."""
        return (self.reference, *(arm for arm in self.study.arms if arm != self.reference))

    @cached_property
    def _prefix(self) -> str:
        """What the titles of all scenarios begin with: ``Mali 2012: ``; empty if one does not, or there is one alone."""
        head, colon, _ = self.title(self.reference).partition(": ")
        alike = all(self.title(arm).startswith((f"{head}: ", f"{head} ")) for arm in self.arms)
        return f"{head}: " if colon and alike and len(self.arms) > 1 else ""

    def title(self, arm: ArmName) -> str:
        """What the scenario's file calls it."""
        return str(self.study.scenarios.get(arm.scenario, {}).get("title") or arm.scenario)

    def name(self, tongue: Tongue, arm: ArmName) -> str:
        """A scenario in a few words, with its rule where there are several."""
        title = tongue.say(self.title(arm))
        if self._prefix and self.title(arm).startswith(self._prefix) and ": " in title:
            title = title.split(": ", 1)[1]
            title = title[0].upper() + title[1:]
        rules = {one.rule for one in self.arms if one.scenario == arm.scenario}
        return f"{title} ({arm.rule})" if len(rules) > 1 else title

    def subject(self, tongue: Tongue) -> str:
        """What all scenarios are about: ``Mali 2012``, or where they share no name, the first one's and how many more."""
        titles = [tongue.say(title) for title in dict.fromkeys(self.title(arm) for arm in self.arms)]
        if self._prefix:
            return titles[0].split(": ")[0].rstrip("\u00a0 ")
        if len(titles) < 3:
            return tongue.listed(titles)
        return tongue.say("{scenario}, and {number} other scenarios", scenario=titles[0], number=len(titles) - 1)

    def label(self, tongue: Tongue, kind: str, name: str) -> str:
        """What the scenarios call a service, class, grant or place, in this language where the catalogue has it."""
        if kind in _PLACES:  # the tables name places by their P-codes where they have one
            entries = [(key, one) for arm in self.arms for key, one in self.stated(arm).get(kind, {}).items()]
            name = next((key for key, one in entries if one.get("pcode") == name), name)
        return tongue.say(self.study.any_label(kind, name))

    def services(self, arm: ArmName | None = None) -> list[str]:
        """The services of one or of all scenarios, in the files' order."""
        if arm is not None:
            return list(self.study.indicators.along(arm, "need_covered", "service"))
        return self.study.names("need_covered", "service")

    def grants(self, arms: Sequence[ArmName] | None = None) -> list[str]:
        """The grants and pledges of some or all scenarios."""
        found = [name for arm in arms or self.arms for name in self.study.indicators.along(arm, "spent_usd", "grant")]
        return list(dict.fromkeys(found))

    def stated(self, arm: ArmName) -> dict[str, Any]:
        """A scenario's file."""
        return self.study.scenarios.get(arm.scenario, {})

    def get(self, arm: ArmName, indicator: str, **aspects: str) -> Estimate:
        """An estimate of the whole run, from indicators.csv, or else from the fundraiser's tables."""
        found = self.study.indicators.get(arm, indicator, **aspects)
        if math.isnan(found.mean) and self.funding is not None:
            return self.funding.estimates.get(arm, indicator, **aspects)
        return found

    def received(self, arm: ArmName) -> Estimate:
        """The money that had come by the end."""
        found = list(self.study.monthly.along(arm, "received_usd", "period").values())
        return found[-1] if found else Estimate(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Answer:
    """What `ask` or `next-dollar` left: its rows, its run.json, and its scenario's file."""

    rows: Sequence[Row]
    made: Mapping[str, Any]
    stated: Mapping[str, Any]

    def title(self, tongue: Tongue) -> str:
        """What the scenario's file calls it."""
        return tongue.say(str(self.stated.get("title") or self.rows[0]["scenario"]))

    def label(self, tongue: Tongue, kind: str, name: str) -> str:
        """What the scenario calls one of its ``services`` or ``classes``; running costs and hosts have names of ours."""
        entry = self.stated.get(kind, {}).get(name, {})
        return tongue.say(OWN_LABELS.get((kind, name)) or str(entry.get("label") or name))


def read_content(folder: Path, made: Mapping[str, Any], others: Sequence[Path] = ()) -> Content:
    """Read a study's folder, and folders of answers. Raises OSError or ValueError if one cannot be read."""
    study = read_study(folder, uncertain=bool(made.get("uncertain")))
    funded = all((folder / f"{name}.csv").exists() for name in FILES)
    months = [row for row in read_table(folder / "monthly.csv") if row["period"]]
    weekly: list[Row] = []
    if funded:
        months += [row for row in read_table(folder / "gap.csv") if row["period"]]
        weekly = [row for row in read_table(folder / "runout.csv") if row["period"]]
    answers = {name: [_answer(one, name) for one in others if (one / name).exists()] for name in _ANSWERS}
    apart = folder / "differences.csv"
    return Content(
        study=study,
        funding=read_funding(folder, study) if funded else None,
        made=made,
        asks=answers["ask.csv"],
        nexts=answers["next_dollar.csv"],
        weekly=weekly,
        by_month=months,
        apart=read_table(apart) if apart.exists() else [],
        others=[(one.resolve().name, sha256(one / "run.json")) for one in others if (one / "run.json").exists()],
    )


_ANSWERS = ("ask.csv", "next_dollar.csv")


def _answer(folder: Path, name: str) -> Answer:
    made = json.loads((folder / "run.json").read_text(encoding="utf-8")) if (folder / "run.json").exists() else {}
    rows = read_table(folder / name)
    path = folder / f"scenario-{rows[0]['scenario'] if rows else ''}.toml"
    return Answer(rows, made, tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {})

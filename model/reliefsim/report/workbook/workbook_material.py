"""A study's folder and those of its asks become what the sheets are made of: nothing is simulated."""

from __future__ import annotations

import datetime
import json
import math
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...results.estimate_rows import ASPECTS
from ...results.funding_files import FundingFiles, read_funding
from ...results.study_files import RUNNING, ArmName, StudyFiles, read_study
from ...store import LAST, Row, read_table

NAN = math.nan
_NOT_OF_GAP = ("--out", "--precision", "--max-replications", "--reference")
_FOUND = ("indicators", "gap", "budget", "monthly", "runout", "targets")


@dataclass(frozen=True)
class Answer:
    """What ``ask`` or ``next-dollar`` left: its rows, and how it was called."""

    rows: list[Row]
    command: str


@dataclass(frozen=True)
class Material:
    """Everything that the sheets tell. ``funding``: none in a study of ``run``."""

    study: StudyFiles
    funding: FundingFiles | None
    made: Mapping[str, Any]
    tables: Mapping[str, list[Row]]
    asks: tuple[Answer, ...] = ()
    nexts: tuple[Answer, ...] = ()

    @property
    def arms(self) -> tuple[ArmName, ...]:
        """Every scenario and rule, in the files' order."""
        return self.study.arms

    @cached_property
    def labels(self) -> list[str]:
        """What each of them is called."""
        return [self.study.arm_label(arm) for arm in self.arms]

    @property
    def reference(self) -> ArmName:
        """What the others are held against."""
        return self.study.differences.reference or self.arms[0]

    @property
    def command(self) -> str:
        """How the study was called."""
        return called(self.made)

    @property
    def gap_command(self) -> str:
        """The call of ``gap`` that counts what a study of ``run`` does not, as far as its command tells."""
        words = [str(word) for word in self.made.get("command", ())]
        kept: list[str] = []
        value_of_other = False  # the value of an option that gap does not have, or that names the folder
        for word in words[2:] if words[1:2] == ["run"] else ():
            name, is_whole, _ = word.partition("=")
            if not (value_of_other or name in _NOT_OF_GAP or word == "--resume"):
                kept.append(word)
            value_of_other = name in _NOT_OF_GAP and not is_whole
        names = list(dict.fromkeys(arm.scenario for arm in self.arms))
        named = any(Path(word).stem in names for word in kept)
        return _pasted(["reliefsim", "gap", *(() if named else names), *kept])

    @cached_property
    def _rows(self) -> dict[tuple[str, ArmName, str, tuple[str, ...]], Row]:
        return {
            (table, arm_of(row), row["indicator"], tuple(row.get(aspect, "") for aspect in ASPECTS)): row
            for table, rows in self.tables.items()
            if table in ("indicators", "gap", "budget", "monthly", "runout")
            for row in rows
        }

    def row(self, table: str, arm: ArmName, indicator: str, **aspects: str) -> Row:
        """One row of a table, of the total over every aspect that is not given; empty where there is none."""
        return self._rows.get((table, arm, indicator, tuple(aspects.get(one, "") for one in ASPECTS)), {})

    def number(self, table: str, arm: ArmName, indicator: str, column: str = "mean", **aspects: str) -> float:
        """One number of such a row; NaN where it is not there or not defined."""
        return to_number(self.row(table, arm, indicator, **aspects).get(column, ""))

    def along(self, table: str, arm: ArmName, indicator: str, aspect: str) -> list[str]:
        """The names along one aspect alone, in the file's order."""
        others = [one for one in ASPECTS if one != aspect]
        return [
            row[aspect]
            for row in self.tables.get(table, ())
            if row["indicator"] == indicator and arm_of(row) == arm and row[aspect]
            and not any(row.get(one) for one in others)
        ]  # fmt: skip

    def names(self, table: str, indicator: str, aspect: str) -> list[str]:
        """The names along one aspect in any scenario, running costs last."""
        found = dict.fromkeys(name for arm in self.arms for name in self.along(table, arm, indicator, aspect))
        return sorted(found, key=lambda name: name == RUNNING)

    def of_hosts(self, arm: ArmName, service: str) -> bool:
        """Whether a service is one of host households, which no total counts."""
        stated = self.study.scenarios.get(arm.scenario, {}).get("services", {})
        ones = [one for name, one in stated.items() if one.get("counts_as", name) == service]
        return any(one.get("population") == "hosts" for one in ones)

    def place(self, arm: ArmName, kind: str, code: str) -> str:
        """What a scenario calls the place of a P-code."""
        stated = self.study.scenarios.get(arm.scenario, {}).get(kind, {})
        found = (one.get("label") for name, one in stated.items() if code in (name, one.get("pcode")))
        return str(next((label for label in found if label), code))


def called(made: Mapping[str, Any]) -> str:
    """A command as it was typed."""
    return _pasted(str(word) for word in made.get("command", ()))


def _pasted(words: Iterable[str]) -> str:
    """A call to be pasted into a shell, which knows what ~ is."""
    return " ".join(f"~/{shlex.quote(one[2:])}" if one.startswith("~/") else shlex.quote(one) for one in words)


def arm_of(row: Row) -> ArmName:
    """Whose row it is."""
    return ArmName(row["scenario"], row["rule"])


def to_number(text: str) -> float:
    """A number of a table; NaN if it is empty."""
    return float(text) if text else NAN


def to_date(text: str) -> datetime.date | None:
    """A date of a table; none if it is empty."""
    return datetime.date.fromisoformat(text) if text else None


def read_material(folder: Path, made: Mapping[str, Any], others: Sequence[Path]) -> Material:
    """Read a study's folder and those of its asks.

    Raises ValueError for a folder among ``others`` that holds no answer, and OSError if a file is missing.
    """
    study = read_study(folder, bool(made.get("uncertain")))
    has_gap = (folder / "gap.csv").exists()
    asks: list[Answer] = []
    nexts: list[Answer] = []
    for other in others:
        path = other / LAST
        command = called(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else ""
        if not any((other / name).exists() for name in ("ask.csv", "next_dollar.csv")):
            raise ValueError(f"{other} holds no ask.csv and no next_dollar.csv. Name a folder of ask or next-dollar")
        for name, found in (("ask.csv", asks), ("next_dollar.csv", nexts)):
            if (other / name).exists():
                found.append(Answer(read_table(other / name), command))
    return Material(
        study=study,
        funding=read_funding(folder, study) if has_gap else None,
        made=made,
        tables={name: read_table(folder / f"{name}.csv") for name in _FOUND if (folder / f"{name}.csv").exists()},
        asks=tuple(asks),
        nexts=tuple(nexts),
    )

"""A folder of ``ask``, ``next-dollar`` or ``plan`` becomes its rows, its scenario's words, and how it was called."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..store import LAST, Row, read_table, sha256

ASK, NEXT, PLAN = "ask.csv", "next_dollar.csv", "plan.csv"
ANSWERS, COMMANDS = (ASK, NEXT, PLAN), "ask, next-dollar or plan"
OWN_LABELS = {("services", "running"): "Running costs", ("classes", "hosts"): "Host households"}


@dataclass(frozen=True)
class AnswerFolder:
    """The rows of ask.csv, next_dollar.csv or plan.csv, what run.json holds, and the scenario's file."""

    rows: Sequence[Row]
    made: Mapping[str, Any] = field(default_factory=dict)
    stated: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the scenario's file calls it."""
        return str(self.stated.get("title") or self.rows[0]["scenario"])

    def part(self, name: str) -> list[Row]:
        """The rows that tell one thing (of ask.csv and plan.csv)."""
        return [row for row in self.rows if row["part"] == name]

    def label(self, kind: str, name: str) -> str:
        """What the scenario calls one of its ``services`` or ``classes``; running costs and hosts have names of ours."""
        return OWN_LABELS.get((kind, name)) or str(self.stated.get(kind, {}).get(name, {}).get("label") or name)


def read_answers(folders: Sequence[Path], name: str) -> tuple[AnswerFolder, ...]:
    """The answers of a kind, ASK, NEXT or PLAN, that lie in folders."""
    return tuple(_read(folder, name) for folder in folders if (folder / name).exists())


def check_answers(folders: Sequence[Path]) -> None:
    """Raise ValueError for a folder that holds no answer."""
    for folder in folders:
        if not any((folder / name).exists() for name in ANSWERS):
            raise ValueError(f"{folder} holds no {', no '.join(ANSWERS)}. Name a folder of {COMMANDS}")


def digests(folders: Sequence[Path]) -> tuple[tuple[str, str], ...]:
    """Folders by name, with the SHA-256 of their run.json."""
    return tuple((one.resolve().name, sha256(one / LAST)) for one in folders if (one / LAST).exists())


def read_made(folder: Path) -> dict[str, Any]:
    """What a folder's run.json holds; nothing where it is not there yet."""
    path = folder / LAST
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return made


def read_scenario(folder: Path, name: str) -> dict[str, Any]:
    """A resolved scenario as its file states it; nothing where there is none."""
    path = folder / f"scenario-{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _read(folder: Path, name: str) -> AnswerFolder:
    rows = read_table(folder / name)
    return AnswerFolder(rows, read_made(folder), read_scenario(folder, rows[0]["scenario"] if rows else ""))

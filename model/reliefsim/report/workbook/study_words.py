"""A study's folder becomes the words that several sheets need: commands, dates, places, and which services are for hosts."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...results.study_folder import RUNNING, ArmName, StudyFolder

_NOT_OF_GAP = ("--out", "--precision", "--max-replications", "--reference")


def as_typed(made: Mapping[str, Any]) -> str:
    """A command as it was typed. ``made``: what run.json holds."""
    return _pasted(str(word) for word in made.get("command", ()))


def gap_command(study: StudyFolder) -> str:
    """The call of ``gap`` that counts what a study of ``run`` does not, as far as its command tells."""
    words = [str(word) for word in study.made.get("command", ())]
    kept: list[str] = []
    value_of_other = False  # the value of an option that gap does not have, or that names the folder
    for word in words[2:] if words[1:2] == ["run"] else ():
        name, is_whole, _ = word.partition("=")
        if not (value_of_other or name in _NOT_OF_GAP or word == "--resume"):
            kept.append(word)
        value_of_other = name in _NOT_OF_GAP and not is_whole
    names = list(dict.fromkeys(arm.scenario for arm in study.arms))
    named = any(Path(word).stem in names for word in kept)
    return _pasted(["reliefsim", "gap", *(() if named else names), *kept])


def _pasted(words: Iterable[str]) -> str:
    """A call to be pasted into a shell, which knows what ~ is."""
    return " ".join(f"~/{shlex.quote(one[2:])}" if one.startswith("~/") else shlex.quote(one) for one in words)


def to_date(text: str) -> datetime.date | None:
    """A date of a table; none if it is empty."""
    return datetime.date.fromisoformat(text) if text else None


def names(study: StudyFolder, indicator: str, aspect: str) -> list[str]:
    """The names along one aspect in any scenario, running costs last."""
    found = dict.fromkeys(name for arm in study.arms for name in study.along("indicators", arm, indicator, aspect))
    return sorted(found, key=lambda name: name == RUNNING)


def of_hosts(study: StudyFolder, arm: ArmName, service: str) -> bool:
    """Whether a service is one of host households, which no total counts."""
    ones = [one for name, one in study.stated(arm).get("services", {}).items() if one.get("counts_as", name) == service]
    return any(one.get("population") == "hosts" for one in ones)


def place(study: StudyFolder, arm: ArmName, kind: str, code: str) -> str:
    """What a scenario calls the place of a P-code."""
    entries = study.stated(arm).get(kind, {})
    found = (one.get("label") for name, one in entries.items() if code in (name, one.get("pcode")))
    return str(next((label for label in found if label), code))

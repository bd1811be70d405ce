"""Folders of answers are held against a study: each must be about one of its scenarios, with the same inputs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..scenario.faults import KeyPath, dotted, shown
from .manifest import Manifest, NamedArm

_NO_INPUT = ("name", "title", "question")  # what a scenario is called and asks
_NOTHING = object()


def unlike(study: Path, manifest: Manifest, answer: Path, answered: Manifest) -> str:
    """Why an answer is not about a scenario of a study, in one line; empty if it is.

    Seed and replications may be others: they change how sure a number is, not what it is about. Raises OSError or
    ValueError where a scenario file cannot be read.
    """
    one = answered.scenarios[0]  # a question is about one scenario under one rule
    if one.scenario not in manifest.names:
        return (
            f"{answer} is about {one.scenario}, which is not in {study}. Name an answer about {' or '.join(manifest.names)}"
        )
    apart = _first_apart(_inputs(study, one.scenario), _inputs(answer, one.scenario))
    if apart:
        again = f"Ask again with the inputs of {study / _file(one.scenario)}"
        return f"{answer} is about {one.scenario} with other inputs than in {study}: {apart}. {again}"
    if one not in manifest.scenarios:
        return f"{answer} is about {one.scenario} under the rule {one.rule}. In {study} it is under {_rules(manifest, one)}"
    return ""


def _rules(manifest: Manifest, one: NamedArm) -> str:
    return " and ".join(arm.rule for arm in manifest.scenarios if arm.scenario == one.scenario)


def _file(scenario: str) -> str:
    return f"scenario-{scenario}.toml"


def _inputs(folder: Path, scenario: str) -> dict[KeyPath, Any]:
    """Every value of a resolved scenario by its path: with range and source, without notes."""
    path = folder / _file(scenario)
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} cannot be read: {error}") from None
    return {where: value for where, value in _leaves(stated, ()) if where[0] not in _NO_INPUT and where[-1] != "note"}


def _leaves(stated: Mapping[str, Any], above: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in stated.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield from _leaves({str(place): one for place, one in enumerate(value)}, (*above, key))
        else:
            yield (*above, key), value


def _first_apart(study: Mapping[KeyPath, Any], answer: Mapping[KeyPath, Any]) -> str:
    """The first value that differs, in both, and how many more do; empty if none does."""
    paths = [path for path in dict.fromkeys((*study, *answer)) if study.get(path, _NOTHING) != answer.get(path, _NOTHING)]
    if not paths:
        return ""
    there, here = (shown(of[paths[0]]) if paths[0] in of else "not stated" for of in (answer, study))
    more = f", and {len(paths) - 1} more" if len(paths) > 1 else ""
    key = dotted(paths[0][:-1] if paths[0][-1] == "value" else paths[0])
    return f"{key} is {there} there, {here} here{more}"

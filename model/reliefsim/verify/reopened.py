"""A study's folder becomes the request that it answers, to be carried out again."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.bands import DRAWN_RUNS
from ..results.manifest import Manifest, is_as_written
from ..results.sensitivity_rows import FILE as SENSITIVITY
from ..results.uncertainty import POINTS, read_points
from ..store import read_table
from ..study.queries.sobol import rows
from ..study.request import Sensitivity, StudyRequest

if TYPE_CHECKING:
    from ..scenario import Reading
    from ..study.statistics.points import Points

RUNS = "runs.csv"


class NotAgainError(Exception):
    """A study that its folder does not allow to run again, in one line."""


def reopen(folder: Path, manifest: Manifest) -> StudyRequest:
    """What was asked for, so many replications as were run. Raises NotAgainError where it cannot be run again, or it is not
    known for how long."""
    from ..rules import RULES

    strange = [*manifest.function_rules, *(rule for rule in manifest.rules if rule is not None and rule not in RULES)]
    if strange:
        raise NotAgainError(f"not run again: the rule {strange[0]} is a function, which no file holds")
    readings = tuple(_reading(folder, name) for name in manifest.names)
    is_sensitivity = (folder / SENSITIVITY).exists()
    if manifest.question is not None and not is_as_written(folder):
        raise NotAgainError("not run again: run.json, which alone says what was asked, was edited")
    if manifest.question is None and not is_sensitivity and not is_as_written(folder):
        _check_size(folder, manifest)
    points = None if manifest.points is None else _points(folder, manifest.points)
    try:
        request = StudyRequest(
            readings, manifest.rules, manifest.replications, manifest.seed, manifest.uncertain, points, manifest.bands,
            reference=manifest.reference, funding=manifest.funding, question=manifest.question,
            disclosure=manifest.disclosure, matters=manifest.matters,
        )  # fmt: skip
    except ValueError as error:  # one rule twice, in a run.json that was edited
        raise NotAgainError(f"not run again: {error}") from None
    return _as_sensitivity(folder, request) if is_sensitivity else request


def _reading(folder: Path, name: str) -> Reading:
    from ..scenario import ScenarioError, read
    from ..scenario.scenario_files import LARGEST_TABLE

    file = f"scenario-{name}.toml"
    try:
        reading = read(folder / file, largest=LARGEST_TABLE)
    except ScenarioError as error:
        said = str(error).splitlines()[0].replace(f"{folder}/", "")
        raise NotAgainError(f"not run again: {said if file in said else f'{file}: {said}'}") from None
    if reading.scenario.name != name:
        raise NotAgainError(f"not run again: {file} is named {reading.scenario.name}")
    return reading


def _check_size(folder: Path, manifest: Manifest) -> None:
    """A run.json that was edited is believed only if as many runs were made: else it could ask for any number."""
    try:
        runs = sum(len(read_table(folder / name)) for name in ((RUNS, DRAWN_RUNS) if manifest.bands else (RUNS,)))
    except (OSError, ValueError):
        runs = 0
    if runs != manifest.runs:
        raise NotAgainError(f"not run again: run.json asks for {manifest.runs:,} runs, {RUNS} holds {runs:,}")


def _points(folder: Path, count: int) -> Points:
    try:
        points = read_points(folder)
    except (OSError, ValueError, csv.Error):
        raise NotAgainError(f"not run again: {POINTS} cannot be read") from None
    if points.values.shape != (count, len(points.paths)):
        raise NotAgainError(f"not run again: {POINTS} does not hold the {count:,} points that run.json tells of")
    return points


def _as_sensitivity(folder: Path, request: StudyRequest) -> StudyRequest:
    """With the evaluations that gave the indices in a folder."""
    try:
        table = read_table(folder / SENSITIVITY)
        paths = tuple(dict.fromkeys(row["path"] for row in table))
        if int(table[0]["replications"]) != request.replications:
            raise ValueError
        count = int(table[0]["evaluations"]) // (len(paths) + 2)
        points = rows(request.scenario, count, request.seed, paths)
    except (ValueError, LookupError, TypeError):
        raise NotAgainError(f"not run again: {SENSITIVITY} does not tell what run.json tells") from None
    return replace(request, uncertain=False, points=points, over=paths, question=Sensitivity(count))

"""A study's folder becomes the work that was asked for, to be done again."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..report.sensitivity_report import AskedSensitivity
from ..results.manifest import Made, is_as_written
from ..results.sensitivity_rows import FILE as SENSITIVITY
from ..results.uncertainty import POINTS, read_points
from ..store import read_table

if TYPE_CHECKING:
    from ..scenario import Reading
    from ..study.running.jobs import Work
    from ..study.statistics.points import Points

RUNS = "runs.csv"


class NotAgainError(Exception):
    """A study that its folder does not allow to run again, in one line."""


@dataclass(frozen=True)
class Reopened:
    """A study as its folder tells it; ``asked``: of a study of sensitivity."""

    made: Made
    readings: tuple[Reading, ...]
    work: Work
    asked: AskedSensitivity | None = None


def reopen(folder: Path, made: Made) -> Reopened:
    """The study in a folder. Raises NotAgainError where it cannot be run again, or it is not known for how long."""
    from ..rules import RULES
    from ..study.running.jobs import Work

    strange = [*made.function_rules, *(rule for rule in made.rules if rule is not None and rule not in RULES)]
    if strange:
        raise NotAgainError(f"not run again: the rule {strange[0]} is a function, which no file holds")
    readings = tuple(_reading(folder, name) for name in made.names)
    is_sensitivity = (folder / SENSITIVITY).exists()
    if made.question is not None and not is_as_written(folder):
        raise NotAgainError("not run again: run.json, which alone says what was asked, was edited")
    if made.question is None and not is_sensitivity and not is_as_written(folder):
        _check_size(folder, made)
    points = None if made.points is None else _points(folder, made.points)
    work = Work(tuple(one.scenario for one in readings), made.rules, made.seed, made.uncertain, points, made.funding)
    if not is_sensitivity:
        return Reopened(made, readings, work)
    asked = _asked(folder, made, readings[0])
    return Reopened(made, readings, asked.work, asked)


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


def _check_size(folder: Path, made: Made) -> None:
    """A run.json that was edited is believed only if as many runs were made: else it could ask for any number."""
    try:
        runs = len(read_table(folder / RUNS))
    except (OSError, ValueError):
        runs = 0
    if runs != made.runs:
        raise NotAgainError(f"not run again: run.json asks for {made.runs:,} runs, {RUNS} holds {runs:,}")


def _points(folder: Path, count: int) -> Points:
    try:
        points = read_points(folder)
    except (OSError, ValueError, csv.Error):
        raise NotAgainError(f"not run again: {POINTS} cannot be read") from None
    if points.values.shape != (count, len(points.paths)):
        raise NotAgainError(f"not run again: {POINTS} does not hold the {count:,} points that run.json tells of")
    return points


def _asked(folder: Path, made: Made, reading: Reading) -> AskedSensitivity:
    """What was asked for to get the indices in a folder."""
    try:
        rows = read_table(folder / SENSITIVITY)
        paths = tuple(dict.fromkeys(row["path"] for row in rows))
        if int(rows[0]["replications"]) != made.replications:
            raise ValueError
        asked = AskedSensitivity(
            reading, made.rules[0], int(rows[0]["evaluations"]) // (len(paths) + 2), made.replications, made.seed,
            paths, None, 1, True, (),
        )  # fmt: skip
        asked.points  # noqa: B018 - are there any?
    except (ValueError, LookupError, TypeError):
        raise NotAgainError(f"not run again: {SENSITIVITY} does not tell what run.json tells") from None
    return asked

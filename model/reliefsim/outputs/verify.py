"""A study folder is checked: its files against their digests, and its numbers against the model, run again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..study.store import KEPT, LAST, FolderError, read_table, sha256
from . import sensitivity
from .provenance import machine, packages
from .uncertainty import read_points

if TYPE_CHECKING:
    from ..scenario import Reading, Scenario
    from ..study.kept import Kept
    from ..study.runner import Study
    from ..study.work import Job, Work


@dataclass(frozen=True)
class Verdict:
    """What was found: ``differences``, one line each, and ``checked``, what was looked at."""

    differences: tuple[str, ...]
    checked: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the folder is what the model gives."""
        return not self.differences


def verify(folder: Path, sample: int | None = None, workers: int = 1) -> Verdict:
    """Check every digest in a study folder, run the study again (or ``sample`` replications), compare to the byte.

    Raises FolderError where the folder holds no finished study, or one that cannot be run again.
    """
    made = _made(folder)
    edited = list(_edited(folder, made))
    readings, work = _again(folder, made)
    asked = _asked(folder, made, readings[0], work, workers) if (folder / sensitivity.FILE).exists() else None
    kept, damaged = _kept(folder, work if asked is None else asked.work)
    if sample is None or asked is not None:
        again = _tables_again(made, readings, work, workers) if asked is None else _sensitivity_again(asked)
        found = list(_compare_tables(folder, again))
        checked = "every replication run again, all tables compared"
    else:
        chosen = _sampled(made, sample)
        found = list(_compare_runs(folder, work, kept, chosen))
        checked = f"{len(chosen):,} replications run again and compared"
    causes = _causes(made, bool(edited)) if found or edited or damaged else []
    return Verdict(
        (*edited, *(f"{name}: damaged" for name in damaged), *found, *causes),
        (f"{len(made['outputs'])} files against their digests", checked),
    )


def _made(folder: Path) -> dict[str, Any]:
    path = folder / LAST
    if not path.exists():
        raise FolderError(f"{folder} holds no finished study")
    try:
        made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(made, dict):
            raise ValueError
        missing = {"version", "seed", "replications", "uncertain", "rules", "points", "scenarios", "outputs"} - set(made)
    except ValueError:
        raise FolderError(f"{path} is damaged") from None
    if missing:
        raise FolderError(f"{path} does not say what it was run with: {', '.join(sorted(missing))} is missing")
    return made


def _edited(folder: Path, made: dict[str, Any]) -> Iterator[str]:
    """Files that are not as they were written."""
    for name, digest in made["outputs"].items():
        path = folder / name
        if not path.exists():
            yield f"{name}: missing"
        elif sha256(path) != digest:
            yield f"{name}: edited or damaged since it was written"


def _again(folder: Path, made: dict[str, Any]) -> tuple[tuple[Reading, ...], Work]:
    """The scenarios and the work, as the folder tells them."""
    from ..money.rules import RULES
    from ..scenario import ScenarioError, read
    from ..study.work import Work

    names = dict.fromkeys(arm["scenario"] for arm in made["scenarios"])
    try:
        readings = tuple(read(folder / f"scenario-{name}.toml") for name in names)
    except ScenarioError as error:
        raise FolderError(f"{folder}: a scenario cannot be read: {str(error).splitlines()[0]}") from None
    strange = [rule for rule in made["rules"] if rule is not None and rule not in RULES]
    if strange:
        raise FolderError(f"{folder}: the rule {strange[0]} is a function; it cannot be run again from files alone")
    points = None if made["points"] is None else read_points(folder)
    scenarios = tuple(one.scenario for one in readings)
    return readings, Work(scenarios, tuple(made["rules"]), made["seed"], made["uncertain"], points)


def _kept(folder: Path, work: Work) -> tuple[Kept | None, tuple[str, ...]]:
    """The parts kept beside the tables, if they are still there, and those that are damaged."""
    from ..study.kept import Kept

    if not (folder / KEPT).is_dir():
        return None, ()
    kept = Kept(folder, work)
    return kept, kept.find(remove=False).damaged


def _compare_tables(folder: Path, write_again: Callable[[Path], None]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as place:
        write_again(Path(place))
        for path in sorted(Path(place).iterdir()):
            its = folder / path.name
            if not its.exists():
                yield f"{path.name}: missing"
            elif its.read_bytes() != path.read_bytes():
                yield f"{path.name}: not what the model gives now ({_first_difference(its, path)})"


def _tables_again(
    made: dict[str, Any], readings: Sequence[Reading], work: Work, workers: int
) -> Callable[[Path], None]:
    """Run a study again, and write its tables into a folder."""
    from ..study.runner import run_study
    from .tables import write_tables

    study: Study = run_study(
        readings, work.rules, int(made["replications"]), work.seed, workers, work.uncertain,
        points=work.points, reference=int(made.get("reference", 0)),
    )  # fmt: skip
    return lambda place: write_tables(study, place)


def _asked(
    folder: Path, made: dict[str, Any], reading: Reading, work: Work, workers: int
) -> sensitivity.AskedSensitivity:
    """What was asked for to get the indices in a folder."""
    rows = read_table(folder / sensitivity.FILE)
    paths = tuple(dict.fromkeys(row["path"] for row in rows))
    return sensitivity.AskedSensitivity(
        reading, work.rules[0], int(rows[0]["evaluations"]) // (len(paths) + 2), int(made["replications"]), work.seed,
        paths, None, workers, True, (),
    )  # fmt: skip


def _sensitivity_again(asked: sensitivity.AskedSensitivity) -> Callable[[Path], None]:
    """Work the indices out again, and write their table into a folder."""
    found = sensitivity.carry_out_sensitivity(asked)
    return lambda place: sensitivity.write_sensitivity(found, place)


def _first_difference(its: Path, mine: Path) -> str:
    """The first row that differs, and its first column that does."""
    try:
        theirs, ours = read_table(its), read_table(mine)
    except ValueError:
        return "it cannot be read"
    for number, (a, b) in enumerate(zip(theirs, ours, strict=False), start=2):
        for column in a:
            if a[column] != b.get(column):
                return f"row {number}, column {column}: {a[column]}, now {b.get(column)}"
    return f"{len(theirs)} rows, now {len(ours)}"


def _sampled(made: dict[str, Any], sample: int) -> list[Job]:
    """Single replications, evenly over all arms and points."""
    from ..study.work import Job

    rules, points, each = len(made["rules"]), made["points"] or 1, int(made["replications"])
    total = len(made["scenarios"]) * points * each
    chosen = []
    for place in sorted({place * total // sample for place in range(min(sample, total))}):
        arm, point = place // (points * each), place // each % points
        chosen.append(Job(arm // rules, arm % rules, point, place % each, place % each + 1))
    return chosen


def _compare_runs(folder: Path, work: Work, kept: Kept | None, chosen: Sequence[Job]) -> Iterator[str]:
    """Single replications against runs.csv, and against the kept parts to the byte."""
    from ..study.store import number

    keys = ("scenario", "rule", "point", "replication")
    if not (folder / "runs.csv").exists():
        return  # told already
    rows = {tuple(row.get(key, "0") for key in keys): row for row in read_table(folder / "runs.csv")}
    parts = kept.find(remove=False).parts if kept else {}
    for job in chosen:
        name, part = work.name(job), work.do((job,))[0]
        scenario, rule = work.scenarios[job.scenario], work.rule_name(job.scenario, job.rule)
        row = rows.get((scenario.name, rule, str(job.point), str(job.first)), {})
        for column, value in _totals(scenario, part.values[0].tolist()).items():
            if column in row and row[column] != number(value):
                yield f"runs.csv: {name}: {column} is {row[column]}, the model gives {number(value)} now"
                break
        for other, its in parts.items():
            same = other[:3] == job[:3] and other.first <= job.first < other.last
            if same and its.values[job.first - other.first].tobytes() != part.values[0].tobytes():
                yield f"{KEPT}: {name}: not what the model gives now"


def _totals(scenario: Scenario, values: Sequence[float]) -> dict[str, float]:
    """The indicators of one run that are not broken down."""
    from ..study.indicators import keys

    places = zip(keys(scenario), values, strict=True)
    return {key.indicator: value for key, value in places if not any(key[1:7])}


def _causes(made: dict[str, Any], edited: bool) -> list[str]:
    """What is likely to have made the difference."""
    found = []
    if edited:
        found.append("a file was edited")
    if made["version"] != __version__:
        found.append(f"reliefsim was {made['version']}, is {__version__}")
    now = packages()
    versions = made.get("packages", {}).items()
    found += [f"{name} was {version}, is {now.get(name)}" for name, version in versions if now.get(name) != version]
    here, there = machine(1), made.get("machine", {})
    keys = ("processor", "system", "python")
    found += [f"{key} was {there.get(key)}, is {here[key]}" for key in keys if there.get(key) != here[key]]
    return [f"likely cause: {'; '.join(found)}" if found else "likely cause: not known; nothing stated has changed"]



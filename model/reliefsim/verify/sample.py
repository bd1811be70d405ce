"""A few replications that are run again become lines: what runs.csv and the kept parts hold that the model does not give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.bands import DRAWN_RUNS
from ..store import number, read_table
from ..study.request import StudyRequest
from ..study.running.backends import Serial, Stop
from ..study.running.checkpoints import decode, fits
from ..study.running.jobs import DRAWN, Failure, Job, Part, Work
from .kept_parts import Parts
from .reopened import RUNS
from .run_again import Again, failed

if TYPE_CHECKING:
    from ..indicators.allocated import Line
    from ..scenario import Scenario


def sample_of_study(folder: Path, request: StudyRequest, parts: Parts, count: int, stop: Stop) -> Again:
    """Run single replications, compare them with runs.csv and with the kept parts. Raises StudyStoppedError."""
    from ..study.running.runner import StudyStoppedError

    chosen, rows, work = _chosen(request, count), _rows(folder), Work.of(request)
    found: list[str] = []
    done = 0
    for job, part in Serial().run(work, chosen, stop):
        done += 1
        name = work.name(job)
        if isinstance(part, Failure):
            found.append(failed(name, part.why))
        else:
            found += _run_difference(rows, work, job, part)
            found += _parts_that_differ(folder, work, parts, job, part)
    if stop():
        raise StudyStoppedError(done, len(chosen))
    return Again(tuple(found), checked=f"{len(chosen):,} replications run again and compared")


def _chosen(request: StudyRequest, count: int) -> list[Job]:
    """Single replications, evenly over all arms and points."""
    rules, points, each = len(request.rules), request.evaluations, request.replications
    chosen = []
    for place in sorted({one * request.runs // count for one in range(min(count, request.runs))}):
        arm, point = place // (points * each), place // each % points
        chosen.append(Job(arm // rules, arm % rules, point, place % each, place % each + 1))
    return chosen


def _rows(folder: Path) -> dict[tuple[str, ...], dict[str, str]] | None:
    """The rows of runs.csv, and of drawn ones, by what each is of; None if they cannot be read, which is told already."""
    keys = ("scenario", "rule", "point", "replication")
    found: dict[tuple[str, ...], dict[str, str]] = {}
    try:
        for point, name in enumerate((RUNS, DRAWN_RUNS)):
            if point == 0 or (folder / name).exists():
                rows = read_table(folder / name)
                found |= {tuple(row.get(key, str(point)) for key in keys): row for row in rows}
        return found
    except (OSError, ValueError):
        return None


def _run_difference(
    rows: dict[tuple[str, ...], dict[str, str]] | None, work: Work, job: Job, part: Part
) -> Iterator[str]:
    """The first column of a run's row in runs.csv that is another now."""
    if rows is None:
        return
    scenario, rule = work.scenarios[job.scenario], work.rule_name(job.scenario, job.rule)
    row = rows.get((scenario.name, rule, str(job.point), str(job.first)))
    table = DRAWN_RUNS if work.bands and job.point == DRAWN else RUNS
    if row is None:
        yield f"{table}: {work.name(job)}: has no row"
        return
    for column, value in _totals(scenario, part.values[0].tolist()).items():
        if column in row and row[column] != number(value):
            yield f"{table}: {work.name(job)}: {column} is {row[column]}, the model gives {number(value)} now"
            return


def _totals(scenario: Scenario, values: Sequence[float]) -> dict[str, float]:
    """The indicators of one run that are not broken down."""
    from ..indicators.measure import keys

    places = zip(keys(scenario), values, strict=False)  # the fundraiser's numbers, if any, stand behind them
    return {key.indicator: value for key, value in places if not any(key[1:7])}


def _parts_that_differ(folder: Path, work: Work, parts: Parts, job: Job, part: Part) -> Iterator[str]:
    """Kept parts that hold this run otherwise."""
    for other, path in parts.whole.items():
        if other[:3] == job[:3] and other.first <= job.first < other.last:
            _, its = decode(path.read_bytes())
            place = job.first - other.first
            if not fits(work, other, its) or _run_in(its, place, job.first) != _run_in(part, 0, job.first):
                file = path.relative_to(folder).as_posix()
                yield f"{file}: {work.name(job)}: not what the model gives now"


def _run_in(part: Part, place: int, replication: int) -> tuple[str, bytes, bytes, dict[Line, list[int]]]:
    """All that a part holds of one replication."""
    lines, amounts = part.allocations.lines, part.allocations.amounts.tolist()
    money = {lines[row[1]]: row[2:] for row in amounts if row[0] == replication}
    return part.rule, part.values[place].tobytes(), part.monthly[place].tobytes(), money

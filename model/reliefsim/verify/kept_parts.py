"""The folder ``kept`` becomes its whole parts by the job they hold, and what is missing, damaged or not of the study.

Parts are read one at a time: no more than one is in memory.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..results.manifest import Manifest
from ..store import KEPT, STUDY
from ..study.running.checkpoints import LOCK, DamagedPartError, read_part
from ..study.running.identity import MADE_WITH, identity
from ..study.running.jobs import Job

if TYPE_CHECKING:
    from ..study.running.jobs import Work

_NAME = re.compile(r"(\d+)-(\d+)-(\d+)\.part")


@dataclass
class Parts:
    """``whole``: the files of parts that are as they were written. ``claimed``: the jobs of all by their names."""

    whole: dict[Job, Path] = field(default_factory=dict)
    claimed: list[Job] = field(default_factory=list)
    studies: list[str] = field(default_factory=list)  # the digests of the studies that parts say they are of
    differences: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def read_parts(folder: Path, manifest: Manifest) -> Parts:
    """All there is in a study's folder ``kept``; nothing if it was removed."""
    found = Parts()
    own = {folder / KEPT / STUDY, folder / KEPT / LOCK}
    for place, arm in enumerate(manifest.scenarios):
        for path in sorted((folder / KEPT / arm.name).glob("*.part")):
            named = _NAME.fullmatch(path.name)
            if named:
                own.add(path)
                job = Job(*divmod(place, len(manifest.rules)), *(int(part) for part in named.groups()))
                found.claimed.append(job)
                _look_into(path, path.relative_to(folder).as_posix(), arm.name, job, found)
    others = (path for path in sorted((folder / KEPT).rglob("*")) if path not in own and not path.is_dir())
    found.strangers += [f"{path.relative_to(folder).as_posix()}: not of this study" for path in others]
    return found


def _look_into(path: Path, name: str, arm: str, job: Job, found: Parts) -> None:
    """Put one part with the whole ones, or say what is wrong with it."""
    try:
        head, _ = read_part(path)
    except DamagedPartError:
        found.differences.append(f"{name}: damaged")
        return
    if (head["part"], head["point"], head["first"], head["last"]) == (arm, *job[2:]):
        found.whole[job] = path
        found.studies.append(head["study"])
    else:
        its = f"{head['part']}/{head['point']}-{head['first']}-{head['last']}"
        found.differences.append(f"{name}: holds another part ({its})")


def missing_runs(parts: Parts, manifest: Manifest) -> Iterator[str]:
    """Replications that no part holds, one line for each gap."""
    held: dict[Job, list[Job]] = {}
    for job in parts.claimed:
        held.setdefault(job._replace(first=0, last=0), []).append(job)
    for place, arm in enumerate(manifest.scenarios):
        for point in range(manifest.evaluations):
            where = f"{KEPT}/{arm.name}: " + ("" if manifest.evaluations == 1 else f"point {point}, ")
            at = 0
            jobs = held.get(Job(*divmod(place, len(manifest.rules)), point, 0, 0), [])
            for job in sorted((*jobs, Job(0, 0, 0, manifest.replications, manifest.replications)), key=lambda one: one.first):
                if job.first > at and at < manifest.replications:
                    yield f"{where}{_numbers('replication', at, min(job.first, manifest.replications))}: missing"
                at = max(at, job.last)


def missing_rows(parts: Parts, manifest: Manifest, rows: int) -> Iterator[str]:
    """Rows of a study of sensitivity that no part holds."""
    held = {job.point for job in parts.claimed if job.last == manifest.replications}
    for row in range(rows):
        if row not in held:
            yield f"{KEPT}/{manifest.scenarios[0].name}: row {row}: missing"


def _numbers(what: str, first: int, last: int) -> str:
    return f"{what} {first}" if last == first + 1 else f"{what}s {first} to {last - 1}"


def study_differences(folder: Path, parts: Parts, manifest: Manifest, work: Work | None) -> Iterator[str]:
    """What is wrong with study.json: in itself, against the parts, and (with ``work``) against run.json and scenarios."""
    name, path = f"{KEPT}/{STUDY}", folder / KEPT / STUDY
    if not path.is_file():
        yield f"{name}: missing"
        return
    text = path.read_bytes()
    try:
        its = json.loads(text)
    except ValueError:
        its = None
    if not isinstance(its, dict) or _as_written(its) != text:
        yield f"{name}: damaged"
        return
    if work is not None:
        # What made it, not what checks it.
        mine = {**identity(work), "version": manifest.version, MADE_WITH: manifest.made_with}
        yield from _field_that_differs(name, its, json.loads(json.dumps(mine)))
    digest = hashlib.sha256(json.dumps(its, sort_keys=True).encode()).hexdigest()  # as in each part
    strange = sum(study != digest for study in parts.studies)
    if strange:
        yield f"{name}: not of the study that {strange:,} of {len(parts.studies):,} kept parts are of"


def _as_written(study: dict[str, Any]) -> bytes:
    return json.dumps(study, ensure_ascii=False, indent=1).encode() + b"\n"


def _field_that_differs(name: str, its: dict[str, Any], mine: dict[str, Any]) -> Iterator[str]:
    """The first one."""
    there, here = (dict(_fields(tree, ())) for tree in (its, mine))
    for place in (*there, *here):
        if there.get(place, "nothing") != here.get(place, "nothing"):
            by = (
                "scenario"
                if place.startswith("scenarios.")
                else "points.csv"
                if place.startswith("points.")
                else "run.json"
            )
            yield f"{name}: {place} is {there.get(place, 'nothing')} there, {here.get(place, 'nothing')} by {by}"
            return


def _fields(tree: Any, path: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The ends of a tree, each with the way to it."""
    inner = list(tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ())
    if not inner:
        yield ".".join(path), json.dumps(tree, ensure_ascii=False)[:60]
    for key, value in inner:
        yield from _fields(value, (*path, str(key)))

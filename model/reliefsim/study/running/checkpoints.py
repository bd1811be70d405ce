"""The results of a study are kept as they come, each job in a file that shows whether it is whole.

A study's folder has a folder ``kept``: in it ``study.json``, what the study is, and the parts,
``SCENARIO/RULE/POINT-FIRST-LAST.part``. A part is one line
of JSON (what it is, and the shapes of its tables), the tables' bytes, little-endian, and the SHA-256 of all before.
It is written beside its place, flushed to the disk and renamed, so that it is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...indicators.allocated import Allocations, Line
from ...store import KEPT, LAST, STUDY, FolderError, flush
from .identity import identity, refusal
from .jobs import Job, Part, Work

LOCK = ".lock"
_DIGEST = 32
AMOUNTS = 6  # columns of allocations


class DamagedPartError(Exception):
    """A part that is not what was written."""


class ForgedPartError(DamagedPartError):
    """A part whose digest is right, but which no study has written."""


class Found(NamedTuple):
    """Parts that are whole, and the names of those that were not, which are removed."""

    parts: dict[Job, Part]
    damaged: tuple[str, ...]


def encode(study: str, name: str, job: Job, part: Part) -> bytes:
    """A part, of a study with this digest, as bytes that show whether they are whole."""
    tables = {
        "values": part.values.astype("<f8", order="C", copy=False),
        "monthly": part.monthly.astype("<f8", order="C", copy=False),
        "amounts": part.allocations.amounts.astype("<i8", order="C", copy=False),
    }
    head = {
        "study": study,
        "part": name,
        "point": job.point,
        "first": job.first,
        "last": job.last,
        "rule": part.rule,
        "lines": [list(line) for line in part.allocations.lines],
        "shapes": {key: list(table.shape) for key, table in tables.items()},
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")) + "\n"
    body = text.encode() + b"".join(table.tobytes() for table in tables.values())
    return body + hashlib.sha256(body).digest()


def decode(data: bytes) -> tuple[dict[str, Any], Part]:
    """The head and the part out of bytes; raises DamagedPartError if they are not as they were written."""
    body, digest = data[:-_DIGEST], data[-_DIGEST:]
    if len(digest) < _DIGEST or hashlib.sha256(body).digest() != digest:
        raise DamagedPartError
    try:
        return _decoded(body)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ForgedPartError from None


def _decoded(body: bytes) -> tuple[dict[str, Any], Part]:
    """Raises, among others, ValueError where a head or a table is none of a job's."""
    end = body.index(b"\n") + 1
    head: dict[str, Any] = json.loads(body[:end])
    tables = {}
    for key, shape in head["shapes"].items():
        rows, columns = shape
        kind = "<i8" if key == "amounts" else "<f8"
        tables[key] = np.frombuffer(body, kind, rows * columns, end).reshape(rows, columns).astype(kind[1:])
        end += 8 * rows * columns
    lines, amounts = tuple(Line(*line) for line in head["lines"]), tables["amounts"]
    runs, places = (amounts[:, column] for column in (0, 1))
    wrong = (
        end != len(body),
        any(type(head[key]) is not str for key in ("study", "part", "rule")),
        any(type(head[key]) is not int for key in ("point", "first", "last")),
        not 0 <= head["first"] < head["last"],
        any([type(one) for one in line] != [str, int, str, str] for line in lines),
        amounts.shape[1] != AMOUNTS,
        bool(((runs < head["first"]) | (runs >= head["last"]) | (places < 0) | (places >= len(lines))).any()),
        bool(np.isinf(tables["values"]).any() or np.isinf(tables["monthly"]).any()),
    )
    if any(wrong):
        raise ValueError
    return head, Part(head["rule"], tables["values"], tables["monthly"], Allocations(lines, amounts))


def fits(work: Work, job: Job, part: Part) -> bool:
    """Whether a part has the numbers that its job leaves."""
    runs, columns, months = job.last - job.first, len(work.keys(job.scenario)), work.months(job.scenario)
    if work.points is not None and work.points.part_shape is not None:
        (runs, columns), months = work.points.part_shape, 0
    return part.values.shape == (runs, columns) and part.monthly.shape == (runs, months) and 0 <= job.point < work.evaluations


def read_part(path: Path) -> tuple[dict[str, Any], Part]:
    """What a part's file holds; raises DamagedPartError also for what is no file."""
    if not path.is_file():
        raise ForgedPartError
    return decode(path.read_bytes())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file and flush it to the disk, whole or not at all. Raises OSError if the disk refuses."""
    number, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
        flush(Path(beside))
        Path(beside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise


class CheckpointStore:
    """The parts of one study in its folder."""

    def __init__(self, folder: Path, work: Work) -> None:
        self.folder, self.work = folder / KEPT, work
        self.study = hashlib.sha256(json.dumps(identity(work), sort_keys=True).encode()).hexdigest()

    def save(self, job: Job, part: Part) -> None:
        """Keep one part; one that is there already stays. Raises OSError if the disk refuses."""
        path = self._path(job)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, encode(self.study, self._name(job), job, part))

    def find(self, remove: bool = True) -> Found:
        """All parts there are of this study; what is damaged, or was being written, is removed unless told not to."""
        parts: dict[Job, Part] = {}
        damaged = []
        for arm in self._arms():
            for path in sorted(self._place(arm).glob(".*.part.*") if remove else ()):
                path.unlink()  # what a killed process was writing
            for path in sorted(self._place(arm).glob("*.part")):
                name = path.relative_to(self.folder).as_posix()
                try:
                    head, part = read_part(path)
                except ForgedPartError:
                    raise FolderError(self._forged(name)) from None
                except DamagedPartError:
                    damaged.append(name)
                    if remove:
                        path.unlink()
                    continue
                if (head["study"], head["part"]) != (self.study, self._name(arm)):
                    if remove:
                        raise FolderError(f"{name} in {self.folder} is of another study. Name a new folder")
                    continue
                job = arm._replace(point=head["point"], first=head["first"], last=head["last"])
                if path != self._path(job) or not fits(self.work, job, part):
                    raise FolderError(self._forged(name))
                parts[job] = part
        return Found(parts, tuple(damaged))

    def are_mine(self) -> bool:
        """Whether there are parts, and all that are whole are of this study."""
        studies = set()
        for path in self.folder.rglob("*.part"):
            with suppress(DamagedPartError):
                studies.add(read_part(path)[0]["study"])
        return studies == {self.study}

    def remove_if_empty(self) -> None:
        """Leave nothing in the folder if no part is kept."""
        if self.folder.is_dir() and not any(self.folder.rglob("*.part")):
            shutil.rmtree(self.folder, ignore_errors=True)

    def _arms(self) -> Iterator[Job]:
        for scenario in range(len(self.work.scenarios)):
            for rule in range(len(self.work.rules)):
                yield Job(scenario, rule, 0, 0, 0)

    def _name(self, job: Job) -> str:
        return f"{self.work.scenarios[job.scenario].name}/{self.work.rule_name(job.scenario, job.rule)}"

    def _place(self, job: Job) -> Path:
        return self.folder / self._name(job)

    def _path(self, job: Job) -> Path:
        return self._place(job) / f"{job.point}-{job.first}-{job.last}.part"

    def _forged(self, name: str) -> str:
        return f"{name} in {self.folder} is no part of this study, although its digest is right. Remove it, or name a new folder"


def check_identity(folder: Path, work: Work) -> None:
    """Raise FolderError, naming the first field that differs, unless ``folder`` holds this very study.

    A folder without parts, or with parts of this study alone, becomes this study's.
    """
    path = folder / KEPT / STUDY
    mine = json.loads(json.dumps(identity(work)))
    if not path.exists():
        if not CheckpointStore(folder, work).are_mine():
            _check_unused(folder)
        path.parent.mkdir(exist_ok=True)
        write_whole(path, json.dumps(mine, ensure_ascii=False, indent=1).encode() + b"\n")
        return
    try:
        its = json.loads(path.read_bytes()) if path.is_file() else None
    except ValueError:
        its = None
    if not isinstance(its, dict):
        raise FolderError(
            f"{path} is damaged. Remove it and give the same command again: the parts beside it are kept, and say "
            "themselves of which study they are"
        )
    why = refusal(its, mine)
    if why:
        raise FolderError(f"{folder} {why}")


def _check_unused(folder: Path) -> None:
    """Raise FolderError unless nothing is in a folder."""
    if (folder / LAST).exists():
        raise FolderError(f"{folder} holds a finished study whose parts are gone, or are of another. Name a new folder")
    others = [one.name for one in folder.iterdir() if one.name != KEPT] if folder.is_dir() else []
    others += [one.name for one in (folder / KEPT).iterdir() if one.name != LOCK] if (folder / KEPT).is_dir() else []
    if others:
        raise FolderError(f"{folder} is not empty, and holds no study, or another. Name a new or an empty folder")


@contextmanager
def only_runner(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone; a lock whose owner has died is free. Raises FolderError if it is held."""
    path = folder / KEPT / LOCK
    while True:
        with path.open("a+", encoding="utf-8") as file:
            if not _locked(file.fileno()):
                file.seek(0)
                owner = file.read().strip() or "another process"
                raise FolderError(f"{folder} is being written by {owner}. Wait for it, or end it")
            if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                continue  # its last owner has just removed it
            file.truncate(0)
            file.write(f"process {os.getpid()}")
            file.flush()
            try:
                yield
            finally:
                with suppress(OSError):
                    path.unlink()
            return


def _locked(number: int) -> bool:
    """Whether the lock on an open file could be taken; the system lets go of it when its owner ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

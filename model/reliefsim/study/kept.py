"""The results of a study are kept as they come, each job in a file that shows whether it is whole.

A folder holds ``study.json``, what the study is, and ``parts/SCENARIO/RULE/POINT-FIRST-LAST.part``. A part is one line
of JSON (what it is, and the shapes of its tables), the tables' bytes, little-endian, and the SHA-256 of all before.
It is written beside its place, flushed to the disk and renamed, so that it is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .allocation import Allocations, Line
from .store import FolderError
from .work import Job, Part, Work

STUDY = "study.json"
PARTS = "parts"
LOCK = ".lock"
_DIGEST = 32


class Damaged(Exception):
    """A part that is not what was written."""


class Found(NamedTuple):
    """Parts that are whole, and the files of those that are not."""

    parts: dict[Job, Part]
    damaged: tuple[Path, ...]


def encode(name: str, job: Job, part: Part) -> bytes:
    """A part as bytes that show whether they are whole."""
    tables = {
        "values": part.values.astype("<f8", order="C", copy=False),
        "monthly": part.monthly.astype("<f8", order="C", copy=False),
        "amounts": part.allocations.amounts.astype("<i8", order="C", copy=False),
    }
    head = {
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
    """The head and the part out of bytes; raises Damaged if they are not as they were written."""
    body, digest = data[:-_DIGEST], data[-_DIGEST:]
    if len(digest) < _DIGEST or hashlib.sha256(body).digest() != digest:
        raise Damaged
    end = body.index(b"\n") + 1
    head: dict[str, Any] = json.loads(body[:end])
    tables = {}
    for key, shape in head["shapes"].items():
        count = int(np.prod(shape))
        kind = "<i8" if key == "amounts" else "<f8"
        tables[key] = np.frombuffer(body, kind, count, end).reshape(shape).astype(kind[1:])
        end += 8 * count
    lines = tuple(Line(*line) for line in head["lines"])
    return head, Part(head["rule"], tables["values"], tables["monthly"], Allocations(lines, tables["amounts"]))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file and flush it to the disk, whole or not at all. Raises OSError if the disk refuses."""
    number, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise


class Kept:
    """The parts of one study in a folder; the folder is made when the first part is kept."""

    def __init__(self, folder: Path, work: Work) -> None:
        self.folder, self.work = folder, work

    def save(self, job: Job, part: Part) -> None:
        """Keep one part; one that is there already stays. Raises OSError if the disk refuses."""
        path = self._place(job) / f"{job.point}-{job.first}-{job.last}.part"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, encode(self._name(job), job, part))

    def find(self) -> Found:
        """All parts there are of this study's scenarios and rules, and the files that are damaged."""
        parts: dict[Job, Part] = {}
        damaged = []
        for scenario in range(len(self.work.scenarios)):
            for rule in range(len(self.work.rules)):
                arm = Job(scenario, rule, 0, 0, 0)
                for path in sorted(self._place(arm).glob("*.part")):
                    try:
                        head, part = decode(path.read_bytes())
                        if head["part"] != self._name(arm):
                            raise Damaged
                    except Damaged:
                        damaged.append(path)
                        continue
                    job = Job(scenario, rule, int(head["point"]), int(head["first"]), int(head["last"]))
                    parts[job] = part
        return Found(parts, tuple(damaged))

    def _name(self, job: Job) -> str:
        return f"{self.work.scenarios[job.scenario].name}/{self.work.rule_name(job.scenario, job.rule)}"

    def _place(self, job: Job) -> Path:
        return self.folder / PARTS / self._name(job)


@contextmanager
def only_runner(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone; a lock whose owner has died is free. Raises FolderError if it is held."""
    path = folder / LOCK
    with path.open("a+", encoding="utf-8") as file:
        if not _locked(file.fileno()):
            file.seek(0)
            owner = file.read().strip() or "another process"
            raise FolderError(f"{folder} is being written by {owner}. Wait for it, or end it")
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink()


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

"""A study that is run again becomes lines: what its tables and its kept parts hold that the model does not give now."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..report.publish import kind_of
from ..results.datapackage import describe
from ..store import read_table
from ..study.request import StudyRequest
from ..study.running.backend_choice import chosen
from ..study.running.backends import Backend, Running, Stop
from ..study.running.checkpoints import CheckpointStore, Found, decode, encode
from ..study.running.jobs import Job, Part
from ..study.running.runner import ReplicationsFailedError
from .kept_parts import Parts


@dataclass(frozen=True)
class Again:
    """``differences``, one line each; the names of tables that are the ``same`` to the byte; in words, what was
    ``checked``, or why it is ``refused``."""

    differences: tuple[str, ...] = ()
    same: frozenset[str] = frozenset()
    checked: str = ""
    refused: str = ""


class Compared(CheckpointStore):
    """Stands where parts are kept while a study is run again: each part that comes is compared with the one in its file.

    ``find`` does the very jobs of those files again: cut otherwise, their bytes would differ.
    """

    def __init__(self, folder: Path, request: StudyRequest, parts: Parts, backend: Backend, stop: Stop) -> None:
        super().__init__(folder, kind_of(request).work(request))
        self._files, self._backend, self._stop = parts.whole, backend, stop
        self._jobs = [] if request.question else sorted(parts.whole, key=lambda job: (*job[2:], *job[:2]))
        self.differences: list[str] = []

    def find(self, remove: bool = True) -> Found:
        """The parts that are kept, made again. Those that fail are left out: they will be asked for, and named."""
        found: dict[Job, Part] = {}
        for job, part in self._backend.run(self.work, self._jobs, self._stop):
            if isinstance(part, Part):
                self.save(job, part)
                found[job] = part
        return Found(found, ())

    def save(self, job: Job, part: Part) -> None:
        """Compare a part, to the byte, with its file if there is one."""
        path = self._files.get(job)
        if path is None:
            return
        its = path.read_bytes()
        head, _ = decode(its)
        if encode(head["study"], head["part"], job, part) != its:
            name = path.relative_to(self.folder.parent).as_posix()
            self.differences.append(f"{name}: not what the model gives now")


def whole_study(folder: Path, request: StudyRequest, parts: Parts, stop: Stop) -> Again:
    """Run all of it, compare every table and every kept part.

    Raises StudyStoppedError and BackendError.
    """
    kind, backend = kind_of(request), chosen(request, math.inf if request.question else request.runs)
    compared = Compared(folder, request, parts, backend, stop)
    try:
        result = kind.find(request, Running(backend, kept=compared, stop=stop))
    except ReplicationsFailedError as error:
        lines = (failed(name, why) for name, why in error.failures)
        return Again(
            (*lines, *compared.differences), checked="every replication run again; some fail: no table compared"
        )
    finally:
        backend.close()
    found = _compared(folder, lambda place: kind.write(request, result, place))
    differing = (line for line in found.values() if line)
    beside = " and kept parts" if parts.whole else ""
    return Again(
        (*differing, *compared.differences),
        frozenset(name for name in found if not found[name]),
        f"every replication run again, all tables{beside} compared",
    )


def failed(name: str, why: str) -> str:
    """A replication that ran when the study was made, and fails now."""
    return f"{name}: fails when it is run again: {why}"


def _compared(folder: Path, write: Callable[[Path], None]) -> dict[str, str]:
    """By its name, how each table differs that ``write`` writes; empty if it does not."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place:
        write(Path(place))
        describe(Path(place))
        for path in sorted(Path(place).iterdir()):
            found[path.name] = _table_difference(folder / path.name, path)
    return found


def _table_difference(its: Path, mine: Path) -> str:
    """The first row that differs, and its first column that does; empty if the bytes are the same."""
    if not its.is_file():
        return f"{its.name}: missing"
    if its.read_bytes() == mine.read_bytes():
        return ""
    where = f" ({_first_difference(its, mine)})" if its.suffix == ".csv" else ""
    return f"{its.name}: not what the model gives now{where}"


def _first_difference(its: Path, mine: Path) -> str:
    try:
        theirs, ours = read_table(its), read_table(mine)
    except ValueError:
        return "it cannot be read"
    for line, (a, b) in enumerate(zip(theirs, ours, strict=False), start=2):
        for column in (*b, *(one for one in a if one not in b)):
            if a.get(column) != b.get(column):
                return f"row {line}, column {column}: {a.get(column)}, now {b.get(column)}"
    return f"{len(theirs)} rows, now {len(ours)}"

"""A study that is run again becomes lines: what its tables and its kept parts hold that the model does not give now."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..results.datapackage import describe
from ..store import read_table
from ..study.running.backends import Backend, Stop
from ..study.running.checkpoints import Found, Kept, decode, encode
from ..study.running.jobs import Job, Part
from .kept_parts import Parts
from .reopened import Reopened


@dataclass(frozen=True)
class Again:
    """``differences``, one line each; the names of tables that are the ``same`` to the byte; in words, what was
    ``checked``, or why it is ``refused``."""

    differences: tuple[str, ...] = ()
    same: frozenset[str] = frozenset()
    checked: str = ""
    refused: str = ""


class Compared(Kept):
    """Stands where parts are kept while a study is run again: each part that comes is compared with the one in its file.

    ``find`` does the very jobs of those files again: cut otherwise, their bytes would differ.
    """

    def __init__(self, folder: Path, again: Reopened, parts: Parts, backend: Backend, stop: Stop) -> None:
        super().__init__(folder, again.work)
        self._files, self._backend, self._stop = parts.whole, backend, stop
        self._jobs = [] if again.asked else sorted(parts.whole, key=lambda job: (*job[2:], *job[:2]))
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


def whole_study(folder: Path, again: Reopened, parts: Parts, workers: int, stop: Stop) -> Again:
    """Run all of it, compare every table and every kept part.

    Raises StudyStoppedError and BackendError.
    """
    from ..study.running.runner import ReplicationsFailedError

    backend = _backend(again, workers)
    compared = Compared(folder, again, parts, backend, stop)
    try:
        write = _way(again)(again, compared, backend, stop)
    except ReplicationsFailedError as error:
        lines = (failed(name, why) for name, why in error.failures)
        return Again(
            (*lines, *compared.differences), checked="every replication run again; some fail: no table compared"
        )
    finally:
        backend.close()
    found = _compared(folder, write)
    differing = (line for line in found.values() if line)
    beside = " and kept parts" if parts.whole else ""
    return Again(
        (*differing, *compared.differences),
        frozenset(name for name in found if not found[name]),
        f"every replication run again, all tables{beside} compared",
    )


def _way(again: Reopened) -> Callable[[Reopened, Compared, Backend, Stop], Callable[[Path], None]]:
    """How it is run again."""
    if again.made.question is not None:
        return _answers
    return _indices if again.asked else _tables


def _answers(again: Reopened, compared: Compared, backend: Backend, stop: Stop) -> Callable[[Path], None]:
    """Ask a fundraiser's question again; what writes its tables into a folder."""
    from .ask_again import ask_again

    made = again.made
    assert made.question is not None
    return ask_again(
        made.question, again.readings[0], made.rules[0], made.replications, made.seed, made.uncertain, backend, stop
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


def _backend(again: Reopened, workers: int) -> Backend:
    """Processes where the work is worth starting them."""
    from ..report.publish import opened
    from ..study.running.runner import POOL_PAYS_SECONDS, SECONDS_A_PERSON

    runs = again.made.runs if again.asked is None else again.asked.evaluations * again.made.replications
    people = max(float(one.scenario.caseload.people.value) for one in again.readings)
    pays = workers > 1 and runs * people * SECONDS_A_PERSON > POOL_PAYS_SECONDS
    return opened("processes" if pays else "serial", workers, insecure=False)


def _tables(again: Reopened, compared: Compared, backend: Backend, stop: Stop) -> Callable[[Path], None]:
    """Run a study again; what writes its tables into a folder."""
    from ..results.funding_tables import write_all_tables
    from ..results.hapi import write_hapi
    from ..results.pcodes import write_pcodes
    from ..study.queries.funding_levels import levels
    from ..study.running.runner import run_study

    made, work = again.made, again.work
    study = run_study(
        again.readings, work.rules, made.replications, work.seed, uncertain=work.uncertain, points=work.points,
        reference=made.reference, backend=backend, kept=compared, stop=stop, funding=made.funding,
    )  # fmt: skip
    less = levels(study, work.rules, backend, 1, stop) if made.funding else ()

    def write(place: Path) -> None:
        write_all_tables(study, place, made.funding, less)
        write_hapi(study, place)
        write_pcodes(study, place)

    return write


def _indices(again: Reopened, compared: Compared, backend: Backend, stop: Stop) -> Callable[[Path], None]:
    """Evaluate a study of sensitivity again; what writes its table into a folder."""
    from ..report.sensitivity_report import Sensitivity, write_sensitivity
    from ..study.queries.sobol import evaluate, indices

    asked = again.asked
    assert asked is not None
    values = evaluate(again.work, asked.replications, backend, lambda _: None, compared, stop)
    found = Sensitivity(asked, indices(values, asked.seed))
    return lambda place: write_sensitivity(found, place)


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

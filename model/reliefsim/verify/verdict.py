"""A study folder is checked: its files against their digests, and its numbers against the model, run again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..results.manifest import DamagedError, Made, edited, read_made, strangers
from ..results.provenance import machine, packages
from ..store import KEPT, LAST
from ..study.running.backends import Stop
from .evidence import pack_of
from .kept_parts import Parts, missing_rows, missing_runs, read_parts, study_differences
from .reopened import NotAgainError, Reopened, reopen
from .run_again import Again, whole_study
from .sample import sample_of_study

MOST_LINES = 20  # of one kind: more tell nothing more


@dataclass(frozen=True)
class Verdict:
    """What was found: ``differences``, one line each; ``noted``, what is no difference; ``checked``, what was looked at."""

    differences: tuple[str, ...]
    noted: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the folder is what the model gives."""
        return not self.differences


def verify(folder: Path, sample: int | None = None, workers: int = 1, stop: Stop = lambda: False) -> Verdict:
    """Check every digest in a study folder, run the study again (or ``sample`` replications), compare to the byte.

    What is in the folder and not of the study is noted, and no difference: it changes nothing that the study says. A
    study that cannot be run again is not verified: that is a difference. Raises FolderError where the folder holds no
    finished study, StudyStoppedError and BackendError.
    """
    try:
        made = read_made(folder)
    except DamagedError as error:
        return Verdict((str(error), f"likely cause: {LAST} was edited or damaged"))
    files, parts = edited(folder, made), read_parts(folder, made)
    try:
        again = reopen(folder, made)
        found = _run_again(folder, again, parts, sample, workers, stop)
    except NotAgainError as error:
        again, found = None, Again(refused=str(error))
    for name in found.same & files.keys():
        files[name] = f"{name}: what the model gives, but not by its digest in {LAST}"
    of_parts = [*parts.differences, *_of_kept(folder, made, parts, again)]
    noted, likely = [*strangers(folder, made), *parts.strangers], []
    of_pack = pack_of(folder, made)
    files, noted = files | of_pack.wrong, [*noted, *of_pack.noted]
    if files or of_parts or found.differences:
        likely = [_likely_cause(files, of_parts, made)]
    elif again and (changes := _changes(made)):
        noted.append(f"made otherwise, with the same result: {'; '.join(changes)}")
    refused = [found.refused] if found.refused else []
    differences = (*files.values(), *_few(of_parts), *refused, *_few(found.differences), *likely)
    return Verdict(differences, tuple(_few(noted)), tuple(_checked(folder, made, parts, found)))


def _run_again(folder: Path, again: Reopened, parts: Parts, sample: int | None, workers: int, stop: Stop) -> Again:
    if sample is None or again.asked or again.made.question is not None:
        return whole_study(folder, again, parts, workers, stop)
    return sample_of_study(folder, again, parts, sample, stop)


def _checked(folder: Path, made: Made, parts: Parts, found: Again) -> Iterator[str]:
    yield f"{len(made.outputs)} files against their digests"
    if (folder / KEPT).is_dir():
        yield f"{len(parts.claimed):,} kept parts against theirs"
    if found.checked:
        yield found.checked


def _of_kept(folder: Path, made: Made, parts: Parts, again: Reopened | None) -> list[str]:
    """What is missing in the folder of kept parts, or wrong with what says of which study they are."""
    if not (folder / KEPT).is_dir():
        return []
    found = list(study_differences(folder, parts, made, again.work if again else None))
    if again and again.asked:
        return found + list(missing_rows(parts, made, again.asked.rows))
    return found + list(missing_runs(parts, made))


def _few(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"… and {more:,} more of this kind"] if more > 0 else list(lines)


def _likely_cause(files: dict[str, str], of_parts: Sequence[str], made: Made) -> str:
    """What somebody has done to the folder, and what is not as it was when the study was made."""
    found = [f"{LAST} was edited or damaged"] if LAST in files else []
    if of_parts or files.keys() - {LAST}:
        found.append("a file was edited, damaged or removed")
    return f"likely cause: {'; '.join([*found, *_changes(made)]) or 'not known; nothing stated has changed'}"


def _changes(made: Made) -> list[str]:
    """What is not as it was when the study was made."""
    found = [f"reliefsim was {made.version}, is {__version__}"] if made.version != __version__ else []
    now = packages()
    versions = made.packages.items()
    found += [f"{name} was {version}, is {now.get(name)}" for name, version in versions if now.get(name) != version]
    here, there = machine(1), made.machine
    keys = ("processor", "system", "python")
    return found + [f"{key} was {there.get(key)}, is {here[key]}" for key in keys if there.get(key) != here[key]]

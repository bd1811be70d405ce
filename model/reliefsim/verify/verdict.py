"""A study folder is checked: its files against their digests, and its numbers against the model, run again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .. import __version__
from ..report.publish import kind_of
from ..results.manifest import DamagedError, Manifest, edited, machine, packages, read_manifest, strangers
from ..store import KEPT, LAST
from ..study.request import FindPlan, Sensitivity, StudyRequest
from ..study.running.backends import Stop
from .evidence import pack_of
from .kept_parts import Parts, missing_rows, missing_runs, read_parts, study_differences
from .reopened import NotAgainError, reopen
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
        manifest = read_manifest(folder)
    except DamagedError as error:
        return Verdict((str(error), f"likely cause: {LAST} was edited or damaged"))
    files, parts = edited(folder, manifest), read_parts(folder, manifest)
    try:
        request = replace(reopen(folder, manifest), workers=workers)
        found = _run_again(folder, request, parts, sample, stop)
    except NotAgainError as error:
        request, found = None, Again(refused=str(error))
    for name in found.same & files.keys():
        files[name] = f"{name}: what the model gives, but not by its digest in {LAST}"
    of_parts = [*parts.differences, *_of_kept(folder, manifest, parts, request)]
    noted, likely = [*strangers(folder, manifest), *parts.strangers], []
    of_pack = pack_of(folder, manifest)
    files, noted = files | of_pack.wrong, [*noted, *of_pack.noted]
    if files or of_parts or found.differences:
        likely = [_likely_cause(files, of_parts, manifest)]
    elif request and (changes := _changes(manifest)):
        noted.append(f"made otherwise, with the same result: {'; '.join(changes)}")
    refused = [found.refused] if found.refused else []
    differences = (*files.values(), *_few(of_parts), *refused, *_few(found.differences), *likely)
    return Verdict(differences, tuple(_few(noted)), tuple(_checked(folder, manifest, parts, found)))


def _run_again(folder: Path, request: StudyRequest, parts: Parts, sample: int | None, stop: Stop) -> Again:
    if sample is None or request.question is not None:
        return whole_study(folder, request, parts, stop)
    return sample_of_study(folder, request, parts, sample, stop)


def _checked(folder: Path, manifest: Manifest, parts: Parts, found: Again) -> Iterator[str]:
    yield f"{len(manifest.outputs)} files against their digests"
    if (folder / KEPT).is_dir():
        yield f"{len(parts.claimed):,} kept parts against theirs"
    if found.checked:
        yield found.checked


def _of_kept(folder: Path, manifest: Manifest, parts: Parts, request: StudyRequest | None) -> list[str]:
    """What is missing in the folder of kept parts, or wrong with what says of which study they are."""
    if not (folder / KEPT).is_dir():
        return []
    found = list(study_differences(folder, parts, manifest, kind_of(request).work(request) if request else None))
    if request and isinstance(request.question, FindPlan):
        return found  # which plans a search looks at is known when it has been made again
    if request and isinstance(request.question, Sensitivity):
        return found + list(missing_rows(parts, manifest, request.question.rows))
    return found + list(missing_runs(parts, manifest))


def _few(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"… and {more:,} more of this kind"] if more > 0 else list(lines)


def _likely_cause(files: dict[str, str], of_parts: Sequence[str], manifest: Manifest) -> str:
    """What somebody has done to the folder, and what is not as it was when the study was made."""
    found = [f"{LAST} was edited or damaged"] if LAST in files else []
    if of_parts or files.keys() - {LAST}:
        found.append("a file was edited, damaged or removed")
    return f"likely cause: {'; '.join([*found, *_changes(manifest)]) or 'not known; nothing stated has changed'}"


def _changes(manifest: Manifest) -> list[str]:
    """What is not as it was when the study was made."""
    found = [f"reliefsim was {manifest.version}, is {__version__}"] if manifest.version != __version__ else []
    now = packages()
    versions = manifest.packages.items()
    found += [f"{name} was {version}, is {now.get(name)}" for name, version in versions if now.get(name) != version]
    here, there = machine(1), manifest.machine
    keys = ("processor", "system", "python")
    return found + [f"{key} was {there.get(key)}, is {here[key]}" for key in keys if there.get(key) != here[key]]

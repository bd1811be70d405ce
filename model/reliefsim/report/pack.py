"""A study's folder becomes its evidence pack: a page and a workbook, from its files alone."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..results.answer_folder import ANSWERS, COMMANDS
from ..results.manifest import PACK, PAGE, SHOWN
from ..store import LAST, FolderError, new_file

STUDY = "indicators.csv"


class UnfitError(FolderError):
    """Folders of which no pack can be made: a line each of what is wrong with the study's, and with those of answers."""

    def __init__(self, of_study: Sequence[str], of_answers: Sequence[str]) -> None:
        self.of_study, self.of_answers = tuple(of_study), tuple(of_answers)
        super().__init__("\n".join((*of_study, *of_answers)))


@dataclass(frozen=True)
class Pack:
    """What was written, and what not and why."""

    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def write_again(folder: Path, others: Sequence[Path] = (), least: int | None = None) -> Pack:
    """Write page and workbook again, both or none, once every file that they show is found to be as it was written.

    ``least``: see write_pack. Raises UnfitError, naming all that is wrong, also of answers about another scenario or one
    with other inputs, and ValueError where a table with a right digest is of no use.
    """
    _check(folder, others)
    with _made_aside(folder, others, __version__, least) as made:
        for path in made.paths:
            with new_file(folder / path.name) as hidden:
                shutil.copyfile(path, hidden)
    if len(made.paths) < len(PACK):
        (folder / PAGE).unlink(missing_ok=True)  # of the study as it was shown before
    return Pack(tuple(folder / path.name for path in made.paths), made.notes)


def as_it_would_be(
    folder: Path, others: Sequence[Path] = (), version: str = __version__, least: int | None = None
) -> dict[str, bytes]:
    """The page and the workbook that a folder's files, and answers from elsewhere, give with a version."""
    with _made_aside(folder, others, version, least) as made:
        return {path.name: path.read_bytes() for path in made.paths}


@contextmanager
def _made_aside(folder: Path, others: Sequence[Path], version: str, least: int | None) -> Iterator[Pack]:
    with tempfile.TemporaryDirectory() as aside:
        for path in folder.iterdir():
            if path.is_file() and path.suffix in SHOWN:
                shutil.copyfile(path, Path(aside) / path.name)
        try:
            made = write_pack(Path(aside), others, version, least)
        except (LookupError, ArithmeticError, TypeError, AttributeError) as error:
            raise ValueError(f"its tables do not fit together ({type(error).__name__}: {error})") from None
        yield made


def write_pack(
    folder: Path, others: Sequence[Path] = (), version: str = __version__, least: int | None = None
) -> Pack:
    """Write the page and the workbook of a finished study into its folder, each whole or not at all; nothing is run.

    ``others``: folders of `ask`, `next-dollar` and `plan`, whose answers are shown, too. The page says so where ``version``,
    which makes it, is not the study's. ``least``: fewer people of a class or place are not told; None: as the study has it. A
    page that would be too large is left out, and noted. Raises ValueError where a table cannot be read.
    """
    from .page import PageTooLargeError, write_page
    from .workbook import write_workbook

    made = json.loads((folder / LAST).read_text(encoding="utf-8"))
    made.pop("digest", None)  # it is not there yet when a study writes its pack
    if least is not None:
        made["disclosure"] = least
    if made["version"] != version:
        made["shown_by"] = version
    workbook = write_workbook(folder, made, others)
    try:
        return Pack((write_page(folder, made, others), workbook))
    except PageTooLargeError as error:
        return Pack((workbook,), (f"{PAGE}: not written. {error}",))


def _check(folder: Path, others: Sequence[Path]) -> None:
    """Raise UnfitError unless a pack can be made of a study as it was written, with these answers."""
    from ..results.answered import unlike
    from ..results.manifest import DamagedError, Manifest, read_manifest, unfit_to_show

    made: dict[Path, Manifest] = {}
    faults: dict[Path, str] = {}
    for one in dict.fromkeys((folder, *others)):
        fault = _study_fault(one) if one == folder else _answer_fault(one)
        try:
            made |= {} if fault else {one: read_manifest(one)}
        except DamagedError as error:
            fault = f"{one}: {error}"
        if one in made:
            fault = "\n".join(f"{one}: {line}" for line in unfit_to_show(one, made[one]))
        if not fault and one != folder and folder in made:
            try:
                fault = unlike(folder, made[folder], one, made[one])
            except OSError as error:
                fault = f"{one} cannot be held against {folder}: {error.strerror or error} ({error.filename})"
            except ValueError as error:
                fault = str(error)
        if fault:
            faults[one] = fault
    own = faults.pop(folder, "").splitlines()
    own += [f"{folder}: {name}: not a file. Move it away" for name in PACK if (folder / name).is_dir()]
    if own or faults:
        raise UnfitError(own, [line for fault in faults.values() for line in fault.splitlines()])


def _study_fault(folder: Path) -> str:
    if not (folder / LAST).is_file():
        return f"{folder} holds no finished study"
    if not (folder / STUDY).is_file():
        kinds = (
            f"an answer of {COMMANDS}" if any((folder / name).is_file() for name in ANSWERS) else "no indicators"
        )
        return f"{folder} holds {kinds}. Name a folder of run or gap first, and folders of answers behind it"
    return ""


def _answer_fault(folder: Path) -> str:
    if (folder / LAST).is_file() and any((folder / name).is_file() for name in ANSWERS):
        return ""
    return f"{folder} holds no answer of {COMMANDS}"

"""A call becomes a study folder, and what is printed of it."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..screen import printable, say
from ..study.running.memory import check_fits
from .pack import write_pack
from .terminal.closing_lines import closing, noted

if TYPE_CHECKING:
    from ..results.funding_files import FundingFiles
    from ..results.provenance import Settings
    from ..results.study_files import StudyFiles
    from ..rules import Rule
    from ..scenario import Reading
    from ..study.queries.funding_levels import Levels
    from ..study.running.backends import Backend
    from ..study.running.checkpoints import Kept
    from ..study.running.jobs import Work
    from ..study.running.runner import Goal, Progress, Study
    from ..study.statistics.points import Points

COMPILING_SECONDS = 40  # on a laptop; told to the user, so rounded up


@dataclass(frozen=True)
class Asked:
    """What a user asked for, checked. ``folder`` None: nothing is written."""

    readings: tuple[Reading, ...]
    rules: tuple[str | Rule | None, ...]
    replications: int | Goal
    seed: int
    uncertain: bool
    workers: int
    folder: Path | None
    figures: bool
    quiet: bool
    command: Sequence[str]
    points: Points | None = None
    reference: int = 0
    backend: str | None = None  # None: processes where that is faster
    insecure: bool = False
    resume: bool = False
    funding: bool = False  # the fundraiser's tables, too
    precision: str | None = None  # as it was written, and for run.json, as what follows
    over: Sequence[str] | None = None

    @property
    def settings(self) -> Settings:
        """What run.json tells of the call."""
        from ..results.provenance import Settings

        most = None if isinstance(self.replications, int) else self.replications.most
        functions = [self.work.rule_name(0, place) for place, rule in enumerate(self.rules) if callable(rule)]
        return Settings(
            self.command, self.workers, self.backend, self.insecure, self.precision, most, self.over,
            function_rules=functions, figures=self.figures, funding=self.funding,
        )  # fmt: skip

    @property
    def work(self) -> Work:
        """The work of its jobs."""
        from ..study.running.jobs import Work

        scenarios = tuple(one.scenario for one in self.readings)
        return Work(scenarios, self.rules, self.seed, self.uncertain, self.points, self.funding)


def carry_out(asked: Asked) -> Study:
    """Run a study, write its files whole or not at all, and print what it found.

    Results are kept in the folder as they come. Raises TooLargeError and FolderError before anything is run,
    StudyStoppedError and ReplicationsFailedError with what was done kept, and OSError if the disk refuses.
    """
    from ..store import KEPT, check_free, check_possible, made_folder
    from ..study.running.checkpoints import Kept, check_identity, only_runner
    from ..study.running.stopping import asked_to_stop

    check_fits(asked)
    folder = asked.folder
    if folder is None:
        with asked_to_stop() as stop:
            return _run(asked, None, stop)
    (check_possible if asked.resume else check_free)(folder)
    kept = Kept(folder, asked.work)
    with made_folder(folder / KEPT), only_runner(folder), asked_to_stop() as stop:
        try:
            check_identity(folder, asked.work)
            study = _run(asked, kept, stop)
            text = _write(asked, study, _at_part_of_the_money(asked, study, stop), folder)
        except BaseException:
            kept.remove_if_empty()
            raise
    if not asked.quiet:
        click.echo(coloured(printable(text)))
        say("".join(f"{note}\n" for note in study.notes), nl=False)
        say(closing(folder, asked.readings))
    return study


def _run(asked: Asked, kept: Kept | None, stop: Callable[[], int]) -> Study:
    """Run what is not kept yet."""
    from ..study.running.runner import StudyStoppedError, run_study

    if not asked.quiet:
        say_before(kept)
    where = opened(asked.backend, asked.workers, asked.insecure) if asked.backend else None
    most = asked.replications if isinstance(asked.replications, int) else asked.replications.most
    points = 1 if asked.points is None else len(asked.points.values)
    total = len(asked.readings) * len(asked.rules) * points * most
    try:
        with bar(total, asked.quiet) as progress:
            return run_study(
                asked.readings, asked.rules, asked.replications, asked.seed, asked.workers, asked.uncertain, progress,
                points=asked.points, reference=asked.reference, backend=where, kept=kept, stop=lambda: bool(stop()),
                funding=asked.funding,
            )  # fmt: skip
    except StudyStoppedError as error:
        error.signal = stop()
        raise
    finally:
        if where is not None:
            where.close()


def _at_part_of_the_money(asked: Asked, study: Study, stop: Callable[[], int]) -> Levels:
    """For the fundraiser: every arm at less money."""
    if not asked.funding:
        return ()
    from ..study.queries.funding_levels import levels
    from ..study.running.runner import StudyStoppedError

    where = opened(asked.backend, asked.workers, asked.insecure) if asked.backend else None
    try:
        return levels(study, asked.rules, where, asked.workers, lambda: bool(stop()))
    except StudyStoppedError as error:
        error.signal = stop()
        raise
    finally:
        if where is not None:
            where.close()


def say_before(kept: Kept | None) -> None:
    """Tell the user what takes time before anything is done: compiling, and parts that are done again."""
    say_compiling()
    for name in kept.find().damaged if kept else ():
        say(f"{name} was damaged: it is done again.", err=True)


def opened(name: str, workers: int, insecure: bool) -> Backend:
    """The backend of a name; raises BackendError for a cluster of no use, or an address of none."""
    from ..study.running.backend_choice import backend
    from ..study.running.backends import BackendError

    try:
        return backend(name, workers, insecure)
    except ValueError as error:
        raise BackendError(str(error)) from None


def _write(asked: Asked, study: Study, levels: Levels, folder: Path) -> str:
    """Write every file of the study; the text for the terminal."""
    from ..results.funding_files import read_funding
    from ..results.funding_tables import write_all_tables
    from ..results.hapi import write_hapi
    from ..results.pcodes import write_pcodes
    from ..results.provenance import write_provenance
    from ..results.study_files import read_study
    from ..scenario import dump
    from ..store import new_files
    from .terminal.funding_terminal import funding_summary
    from .terminal.study_terminal import summary

    with new_files(folder) as hidden:
        write_all_tables(study, hidden, asked.funding, levels)
        write_hapi(study, hidden)
        write_pcodes(study, hidden)
        for reading in asked.readings:
            resolved = hidden / f"scenario-{reading.scenario.name}.toml"
            resolved.write_text(dump(reading), encoding="utf-8", newline="\n")
        found = None if asked.quiet and not asked.figures else read_study(hidden, study.uncertain)
        funding = read_funding(hidden, found) if found and asked.funding else None
        notes = _draw(found, funding, hidden) if found and asked.figures else []
        text = funding_summary(funding) if funding else summary(found) if found else ""
        write_provenance(study, hidden, asked.settings)
        notes += write_pack(hidden).notes if asked.figures else ()
    return noted(text, notes) if text else ""


def _draw(found: StudyFiles, funding: FundingFiles | None, folder: Path) -> list[str]:
    """Draw every figure; what is to be said of them."""
    from .figures import draw_all
    from .figures.figure_saving import undrawn
    from .figures.funding_figures import draw_funding

    missing = draw_all(found, folder)
    if funding:
        missing |= draw_funding(funding, folder)
    return undrawn(missing, folder)


def default_folder(names: Sequence[str], today: datetime.date | None = None) -> Path:
    """`results/<date>-<names>` under the current folder, with -2, -3 … if that is taken."""
    from ..scenario import shipped_names

    if len(names) > 1 and sorted(names) == sorted(shipped_names()):
        named = "all"
    else:
        named = "-".join(names[:3]) + (f"-and-{len(names) - 3}-more" if len(names) > 3 else "")
    base = f"{(today or datetime.date.today()).isoformat()}-{named}"
    number = 1
    while True:
        folder = Path("results") / (base if number == 1 else f"{base}-{number}")
        if not folder.exists():
            return folder
        number += 1


def say_compiling() -> None:
    """Tell the user before the kernels are compiled."""
    from ..engine.delivery.services import is_compiled

    if not is_compiled():
        say(f"Compiling once, takes about {COMPILING_SECONDS} seconds; kept for later runs.", err=True)


@contextmanager
def bar(total: int, quiet: bool, label: str = "Replications") -> Iterator[Progress]:
    """A progress bar with the time left on a terminal; nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True, width=30) as bar:
        yield bar.update


def coloured(text: str) -> str:
    """The terminal's text with differences that are real in colours, beside the words that say so; a pipe gets none."""
    for words, colour in (("real, better", "green"), ("real, worse", "red")):
        text = text.replace(words, click.style(words, fg=colour))
    return text

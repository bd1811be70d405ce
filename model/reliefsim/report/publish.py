"""A request becomes a folder, and what is printed of it."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..results.manifest import write_manifest
from ..results.next_dollar_table import write_next
from ..results.sensitivity_rows import write_sensitivity
from ..screen import printable, say
from ..store import KEPT, check_free, check_possible, made_folder, new_files
from ..study.queries.ask_answers import answer_with_curve
from ..study.queries.marginal import BESIDE, lines, next_dollar
from ..study.queries.plan_answer import Found as FoundPlan
from ..study.queries.plan_finding import work_of
from ..study.queries.plan_found import find
from ..study.queries.sobol import sensitivity
from ..study.request import Ask, FindPlan, NextDollar, Sensitivity, StudyRequest
from ..study.running.backend_choice import named
from ..study.running.backends import Running
from ..study.running.checkpoints import CheckpointStore, check_identity, only_runner
from ..study.running.jobs import Work
from ..study.running.memory import check_fits
from ..study.running.runner import Study, StudyStoppedError, goal_of
from ..study.running.stopping import asked_to_stop
from .ask_report import tell_ask, write_ask
from .next_dollar_report import tell_next
from .pack import write_pack
from .plan_report import tell_plan, write_plan
from .sensitivity_report import tell_sensitivity
from .study_report import run_with_levels, tell_study, write_study
from .terminal.closing_lines import closing, noted

if TYPE_CHECKING:
    from ..study.running.backends import Progress

COMPILING_SECONDS = 40  # on a laptop; told to the user, so rounded up


class Kind(NamedTuple):
    """What is asked for, by its question: how many steps it takes and what they are called, how it is found, written as
    tables, and told (text, and notes on figures); whether what is done is kept meanwhile, and of which work."""

    label: str
    steps: Callable[[StudyRequest], int]
    find: Callable[[StudyRequest, Running], Any]
    write: Callable[[StudyRequest, Any, Path], None]
    tell: Callable[[StudyRequest, Path], tuple[str, list[str]]]
    is_kept: bool
    work: Callable[[StudyRequest], Work] = Work.of


def _steps_of_a_study(request: StudyRequest) -> int:
    return len(request.arms) * request.evaluations * goal_of(request).most


def _steps_of_an_ask(request: StudyRequest) -> int:
    assert isinstance(request.question, Ask)
    return request.replications * len(request.question.days)


def _steps_of_next_dollar(request: StudyRequest) -> int:
    return request.replications * (BESIDE + len(lines(request.scenario)))


def _steps_of_sensitivity(request: StudyRequest) -> int:
    return request.runs // request.replications


def _steps_of_a_plan(request: StudyRequest) -> int:
    assert isinstance(request.question, FindPlan)
    return request.question.effort


KINDS: dict[type, Kind] = {
    type(None): Kind("Replications", _steps_of_a_study, run_with_levels, write_study, tell_study, True),
    Ask: Kind("Amounts", _steps_of_an_ask, answer_with_curve, write_ask, tell_ask, False),
    NextDollar: Kind("Replications", _steps_of_next_dollar, next_dollar, write_next, tell_next, False),
    FindPlan: Kind("Runs", _steps_of_a_plan, find, write_plan, tell_plan, True, work_of),
    Sensitivity: Kind("Evaluations", _steps_of_sensitivity, sensitivity, write_sensitivity, tell_sensitivity, True),
}


def kind_of(request: StudyRequest) -> Kind:
    """What a request asks for."""
    return KINDS[type(request.question)]


def carry_out(request: StudyRequest) -> Any:
    """Carry a request out, write its files whole or not at all, and print what was found; a Study, Answer, list of Bought
    or Indices.

    What a study or a sensitivity has done is kept in the folder as it comes. Raises TooLargeError and FolderError before
    anything is run, StudyStoppedError and ReplicationsFailedError with what was done kept, BackendError, and OSError if
    the disk refuses.
    """
    folder, kept = request.folder, None
    if request.question is None:
        check_fits(request)
    with ExitStack() as held:
        if folder is not None:
            (check_possible if request.resume else check_free)(folder)
            if kind_of(request).is_kept:
                kept = CheckpointStore(folder, kind_of(request).work(request))
                held.enter_context(made_folder(folder / KEPT))
                held.enter_context(only_runner(folder))
        stop = held.enter_context(asked_to_stop())
        try:
            if folder is not None and kept is not None:
                check_identity(folder, kept.work)
            found = _found(request, kept, stop)
            text = "" if folder is None else _write(request, found, folder)
        except BaseException:
            if kept is not None:
                kept.remove_if_empty()
            raise
    if folder is not None and not request.quiet:
        if isinstance(found, Study):
            click.echo(coloured(printable(text)))
            say("".join(f"{note}\n" for note in found.notes), nl=False)
        else:
            say(text)
        say(closing(folder, request.readings))
    return found


def _found(request: StudyRequest, kept: CheckpointStore | None, stop: Callable[[], int]) -> Any:
    """Do what is not kept yet."""
    kind = kind_of(request)
    if not request.quiet:
        say_compiling()
        for name in kept.find().damaged if kept else ():
            say(f"{name} was damaged: it is done again.", err=True)
    try:
        running = Running(kept=kept, stop=lambda: bool(stop()))
        with named(request, running) as inside, bar(kind.steps(request), request.quiet, kind.label) as progress:
            return kind.find(request, replace(inside, progress=progress))
    except StudyStoppedError as error:
        error.signal = stop()
        raise


def _write(request: StudyRequest, found: Any, folder: Path) -> str:
    """Write every file; the text for the terminal."""
    from ..scenario import dump

    kind = kind_of(request)
    with made_folder(folder), new_files(folder) as hidden:
        kind.write(request, found, hidden)
        for reading in request.readings:
            resolved = hidden / f"scenario-{reading.scenario.name}.toml"
            resolved.write_text(dump(reading), encoding="utf-8", newline="\n")
        text, notes = kind.tell(request, hidden)
        done = found.replications if isinstance(found, Study) else request.replications
        write_manifest(found.request if isinstance(found, FoundPlan) else request, done, hidden)
        if isinstance(found, Study) and request.figures:
            notes += write_pack(hidden).notes
    return noted(text, notes) if text else ""


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
    """The terminal's text with verdicts in colours, where they stand in a column of a table; a pipe gets none."""
    for words, colour in (("better", "green"), ("worse", "red")):
        text = re.sub(f"(?<=  ){words}(?=  |$)", click.style(words, fg=colour), text, flags=re.MULTILINE)
    return text

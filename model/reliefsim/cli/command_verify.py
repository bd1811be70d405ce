"""`verify`: a study's folder is checked, and run again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..screen import say, spelled
from . import options
from .checked_calls import refused
from .typed import BadCall, Checked, whole

if TYPE_CHECKING:
    from ..study.running.backends import Stop
    from ..verify import Verdict

DIFFERS = 1  # exit code


@click.command(
    cls=Checked, short_help="Check a study folder, and run it again.",
    epilog=options.example("verify results/my-study"),
)  # fmt: skip
@click.argument("folder", type=click.Path(path_type=Path))
@whole("--sample", 1, options.MOST_REPLICATIONS, help="Run only so many replications again, which is faster.  [default: all]")
@options.workers
def verify(folder: Path, sample: int | None, workers: int | None) -> None:
    """Check a study folder: every file against its digest, every number against the model, run again.

    FOLDER is what `run`, `gap`, `ask`, `next-dollar` or `sensitivity` has written. Exit code 1: something differs, and is
    named.
    """
    from ..report.publish import say_compiling
    from ..study.running.backends import processors
    from ..verify import verify as check

    say_compiling()
    verdict = _judged(lambda stop: check(folder, sample, workers or processors(), stop))
    for line in verdict.checked:
        say(f"Checked: {spelled(line)}.")
    for line in verdict.noted:
        say(f"Noted: {spelled(line)}.")
    if verdict.holds:
        say(f"{spelled(folder)} is what the model gives, to the byte.")
        return
    say("\n".join(map(spelled, verdict.differences)), err=True)
    raise SystemExit(DIFFERS)


def _judged(work: Callable[[Stop], Verdict]) -> Verdict:
    """Judge a study folder; what makes that impossible is one line."""
    from ..store import FolderError
    from ..study.running.backends import BackendError
    from ..study.running.runner import StudyStoppedError
    from ..study.running.stopping import asked_to_stop

    with asked_to_stop() as stop:
        try:
            return work(lambda: bool(stop()))
        except (FolderError, BackendError) as error:
            raise BadCall(f"FOLDER: {error}") from None
        except StudyStoppedError as error:
            say(f"Stopped: {error}. Nothing is judged.", err=True)
            raise SystemExit(128 + stop()) from None
        except OSError as error:
            raise BadCall(f"FOLDER: {refused(error)}") from None

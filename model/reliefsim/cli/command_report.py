"""The command that makes a study's page and workbook again."""

from __future__ import annotations

from pathlib import Path

import click

from ..screen import say, spelled
from . import options
from .checked_calls import refused
from .typed import BadCall, Checked


@click.command(
    cls=Checked, short_help="Make a study's page and workbook again.",
    epilog=options.example("report results/2026-11-24-baseline"),
)  # fmt: skip
@options.disclosure_again
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("answers", nargs=-1, metavar="[ANSWER]...", type=click.Path(path_type=Path))
def report(folder: Path, answers: tuple[Path, ...], disclosure: int | None) -> None:
    """Make a study's page and workbook again from its folder, without running anything.

    FOLDER is what `run` or `gap` has written. An ANSWER is a folder of `ask`, `next-dollar` or `plan`, to be shown with it:
    about one of its scenarios, with the same inputs. A folder of which a file was edited is refused.
    """
    from ..report.pack import UnfitError, write_again

    try:
        made = write_again(folder, answers, disclosure)
    except UnfitError as error:
        lines = [f"FOLDER: {line}" for line in error.of_study] + [f"ANSWER: {line}" for line in error.of_answers]
        raise BadCall("\n".join(map(spelled, lines))) from None
    except ValueError as error:
        raise BadCall(f"FOLDER: {spelled(error)}") from None
    except OSError as error:
        raise BadCall(f"FOLDER: {refused(error, folder)}") from None
    for path in made.paths:
        say(spelled(path))
    for note in made.notes:
        say(spelled(note), err=True)

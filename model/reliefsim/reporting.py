"""The command that makes a study's page and workbook again."""

from __future__ import annotations

from pathlib import Path

import click

from . import options
from .calls import BadCall


@click.command(epilog=options.example("report results/2026-11-24-baseline"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("answers", nargs=-1, type=click.Path(path_type=Path))
def report(folder: Path, answers: tuple[Path, ...]) -> None:
    """Make a study's page and workbook again from its folder, without running anything.

    FOLDER is what `run` or `gap` has written; ANSWERS are folders of `ask` and `next-dollar`, to be shown with it.
    """
    from .outputs.pack import write_pack
    from .outputs.verify.made import DamagedError
    from .study.store import FolderError

    try:
        made = write_pack(folder, answers)
    except (FolderError, DamagedError, ValueError) as error:
        raise BadCall("\n".join(f"FOLDER: {line}" for line in str(error).split("\n"))) from None
    except OSError as error:
        raise BadCall(f"FOLDER: {error.strerror or error} ({error.filename})") from None
    for path in made.paths:
        click.echo(path)
    for note in made.notes:
        click.echo(note, err=True)

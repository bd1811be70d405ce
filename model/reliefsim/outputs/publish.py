"""A call becomes a study folder, and what is printed of it."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..scenario import Reading
    from ..study.runner import Progress, Study

COMPILING_SECONDS = 40  # on a laptop; told to the user, so rounded up


@dataclass(frozen=True)
class Asked:
    """What a user asked for, checked. ``folder`` None: a new one under results/."""

    readings: tuple[Reading, ...]
    rules: tuple[str | None, ...]
    replications: int
    seed: int
    uncertain: bool
    workers: int
    folder: Path | None
    figures: bool
    quiet: bool
    command: Sequence[str]


def carry_out(asked: Asked) -> Path:
    """Run a study, write its folder whole or not at all, and print what it found; the folder.

    Raises FolderError before anything is run, or OSError if the disk refuses; then nothing is left behind.
    """
    from ..study.runner import run_study
    from ..study.store import check_free, ended_politely

    folder = asked.folder or default_folder([one.scenario.name for one in asked.readings])
    check_free(folder)
    if not asked.quiet:
        say_compiling()
    total = len(asked.readings) * len(asked.rules) * asked.replications
    with ended_politely(), _bar(total, asked.quiet) as progress:
        study = run_study(
            asked.readings,
            asked.rules,
            asked.replications,
            asked.seed,
            asked.workers,
            asked.uncertain,
            progress,
        )
    text = _write(asked, study, folder)
    if not asked.quiet:
        click.echo(text)
        click.echo("\n".join(_warnings(asked.readings)))
        click.echo("\n".join(_places(folder)))
    return folder


def _write(asked: Asked, study: Study, folder: Path) -> str:
    """Write every file of the study; the text for the terminal."""
    from ..scenario import dump
    from ..study.store import new_folder
    from .files import read_study
    from .provenance import write_provenance
    from .tables import write_tables
    from .terminal import summary

    with new_folder(folder) as hidden:
        write_tables(study, hidden)
        for reading in asked.readings:
            resolved = hidden / f"scenario-{reading.scenario.name}.toml"
            resolved.write_text(dump(reading), encoding="utf-8", newline="\n")
        found = read_study(hidden, study.uncertain)
        if asked.figures:
            from .figures import draw_all

            draw_all(found, hidden)
        write_provenance(study, hidden, asked.command, asked.workers)
    return summary(found)


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
    from ..delivery.delivery import is_compiled

    if not is_compiled():
        click.echo(f"Compiling once, takes about {COMPILING_SECONDS} seconds; kept for later runs.", err=True)


@contextmanager
def _bar(total: int, quiet: bool) -> Iterator[Progress]:
    """A progress bar with the time left on a terminal; nothing where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=total, label="Replications", file=sys.stderr, show_pos=True, width=30) as bar:
        yield bar.update


def _warnings(readings: Sequence[Reading]) -> list[str]:
    """Every warning once."""
    found = list(dict.fromkeys(str(one) for reading in readings for one in reading.warnings))
    return [*found, ""] if found else []


def _places(folder: Path) -> list[str]:
    """Where the files are."""
    files = sorted(path.name for path in folder.iterdir() if path.is_file())
    tables = [name for name in files if name.endswith(".csv")]
    figures = sorted(path.name for path in folder.glob("*.png"))
    lines = [f"Files in {folder}/", f"  tables    {', '.join(tables)}"]
    if figures:
        lines.append("  figures   " + "\n            ".join(f"{name[:-4]}.png, .svg" for name in figures))
    lines.append("  made by   run.json, scenario-*.toml")
    return lines

"""The fundraiser's commands: what is missing, how much more is needed by when, what the next dollar buys."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from . import options
from .calls import BadCall, MayHaveNumber, check_backend, check_rules, guarded, points_of, read_all, whole

DEFAULT_REPLICATIONS = "200"


@click.command(cls=MayHaveNumber)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options.rules
@whole("--replications", 1, options.MOST_REPLICATIONS, default=DEFAULT_REPLICATIONS, show_default=True)
@options.seed
@options.out("gap-<names>")
@options.settings
@options.uncertain
@options.where
def gap(
    scenarios: tuple[str, ...],
    rules: tuple[str, ...],
    replications: int,
    seed: int,
    out: Path | None,
    settings: tuple[str, ...],
    uncertain: bool,
    points: int | None,
    over: tuple[str, ...],
    workers: int | None,
    backend: str | None,
    insecure: bool,
    resume: bool,
    quiet: bool,
    no_figures: bool,
) -> None:
    """What is missing and why, when money runs out, what each donor's money bought: tables, figures, and a summary.

    Example: reliefsim gap baseline
    """
    from .outputs.publish import Asked, carry_out, default_folder
    from .study.backends import processors

    readings = read_all(scenarios, settings)
    check_rules(rules)
    check_backend(backend)
    if resume and out is None:
        raise BadCall("--resume: needs --out. Name the folder of the study to go on with")
    folder = out or default_folder(["gap", *(one.scenario.name for one in readings)])
    asked = Asked(
        readings=readings,
        rules=rules or (None,),
        replications=replications,
        seed=seed,
        uncertain=uncertain,
        workers=workers or processors(),
        folder=folder,
        figures=not no_figures,
        quiet=quiet,
        command=("reliefsim", *sys.argv[1:]),
        points=points_of(readings, points, seed, over, False, uncertain),
        backend=backend,
        insecure=insecure,
        resume=resume,
        funding=True,
    )
    guarded(lambda: carry_out(asked), folder)

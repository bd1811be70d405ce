"""`gap`: a study with the fundraiser's numbers."""

from __future__ import annotations

from typing import Any

import click

from . import options
from .checked_calls import carry_out, points_of, read_checked
from .typed import MayHaveNumber


@click.command(
    cls=MayHaveNumber, short_help="What is missing and why, and when money runs out.",
    epilog=options.example("gap baseline"),
)  # fmt: skip
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options.rules
@options.replications
@options.seed
@options.out("gap-<names>")
@options.settings
@options.uncertain
@options.disclosure
@options.where
def gap(scenarios: tuple[str, ...], **typed: Any) -> None:
    """What is missing and why, when money runs out, what each donor's money bought: all that `run` leaves, and more.

    A SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    readings = read_checked(scenarios, typed)
    names = ["gap", *(one.scenario.name for one in readings)]
    carry_out(typed, readings, names, points=points_of(readings, typed), funding=True)

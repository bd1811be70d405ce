"""`sensitivity`: which values that are not known matter most."""

from __future__ import annotations

from typing import Any

import click

from . import options
from .checked_calls import carry_out, read_checked
from .typed import BadCall, Checked, whole


@click.command(
    cls=Checked, short_help="Which values that are not known matter most.",
    epilog=options.example("sensitivity baseline --over services.nfi --rows 64"),
)  # fmt: skip
@click.argument("scenario")
@whole(
    "--rows", 64, 2**16, default="256", show_default=True,
    help="A power of two: the more, the surer. There are N × (values + 2) evaluations.",
)  # fmt: skip
@whole("--replications", 1, options.MOST_REPLICATIONS, default="1", show_default=True, help="Runs of each evaluation.")
@click.option(
    "--over", multiple=True, metavar="PART",
    help="Only values whose keys begin so, as services.nfi.  [default: all with a range]",
)  # fmt: skip
@options.one_rule
@options.seed
@options.out("sensitivity-<name>")
@options.settings
@options.where_without_pack
def sensitivity(scenario: str, rows: int, over: tuple[str, ...], **typed: Any) -> None:
    """Which values that are not known matter most: Sobol indices of the headline results.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file. An index is the share of a result's variance
    that goes back to one value, by itself or together with others.
    """
    from ..study.queries import sobol
    from ..study.request import Sensitivity

    readings = read_checked((scenario,), typed, many_rules=False)
    try:
        points = sobol.rows(readings[0].scenario, rows, typed["seed"], over or None)
    except ValueError as error:
        raise BadCall(f"--over: {error}" if over else f"--rows: {error}") from None
    names = [f"sensitivity-{readings[0].scenario.name}"]
    carry_out(typed, readings, names, points=points, over=over or None, question=Sensitivity(rows))

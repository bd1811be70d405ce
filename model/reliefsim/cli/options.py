"""The options that commands have in common, each written once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..rules import RULES
from .typed import whole

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT_SEED = 2012
MOST_REPLICATIONS = 1_000_000
MOST_SEED = 2**63 - 1
MOST_WORKERS = 1024

settings = click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE",
    help="Change a value of the scenario: grants.cerf.amount_usd=100000; may be given several times.",
)  # fmt: skip
*_FIRST, _LAST = RULES
_RULES = f"How money is divided: {', '.join(_FIRST)} or {_LAST}"
rules = click.option(
    "--rule", "rules", multiple=True, metavar="RULE",
    help=f"{_RULES}; may be given several times, to compare.  [default: the scenario's own]",
)  # fmt: skip
one_rule = click.option(
    "--rule", "rules", multiple=True, metavar="RULE", help=f"{_RULES}.  [default: the scenario's own]"
)
seed = whole(
    "--seed", 0, MOST_SEED, default=str(DEFAULT_SEED), show_default=True,
    help="Where chance begins: the same seed gives the same numbers.",
)  # fmt: skip
workers = whole("--workers", 1, MOST_WORKERS, help="Processes at a time.  [default: one for each processor]")
RUNS_OF_EACH = "Runs of each scenario under each rule; they differ by chance alone."
replications = whole("--replications", 1, MOST_REPLICATIONS, default="200", show_default=True, help=RUNS_OF_EACH)


def out(name: str) -> Callable[[Command], Command]:
    """Where results are written; ``name``: what the default folder is called after its date."""
    return click.option("--out", type=click.Path(path_type=Path), help=f"A new folder.  [default: results/<date>-{name}]")


def uncertain(command: Command) -> Command:
    """Whether what is not known is drawn, and how."""
    for option in (
        click.option("--point-values", is_flag=True, help="Run at the point values alone: no bands over what is not known."),
        click.option("--over", multiple=True, metavar="PART", help="With --uncertain N: only values whose "
                     "keys begin so, as services.nfi."),
        whole("--points", 1, MOST_REPLICATIONS, "--uncertain", hidden=True),
        click.option("--uncertain", is_flag=True, help="Draw every value that has a range (low, high) anew in each replication; "
                     "with a number N behind it: at N points, each with all replications."),
    ):  # fmt: skip
        command = option(command)
    return command


SMALL = "tell no count of fewer people of a class or place."
disclosure = whole("--disclosure", 1, 1000, default="5", show_default=True, help=f"Page and hapi.csv {SMALL}")
disclosure_again = whole("--disclosure", 1, 1000, help=f"The page is to {SMALL}  [default: as the study has it]")
no_figures = click.option("--no-figures", is_flag=True, help="Write no figures, no page and no workbook: tables alone.")
no_figure = click.option("--no-figures", is_flag=True, help="Write no figure: tables and text alone.")
quiet = click.option("--quiet", is_flag=True, help="Print nothing but errors.")
insecure = click.option(
    "--insecure-cluster", "insecure", is_flag=True, help="Allow a cluster beyond this machine without TLS."
)


def backend(chosen: str) -> Callable[[Command], Command]:
    """Where it runs; ``chosen``: where it runs if nothing is said."""
    words = f"serial, processes or dask:ADDRESS.  [default: {chosen}]"
    return click.option("--backend", metavar="WHERE", help=words)


def where(command: Command, figures: Callable[[Command], Command] = no_figures) -> Command:
    """Where a study runs, whether it goes on with one that is there, and what it says and draws."""
    resume = click.option("--resume", is_flag=True, help="Go on with what is in --out; what is done is not done again.")
    for option in (figures, quiet, resume, insecure, backend("what is faster"), workers):
        command = option(command)
    return command


def where_without_pack(command: Command) -> Command:
    """The same of what leaves no page and no workbook."""
    return where(command, no_figure)


def at_once(command: Command) -> Command:
    """The same of a question that is answered in one go."""
    points = click.option(
        "--point-values", "uncertain", is_flag=True, callback=lambda _context, _option, given: not given,
        help="Run at the point values: an answer over chance alone. Without it each run draws what is not known, too.",
    )  # fmt: skip
    for option in (no_figure, quiet, insecure, backend("processes"), workers, points):
        command = option(command)
    return command


def example(words: str) -> str:
    """What stands below a command's help: a line to paste, which a narrow terminal does not break."""
    return f"\b\nExample:\n  reliefsim {words}"

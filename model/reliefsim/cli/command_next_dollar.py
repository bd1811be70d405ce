"""`next-dollar`: what a little more money buys, line by line."""

from __future__ import annotations

from typing import Any

import click

from . import options
from .checked_calls import carry_out, read_checked
from .typed import BadCall, Checked, whole


@click.command(
    "next-dollar", cls=Checked, short_help="What the next USD 10,000 buy, line by line.",
    epilog=options.example("next-dollar baseline"),
)  # fmt: skip
@click.argument("scenario")
@whole("--amount", 1, 10**9, default="10000", show_default=True, help="USD more in one line at a time.")
@click.option("--full", is_flag=True, help="Print the table of all lines, too.")
@options.one_rule
@options.replications
@options.seed
@options.out("next-dollar-<name>")
@options.settings
@options.at_once
def next_dollar(scenario: str, amount: int, **typed: Any) -> None:
    """What the next USD 10,000 buy in each line of the budget (a service and a grant), and which lines can use no more.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    from ..study.request import NextDollar

    readings = read_checked((scenario,), typed, many_rules=False)
    if readings[0].scenario.money == "unlimited":
        raise BadCall("SCENARIO: its money is unlimited: more buys nothing")
    carry_out(typed, readings, ["next-dollar", readings[0].scenario.name], question=NextDollar(amount))

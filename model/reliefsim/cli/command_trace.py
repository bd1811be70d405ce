"""`trace`: one household's story."""

from __future__ import annotations

from typing import Any

import click

from ..screen import say
from . import options
from .checked_calls import read_checked
from .typed import BadCall, Checked, whole

MOST_HOUSEHOLDS = 2**31 - 1


@click.command(
    cls=Checked, short_help="One household's story, with dates.",
    epilog=options.example("trace baseline --household 12"),
)  # fmt: skip
@click.argument("scenario")
@whole("--household", 0, MOST_HOUSEHOLDS, required=True, help="The household's number, from 0.")
@options.one_rule
@options.seed
@whole("--replication", 0, options.MOST_REPLICATIONS, default="0", show_default=True, help="Which run.")
@options.settings
def trace(scenario: str, household: int, seed: int, replication: int, **typed: Any) -> None:
    """Tell one household's story in one run, in plain sentences with dates.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    reading = read_checked((scenario,), typed, many_rules=False)[0]
    from ..engine.simulate import simulate
    from ..engine.story import story
    from ..report.publish import say_compiling

    say_compiling()
    facts = simulate(reading.scenario, typed["rules"][0] if typed["rules"] else None, seed, replication)
    households = len(facts.households)
    if household >= households:
        raise BadCall(f"--household: must be 0 to {households - 1} (got {household})")
    say(story(facts, household))

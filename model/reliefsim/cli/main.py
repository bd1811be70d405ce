"""The command `reliefsim`; each of its commands imports the model when it is called."""

from __future__ import annotations

import os

import click

from .. import __version__
from . import options
from .command_ask import ask
from .command_backtest import backtest, fit_pool
from .command_gap import gap
from .command_help import show_help
from .command_next_dollar import next_dollar
from .command_plan import plan
from .command_report import report
from .command_run import run
from .command_scenarios import diff, list_scenarios, new, schema, show
from .command_sensitivity import sensitivity
from .command_trace import trace
from .command_verify import verify
from .typed import OneForm


@click.group(
    cls=OneForm,
    epilog=options.example("run baseline"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="reliefsim")
@click.option("--no-color", "--no-colour", "is_plain", is_flag=True, help="No colours; nor with NO_COLOR set.")
@click.pass_context
def main(context: click.Context, is_plain: bool) -> None:
    """How far does the money reach? Simulates a relief operation: who is reached, with what, how late, and who is
    left out.

    Begin with `reliefsim list`, then run one of these scenarios; `reliefsim COMMAND --help` tells more, and `reliefsim help`
    is the documentation."""
    if is_plain or os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


# As help lists them: what there is and is written, running it, asking for money, checking and showing, scenarios of one's own.
for _command in (
    list_scenarios, show_help, run, gap, ask, next_dollar, plan, sensitivity, report, verify, trace, show, diff, new, schema,
    backtest, fit_pool,
):  # fmt: skip
    main.add_command(_command)

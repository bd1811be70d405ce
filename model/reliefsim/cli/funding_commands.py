"""The fundraiser's commands: what is missing, how much more is needed by when, what the next dollar buys."""

from __future__ import annotations

from pathlib import Path

import click

from . import options
from .checked_calls import guarded, points_of, read_checked
from .money_calls import question_of
from .typed import BadCall, Checked, MayHaveNumber, called, whole

DEFAULT_REPLICATIONS = "200"


@click.command(
    cls=MayHaveNumber, short_help="What is missing and why, and when money runs out.",
    epilog=options.example("gap baseline"),
)  # fmt: skip
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options.rules
@whole("--replications", 1, options.MOST_REPLICATIONS, default=DEFAULT_REPLICATIONS, show_default=True, help=options.RUNS_OF_EACH)
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
    """What is missing and why, when money runs out, what each donor's money bought: all that `run` leaves, and more.

    A SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    from ..report.publish import Asked, carry_out, default_folder
    from ..study.running.backends import processors

    readings = read_checked(scenarios, settings, rules, backend, resumes_nowhere=resume and out is None)
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
        command=called(),
        points=points_of(readings, points, seed, over, False, uncertain),
        backend=backend,
        insecure=insecure,
        resume=resume,
        funding=True,
    )
    guarded(lambda: carry_out(asked), folder)


@click.command(
    cls=Checked, short_help="How much more money meets a target, by when.",
    epilog=options.example("ask baseline --target need_covered=0.8 --arrives 2012-10-15"),
)  # fmt: skip
@click.argument("scenario")
@click.option(
    "--target", required=True, metavar="NAME=VALUE",
    help="What is to be met: need_covered=0.9, people_reached=15000 or gap_usd=50000.",
)  # fmt: skip
@click.option(
    "--certainty", metavar="SHARE", default="0.8", show_default=True,
    help="In which share of runs the target is to be met, at least.",
)  # fmt: skip
@click.option("--service", metavar="NAME", help="The target is of this service.  [default: in total]")
@click.option("--group", metavar="CLASS", help="The target is of this class of people.  [default: in total]")
@click.option(
    "--arrives", metavar="DATE",
    help="When the money comes: a date, or days since the start.  [default: the first day]",
)  # fmt: skip
@click.option("--window", metavar="DAYS", help="How long it may be committed.  [default: to the end]")
@click.option("--earmark", multiple=True, metavar="SERVICE", help="What alone it may pay for; may be given several times.")
@click.option("--indirect-rate", metavar="SHARE", help="Indirect cost, of direct cost.  [default: that of the largest grant]")
@click.option("--most", metavar="USD", help="The most that is tried.  [default: found from the gap]")
@click.option("--no-by-when", is_flag=True, help="Do not try later arrivals, month by month.")
@options.one_rule
@whole("--replications", 1, options.MOST_REPLICATIONS, default=DEFAULT_REPLICATIONS, show_default=True, help=options.RUNS_OF_EACH)
@options.seed
@options.out("ask-<name>")
@options.settings
@options.at_once
def ask(
    scenario: str,
    target: str,
    certainty: str,
    service: str | None,
    group: str | None,
    arrives: str | None,
    window: str | None,
    earmark: tuple[str, ...],
    indirect_rate: str | None,
    most: str | None,
    no_by_when: bool,
    rules: tuple[str, ...],
    replications: int,
    seed: int,
    out: Path | None,
    settings: tuple[str, ...],
    uncertain: bool,
    workers: int | None,
    backend: str | None,
    insecure: bool,
    quiet: bool,
    no_figures: bool,
) -> None:
    """How much more money meets a target with a certainty, by when it must come, and what no money changes.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    from ..report.ask_report import AskedMoney, carry_out_ask
    from ..report.publish import default_folder
    from ..study.running.backends import processors

    reading = read_checked((scenario,), settings, rules, backend, many_rules=False)[0]
    question = question_of(
        reading.scenario, rules[0] if rules else None, target=target, certainty=certainty, service=service, group=group,
        arrives=arrives, window=window, earmark=earmark, indirect_rate=indirect_rate, most=most, by_when=not no_by_when,
        replications=replications, seed=seed, uncertain=uncertain,
    )  # fmt: skip
    folder = out or default_folder(["ask", reading.scenario.name])
    command = called()
    asked = AskedMoney(
        reading, question, folder, workers or processors(), quiet, not no_figures, command, backend, insecure
    )  # fmt: skip
    guarded(lambda: carry_out_ask(asked), folder)


@click.command(
    "next-dollar", cls=Checked, short_help="What the next USD 10,000 buy, line by line.",
    epilog=options.example("next-dollar baseline"),
)  # fmt: skip
@click.argument("scenario")
@whole("--amount", 1, 10**9, default="10000", show_default=True, help="USD more in one line at a time.")
@options.one_rule
@whole("--replications", 1, options.MOST_REPLICATIONS, default=DEFAULT_REPLICATIONS, show_default=True, help=options.RUNS_OF_EACH)
@options.seed
@options.out("next-dollar-<name>")
@options.settings
@options.at_once
def next_dollar(
    scenario: str,
    amount: int,
    rules: tuple[str, ...],
    replications: int,
    seed: int,
    out: Path | None,
    settings: tuple[str, ...],
    uncertain: bool,
    workers: int | None,
    backend: str | None,
    insecure: bool,
    quiet: bool,
    no_figures: bool,
) -> None:
    """What the next USD 10,000 buy in each line of the budget (a service and a grant), and which lines can use no more.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    from ..report.next_dollar_report import AskedNext, carry_out_next
    from ..report.publish import default_folder
    from ..study.running.backends import processors

    reading = read_checked((scenario,), settings, rules, backend, many_rules=False)[0]
    if reading.scenario.money == "unlimited":
        raise BadCall("SCENARIO: its money is unlimited: more buys nothing")
    folder = out or default_folder(["next-dollar", reading.scenario.name])
    asked = AskedNext(
        reading, rules[0] if rules else None, amount, replications, seed, uncertain, folder, workers or processors(), quiet,
        not no_figures, called(), backend, insecure,
    )  # fmt: skip
    guarded(lambda: carry_out_next(asked), folder)

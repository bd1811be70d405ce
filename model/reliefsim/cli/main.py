"""What is typed becomes a study, a story or a list; the model is imported inside the commands."""

from __future__ import annotations

import os
from pathlib import Path

import click

from .. import __version__
from ..screen import say, spelled
from . import options
from .checked_calls import checking, guarded, points_of, read_checked, reference_place, wanted_replications
from .funding_commands import ask, gap, next_dollar
from .report_command import report
from .scenario_commands import diff, list_scenarios, new, schema, show
from .typed import BadCall, Checked, MayHaveNumber, OneForm, called, whole

MOST_HOUSEHOLDS = 2**31 - 1
DIFFERS = 1  # exit code of verify


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

    Begin with `reliefsim list`, then run one of these scenarios; `reliefsim COMMAND --help` tells more."""
    if is_plain or os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


@click.command(
    cls=MayHaveNumber, short_help="Run scenarios: tables, figures, a page, a workbook.",
    epilog=options.example("run baseline rapid-growth --replications 20"),
)  # fmt: skip
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@options.rules
@whole("--replications", 1, options.MOST_REPLICATIONS, help=f"{options.RUNS_OF_EACH}  [default: 100]")
@click.option(
    "--precision",
    metavar="NAME=WIDTH,...",
    help="Run until intervals reach no further than this: people_reached=250,gap_usd=5%.",
)
@whole("--max-replications", 1, options.MOST_REPLICATIONS, help="With --precision: never more.  [default: 10000]")
@click.option(
    "--reference",
    metavar="NAME",
    help="What others are compared with: a scenario, or scenario/rule.  [default: the first]",
)
@options.seed
@options.out("<names>")
@options.settings
@options.uncertain
@options.where
def run(
    scenarios: tuple[str, ...],
    rules: tuple[str, ...],
    replications: int | None,
    precision: str | None,
    max_replications: int | None,
    reference: str | None,
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
    """Run scenarios and leave a folder with tables, figures, a page to open in a browser (report.html) and a workbook.

    A SCENARIO is a shipped name (see `reliefsim list`) or the path of a file; without one, all shipped ones are run. The
    first is what the others are compared with.
    """
    from ..report.publish import Asked, carry_out, default_folder
    from ..study.running.backends import processors

    readings = read_checked(scenarios, settings, rules, backend, resumes_nowhere=resume and out is None)
    arms = [(one.scenario.name, rule or str(one.scenario.plan.rule)) for one in readings for rule in rules or (None,)]
    place = reference_place(reference, arms)
    goal = wanted_replications(readings, replications, precision, max_replications, place)
    folder = out or default_folder([one.scenario.name for one in readings])
    asked = Asked(
        readings=readings,
        rules=rules or (None,),
        replications=goal,
        reference=place,
        seed=seed,
        uncertain=uncertain,
        workers=workers or processors(),
        folder=folder,
        figures=not no_figures,
        quiet=quiet,
        command=called(),
        points=points_of(readings, points, seed, over, precision is not None, uncertain),
        backend=backend,
        insecure=insecure,
        resume=resume,
        precision=precision,
        over=over or None,
    )
    guarded(lambda: carry_out(asked), folder)


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
def trace(
    scenario: str, household: int, rules: tuple[str, ...], seed: int, replication: int, settings: tuple[str, ...]
) -> None:
    """Tell one household's story in one run, in plain sentences with dates.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    reading = read_checked((scenario,), settings, rules, many_rules=False)[0]
    from ..engine.simulate import simulate
    from ..engine.story import story
    from ..report.publish import say_compiling

    say_compiling()
    facts = simulate(reading.scenario, rules[0] if rules else None, seed, replication)
    households = len(facts.households)
    if household >= households:
        raise BadCall(f"--household: must be 0 to {households - 1} (got {household})")
    say(story(facts, household))


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
def sensitivity(
    scenario: str,
    rows: int,
    replications: int,
    over: tuple[str, ...],
    rules: tuple[str, ...],
    seed: int,
    out: Path | None,
    settings: tuple[str, ...],
    workers: int | None,
    backend: str | None,
    insecure: bool,
    resume: bool,
    quiet: bool,
    no_figures: bool,
) -> None:
    """Which values that are not known matter most: Sobol indices of the headline results.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file. An index is the share of a result's variance
    that goes back to one value, by itself or together with others.
    """
    from ..report.publish import default_folder
    from ..report.sensitivity_report import AskedSensitivity, carry_out_sensitivity
    from ..study.running.backends import processors

    nowhere = resume and out is None
    reading = read_checked((scenario,), settings, rules, backend, many_rules=False, resumes_nowhere=nowhere)[0]
    folder = out or default_folder([f"sensitivity-{reading.scenario.name}"])
    asked = AskedSensitivity(
        reading, rules[0] if rules else None, rows, replications, seed, over or None, folder,
        workers or processors(), quiet, called(), not no_figures, backend, insecure, resume,
    )  # fmt: skip
    try:
        asked.points  # noqa: B018 - are there any?
    except ValueError as error:
        raise BadCall(f"--over: {error}" if over else f"--rows: {error}") from None
    guarded(lambda: carry_out_sensitivity(asked), folder)


@click.command(
    cls=Checked, short_help="Check a study folder, and run it again.",
    epilog=options.example("verify results/my-study"),
)  # fmt: skip
@click.argument("folder", type=click.Path(path_type=Path))
@whole("--sample", 1, options.MOST_REPLICATIONS, help="Run only so many replications again, which is faster.  [default: all]")
@options.workers
def verify(folder: Path, sample: int | None, workers: int | None) -> None:
    """Check a study folder: every file against its digest, every number against the model, run again.

    FOLDER is what `run`, `gap`, `ask`, `next-dollar` or `sensitivity` has written. Exit code 1: something differs, and is
    named.
    """
    from ..report.publish import say_compiling
    from ..study.running.backends import processors
    from ..verify import verify as check

    say_compiling()
    verdict = checking(lambda stop: check(folder, sample, workers or processors(), stop))
    for line in verdict.checked:
        say(f"Checked: {spelled(line)}.")
    for line in verdict.noted:
        say(f"Noted: {spelled(line)}.")
    if verdict.holds:
        say(f"{spelled(folder)} is what the model gives, to the byte.")
        return
    say("\n".join(map(spelled, verdict.differences)), err=True)
    raise SystemExit(DIFFERS)


# As help lists them: what there is, running it, asking for money, checking and showing, and scenarios of one's own.
for _command in (list_scenarios, run, gap, ask, next_dollar, sensitivity, report, verify, trace, show, diff, new, schema):
    main.add_command(_command)

"""`run`: scenarios become a study's folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import options
from .checked_calls import carry_out, points_of, read_checked
from .typed import BadCall, MayHaveNumber, whole

if TYPE_CHECKING:
    from ..scenario import Reading


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
@click.option(
    "--matters", multiple=True, metavar="NAME=VALUE",
    help="The least difference that matters: people_reached=250 or gap_usd=5%; may be given several times.  [default: 1% of "
    "the reference; of a share, 1 point]",
)  # fmt: skip
@options.seed
@options.out("<names>")
@options.settings
@options.uncertain
@options.disclosure
@options.where
@click.option("--full", is_flag=True, help="Print every table, and not the first lines alone.")
def run(scenarios: tuple[str, ...], precision: str | None, reference: str | None, **typed: Any) -> None:
    """Run scenarios and leave a folder with tables, figures, a page to open in a browser (report.html) and a workbook.

    A SCENARIO is a shipped name (see `reliefsim list`) or the path of a file; without one, all shipped ones are run. The
    first is what the others are compared with.
    """
    readings = read_checked(scenarios, typed)
    rules = typed["rules"] or (None,)
    arms = [(one.scenario.name, rule or str(one.scenario.plan.rule)) for one in readings for rule in rules]
    place = reference_place(reference, arms)
    _check_replications(readings, precision, typed)
    matters = ",".join(typed["matters"])
    _check_targets("--matters", readings, matters if typed["matters"] else None)
    carry_out(
        typed, readings, [one.scenario.name for one in readings], precision=precision,
        max_replications=typed["max_replications"], reference=place, matters=matters,
        points=points_of(readings, typed, precision is not None), over=typed["over"] or None,
    )  # fmt: skip


def _check_replications(readings: Sequence[Reading], precision: str | None, typed: Mapping[str, Any]) -> None:
    """So many, or until intervals are as narrow as wanted."""
    faults = []
    if precision is None:
        if typed["max_replications"] is not None:
            faults.append("--max-replications: only with --precision")
    elif typed["replications"] is not None:
        faults.append("--replications: not with --precision. Name --max-replications")
    if faults:
        raise BadCall("\n".join(faults))
    _check_targets("--precision", readings, precision)


def _check_targets(option: str, readings: Sequence[Reading], text: str | None) -> None:
    """Names of numbers and how far they may reach, where the option is given."""
    if text is None:
        return
    from ..study.statistics.precision import targets_of

    try:
        targets_of([one.scenario for one in readings], text or " ")  # an empty text is none of a study, but a fault here
    except ValueError as error:
        raise BadCall("\n".join(f"{option}: {line}" for line in str(error).split("\n"))) from None


def reference_place(name: str | None, arms: Sequence[tuple[str, str]]) -> int:
    """The place of the arm that the others are compared with."""
    if name is None:
        return 0
    from ..scenario.faults import nearest, shown_text

    names: dict[str, int] = {}
    for place, (scenario, rule) in enumerate(arms):
        for one in (scenario, f"{scenario}/{rule}"):
            names.setdefault(one, place)
    if len({scenario for scenario, _ in arms}) == 1:
        names |= {rule: place for place, (_, rule) in enumerate(arms)}
    if name in names:
        return names[name]
    near = nearest(name, names)
    meant = f" Did you mean {near}?" if near else ""
    raise BadCall(f"--reference: not in this study (got {shown_text(name)}). One of {', '.join(names)}.{meant}")

"""`plan`: which plan reaches most for the same money, for whom, and at whose cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import options
from .checked_calls import carry_out, read_checked
from .typed import BadCall, Checked, whole

if TYPE_CHECKING:
    from ..scenario import Reading, Scenario
    from ..study.goals import Floor, Goal
    from ..study.request import FindPlan

MOST_RUNS = 10_000_000


@click.command(
    cls=Checked, short_help="Find the plan that reaches most for the same money.",
    epilog=options.example("plan baseline --floor cases_served@ftr=plan --within 2"),
)  # fmt: skip
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option(
    "--maximise", multiple=True, metavar="GOAL", default=("people_reached",), show_default=True,
    help="An indicator, of a service, class or place: need_covered@disability; over worlds their mean, @p10 a quantile, "
    "@regret the largest regret over scenarios. Of less is better: made small. Several give a frontier.",
)  # fmt: skip
@click.option(
    "--floor", "floors", multiple=True, metavar="GOAL=LEAST",
    help="What must be kept: need_covered@disability=0.8, or cases_served@ftr=plan for no less than today.",
)  # fmt: skip
@click.option("--certainty", metavar="P", help="Floors hold in that share of worlds.  [default: in their mean]")
@click.option("--worlds", "weights", metavar="NAME=WEIGHT", help="How much each scenario counts.  [default: all alike]")
@click.option(
    "--most-loss", default="0.1", show_default=True, metavar="SHARE",
    help="The share of the people reached today that a class may lose; any: no limit.",
)  # fmt: skip
@click.option("--money", metavar="SHARES", help="Plan anew for these shares of the money, too: 0.75,0.5,0.3.")
@click.option("--weigh", metavar="KEY", help="Cases of services count as value_per_case or life_saving_rank says.")
@whole(
    "--replications",
    10,
    10_000,
    default="50",
    show_default=True,
    help="Worlds of each scenario that a search looks at.",
)
@whole("--effort", 100, MOST_RUNS, default="6000", show_default=True, help="Runs of a search.")
@whole("--confirm", 20, 100_000, default="200", show_default=True, help="Fresh worlds that the answer is told of.")
@click.option("--within", metavar="MINUTES", help="Search no longer; the best so far is confirmed.")
@click.option(
    "--point-values", is_flag=True, help="Search at the point values: a trap, for what is not known is not drawn."
)
@click.option("--prices", is_flag=True, help="What one step more of each decision changes, and what there is at most.")
@click.option("--full", is_flag=True, help="Print what each change gains, who gains and who loses.")
@options.one_rule
@options.seed
@options.out("plan-<name>")
@options.settings
@options.where_without_pack
def plan(scenarios: tuple[str, ...], **typed: Any) -> None:
    """Find the plan that reaches most over all that may come: which lines, teams, dates and orders, for whom, at whose cost.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file; what may be chosen stands under its [decisions].
    Further scenarios are worlds, too, in which the plan must do well. What is told was confirmed in worlds that no search
    has seen.
    """
    readings = read_checked(scenarios, typed, many_rules=False)
    question = question_of(readings, typed)
    typed["uncertain"] = not typed.pop("point_values")
    carry_out(typed, readings, ["plan", readings[0].scenario.name], question=question)


def question_of(readings: Sequence[Reading], typed: Mapping[str, Any]) -> FindPlan:
    """The question that a call asks; raises BadCall with all faults at once."""
    from ..scenario import ScenarioError
    from ..scenario.decisions import Space
    from ..study.queries.plan_work import under
    from ..study.request import FindPlan

    faults: list[str] = []
    scenario = readings[0].scenario
    if not scenario.decisions:
        faults.append("SCENARIO: states no [decisions]: there is nothing to choose. See: reliefsim help scenario")
    certainty = None if typed["certainty"] is None else _share("--certainty", typed["certainty"], faults)
    most_loss = None if typed["most_loss"].strip() == "any" else _share("--most-loss", typed["most_loss"], faults, True)
    within = None
    if typed["within"] is not None:
        within = _number(typed["within"])
        if not 0 < within < math.inf:
            faults.append(f"--within: must be a number of minutes above 0 (got {typed['within'][:40]})")
    money = _money(typed["money"], faults)
    goals = _goals(scenario, typed, faults)
    floors = _floors(scenario, typed["floors"], certainty, faults)
    weights = _weights(readings, typed["weights"], faults)
    if scenario.decisions:
        space = Space(scenario)
        for one in readings:
            try:
                under(one.scenario, space, space.number(space.present))
            except ScenarioError as error:
                faults += [f"SCENARIO: {one.scenario.name}: {line}" for line in str(error).split("\n")]
    if faults:
        raise BadCall("\n".join(faults))
    return FindPlan(
        goals,
        floors,
        weights,
        typed["replications"],
        typed["effort"],
        typed["confirm"],
        most_loss,
        money,
        within,
        prices=typed["prices"],
    )


def _goals(scenario: Scenario, typed: Mapping[str, Any], faults: list[str]) -> tuple[Goal, ...]:
    from ..study.goals import WEIGHTS, read_goal

    weigh, found = typed["weigh"] or "", list[Any]()
    if weigh and weigh not in WEIGHTS:
        faults.append(f"--weigh: no such weight (got {weigh[:40]}). One of {', '.join(WEIGHTS)}")
        weigh = ""
    for text in typed["maximise"]:
        try:
            found.append(read_goal(text, scenario, weigh))
        except ValueError as error:
            faults.append(f"--maximise: {error}")
    if len(set(found)) < len(found):
        faults.append("--maximise: a goal is given twice. Each once")
    return tuple(found)


def _floors(scenario: Scenario, texts: Sequence[str], certainty: float | None, faults: list[str]) -> tuple[Floor, ...]:
    from ..study.goals import read_floor

    found = []
    for text in texts:
        try:
            found.append(read_floor(text, scenario, certainty))
        except ValueError as error:
            faults.append(f"--floor: {error}")
    if certainty is not None and not texts:
        faults.append("--certainty: goes with --floor")
    return tuple(found)


def _weights(readings: Sequence[Reading], text: str | None, faults: list[str]) -> tuple[float, ...]:
    """The weight of each scenario, in their order."""
    names = [one.scenario.name for one in readings]
    if text is None:
        return ()
    stated: dict[str, float] = {}
    for part in text.split(","):
        name, equals, weight = part.strip().partition("=")
        number = _number(weight) if equals else 1.0
        if name not in names:
            faults.append(f"--worlds: names no scenario of this call (got {name[:40]}). One of {', '.join(names)}")
        elif not 0 < number < math.inf:
            faults.append(f"--worlds: a weight is a number above 0 (got {part.strip()[:40]})")
        stated[name] = number
    if missing := [name for name in names if name not in stated]:
        faults.append(f"--worlds: says nothing of {', '.join(missing)}")
    return tuple(stated.get(name, 1.0) for name in names)


def _money(text: str | None, faults: list[str]) -> tuple[float, ...]:
    """Shares of the money, each above 0 and below 1."""
    found = [] if text is None else [_share("--money", part.strip(), faults) for part in text.split(",")]
    shares = tuple(one for one in found if one is not None)
    if len(set(shares)) < len(shares):
        faults.append("--money: a share is given twice. Each once")
    return shares


def _share(option: str, text: str, faults: list[str], has_ends: bool = False) -> float | None:
    number = _number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not (0 < number < 1 or (has_ends and number in (0, 1))):
        faults.append(
            f"{option}: must be a share, {'0 to 1' if has_ends else 'above 0 and below 1'} (got {text.strip()[:40]})"
        )
        return None
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan

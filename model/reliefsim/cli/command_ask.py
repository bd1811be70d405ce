"""`ask`: how much more money meets a target; every fault of what is typed is one line."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from . import options
from .checked_calls import carry_out, read_checked
from .typed import BadCall, Checked

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..study.request import Ask, Money, Target

_TARGET = re.compile(r"([a-z][a-z0-9_]*)=([0-9]+(?:\.[0-9]+)?)(%?)")


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
@options.replications
@options.seed
@options.out("ask-<name>")
@options.settings
@options.at_once
def ask(scenario: str, **typed: Any) -> None:
    """How much more money meets a target with a certainty, by when it must come, and what no money changes.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file.
    """
    readings = read_checked((scenario,), typed, many_rules=False)
    question = question_of(readings[0].scenario, typed)
    carry_out(typed, readings, ["ask", readings[0].scenario.name], question=question)


def question_of(scenario: Scenario, typed: Mapping[str, Any]) -> Ask:
    """The question that a call asks; raises BadCall with all faults at once."""
    from ..scenario import ScenarioError
    from ..study.queries.ask_answers import arrivals
    from ..study.queries.ask_search import STEP_USD, with_money
    from ..study.queries.marginal import largest_rate
    from ..study.request import Ask, Money

    faults: list[str] = []
    if scenario.money == "unlimited":
        faults.append("SCENARIO: its money is unlimited: there is nothing to ask for")
    _check_names(scenario, typed, faults)
    goal = _target(scenario, typed, faults)
    sure = _between("--certainty", typed["certainty"], 0, 1, faults)
    day = _day(scenario, typed["arrives"], faults)
    window, rate, most = typed["window"], typed["indirect_rate"], typed["most"]
    lasts = None if window is None else _between("--window", window, 0, 20_000, faults)
    rate = largest_rate(scenario) if rate is None else _between("--indirect-rate", rate, 0, 1, faults, True)
    largest = None if most is None else _between("--most", most, STEP_USD, 1e12, faults, True)
    if faults or goal is None:
        raise BadCall("\n".join(faults))
    horizon = float(scenario.horizon_days.value)
    until = None if lasts is None or day + lasts >= horizon else day + lasts
    money = Money(day, until, tuple(dict.fromkeys(typed["earmark"])), rate)
    rule = typed["rules"][0] if typed["rules"] else str(scenario.plan.rule)
    _check_reach(scenario, rule, goal, money, faults)
    _check_window(scenario, money, typed["uncertain"], faults)
    if faults:
        raise BadCall("\n".join(faults))
    try:
        with_money(scenario, money)
    except ScenarioError as error:
        lines = str(error).split("\n")
        raise BadCall("\n".join(f"--arrives, --window, --earmark: {line}" for line in lines)) from None
    days = arrivals(scenario, day, not typed["no_by_when"])
    days = tuple(one for one in days if until is None or one < until)
    steps = None if largest is None else STEP_USD * math.ceil(largest / STEP_USD)
    return Ask(goal, sure, money, days, steps)


def _check_names(scenario: Scenario, typed: Mapping[str, Any], faults: list[str]) -> None:
    service, group = typed["service"], typed["group"]
    shown = {one.counts_as or name for name, one in scenario.services.items()}
    for option, name, known in (
        ("--service", service, shown),
        ("--group", group, {*scenario.classes, *(("hosts",) if scenario.hosts else ())}),
        *(("--earmark", one, {*scenario.services, "running"}) for one in typed["earmark"]),
    ):
        if name is not None and name not in known:
            faults.append(f"{option}: {_unknown(name, known)}")
    if service is not None and group is not None:
        faults.append("--service, --group: one of them at most. A target is of one breakdown at a time")


def _check_reach(scenario: Scenario, rule: str, goal: Target, money: Money, faults: list[str]) -> None:
    """Money that can pay neither for what the target is about, nor for what must come first or runs everything."""
    from ..indicators.shortfall import shown_services

    shown = shown_services(scenario, goal.service, goal.group)
    wanted = [name for name, one in scenario.services.items() if (one.counts_as or name) in shown]
    after = [str(scenario.services[name].after) for name in wanted if scenario.services[name].after]
    of = f"--service {goal.service}" if goal.service else f"--group {goal.group}" if goal.group else "--target"
    if money.pays_for:
        if not {*wanted, *after, "running"} & set(money.pays_for):
            faults.append(
                f"--earmark: {', '.join(money.pays_for)} cannot pay for what {of} is about. Add --earmark "
                f"{' or --earmark '.join(sorted(wanted))}, or leave it out"
            )
        return
    shares = scenario.plan.shares or {}
    has_share = any(float(shares[one].value) > 0 for one in wanted if one in shares)
    if rule == "fixed-shares" and shares and not has_share:
        faults.append(
            f"{of}: under fixed shares, which plan.shares state, additional money gives {', '.join(sorted(wanted))} nothing. "
            f"Add --earmark {' --earmark '.join(sorted(wanted))}"
        )


def _check_window(scenario: Scenario, money: Money, uncertain: bool, faults: list[str]) -> None:
    """Money that must be committed before anybody can be found whom it may pay for.

    That is known only where all that it is for is found by DTM rounds alone, and is no stock that is ordered ahead.
    """
    from ..units import DAY, moment

    until, dtm = money.until_day, scenario.dtm
    if until is None:
        return
    if round(until * DAY) <= round(money.from_day * DAY):
        faults.append(f"--window: ends within the second in which the money comes (got {until - money.from_day:g} days)")
        return
    paid = [scenario.services[name] for name in money.pays_for if name in scenario.services]
    waits_for_dtm = all(one.intake == "dtm" and one.kind != "goods" for one in paid) and "running" not in money.pays_for
    known = float(scenario.caseload.registered_at_start_share.value) > 0 or scenario.as_of is not None
    if dtm is None or not paid or not waits_for_dtm or known:
        return
    begin = [dtm.first_day] if dtm.first_day is not None else [one.day for one in dtm.rounds]
    lows = [day.low if uncertain and not isinstance(day, datetime.date) else None for day in begin]
    earliest = [day if low is None else low for day, low in zip(begin, lows, strict=True)]
    first = min(moment(day, scenario.start_date, 0) for day in earliest) / DAY
    if until <= first:
        ends, date = (scenario.start_date + datetime.timedelta(days=day) for day in (until, first))
        faults.append(f"--window: ends on {ends}, before anybody is found whom it may pay for (first DTM round: {date})")


def _unknown(name: str, known: set[str]) -> str:
    from ..scenario.faults import listed, nearest, shown_text

    near = nearest(name, known)
    meant = f"Did you mean {near}?" if near else f"One of {listed(sorted(known))}"
    return f"not in this scenario (got {shown_text(name)}). {meant}"


def _target(scenario: Scenario, typed: Mapping[str, Any], faults: list[str]) -> Target | None:
    from ..indicators.registry import INDICATORS, TARGETS
    from ..scenario.faults import nearest
    from ..study.request import Target

    text, service, group = typed["target"], typed["service"], typed["group"]
    found = _TARGET.fullmatch(text.strip())
    if not found:
        faults.append(f"--target: must be like need_covered=0.9 or people_reached=15000 (got {text.strip()[:60]})")
        return None
    name, value, percent = found.groups()
    wanted = float(value) / (100 if percent else 1)
    if name == "reached_of_target" and not (service or group):
        # The same target in people: what is counted case by case is known without the rest of a run's numbers.
        people = float((scenario.caseload.target_people or scenario.caseload.people).value)
        name, wanted = "people_reached", wanted * people
    legal = {*TARGETS, "reached_of_target"}
    if name not in legal:
        near = nearest(name, legal)
        meant = f"Did you mean {near}?" if near else f"One of {', '.join(sorted(legal))}"
        faults.append(f"--target: not a number that money is asked for (got {name[:60]}). {meant}")
        return None
    if INDICATORS[name].most == 1 and wanted > 1:
        faults.append(f"--target: {name} is a share, 0 to 1 (got {value})")
        return None
    target = Target(name, wanted, service or "", group or "")
    if not faults:
        try:
            target.place(scenario)
        except ValueError as error:
            faults.append(f"--target: {error}")
    return target


def _between(option: str, text: str, low: float, high: float, faults: list[str], has_low: bool = False) -> float:
    """A number above ``low`` (or ``low`` itself, too) and below ``high``."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (low < number < high or (has_low and number == low)):
        least = f", {low:,g} or more" if has_low else f" above {low:,g}"
        faults.append(f"{option}: must be a number{least} and below {high:,.0f} (got {text.strip()[:60]})")
        return math.nan
    return number


def _day(scenario: Scenario, text: str | None, faults: list[str]) -> float:
    """Days since the start, of a date or a number of days."""
    from ..engine.as_of import first_second
    from ..units import DAY

    first = first_second(scenario) / DAY
    if text is None:
        return first
    try:
        day = float((datetime.date.fromisoformat(text.strip()) - scenario.start_date).days)
    except ValueError:
        try:
            day = float(text)
        except ValueError:
            day = math.nan
    if not first <= day < float(scenario.horizon_days.value):
        earliest = scenario.start_date + datetime.timedelta(days=first)
        last = scenario.start_date + datetime.timedelta(days=float(scenario.horizon_days.value))
        faults.append(f"--arrives: must be a day of the operation, from {earliest} to before {last} (got {text[:60]})")
    return day

"""An answer becomes five sentences that can be pasted into an appeal: every number with its interval and its date."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...records import REASON_NAMES, Reason
from ...study import asking
from ...study.differences import difference
from ...study.estimates import estimate
from ..spread import grouped
from ..terminal import REASON_WORDS
from .asking import date_of

if TYPE_CHECKING:
    from ...study.answers import Answer
    from ...study.estimates import Floats

# An indicator in words, and whether it is a share.
WORDS = {
    "need_covered": ("the share of cases needed that are served", True),
    "reached_of_need": ("the share of people in need who are reached", True),
    "fully_served_share": ("the share of people in need who get all they need", True),
    "people_reached": ("people reached", False),
    "cases_served": ("cases served", False),
    "gap_usd": ("the gap in USD", False),
    "waiting_days": ("person-days of waiting", False),
    "cases_unserved": ("cases unserved", False),
}


def appeal(found: Answer) -> str:
    """Five sentences, and how they were found."""
    sentences = [_without(found), _ask(found), _reached(found), _by_when(found), _binds(found)]
    return "\n\n".join([f"# {_title(found)}", *sentences, _method(found)]) + "\n"


def words(found: Answer) -> str:
    """What the target is about."""
    target = found.question.target
    name = WORDS.get(target.indicator, (target.indicator.replace("_", " "), False))[0]
    return name + _of(found)


def _of(found: Answer) -> str:
    """The service or class that the target is of."""
    target, scenario = found.question.target, found.question.scenario
    service = scenario.services[target.service].label or target.service if target.service in scenario.services else ""
    group = scenario.classes[target.group].label or target.group if target.group in scenario.classes else target.group
    return "".join(f" ({one})" for one in (service, group) if one)


def number(found: Answer, value: float) -> str:
    """A value of the target's indicator."""
    if math.isnan(value):
        return "not defined"
    is_share = WORDS.get(found.question.target.indicator, ("", found.question.target.indicator.endswith("_share")))[1]
    return f"{100 * value:.1f} %" if is_share else grouped(value)


def wanted(found: Answer) -> str:
    """The target in words."""
    question = found.question
    bound = "at least" if question.target.way > 0 else "at most"
    return f"{words(found)}: {bound} {number(found, question.target.wanted)}"


def _title(found: Answer) -> str:
    ask, scenario = found.ask(), found.question.scenario
    name = scenario.title or scenario.name
    if ask == 0:
        return f"{name}: the target is met without more money"
    if found.position is None:
        return f"{name}: too few runs to tell what is needed with this certainty"
    if math.isinf(ask):
        return f"{name}: no amount of money up to USD {grouped(found.most)} meets the target with this certainty"
    return f"{name}: USD {grouped(ask)} more is needed by {date_of(found.question, found.question.days[0])}"


def _without(found: Answer) -> str:
    values = found.found[0][:, asking.WITHOUT]
    chance, low, high = found.chance(0.0)
    end = date_of(found.question, float(found.question.scenario.horizon_days.value))
    return (
        f"Without more money, by {end}, {words(found)}: {_eight_of_ten(found, values)} in eight of ten runs; "
        f"the target ({wanted(found)}) "
        f"is met in {_percent(chance)} of them (95 % interval {_percent(low)} to {_percent(high)})."
    )


def _ask(found: Answer) -> str:
    question, ask = found.question, found.ask()
    sure = f"with a certainty of {_percent(question.certainty)}"
    if found.position is None:
        need = asking.replications_needed(question.certainty)
        return f"Whether any amount meets the target {sure} cannot be told from so few runs: it takes {need:,} or more."
    if ask == 0:
        return f"The target is met {sure} as things are: the additional money asked for is USD 0."
    date = date_of(question, question.days[0])
    if math.isinf(ask):
        share = float(np.isfinite(found.least()).mean())
        best = _eight_of_ten(found, found.found[0][:, asking.AT_MOST])
        return (
            f"No additional money up to USD {grouped(found.most)}, arriving on {date}, meets the target {sure}: some amount "
            f"does it in {_percent(share)} of the runs, and with the most money {words(found)}: {best} in eight of ten "
            "runs."
        )
    half = float(found.least()[(len(found.least()) - 1) // 2])
    middle = (
        f"half of the runs need USD {grouped(half)} or less" if math.isfinite(half) else "half of the runs need more"
    )
    return (
        f"USD {grouped(ask)} more, arriving on {date}{_for_what(found)}, meets the target {sure} (the upper 97.5 % limit of "
        f"that quantile; the quantile itself is {_usd(found.middle())}, and {middle})."
    )


def _eight_of_ten(found: Answer, values: Floats) -> str:
    """From the 10th to the 90th percentile of a number of the target's indicator."""
    defined = values[~np.isnan(values)]
    if not len(defined):
        return "not defined"
    low, high = (number(found, float(one)) for one in np.quantile(defined, (0.1, 0.9)))
    return low if low == high else f"{low} to {high}"


def _for_what(found: Answer) -> str:
    money, services = found.question.money, found.question.scenario.services
    names = [services[one].label or one for one in money.pays_for if one in services]
    until = f", to be committed by {date_of(found.question, money.until_day)}" if money.until_day is not None else ""
    return (f" for {', '.join(names)}" if names else "") + until


def _reached(found: Answer) -> str:
    """What the ask reaches, beside nothing more."""
    study = found.curve
    amounts = [float(arm.scenario) for arm in study.arms] if study else []
    usd = found.ask() if found.ask() in amounts else max(amounts, default=0.0)
    if study is None or len(amounts) < 2 or found.ask() == 0:
        base = study.arms[0] if study else None
        if base is None:
            return ""
        place = _people(found).place(base.reading.scenario)
        told = estimate(base.values)
        mean, low, high = (grouped(float(one[place])) for one in (told.mean, told.ci_low, told.ci_high))
        return f"As things are, {mean} people{_of(found)} are reached (95 % interval of the mean {low} to {high})."
    arm = study.arms[amounts.index(usd)]
    place = _people(found).place(arm.reading.scenario)
    told, apart = estimate(arm.values), difference(arm, study.arms[0])
    mean, low, high = (grouped(float(one[place])) for one in (told.mean, told.ci_low, told.ci_high))
    more, least, most = (grouped(float(one[place])) for one in (apart.mean, apart.interval.low, apart.interval.high))
    return (
        f"With USD {grouped(usd)} more, {mean} people{_of(found)} are reached ({_covers(told.method(place))} {low} to {high}), "
        f"{more} more than without it ({_covers(apart.interval.method(place))} {least} to {most})."
    )


def _people(found: Answer) -> asking.Target:
    return asking.Target("people_reached", 0, found.question.target.service, found.question.target.group)


def _covers(method: str) -> str:
    if "95" in method:
        return "95 % interval of the mean"
    return f"interval of the mean, {method}" if method else "no interval"


def _by_when(found: Answer) -> str:
    question = found.question
    if len(question.days) < 2 or found.position is None or not 0 < found.ask() < math.inf:
        return (
            "Later arrivals were not tried."
            if len(question.days) < 2
            else "Later arrivals change nothing in this answer."
        )
    costs = [(date_of(question, day), found.ask(place)) for place, day in enumerate(question.days) if place]
    told = "; ".join(f"on {date} {_usd(usd)}" for date, usd in costs[:3])
    latest = found.latest()
    last = date_of(question, latest) if latest is not None else date_of(question, question.days[0])
    never = next((date for date, usd in costs if math.isinf(usd)), None)
    end = f" From {never} on no amount tried does it." if never else ""
    return (
        f"The same money still meets it in {_percent(question.certainty)} of the runs if it comes by {last} (days a month "
        f"apart were tried); with the same certainty as above it takes, {told}.{end}"
    )


def _usd(usd: float) -> str:
    return "no amount tried" if math.isinf(usd) else f"USD {grouped(usd)}"


def _binds(found: Answer) -> str:
    """What money alone cannot change."""
    reasons = found.binding()
    if not reasons:
        return f"With the most money tried, USD {grouped(found.most)}, no case is unserved."
    told = ", ".join(f"{grouped(cases, 0 if cases >= 1 else 1)} {_reason_words(reason)}" for reason, cases in reasons)
    return (
        f"What more money does not change: with USD {grouped(found.most)} more, cases stay unserved, on average of "
        f"{found.question.replications:,} runs, because: {told}.{_workers(found)}"
    )


def _reason_words(reason: Reason) -> str:
    if reason == Reason.MONEY:
        return "no money that may still pay for them (windows, earmarks, shares)"
    return REASON_WORDS[REASON_NAMES[reason]]


def _workers(found: Answer) -> str:
    from .capacity import lacking

    lacks = lacking(found)
    return "".join(f" {label} lacks about {grouped(count)} workers." for label, count in lacks)


def _method(found: Answer) -> str:
    question = found.question
    how = (
        "more money always helps here, so halves find the least amount"
        if not found.grid
        else f"{found.grid} amounts up to USD {grouped(found.most)} were looked at in every run, for more money does not "
        "always mean more served; the amount is the least from which on all of them meet the target"
    )
    return (
        f"How: {question.replications:,} runs of {question.scenario.name} under the rule {question.rule_name}, seed "
        f"{question.seed}; each run was given more money in steps of USD {asking.STEP_USD:,} in the same world; {how}."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share in (0, 1) or 0.01 <= share <= 0.99 else f"{100 * share:.1f} %"

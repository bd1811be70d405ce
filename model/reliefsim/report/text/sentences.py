"""An answer becomes five sentences that can be pasted into an appeal: every number with its interval and its date."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...engine.as_of import first_second
from ...indicators.measure import Key
from ...indicators.shortfall import FIRST, LAST, WORKERS, people
from ...indicators.unserved_reasons import REASONS
from ...layout import Reason
from ...results import study_folder as files
from ...results.ask_rows import PARTS_OF_GAP, date_of, day_of, range_of
from ...study.queries import ask_search as asking
from ...study.queries.ask_answers import saturated_from, share_of
from ...units import DAY
from .phrases import (
    class_label,
    from_to,
    label,
    listed,
    noun_of,
    number_of,
    of_what,
    people_of,
    percent,
    said,
    span,
    target_told,
    usd_of,
)
from .reach import reached
from .spread import grouped

if TYPE_CHECKING:
    from ...study.queries.ask_answers import Answer
    from ...study.statistics.estimates import Floats

MOST_LISTED = 6  # services, or causes, that a sentence names
MONTHS_TOLD = 3  # later arrivals that a sentence prices


def appeal(found: Answer) -> str:
    """Five sentences, and how they were found."""
    sentences = [_ask(found), _without(found), reached(found, last_day(found)), _by_when(found), _binds(found)]
    return "\n\n".join([f"# {title(found)}", *(one for one in sentences if one), _method(found)]) + "\n"


def last_day(found: Answer) -> str:
    """The last day of the operation, in words."""
    scenario = found.scenario
    return said(files.last_day(scenario.start_date, float(scenario.horizon_days.value)).isoformat())


def target_of(found: Answer) -> str:
    """The target in words."""
    target = found.question.target
    return target_told(target.indicator, target.wanted, of_what(found))


def sure(found: Answer) -> str:
    """The certainty in words."""
    return f"with {percent(found.question.certainty)} certainty"


def title(found: Answer) -> str:
    """The finding, with its number."""
    ask, scenario = found.ask(), found.scenario
    name = scenario.title or f"Scenario {scenario.name}"
    target = f"{target_of(found)}, {sure(found)}"
    if found.position is None:
        return f"{name}: too few runs to tell what it takes so that {target}"
    if ask == 0:
        return f"{name}: without more money, {target}"
    if math.isinf(ask):
        return f"{name}: no amount up to USD {grouped(found.most)} means that {target}"
    latest = said(date_of(found, found.question.days[found.latest()]))
    return f"{name}: USD {grouped(ask)} more by {latest} means that {target}"


def _ask(found: Answer) -> str:
    question, ask = found.question, found.ask()
    end, target = last_day(found), target_of(found)
    if found.position is None:
        need = asking.replications_needed(question.certainty)
        return (
            f"How much it takes so that by {end} {target}, {sure(found)}, cannot be told from "
            f"{found.request.replications:,} runs: that takes {need:,} runs or more."
        )
    if ask == 0:
        chance = _chance(*found.chance(0.0))
        return f"USD 0 more is asked for: without more money, by {end}, {target} {chance}, which is {sure(found)}."
    if math.isinf(ask):
        able = _chance(*share_of(np.isfinite(found.least())))
        best = _eight_of_ten(found, asking.AT_MOST)
        flat = saturated_from(found)
        no_more = "" if flat is None else f"; of the amounts tried, none above USD {grouped(flat)} improves its mean"
        if flat == 0:
            no_more = ", no better in the mean than without it"
        return (
            f"No amount up to USD {grouped(found.most)}, there on {said(date_of(found, question.days[0]))}"
            f"{_for_what(found)}, means that by {end} {target}, {sure(found)}: some amount is enough {able}, "
            f"and with the most money {noun_of(question.target.indicator, of_what(found))} is {best}{no_more}."
        )
    first, latest = said(date_of(found, question.days[0])), found.latest()
    by = said(date_of(found, question.days[latest]))
    there = f"; if it comes on {by}, it is enough {_chance(*found.chance(ask, latest))}" if latest else ""
    largest = (
        f", and the largest of {found.request.replications:,} runs, so that more runs narrow it" if found.is_largest else ""
    )
    return (
        f"USD {grouped(ask)} more{_for_what(found)}, there by {by}, means that by {end} {target}, {sure(found)}: if it comes "
        f"on {first}, the amount that is enough in {percent(question.certainty)} of the runs lies between USD "
        f"{grouped(found.low())} and {grouped(ask)} (95 % interval), and its upper end is what is asked for (the upper "
        f"97.5 % limit{largest}){there}."
    )


def _chance(share: float, low: float, high: float) -> str:
    return f"in {percent(share)} of the runs (95 % interval {from_to(percent(low), percent(high))})"


def _eight_of_ten(found: Answer, column: int) -> str:
    """The target's own number."""
    one = range_of(found.found[0, :, column])
    low, high = (number_of(found.question.target.indicator, value) for value in (one.p10, one.p90))
    return f"{from_to(low, high)} in eight of ten runs"


def _for_what(found: Answer) -> str:
    """What the money is for, and until when it may be committed, where that is said."""
    question = found.question
    names = [label(found, one) if one != "running" else "running costs" for one in question.money.pays_for]
    until = question.money.until_day
    ends = f", to be committed before {said(date_of(found, until))}" if until is not None else ""
    return (f" for {listed(names)}" if names else "") + ends


def _without(found: Answer) -> str:
    """What stands still, and who goes without, if nothing more comes."""
    target, lacks = found.question.target, found.lacks(with_most=False)
    total = lacks[Key(people(Reason.MONEY), unit="people")]
    told = _stand_still(found, lacks)
    if (total > 0).any():
        go = "goes" if range_of(total).p50 == 1 else "go"
        told.append(
            f"{people_of(range_of(total))} {go} without {_a_service(found)} for want of money first{_first_of_them(found)}"
        )
    else:
        told.append(f"nobody goes without {_a_service(found)} for want of money in any run")
    closed, left = (range_of(found.found[0, :, place]) for place in PARTS_OF_GAP.values())
    told.append(f"of the gap, money alone, without limit, would close {usd_of(closed)} and not {usd_of(left)}")
    told.append(f"{noun_of(target.indicator, of_what(found))} is {_eight_of_ten(found, asking.WITHOUT)}")
    return f"Without it, by {last_day(found)}, {'; '.join(told)}."


def _a_service(found: Answer) -> str:
    service = found.question.target.service
    return label(found, service) if service else "a service they need"


def _stand_still(found: Answer, lacks: dict[Key, Floats]) -> list[str]:
    """From when on services stand still for want of money, where half of the runs or more see it; alike ones together."""
    alike: dict[str, list[str]] = {}
    for service in dict.fromkeys(key.service for key in lacks if key.service):
        first, last = (lacks[Key(name, service=service, unit="day")] for name in (FIRST, LAST))
        is_lasting = float((~np.isnan(last)).mean()) >= 0.5
        days = last if is_lasting else first
        if float((~np.isnan(days)).mean()) < 0.5:
            continue
        one = range_of(days)
        dates = span(day_of(found, one.p10), day_of(found, one.p90))
        how = f"from {dates} to the end" if is_lasting else f"at times, first on {dates}"
        runs = _chance(*share_of(~np.isnan(days)))
        alike.setdefault(f"for want of money {how}, {runs}", []).append(label(found, service))
    return [f"{listed(names)} {'stand' if len(names) > 1 else 'stands'} still {how}" for how, names in alike.items()]


def _first_of_them(found: Answer) -> str:
    """Those of the first priority that has any, and the most numerous class but those of the last priority."""
    scenario, lacks = found.scenario, found.lacks(with_most=False)
    classes = {key.group: range_of(values) for key, values in lacks.items() if key.group}
    some = {name: one for name, one in classes.items() if one.p50 >= 1 and name in scenario.classes}
    if not some or len(scenario.classes) < 2:
        return ""
    first = min(scenario.classes[name].priority for name in some)
    last = max(one.priority for one in scenario.classes.values())
    chosen = {name for name in some if scenario.classes[name].priority == first}
    above = [name for name in sorted(some) if scenario.classes[name].priority < last]
    chosen |= {max(above, key=lambda name: some[name].p50)} if above else set()
    order = sorted(chosen, key=lambda name: (scenario.classes[name].priority, name))
    told = [people_of(some[name], f"of class {class_label(found, name)}") for name in order]
    return f", among them {listed(told)}"


def _by_when(found: Answer) -> str:
    """What each month's delay costs, and from when on no amount does it."""
    question, ask = found.question, found.ask()
    if found.position is None or ask == 0:
        return ""
    if len(question.days) < 2:
        return "Later arrivals were not tried."
    dates = [said(date_of(found, day)) for day in question.days]
    asks = [found.ask(place) for place in range(len(dates))]
    if math.isinf(ask):
        able = next((place for place, usd in enumerate(asks) if math.isfinite(usd)), None)
        if able is None:
            return (
                f"No amount is enough on any of the {len(dates)} dates that were tried, a month apart, to {dates[-1]}."
            )
        return f"On {dates[able]}, USD {grouped(asks[able])} would be enough."
    later = [place for place in range(found.latest() + 1, len(dates)) if math.isfinite(asks[place])]
    told = [
        f"USD {grouped(asks[place])} if it comes on {dates[place]} (95 % interval {grouped(found.low(place))} to "
        f"{grouped(asks[place])}), {_more(asks[place] - ask)}"
        for place in later[:MONTHS_TOLD]
    ]
    never = next((date for date, usd in zip(dates, asks, strict=True) if math.isinf(usd)), "")
    end = f"from {never} on no amount up to USD {grouped(found.most)} is enough" if never else ""
    if not (told or end):
        return f"The same amount is enough on each of the {len(dates)} dates that were tried, a month apart, to {dates[-1]}."
    costs = f"{sure(found)} it takes {'; '.join(told)}" if told else ""
    text = "; ".join(one for one in (costs, end) if one)
    return f"{text[:1].upper()}{text[1:]}."


def _more(usd: float) -> str:
    return "no more" if usd == 0 else f"{grouped(abs(usd))} {'more' if usd > 0 else 'less'}"


def _binds(found: Answer) -> str:
    """What money alone cannot change: who is left at the most money, and why, the most people first."""
    lacks, service = found.lacks(with_most=True), found.question.target.service
    head = f"More money does not change this: with USD {grouped(found.most)} more, by {last_day(found)},"
    causes: list[tuple[float, str]] = []
    for reason, words in REASONS.items():
        if reason == Reason.NOT_FOUND:
            one = range_of(lacks[Key(people(reason), unit="people")])
            causes.append(
                (one.p50, f"never found: {people_of(one)}{f' in need of {label(found, service)}' if service else ''}")
            )
            continue
        for key, values in lacks.items():
            if key.indicator == people(reason) and key.service:
                one = range_of(values)
                who = f"{label(found, key.service)}: {words.lacking.format(people_of(one))}"
                causes.append((one.p50, who + _workers(lacks, key, reason)))
    told = [text for most, text in sorted(causes, key=lambda cause: -cause[0]) if most >= 1]
    if not told:
        return f"{head} nobody is left in half of the runs or more."
    return f"{head} {'; '.join(told[:MOST_LISTED])}."


def _workers(lacks: dict[Key, Floats], key: Key, reason: Reason) -> str:
    """How many more workers those without a free team would take."""
    values = lacks.get(Key(WORKERS, service=key.service, unit="workers"))
    if reason != Reason.TEAM or values is None:
        return ""
    one = range_of(values)
    return f", it lacks {people_of(one, 'worker' if one.p50 == 1 else 'workers')}" if one.p50 >= 1 else ""


def _method(found: Answer) -> str:
    how = (
        "more money always helps here, so halves find the least amount"
        if not found.grid
        else f"{found.grid} amounts up to USD {grouped(found.most)} were looked at in every run, for more money does not "
        "always mean more served, and the amount is the least from which on all of them are enough"
    )
    asked_from = ""
    if found.scenario.as_of is not None:
        first = said(date_of(found, first_second(found.scenario) / DAY))
        asked_from = f" The question is asked from {first} on: need is what was unmet then and what arises later."
    request = found.request
    drawn = ", each with its own draw of every value that is not known" if request.uncertain else ""
    return (
        f"How: {request.replications:,} runs of {found.scenario.name} under the rule {request.rule_name}, seed "
        f"{request.seed}{drawn}; each run was given more money in steps of USD {asking.STEP_USD:,} in the same world; {how}. "
        "Intervals of amounts are of order statistics, of shares of runs by Clopper and Pearson, of people reached of the "
        "mean, corrected for skewness (of few runs they cover 80 % or more). A number with a range in brackets and no "
        "other word is that of the middle run and the range of eight of ten runs; nobody is counted twice in it. Workers "
        "are those who would have served, over the whole time, the cases left without a free team. What is under one "
        "person in the middle run is left out. Want of money is looked at before want of a team: some who lack money now "
        f"would lack a free team next, and are in both counts.{asked_from}"
    )

"""The target of an `ask`, what it is of, and the reasons for which people go without, in words."""

from __future__ import annotations

import datetime

from ...indicators.measure import HOSTS
from ...indicators.registry import INDICATORS
from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import number
from ...results.study_folder import date_of
from ...store import Row
from ...study.statistics.differences import BETTER
from ..text.said import Date, Ends, Number, Said, Text, say

FEW, NONE, MET, AMOUNT = "too few runs", "no amount tried", "met as things are", "an amount"


_KINDS = {"USD": "amount"}  # of the units of targets; else the unit is the kind
_WITH = ("people_reached", "people_directly_served")  # people are reached with a service for which there is need


def asked(answer: AnswerFolder) -> Row:
    """The row of the ask itself."""
    return answer.part("ask")[0]


def outcome(answer: AnswerFolder) -> str:
    """Which kind of answer it is. Raises ValueError if the table has no number that tells it: an older program's."""
    ask = asked(answer)
    if "replications_needed" not in ask:
        raise ValueError("ask.csv has no column replications_needed: an older program made it. Ask again")
    if int(ask["replications"]) < int(ask["replications_needed"]):
        return FEW
    if not ask["additional_usd"]:
        return NONE
    return AMOUNT if float(ask["additional_usd"]) > 0 else MET


def deadline(answer: AnswerFolder) -> Row:
    """The last arrival up to which no larger amount is asked for; the first if there is no ask."""
    ask, *later = (*answer.part("ask"), *answer.part("arrival"))
    last = ask
    for row in later:
        if not (ask["additional_usd"] and row["additional_usd"]) or float(row["additional_usd"]) > float(ask["additional_usd"]):
            break
        last = row
    return last


def latest(answer: AnswerFolder) -> Row:
    """The last arrival up to which the amount that is asked for may still be enough: the interval of its own amount begins
    no higher. The deadline lies between ``deadline`` and this."""
    ask, *later = (*answer.part("ask"), *answer.part("arrival"))
    last = ask
    for row in later:
        if not row["additional_usd"] or number(row["quantile_low_usd"]) > float(ask["additional_usd"]):
            break
        last = row
    return last


def scope(answer: AnswerFolder) -> Said:
    """Over what the numbers of an answer are taken."""
    if answer.made.get("uncertain"):
        return say("Over what is not known and chance: each run draws every value that is not known.")
    return say("This is at the point values alone; within what is not known it may be far more, or less.")


def own_number(answer: AnswerFolder, at: str = "without") -> Row:
    """The target's own number with no more money (``without``) or with the most (``binds``): the first row of each."""
    return answer.part(at)[0]


def kind_of(indicator: str) -> str:
    """The kind of an indicator's number."""
    found = INDICATORS.get(indicator)
    if found is None or (found.goal is None and found.unit != "share"):
        return "number"
    return _KINDS.get(found.unit, found.unit)


def noun(answer: AnswerFolder, indicator: str) -> Text:
    """What an indicator is, of the target's service or class; one that has no words here is told by its name."""
    found = INDICATORS[indicator].goal if indicator in INDICATORS else None
    of = of_what(answer, with_service=indicator in _WITH)
    return say(found.noun, of=of) if found else say("{what}{of}", what=indicator.replace("_", " "), of=of)


def of_what(answer: AnswerFolder, with_service: bool = False) -> Text:
    """`` for Medical referral``, `` of host families``, `` of class Aged``: what the target is of; empty: everything."""
    row = own_number(answer)
    if row["service"]:
        service = answer.label("services", row["service"])
        return say(" with {service}", service=service) if with_service else say(" for {service}", service=service)
    if row["group"] == HOSTS:
        return say(" of host families")
    return say(" of class {group}", group=answer.label("classes", row["group"])) if row["group"] else ""


def target(answer: AnswerFolder) -> Said:
    """The target in words."""
    row, indicator = asked(answer), own_number(answer)["indicator"]
    kind = {"share": "wanted", "amount": "usd"}.get(kind_of(indicator), kind_of(indicator))
    wanted = Number(float(row["wanted"]), kind)
    bound = say("at least {wanted}", wanted=wanted) if BETTER[indicator] > 0 else say("at most {wanted}", wanted=wanted)
    goal = INDICATORS[indicator].goal
    if goal is None:
        return say("{what} is {bound}", what=noun(answer, indicator), bound=bound)
    return say(goal.told, bound=bound, of=of_what(answer, with_service=indicator in _WITH))


def certainty(answer: AnswerFolder) -> Number:
    """The share of the runs in which the target is to be met."""
    return Number(float(asked(answer)["certainty"]), "wanted")


def chance(row: Row) -> Said:
    """The share of runs that a row tells, with its interval."""
    share, low, high = (number(row[name]) for name in ("chance", "chance_low", "chance_high"))
    return say(
        "in {chance} of the runs (95% interval {ends})", chance=Number(share, "chance"), ends=Ends(low, high, "chance")
    )


def last_day(answer: AnswerFolder) -> Date | None:
    """The last day of the operation, if the scenario's file is there."""
    start = answer.stated.get("start_date")
    if not isinstance(start, datetime.date):
        return None
    day = date_of(answer.stated.get("horizon_days", 365), start) - datetime.timedelta(days=1)
    return Date(day.isoformat())

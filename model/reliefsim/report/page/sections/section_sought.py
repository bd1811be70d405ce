"""The target of an `ask` in words, and what kind of number it is."""

from __future__ import annotations

import datetime
import math

from ....indicators.registry import INDICATORS
from ....results.answer_folder import AnswerFolder
from ....results.study_folder import date_of
from ....store import Row
from ...text.outcome import asked
from ...text.tongue import Tongue, mark


def own_number(answer: AnswerFolder, at: str = "without") -> Row:
    """The target's own number with no more money (``without``) or with the most (``binds``): the first row of each."""
    return answer.part(at)[0]


def kind_of(indicator: str) -> str:
    """The kind of an indicator's number."""
    one = INDICATORS.get(indicator)
    return one.unit.lower() if one and (one.goal or one.unit == "share") else "number"


def noun(indicator: str, tongue: Tongue) -> str:
    """What an indicator is; one that has no words as a target is told by its name."""
    goal = INDICATORS[indicator].goal if indicator in INDICATORS else None
    return capital(tongue.say(goal.page_noun) if goal else indicator.replace("_", " "))


def of_whom(answer: AnswerFolder, tongue: Tongue) -> str:
    """`` (Medical referral)``: the service or class that the target is of; empty: everything."""
    row = own_number(answer)
    kind, name = ("services", row["service"]) if row["service"] else ("classes", row["group"])
    return f" ({tongue.say(answer.label(kind, name))})" if name else ""


def target(answer: AnswerFolder, tongue: Tongue) -> str:
    """The target, by the last day, as a sentence without its full stop."""
    indicator, row = own_number(answer)["indicator"], asked(answer.rows)
    wanted = _wanted(float(row["wanted"]), kind_of(indicator), tongue)
    one = INDICATORS[indicator]
    bound = mark("at least {wanted} ({what})") if one.sense > 0 else mark("at most {wanted} ({what})")
    bound = one.goal.page_told if one.goal else bound
    told = tongue.say(bound, wanted=wanted, what=indicator.replace("_", " "))
    day = last_day(answer)
    words = mark("The target for {day}: {target}") if day else mark("The target: {target}")
    return tongue.say(words, day=tongue.date(day) if day else "", target=told + of_whom(answer, tongue))


def _wanted(value: float, kind: str, tongue: Tongue) -> str:
    """As the user asked: 80%, not 80.0%."""
    if kind != "share":
        return tongue.value(value, kind)
    enough = (places for places in range(3) if math.isclose(round(100 * value, places), 100 * value))
    return tongue.percent(value, next(enough, 3))


def last_day(answer: AnswerFolder) -> datetime.date | None:
    """The last day of the operation, if the scenario's file is there."""
    start = answer.stated.get("start_date")
    if not isinstance(start, datetime.date):
        return None
    return date_of(answer.stated.get("horizon_days", 365), start) - datetime.timedelta(days=1)


def capital(text: str) -> str:
    """The same with a capital."""
    return text[:1].upper() + text[1:]

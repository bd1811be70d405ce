"""Who goes without as an answer of `ask` has it: with no more money, and with the most of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...indicators.closable import CLOSED, NOT_CLOSED
from ...indicators.shortfall import FIRST, LAST, WORKERS, people
from ...indicators.unserved_reasons import REASONS
from ...layout import Reason
from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import number
from ...store import Row
from ..text.said import Days, Ends, Listed, Number, Said, Text, say
from ..text.tongue import mark
from .ask_words import (
    chance,
    kind_of,
    last_day,
    noun,
    own_number,
)

MOST_LISTED = 6  # services, or causes, that a sentence names
Found = dict[tuple[str, str, str], Row]
_STILL = {  # by whether to the end, and whether several services
    (True, True): mark("{services} stand still for want of money from {dates} to the end, {chance}"),
    (True, False): mark("{services} stands still for want of money from {dates} to the end, {chance}"),
    (False, True): mark("{services} stand still for want of money at times, first on {dates}, {chance}"),
    (False, False): mark("{services} stands still for want of money at times, first on {dates}, {chance}"),
}


def found_at(answer: AnswerFolder, at: str) -> Found:
    """By indicator, service and class, who goes without (``without``: no more money, ``binds``: the most); all but the
    target's own number, which comes first."""
    return {(row["indicator"], row["service"], row["group"]): row for row in answer.part(at)[1:]}


def usd(text: str | float) -> Number:
    """An amount of a table."""
    return Number(float(text), "usd")


def end_of(answer: AnswerFolder) -> Text:
    """The last day."""
    return last_day(answer) or say("the last day")


def eight_of_ten(row: Row) -> Said:
    """The target's own number."""
    ends = Ends(number(row["p10"]), number(row["p90"]), kind_of(row["indicator"]))
    return say("{ends} in eight of ten runs", ends=ends)


def joined(parts: Sequence[Text]) -> Text:
    """Parts with semicolons between them."""
    first, *others = parts
    for one in others:
        first = say("{first}; {next}", first=first, next=one)
    return first


def _ends(row: Row) -> Text:
    """Eight of ten runs in brackets, where they differ."""
    low, high = number(row["p10"]), number(row["p90"])
    return say(" ({ends})", ends=Ends(low, high, "people")) if low != high else ""


def _people(row: Row) -> Said:
    """The middle run, and eight of ten."""
    middle = number(row["p50"])
    if middle == 1:
        return say("{number} person{ends}", number=Number(middle, "people"), ends=_ends(row))
    return say("{number} people{ends}", number=Number(middle, "people"), ends=_ends(row))


def _workers(row: Row) -> Said:
    middle = number(row["p50"])
    if middle == 1:
        return say("{number} worker{ends}", number=Number(middle, "people"), ends=_ends(row))
    return say("{number} workers{ends}", number=Number(middle, "people"), ends=_ends(row))


def without_it(answer: AnswerFolder) -> Said:
    """What stands still, and who goes without, if nothing more comes."""
    found, own = found_at(answer, "without"), own_number(answer)
    whole = found.get((people(Reason.MONEY), "", ""))
    told: list[Text] = list(_stand_still(answer, found))
    service: Text = answer.label("services", own["service"]) if own["service"] else say("a service they need")
    if whole is None:
        told.append(say("nobody goes without {service} for want of money in any run", service=service))
    else:
        words = {"people": _people(whole), "service": service, "among": _first_of_them(answer, found)}
        told.append(
            say("{people} goes without {service} for want of money first{among}", **words)
            if number(whole["p50"]) == 1
            else say("{people} go without {service} for want of money first{among}", **words)
        )
    parts = [one for name in (CLOSED, NOT_CLOSED) for (indicator, _, _), one in found.items() if indicator == name]
    if len(parts) == 2:
        closed, left = (say("{usd}{ends}", usd=usd(one["p50"]), ends=_ends(one)) for one in parts)
        told.append(say("of the gap, money alone, without limit, would close {closed} and not {left}", closed=closed, left=left))
    told.append(say("{what} is {ends}", what=noun(answer, own["indicator"]), ends=eight_of_ten(own)))
    return say("Without it, by {day}, {parts}.", day=end_of(answer), parts=joined(told))


def still_from(found: Found, service: str) -> tuple[bool, Row] | None:
    """Since when a service stands still for want of money, where half of the runs or more see it: whether to the end, and
    the row that tells it."""
    for name, is_lasting in ((LAST, True), (FIRST, False)):
        row = found.get((name, service, ""))
        if row is not None and float(row["chance"]) >= 0.5:
            return is_lasting, row
    return None


def _stand_still(answer: AnswerFolder, found: Found) -> Iterator[Said]:
    """From when on services stand still for want of money; alike ones together."""
    alike: dict[tuple[bool, str, str, str, str, str], tuple[Row, list[Text]]] = {}
    for service in dict.fromkeys(service for _, service, _ in found if service):
        if (still := still_from(found, service)) is not None:
            lasting, row = still
            key = (lasting, row["date_p10"], row["date_p90"], row["chance"], row["chance_low"], row["chance_high"])
            alike.setdefault(key, (row, []))[1].append(answer.label("services", service))
    for (lasting, first, last, *_), (row, names) in alike.items():
        words = _STILL[lasting, len(names) > 1]
        yield say(words, services=Listed(names), dates=Days(first, last), chance=chance(row))


def _first_of_them(answer: AnswerFolder, found: Found) -> Text:
    """Those of the first priority that has any, and the most numerous class but those of the last priority."""
    classes = answer.stated.get("classes", {})
    some = {name: row for (_, _, name), row in found.items() if name in classes and number(row["p50"]) >= 1}
    if not some or len(classes) < 2:
        return ""
    priority = {name: float(one.get("priority", 1)) for name, one in classes.items()}
    first, last = min(priority[name] for name in some), max(priority.values())
    chosen = {name for name in some if priority[name] == first}
    above = [name for name in sorted(some) if priority[name] < last]
    chosen |= {max(above, key=lambda name: number(some[name]["p50"]))} if above else set()
    told: list[Text] = []
    for name in sorted(chosen, key=lambda name: (priority[name], name)):
        middle, label = Number(number(some[name]["p50"]), "people"), answer.label("classes", name)
        told.append(say("{number} of class {group}{ends}", number=middle, group=label, ends=_ends(some[name])))
    return say(", among them {classes}", classes=Listed(told))


def causes(answer: AnswerFolder) -> list[tuple[Reason, str, Row, Row | None]]:
    """What money alone cannot change: who is left with the most of it, the most people first, and why; the service
    (empty: whoever is never found lacks all services), people, and the workers who are lacking."""
    found = found_at(answer, "binds")
    told = [
        (reason, service, row, found.get((WORKERS, service, "")) if reason == Reason.TEAM else None)
        for reason in REASONS
        for (indicator, service, group), row in found.items()
        if indicator == people(reason) and not group and bool(service) == (reason != Reason.NOT_FOUND)
        and number(row["p50"]) >= 1
    ]  # fmt: skip
    return sorted(told, key=lambda one: -number(one[2]["p50"]))[:MOST_LISTED]


def what_binds(answer: AnswerFolder) -> Said:
    """Who is left with the most money, and why."""
    most, service = own_number(answer, "binds"), own_number(answer)["service"]
    told: list[Text] = []
    for reason, name, row, lacking in causes(answer):
        if reason == Reason.NOT_FOUND:
            need: Text = say(" in need of {service}", service=answer.label("services", service)) if service else ""
            told.append(say("never found: {people}{need}", people=_people(row), need=need))
            continue
        cause = say(REASONS[reason].lacking, service=answer.label("services", name), people=_people(row))
        if lacking is not None and number(lacking["p50"]) >= 1:
            cause = say("{cause}, it lacks {workers}", cause=cause, workers=_workers(lacking))
        told.append(cause)
    words: dict[str, Text] = {"usd": usd(most["additional_usd"]), "day": end_of(answer)}
    left = joined(told) if told else say("nobody is left in half of the runs or more")
    return say("More money does not change this: with {usd} more, by {day}, {left}.", left=left, **words)

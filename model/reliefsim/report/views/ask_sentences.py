"""An answer of `ask` becomes sentences that can be pasted into an appeal: every number with its interval and its date."""

from __future__ import annotations

from ...results.answer_folder import AnswerFolder
from ...results.estimate_rows import number
from ...results.study_folder import date_of
from ...store import Row
from ...study.queries.ask_search import STEP_USD, order_statistic
from ..text.said import Date, Ends, Listed, Number, Said, Text, say
from .ask_shortfall import eight_of_ten, end_of, joined, usd, what_binds, without_it
from .ask_words import (
    AMOUNT,
    FEW,
    MET,
    NONE,
    asked,
    certainty,
    chance,
    deadline,
    latest,
    noun,
    of_what,
    outcome,
    own_number,
    scope,
    target,
)

MONTHS_TOLD = 3  # later arrivals that a sentence prices


def sentences(answer: AnswerFolder) -> list[Said]:
    """The ask, what is without it, what is with it, what delay costs, and what money cannot change."""
    ask, when, less = say("{sentence} {next}", sentence=_ask(answer), next=scope(answer)), _by_when(answer), _less_later(answer)
    if when and less:
        when = say("{sentence} {next}", sentence=when, next=less)
    return [one for one in (ask, without_it(answer), _reached(answer), when, what_binds(answer)) if one]


def finding(answer: AnswerFolder) -> Said:
    """The answer in one line."""
    row, kind = asked(answer), outcome(answer)
    met: dict[str, Text] = {"target": target(answer), "certainty": certainty(answer)}
    if kind == FEW:
        return say("too few runs to tell what it takes so that {target}, with {certainty} certainty", **met)
    if kind == MET:
        return say("without more money, {target}, with {certainty} certainty", **met)
    if kind == NONE:
        most = usd(own_number(answer, "binds")["additional_usd"])
        return say("no amount up to {usd} means that {target}, with {certainty} certainty", usd=most, **met)
    by = Date(deadline(answer)["arrives"])
    return say(
        "{usd} more by {date} means that {target}, with {certainty} certainty", usd=usd(row["additional_usd"]), date=by, **met
    )


def _ask(answer: AnswerFolder) -> Said:
    row, kind = asked(answer), outcome(answer)
    first, most = Date(row["arrives"]), own_number(answer, "binds")
    met: dict[str, Text] = {"day": end_of(answer), "target": target(answer), "certainty": certainty(answer)}
    if kind == FEW:
        return say(
            "How much it takes so that by {day} {target}, with {certainty} certainty, cannot be told from {runs} runs: that "
            "takes {needed} runs or more.",
            runs=Number(float(row["replications"]), "people"), needed=Number(float(row["replications_needed"]), "people"),
            **met,
        )  # fmt: skip
    if kind == MET:
        return say(
            "{usd} more is asked for: without more money, by {day}, {target} {chance}, which is with {certainty} certainty.",
            usd=usd(0), chance=chance(row), **met,
        )  # fmt: skip
    if kind == NONE:
        at_most = next(one for one in answer.part("chance") if one["additional_usd"] == most["additional_usd"])
        flat = next(iter(answer.part("saturated")), None)
        no_more: Text = ""
        if flat:
            no_more = say("; of the amounts tried, none above {usd} improves its mean", usd=usd(flat["additional_usd"]))
        if flat and float(flat["additional_usd"]) == 0:
            no_more = say(", no better in the mean than without it")
        return say(
            "No amount up to {usd}, there on {first}{for_what}, means that by {day} {target}, with {certainty} certainty: "
            "some amount is enough {able}, and with the most money {what} is {best}{no_more}.",
            usd=usd(most["additional_usd"]), first=first, for_what=_for_what(answer), able=chance(at_most),
            what=noun(answer, most["indicator"]), best=eight_of_ten(most), no_more=no_more, **met,
        )  # fmt: skip
    by, last = deadline(answer), latest(answer)
    still: Text = say(", perhaps as late as {date}", date=Date(last["arrives"])) if last["arrives"] > by["arrives"] else ""
    there: Text = ""
    if by is not row:
        there = say("; if it comes on {date}, it is enough {chance}", date=Date(by["arrives"]), chance=chance(by))
    largest: Text = ""
    count = int(row["replications"])
    if order_statistic(count, float(row["certainty"])) == count:
        largest = say(", and the largest of {runs} runs, so that more runs narrow it", runs=Number(count, "people"))
    tried = next(iter(answer.part("confirmed")), None)
    fresh: Text = ""
    if tried:
        fresh = say(" Tried on {runs} further runs, it is enough {chance}.", runs=Number(count, "people"), chance=chance(tried))
    return say(
        "{usd} more{for_what}, there by {by}{still}, means that by {day} {target}, with {certainty} certainty: if it comes on "
        "{first}, the amount that is enough in {certainty} of the runs lies between {low} and {high} (95% interval), and its "
        "upper end is what is asked for (the upper 97.5% limit{largest}){there}.{fresh}",
        usd=usd(row["additional_usd"]), for_what=_for_what(answer), by=Date(by["arrives"]), still=still, first=first,
        low=usd(row["quantile_low_usd"]), high=Number(float(row["additional_usd"]), "amount"), largest=largest, there=there,
        fresh=fresh,
        **met,
    )  # fmt: skip


def _for_what(answer: AnswerFolder) -> Said:
    """What the money is for, and until when it may be committed, where that is said."""
    money = (answer.made.get("question") or {}).get("money", {})
    names = [
        say("running costs") if name == "running" else answer.label("services", name) for name in money.get("pays_for", ())
    ]
    until = money.get("until_day")
    ends: Text = ""
    if until is not None:
        day = date_of(until, answer.stated["start_date"]).isoformat()
        ends = say(", to be committed before {day}", day=Date(day))
    return say("{names}{ends}", names=say(" for {service}", service=Listed(names)) if names else "", ends=ends)


def _reached(answer: AnswerFolder) -> Said | None:
    """People reached with the ask, or with the least amount from which on more changes nothing, or with the most."""
    rows = [row for row in answer.part("curve") if row["indicator"] == "people_reached"]
    if not rows:
        return None
    wanted = [asked(answer)["additional_usd"], *(row["additional_usd"] for row in answer.part("saturated"))]
    at = next((row for amount in wanted for row in rows if row["additional_usd"] == amount), rows[-1])
    mean, low, high = (number(at[name]) for name in ("mean", "ci_low", "ci_high"))
    ends: Text = say(" (95% interval {ends})", ends=Ends(low, high, "people")) if low < high else ""
    of = of_what(answer, with_service=True)
    count: dict[str, Text] = {"number": Number(mean, "people"), "of": of, "ends": ends}
    people_are = (
        say("{number} person{of} is reached{ends}", **count)
        if round(mean) == 1
        else say("{number} people{of} are reached{ends}", **count)
    )
    if float(at["additional_usd"]) == 0:
        return say("As things are, by {day}, {people}.", day=end_of(answer), people=people_are)
    more, least, most = (number(at[name]) for name in ("difference", "difference_low", "difference_high"))
    apart: Text = say(" ({ends})", ends=Ends(least, most, "people")) if least < most else ""
    values: dict[str, Text] = {"number": Number(abs(more), "people"), "ends": apart}
    than = say("{number} more than without it{ends}", **values)
    if round(more) <= 0:
        than = say("{number} fewer than without it{ends}", **values) if round(more) else say("no more than without it")
    return say(
        "With {usd} more, by {day}, {people}, {more}.", usd=usd(at["additional_usd"]), day=end_of(answer), people=people_are,
        more=than,
    )  # fmt: skip


def _by_when(answer: AnswerFolder) -> Said | None:
    """What each month's delay costs, and from when on no amount does it."""
    row, later, kind = asked(answer), answer.part("arrival"), outcome(answer)
    if kind in (FEW, MET):
        return None
    if not later:
        return say("Later arrivals were not tried.")
    tried: dict[str, Text] = {"number": Number(1 + len(later), "people"), "last": Date(later[-1]["arrives"])}
    able = [one for one in later if one["additional_usd"]]
    if kind == NONE:
        if not able:
            return say("No amount is enough on any of the {number} dates that were tried, a month apart, to {last}.", **tried)
        return say(
            "On {date}, {usd} would be enough.", date=Date(able[0]["arrives"]), usd=usd(able[0]["additional_usd"])
        )
    ask, by = float(row["additional_usd"]), deadline(answer)["arrives"]
    told = [_price(one, ask) for one in able if one["arrives"] > by][:MONTHS_TOLD]
    never = next((one for one in later if not one["additional_usd"]), None)
    end: dict[str, Text] = {}
    if never:
        end = {"date": Date(never["arrives"]), "usd": usd(own_number(answer, "binds")["additional_usd"])}
    if told and end:
        costs = joined(told)
        return say(
            "With {certainty} certainty it takes {costs}; from {date} on no amount up to {usd} is enough.",
            certainty=certainty(answer), costs=costs, **end,
        )  # fmt: skip
    if told:
        return say("With {certainty} certainty it takes {costs}.", certainty=certainty(answer), costs=joined(told))
    if end:
        return say("From {date} on no amount up to {usd} is enough.", **end)
    return say("The same amount is enough on each of the {number} dates that were tried, a month apart, to {last}.", **tried)


def _less_later(answer: AnswerFolder) -> Said | None:
    """That a later date takes less, and whether that is shown; None: none does."""
    row = asked(answer)
    if outcome(answer) != AMOUNT:
        return None
    ask, later = float(row["additional_usd"]), [one for one in answer.part("arrival") if one["additional_usd"]]
    less = [one for one in later if float(one["additional_usd"]) < ask]
    if not less:
        return None
    shown = [one for one in less if float(one["additional_usd"]) < number(row["quantile_low_usd"])]
    if not shown:
        return say(
            "On {date} less would do, but the intervals overlap: that it is cheaper later is not shown.",
            date=Date(less[0]["arrives"]),
        )  # fmt: skip
    return say(
        "On {date} less would do: money that comes later is spent on the cases that are known by then, which are others. "
        "It is no reason to wait, for people wait meanwhile.", date=Date(shown[0]["arrives"]),
    )  # fmt: skip


def _price(row: Row, ask: float) -> Said:
    """What it takes on a later date."""
    amount = float(row["additional_usd"])
    apart = Number(abs(amount - ask), "amount")
    more: Text = say("{usd} more", usd=apart) if amount > ask else say("{usd} less", usd=apart)
    return say(
        "{usd} if it comes on {date} (95% interval {ends}), {more}", usd=usd(amount), date=Date(row["arrives"]),
        ends=Ends(number(row["quantile_low_usd"]), amount, "amount"), more=more if amount != ask else say("no more"),
    )  # fmt: skip


def method(answer: AnswerFolder, grid: int | None = None) -> Said:
    """How it was found. ``grid``: amounts looked at in every run; 0: halves find the least; None: not told."""
    row = asked(answer)
    how: Text = ""
    if grid == 0:
        how = say("; more money always helps here, so halves find the least amount")
    elif grid:
        most = usd(own_number(answer, "binds")["additional_usd"])
        how = say(
            "; {number} amounts up to {usd} were looked at in every run, for more money does not always mean more served, and "
            "the amount is the least from which on all of them are enough",
            number=Number(grid, "people"), usd=most,
        )  # fmt: skip
    drawn: Text = say(", each with its own draw of every value that is not known") if answer.made.get("uncertain") else ""
    day, from_then = answer.stated.get("as_of", {}).get("day"), ""
    said_from: Text = from_then
    if day is not None:
        first = Date(date_of(day, answer.stated["start_date"]).isoformat())
        said_from = say(" The question is asked from {first} on: need is what was unmet then and what arises later.", first=first)
    return say(
        "How: {runs} runs of {scenario} under the rule {rule}, seed {seed}{drawn}; each run was given more money in steps of "
        "{step} in the same world{how}. Intervals of amounts are of order statistics, of shares of runs by Clopper and "
        "Pearson, of people reached of the mean, corrected for skewness (of few runs they cover 80% or more). A number with a "
        "range in brackets and no other word is that of the middle run and the range of eight of ten runs; nobody is counted "
        "twice in it. Workers are those who would have served, over the whole time, the cases left without a free team. What "
        "is under one person in the middle run is left out. Want of money is looked at before want of a team: some who lack "
        "money now would lack a free team next, and are in both counts.{said_from}",
        runs=Number(float(row["replications"]), "people"), scenario=row["scenario"], rule=row["rule"],
        seed=str(answer.made.get("seed", "–")), drawn=drawn, step=usd(STEP_USD), how=how, said_from=said_from,
    )  # fmt: skip

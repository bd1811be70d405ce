"""How much more is needed: the answers of `ask`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ....indicators.closable import CLOSED, NOT_CLOSED
from ....results.answer_folder import AnswerFolder
from ....results.estimate_rows import number
from ....results.study_folder import date_of
from ....store import Row
from ...text.outcome import AMOUNT, FEW, MET, NONE, asked, deadline, outcome
from ...text.tongue import NONE as NOTHING
from ...text.tongue import Tongue
from ..page_content import Content
from ..page_table import Table
from . import section_amounts as amounts
from . import section_lacking as lacking
from .section_sought import kind_of, noun, of_whom, own_number, target


class Fact(NamedTuple):
    """One thing that a fundraiser wants to know of an answer: what, its words, and what stands smaller beneath them."""

    what: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """One answer of `ask`: what was wanted, the answer, and its curve for a chart."""

    title: str
    target: str
    answer: str
    facts: list[Fact]
    method: str
    without: Table
    binds: Table
    arrivals: Table | None
    bought: Table
    curve: list[list[float]]  # USD, chance, and the ends of its interval


def asks(content: Content, tongue: Tongue) -> list[Asked]:
    """Every answer of `ask`. Raises ValueError if one is an older program's."""
    return [_asked(answer, tongue) for answer in content.study.asks if answer.part("ask")]


def _asked(answer: AnswerFolder, tongue: Tongue) -> Asked:
    return Asked(
        title=tongue.say(answer.title),
        target=target(answer, tongue),
        answer=_answer(answer, tongue),
        facts=[one for one in _facts(answer, tongue) if one.text],
        method=_method(answer, tongue),
        without=lacking.without(answer, tongue),
        binds=lacking.binds(answer, tongue),
        arrivals=amounts.by_arrival(answer, tongue),
        bought=amounts.along_the_curve(answer, tongue),
        curve=[
            [round(float(one[name]), 4) for name in ("additional_usd", "chance", "chance_low", "chance_high")]
            for one in answer.part("chance")
            if one["chance"]
        ],
    )


def _answer(answer: AnswerFolder, tongue: Tongue) -> str:
    row, kind, best = asked(answer.rows), outcome(answer.rows), own_number(answer, "binds")
    certainty = tongue.percent(float(row["certainty"]), 0)
    if kind == FEW:
        return tongue.say(
            "{runs} runs are too few to tell how much it takes with a certainty of {certainty}: that takes {needed} runs or "
            "more.",
            runs=tongue.number(float(row["replications"])), certainty=certainty,
            needed=tongue.number(float(row["replications_needed"])),
        )  # fmt: skip
    if kind == NONE:
        most = next(one for one in answer.part("chance") if one["additional_usd"] == best["additional_usd"])
        of_target = kind_of(best["indicator"])
        return tongue.say(
            "No amount up to {usd}, there on {first}, meets the target with a certainty of {certainty}: the most meets it in "
            "{chance} of the runs (95% interval {low} to {high}) and gives, in eight of ten runs, {best}.",
            usd=tongue.usd(float(best["additional_usd"])), first=tongue.date(row["arrives"]), certainty=certainty,
            **_chance(most, tongue), best=tongue.between(number(best["p10"]), number(best["p90"]), of_target) or NOTHING,
        )  # fmt: skip
    if kind == MET:
        return tongue.say(
            "The target is met with a certainty of {certainty} as things are: in {chance} of the runs (95% interval {low} to "
            "{high}).",
            certainty=certainty, **_chance(row, tongue),
        )  # fmt: skip
    by = deadline(answer.rows)
    return tongue.say(
        "{usd} more by {date} meets the target with a certainty of {certainty}: if it comes that day, it is met in "
        "{chance} of the runs (95% interval {low} to {high}).",
        usd=tongue.usd(float(row["additional_usd"])), date=tongue.date(by["arrives"]), certainty=certainty,
        **_chance(by, tongue),
    )  # fmt: skip


def _chance(row: Row, tongue: Tongue) -> dict[str, str]:
    names = {"chance": "chance", "low": "chance_low", "high": "chance_high"}
    return {name: tongue.chance(number(row[column])) for name, column in names.items()}


def _facts(answer: AnswerFolder, tongue: Tongue) -> list[Fact]:
    row, most = asked(answer.rows), own_number(answer, "binds")
    found = []
    if outcome(answer.rows) == AMOUNT:
        found.append(
            Fact(
                tongue.say("Enough in {certainty} of the runs", certainty=tongue.percent(float(row["certainty"]), 0)),
                tongue.between(number(row["quantile_low_usd"]), float(row["additional_usd"]), "usd"),
                tongue.say(
                    "95% interval of the amount, if it comes on {date}; its upper end is what is asked for.",
                    date=tongue.date(row["arrives"]),
                ),
            )
        )
    flat = next(iter(answer.part("saturated")), None)
    usd = tongue.usd(float(flat["additional_usd"])) if flat else ""
    found += [
        Fact(tongue.say("What the money may pay for"), _pays_for(answer, tongue)),
        Fact(
            tongue.say("The most that was tried"), tongue.usd(float(most["additional_usd"])),
            tongue.say("Of the amounts in the table, none above {usd} improves the mean of the target's number.", usd=usd)
            if flat else "",
        ),
        _own(answer, tongue),
        *_closable(answer, tongue),
        _reached(answer, tongue),
        Fact(tongue.say("If the money comes later"), _later(answer, tongue)),
    ]  # fmt: skip
    return found


def _pays_for(answer: AnswerFolder, tongue: Tongue) -> str:
    """What the money is for and until when, where that is not everything and the end."""
    money = answer.made.get("question", {}).get("money", {})
    names = ", ".join(tongue.say(answer.label("services", name)) for name in money.get("pays_for", ()))
    if money.get("until_day") is None:
        return names
    day = tongue.date(date_of(money["until_day"], answer.stated["start_date"]))
    return tongue.say(
        "{services}, to be committed before {day}", services=names or tongue.say("All services"), day=day
    )


def _own(answer: AnswerFolder, tongue: Tongue) -> Fact:
    """The target's own number, at both ends."""
    least, most = own_number(answer), own_number(answer, "binds")
    kind = kind_of(least["indicator"])
    middle = [tongue.value(number(row["p50"]), kind) for row in (least, most)]
    ends = [tongue.between(number(row["p10"]), number(row["p90"]), kind) or NOTHING for row in (least, most)]
    return Fact(
        noun(least["indicator"], tongue) + of_whom(answer, tongue),
        tongue.say("{least} without more money, {most} with the most", least=middle[0], most=middle[1]),
        tongue.say("The middle run; in eight of ten runs {least}, and {most}.", least=ends[0], most=ends[1]),
    )


def _closable(answer: AnswerFolder, tongue: Tongue) -> list[Fact]:
    """What of the gap money alone would close, and what it would not."""
    found = {row["indicator"]: row for row in answer.part("without") if row["indicator"] in (CLOSED, NOT_CLOSED)}
    if len(found) < 2:
        return []
    rows = [found[name] for name in (CLOSED, NOT_CLOSED)]
    closed, left = (tongue.usd(number(row["p50"])) for row in rows)
    ends = [tongue.between(number(row["p10"]), number(row["p90"]), "usd") or NOTHING for row in rows]
    return [
        Fact(
            tongue.say("The gap, with money without limit"),
            tongue.say("{closed} closed by money alone, {left} not closed by money", closed=closed, left=left),
            tongue.say("The middle run; in eight of ten runs {least}, and {most}.", least=ends[0], most=ends[1]),
        )
    ]  # fmt: skip


def _reached(answer: AnswerFolder, tongue: Tongue) -> Fact:
    """People reached with the ask, or with the least amount from which on more changes nothing, or with the most."""
    rows = [row for row in answer.part("curve") if row["indicator"] == "people_reached"]
    wanted = [asked(answer.rows)["additional_usd"], *(row["additional_usd"] for row in answer.part("saturated"))]
    at = next((row for usd in wanted for row in rows if row["additional_usd"] == usd), rows[-1] if rows else None)
    what = noun("people_reached", tongue) + of_whom(answer, tongue)
    if at is None:
        return Fact(what, "")
    people = tongue.number(number(at["mean"]))
    inside = tongue.between(number(at["ci_low"]), number(at["ci_high"]), "people")
    note = tongue.say("Interval of the mean: {spread}.", spread=inside) if inside else ""
    if float(at["additional_usd"]) == 0:
        return Fact(what, tongue.say("{people} as things are", people=people), note)
    apart = tongue.between(number(at["difference_low"]), number(at["difference_high"]), "people", signed=True)
    text = tongue.say(
        "{people} with {usd} more (difference to none: {difference})",
        people=people, usd=tongue.usd(float(at["additional_usd"])),
        difference=tongue.signed(number(at["difference"]), "people"),
    )  # fmt: skip
    more = tongue.say("Interval of the difference: {spread}.", spread=apart) if apart else ""
    return Fact(what, text, " ".join([note, more]).strip())


def _later(answer: AnswerFolder, tongue: Tongue) -> str:
    """What delay costs, in words; the table has the numbers of each date."""
    later, kind = answer.part("arrival"), outcome(answer.rows)
    if kind in (FEW, MET):
        return ""
    if not later:
        return tongue.say("Later arrivals were not tried.")
    dates, last = tongue.number(1 + len(later)), tongue.date(later[-1]["arrives"])
    if kind == NONE:
        able = next((row for row in later if row["additional_usd"]), None)
        if able is None:
            return tongue.say("On none of the {number} dates tried, to {last}, is any amount enough.", number=dates, last=last)
        return tongue.say(
            "On {date}, {usd} would be enough.",
            date=tongue.date(able["arrives"]), usd=tongue.usd(float(able["additional_usd"])),
        )  # fmt: skip
    by = deadline(answer.rows)["arrives"]
    told = []
    dearer = next((row for row in later if row["arrives"] > by and row["additional_usd"]), None)
    never = next((row for row in later if not row["additional_usd"]), None)
    if dearer:
        told.append(
            tongue.say(
                "{usd} if it comes on {date}.",
                usd=tongue.usd(float(dearer["additional_usd"])), date=tongue.date(dearer["arrives"]),
            )
        )  # fmt: skip
    if never:
        told.append(tongue.say("On {date} no amount tried is enough.", date=tongue.date(never["arrives"])))
    if not told:
        told.append(tongue.say("No more is needed on any of the {number} dates tried, to {last}.", number=dates, last=last))
    return " ".join(told)


def _method(answer: AnswerFolder, tongue: Tongue) -> str:
    told = [
        tongue.say(
            "{runs} runs, seed {seed}; each was given more money in steps in the same world.",
            runs=tongue.number(float(asked(answer.rows)["replications"])), seed=answer.made.get("seed", NOTHING),
        )
    ]  # fmt: skip
    if answer.made.get("uncertain"):
        told.append(tongue.say("Each run draws anew every value that is not known."))
    as_of = answer.stated.get("as_of", {}).get("day")
    if as_of is not None:
        day = tongue.date(date_of(as_of, answer.stated["start_date"]))
        told.append(tongue.say("Asked from {day} on: need is what was unmet then and what arises later.", day=day))
    return " ".join(told)

"""How much more is needed: the answers of `ask`, in the sentences that ask.md has, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ....results.answer_folder import AnswerFolder
from ....results.estimate_rows import number
from ...text.said import Ends, Number, Text, capital, say
from ...text.tongue import Tongue
from ...views.ask_sentences import finding, method, sentences
from ...views.ask_shortfall import usd
from ...views.ask_words import kind_of, noun, outcome, own_number, scope
from ...views.content import Content
from ..page_table import Table
from . import section_amounts as amounts
from . import section_lacking as lacking


class Fact(NamedTuple):
    """One thing that a fundraiser wants to know of an answer: what, its words, and what stands smaller beneath them."""

    what: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """One answer of `ask`: what was wanted, the answer, and its curve for a chart."""

    title: str
    answer: str
    scope: str
    sentences: list[str]
    facts: list[Fact]
    method: str
    without: Table
    binds: Table
    arrivals: Table | None
    bought: Table
    curve: list[list[float]]  # USD, chance, and the ends of its interval


def asks(content: Content, tongue: Tongue) -> list[Asked]:
    """Every answer of `ask`. Raises ValueError if one is an older program's."""
    return [_asked(answer, tongue) for answer in content.study.asks if answer.part("ask") and outcome(answer)]


def _asked(answer: AnswerFolder, tongue: Tongue) -> Asked:
    return Asked(
        title=tongue.say(answer.title),
        answer=f"{capital(tongue.told(finding(answer)))}.",
        scope=tongue.told(scope(answer)),
        sentences=[tongue.told(one) for one in sentences(answer)],
        facts=[_most(answer, tongue), _own(answer, tongue)],
        method=tongue.told(method(answer)),
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


def _most(answer: AnswerFolder, tongue: Tongue) -> Fact:
    most = usd(own_number(answer, "binds")["additional_usd"])
    flat = next(iter(answer.part("saturated")), None)
    words: Text = ""
    if flat:
        above = usd(flat["additional_usd"])
        words = say("Of the amounts in the table, none above {usd} improves the mean of the target's number.", usd=above)
    return Fact(tongue.say("The most that was tried"), tongue.told(most), tongue.told(words))


def _own(answer: AnswerFolder, tongue: Tongue) -> Fact:
    """The target's own number, at both ends."""
    least, most = own_number(answer), own_number(answer, "binds")
    kind = kind_of(least["indicator"])
    middle = [Number(number(row["p50"]), kind) for row in (least, most)]
    ends = [Ends(number(row["p10"]), number(row["p90"]), kind) for row in (least, most)]
    told = say("{least} without more money, {most} with the most", least=middle[0], most=middle[1])
    note = say("The middle run; in eight of ten runs {least}, and {most}.", least=ends[0], most=ends[1])
    return Fact(capital(tongue.told(noun(answer, least["indicator"]))), tongue.told(told), tongue.told(note))

"""The finding in one sentence, and what a planner and a fundraiser look for first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ....results.estimate_rows import ArmName, Estimate
from ....results.study_folder import RUNNING
from ....study.statistics.differences import SAME, YES
from ...text.compared import compared
from ...text.left_over import left_over
from ...text.tongue import Tongue, mark
from ...views.bridge_view import is_unlimited
from ...views.content import Content
from ...views.gap_view import PARTS
from ...views.run_out_view import run_out
from ..page_table import Cell, cell_of


class Figure(NamedTuple):
    """A number to remember."""

    text: str
    words: str
    note: str


@dataclass(frozen=True)
class Finding:
    """The head of the page."""

    subject: str
    sentence: str
    about: str
    figures: list[Figure]
    run_outs: list[tuple[str, Cell]]
    missing: list[tuple[str, str]]
    others: list[tuple[int, str, str]]  # the number of a scenario, its name, and what it changes


_MEAN = mark("95% interval of the mean: {spread}")
_BAND = mark("in eight of ten runs: {spread}")
_LESS = mark("interval of the mean: {spread}")
_LEAST = 0.01  # of the gap: smaller parts are added up


def finding(content: Content, tongue: Tongue) -> Finding:
    """The finding of the reference scenario."""
    arm = content.study.reference
    return Finding(
        subject=content.subject(tongue),
        sentence=_sentence(content, tongue, arm),
        about=_about(content, tongue),
        figures=_figures(content, tongue, arm),
        run_outs=[
            (tongue.say(content.label("services", name)), cell_of(run_out(content, arm, name), tongue))
            for name in content.services(arm)
            if name != RUNNING
        ],
        missing=_missing(content, tongue, arm),
        others=_others(content, tongue),
    )


def _money(content: Content, tongue: Tongue, arm: ArmName) -> str:
    return (
        tongue.say("Money without limit")
        if is_unlimited(content.study, arm)
        else tongue.usd(content.study.received(arm).mean)
    )


def _spread(content: Content, tongue: Tongue, one: Estimate) -> str:
    """An interval in brackets, in words that say what it is."""
    spread = tongue.spread(one, "people", content.study.is_band)
    if not spread:
        return ""
    words = _BAND if content.study.is_band else _MEAN if one.covers >= 95 else _LESS
    return f" ({tongue.say(words, spread=spread)})"


def _sentence(content: Content, tongue: Tongue, arm: ArmName) -> str:
    study = content.study
    reached, need = (study.indicators.get(arm, name) for name in ("people_reached", "people_in_need"))
    covered = study.indicators.get(arm, "need_covered")
    told = tongue.say(
        "{money} reaches {reached} of {need} people in need{spread} and covers {covered} of the needs; needs worth {gap} are "
        "unmet.",
        money=_money(content, tongue, arm),
        reached=tongue.number(reached.mean),
        need=tongue.number(need.mean),
        spread=_spread(content, tongue, reached),
        covered=tongue.percent(covered.mean),
        gap=tongue.usd(content.study.get(arm, "gap_usd").mean),
    )
    unused = [
        tongue.say(
            "{items} items of {service}, worth {usd}, lie unused at the end.",
            items=tongue.number(one.items.mean),
            service=tongue.say(content.label("services", one.service)),
            usd=tongue.usd(one.usd.mean),
        )
        for one in left_over(study, arm)
    ]
    return " ".join([told, *unused])


def _about(content: Content, tongue: Tongue) -> str:
    study = content.study
    runs = study.replications * max(study.points, 1)
    shown = (
        tongue.say("over the ranges of what is not known")
        if study.uncertain
        else tongue.say("at the point values of all inputs; what is not known may move the numbers far more")
    )
    return tongue.say(
        "Simulated: {runs} runs of each scenario, {first} to {last}, {shown}. Reference scenario: {scenario}.",
        runs=tongue.number(runs),
        first=tongue.date(study.first_day(content.study.reference.scenario)),
        last=tongue.date(study.last_day(content.study.reference.scenario)),
        shown=shown,
        scenario=tongue.told(content.name(content.study.reference)),
    )


def _figures(content: Content, tongue: Tongue, arm: ArmName) -> list[Figure]:
    study, band = content.study, content.study.is_band
    rows = (
        ("people_reached", "people", tongue.say("people reached")),
        ("need_covered", "share", tongue.say("of the needs covered")),
        ("gap_usd", "usd", tongue.say("still missing: the gap")),
        ("lapsed_usd", "usd", tongue.say("given back to donors")),
    )
    found = [(study.indicators.get(arm, name), kind, words) for name, kind, words in rows]
    return [Figure(tongue.value(one.mean, kind), words, tongue.spread(one, kind, band)) for one, kind, words in found]


def _others(content: Content, tongue: Tongue) -> list[tuple[int, str, str]]:
    """What the other scenarios change, as far as it is real."""
    found = []
    for number, arm in enumerate(content.arms):
        reached, gap = (content.study.differences.get(arm, name) for name in ("people_reached", "gap_usd"))
        if arm not in compared(content.study):
            continue
        told = []
        if reached.real in (YES, SAME):
            told.append(tongue.say("{people} people reached", people=tongue.signed(reached.apart.mean, "people")))
        if gap.real in (YES, SAME):
            told.append(tongue.say("{usd} missing", usd=tongue.signed(gap.apart.mean, "usd")))
        words = ", ".join(told) or tongue.say("no difference is shown to be real")
        found.append((number, tongue.told(content.name(arm)), words))
    return found


def _missing(content: Content, tongue: Tongue, arm: ArmName) -> list[tuple[str, str]]:
    """The parts of the gap, the largest first."""
    parts = [(part, content.study.get(arm, part.indicator).mean) for part in PARTS if part.whole(content.study)]
    whole = sum(usd for _, usd in parts if usd == usd)
    shown = sorted((one for one in parts if one[1] >= max(0.5, _LEAST * whole)), key=lambda one: -one[1])
    found = [(tongue.say(part.words), tongue.usd(usd)) for part, usd in shown]
    rest = whole - sum(usd for _, usd in shown)
    return [*found, (tongue.say("Other reasons"), tongue.usd(rest))] if rest >= 0.5 else found

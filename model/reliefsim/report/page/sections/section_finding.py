"""What the page says first: the finding with its band, how far the money reaches, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from ....results.estimate_rows import ArmName
from ....results.study_folder import RUNNING
from ...text.left_over import left_over
from ...text.said import Capital
from ...text.tongue import Tongue, mark
from ...views.bridge_view import is_unlimited
from ...views.content import Content
from ...views.first_view import SHARES, Tile, first, has_bands, shares, tiles
from ...views.gap_view import PARTS
from ...views.given_back import returns
from ...views.run_out_view import NEVER, run_out
from ..page_table import FEW, Bar, Bars, Cell, Part, cell_of


class Figure(NamedTuple):
    """A number to remember: its band, or where there is none the point value; its words, and what stands beneath."""

    text: str
    words: str
    note: str


@dataclass(frozen=True)
class Finding:
    """The head of the page. ``is_band``: its first numbers are bands."""

    subject: str
    sentence: str
    decision: str
    is_band: bool
    returned: list[str]
    more: list[str]
    about: str
    figures: list[Figure]
    charts: list[Bars]
    run_outs: list[tuple[str, Cell]]
    missing: list[tuple[str, str]]


_LEAST = 0.01  # of the gap: smaller parts are added up
_LEGEND = (("solid", mark("in nine of ten runs at least")), ("stripe", mark("here eight of ten runs lie")))


def finding(content: Content, tongue: Tongue) -> Finding:
    """The finding of the reference scenario."""
    study = content.study
    arm = study.reference
    told = first(study, content.name)
    more = [tongue.told(one) for one in (told.sure, told.missing, told.money) if one]
    return Finding(
        subject=content.subject(tongue),
        sentence=tongue.told(told.reach),
        decision=tongue.told(told.decision) if told.decision else "",
        is_band=has_bands(study),
        returned=[tongue.told(one) for one in returns(study, content.name)],
        more=[*more, *_unused(content, tongue, arm)],
        about=_about(content, tongue),
        figures=[_figure(one, tongue) for one in tiles(study)],
        charts=_charts(content, tongue),
        run_outs=_run_outs(content, tongue, arm),
        missing=_missing(content, tongue, arm),
    )


def _figure(one: Tile, tongue: Tongue) -> Figure:
    words, at = tongue.say(one.words), tongue.told(one.at_points or "")
    if one.band is None:
        return Figure(at, words, tongue.say("at the point values alone"))
    return Figure(tongue.told(one.band), words, tongue.say("at the point values: {number}", number=at) if at else "")


def _charts(content: Content, tongue: Tongue) -> list[Bars]:
    """Of many scenarios the first alone: the target is the same for all, and what is reached of it stands in a table."""
    found = [_chart(content, tongue, name, words) for name, words in SHARES[: 1 if len(content.arms) > FEW else None]]
    first, *others = [one for one in found if one.rows] or [Bars("", [])]
    return [first, *(replace(one, legend=()) for one in others)]


def _chart(content: Content, tongue: Tongue, indicator: str, words: str) -> Bars:
    """A bar a scenario: as much as nine of ten runs reach, and from there on what eight of ten lie in."""
    rows = []
    for one in shares(content.study, indicator, content.name):
        low, high = (min(1000.0, round(1000 * end, 1)) for end in (one.low, one.high))
        ends = tongue.between(one.low, one.high, "wanted")
        parts = [Part(0.0, low, "solid", ends), Part(low, round(high - low, 1), "stripe", ends)]
        days = tongue.told(one.period)
        name = f"{tongue.told(one.name)} ({days})" if days else tongue.told(one.name)
        rows.append(Bar(name, parts, ends))
    legend = [(mood, tongue.say(told)) for mood, told in _LEGEND] if has_bands(content.study) else []
    return Bars(tongue.say(words), rows, legend, is_whole=True)


def _run_outs(content: Content, tongue: Tongue, arm: ArmName) -> list[tuple[str, Cell]]:
    """When each service runs out of money; those that do not stand in one row."""
    found = [
        (tongue.say(content.label("services", name)), cell_of(run_out(content, arm, name), tongue))
        for name in content.services(arm)
        if name != RUNNING
    ]
    never = cell_of(Capital(NEVER), tongue)
    lasting = [name for name, cell in found if cell == never]
    last = [(", ".join(lasting), never)] if lasting else []
    return [*(one for one in found if one[1] != never), *last]


def _unused(content: Content, tongue: Tongue, arm: ArmName) -> list[str]:
    return [
        tongue.say(
            "{items} items of {service}, worth {usd}, lie unused at the end.",
            items=tongue.number(one.items.mean),
            service=tongue.say(content.label("services", one.service)),
            usd=tongue.usd(one.usd.mean),
        )
        for one in left_over(content.study, arm)
    ]


def _about(content: Content, tongue: Tongue) -> str:
    study = content.study
    arm, runs = study.reference, study.replications * max(study.points, 1)
    shown = tongue.say("at the point values of all inputs; what is not known may move the numbers far more")
    if has_bands(study):
        shown = tongue.say("over the ranges of what is not known")
    unlimited = is_unlimited(study, arm)
    return tongue.say(
        "Simulated: {runs} runs of each scenario, {first} to {last}, {shown}. Reference scenario: {scenario}. Money: {money}.",
        runs=tongue.number(runs),
        first=tongue.date(study.first_day(arm.scenario)),
        last=tongue.date(study.last_day(arm.scenario)),
        shown=shown,
        scenario=tongue.told(content.name(arm)),
        money=tongue.say("without limit") if unlimited else tongue.usd(study.received(arm).mean),
    )


def _missing(content: Content, tongue: Tongue, arm: ArmName) -> list[tuple[str, str]]:
    """The parts of the gap, the largest first."""
    parts = [(part, content.study.get(arm, part.indicator).mean) for part in PARTS if part.whole(content.study)]
    whole = sum(usd for _, usd in parts if usd == usd)
    shown = sorted((one for one in parts if one[1] >= max(0.5, _LEAST * whole)), key=lambda one: -one[1])
    found = [(tongue.say(part.words), tongue.usd(usd)) for part, usd in shown]
    rest = whole - sum(usd for _, usd in shown)
    return [*found, (tongue.say("Other reasons"), tongue.usd(rest))] if rest >= 0.5 else found

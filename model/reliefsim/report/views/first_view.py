"""What is said first: how far it reaches, how sure that is, what is missing and why, and which plan is better."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...indicators.closable import CLOSED, NOT_CLOSED
from ...indicators.slots import HOSTS
from ...indicators.unserved_reasons import REASONS
from ...layout import Reason
from ...results.estimate_rows import ArmName, Band
from ...results.study_folder import StudyFolder
from ...study.statistics.verdicts import BETTER, WORSE
from ..text.compared import judged, same_need
from ..text.said import Ends, Listed, Number, Said, Text, say
from ..text.tongue import mark
from .content import Naming
from .given_back import returns
from .operations import own_period, periods
from .view_table import Column, Head, Table

COLUMNS = (
    ("people_reached", "people", mark("People reached")),
    ("people_in_need", "people", mark("People in need")),
    ("need_covered", "share", mark("Need covered, %")),
    ("gap_usd", "thousands", mark("The gap, thousand USD")),
)
TILES = (
    ("people_reached", "people", mark("people reached")),
    ("need_covered", "wanted", mark("of the needs covered")),
    ("gap_usd", "usd", mark("still missing for the displaced: the gap")),
    (HOSTS, "usd", mark("missing for host households, who are not in the gap")),
    ("lapsed_usd", "usd", mark("given back to donors")),
)
SHARES = (
    ("reached_of_need", mark("Reached, of the people in need")),
    ("reached_of_target", mark("Reached, of the people promised to the donors (the target)")),
)
CHANCE = "chance"  # as the source of a band
MOST_PARTS = 3  # reasons that are told, the largest first
_SCALES = {"share": 100, "thousands": 0.001}  # of columns whose unit stands in their head


class First(NamedTuple):
    """How far the reference reaches, how sure that is and why, what is missing and why, what of it money alone would close
    (where that is known), in which scenario most goes back to donors, and which plan is better."""

    reach: Said
    sure: Said
    missing: Said | None
    money: Said | None
    returned: Said | None
    decision: Said | None


class Tile(NamedTuple):
    """A number to remember: between what it lies, and what it is at the point values; without a band, that alone."""

    words: str
    band: Ends | None
    at_points: Number | None


class Share(NamedTuple):
    """A share of people who are reached in a scenario: the ends of its band, as told. ``period``: its own days, where
    scenarios do not all run over the same."""

    name: Text
    period: Text
    low: float
    high: float


def rounded(low: float, high: float) -> tuple[float, float]:
    """Both ends with as many digits as the width between them lets them have: two of the width's own."""
    width = high - low
    if not math.isfinite(width) or width <= 0:
        return low, high
    unit = 10.0 ** (math.floor(math.log10(width)) - 1)
    return round(low / unit) * unit, round(high / unit) * unit


def first(study: StudyFolder, named: Naming | None = None) -> First:
    """What is said of the reference, and of the others beside it.

    ``named``: what a scenario is called; as it is typed, unless said otherwise.
    """
    arm, called = study.reference, named or study.arm_label
    missing, money = _missing(study, arm), _closed(study, arm)
    returned = next(iter(returns(study, called)), None)
    return First(_reach(study, arm, called), _sure(study, arm), missing, money, returned, decision(study, called))


def has_bands(study: StudyFolder) -> bool:
    """Whether it knows between what its numbers lie, over what is not known."""
    return bool(study.bands) or study.is_band


def tiles(study: StudyFolder) -> list[Tile]:
    """The numbers of the reference to remember."""
    arm, found = study.reference, []
    for name, kind, words in TILES:
        indicator, group = ("gap_usd", HOSTS) if name == HOSTS else (name, "")
        mean = study.indicators.get(arm, indicator, group=group).mean
        if group and not mean > 0:
            continue
        at = None if study.is_band else Number(mean, "share" if kind == "wanted" else kind)
        found.append(Tile(words, _ends(study, arm, indicator, kind, group) if has_bands(study) else None, at))
    return found


def shares(study: StudyFolder, indicator: str, named: Naming) -> list[Share]:
    """What share of people each scenario reaches, one of SHARES; none of a scenario that has no such share."""
    found = []
    for arm in study.arms:
        ends = _ends(study, arm, indicator, "wanted")
        if not math.isnan(ends.low):
            found.append(Share(named(arm), own_period(study, arm), ends.low, ends.high))
    return found


def table(study: StudyFolder, named: Naming | None = None) -> Table:
    """One row a scenario: between what eight of ten runs lie; at the point values, the means and their intervals."""
    called = named or study.arm_label
    rows = []
    for number, arm in enumerate(study.arms):
        bands = [_ends(study, arm, name, kind) for name, kind, _ in COLUMNS]
        means = [study.indicators.get(arm, name) for name, _, _ in COLUMNS]
        rows.append([Head(called(arm), mark=number), *(bands if has_bands(study) else means)])
    caption = mark("Means at the point values, and their intervals")
    if has_bands(study):
        caption = mark("Eight of ten runs lie between, over what is not known and chance")
    columns = [Column(""), *(Column(words, kind) for _, kind, words in COLUMNS)]
    return Table(caption, columns, rows, [one for one in [periods(study, called)] if one])


def _band(study: StudyFolder, arm: ArmName, name: str, group: str) -> Band:
    """The band of a total: of a study that is drawn, or of one of points, its quantiles; else no wider than nothing."""
    one = study.get(arm, name, group=group)
    ends = (one.p10, one.p90) if study.is_band else (one.mean, one.mean)
    found = study.host_bands if group == HOSTS else study.bands
    return found.get((arm, name)) or Band(*ends, "", math.nan)


def _ends(study: StudyFolder, arm: ArmName, name: str, kind: str, group: str = "") -> Ends:
    """As round as its width lets it be. ``group``: HOSTS, or nobody in particular."""
    band = _band(study, arm, name, group)
    if kind == "wanted":  # a share is as round as its per cent
        low, high = rounded(100 * band.low, 100 * band.high)
        return Ends(low / 100, high / 100, kind)
    scale = _SCALES.get(kind, 1)
    return Ends(*rounded(scale * band.low, scale * band.high), "usd" if kind == "usd" else "people")


def _reach(study: StudyFolder, arm: ArmName, called: Naming) -> Said:
    numbers: dict[str, Text] = {
        "scenario": called(arm),
        "reached": _ends(study, arm, "people_reached", "people"),
        "need": _ends(study, arm, "people_in_need", "people"),
        "gap": _ends(study, arm, "gap_usd", "usd"),
    }
    if study.indicators.get(arm, "gap_usd", group=HOSTS).mean > 0:
        hosts = _ends(study, arm, "gap_usd", "usd", HOSTS)
        return say(
            "{scenario}: {reached} people are reached of {need} in need; {gap} is missing for them, and {hosts} for host "
            "households.", **numbers, hosts=hosts,
        )  # fmt: skip
    return say("{scenario}: {reached} people are reached of {need} in need, and {gap} is missing.", **numbers)


def _sure(study: StudyFolder, arm: ArmName) -> Said:
    if not has_bands(study):
        return say("These are the point values alone: what is not known may move them far more.")
    between = say("Between these lie eight of ten runs, over what is not known and chance.")
    source = _source(study, arm)
    return say("{sentence} {next}", sentence=between, next=source) if source else between


def _source(study: StudyFolder, arm: ArmName) -> Said | None:
    band = study.bands.get((arm, "people_reached"))
    if band is None:
        return None
    if not band.source:
        runs = Number(study.replications, "people")
        return say("What moves the number of people reached most cannot be told from {runs} runs.", runs=runs)
    what = say("chance") if band.source == CHANCE else say("“{value}”", value=band.source)
    share = Number(band.share, "chance")
    return say("What moves the number of people reached most is {what}: {share} of its spread.", what=what, share=share)


def _missing(study: StudyFolder, arm: ArmName) -> Said | None:
    gap = study.indicators.get(arm, "gap_usd").mean
    if not gap > 0:
        return None
    shares = [(study.indicators.get(arm, one.indicator).mean / gap, reason) for reason, one in REASONS.items()]
    largest = sorted((one for one in shares if one[0] >= 0.01), key=lambda one: (-one[0], one[1]))[:MOST_PARTS]
    parts = [
        say("{share} is {clause}", share=Number(share, "chance"), clause=_clause(reason)) for share, reason in largest
    ]
    return say("Of what is missing at the point values, {parts}.", parts=Listed(parts))


def _closed(study: StudyFolder, arm: ArmName) -> Said | None:
    if not study.is_funded or not study.get(arm, "gap_usd").mean > 0:
        return None
    closed, left = (_ends(study, arm, name, "usd") for name in (CLOSED, NOT_CLOSED))
    return say("Money alone would close {closed} of what is missing for the displaced, and not {left}.", closed=closed, left=left)


def _clause(reason: Reason) -> Text:
    return say("for want of money") if reason == Reason.MONEY else REASONS[reason].clause


def decision(study: StudyFolder, named: Naming | None = None) -> Said | None:
    """Of the others with the very same people in need, the one that is shown to cover most of it; None: there are none.

    Where more people need help, more being left is no worse plan: those are not judged.
    """
    apart, called = study.differences, named or study.arm_label
    reference = called(study.reference)
    rivals = [arm for arm in apart.arms if same_need(study, arm)]
    if not rivals:
        return None
    shown = [arm for arm in rivals if _is_better(study, arm, "need_covered")]
    if not shown:
        return say(
            "No other scenario or rule for the same people is shown to cover more of the need than {scenario}.",
            scenario=reference,
        )  # fmt: skip
    best = max(shown, key=lambda arm: apart.get(arm, "need_covered").apart.mean)
    more, reached = apart.get(best, "need_covered").apart, apart.get(best, "people_reached")
    people: Text = say("no difference in people reached that matters is shown")
    if judged(reached, "people_reached") in (BETTER, WORSE):
        people = say("people reached: {number}", number=Number(reached.apart.mean, "people", True))
    return say(
        "For the same people {scenario} covers most of the need: {points} percentage points ({low} to {high}) against "
        "{reference}; {people}.", scenario=called(best), points=Number(more.mean, "points", True),
        low=Number(more.low, "points", True), high=Number(more.high, "points", True), reference=reference, people=people,
    )  # fmt: skip


def _is_better(study: StudyFolder, arm: ArmName, name: str) -> bool:
    """Whether it is shown to be better than the reference, and by enough to matter."""
    return judged(study.differences.get(arm, name), name) == BETTER

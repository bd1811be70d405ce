"""Scenarios side by side, what each differs by from the reference, and whether that is real."""

from __future__ import annotations

import math

from ....results.estimate_rows import ArmName
from ....study.statistics.differences import NO, SAME, YES
from ...text.compared import compared, judged
from ...text.tongue import Tongue, mark
from ..page_content import Content
from ..page_table import Cell, Table, cell, in_usd
from .section_breaks import first_run_out

COLUMNS = (
    ("people_in_need", "people", mark("People in need")),
    ("people_reached", "people", mark("People reached")),
    ("need_covered", "share", mark("Need covered")),
    ("wait_days", "days", mark("Mean wait, days")),
    ("spent_usd", "amount", mark("Spent")),
    ("lapsed_usd", "amount", mark("Given back")),
    ("gap_usd", "amount", mark("The gap")),
)
_APART = (
    ("people_reached", "people", mark("People reached")),
    ("need_covered", "points", mark("Need covered, percentage points")),
    ("waiting_days", "person-days", mark("Waiting, person-days")),
    ("spent_usd", "amount", mark("Spent")),
    ("gap_usd", "amount", mark("The gap")),
    ("cost_per_person_reached_usd", "amount", mark("Cost of one person reached")),
)
_REAL = {
    "real, better": mark("real, better"),
    "real, worse": mark("real, worse"),
    "real, higher": mark("real, higher"),
    "real, lower": mark("real, lower"),
    "real": mark("real"),
    "not shown": mark("not shown"),
    "the same": mark("the same"),
    "cannot tell": mark("cannot tell"),
}
_SIGN = {
    "real, better": "▲", "real, worse": "▼", "real, higher": "◆", "real, lower": "◆", "real": "◆", "not shown": "○",
    "the same": "＝", "cannot tell": "?",
}  # fmt: skip


def side_by_side(content: Content, tongue: Tongue) -> Table:
    """One row a scenario."""
    with_dates = content.study.is_funded
    rows: list[list[str | Cell]] = []
    for number, arm in enumerate(content.arms):
        cells = [
            cell(tongue, content.study.indicators.get(arm, name), kind, content.study.is_band)
            for name, kind, _ in COLUMNS
        ]
        row: list[str | Cell] = [Cell(content.name(tongue, arm), mark=number), *cells]
        if with_dates:
            date, _, service = first_run_out(content, tongue, arm).partition("\n")
            row.append(Cell(date, service, "text narrow"))
        rows.append(row)
    heads = ["", *(_head(tongue, words, kind) for _, kind, words in COLUMNS)]
    return Table(
        caption=tongue.say("What each scenario gives by its last day"),
        heads=[*heads, tongue.say("First service without money")] if with_dates else heads,
        rows=rows,
        note=" ".join([intervals(content, tongue), tongue.say("The mean wait is of cases that were started.")]),
    )


def _head(tongue: Tongue, words: str, kind: str) -> str:
    return in_usd(tongue, tongue.say(words)) if kind == "amount" else tongue.say(words)


def intervals(content: Content, tongue: Tongue) -> str:
    """What stands beneath means."""
    if content.study.replications * max(content.study.points, 1) < 2:
        return tongue.say("One run has no interval.")
    if content.study.is_band:
        return tongue.say("Beneath each mean: what eight of ten runs lie between (10th to 90th percentile).")
    if content.study.covered and content.study.covered[0] < 95:
        return tongue.say("Beneath each mean: its interval, which covers less than 95% where few runs tell.")
    return tongue.say("Beneath each mean: its 95% interval.")


def differences(content: Content, tongue: Tongue) -> Table | None:
    """One row a scenario but the reference, run by run with the same chance on both sides; none if there is one alone."""
    arms = compared(content.study)
    if not arms:
        return None
    numbers = {arm: number for number, arm in enumerate(content.arms)}
    return Table(
        caption=tongue.say("Differences to {scenario}", scenario=content.name(tongue, content.study.reference)),
        heads=["", *(_head(tongue, words, kind) for _, kind, words in _APART)],
        rows=[
            [
                Cell(content.name(tongue, arm), mark=numbers[arm]),
                *(_apart(content, tongue, arm, name, kind) for name, kind, _ in _APART),
            ]
            for arm in arms
        ],
        note=tongue.say(
            "Beneath each difference: its interval and whether it is real. Real: the interval leaves out 0 (▲ better and ▼ "
            "worse for the same need; ◆ neither by itself: the cost of one person falls where fewer are reached, too). ○ Not "
            "shown: it does not; more runs may tell. ＝ The same in every run. Both sides of a difference meet the same "
            "chance, run by run."
        ),
        mood="apart",
    )


def _apart(content: Content, tongue: Tongue, arm: ArmName, name: str, kind: str) -> Cell:
    one = content.study.differences.get(arm, name)
    if math.isnan(one.apart.mean):
        return Cell("–")
    words = judged(one, name)
    mood = words.split(", ")[-1] if one.real == YES else {NO: "unsure", SAME: "same"}.get(one.real, "unsure")
    spread = "" if one.real == SAME else tongue.between(one.apart.low, one.apart.high, kind, signed=True)
    return Cell(
        tongue.signed(one.apart.mean, kind), spread, mood, sign=_SIGN[words], words=tongue.say(_REAL[words])
    )

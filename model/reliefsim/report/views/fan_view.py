"""Between what displacement may lie, as a law fitted to counts has it: a fan by day, a sentence, and a table."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ...results.estimate_rows import ArmName, number
from ...results.study_folder import StudyFolder
from ..text.said import Date, Ends, Number, Said, Text, say
from ..text.tongue import mark
from .first_view import rounded
from .view_table import Cell, Column, Head, Table

SHARES = ("p05", "p25", "p50", "p75", "p95")
_FITTED = "fitted"
_LAST_COUNTS = 6  # that the table shows


class Spread(NamedTuple):
    """Between what paths lie on a day: their 5, 25, 50, 75 and 95 %."""

    day: datetime.date
    people: tuple[float, ...]
    months: float  # since the last count


class Fan(NamedTuple):
    """The counts that are known by day, in order, and between what paths lie after them."""

    counts: tuple[tuple[datetime.date, float], ...]
    spreads: tuple[Spread, ...]


def fan(study: StudyFolder, arm: ArmName) -> Fan | None:
    """The fan of a scenario; None where displacement takes the same course in every run."""
    rows = [(datetime.date.fromisoformat(row["date"]), row) for row in study.fan if row["scenario"] == arm.scenario]
    counts = tuple((day, number(row["counted"])) for day, row in rows if row["counted"])
    after = [
        Spread(day, tuple(number(row[share]) for share in SHARES), number(row["months_ahead"])) for day, row in rows if row["p50"]
    ]
    return Fan(counts, tuple(after)) if after else None


def fan_said(study: StudyFolder, arm: ArmName) -> Said | None:
    """Between what the displaced lie at the end nine times in ten, and how often such bands were right on other crises."""
    found = fan(study, arm)
    if found is None:
        return None
    last, of_band = found.spreads[-1], found.spreads[-1].people
    band: dict[str, Text] = {
        "day": Date(last.day.isoformat()), "band": Ends(*rounded(of_band[0], of_band[-1]), "people"),
    }  # fmt: skip
    sentence = say("Nine times in ten, {band} people are displaced on {day}.", **band)
    right = _right(study, arm, last.months)
    return say("{sentence} {next}", sentence=sentence, next=right) if right else sentence


def _right(study: StudyFolder, arm: ArmName, months: float) -> Said | None:
    """How often bands so far ahead held on crises that had no part in what was learned."""
    rows = [row for row in study.scorecard if row["scenario"] == arm.scenario and row["model"] == _FITTED]
    if not rows:
        return None
    row = min(rows, key=lambda one: abs(number(one["months"]) - months))
    held, groups, ahead = (number(row[key]) for key in ("held", "groups", "months"))
    return say(
        "On {groups} groups of crises that it never saw, such intervals held in {held}, {months} months ahead.",
        groups=Number(groups, "number"), held=Number(held, "chance"), months=Number(ahead, "number"),
    )  # fmt: skip


def fan_table(study: StudyFolder, arm: ArmName) -> Table | None:
    """The last counts, and month by month between what the paths lie."""
    found = fan(study, arm)
    if found is None:
        return None
    rows: list[list[Cell]] = [
        [Head(Date(day.isoformat())), Number(people, "people"), "", ""] for day, people in found.counts[-_LAST_COUNTS:]
    ]
    for day, people, _ in found.spreads:
        between = Ends(*rounded(people[0], people[-1]), "people")
        rows.append([Head(Date(day.isoformat())), "", Number(people[len(people) // 2], "people"), between])
    columns = (mark("Counted"), mark("Half lie below"), mark("Nine of ten lie between"))
    caption = mark("Displaced people: the last counts, and the paths after them")
    return Table(caption, [Column(""), *(Column(one, "people") for one in columns)], rows)


def with_fans(study: StudyFolder) -> list[ArmName]:
    """One arm of each scenario that has a fan, in the study's order."""
    found: dict[str, ArmName] = {}
    for arm in study.arms:
        if arm.scenario not in found and fan(study, arm):
            found[arm.scenario] = arm
    return list(found.values())

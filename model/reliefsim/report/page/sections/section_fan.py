"""The fan of displacement: the counts that are known, and between what its paths lie after them, as a picture and words."""

from __future__ import annotations

import datetime
import math
from typing import NamedTuple

from ....results.estimate_rows import ArmName
from ...text.tongue import Tongue
from ...views.content import Content
from ...views.fan_view import Fan, fan, fan_said, fan_table, with_fans
from ..page_table import Table, shown

WIDTH, HEIGHT, LEFT, BELOW, ABOVE = 1000, 420, 170, 46, 14
_TICKS = 4


class Tick(NamedTuple):
    """A number on an axis, and where."""

    at: float
    words: str


class Drawn(NamedTuple):
    """A fan as it is drawn: points of two bands, of the middle, of the counts; ticks; words; a table."""

    name: str
    said: str
    outer: str
    inner: str
    middle: str
    counts: list[tuple[float, float]]
    across: list[Tick]
    up: list[Tick]
    table: Table


def fans(content: Content, tongue: Tongue) -> list[Drawn]:
    """The fans of the study's scenarios, none where displacement takes the same course in every run."""
    return [one for arm in with_fans(content.study) if (one := _drawn(content, tongue, arm))]


def _drawn(content: Content, tongue: Tongue, arm: ArmName) -> Drawn | None:
    found, table, said = fan(content.study, arm), fan_table(content.study, arm), fan_said(content.study, arm)
    if found is None or table is None or said is None:
        return None
    first, last, most = _ends(found)

    def x(day: datetime.date) -> float:
        return round(LEFT + (WIDTH - LEFT - 20) * (day - first).days / max(1, (last - first).days), 1)

    def y(people: float) -> float:
        return round(HEIGHT - BELOW - (HEIGHT - BELOW - ABOVE) * min(people / most, 1.0), 1)

    def band(low: int, high: int) -> str:
        there = [(x(one.day), y(one.people[high])) for one in found.spreads]
        back = [(x(one.day), y(one.people[low])) for one in reversed(found.spreads)]
        return " ".join(f"{a:g},{b:g}" for a, b in [*there, *back])

    return Drawn(
        tongue.told(content.name(arm)), tongue.told(said), band(0, -1), band(1, -2),
        " ".join(f"{x(one.day):g},{y(one.people[2]):g}" for one in found.spreads),
        [(x(day), y(people)) for day, people in found.counts],
        [Tick(x(day), tongue.month(f"{day:%Y-%m}")) for day in _days(first, last)],
        [Tick(y(people), tongue.value(people, "people")) for people in _steps(most)],
        shown(table, tongue, False),
    )  # fmt: skip


def _ends(found: Fan) -> tuple[datetime.date, datetime.date, float]:
    days = [*(day for day, _ in found.counts), *(one.day for one in found.spreads)]
    people = [*(people for _, people in found.counts), *(one.people[-1] for one in found.spreads)]
    step = _step(max(people))
    return min(days), max(days), step * math.ceil(max(people) / step)


def _step(most: float) -> float:
    """A round number of people, of which a few reach the top."""
    raw = most / _TICKS
    unit: float = 10.0 ** math.floor(math.log10(raw))
    return next(unit * by for by in (1, 2, 5, 10) if unit * by >= raw)


def _steps(most: float) -> list[float]:
    step = _step(most)
    return [step * number for number in range(round(most / step) + 1)]


def _days(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Five days, evenly."""
    return [first + (last - first) * part / 4 for part in range(5)]

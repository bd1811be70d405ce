"""When services stand still although people wait: breaks of the pipeline for want of money, and weeks of standing still."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..layout import Reason
from ..units import DAY, MISSING
from .breakdowns import SERVICES, WEEKS, weeks
from .indicator import Indicator, Measurement, Numbers, Table, Told

_FIRST, _ENDS, _DAYS, _COUNT, _LAST = range(5)
_MONEY, _GOODS = range(2)


def _breaks(of: Measurement) -> tuple[Numbers, Numbers]:
    """Of breaks for want of money: when the first begins and ends, their days, how many, when the last begins; shape (5,
    services). Days of a week in which a service stands still, shape (money and goods, services, weeks)."""
    run, columns = of.run, of.columns
    shown = len(columns.of("service"))
    spans = weeks(run.scenario)
    firsts = np.array([first for _, first, _ in spans])
    lasts = np.array([last for _, _, last in spans])
    table = np.full((5, shown), math.nan)
    table[[_DAYS, _COUNT]] = 0
    calendar = np.zeros((2, shown, len(spans)))
    told = np.zeros((2, shown), np.int64)  # up to when: two sites at once stand still for no more days than one
    for row in run.breaks[np.argsort(run.breaks["begins"], kind="stable")]:
        column = int(columns.service[row["service"]]) - 1
        begins, ends = int(row["begins"]), int(row["ends"]) if row["ends"] != MISSING else run.horizon
        cause = _MONEY if row["reason"] == Reason.MONEY else _GOODS
        since = max(begins, int(told[cause, column]))
        told[cause, column] = max(ends, since)
        calendar[cause, column] += np.clip(np.minimum(ends, lasts) - np.maximum(since, firsts), 0, None) / DAY
        if cause == _MONEY:
            if math.isnan(table[_FIRST, column]):
                table[_FIRST, column] = begins / DAY
                table[_ENDS, column] = math.nan if row["ends"] == MISSING else ends / DAY
            table[_DAYS, column] += max(0, ends - since) / DAY
            table[_COUNT, column] += 1
            table[_LAST, column] = begins / DAY
    return table, calendar


def _of_breaks(row: int) -> Callable[[Measurement], Numbers]:
    return lambda of: of.of(_breaks)[0][row]


def _standing(cause: int) -> Callable[[Measurement], Numbers]:
    return lambda of: of.of(_breaks)[1][cause]


BREAKS = Table(
    Indicator(
        "break_day", "day", SERVICES, _of_breaks(_FIRST),
        (Told("runout", "the day on which the first break for want of money begins. A break: people wait, and nothing of their "
              "service starts because what would have to be paid next cannot be: whoever stands first, a whole group, "
              "departure or order"),),
    ),
    Indicator(
        "break_end_day", "day", SERVICES, _of_breaks(_ENDS),
        (Told("runout", "the day on which the first break for want of money ends (undefined: it lasts to the horizon)"),),
    ),
    Indicator(
        "break_days", "days", SERVICES, _of_breaks(_DAYS),
        (Told("runout", "days of all breaks for want of money; of several sites under one name, each day once"),),
    ),
    Indicator(
        "breaks", "breaks", SERVICES, _of_breaks(_COUNT),
        (Told("runout", "how many breaks for want of money (sites of one service are added)"),),
    ),
    Indicator(
        "last_break_day", "day", SERVICES, _of_breaks(_LAST),
        (Told("runout", "the last break for want of money begins", after="break_end_day"),),
    ),
    Indicator(
        "stands_still_for_money_days", "days", SERVICES * WEEKS, _standing(_MONEY),
        (Told("runout", "days of a week in which the service stands still for want of money"),),
    ),
    Indicator(
        "stands_still_for_goods_days", "days", SERVICES * WEEKS, _standing(_GOODS),
        (Told("runout", "days of a week in which the service stands still for want of goods"),),
    ),
)  # fmt: skip

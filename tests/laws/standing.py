"""One run's breaks and stores become again days of standing still and the pipeline, month by month."""

from __future__ import annotations

import datetime
import math
from collections import Counter

from reliefsim.records import MISSING, Reason, Run
from reliefsim.study.indicators import Key

from .facts import DAY, Row, rows, service_of
from .shortfall import Counted, month, shown


def breaks(run: Run) -> Counted:
    """When, how often and how long services stand still for want of money; by week for want of money or goods."""
    found: Counted = {}
    weeks: Counter[Key] = Counter()
    mine: dict[str, list[tuple[int, int]]] = {}
    for row in sorted(rows(run.breaks), key=lambda one: one.begins):
        service = shown(run, row.service)
        cause = "money" if row.reason == Reason.MONEY else "goods"
        end = run.horizon if row.ends == MISSING else row.ends
        if cause == "money":
            mine.setdefault(service, []).append((row.begins, row.ends))
        for second, until in _by_week(row.begins, end):
            date = (run.scenario.start_date + datetime.timedelta(weeks=second // (7 * DAY))).isoformat()
            weeks[Key(f"stands_still_for_{cause}_days", service=service, period=date, unit="days")] += until - second
    for service in {shown(run, s) for s in range(len(run.names.services))}:
        spans = mine.get(service, [])
        first = spans[0] if spans else (MISSING, MISSING)
        total = sum((run.horizon if end == MISSING else end) - begin for begin, end in spans)
        found[Key("break_day", service=service, unit="day")] = first[0] / DAY if spans else math.nan
        found[Key("break_end_day", service=service, unit="day")] = first[1] / DAY if first[1] != MISSING else math.nan
        found[Key("last_break_day", service=service, unit="day")] = spans[-1][0] / DAY if spans else math.nan
        found[Key("break_days", service=service, unit="days")] = total / DAY
        found[Key("breaks", service=service, unit="breaks")] = len(spans)
    for key, seconds in weeks.items():  # two sites of one service may stand still at the same time
        begin = (datetime.date.fromisoformat(key.period) - run.scenario.start_date).days * DAY
        found[key] = min(seconds, min(run.horizon, begin + 7 * DAY) - begin) / DAY
    return found


def _by_week(begin: int, end: int) -> list[tuple[int, int]]:
    parts = []
    while begin < end:
        until = min(end, (begin // (7 * DAY) + 1) * 7 * DAY)
        parts.append((begin, until))
        begin = until
    return parts


def pipeline(run: Run) -> Counted:
    """Items ordered, received, handed out, on hand and in transit, and months of cover, by month."""
    found: Counted = {}
    names = sorted({month(run, day * DAY) for day in range(-(-run.horizon // DAY))})
    for s, name in enumerate(run.names.services):
        if service_of(run, s).kind != "goods":
            continue
        orders = [one for one in rows(run.orders) if one.service == s and one.cancelled == MISSING]
        starts = sorted(case.started for case in rows(run.cases) if case.service == s and case.started != MISSING)
        on_hand, in_transit, handed_out = int(service_of(run, s).stock.initial.value), 0, []
        for period in names:
            ordered = sum(one.quantity for one in orders if month(run, one.ordered) == period)
            came = [one for one in orders if one.arrived != MISSING and month(run, one.arrived) == period]
            received = sum(one.quantity - one.lost for one in came)
            handed_out.append(sum(month(run, start) == period for start in starts))
            on_hand += received - handed_out[-1]
            in_transit += ordered - sum(one.quantity for one in came)
            numbers = {
                "ordered_items": ordered, "received_items": received, "handed_out_items": handed_out[-1],
                "on_hand_items": on_hand, "in_transit_items": in_transit,
            }  # fmt: skip
            found |= {Key(what, service=name, period=period, unit="items"): n for what, n in numbers.items()}
            recent = sum(handed_out[-3:]) / len(handed_out[-3:])
            cover = on_hand / recent if recent else math.nan
            found[Key("months_of_cover", service=name, period=period, unit="months")] = cover
        found[Key("first_stock_out_day", service=name, unit="day")] = _first_stock_out(run, s, orders, starts)
    return found


def _first_stock_out(run: Run, s: int, orders: list[Row], starts: list[int]) -> float:
    changes = [(one.arrived, 0, one.quantity - one.lost) for one in orders if one.arrived != MISSING]
    changes += [(start, 1, -1) for start in starts]
    there = int(service_of(run, s).stock.initial.value)
    for second, _, change in sorted(changes):
        there += change
        if there == 0 and change < 0:
            return second / DAY
    return math.nan

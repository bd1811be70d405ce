"""One run's breaks and stores become again days of standing still and the pipeline, month by month."""

from __future__ import annotations

import datetime
import math
from itertools import pairwise

from reliefsim.indicators.measure import Key
from reliefsim.layout import Reason
from reliefsim.records import Run
from reliefsim.units import MISSING

from .facts import DAY, Row, rows, service_of
from .shortfall import Counted, month, shown


def breaks(run: Run) -> Counted:
    """When, how often and how long services stand still for want of money; by week for want of money or goods."""
    found: Counted = {}
    weeks: dict[Key, list[tuple[int, int]]] = {}
    mine: dict[str, list[tuple[int, int]]] = {}
    for row in sorted(rows(run.breaks), key=lambda one: one.begins):
        service = shown(run, row.service)
        cause = "money" if row.reason == Reason.MONEY else "goods"
        end = run.horizon if row.ends == MISSING else row.ends
        if cause == "money":
            mine.setdefault(service, []).append((row.begins, row.ends))
        for second, until in _by_week(row.begins, end):
            date = (run.scenario.start_date + datetime.timedelta(weeks=second // (7 * DAY))).isoformat()
            key = Key(f"stands_still_for_{cause}_days", service=service, period=date, unit="days")
            weeks.setdefault(key, []).append((second, until))
    for service in {shown(run, s) for s in range(len(run.names.services))}:
        spans = mine.get(service, [])
        first = spans[0] if spans else (MISSING, MISSING)
        total = _at_any_site([(begin, run.horizon if end == MISSING else end) for begin, end in spans])
        found[Key("break_day", service=service, unit="day")] = first[0] / DAY if spans else math.nan
        found[Key("break_end_day", service=service, unit="day")] = first[1] / DAY if first[1] != MISSING else math.nan
        found[Key("last_break_day", service=service, unit="day")] = spans[-1][0] / DAY if spans else math.nan
        found[Key("break_days", service=service, unit="days")] = total / DAY
        found[Key("breaks", service=service, unit="breaks")] = len(spans)
    return found | {key: _at_any_site(spans) / DAY for key, spans in weeks.items()}


def _at_any_site(spans: list[tuple[int, int]]) -> int:
    """Seconds that lie in at least one of some spans: two sites of one service may stand still at the same time."""
    edges = sorted({edge for span in spans for edge in span})
    return sum(end - begin for begin, end in pairwise(edges) if any(a <= begin and end <= b for a, b in spans))


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
        for number, period in enumerate(names):
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
            cover = on_hand / _monthly_use(run, s, orders, starts, names[max(0, number - 2) : number + 1])
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


def _monthly_use(run: Run, s: int, orders: list[Row], starts: list[int], periods: list[str]) -> float:
    """Items handed out in 365/12 of those days of some months in which there was something in the store."""
    changes = [(one.arrived, 0, one.quantity - one.lost) for one in orders if one.arrived != MISSING]
    changes += [(start, 1, -1) for start in starts]
    there, since, days = int(service_of(run, s).stock.initial.value), 0, set[int]()
    for second, _, change in [*sorted(changes), (run.horizon - 1, 2, 0)]:
        if there:
            days |= set(range(since // DAY, second // DAY + 1))
        there, since = there + change, second
    stocked = sum(min(DAY, run.horizon - day * DAY) for day in days if month(run, day * DAY) in periods) / DAY
    used = sum(month(run, start) in periods for start in starts)
    return used / stocked * 365 / 12 if used else math.nan

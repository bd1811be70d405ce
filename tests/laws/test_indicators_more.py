"""Indicators that no other account counts again: slow waits, the month's queue, stocks on hand, convoys' loads."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given

from reliefsim import keys, measure
from reliefsim.indicators.measure import Key, monthly_keys
from reliefsim.records import Run
from reliefsim.units import MISSING

from .facts import DAY, rows
from .making import scenarios
from .recount import Count, months
from .test_indicators import agree
from .test_laws import run_of, tried
from .writing import Table, toml


def slow_wait(count: Count, key: Key) -> float:
    """The 90th percentile of waits that ended in the window, by service."""
    waits = [c.started - c.opened for c in count._chosen(key) if c.started >= max(count.begins, 0)]
    return float(np.quantile(waits, 0.9)) / DAY if waits else math.nan


def on_hand(count: Count, key: Key) -> float:
    """Items in the store, on average over the window."""
    run, stated = count.run, count.run.scenario.services[key.service]
    if stated.kind != "goods":
        return math.nan
    s = run.names.services.index(key.service)
    changes = [(o.arrived, o.quantity - o.lost) for o in rows(run.orders) if o.service == s and o.arrived != MISSING]
    changes += [(c.started, -1) for c in count.cases if c.service == s and c.started != MISSING]
    there, at, total = int(stated.stock.initial.value), 0, 0
    for time, change in [*sorted(changes), (run.horizon, 0)]:
        total += there * max(0, time - max(at, count.begins))
        there, at = there + change, time
    return total / (run.horizon - count.begins)


def load(count: Count, key: Key) -> float:
    """Seats taken by a departure in the window, on average."""
    run = count.run
    gone = [
        row.seats for row in rows(run.departures)
        if run.names.services[row.service] == key.service and row.time >= count.begins
    ]  # fmt: skip
    return sum(gone) / len(gone) if gone else math.nan


def fill_rate(count: Count, key: Key) -> float:
    """Of the cases of goods that opened in the window, those who found goods there."""
    if count.run.scenario.services[key.service].kind != "goods":
        return math.nan
    opened = [case.in_stock for case in count._chosen(key) if case.opened >= max(count.begins, 0)]
    return sum(opened) / len(opened) if opened else math.nan


def unused(count: Count, key: Key) -> float:
    """Items that came, less those that were handed out, by the horizon; or what they cost."""
    run, service = count.run, count.run.scenario.services[key.service]
    if service.kind != "goods":
        return math.nan
    s = run.names.services.index(key.service)
    came = sum(row.quantity - row.lost for row in rows(run.orders) if row.service == s and row.arrived >= 0)
    gone = sum(1 for case in rows(run.cases) if case.service == s and case.started >= 0)
    items = int(service.stock.initial.value) + came - gone
    return items if key.indicator == "stock_unused" else items * round(float(service.stock.item_cost_usd.value) * 100) / 100


COUNTED = {
    "wait_days_p90": slow_wait, "stock_on_hand": on_hand, "stock_unused": unused, "stock_unused_usd": unused,
    "convoy_load": load, "fill_rate": fill_rate,
}  # fmt: skip


@tried(80)
@given(scenarios())
def test_indicators_of_waits_stocks_and_convoys_are_what_a_plain_count_gives(tree: Table) -> None:
    tree["warmup_days"] = 4.5 if tree["horizon_days"] % 2 else 0
    run = run_of(tree)
    count, compared = Count(run), set()
    for key, found in zip(keys(run.scenario), measure(run).values.tolist(), strict=True):
        if key.indicator in COUNTED:
            compared.add(key.indicator)
            counted = COUNTED[key.indicator](count, key)
            assert agree(found, counted), f"{key}: {found}, counted {counted}\n{toml(tree)}"
    assert compared == set(COUNTED)


def queued(run: Run, count: Count, key: Key, begin: int, end: int) -> float:
    """The mean number who wait in a month: each one's seconds in the queue, cut to the month."""
    total = 0
    for case in count._chosen(key):
        if case.opened != MISSING:
            stops = [time for time in (case.started, case.ended) if time != MISSING]
            total += max(0, min(stops[0] if stops else end, end) - max(case.opened, begin))
    return total / (end - begin)


@tried(80)
@given(scenarios())
def test_the_queue_of_a_month_is_its_time_mean(tree: Table) -> None:
    run = run_of(tree)
    count = Count(run)
    spans = {name: (begin, end) for name, begin, end in months(run)}
    for key, found in zip(monthly_keys(run.scenario), measure(run).monthly.tolist(), strict=True):
        if key.indicator == "queue_length":
            counted = queued(run, count, key, *spans[key.period])
            assert agree(found, counted), f"{key}: {found}, counted {counted}\n{toml(tree)}"

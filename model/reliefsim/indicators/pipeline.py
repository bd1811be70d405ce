"""One run's orders and handouts become the pipeline of each kind of goods, month by month."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..records import Run
from ..scenario.memo import once
from ..scenario.schema_services import Goods
from ..units import DAY, MISSING, MONTH
from .measure import Key
from .time_series import month_ends, months

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
COVER_MONTHS = 3  # months of handouts that a month's cover is measured by, as far as the run has come
ITEMS = ("ordered_items", "received_items", "handed_out_items", "on_hand_items", "in_transit_items")


def _goods(scenario: Scenario) -> list[str]:
    return [name for name in sorted(scenario.services) if isinstance(scenario.services[name], Goods)]


@once
def pipeline_keys(scenario: Scenario) -> tuple[Key, ...]:
    """What ``pipeline_values`` gives, in its order. Items ordered, received, handed out are of the month; on hand and in
    transit are at its end; months of cover are on hand by monthly use (a month: 365/12 days).

    Use is handed out in the last months on the days on which there was stock, or a stock-out would make what is left
    seem to last longer: average monthly consumption adjusted for stock-outs, CT ÷ [RM − (DOS ÷ 30.4)] (WHO, Operational
    Guide on Fixed-Dose Combination Drugs, 2002, annex 5).
    """
    found = []
    for service in _goods(scenario):
        for name in ITEMS:
            found += [Key(name, service=service, period=month, unit="items") for month, _, _ in months(scenario)]
        found += [
            Key("months_of_cover", service=service, period=month, unit="months") for month, _, _ in months(scenario)
        ]
        found.append(Key("first_stock_out_day", service=service, unit="day"))
    return tuple(found)


def pipeline_values(run: Run) -> Numbers:
    """The pipeline of one run; cover is undefined while nothing has been handed out, the stock-out day if there is none."""
    parts = [_pipeline(run, run.names.services.index(name)) for name in _goods(run.scenario)]
    return np.concatenate(parts) if parts else np.empty(0)


def _pipeline(run: Run, number: int) -> Numbers:
    service = run.scenario.services[run.names.services[number]]
    assert isinstance(service, Goods)
    ends = month_ends(run.scenario)
    orders = run.orders[run.orders["service"] == number]
    came = orders[orders["arrived"] != MISSING]
    mine = run.cases[(run.cases["service"] == number) & (run.cases["started"] != MISSING)]
    given = np.searchsorted(np.sort(mine["started"]), ends, side="left")
    whole = orders[orders["cancelled"] == MISSING]  # what was cancelled when a grant ended never comes
    ordered = _by(whole["ordered"], whole["quantity"], ends)
    received = _by(came["arrived"], came["quantity"] - came["lost"], ends)
    arrived = _by(came["arrived"], came["quantity"], ends)
    on_hand = int(service.stock.initial.value) + received - given
    recent = _of_last_months(given)
    stocked = _of_last_months(_time_in_stock(run, service, came, np.sort(mine["started"])))
    cover = np.divide(on_hand * stocked, recent * MONTH, out=np.full(len(ends), math.nan), where=recent > 0)
    flows = [np.diff(one, prepend=0) for one in (ordered, received, given)]
    first = _first_stock_out(int(service.stock.initial.value), came, np.sort(mine["started"]))
    return np.concatenate([*flows, on_hand, ordered - arrived, cover, [first]]).astype(np.float64)


def _of_last_months(so_far: Integers) -> Integers:
    """What came about in each month and those before it that its cover is measured by, of a sum at each month's end."""
    return np.asarray(so_far - np.concatenate([np.zeros(COVER_MONTHS, np.int64), so_far])[: len(so_far)])


def _time_in_stock(run: Run, service: Goods, came: npt.NDArray[np.void], started: Integers) -> Integers:
    """Seconds, by each month's end, of the days on which there was anything in the store, if only for a while."""
    edges = np.append(np.arange(0, run.horizon, DAY), run.horizon)
    received = _by(came["arrived"], came["quantity"] - came["lost"], edges)
    on_hand = int(service.stock.initial.value) + received - np.searchsorted(started, edges, side="left")
    is_there = (on_hand[:-1] > 0) | (np.diff(received) > 0)
    so_far = np.concatenate([[0], np.cumsum(is_there * np.diff(edges))])
    return np.asarray(so_far[np.searchsorted(edges, month_ends(run.scenario))])


def _by(times: Integers, amounts: Integers, ends: Integers) -> Integers:
    """Amounts added up to each of ``ends``, not including what comes then."""
    order = np.argsort(times, kind="stable")
    total = np.concatenate([[0], np.cumsum(amounts[order])])
    return np.asarray(total[np.searchsorted(times[order], ends, side="left")])


def _first_stock_out(initial: int, came: npt.NDArray[np.void], started: Integers) -> float:
    """The day on which the last item in the store is handed out for the first time; NaN: it never is."""
    times = np.concatenate([came["arrived"], started])
    change = np.concatenate([came["quantity"] - came["lost"], np.full(len(started), -1)])
    order = np.argsort(times, kind="stable")
    levels = initial + np.cumsum(change[order])
    out = np.flatnonzero((levels == 0) & (change[order] < 0))
    return float(times[order][out[0]]) / DAY if len(out) else math.nan

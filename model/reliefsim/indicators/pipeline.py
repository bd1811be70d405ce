"""The pipeline of each kind of goods, month by month: ordered, received, handed out, on hand, on the way."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..records import Run
from ..scenario.schema_services import Goods
from ..units import DAY, MISSING, MONTH
from .breakdowns import GOODS, MONTHS, goods
from .indicator import Indicator, Measurement, Numbers, Table, Told
from .time_series import month_ends

Integers = npt.NDArray[np.int64]
COVER_MONTHS = 3  # months of handouts that a month's cover is measured by, as far as the run has come
_ORDERED, _RECEIVED, _HANDED_OUT, _ON_HAND, _IN_TRANSIT, _COVER, _STOCK_OUT = range(7)


def _pipelines(of: Measurement) -> list[list[Numbers]]:
    """The rows of each kind of goods."""
    return [_pipeline(of.run, of.run.names.services.index(name)) for name in goods(of.run.scenario)]


def _row(row: int) -> Callable[[Measurement], Numbers]:
    return lambda of: np.array([one[row] for one in of.of(_pipelines)])


def _items(name: str, row: int, meaning: str) -> Indicator:
    return Indicator(name, "items", GOODS * MONTHS, _row(row), (Told("pipeline", meaning),))


PIPELINE = Table(
    _items("ordered_items", _ORDERED, "in the month; orders that a grant's end cancels left out"),
    _items("received_items", _RECEIVED, "items that came in the month, without losses"),
    _items("handed_out_items", _HANDED_OUT, "items handed out in the month"),
    _items("on_hand_items", _ON_HAND, "items in the store at the month's end"),
    _items("in_transit_items", _IN_TRANSIT, "items ordered and not yet there at the month's end"),
    # Use is of the days on which there was stock, or a stock-out would make what is left seem to last longer: average
    # monthly consumption adjusted for stock-outs, CT ÷ [RM − (DOS ÷ 30.4)] (WHO, Operational Guide on Fixed-Dose
    # Combination Drugs, 2002, annex 5).
    Indicator(
        "months_of_cover", "months", GOODS * MONTHS, _row(_COVER),
        (Told("pipeline", "on hand / monthly use: handed out in this month and the two before it, for each 365/12 of those of "
              "their days on which there was stock (none handed out)"),),
    ),
    Indicator(
        "first_stock_out_day", "day", GOODS, _row(_STOCK_OUT),
        (Told("runout", "the last item in the store is handed out for the first time"),),
    ),
    first=GOODS,
)  # fmt: skip


def _pipeline(run: Run, number: int) -> list[Numbers]:
    """One kind of goods: rows _ORDERED to _STOCK_OUT."""
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
    rows = [*flows, on_hand, ordered - arrived, cover, np.array([first])]
    return [row.astype(np.float64) for row in rows]


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

"""One run's facts become named numbers: indicators, in total and by each single breakdown, and their monthly course.

Which indicators there are depends on the scenario alone, so every run of it fills the same places. A number that is
not defined in a run (a mean wait where nobody started) is NaN, never zero.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.compile.compiled_scenario import RUNNING
from ..layout import REASON_NAMES, Reason, Went
from ..records import Envelope, Run
from ..scenario.memo import once
from ..units import DAY, MISSING, seconds
from . import run_passes as passes
from . import tally as rows
from .reached_where import place_keys, place_values
from .resources import resource_values
from .slots import HOSTS, Key, Slots, slots
from .time_series import month_of_day, monthly_keys, monthly_values, months, reported

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
_RESOURCES = (
    ("team_utilisation", "share"), ("stock_out_days", "days"), ("stock_on_hand", "items"), ("stock_unused", "items"),
    ("stock_unused_usd", "USD"), ("fill_rate", "share"), ("convoys", "departures"), ("convoy_load", "people"),
    ("run_out_day", "day"),
)  # fmt: skip
_MONEY = ("allocated_usd", "committed_usd", "spent_usd", "lapsed_usd", "indirect_cost_usd")


_LEAVERS = {
    "people_returned": Went.RETURNED, "people_moved_on": Went.MOVED_ON, "people_crossed_border": Went.CROSSED_BORDER
}  # fmt: skip


class Measured(NamedTuple):
    """The numbers of one run: in the order of keys, of monthly_keys, and the envelopes at each decision."""

    values: Numbers
    monthly: Numbers
    allocation: tuple[Envelope, ...]


@once
def keys(scenario: Scenario) -> tuple[Key, ...]:
    """The indicators of a scenario's runs, in the order of Measured.values."""
    return tuple(_keys(scenario, slots(scenario)))


def _keys(scenario: Scenario, columns: Slots) -> Iterator[Key]:
    for name, unit, _ in _counted():
        for key in columns.keys:
            yield key._replace(indicator=name, unit=unit)
    total = columns.keys[0]
    headline = (("reached_of_target", "share"), ("target_of_need", "share"), ("cost_per_person_reached_usd", "USD"))
    for name, unit in headline:
        yield total._replace(indicator=name, unit=unit)
    for slot in _wait_slots(columns):
        yield columns.keys[slot]._replace(indicator="wait_days_p90", unit="days")
    for name, unit in _RESOURCES:
        for slot in columns.of("service"):
            yield columns.keys[slot]._replace(indicator=name, unit=unit)
    yield total._replace(indicator="run_out_day", unit="day")
    for name in _MONEY:
        yield total._replace(indicator=name, unit="USD")
        for service in (*(columns.keys[slot].service for slot in columns.of("service")), RUNNING):
            yield Key(name, service=service, unit="USD")
        for grant in columns.grants:
            yield Key(name, grant=grant, unit="USD")
    yield Key("running_cost_usd", unit="USD")
    yield Key("requirement_with_running_usd", unit="USD")
    yield Key("caseload_people", unit="people")
    for name in _LEAVERS:
        yield Key(name, unit="people")
    yield Key("displaced", unit="people")
    for country in sorted(scenario.refugees):
        yield Key("refugees", location=country, unit="people")
    yield from place_keys(scenario)


def _counted() -> list[tuple[str, str, int]]:
    """Indicators read off a tally column by column: name, unit, row; a row of -1 is a ratio (see _columns)."""
    counted = [
        ("people_in_need", "people", rows.IN_NEED), ("people_reached", "people", rows.REACHED),
        ("people_directly_served", "people", rows.DIRECTLY), ("fully_served_share", "share", -1),
        ("reached_of_need", "share", -1), ("need_covered", "share", -1), ("cases_needed", "cases", rows.NEEDED),
        ("cases_served", "cases", rows.SERVED), ("cases_served_as_wished", "cases", rows.WISHED),
        ("cases_open", "cases", rows.OPEN), ("cases_unserved", "cases", rows.UNSERVED),
    ]  # fmt: skip
    counted += [
        (f"cases_unserved_{REASON_NAMES[reason].replace('-', '_')}", "cases", rows.UNSERVED_BECAUSE + reason)
        for reason in Reason
        if reason
    ]
    counted += [("wait_days", "days", -1), ("waiting_days", "person-days", -1), ("queue_length", "cases", -1)]
    counted += [("requirement_usd", "USD", rows.PRICED), ("gap_usd", "USD", rows.GAP)]
    counted += [
        (f"gap_{REASON_NAMES[reason].replace('-', '_')}_usd", "USD", rows.GAP_BECAUSE + reason)
        for reason in Reason
        if reason
    ]
    return counted


def counted_names() -> tuple[str, ...]:
    """The indicators that ``counted`` gives."""
    return tuple(name for name, _, _ in _counted())


def _wait_slots(columns: Slots) -> list[int]:
    return [0, *columns.of("service"), *(slot for slot in columns.of("group") if slot != columns.host)]


def _ratio(above: npt.NDArray[np.int64], below: npt.NDArray[np.int64], scale: float = 1.0) -> Numbers:
    """The quotient, not defined where ``below`` is 0."""
    return np.asarray(np.divide(above, below * scale, out=np.full(len(above), math.nan), where=below != 0))


def measure(run: Run) -> Measured:
    """All numbers of one run."""
    columns = slots(run.scenario)
    begins = seconds(run.scenario.warmup_days)
    table = _tally(run, columns, begins)
    money, course = passes.money_tally(
        run.postings, len(run.names.services) + 1, len(run.names.grants), len(months(run.scenario)),
        month_of_day(run.scenario),
    )  # fmt: skip
    values = [_columns(table, run.horizon - begins), _headline(run, table, int(money[passes.SPENT].sum()))]
    values += [_waits(run, columns, begins)]
    values += [resource_values(run, columns.service, len(columns.of("service")), begins)]
    values += [_money(run, columns, money), _ends(run, table, int(money[passes.COMMITTED, -1].sum()))]
    monthly, there = monthly_values(run, columns, course)
    return Measured(np.concatenate([*values, *place_values(run.scenario, columns, there)]), monthly, run.envelopes)


def counted(run: Run) -> Numbers:
    """The first of a run's numbers, in the order of ``keys``: those that are counted case by case and person by person."""
    columns, begins = slots(run.scenario), seconds(run.scenario.warmup_days)
    return _columns(_tally(run, columns, begins), run.horizon - begins)


def gap_cents(run: Run) -> npt.NDArray[np.int64]:
    """The cents of the gap, by slot."""
    columns = slots(run.scenario)
    return np.asarray(_tally(run, columns, 0)[rows.GAP])


def _tally(run: Run, columns: Slots, begins: int) -> npt.NDArray[np.int64]:
    return rows.tally(
        run.cases, run.households, run.member_class, columns.service, columns.group, columns.host, columns.origin,
        columns.location, len(columns.keys), begins, run.horizon,
    )  # fmt: skip


def _columns(table: npt.NDArray[np.int64], window: int) -> Numbers:
    ratios = {
        "fully_served_share": _ratio(table[rows.FULLY], table[rows.IN_NEED]),
        "reached_of_need": _ratio(table[rows.REACHED], table[rows.IN_NEED]),
        "need_covered": _ratio(table[rows.SERVED], table[rows.NEEDED]),
        "wait_days": _ratio(table[rows.WAIT_SECONDS], table[rows.WAITED], DAY),
        "waiting_days": table[rows.WAITING_SECONDS] / DAY,
        "queue_length": table[rows.QUEUE_SECONDS] / window,
    }
    found = []
    for name, unit, row in _counted():
        found.append(ratios[name] if row < 0 else table[row] / 100 if unit == "USD" else table[row])
    return np.concatenate(found)


def _headline(run: Run, table: npt.NDArray[np.int64], spent: int) -> Numbers:
    caseload = run.scenario.caseload
    target = float((caseload.target_people or caseload.people).value)
    reached, in_need = int(table[rows.REACHED, 0]), int(table[rows.IN_NEED, 0])
    return np.array(
        [
            reached / target if target else math.nan,
            target / in_need if target and in_need else math.nan,
            spent / 100 / reached if reached else math.nan,
        ]
    )


def _waits(run: Run, columns: Slots, begins: int) -> Numbers:
    """The 90th percentile of waits (straight lines between order statistics), by total, service, class."""
    waited, places = passes.waits(
        run.cases, run.households, columns.service, columns.group, len(columns.keys), begins
    )
    found = np.full(len(columns.keys), math.nan)
    ends = places.tolist()
    for slot, (first, last) in enumerate(itertools.pairwise(ends)):
        if last > first:
            place = 0.9 * (last - first - 1)
            low = int(place)
            high = min(low + 1, last - first - 1)
            some = np.partition(waited[first:last], (low, high))
            found[slot] = (some[low] + (place - low) * (some[high] - some[low])) / DAY
    return found[_wait_slots(columns)]


def _money(run: Run, columns: Slots, cents: npt.NDArray[np.int64]) -> Numbers:
    """Money in total, by service (the running envelope last) and by grant (USD)."""
    table = cents[(passes.RECEIVED, passes.COMMITTED, passes.SPENT, passes.LAPSED, passes.INDIRECT), :]
    table[0] = 0
    table[1] -= table[2]  # open commitments
    for line in _last_plan(run.envelopes):
        s = len(run.names.services) if line.service == RUNNING else run.names.services.index(line.service)
        table[0, s, run.names.grants.index(line.grant)] = line.envelope
    shown = len(columns.of("service"))
    by_service = np.zeros((len(_MONEY), shown + 1), np.int64)
    for s, column in enumerate(columns.service):
        by_service[:, column - 1] += table[:, s].sum(axis=1)
    by_service[:, shown] = table[:, -1].sum(axis=1)
    found = np.concatenate([table.sum(axis=(1, 2))[:, None], by_service, table.sum(axis=1)], axis=1) / 100
    found[3, 1 : shown + 2] = math.nan  # money lapses from a grant, not from a service
    return found.reshape(-1)


def _last_plan(envelopes: tuple[Envelope, ...]) -> list[Envelope]:
    """The envelopes of the last decision before the end."""
    plans = [line for line in envelopes if line.reason != "end"]
    return [line for line in plans if line.time == plans[-1].time]


def _ends(run: Run, table: npt.NDArray[np.int64], running: int) -> Numbers:
    homes = run.households
    there = (homes["population"] == 0) & (homes["left"] == MISSING)
    return np.array(
        [
            running / 100,
            (int(table[rows.PRICED, 0]) + running) / 100,
            float(homes["size"][there].sum()),
            *(float(homes["size"][homes["went"] == way].sum()) for way in _LEAVERS.values()),
            *(float(course[-1, 0]) for course in reported(run.scenario)),
        ]
    )


__all__ = ["HOSTS", "Key", "Measured", "Slots", "keys", "measure", "monthly_keys", "slots"]

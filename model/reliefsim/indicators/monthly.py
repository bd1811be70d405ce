"""The course of a run: what had come about by the end of each calendar month; rows of monthly.csv."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from . import month_passes
from .bought import BOUGHT
from .breakdowns import COUNTRIES, GRANTS, MONTHS, OF_MONTH, PRESENT, TOTAL
from .counted import COUNTED
from .indicator import Indicator, Measurement, Numbers, Table
from .money_by_line import money
from .run_passes import COMMITTED, LAPSED, RECEIVED, SPENT
from .run_totals import AT_HORIZON, SPENDING, people_by_month
from .slots import Slots
from .time_series import displaced_in, month_ends, month_of_day, reported

Integers = npt.NDArray[np.int64]


def cases_by_month(of: Measurement) -> Integers:
    """As ``month_passes.cases_by_month``."""
    run, columns = of.run, of.columns
    return month_passes.cases_by_month(
        run.cases, run.households, columns.service, columns.group, columns.host, columns.location, len(columns.keys),
        month_ends(run.scenario), month_of_day(run.scenario),
    )  # fmt: skip


def _shown(columns: Slots, *kinds: str) -> list[int]:
    return [0, *(slot for kind in kinds for slot in columns.of(kind))]


def _cases(row: int) -> Callable[[Measurement], Integers]:
    return lambda of: of.of(cases_by_month)[:, row][:, _shown(of.columns, "service", "group", "location")]


def _queue(of: Measurement) -> Numbers:
    """Seconds queued in a month by its seconds: the time mean of cases that wait."""
    spans = np.diff(month_ends(of.run.scenario), prepend=0)
    return _cases(month_passes.QUEUED)(of) / spans[:, None]


def _people(*rows: int) -> Callable[[Measurement], Integers]:
    """One row of people, or the first less the second."""

    def counted(of: Measurement) -> Integers:
        people, _ = of.of(people_by_month)
        found = people[:, rows[0]] - people[:, rows[1]] if len(rows) > 1 else people[:, rows[0]]
        return np.asarray(found[:, _shown(of.columns, "service", "group", "location")])

    return counted


def _present(of: Measurement) -> Integers:
    shown = [slot for slot in _shown(of.columns, "group", "location") if slot != of.columns.host]
    return np.asarray(of.of(people_by_month)[0][:, month_passes.PRESENT, shown])


def _money(row: int) -> Callable[[Measurement], Numbers]:
    """Cents in total and by grant; committed: what is still open."""

    def by_grant(of: Measurement) -> Numbers:
        _, course = of.of(money)
        found = course[:, row] - (course[:, SPENT] if row == COMMITTED else 0)
        return np.concatenate([found.sum(axis=1, keepdims=True), found], axis=1) / 100

    return by_grant


CASES = PEOPLE = MONTHS * OF_MONTH
OF_GRANTS = MONTHS * (TOTAL + GRANTS)
MONTHLY = Table(
    COUNTED["cases_needed"].also(CASES, _cases(month_passes.ARISEN)),
    COUNTED["cases_served"].also(CASES, _cases(month_passes.SERVED)),
    Indicator("cases_waiting", "cases", CASES, _cases(month_passes.WAITING)),
    COUNTED["queue_length"].also(CASES, _queue),
    COUNTED["people_in_need"].also(PEOPLE, _people(month_passes.NEEDY)),
    COUNTED["people_reached"].also(PEOPLE, _people(month_passes.REACHED)),
    Indicator("people_unreached", "people", PEOPLE, _people(month_passes.NEEDY, month_passes.REACHED)),
    AT_HORIZON["caseload_people"].also(MONTHS * PRESENT, _present),
    BOUGHT["received_usd"].also(OF_GRANTS, _money(RECEIVED)),
    SPENDING["committed_usd"].also(OF_GRANTS, _money(COMMITTED)),
    SPENDING["spent_usd"].also(OF_GRANTS, _money(SPENT)),
    SPENDING["lapsed_usd"].also(OF_GRANTS, _money(LAPSED)),
    AT_HORIZON["displaced"].also(MONTHS, lambda of: displaced_in(of.run)),
    AT_HORIZON["refugees"].also(MONTHS * COUNTRIES, lambda of: np.array(reported(of.run.scenario)[1:]).T),
    first=MONTHS,
)

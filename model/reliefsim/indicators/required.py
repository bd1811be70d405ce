"""Requirement and money, month by month and on one footing: what a donor lays side by side.

Hosts are left out of need, as they are of every total. Running costs are in the requirement, as paid, because the money
pays for them, too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..layout import Account, Outcome
from ..records import Run
from ..units import DAY
from .breakdowns import MONTHS, TOTAL
from .counted import COUNTED
from .indicator import Indicator, Measurement, Table, Told
from .time_series import month_of_day, months

Integers = npt.NDArray[np.int64]


def _need(of: Measurement) -> tuple[Integers, int]:
    """Cents that serving every case costs, by the month in which it arose, and those of cases served or in service."""
    run = of.run
    cases = run.cases[run.households["population"][run.cases["household"]] == 0]
    arisen = _by_month(run, cases["arose"], cases["priced_cents"])
    is_met = (cases["outcome"] == int(Outcome.SERVED)) | (cases["outcome"] == int(Outcome.IN_SERVICE))
    return arisen, int(cases["priced_cents"][is_met].sum())


def _money(of: Measurement) -> tuple[Integers, Integers, int]:
    """Cents committed for running costs, and received less lapsed, by month; committed for services, spent or not."""
    run = of.run
    rows, services = run.postings, len(run.names.services)
    committed = rows["debit"] == int(Account.COMMITTED)
    released = (rows["debit"] == int(Account.CASH)) & (rows["credit"] == int(Account.COMMITTED))
    change = rows["cents"] * (committed.astype(np.int64) - released)
    for_service = (rows["service"] >= 0) & (rows["service"] < services)
    came = (rows["credit"] == int(Account.DONOR)).astype(np.int64)
    went = rows["debit"] == int(Account.LAPSED)
    return (
        _by_month(run, rows["time"], np.where(for_service, 0, change)),
        _by_month(run, rows["time"], rows["cents"] * (came - went)),
        int(change[for_service].sum()),
    )


def _by_month(run: Run, times: Integers, cents: Integers) -> Integers:
    """Cents added up by month; what the horizon's books close with belongs to the last one."""
    days, count = month_of_day(run.scenario), len(months(run.scenario))
    found = np.zeros(count, np.int64)
    np.add.at(found, np.minimum(days[np.minimum(times // DAY, len(days) - 1)], count - 1), cents)
    return found


REQUIRED = Table(
    COUNTED["requirement_usd"].also(
        MONTHS, lambda of: of.of(_need)[0] / 100,
        Told("gap", "the requirement of the needs that arose in the month", "requirement_usd by month"),
    ),
    Indicator(
        "requirement_so_far_usd", "USD", MONTHS, lambda of: np.cumsum(of.of(_need)[0] + of.of(_money)[0]) / 100,
        (Told("gap", "at the month's end: of all needs that had arisen, and running costs as paid"),),
    ),
    Indicator(
        "available_so_far_usd", "USD", MONTHS, lambda of: np.cumsum(of.of(_money)[1]) / 100,
        (Told("gap", "at the month's end: received less what had gone back"),),
    ),
    Indicator(
        "need_met_usd", "USD", TOTAL, lambda of: of.of(_need)[1] / 100,
        (Told("gap", "requirement of cases served or in service"),),
    ),
    Indicator(
        "used_for_services_usd", "USD", TOTAL, lambda of: of.of(_money)[2] / 100,
        (Told("gap", "spent or committed for services"),),
    ),
)  # fmt: skip

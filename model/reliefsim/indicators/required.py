"""One run's requirement and money, month by month and on one footing: what a donor lays side by side.

Hosts are left out of need, as they are of every total. Running costs are in the requirement, as paid, because the money
pays for them, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..layout import Account, Outcome
from ..records import Run
from ..scenario.memo import once
from ..units import DAY
from .measure import Key
from .time_series import month_of_day, months

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
BY_MONTH = ("requirement_usd", "requirement_so_far_usd", "available_so_far_usd")
TOTALS = ("need_met_usd", "used_for_services_usd")


@once
def required_keys(scenario: Scenario) -> tuple[Key, ...]:
    """What ``required_values`` gives, in its order: requirement_usd by the month in which the need arose, the next two
    as at the month's end."""
    return (
        *(Key(name, period=period, unit="USD") for name in BY_MONTH for period, _, _ in months(scenario)),
        *(Key(name, unit="USD") for name in TOTALS),
    )


def required_values(run: Run) -> Iterator[npt.NDArray[np.float64]]:
    """The numbers of ``required_keys``."""
    arisen, met = _need(run)
    running, available, services = _money(run)
    yield arisen / 100
    yield np.cumsum(arisen + running) / 100
    yield np.cumsum(available) / 100
    yield np.array([met, services]) / 100


def _need(run: Run) -> tuple[Integers, int]:
    """Cents that serving every case costs, by the month in which it arose, and those of cases served or in service."""
    cases = run.cases[run.households["population"][run.cases["household"]] == 0]
    arisen = _by_month(run, cases["arose"], cases["priced_cents"])
    is_met = (cases["outcome"] == int(Outcome.SERVED)) | (cases["outcome"] == int(Outcome.IN_SERVICE))
    return arisen, int(cases["priced_cents"][is_met].sum())


def _money(run: Run) -> tuple[Integers, Integers, int]:
    """Cents committed for running costs, and received less lapsed, by month; committed for services, spent or not."""
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

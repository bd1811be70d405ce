"""Who goes without which service for want of money: class by service by month, people and the days they waited."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled
from ..layout import Reason
from ..units import DAY, MISSING
from .breakdowns import GROUPS, MONTHS, SERVICES, TOTAL
from .indicator import Measurement, Table
from .time_series import month_of_day, months
from .unmet import UNMET

Numbers = npt.NDArray[np.int64]
_MONEY = int(Reason.MONEY)
PEOPLE, WAITED = range(2)


def _crossed(of: Measurement) -> Numbers:
    """The table of ``cross``. A person counts once in each cell; a household's days are of its highest member's class."""
    run, columns = of.run, of.columns
    groups, services = columns.of("group"), columns.of("service")
    return cross(
        run.cases, run.households, run.member_class, columns.service - 1, columns.group - min(groups, default=0),
        columns.host - min(groups, default=0), len(groups), len(services), month_of_day(run.scenario),
        len(months(run.scenario)), run.horizon,
    )  # fmt: skip


_CELLS = GROUPS * SERVICES * (TOTAL + MONTHS)
WITHOUT = Table(
    UNMET["people_without_for_money"].also(_CELLS, lambda of: of.of(_crossed)[PEOPLE]),
    UNMET["days_waited_for_money"].also(_CELLS, lambda of: of.of(_crossed)[WAITED] / DAY),
)


@compiled
def cross(
    cases: Any, households: Any, member_class: npt.NDArray[np.int16], column_of: Numbers, row_of: Numbers, host_row: int,
    rows: int, columns: int, month_of_day: Numbers, months: int, horizon: int,
) -> Numbers:  # fmt: skip
    """People who lack a service for want of money, and the seconds they waited for it; shape (2, classes, services, 1 +
    months). ``row_of`` a class, ``host_row`` of hosts and ``column_of`` a service."""
    table = np.zeros((2, rows, columns, 1 + months), np.int64)
    if rows == 0:
        return table
    since = np.empty(columns, np.int64)
    for h in range(households.shape[0]):
        home = households[h]
        short = 0
        for c in range(home.first_case, home.first_case + home.cases):
            case = cases[c]
            if case.reason != _MONEY:
                continue
            short += 1
            if case.opened != MISSING:
                until = horizon if case.ended == MISSING else case.ended
                row = host_row if home.population == 1 else row_of[case.priority_class]
                month = month_of_day[min(case.arose // 86_400, month_of_day.shape[0] - 1)]
                if row >= 0:  # without classes only hosts have a row
                    for place in (0, 1 + month):
                        table[WAITED, row, column_of[case.service], place] += (until - case.opened) * case.people
        if short == 0 or (home.population != 1 and row_of[home.priority_class] < 0):
            continue
        for m in range(home.size):
            since[:] = MISSING
            for c in range(home.first_case, home.first_case + home.cases):
                case = cases[c]
                if case.reason == _MONEY and (case.member == MISSING or case.member == m):
                    column = column_of[case.service]
                    if since[column] == MISSING or case.arose < since[column]:
                        since[column] = case.arose
            row = host_row if home.population == 1 else row_of[member_class[home.first_member + m]]
            for column in range(columns):
                if since[column] != MISSING:
                    month = month_of_day[min(since[column] // 86_400, month_of_day.shape[0] - 1)]
                    table[PEOPLE, row, column, 0] += 1
                    table[PEOPLE, row, column, 1 + month] += 1
    return table

"""One run's cases that lack money become who goes without which service: class by service by month, people and days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled
from ..layout import Reason
from ..records import Run
from ..units import DAY, MISSING
from .measure import Key, Slots
from .time_series import month_of_day, months

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.int64]
_MONEY = int(Reason.MONEY)
PEOPLE, WAITED = range(2)


def without_keys(scenario: Scenario, columns: Slots) -> Iterator[Key]:
    """What ``without_values`` gives, in its order: by class and service, in all and by the month in which need arose."""
    periods = ("", *(name for name, _, _ in months(scenario)))
    for name, unit in (("people_without_for_money", "people"), ("days_waited_for_money", "person-days")):
        for group in columns.of("group"):
            for service in columns.of("service"):
                where = Key(name, service=columns.keys[service].service, group=columns.keys[group].group, unit=unit)
                yield from (where._replace(period=period) for period in periods)


def without_values(run: Run, columns: Slots) -> npt.NDArray[np.float64]:
    """People who lack a service for want of money, and the days they waited for it; shape (2, classes, services, 1 +
    months). A person counts once in each; a household's days are of the class of its highest member."""
    groups, services = columns.of("group"), columns.of("service")
    table = cross(
        run.cases, run.households, run.member_class, columns.service - 1, columns.group - min(groups, default=0),
        columns.host - min(groups, default=0), len(groups), len(services), month_of_day(run.scenario),
        len(months(run.scenario)), run.horizon,
    )  # fmt: skip
    found = table.astype(np.float64)
    found[WAITED] /= DAY
    return found


@compiled
def cross(
    cases: Any, households: Any, member_class: npt.NDArray[np.int16], column_of: Numbers, row_of: Numbers, host_row: int,
    rows: int, columns: int, month_of_day: Numbers, months: int, horizon: int,
) -> Numbers:  # fmt: skip
    """The table of ``without_values`` in seconds. ``row_of`` a class, ``host_row`` of hosts and ``column_of`` a service."""
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

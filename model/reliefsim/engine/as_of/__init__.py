"""A scenario that says where an operation stands becomes one that begins on that day, and says the same of all after it.

What goes on is the same on the same calendar dates; what lies before is history, and is told by what it left: people,
registrations, cash, stock, and cases that are needed no more.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ...scenario.memo import once
from ...units import DAY, moment
from ..compile.capacity import rate_kept
from .as_of_days import dates_kept, later
from .as_of_money import grants_then
from .as_of_people import caseload_then, hosts_then, services_then

if TYPE_CHECKING:
    from ...scenario.schema import Scenario

__all__ = ["begun", "first_second"]


def first_second(scenario: Scenario) -> int:
    """When its run begins, in seconds since start_date."""
    return 0 if scenario.as_of is None else moment(scenario.as_of.day, scenario.start_date, 0)


@once
def begun(scenario: Scenario) -> Scenario:
    """The scenario that a run is of: itself, or, with ``as_of``, one whose start_date is that day."""
    if scenario.as_of is None:
        return scenario
    now = first_second(scenario)
    caseload, still_there = caseload_then(scenario, now)
    update: dict[str, Any] = {
        **dates_kept(scenario, now),
        **grants_then(scenario, now),
        "as_of": None,
        "decisions": {},  # they were made before the run: a plan is chosen for the scenario as it is stated
        **rate_kept(scenario),
        "start_date": scenario.start_date + datetime.timedelta(seconds=now),
        "horizon_days": later(scenario.horizon_days, now),
        "caseload": caseload,
        "hosts": hosts_then(scenario, caseload),
        "services": services_then(scenario, now, still_there),
    }
    assert now % DAY == 0  # a date means the same second before and after
    return scenario.model_copy(update=update)

"""Rows that indicators have: in total, by service, class, place, grant, month, and what is put together of these."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..engine.as_of import begun
from ..engine.compile.compiled_scenario import RUNNING
from ..scenario.memo import once
from ..scenario.schema_services import Goods
from ..units import DAY, seconds
from .indicator import Breakdown
from .slots import HOSTS, Key, slots
from .time_series import months

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

NO_GRANT = "none"  # of what no grant's money is missing for, or has paid
WEEK = 7 * DAY


def _slots_of(kind: str, hosts: bool = True) -> Callable[[Scenario], tuple[Key, ...]]:
    """The columns of one kind of breakdown."""

    def keys(scenario: Scenario) -> tuple[Key, ...]:
        columns = slots(scenario)
        return tuple(columns.keys[slot] for slot in columns.of(kind) if hosts or slot != columns.host)

    return keys


@once
def weeks(scenario: Scenario) -> tuple[tuple[str, int, int], ...]:
    """Weeks of the horizon from its first day on: the date they begin, first second, last second + 1."""
    scenario = begun(scenario)
    horizon = seconds(scenario.horizon_days)
    return tuple(
        ((scenario.start_date + datetime.timedelta(seconds=first)).isoformat(), first, min(first + WEEK, horizon))
        for first in range(0, horizon, WEEK)
    )


@once
def served_there(scenario: Scenario) -> tuple[tuple[str, bool], ...]:
    """Each service as reported, and whether it is for hosts."""
    found = {(one.counts_as or name, one.population == "hosts") for name, one in scenario.services.items()}
    return tuple(sorted(found))


def goods(scenario: Scenario) -> tuple[str, ...]:
    """The services that hand out goods, each by its own name."""
    return tuple(name for name in sorted(scenario.services) if isinstance(scenario.services[name], Goods))


TOTAL = Breakdown("total", lambda scenario: (Key(""),))
SERVICES = Breakdown("service", _slots_of("service"))
OF_RUNNING = Breakdown("running", lambda scenario: (Key("", service=RUNNING),))
GROUPS = Breakdown("class, hosts", _slots_of("group"))
CLASSES = Breakdown("class", _slots_of("group", hosts=False))
LOCATIONS = Breakdown("location", _slots_of("location"))
EVERY = Breakdown("total, service, class, hosts, origin, location", lambda scenario: slots(scenario).keys)
GRANTS = Breakdown("grant", lambda scenario: tuple(Key("", grant=grant) for grant in slots(scenario).grants))
PAYERS = GRANTS + Breakdown("no grant", lambda scenario: (Key("", grant=NO_GRANT),))
MONTHS = Breakdown("month", lambda scenario: tuple(Key("", period=name) for name, _, _ in months(scenario)))
WEEKS = Breakdown("week", lambda scenario: tuple(Key("", period=date) for date, _, _ in weeks(scenario)))
GOODS = Breakdown("goods", lambda scenario: tuple(Key("", service=name) for name in goods(scenario)))
COUNTRIES = Breakdown(
    "country", lambda scenario: tuple(Key("", location=country) for country in sorted(scenario.refugees))
)
PLACES = Breakdown(  # by the scenario's names of places
    "service and population × location",
    lambda scenario: tuple(
        Key("", service=service, group=HOSTS if hosts else "", location=location)
        for service, hosts in served_there(scenario)
        for location in sorted(scenario.locations)
    ),
)
MONEY = TOTAL + SERVICES + OF_RUNNING + GRANTS
LINES = (SERVICES + OF_RUNNING) * GRANTS
OF_MONTH = TOTAL + SERVICES + GROUPS + LOCATIONS  # a month's cases and people
PRESENT = TOTAL + CLASSES + LOCATIONS  # a month's people of the caseload

"""Laws, arrivals and what was counted become the people who are there on the day, and what they still need."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import numpy as np

from ...displacement import caseload_share, displaced_at_start
from ...scenario.quantities import Quantity
from ...scenario.schema_services import Convoy, Goods, ServiceBase
from ..compile.compiled_scenario import blueprint
from ..world.demand import demand
from .as_of_days import at_second, departures_kept

if TYPE_CHECKING:
    from ...scenario.schema import Caseload, Hosts, Scenario
    from ...scenario.schema_growth import Law


def caseload_then(scenario: Scenario, now: int) -> tuple[Caseload, float]:
    """The caseload at ``now``, and which part of all who were ever in it is there still.

    What laws count from (the displaced, the share, the turnover) stays that of start_date, so that they go on.
    """
    as_of, then = scenario.as_of, scenario.caseload
    assert as_of is not None
    people, ever = _expected(scenario, now) if now else (float(then.people.value),) * 2
    if as_of.people is not None:
        people = float(as_of.people.value)
    update = {
        "people": Quantity(value=round(people)),
        "target_people": then.target_people or (then.people if then.people.value else None),
        "displaced_people": Quantity(value=displaced_at_start(scenario)),
        "share": Quantity(value=caseload_share(scenario)),
        "turnover_people": then.turnover_people or then.people,
        "registered_at_start_share": as_of.registered_share or then.registered_at_start_share,
    }
    return then.model_copy(update=update), min(1.0, people / ever) if ever else 1.0


def _expected(scenario: Scenario, now: int) -> tuple[float, float]:
    """People there at ``now`` by laws and arrivals, the mean over chance, and people who have been there by then.

    Who came at t is there still with probability e^−(H(now) − H(t)), H the hazard of leaving up to t.
    """
    day = scenario.start_date + datetime.timedelta(seconds=now)
    laws = {name: _known_by(law, day) for name, law in scenario.displacement.items()}
    history = {"displacement": laws, "as_of": None, "horizon_days": at_second(now), "warmup_days": Quantity(value=0)}
    wanted = demand(blueprint(scenario.model_copy(update=history)))
    course, size = wanted.course, wanted.people_a_household
    hazard, people = course.hazard, float(scenario.caseload.people.value)
    came = np.diff(course.rise_households) * size
    there = people * np.exp(-hazard[-1]) + came @ np.exp((hazard[1:] + hazard[:-1]) / 2 - hazard[-1])
    stated = wanted.stated_arrivals
    there += size * np.exp(np.interp(stated, course.seconds, hazard) - hazard[-1]).sum()
    return float(there), float(people + came.sum() + size * len(stated))


def _known_by(law: Law, day: datetime.date) -> Law:
    """A fitted law that reads the counts up to a day, as the run that begins then does."""
    return law.model_copy(update={"as_of": law.as_of or day}) if law.law == "fitted" else law


def hosts_then(scenario: Scenario, caseload: Caseload) -> Hosts | None:
    """As many host households as before, although they are counted by the household of the caseload."""
    hosts, before, then = scenario.hosts, scenario.caseload.people.value, caseload.people.value
    if hosts is None or not then or then == before:
        return hosts
    ratio = float(hosts.households_per_household.value) * before / then
    return hosts.model_copy(update={"households_per_household": Quantity(value=ratio)})


def services_then(scenario: Scenario, now: int, still_there: float) -> dict[str, ServiceBase]:
    """Services with the stock on hand then, and with the cases served of those who are there still."""
    as_of, found = scenario.as_of, dict[str, ServiceBase]()
    assert as_of is not None
    for name, service in scenario.services.items():
        new: ServiceBase = departures_kept(service, scenario.start_date, now) if isinstance(service, Convoy) else service
        if isinstance(new, Goods) and name in as_of.stock:
            new = new.model_copy(update={"stock": new.stock.model_copy(update={"initial": as_of.stock[name]})})
        if name in as_of.served:
            part = 1.0 if service.population == "hosts" else still_there
            served = round(float(as_of.served[name].value) * part)
            new = new.model_copy(update={"served_at_start": Quantity(value=served)})
        found[name] = new
    return found

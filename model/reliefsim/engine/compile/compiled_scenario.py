"""A scenario becomes numbers: everything that is the same in each of its replications, as integers and tables."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ...layout import (
    AT_ONCE,
    BY_DTM,
    BY_OUTREACH,
    CASEWORK,
    CONVOY,
    GOODS,
    GRANT,
    LAW,
    NEVER,
    NO_POLICY,
    ON_ARRIVAL,
    R_Q,
    S_S,
    SERVICE,
    SESSIONS,
)
from ...records import Names
from ...scenario.schema_services import Casework, Convoy, Goods, Service, Sessions
from ...units import MISSING, cents, largest_remainder, moment, ppm, seconds
from .capacity import Places, TeamLine, capacity_pools, filled_seats, mean_price
from .closures import closed_times
from .duration_laws import number_law
from .least_payments import least_cents

if TYPE_CHECKING:
    from ...scenario.schema import Scenario
    from ...scenario.schema_grants import Grant

UNLIMITED = "unlimited"
RUNNING = "running"


@dataclass(frozen=True)
class Tranche:
    """Money that comes: the grant's number, when, how much."""

    grant: int
    time: int
    cents: int


@dataclass(frozen=True)
class Blueprint:
    """A scenario in numbers. Arrays are templates: a run copies what it changes."""

    scenario: Scenario
    names: Names
    horizon: int
    services: npt.NDArray[np.void]
    pools: npt.NDArray[np.void]
    grants: npt.NDArray[np.void]
    may_pay: npt.NDArray[np.int64]  # [service and, last, running; grant]
    laws: npt.NDArray[np.void]
    law_values: npt.NDArray[np.float64]
    teams: tuple[TeamLine, ...]
    rosters: tuple[tuple[Places, ...], ...]  # by pool
    tranches: tuple[Tranche, ...]
    pay_order: tuple[int, ...]
    ranks: tuple[int, ...]  # the distinct priorities, first served first

    @cached_property
    def class_rank(self) -> npt.NDArray[np.int64]:
        """Each class's place among the priorities."""
        return np.array([self.ranks.index(self.priority(name)) for name in self.names.classes], np.int64)

    @cached_property
    def payable(self) -> tuple[tuple[int, int, str, str], ...]:
        """What may be paid by which grant: their numbers, their names. Running costs come last."""
        names = (*self.names.services, RUNNING)
        return tuple(
            (s, g, service, grant)
            for s, service in enumerate(names)
            for g, grant in enumerate(self.names.grants)
            if self.may_pay[s, g]
        )

    @cached_property
    def closures(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """When places are closed (see closures.closed_times)."""
        return closed_times(self.scenario, self.names.locations)

    @cached_property
    def blows(self) -> int:
        """How many times a shock strikes a grant."""
        return sum(len(shock.grants) for shock in self.scenario.shocks.values())

    def priority(self, name: str) -> int:
        """The stated priority of a class."""
        stated = self.scenario.classes.get(name)
        return stated.priority if stated else 1

    def service(self, name: str) -> Service:
        """What the scenario says of a service."""
        return self.scenario.services[name]

    def grant(self, name: str) -> Grant:
        """What the scenario says of a grant or a pledge."""
        return self.scenario.grants[name] if name in self.scenario.grants else self.scenario.pledges[name]


def blueprint(scenario: Scenario) -> Blueprint:
    """The numbers of a scenario."""
    horizon = seconds(scenario.horizon_days)
    start = scenario.start_date
    unlimited = scenario.money == "unlimited"
    grant_names = (UNLIMITED,) if unlimited else tuple(sorted([*scenario.grants, *scenario.pledges]))
    service_names = tuple(sorted(scenario.services))
    laws, law_values = _laws(scenario, service_names)
    services = np.zeros(len(service_names), SERVICE)
    for number, name in enumerate(service_names):
        _fill_service(services[number], scenario, name, service_names, float(laws[number, 0]["mean"]))
    pools, teams, pool_names, rosters = capacity_pools(scenario, services, service_names)
    grants = np.zeros(len(grant_names), GRANT)
    tranches: list[Tranche] = []
    for number, name in enumerate(grant_names):
        if unlimited:
            grants[number]["ends"], grants[number]["unlimited"], grants[number]["is_open"] = NEVER, 1, 1
            continue
        stated = scenario.grants.get(name) or scenario.pledges[name]
        _fill_grant(grants[number], stated, start, horizon)
        tranches += [part for part in tranches_of(number, stated, start) if part.time < horizon]
    classes = tuple(sorted(scenario.classes)) or ("all",)
    stated_classes = scenario.classes
    ranks = tuple(sorted({stated_classes[name].priority if stated_classes else 1 for name in classes}))
    may_pay = _may_pay(scenario, service_names, grant_names)
    return Blueprint(
        scenario=scenario,
        names=Names(
            services=service_names,
            classes=classes,
            origins=tuple(sorted(scenario.origins)) or ("all",),
            locations=tuple(sorted(scenario.locations)) or ("all",),
            grants=grant_names,
            teams=pool_names,
        ),
        horizon=horizon,
        services=services,
        pools=pools,
        grants=grants,
        may_pay=may_pay,
        laws=laws,
        law_values=law_values,
        teams=teams,
        rosters=rosters,
        tranches=tuple(sorted(tranches, key=lambda tranche: (tranche.time, tranche.grant))),
        pay_order=order_of_paying(grants, may_pay),
        ranks=ranks,
    )


def order_of_paying(grants: npt.NDArray[np.void], may_pay: npt.NDArray[np.int64]) -> tuple[int, ...]:
    """Grants, the one that ends first before; of those that end together, the one that may pay for least, opened first,
    costs least: what they are called counts only between equals."""
    keys = [
        (int(grant["ends"]), int(may_pay[:, g].sum()), int(grant["opens"]), int(grant["rate_ppm"]), g)
        for g, grant in enumerate(grants)
    ]
    return tuple(key[-1] for key in sorted(keys))


def _laws(scenario: Scenario, names: tuple[str, ...]) -> tuple[npt.NDArray[np.void], npt.NDArray[np.float64]]:
    laws = np.zeros((len(names), 4), LAW)
    values: list[tuple[float, float]] = []
    for number, name in enumerate(names):
        service = scenario.services[name]
        duration = None if isinstance(service, Sessions) else service.duration
        lead = service.stock.lead_time if isinstance(service, Goods) else None
        for place, law in enumerate((duration, service.patience, service.outreach_delay, lead)):
            number_law(law, laws[number, place], values)
    return laws, np.array(values or [(0.0, 1.0)], np.float64)


def _fill_service(row: Any, scenario: Scenario, name: str, names: tuple[str, ...], mean: float) -> None:
    service = scenario.services[name]
    row["by_household"] = service.unit == "household"
    row["skip"] = (service.unpaid or scenario.plan.unpaid) == "skip"
    row["after"] = names.index(service.after) if service.after else MISSING
    row["followed"] = any(other.after == name for other in scenario.services.values())
    row["waiting_limit"] = service.waiting_limit.value if service.waiting_limit else MISSING
    row["intake"] = {"on-arrival": ON_ARRIVAL, "dtm": BY_DTM, "outreach": BY_OUTREACH}[service.intake]
    row["mean_seconds"] = max(1, round(mean))
    row["look_at"] = AT_ONCE
    row["seats"] = row["longest_wait"] = row["groups_each"] = row["first_due"] = row["last_due"] = row[
        "short_since"
    ] = MISSING
    factors = [float(place.price_factor.value) for place in scenario.locations.values()] or [1.0]
    row["cheapest"] = min(least_cents(service, factors))
    if isinstance(service, Casework):
        row["kind"] = CASEWORK
    elif isinstance(service, Goods):
        _fill_goods(row, service)
    elif isinstance(service, Convoy):
        row["kind"] = CONVOY
        row["seats"] = service.seats.value if service.seats else MISSING
        row["fill_seats"] = filled_seats(service)
        row["only_on_schedule"] = service.only_on_schedule
        row["longest_wait"] = seconds(service.longest_wait_days)
        row["departure_price"] = cents(service.departure_cost_usd)
    else:
        _fill_sessions(row, service)


def _fill_goods(row: Any, service: Goods) -> None:
    stock = service.stock
    row["kind"] = GOODS
    row["on_hand"] = row["initial"] = stock.initial.value
    size = stock.order_quantity if stock.policy == "rQ" else stock.order_up_to
    if stock.lead_time is not None and size is not None:
        row["policy"] = R_Q if stock.policy == "rQ" else S_S
        row["order_size"] = size.value
    else:
        row["policy"] = NO_POLICY
    row["reorder_point"] = stock.reorder_point.value
    row["item_price"] = cents(stock.item_cost_usd)
    row["unit_price"] = round(mean_price(service))
    row["lost_sales"] = stock.unmet == "lost"
    row["loss_ppm"] = ppm(stock.loss_share)
    row["handout_seconds"] = seconds(stock.handout_days)
    row["order_partly"] = stock.order_partly


def _fill_sessions(row: Any, service: Sessions) -> None:
    row["kind"] = SESSIONS
    row["group_size"] = service.group_size.value
    row["longest_wait"] = seconds(service.longest_wait_days)
    row["sessions"] = service.sessions.value
    row["every_seconds"] = max(1, seconds(service.every_days))
    row["session_seconds"] = max(1, round(float(service.session_hours.value) * 3600))
    row["per_session"] = service.counsellors_per_session.value
    row["groups_each"] = service.groups_per_counsellor.value if service.groups_per_counsellor else MISSING
    row["mean_seconds"] = (row["sessions"] - 1) * row["every_seconds"] + row["session_seconds"]


def _fill_grant(row: Any, grant: Grant, start: datetime.date, horizon: int) -> None:
    row["award"] = cents(grant.amount_usd)
    row["opens"] = moment(grant.from_day, start, 0)
    row["ends"] = moment(grant.until_day, start, horizon)
    row["rate_ppm"] = ppm(grant.indirect_rate)
    row["spent_and_done"] = grant.end_rule == "spent-and-done"
    row["liquidation_seconds"] = 0 if row["spent_and_done"] else seconds(grant.liquidation_days, NEVER)


def instalments(grant: Grant, start: datetime.date) -> list[tuple[int, int]]:
    """The second at which each part of an award comes, and its cents."""
    opens = moment(grant.from_day, start, 0)
    award, stated = cents(grant.amount_usd), grant.tranches or ()
    amounts = [cents(part.amount_usd) for part in stated if part.amount_usd is not None]
    if not amounts:
        amounts = largest_remainder(award, [float(part.share.value) for part in stated if part.share is not None])
    days = [moment(part.day, start, 0) for part in stated]
    parts = list(zip(days, amounts, strict=True)) if stated else [(opens, award)]
    return [(max(0, opens, time), amount) for time, amount in parts]


def tranches_of(number: int, grant: Grant, start: datetime.date) -> list[Tranche]:
    """When a grant's money is due, beyond the horizon too."""
    # Nothing is not an event: a grant without money changes nothing else.
    return [Tranche(number, time, amount) for time, amount in instalments(grant, start) if amount > 0]


def _may_pay(scenario: Scenario, services: tuple[str, ...], grants: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """Which grant may pay for which service (rows) and, last row, for running costs."""
    table = np.ones((len(services) + 1, len(grants)), np.int64)
    for g, name in enumerate(grants):
        stated = scenario.grants.get(name) or scenario.pledges.get(name)
        if stated is not None and stated.pays_for is not None:
            for s, service in enumerate((*services, RUNNING)):
                table[s, g] = service in stated.pays_for
    return table

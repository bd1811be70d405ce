"""A blueprint becomes what its people are like and what they need, on average: shares, rates and prices."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...layout import CONVOY, GOODS
from ...scenario.household_sizes import Sizes, caseload_sizes, host_sizes
from ...scenario.schema_services import Casework, Convoy, Goods, PriceList, Service, Sessions
from ...units import DAY, MISSING, cents
from ..compile.capacity import requirement_rate_ppm, stated_prices
from ..compile.compiled_scenario import Blueprint
from .caseload_course import Course, course
from .needs import NEED, YEAR
from .size_shares import size_shares

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Demand:
    """All that a world is drawn from, with a seed and a replication; shares are cumulative where they are drawn from.

    Whatever is not in here (money, teams, the rule) moves no draw. Shapes: sizes, host_sizes (sizes,); class_rank and
    alone/head/any_classes (classes,); laws (services, 4); level (services, classes): net share, or cases a unit a year;
    served (services, locations); price_factor (locations,); prices (prices, 2).
    """

    horizon: int
    people: int
    services: tuple[str, ...]
    class_rank: npt.NDArray[np.int64]
    laws: npt.NDArray[np.void]
    law_values: Shares
    returned_share: float
    crossed_border_share: float
    course: Course
    stated_arrivals: npt.NDArray[np.int64]
    people_a_household: float
    sizes: Shares
    host_sizes: Shares
    alone: float
    alone_classes: Shares
    head_classes: Shares
    any_classes: Shares
    class_shares: Shares
    origins: Shares
    locations: Shares
    needs: npt.NDArray[np.void]
    level: Shares
    served: npt.NDArray[np.bool_]
    price_factor: Shares
    prices: Shares
    served_before: tuple[int, ...]  # cases of those there at the start, by service
    registered_share: float
    find_probability: float
    hosts_a_household: float
    cases_a_household: float

    @cached_property
    def digest(self) -> bytes:
        """What two demands have in common whose worlds are equal for every seed and replication."""
        found = hashlib.sha256()
        course = [getattr(self.course, field.name) for field in fields(self.course)]
        for value in [*(getattr(self, field.name) for field in fields(self) if field.name != "course"), *course]:
            found.update(repr((value.dtype, value.shape) if isinstance(value, np.ndarray) else value).encode())
            found.update(value.tobytes() if isinstance(value, np.ndarray) else b"")
        return found.digest()


def demand(plan: Blueprint) -> Demand:
    """The demand of a blueprint."""
    scenario = plan.scenario
    caseload = scenario.caseload
    sizes = caseload_sizes(scenario)
    people_a_household = sizes.mean
    classes = _Classes.of(plan, sizes)
    level = np.array([_levels(plan, plan.service(name)) for name in plan.names.services])
    return Demand(
        horizon=plan.horizon,
        people=int(caseload.people.value),
        services=plan.names.services,
        class_rank=plan.class_rank,
        laws=plan.laws,
        law_values=plan.law_values,
        returned_share=float(caseload.returned_share.value),
        crossed_border_share=float(caseload.crossed_border_share.value),
        course=course(scenario, plan.horizon, people_a_household),
        stated_arrivals=_stated(plan),
        people_a_household=people_a_household,
        sizes=np.cumsum(_shares_of(sizes)),
        host_sizes=np.cumsum(_shares_of(host_sizes(scenario))),
        alone=classes.alone,
        alone_classes=np.cumsum(classes.of_alone),
        head_classes=np.cumsum(classes.of_heads),
        any_classes=np.cumsum(classes.of_others),
        class_shares=classes.shares,
        origins=np.cumsum(_region_shares(scenario.origins)),
        locations=np.cumsum(_region_shares(scenario.locations)),
        needs=_needs(plan),
        level=level,
        served=np.array([_places(plan, plan.service(name)) for name in plan.names.services]),
        price_factor=np.array(
            [float(scenario.locations[name].price_factor.value) for name in sorted(scenario.locations)] or [1.0]
        ),
        prices=_price_lists(plan),
        served_before=tuple(int(plan.service(name).served_at_start.value) for name in plan.names.services),
        registered_share=float(caseload.registered_at_start_share.value),
        find_probability=float(scenario.dtm.find_probability.value) if scenario.dtm else 0.0,
        hosts_a_household=float(scenario.hosts.households_per_household.value) if scenario.hosts else 0.0,
        cases_a_household=_cases_a_household(plan, level, classes.shares, people_a_household),
    )


@dataclass(frozen=True)
class _Classes:
    """Who is in which class: of those who live alone by class, of first members, of the others."""

    shares: Shares
    alone: float  # share of households
    of_alone: Shares
    of_heads: Shares
    of_others: Shares

    @staticmethod
    def of(plan: Blueprint, sizes: Sizes) -> _Classes:
        """Chances that give every class its stated share of all members.

        With s the share of members who live alone by class and m the mean size of all households, a household is one
        of them with probability s·m; a first member of another household belongs to a class of heads with probability
        (share of the other members) · (mean size of the others), and all others share what is left in proportion.
        """
        stated = plan.scenario.classes
        names = plan.names.classes
        shares = np.array([float(stated[name].share.value) if stated else 1.0 for name in names])
        who = np.array([stated[name].who if stated else "any" for name in names])
        of_alone = _normal(np.where(who == "alone", shares, 0.0))
        within = _normal(np.where(who == "alone", 0.0, shares))
        heads = np.where(who == "head", within, 0.0) * sizes.others_mean
        of_others = _normal(np.where(who == "any", within, 0.0))
        of_heads = heads + max(0.0, 1 - heads.sum()) * of_others
        return _Classes(shares, sizes.alone, of_alone, _normal(of_heads), of_others)


def _normal(shares: Shares) -> Shares:
    total = shares.sum()
    return shares / total if total > 0 else np.full(len(shares), 1 / len(shares))


def _region_shares(regions: Any) -> Shares:
    return np.array([float(regions[name].share.value) for name in sorted(regions)] or [1.0])


def _shares_of(sizes: Sizes) -> Shares:
    """Shares of households of 1, 2, … people, of those who do not live alone by class."""
    return size_shares(sizes.others_mean, sizes.others_variance, sizes.most)


def _stated(plan: Blueprint) -> npt.NDArray[np.int64]:
    """Stated instants of arrival before the horizon, in order."""
    arrivals = plan.scenario.arrivals
    instants = arrivals.instants_days if arrivals and arrivals.instants_days else ()
    seconds = np.array(sorted(round(day * DAY) for day in instants), np.int64)
    return seconds[seconds < plan.horizon]


def _levels(plan: Blueprint, service: Service) -> list[float]:
    """Net need of each class: a share, or cases a year."""
    by_class = service.need_share_by_class or service.need_rate_year_by_class
    flat = service.need_share or service.need_rate_year
    default = float(flat.value) if flat is not None else (0.0 if by_class else 1.0)
    net = 1 - float(service.met_by_others_share.value)
    stated = {name: float(need.value) for name, need in (by_class or {}).items()}
    return [net * stated.get(name, default) for name in plan.names.classes]


def is_by_rate(service: Service) -> bool:
    """Whether need arises over time, not on arrival."""
    return service.need_rate_year is not None or service.need_rate_year_by_class is not None


def _places(plan: Blueprint, service: Service) -> list[bool]:
    return [service.places is None or name in service.places for name in plan.names.locations]


def _price_lists(plan: Blueprint) -> Shares:
    rows: list[tuple[float, float]] = []
    for name in plan.names.services:
        if isinstance(plan.service(name).unit_cost_usd, PriceList):
            prices, shares = zip(*stated_prices(plan.service(name)), strict=True)
            rows += [(price, float(part)) for price, part in zip(prices, np.cumsum(shares), strict=True)]
    return np.array(rows or [(0.0, 1.0)], np.float64)


def _needs(plan: Blueprint) -> npt.NDArray[np.void]:
    table = np.zeros(len(plan.names.services), NEED)
    prices = 0
    for number, name in enumerate(plan.names.services):
        service, row = plan.service(name), table[number]
        row["by_household"] = service.unit == "household"
        row["population"] = service.population == "hosts"
        row["by_rate"] = is_by_rate(service)
        row["by_seat"] = plan.services[number]["kind"] == CONVOY
        row["outreach_share"] = service.outreach_share.value if service.intake == "outreach" else 0.0
        row["first_price"] = MISSING
        row["wished_share"] = service.wished_outcome_share.value if isinstance(service, Casework | Sessions) else 1.0
        if isinstance(service.unit_cost_usd, PriceList):
            row["first_price"], row["prices"] = prices, len(service.unit_cost_usd.values_usd)
            prices += int(row["prices"])
        else:
            row["price"] = cents(service.unit_cost_usd)
        row["full_extra"] = full_extra_cents(plan, number)
        row["full_rate_ppm"] = requirement_rate_ppm(plan.scenario)
    return table


def full_extra_cents(plan: Blueprint, number: int) -> int:
    """Cents that full service costs beside its unit price: the item handed out, a seat's part of a departure."""
    service = plan.service(plan.names.services[number])
    if isinstance(service, Goods) and plan.services[number]["kind"] == GOODS:
        return int(plan.services[number]["item_price"])
    if isinstance(service, Convoy) and service.seats is not None:
        return round(int(plan.services[number]["departure_price"]) / int(plan.services[number]["fill_seats"]))
    return 0


def _cases_a_household(plan: Blueprint, level: Shares, shares: Shares, people: float) -> float:
    """About the mean number of cases of one household, never much below it: room for so many is made at first."""
    total = 0.0
    for number, name in enumerate(plan.names.services):
        service = plan.service(name)
        years = plan.horizon / YEAR if is_by_rate(service) else 1.0
        if service.unit == "household":
            total += float(level[number].max(initial=0.0)) * years
        else:
            total += people * float(shares @ level[number]) * years
    return total

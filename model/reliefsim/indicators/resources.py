"""What teams, stocks and convoys did, service by service, and when nothing but money kept one from starting.

Where several services count as one: utilisation is places taken of places there, over those where they are limited; days
out of stock are the mean over stores; items on hand and departures are added; fill rate and load are of all their cases
and departures; the run-out day is the first of those that anybody pays for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..engine.compile.least_payments import least_cents
from ..layout import NEVER
from ..records import Run
from ..scenario.quantities import Quantity
from ..scenario.schema_services import Convoy, Goods, Sessions
from ..units import DAY, MISSING, cents, direct_within, ppm
from . import run_passes as passes
from .breakdowns import SERVICES, TOTAL
from .indicator import BETTER, WORSE, Indicator, Measurement, Numbers, Table, Told, here

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Integers = npt.NDArray[np.int64]
# What is added up over the services of one name: seconds of places taken, and there; stores, their seconds empty, items
# × seconds, items at the end and what they cost (cents); cases of goods opened, and those who found some; services of
# convoys, departures, seats taken.
(_BUSY, _ROOM, _STORES, _OUT, _ON_HAND, _UNUSED, _WORTH, _OPENED, _IN_STOCK, _CONVOYS, _GONE, _SEATS) = range(12)


def _added(of: Measurement) -> Integers:
    """What is added up, shape (12, services as reported)."""
    run, begins = of.run, of.begins
    added = np.zeros((12, len(of.columns.of("service"))), np.int64)
    shifts = _shifts(run, begins)
    room = _room(run, shifts)
    facts = passes.service_facts(run.cases, len(run.names.services), shifts, run.handovers, begins, run.horizon)
    for number, name in enumerate(run.names.services):
        service, of_it = run.scenario.services[name], added[:, int(of.columns.service[number]) - 1]
        if room[number] != MISSING:
            of_it[[_BUSY, _ROOM]] += facts[number, passes.BUSY], room[number]
        if isinstance(service, Goods):
            out, on_hand, unused = _stock(run, service, number, int(facts[number, passes.ISSUED]), begins)
            of_it[[_STORES, _OUT, _ON_HAND]] += 1, out, on_hand
            of_it[[_UNUSED, _WORTH]] += unused, unused * cents(service.stock.item_cost_usd)
            of_it[[_OPENED, _IN_STOCK]] += facts[number, [passes.OPENED, passes.IN_STOCK]]
        if isinstance(service, Convoy):
            gone = run.departures["seats"][(run.departures["service"] == number) & (run.departures["time"] >= begins)]
            of_it[[_CONVOYS, _GONE, _SEATS]] += 1, len(gone), gone.sum()
    return added


def _ratio(above: int, below: int, scale: int = 1) -> Callable[[Measurement], Numbers]:
    """The quotient of two rows, NaN where ``below`` is 0."""

    def quotient(of: Measurement) -> Numbers:
        over, under = of.of(_added)[[above, below]]
        return np.asarray(np.divide(over, under * scale, out=np.full(len(over), math.nan), where=under != 0))

    return quotient


def _where(there: int, row: int, unit: int = 1) -> Callable[[Measurement], Numbers]:
    """A row in its unit, NaN where there is nothing of its kind."""
    return lambda of: np.where(of.of(_added)[there] > 0, of.of(_added)[row] / unit, math.nan)


def _run_out(of: Measurement) -> Numbers:
    """The run-out day by service, then the first of all that anybody pays for; NaN: none."""
    run, shown = of.run, len(of.columns.of("service"))
    ran_out, is_paid = np.full((2, shown), math.nan), np.zeros(shown, np.int64)
    for number, name in enumerate(run.names.services):
        column = int(of.columns.service[number]) - 1
        since = math.nan if run.short_since[number] == MISSING else int(run.short_since[number]) / DAY
        payable = int(_is_payable(run.scenario, name))
        ran_out[payable, column] = np.fmin(ran_out[payable, column], since)
        is_paid[column] |= payable
    return np.append(ran_out[is_paid, np.arange(shown)], np.fmin.reduce(ran_out[1], initial=math.nan))


# Neither better nor worse but where it is said: teams' and stores' numbers are better low or high as it happens.
RESOURCES = Table(
    Indicator(  # at most 1: what workers who left are still to finish comes on top of the places that there are
        "team_utilisation", "share", SERVICES, lambda of: np.minimum(1.0, _ratio(_BUSY, _ROOM)(of)),
        here("places taken of places of teams at work, over time and sites; open groups for sessions (no limit)"), most=1,
    ),
    Indicator(
        "stock_out_days", "days", SERVICES, _ratio(_OUT, _STORES, DAY),
        (*here("days with an empty store; of several sites under one name, the mean (undefined: no goods)"),
         Told("pipeline", "days with an empty store, in the whole run; of several sites under one name, the mean",
              after="fill_rate")),
        WORSE,
    ),
    Indicator(
        "stock_on_hand", "items", SERVICES,
        lambda of: _where(_STORES, _ON_HAND, of.run.horizon - of.begins)(of),
        here("items on hand at all sites, mean over time (undefined: no goods)"),
    ),
    Indicator(
        "stock_unused", "items", SERVICES, _where(_STORES, _UNUSED),
        here("items on hand at all sites at the horizon (undefined: no goods)"), WORSE,
    ),
    Indicator(
        "stock_unused_usd", "USD", SERVICES, _where(_STORES, _WORTH, 100),
        here("what they cost: items times item_cost_usd, without indirect cost (undefined: no goods)"), WORSE,
    ),
    Indicator(
        "fill_rate", "share", SERVICES, _ratio(_IN_STOCK, _OPENED),
        (*here("of cases opened, those for which goods were free at once (not goods; none opened)"),
         Told("pipeline", "of cases opened, the share for which goods were free at once, in the whole run (undefined: none "
              "opened)", after="months_of_cover")),
        BETTER, most=1,
    ),
    Indicator(
        "convoys", "departures", SERVICES, _where(_CONVOYS, _GONE), here("departures of convoys (undefined: not a convoy)")
    ),
    Indicator(
        "convoy_load", "people", SERVICES, _ratio(_SEATS, _GONE),
        here("mean number of people on a convoy, of all departures (undefined: not a convoy, none left)"),
    ),
    Indicator(  # that it never comes is later than any day
        "run_out_day", "day", SERVICES + TOTAL, _run_out,
        (*here("since when, to the end, nothing but money has kept the service from starting: the first who waited in "
               "vain since its last start, or since something else was lacking (it does not stand still); of several "
               "sites, and in total, the first that anybody pays for. Read it with share_defined"),
         Told("runout", "since when, to the end, nothing but money has kept the service from starting: the day on which one "
              "of its breaks for want of money begins", "run_out_day by service")),
        BETTER, headline=22, label="First service stands still from day",
    ),
)  # fmt: skip


def _is_payable(scenario: Scenario, service: str) -> bool:
    """Whether any grant or pledge may pay for a service and can: what never had money does not run out of it."""
    if scenario.money == "unlimited":
        return True
    stated = scenario.services[service]
    factors = [float(place.price_factor.value) for place in scenario.locations.values()] or [1.0]
    least = min((price for price in least_cents(stated, factors) if price > 0), default=1)
    grants = [*scenario.grants.values(), *(one for one in scenario.pledges.values() if one.probability.value > 0)]
    return any(
        direct_within(cents(one.amount_usd), ppm(one.indirect_rate)) >= least
        for one in grants
        if one.pays_for is None or service in one.pays_for
    )


def _shifts(run: Run, begins: int) -> Integers:
    """When teams are at work between ``begins`` and the horizon: team, first second, last + 1, capacity; by team."""
    log = run.capacities[np.argsort(run.capacities["team"], kind="stable")]
    ends = np.append(log["time"][1:], run.horizon)
    ends[np.append(log["team"][1:] != log["team"][:-1], True)] = run.horizon
    shifts = np.stack([log["team"], np.maximum(log["time"], begins), ends, log["capacity"]], axis=1)
    return shifts[(shifts[:, 3] > 0) & (shifts[:, 2] > shifts[:, 1])]


def _room(run: Run, shifts: Integers) -> list[int]:
    """Seconds of places of teams at work, by service; MISSING where places are not limited.

    Places are taken by open cases of casework, by handing out, by convoys under way and by open groups.
    """
    service_of = dict(zip(run.capacities["team"].tolist(), run.capacities["service"].tolist(), strict=True))
    found = [0] * len(run.names.services)
    for team, first, last, places in shifts.tolist():
        number = service_of[team]
        service = run.scenario.services[run.names.services[number]]
        each = service.groups_per_counsellor if isinstance(service, Sessions) else Quantity(value=1)
        if places >= NEVER or each is None or found[number] == MISSING:
            found[number] = MISSING
        else:
            found[number] += (last - first) * places * int(each.value)
    return found


def _stock(run: Run, service: Goods, number: int, issued: int, begins: int) -> tuple[int, int, int]:
    """Seconds with an empty store, and items on hand × seconds, from ``begins`` to the horizon; items on hand then."""
    orders = run.orders[(run.orders["service"] == number) & (run.orders["arrived"] != MISSING)]
    times = np.concatenate([orders["arrived"], passes.starts_of(run.cases, number, issued)])
    change = np.concatenate([orders["quantity"] - orders["lost"], np.full(issued, -1)])
    order = np.argsort(times, kind="stable")
    initial = int(service.stock.initial.value)
    levels = np.concatenate([[initial], initial + np.cumsum(change[order])])
    spans = np.diff(np.clip(np.concatenate([[0], times[order], [run.horizon]]), begins, run.horizon))
    return int(spans[levels == 0].sum()), int((spans * levels).sum()), int(levels[-1])

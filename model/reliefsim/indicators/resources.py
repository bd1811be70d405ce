"""One run's facts become what teams, stocks and convoys did, service by service."""

from __future__ import annotations

import math
from collections.abc import Iterator
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

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
# What is added up over the services of one name: seconds of places taken, and there; stores, their seconds empty, items
# × seconds, items at the end and what they cost (cents); cases of goods opened, and those who found some; services of
# convoys, departures, seats taken.
(_BUSY, _ROOM, _STORES, _OUT, _ON_HAND, _UNUSED, _WORTH, _OPENED, _IN_STOCK, _CONVOYS, _GONE, _SEATS) = range(12)


def resource_values(run: Run, service_slot: Integers, shown: int, begins: int) -> Numbers:
    """Numbers by kind and reported service, then the first run-out day of all that anybody pays for; NaN: none.

    Where several services count as one: utilisation is places taken of places there, over those where they are limited;
    days out of stock are the mean over stores; items on hand and departures are added; fill rate and load are of all
    their cases and departures; the run-out day is the first of those that anybody pays for.
    """
    added = np.zeros((12, shown), np.int64)
    ran_out, is_paid = np.full((2, shown), math.nan), np.zeros(shown, np.int64)
    shifts = _shifts(run, begins)
    room = _room(run, shifts)
    facts = passes.service_facts(run.cases, len(run.names.services), shifts, run.handovers, begins, run.horizon)
    for number, name in enumerate(run.names.services):
        service, column = run.scenario.services[name], int(service_slot[number]) - 1
        of_it = added[:, column]
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
        since = math.nan if run.short_since[number] == MISSING else int(run.short_since[number]) / DAY
        payable = int(_is_payable(run.scenario, name))
        ran_out[payable, column] = np.fmin(ran_out[payable, column], since)
        is_paid[column] |= payable
    names = _of_names(added, run.horizon - begins)
    return np.concatenate([*names, ran_out[is_paid, np.arange(shown)], [np.fmin.reduce(ran_out[1], initial=math.nan)]])


def _of_names(added: Integers, window: int) -> Iterator[Numbers]:
    """What was added up by name, as shares, days, items, departures and people; NaN where there is none of a kind."""
    # At most 1: what workers who left are still to finish comes on top of the places that there are.
    yield np.minimum(1.0, _ratio(added[_BUSY], added[_ROOM]))
    yield _ratio(added[_OUT], added[_STORES] * DAY)
    for row, unit in ((_ON_HAND, window), (_UNUSED, 1), (_WORTH, 100)):
        yield np.where(added[_STORES] > 0, added[row] / unit, math.nan)
    yield _ratio(added[_IN_STOCK], added[_OPENED])
    yield np.where(added[_CONVOYS] > 0, added[_GONE], math.nan)
    yield _ratio(added[_SEATS], added[_GONE])


def _ratio(above: Integers, below: Integers) -> Numbers:
    return np.asarray(np.divide(above, below, out=np.full(len(above), math.nan), where=below != 0))


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

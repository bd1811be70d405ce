"""One run's facts become what teams, stocks and convoys did, service by service."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..delivery.tables import NEVER
from ..records import DAY, MISSING, Run
from ..scenario.services import Convoy, Goods, Service, Sessions
from . import passes
from . import tally as rows

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
_KINDS = 7  # team_utilisation, stock_out_days, stock_on_hand, fill_rate, convoys, convoy_load, run_out_day


def resource_values(
    run: Run, service_slot: npt.NDArray[np.int64], shown: int, table: npt.NDArray[np.int64], begins: int
) -> Numbers:
    """Numbers by kind and reported service, then the first run-out day of all that anybody pays for; NaN: none.

    Where two services count as one, utilisation is of the busiest, run-out of the first, stocks are added.
    """
    found = np.full((_KINDS, shown), math.nan)
    never_paid: set[int] = set()
    shifts = _shifts(run, begins)
    places = _capacities(run, shifts)
    facts = passes.service_facts(run.cases, len(run.names.services), shifts, run.handovers, run.horizon)
    for number, name in enumerate(run.names.services):
        service, column = run.scenario.services[name], int(service_slot[number]) - 1
        _larger(found, 0, column, _utilisation(service, int(facts[number, passes.BUSY]), places[number]))
        if isinstance(service, Goods):
            out, on_hand = _stock(run, service, number, int(facts[number, passes.ISSUED]), begins)
            _add(found, 1, column, out)
            _add(found, 2, column, on_hand)
            if table[rows.OPENED, column + 1]:
                found[3, column] = table[rows.IN_STOCK, column + 1] / table[rows.OPENED, column + 1]
        if isinstance(service, Convoy):
            gone = run.departures["seats"][(run.departures["service"] == number) & (run.departures["time"] >= begins)]
            _add(found, 4, column, float(len(gone)))
            if len(gone):
                found[5, column] = float(gone.mean())
        since = int(run.short_since[number])
        _smaller(found, 6, column, math.nan if since == MISSING else since / DAY)
        if not _is_payable(run.scenario, name):
            never_paid.add(column)
    ran_out = [found[6, column] for column in range(shown) if column not in never_paid]
    days = np.array([day for day in ran_out if not math.isnan(day)])
    return np.append(found.reshape(-1), days.min() if len(days) else math.nan)


def _is_payable(scenario: Scenario, service: str) -> bool:
    """Whether any grant or pledge with money may pay for a service: what never had money does not run out of it."""
    if scenario.money == "unlimited":
        return True
    grants = [*scenario.grants.values(), *scenario.pledges.values()]
    return any(grant.amount_usd.value > 0 and (not grant.pays_for or service in grant.pays_for) for grant in grants)


def _add(found: Numbers, row: int, column: int, number: float) -> None:
    found[row, column] = number if math.isnan(found[row, column]) else found[row, column] + number


def _larger(found: Numbers, row: int, column: int, number: float) -> None:
    found[row, column] = np.fmax(found[row, column], number)


def _smaller(found: Numbers, row: int, column: int, number: float) -> None:
    found[row, column] = np.fmin(found[row, column], number)


def _shifts(run: Run, begins: int) -> npt.NDArray[np.int64]:
    """When teams are at work between ``begins`` and the horizon: team, first second, last + 1, capacity; by team."""
    log = run.capacities[np.argsort(run.capacities["team"], kind="stable")]
    ends = np.append(log["time"][1:], run.horizon)
    ends[np.append(log["team"][1:] != log["team"][:-1], True)] = run.horizon
    shifts = np.stack([log["team"], np.maximum(log["time"], begins), ends, log["capacity"]], axis=1)
    return shifts[(shifts[:, 3] > 0) & (shifts[:, 2] > shifts[:, 1])]


def _capacities(run: Run, shifts: npt.NDArray[np.int64]) -> list[int]:
    """Seconds of places of teams at work, by service; NEVER or more where capacity is not limited."""
    service_of = dict(zip(run.capacities["team"].tolist(), run.capacities["service"].tolist(), strict=True))
    found = [0] * len(run.names.services)
    for team, first, last, places in shifts.tolist():
        found[service_of[team]] += (last - first) * places
    return found


def _utilisation(service: Service, busy: int, capacity: float) -> float:
    """Share of the teams' time at work that is taken: open cases of casework, handing out, convoys under way, open
    groups. At most 1: what workers who left are still to finish is above. NaN where capacity is not limited, or nobody
    was at work."""
    if isinstance(service, Sessions):
        if service.groups_per_counsellor is None:
            return math.nan
        capacity *= float(service.groups_per_counsellor.value)
    return min(1.0, busy / capacity) if 0 < capacity < NEVER else math.nan


def _stock(run: Run, service: Goods, number: int, issued: int, begins: int) -> tuple[float, float]:
    """Days with an empty store, and the time mean of items on hand, from ``begins`` to the horizon."""
    orders = run.orders[(run.orders["service"] == number) & (run.orders["arrived"] != MISSING)]
    times = np.concatenate([orders["arrived"], passes.starts_of(run.cases, number, issued)])
    change = np.concatenate([orders["quantity"] - orders["lost"], np.full(issued, -1)])
    order = np.argsort(times, kind="stable")
    initial = int(service.stock.initial.value)
    levels = np.concatenate([[initial], initial + np.cumsum(change[order])])
    spans = np.diff(np.clip(np.concatenate([[0], times[order], [run.horizon]]), begins, run.horizon))
    window = run.horizon - begins
    return float(spans[levels == 0].sum()) / DAY, float((spans * levels).sum()) / window

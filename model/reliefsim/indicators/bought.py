"""One run's grants become what each bought, its budget against what came of it, and what is open when it ends."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..engine.as_of import begun
from ..engine.compile.capacity import PAID_PERIOD
from ..engine.compile.compiled_scenario import RUNNING, blueprint
from ..layout import NEVER
from ..records import Run
from ..scenario.memo import once
from ..scenario.schema_services import Goods, Sessions
from ..units import DAY, MISSING
from . import grant_passes
from .cofunded import co_payers
from .funds import funds
from .measure import Key, Slots
from .run_passes import COMMITTED, INDIRECT, RECEIVED, SPENT, money_tally
from .time_series import month_of_day, months

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

BUDGET = ("line_usd", "planned_usd", "allocated_usd", "committed_usd", "spent_usd", "indirect_cost_usd")
OF_GRANT_TOTALS = (
    ("received_usd", "USD"), ("burn_rate_usd_per_30_days", "USD"), ("support_cost_share", "share"),
    ("run_out_day", "day"),
)  # fmt: skip
AT_END = (
    ("open_cases_at_end", "cases"), ("open_orders_at_end_usd", "USD"), ("open_cases_at_end_usd", "USD"),
    ("closing_teams_usd", "USD"), ("closing_cost_usd", "USD"),
)  # fmt: skip


def bought_keys(columns: Slots) -> Iterator[Key]:
    """What ``bought_values`` gives, in its order."""
    services = [columns.keys[slot].service for slot in columns.of("service")]
    payers = (*columns.grants, "")
    for service in services:
        yield from (Key("cases_paid_for", service=service, grant=grant or "none", unit="cases") for grant in payers)
    yield from (Key("people_reached_through", grant=grant or "none", unit="people") for grant in payers)
    for service in services:
        yield from (
            Key("people_reached_through", service=service, grant=grant or "none", unit="people") for grant in payers
        )
    yield Key("people_reached_by_service_sum", unit="people")
    for slot in columns.of("group"):
        if slot != columns.host:
            yield columns.keys[slot]._replace(indicator="people_reached_by_service_sum", unit="people")
    for name in BUDGET:
        for service in (*services, RUNNING):
            yield from (Key(name, service=service, grant=grant, unit="USD") for grant in columns.grants)
    for name, unit in OF_GRANT_TOTALS:
        yield from (Key(name, grant=grant, unit=unit) for grant in columns.grants)
    for name, unit in AT_END:
        for service in ("", *services):
            yield from (Key(name, service=service, grant=grant, unit=unit) for grant in columns.grants)
    for slot in columns.of("group"):
        if slot != columns.host:
            group = columns.keys[slot].group
            yield from (Key("open_cases_at_end", group=group, grant=grant, unit="cases") for grant in columns.grants)


def bought_values(run: Run, columns: Slots) -> Iterator[Numbers]:
    """The numbers of ``bought_keys``, in parts."""
    has, shown = funds(run.scenario), len(columns.of("service"))
    ends = np.minimum(run.horizon, run.grants_end)
    served, reached, by_service, often = grant_passes.paid_for(
        run.cases, run.households, run.member_class, _payers(run), *co_payers(run), columns.service, shown,
        len(columns.grants), len(run.names.classes),
    )  # fmt: skip
    yield served.astype(np.float64)
    yield reached.astype(np.float64)
    yield by_service.astype(np.float64)
    yield np.array([often.sum(), *(often if columns.group[0] != MISSING else ())], np.float64)
    table, _ = money_tally(
        run.postings, len(run.names.services) + 1, len(columns.grants), len(months(run.scenario)),
        month_of_day(run.scenario),
    )  # fmt: skip
    yield _budget_lines(run, columns)
    for by_line in (*_first_and_last_plan(run), table[COMMITTED] - table[SPENT], table[SPENT], table[INDIRECT]):
        yield _reported(by_line, columns) / 100
    received, spent = table[RECEIVED].sum(axis=0), table[SPENT].sum(axis=0)
    committed = table[COMMITTED].sum(axis=0)
    yield received / 100
    yield spent / 100 / (np.maximum(ends - has.begins, 1) / (30 * DAY))
    support = table[COMMITTED, -1] + table[INDIRECT, :-1].sum(axis=0)
    yield np.divide(support, committed, out=np.full(len(committed), math.nan), where=committed > 0)
    since = grant_passes.short_of_cash(run.postings, ends, has.least)
    yield np.where(since == MISSING, math.nan, since / DAY)
    yield from _at_end(run, columns, ends)


def _at_end(run: Run, columns: Slots, ends: Integers) -> Iterator[Numbers]:
    """Cases open when each grant ends, and what closing them would cost: what is committed to them and not yet spent,
    and the share of their teams' running costs that the places they take have until they are closed."""
    has = place_costs(run.scenario)
    cases, by_class, cents, ordered, places = grant_passes.open_files(
        run.cases, run.households, run.postings, run.orders, ends, has[0], len(run.names.classes), *co_payers(run)
    )
    teams = np.rint(places * has[1]).astype(np.int64)
    for numbers, scale in ((cases, 1), (ordered, 100), (cents, 100), (teams, 100), (cents + teams, 100)):
        by_service = np.zeros((len(columns.of("service")), len(ends)), np.int64)
        np.add.at(by_service, columns.service - 1, numbers.T)
        yield np.vstack([by_service.sum(axis=0), by_service]) / scale
    yield (by_class.T if columns.group[0] != MISSING else by_class.T[:0]).astype(np.float64)


@once
def place_costs(scenario: Scenario) -> tuple[Integers, Numbers]:
    """Mean seconds of a case, and cents that a second of one place of its paid teams costs, by service.

    A place is one open case of a caseworker, one hand-out, one vehicle, one group of a counsellor. A team that costs
    nothing shares its places; one whose count changes is taken where it is largest. Where places are not limited, or each
    counsellor's groups, one has no cost.
    """
    plan = blueprint(begun(scenario))
    names = plan.names.services
    price, room = np.zeros(len(names)), np.zeros(len(names))
    for number, pool in enumerate(plan.pools):
        service = plan.service(names[pool["service"]])
        groups = service.groups_per_counsellor if isinstance(service, Sessions) else None
        most = max(places.slots for places in plan.rosters[number])
        limit = NEVER if isinstance(service, Sessions) and groups is None else most
        room[pool["service"]] += limit * (int(groups.value) if groups else 1)
    for team in plan.teams:
        if team.pool != MISSING:
            price[plan.pools[team.pool]["service"]] += team.most_cents_per_30_days / PAID_PERIOD
    return plan.services["mean_seconds"].copy(), np.where((room > 0) & (room < NEVER), price / np.maximum(room, 1), 0.0)


def _reported(by_service: Integers, columns: Slots) -> Integers:
    """Rows of services, the running costs last, added up to services as reported; shape (shown + 1, grants)."""
    found = np.zeros((len(columns.of("service")) + 1, by_service.shape[1]), np.int64)
    np.add.at(found, columns.service - 1, by_service[:-1])
    found[-1] = by_service[-1]
    return found


def _budget_lines(run: Run, columns: Slots) -> Numbers:
    """The lines that each grant had at the end (USD, indirect cost included), as reported; NaN: it had none."""
    table = np.full((len(run.names.services) + 1, len(run.names.grants)), MISSING)
    services = {name: place for place, name in enumerate((*run.names.services, RUNNING))}
    grants = {name: place for place, name in enumerate(run.names.grants)}
    for row in run.envelopes:
        table[services[row.service], grants[row.grant]] = row.line
    has_line = _reported((table >= 0).astype(np.int64), columns) > 0
    return np.where(has_line, _reported(np.maximum(table, 0), columns) / 100, math.nan)


def _first_and_last_plan(run: Run) -> tuple[Integers, Integers]:
    """Cents set aside by service (the running costs last) and grant: by the first plan that had money of the grant, and
    by the run's last."""
    services = {name: place for place, name in enumerate((*run.names.services, RUNNING))}
    grants = {name: place for place, name in enumerate(run.names.grants)}
    first, last = (np.zeros((len(services), len(grants)), np.int64) for _ in "12")
    plans = [line for line in run.envelopes if line.reason != "end"]
    begun: dict[str, int] = {}
    for line in plans:
        if line.envelope > line.committed + line.spent:
            begun.setdefault(line.grant, line.time)
    for line in plans:
        place = services[line.service], grants[line.grant]
        if line.time == begun.get(line.grant):
            first[place] = line.envelope
        if line.time == plans[-1].time:
            last[place] = line.envelope
    return first, last


def _payers(run: Run) -> Integers:
    """The grant that paid for each case: for the case itself, or else for the item it was given, oldest lot first."""
    payer = run.cases["grant"].astype(np.int64)
    for number, name in enumerate(run.names.services):
        service = run.scenario.services[name]
        if not isinstance(service, Goods):
            continue
        free = np.flatnonzero((run.cases["service"] == number) & (run.cases["started"] != MISSING))
        rank = np.array([_priority(run, name) for name in run.names.classes])[run.cases["priority_class"][free]]
        free = free[np.lexsort((free, run.cases["opened"][free], rank, run.cases["started"][free]))]
        orders = run.orders[(run.orders["service"] == number) & (run.orders["arrived"] != MISSING)]
        orders = orders[np.argsort(orders["arrived"], kind="stable")]
        lots = np.concatenate([[int(service.stock.initial.value)], orders["quantity"] - orders["lost"]])
        whose = np.repeat(np.concatenate([[MISSING], orders["grant"]]), lots)[: len(free)]
        payer[free] = np.where(payer[free] == MISSING, whose, payer[free])
    return payer


def _priority(run: Run, name: str) -> int:
    stated = run.scenario.classes.get(name)
    return stated.priority if stated else 1

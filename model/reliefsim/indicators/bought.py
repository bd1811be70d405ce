"""What each grant bought, its budget against what came of it, and what is open when it ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..engine.as_of import begun
from ..engine.compile.capacity import PAID_PERIOD
from ..engine.compile.compiled_scenario import RUNNING, blueprint
from ..layout import NEVER
from ..records import Run
from ..scenario.memo import once
from ..scenario.schema import Scenario
from ..scenario.schema_services import Goods, Sessions
from ..units import DAY, MISSING
from . import grant_passes
from .breakdowns import CLASSES, GRANTS, LINES, PAYERS, SERVICES, TOTAL
from .cofunded import co_payers
from .costs import MANAGEMENT, running_lines
from .funds import funds
from .indicator import Indicator, Measurement, Numbers, Table, Told
from .money_by_line import first_and_last_plan, lines, money, reported_lines
from .resources import RESOURCES
from .run_passes import COMMITTED, INDIRECT, RECEIVED, SPENT
from .run_totals import SPENDING

Integers = npt.NDArray[np.int64]


class Through(NamedTuple):
    """What ``grant_passes.paid_for`` gives."""

    served: Integers
    reached: Integers
    by_service: Integers
    often: Integers


def _through(of: Measurement) -> Through:
    run, columns = of.run, of.columns
    return Through(*grant_passes.paid_for(
        run.cases, run.households, run.member_class, _payers(run), *co_payers(run), columns.service,
        len(columns.of("service")), len(columns.grants), len(run.names.classes),
    ))  # fmt: skip


def _often(of: Measurement) -> Integers:
    """People reached once for each service: in all, and by class where there are classes."""
    often = of.of(_through).often
    return np.array([often.sum(), *(often if of.columns.group[0] != MISSING else ())])


def _ends(of: Measurement) -> Integers:
    return np.minimum(of.run.horizon, of.run.grants_end)


def _burnt(of: Measurement) -> Numbers:
    spent = of.of(money)[0][SPENT].sum(axis=0)
    days = np.maximum(_ends(of) - funds(of.run.scenario).begins, 1) / (30 * DAY)
    return np.asarray(spent / 100 / days)


def _support(of: Measurement) -> Numbers:
    """Management and indirect cost, of all that is committed: who delivers, and finds people, is no overhead."""
    table, _ = of.of(money)
    management, its_indirect = (cents[MANAGEMENT] for cents in of.of(running_lines))
    committed, support = table[COMMITTED].sum(axis=0), management + table[INDIRECT].sum(axis=0) - its_indirect
    return np.asarray(np.divide(support, committed, out=np.full(len(committed), math.nan), where=committed > 0))


def _short_of_cash(of: Measurement) -> Numbers:
    since = grant_passes.short_of_cash(of.run.postings, _ends(of), funds(of.run.scenario).least)
    return np.where(since == MISSING, math.nan, since / DAY)


class _Open(NamedTuple):
    """What is open when each grant ends: cases, cents committed to them and on orders, cents of their teams, each by
    service as reported and grant; cases by class and grant."""

    cases: Integers
    orders: Integers
    files: Integers
    teams: Integers
    by_class: Integers


def _at_end(of: Measurement) -> _Open:
    """What is committed to open cases and not yet spent, and the share of their teams' running costs that the places they
    take have until they are closed."""
    run, columns = of.run, of.columns
    seconds, price = place_costs(run.scenario)
    cases, by_class, files, orders, places = grant_passes.open_files(
        run.cases, run.households, run.postings, run.orders, _ends(of), seconds, len(run.names.classes), *co_payers(run)
    )

    def by_service(numbers: Integers) -> Integers:
        found = np.zeros((len(columns.of("service")), numbers.shape[0]), np.int64)
        np.add.at(found, columns.service - 1, numbers.T)
        return np.vstack([found.sum(axis=0), found])

    teams = np.rint(places * price).astype(np.int64)
    return _Open(
        by_service(cases), by_service(orders), by_service(files), by_service(teams),
        by_class.T if columns.group[0] != MISSING else by_class.T[:0],
    )  # fmt: skip


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


def _agreed(of: Measurement) -> Numbers:
    """The lines that each grant had at the end (USD, indirect cost included), as reported; NaN: it had none."""
    run, columns = of.run, of.columns
    table = np.full((len(run.names.services) + 1, len(run.names.grants)), MISSING)
    services = {name: place for place, name in enumerate((*run.names.services, RUNNING))}
    grants = {name: place for place, name in enumerate(run.names.grants)}
    for row in run.envelopes:
        table[services[row.service], grants[row.grant]] = row.line
    has_line = reported_lines((table >= 0).astype(np.int64), columns) > 0
    return np.where(has_line, reported_lines(np.maximum(table, 0), columns) / 100, math.nan)


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


def _line(row: int) -> Callable[[Measurement], Numbers]:
    return lambda of: of.of(lines)[row] / 100


_OPEN_CASES = Indicator(
    "open_cases_at_end", "cases", (TOTAL + SERVICES) * GRANTS, lambda of: of.of(_at_end).cases,
    (Told("budget", "in service when its window (or its donor's work, or the run) ends, those that are stopped then or later "
          "too (but for convoys and groups); of a case that several pay, for each; by grant, service and grant, class "
          "(without hosts) and grant"),),
)  # fmt: skip
_THROUGH = Indicator(
    "people_reached_through", "people", PAYERS, lambda of: of.of(_through).reached,
    (Told("attribution", "people with a case that the grant paid, or a part of it, hosts too; who is reached through several "
          "grants counts for each: not to be added up"),),
)  # fmt: skip
BOUGHT = Table(
    Indicator(
        "cases_paid_for", "cases", SERVICES * PAYERS, lambda of: of.of(_through).served,
        (Told("attribution", "served, by service and the grant that paid for the case itself (of several together: most of "
              "it); of goods handed out free of charge, for the item: oldest lot first. none: nobody paid"),),
    ),
    _THROUGH,
    _THROUGH.also(SERVICES * PAYERS, lambda of: of.of(_through).by_service),
    Indicator(
        "people_reached_by_service_sum", "people", TOTAL + CLASSES, _often,
        (Told("targets", "reached, once for each service"),),
    ),
    Indicator(
        "line_usd", "USD", LINES, _agreed,
        (Told("budget", "the budget line agreed with the donor as it stands at the end, indirect cost included; by service (or "
              "running) and grant (no lines: a plan without shares, or a pledge that has not come)"),),
    ),
    Indicator(
        "planned_usd", "USD", LINES, lambda of: of.of(first_and_last_plan)[0] / 100,
        (Told("budget", "envelope of the first plan that had money of the grant; by service (or running) and grant, as the "
              "next four, which add up to the run's by service and by grant"),),
    ),
    SPENDING["allocated_usd"].also(
        LINES, lambda of: of.of(first_and_last_plan)[1] / 100,
        Told("budget", "envelope of the last plan (of a grant that has ended: what it used)"),
    ),
    SPENDING["committed_usd"].also(LINES, _line(COMMITTED), Told("budget", "commitments still open at the horizon")),
    SPENDING["spent_usd"].also(LINES, _line(SPENT), Told("budget", "expenditure, indirect cost included")),
    SPENDING["indirect_cost_usd"].also(
        LINES, _line(INDIRECT), Told("budget", "the indirect part of commitments and expenditure")
    ),
    Indicator(
        "received_usd", "USD", GRANTS, lambda of: of.of(money)[0][RECEIVED].sum(axis=0) / 100,
        (Told("budget", "received from the donor: = spent + committed + lapsed + cash left"),),
    ),
    Indicator(
        "burn_rate_usd_per_30_days", "USD", GRANTS, _burnt,
        (Told("budget", "spent, for 30 days of its window inside the run"),),
    ),
    Indicator(
        "support_cost_share", "share", GRANTS, _support,
        (Told("budget", "management and indirect cost, of all it committed (nothing committed)"),), most=1,
    ),
    RESOURCES["run_out_day"].also(
        GRANTS, _short_of_cash,
        Told("runout", "since when, up to its window's end or the day on which its donor stops work, its cash has not paid for "
             "the cheapest thing it may pay for at once (a case, a departure, a whole group or order; with cofund a cent of "
             "any; indirect cost included; running costs alone: any)", "run_out_day by grant"),
    ),
    _OPEN_CASES,
    Indicator(
        "open_orders_at_end_usd", "USD", (TOTAL + SERVICES) * GRANTS, lambda of: of.of(_at_end).orders / 100,
        (Told("budget", "committed to orders when its window ends, and not spent then", after="open_cases_at_end_usd"),),
    ),
    Indicator(
        "open_cases_at_end_usd", "USD", (TOTAL + SERVICES) * GRANTS, lambda of: of.of(_at_end).files / 100,
        (Told("budget", "committed to cases and groups in service when its window ends, and not spent then"),),
    ),
    Indicator(
        "closing_teams_usd", "USD", (TOTAL + SERVICES) * GRANTS, lambda of: of.of(_at_end).teams / 100,
        (Told("budget", "teams' running costs until those cases are closed: days left × what one of their places costs a day "
              "(a caseworker's open case, a vehicle, a counsellor's group; teams' pay ÷ all places of the service, so that a "
              "half-empty team costs more). A case that is stopped begins again: its mean duration"),),
    ),
    Indicator(
        "closing_cost_usd", "USD", (TOTAL + SERVICES) * GRANTS,
        lambda of: (of.of(_at_end).files + of.of(_at_end).teams) / 100,
        (Told("budget", "what closing the open cases would cost: open_cases_at_end_usd + closing_teams_usd"),),
    ),
    _OPEN_CASES.also(CLASSES * GRANTS, lambda of: of.of(_at_end).by_class),
)  # fmt: skip

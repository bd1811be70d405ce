"""One run's facts become the fundraiser's numbers: the gap by part, run-out, what each grant bought, budget, pipeline.

These are counted for the commands that ask for them, not for every study.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..blueprint import RUNNING
from ..capacity import seconds
from ..records import DAY, MISSING, REASON_NAMES, Envelope, Reason, Run
from ..restart import begun
from ..scenario.memo import once
from ..scenario.services import Goods
from . import gap_passes as passes
from . import grant_passes
from .courses import month_of_day, months
from .funds import Funds, funds
from .indicators import Key, Measured, Slots, measure, slots
from .passes import COMMITTED, INDIRECT, RECEIVED, SPENT, money_tally
from .pipeline import pipeline_keys, pipeline_values
from .required import required_keys, required_values

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
WEEK = 7 * DAY

# Columns of gap_tally under the names of indicators.
GAP_PARTS = {
    **{f"gap_{REASON_NAMES[reason].replace('-', '_')}_usd": int(reason) for reason in Reason if reason},
    "gap_money_earmarked_usd": passes.PARTS + passes.EARMARKED,
    "gap_money_lapsed_usd": passes.PARTS + passes.LAPSED,
    "gap_money_late_usd": passes.PARTS + passes.LATE,
    "gap_money_absent_usd": passes.PARTS + passes.ABSENT,
}
OF_GRANTS = ("gap_money_earmarked_usd", "gap_money_lapsed_usd", "gap_money_late_usd")
BUDGET = ("planned_usd", "allocated_usd", "committed_usd", "spent_usd", "indirect_cost_usd")
OF_GRANT_TOTALS = (
    ("received_usd", "USD"), ("burn_rate_usd_per_30_days", "USD"), ("support_cost_share", "share"),
    ("run_out_day", "day"), ("open_cases_at_end", "cases"), ("open_commitments_at_end_usd", "USD"),
)  # fmt: skip
BREAKS = (
    ("break_day", "day"), ("break_end_day", "day"), ("break_days", "days"), ("breaks", "breaks")
)  # fmt: skip
_CAUSES = {"money": int(Reason.MONEY), "goods": int(Reason.GOODS)}


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
def funding_keys(scenario: Scenario) -> tuple[Key, ...]:
    """What ``funding_values`` gives, in its order."""
    columns = slots(scenario)
    found = [*_gap_keys(scenario, columns), *_money_keys(columns), *_break_keys(scenario, columns)]
    return (*found, *pipeline_keys(scenario), *required_keys(scenario))


def _gap_keys(scenario: Scenario, columns: Slots) -> Iterator[Key]:
    periods = [Key("", period=name) for name, _, _ in months(scenario)]
    where = (*columns.keys, *periods)
    for name in ("gap_usd", *GAP_PARTS):
        # Reasons are among a run's indicators already, but for the months.
        here = where if name.startswith("gap_money_") and name != "gap_money_usd" else periods
        yield from (key._replace(indicator=name, unit="USD") for key in here)
    for name, unit in (("people_without_for_money", "people"), ("days_waited_for_money", "person-days")):
        yield from (key._replace(indicator=name, unit=unit) for key in where)
    for name in OF_GRANTS:
        yield from (Key(name, grant=grant, unit="USD") for grant in columns.grants)


def _money_keys(columns: Slots) -> Iterator[Key]:
    services = [columns.keys[slot].service for slot in columns.of("service")]
    payers = (*columns.grants, "")
    for service in services:
        yield from (Key("cases_paid_for", service=service, grant=grant or "none", unit="cases") for grant in payers)
    yield from (Key("people_reached_through", grant=grant or "none", unit="people") for grant in payers)
    for service in services:
        yield from (Key("people_reached_through", service=service, grant=grant or "none", unit="people") for grant in payers)
    yield Key("people_reached_by_service_sum", unit="people")
    for slot in columns.of("group"):
        if slot != columns.host:
            yield columns.keys[slot]._replace(indicator="people_reached_by_service_sum", unit="people")
    for name in BUDGET:
        for service in (*services, RUNNING):
            yield from (Key(name, service=service, grant=grant, unit="USD") for grant in columns.grants)
    for name, unit in OF_GRANT_TOTALS:
        yield from (Key(name, grant=grant, unit=unit) for grant in columns.grants)
    for grant in columns.grants:
        yield from (Key("open_cases_at_end", service=service, grant=grant, unit="cases") for service in services)
        yield from (
            Key("open_cases_at_end", group=columns.keys[slot].group, grant=grant, unit="cases")
            for slot in columns.of("group")
            if slot != columns.host
        )


def _break_keys(scenario: Scenario, columns: Slots) -> Iterator[Key]:
    services = [columns.keys[slot].service for slot in columns.of("service")]
    for name, unit in BREAKS:
        yield from (Key(name, service=service, unit=unit) for service in services)
    for cause in _CAUSES:
        for service in services:
            for date, _, _ in weeks(scenario):
                yield Key(f"stands_still_for_{cause}_days", service=service, period=date, unit="days")


def measure_all(run: Run) -> Measured:
    """All numbers of one run, those of ``funding_keys`` behind the others."""
    found = measure(run)
    return found._replace(values=np.concatenate([found.values, funding_values(run)]))


def funding_values(run: Run) -> Numbers:
    """The fundraiser's numbers of one run, in the order of ``funding_keys``."""
    columns = slots(run.scenario)
    values = [*_gap(run, columns), *_money(run, columns), *_breaks(run, columns), pipeline_values(run), *required_values(run)]
    return np.concatenate([np.asarray(one, np.float64).reshape(-1) for one in values])


def _gap(run: Run, columns: Slots) -> Iterator[Numbers]:
    has = funds(run.scenario)
    order, ended = _short_of_money(run)
    times, left = _plans(run)
    parts, by_grant = passes.split_money(
        run.cases, run.households, order, ended, run.postings, times, left, has.may_pay, has.later, run.horizon
    )
    spans = months(run.scenario)
    table = passes.gap_tally(
        run.cases, run.households, run.member_class, order, parts, columns.service, columns.group, columns.host,
        columns.origin, columns.location, len(columns.keys), month_of_day(run.scenario),
        len(columns.keys) + len(spans) + 1, run.horizon,
    )[: len(columns.keys) + len(spans)]  # fmt: skip
    by_month = table[len(columns.keys) :]
    yield by_month[:, : passes.REASONS].sum(axis=1) / 100
    for column in GAP_PARTS.values():
        yield (table if column >= passes.PARTS else by_month)[:, column] / 100
    yield table[:, passes.PEOPLE].astype(np.float64)
    yield table[:, passes.WAITED] / DAY
    yield by_grant / 100


def _short_of_money(run: Run) -> tuple[Integers, Integers]:
    """Cases unserved for want of money in the order in which they came to their end, and when that was."""
    cases = np.flatnonzero(run.cases["reason"] == int(Reason.MONEY))
    ended = run.cases["ended"][cases]
    ended = np.where(ended == MISSING, run.horizon, ended)
    order = np.argsort(ended, kind="stable")
    return cases[order], ended[order]


def _plans(run: Run) -> tuple[Integers, Integers]:
    """When plans were made, and what each left in the envelopes, shape (plans, services, grants)."""
    services = {name: place for place, name in enumerate(run.names.services)}
    grants = {name: place for place, name in enumerate(run.names.grants)}
    made: dict[int, list[Envelope]] = {}
    for line in run.envelopes:
        if line.reason != "end" and line.service != RUNNING:
            made.setdefault(line.time, []).append(line)
    left = np.zeros((len(made), len(services), len(grants)), np.int64)
    for plan, lines in enumerate(made.values()):
        for line in lines:
            left[plan, services[line.service], grants[line.grant]] = line.envelope - line.committed - line.spent
    return np.array(list(made), np.int64), left


def _money(run: Run, columns: Slots) -> Iterator[Numbers]:
    has, shown = funds(run.scenario), len(columns.of("service"))
    payer = _payers(run)
    classes = len(run.names.classes)
    served, reached, by_service, often = grant_passes.paid_for(
        run.cases, run.households, run.member_class, payer, columns.service, shown, len(columns.grants), classes
    )  # fmt: skip
    yield served.astype(np.float64)
    yield reached.astype(np.float64)
    yield by_service.astype(np.float64)
    yield np.array([often.sum(), *(often if columns.group[0] != MISSING else ())], np.float64)
    table, _ = money_tally(
        run.postings, len(run.names.services) + 1, len(columns.grants), len(months(run.scenario)),
        month_of_day(run.scenario),
    )  # fmt: skip
    for by_line in (*_first_and_last_plan(run), table[COMMITTED] - table[SPENT], table[SPENT], table[INDIRECT]):
        yield _reported(by_line, columns) / 100
    received, spent = table[RECEIVED].sum(axis=0), table[SPENT].sum(axis=0)
    committed = table[COMMITTED].sum(axis=0)
    yield received / 100
    lasted = np.maximum(has.ends - has.begins, 1) / (30 * DAY)
    yield spent / 100 / lasted
    support = table[COMMITTED, -1] + table[INDIRECT, :-1].sum(axis=0)
    yield np.divide(support, committed, out=np.full(len(committed), math.nan), where=committed > 0)
    since = grant_passes.short_of_cash(run.postings, has.ends, has.least)
    yield np.where(since == MISSING, math.nan, since / DAY)
    yield from _open_files(run, columns, has)


def _open_files(run: Run, columns: Slots, has: Funds) -> Iterator[Numbers]:
    by_service, by_class, open_cents = grant_passes.open_files(
        run.cases, run.households, run.postings, run.orders, has.ends, len(run.names.services), len(run.names.classes)
    )
    yield by_service.sum(axis=1).astype(np.float64)
    yield open_cents / 100
    services = _reported(np.vstack([by_service.T, np.zeros(len(has.names), np.int64)]), columns)[:-1].T
    groups = by_class if columns.group[0] != MISSING else by_class[:, :0]
    for g in range(len(has.names)):
        yield services[g].astype(np.float64)
        yield groups[g].astype(np.float64)


def _reported(by_service: Integers, columns: Slots) -> Integers:
    """Rows of services, the running costs last, added up to services as reported; shape (shown + 1, grants)."""
    found = np.zeros((len(columns.of("service")) + 1, by_service.shape[1]), np.int64)
    np.add.at(found, columns.service - 1, by_service[:-1])
    found[-1] = by_service[-1]
    return found


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


def _breaks(run: Run, columns: Slots) -> Iterator[Numbers]:
    shown = len(columns.of("service"))
    spans = weeks(run.scenario)
    firsts = np.array([first for _, first, _ in spans])
    lasts = np.array([last for _, _, last in spans])
    table = np.full((len(BREAKS), shown), math.nan)
    table[2:] = 0
    calendar = np.zeros((len(_CAUSES), shown, len(spans)))
    for row in run.breaks[np.argsort(run.breaks["begins"], kind="stable")]:
        column = int(columns.service[row["service"]]) - 1
        begins, ends = int(row["begins"]), int(row["ends"]) if row["ends"] != MISSING else run.horizon
        cause = 0 if row["reason"] == Reason.MONEY else 1
        calendar[cause, column] += np.clip(np.minimum(ends, lasts) - np.maximum(begins, firsts), 0, None) / DAY
        if cause == 0:
            if math.isnan(table[0, column]):
                table[0, column] = begins / DAY
                table[1, column] = math.nan if row["ends"] == MISSING else ends / DAY
            table[2, column] += (ends - begins) / DAY
            table[3, column] += 1
    yield table
    yield np.minimum(calendar, ((lasts - firsts) / DAY))

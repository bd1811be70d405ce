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

from ..engine.as_of import begun
from ..engine.compile.compiled_scenario import RUNNING
from ..engine.world.world_draws import Draw, draw_world
from ..layout import REASON_NAMES, Reason
from ..records import Envelope, Run
from ..scenario.memo import once
from ..units import DAY, MISSING, seconds
from . import gap_passes as passes
from .bought import bought_keys, bought_values
from .closable import closable_keys, closable_values
from .funds import funds
from .measure import Key, Measured, Slots, measure, slots
from .pipeline import pipeline_keys, pipeline_values
from .required import required_keys, required_values
from .time_series import month_of_day, months
from .without import without_keys, without_values

if TYPE_CHECKING:
    from ..scenario.schema import Scenario

Numbers = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
WEEK = 7 * DAY

# Columns of gap_tally under the names of indicators.
GAP_PARTS = {
    **{f"gap_{REASON_NAMES[reason].replace('-', '_')}_usd": int(reason) for reason in Reason if reason},
    **{f"gap_money_{name}_usd": passes.PARTS + part for part, name in enumerate(passes.MONEY_PARTS)},
}
NO_GRANT = "none"  # of what no grant's money is missing for
OF_GRANTS = tuple(f"gap_money_{name}_usd" for name in passes.MONEY_PARTS[: passes.ABSENT])
BREAKS = (
    ("break_day", "day"), ("break_end_day", "day"), ("break_days", "days"), ("breaks", "breaks"),
    ("last_break_day", "day"),
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
    found = [*_gap_keys(scenario, columns), *without_keys(scenario, columns), *bought_keys(columns)]
    found += [*_break_keys(scenario, columns), *pipeline_keys(scenario), *required_keys(scenario)]
    return (*found, *closable_keys(columns))


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
    yield from (Key("gap_usd", grant=grant or NO_GRANT, unit="USD") for grant in (*columns.grants, ""))


def _break_keys(scenario: Scenario, columns: Slots) -> Iterator[Key]:
    services = [columns.keys[slot].service for slot in columns.of("service")]
    for name, unit in BREAKS:
        yield from (Key(name, service=service, unit=unit) for service in services)
    for cause in _CAUSES:
        for service in services:
            for date, _, _ in weeks(scenario):
                yield Key(f"stands_still_for_{cause}_days", service=service, period=date, unit="days")


def measure_all(run: Run, draw: Draw = draw_world) -> Measured:
    """All numbers of one run, those of ``funding_keys`` behind the others."""
    found = measure(run)
    return found._replace(values=np.concatenate([found.values, funding_values(run, draw)]))


def funding_values(run: Run, draw: Draw = draw_world) -> Numbers:
    """The fundraiser's numbers of one run, in the order of ``funding_keys``; ``draw`` gives its world once more."""
    columns = slots(run.scenario)
    values = [
        *_gap(run, columns), without_values(run, columns), *bought_values(run, columns), *_breaks(run, columns),
        pipeline_values(run), *required_values(run), *closable_values(run, draw),
    ]  # fmt: skip
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
    of_grants = by_grant.sum(axis=0)
    yield np.append(of_grants, table[0, : passes.REASONS].sum() - of_grants.sum()) / 100


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


def _breaks(run: Run, columns: Slots) -> Iterator[Numbers]:
    shown = len(columns.of("service"))
    spans = weeks(run.scenario)
    firsts = np.array([first for _, first, _ in spans])
    lasts = np.array([last for _, _, last in spans])
    table = np.full((len(BREAKS), shown), math.nan)
    table[2:4] = 0
    calendar = np.zeros((len(_CAUSES), shown, len(spans)))
    told = np.zeros((len(_CAUSES), shown), np.int64)  # up to when: two sites at once stand still for no more days than one
    for row in run.breaks[np.argsort(run.breaks["begins"], kind="stable")]:
        column = int(columns.service[row["service"]]) - 1
        begins, ends = int(row["begins"]), int(row["ends"]) if row["ends"] != MISSING else run.horizon
        cause = 0 if row["reason"] == Reason.MONEY else 1
        since = max(begins, int(told[cause, column]))
        told[cause, column] = max(ends, since)
        calendar[cause, column] += np.clip(np.minimum(ends, lasts) - np.maximum(since, firsts), 0, None) / DAY
        if cause == 0:
            if math.isnan(table[0, column]):
                table[0, column] = begins / DAY
                table[1, column] = math.nan if row["ends"] == MISSING else ends / DAY
            table[2, column] += max(0, ends - since) / DAY
            table[3, column] += 1
            table[4, column] = begins / DAY
    yield table
    yield calendar

"""What is missing, priced: by reason and part of the want of money, by month, and by whose money it was."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..engine.compile.compiled_scenario import RUNNING
from ..layout import Reason
from ..records import Envelope, Run
from ..units import DAY, MISSING
from . import gap_passes as passes
from .breakdowns import EVERY, GRANTS, MONTHS, PAYERS
from .counted import COUNTED
from .funds import funds
from .indicator import Indicator, Measurement, Numbers, Table, Told
from .time_series import month_of_day, months
from .unserved_reasons import MONEY_PARTS, REASONS

Integers = npt.NDArray[np.int64]


def _split(of: Measurement) -> tuple[Integers, Integers, Integers]:
    """Cases unserved for want of money, in the order of their end; why there was none, part by part; parts by grant."""
    run, has = of.run, funds(of.run.scenario)
    order, ended = _short_of_money(run)
    times, left = _plans(run)
    parts, by_grant = passes.split_money(
        run.cases, run.households, order, ended, run.postings, times, left, has.may_pay, has.later, run.horizon
    )
    return order, parts, by_grant


def _parts(of: Measurement) -> Integers:
    """The columns of ``gap_passes.gap_tally``, by column of a tally and then by month; shape (slots + months, COLUMNS)."""
    run, columns = of.run, of.columns
    order, parts, _ = of.of(_split)
    first_month = len(columns.keys)
    last = first_month + len(months(run.scenario))
    return passes.gap_tally(
        run.cases, run.households, run.member_class, order, parts, columns.service, columns.group, columns.host,
        columns.origin, columns.location, first_month, month_of_day(run.scenario), last + 1, run.horizon,
    )[:last]  # fmt: skip


def _by_month(of: Measurement) -> Integers:
    return of.of(_parts)[len(of.columns.keys) :]


def _of_reason(reason: int) -> Callable[[Measurement], Numbers]:
    return lambda of: _by_month(of)[:, reason] / 100


def _of_part(part: int) -> Callable[[Measurement], Numbers]:
    return lambda of: of.of(_parts)[:, passes.PARTS + part] / 100


def _of_grants(part: int) -> Callable[[Measurement], Numbers]:
    return lambda of: of.of(_split)[2][part] / 100


def _whose(of: Measurement) -> Numbers:
    """The gap by the grant whose money was missing, and last what no grant's money is missing for."""
    of_grants = of.of(_split)[2].sum(axis=0)
    gap = of.of(_parts)[0, : passes.REASONS].sum()
    return np.append(of_grants, gap - of_grants.sum()) / 100


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


_WHERE = EVERY + MONTHS
_PARTS = tuple(
    Indicator(words.indicator, "USD", _WHERE, _of_part(part), (Told("gap", words.meaning),))
    for part, words in enumerate(MONEY_PARTS)
)
UNMET = Table(
    COUNTED["gap_usd"].also(
        MONTHS, lambda of: _by_month(of)[:, : passes.REASONS].sum(axis=1) / 100,
        Told("gap", "the part of the requirement that is unserved, also by month: that in which the need arose; the months add "
             "up to the gap in every run"),
    ),
    *(
        COUNTED[words.indicator].also(
            MONTHS, _of_reason(reason),
            Told("gap", "the part of the gap whose first reason is this one, also by month", "gap_REASON_usd"),
        )
        for reason, words in REASONS.items()
    ),
    *_PARTS,
    Indicator(
        "people_without_for_money", "people", _WHERE, lambda of: of.of(_parts)[:, passes.PEOPLE],
        (Told("gap", "who lack a service for want of money, each once; by month: of the first such need; also by class and "
              "service, in all and by month: each once there"),),
    ),
    Indicator(
        "days_waited_for_money", "person-days", _WHERE, lambda of: of.of(_parts)[:, passes.WAITED] / DAY,
        (Told("gap", "from opening to the end of these cases, times people in the case; broken down as people; a household's "
              "case is of the class of its highest member"),),
    ),
    *(one.also(GRANTS, _of_grants(part)) for part, one in enumerate(_PARTS[: passes.ABSENT])),
    COUNTED["gap_usd"].also(PAYERS, _whose),
)  # fmt: skip

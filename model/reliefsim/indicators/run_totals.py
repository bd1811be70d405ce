"""What is told of a run beside its counted cases: shares of the target, slow waits, money, people at the horizon."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..layout import Went
from ..units import DAY, MISSING
from . import month_passes, run_passes, tally
from .breakdowns import CLASSES, COUNTRIES, MONEY, PLACES, SERVICES, TOTAL, served_there
from .counted import tallied
from .indicator import BETTER, WORSE, Indicator, Measurement, Numbers, Table, Told, here
from .money_by_line import first_and_last_plan, lines, money, running_cents
from .run_passes import COMMITTED, INDIRECT, LAPSED, SPENT
from .time_series import displaced_in, month_of_day, months, reported

Integers = npt.NDArray[np.int64]


def _margins(cents: Integers) -> Numbers:
    """USD in total, by service (the running costs last) and by grant."""
    return np.concatenate([[cents.sum()], cents.sum(axis=1), cents.sum(axis=0)]) / 100


def _lapsed(of: Measurement) -> Numbers:
    found = _margins(of.of(lines)[LAPSED])
    found[1 : len(of.columns.of("service")) + 2] = math.nan  # money lapses from a grant, not from a service
    return found


def _target(of: Measurement) -> float:
    caseload = of.run.scenario.caseload
    return float((caseload.target_people or caseload.people).value)


def _quotient(above: float, below: float) -> float:
    return above / below if below else math.nan


def _reached(of: Measurement) -> int:
    return int(of.of(tallied)[tally.REACHED, 0])


def _target_of_need(of: Measurement) -> float:
    target = _target(of)
    return _quotient(target, int(of.of(tallied)[tally.IN_NEED, 0])) if target else math.nan


def _slow_waits(of: Measurement) -> Numbers:
    """The 90th percentile of waits (straight lines between order statistics), in total, by service and class."""
    run, columns = of.run, of.columns
    waited, places = run_passes.waits(
        run.cases, run.households, columns.service, columns.group, len(columns.keys), of.begins
    )
    found = np.full(len(columns.keys), math.nan)
    for slot, (first, last) in enumerate(itertools.pairwise(places.tolist())):
        if last > first:
            place = 0.9 * (last - first - 1)
            low = int(place)
            high = min(low + 1, last - first - 1)
            some = np.partition(waited[first:last], (low, high))
            found[slot] = (some[low] + (place - low) * (some[high] - some[low])) / DAY
    return found[[0, *columns.of("service"), *(slot for slot in columns.of("group") if slot != columns.host)]]


def _present(of: Measurement) -> float:
    homes = of.run.households
    return float(homes["size"][(homes["population"] == 0) & (homes["left"] == MISSING)].sum())


def _gone(way: Went) -> Callable[[Measurement], float]:
    return lambda of: float(of.run.households["size"][of.run.households["went"] == way].sum())


def people_by_month(of: Measurement) -> tuple[Integers, Integers]:
    """As ``month_passes.people_by_month``; and who is reached where in all, which the same pass counts."""
    run, columns = of.run, of.columns
    return month_passes.people_by_month(
        run.cases, run.households, run.member_class, columns.service, columns.group, columns.host, columns.location,
        len(columns.keys), len(months(run.scenario)), month_of_day(run.scenario),
    )  # fmt: skip


def _reached_there(of: Measurement) -> Numbers:
    """People reached, from shape (service slots + 1, populations, locations)."""
    _, there = of.of(people_by_month)
    shown = [of.columns.keys[slot].service for slot in of.columns.of("service")]
    scenario = of.run.scenario
    found = [there[1 + shown.index(service), int(hosts)] for service, hosts in served_there(scenario)]
    return np.array(found if scenario.locations else [], np.float64)


SHARES = Table(
    Indicator(
        "reached_of_target", "share", TOTAL, lambda of: _quotient(_reached(of), _target(of)),
        here("reached of target_people; total only (no target)", "reached_of_need"), BETTER,
        headline=4, label="Reached of the target",
    ),
    Indicator(
        "target_of_need", "share", TOTAL, _target_of_need,
        here("target_people of people in need; total only (nobody in need)", "reached_of_target"),
        headline=7, label="Target, of those in need",
    ),
    Indicator(  # falls where money is taken away and fewer are reached: neither good nor bad but beside people reached
        "cost_per_person_reached_usd", "USD", TOTAL,
        lambda of: _quotient(int(of.of(money)[0][SPENT].sum()) / 100, _reached(of)),
        here("all spending / people reached (nobody reached)", "requirement_with_running_usd"),
        headline=19, label="Cost of one person reached",
    ),
    Indicator(
        "wait_days_p90", "days", TOTAL + SERVICES + CLASSES, _slow_waits,
        here("the 90th percentile in a run of days from opening to start; total, services, classes", "wait_days"), WORSE,
    ),
)  # fmt: skip
# Money set aside, committed and spent is a means: that it is spent on more need is no fault of a plan.
SPENDING = Table(
    Indicator(
        "allocated_usd", "USD", MONEY, lambda of: _margins(of.of(first_and_last_plan)[1]),
        here("what the last plan set aside (envelopes); in total, by service (and running) or by grant"),
    ),
    Indicator(
        "committed_usd", "USD", MONEY, lambda of: _margins(of.of(lines)[COMMITTED]),
        here("commitments still open at the horizon"), headline=14, label="Committed, still open at the end",
    ),
    Indicator(
        "spent_usd", "USD", MONEY, lambda of: _margins(of.of(lines)[SPENT]),
        here("expenditure, indirect cost included"), headline=15, label="Spent",
    ),
    Indicator(
        "lapsed_usd", "USD", MONEY, _lapsed,
        (*here("gone back to donors; total and by grant (undefined by service)", "indirect_cost_usd"),
         Told("budget", "gone back to the donor", after="received_usd")),
        WORSE, headline=16, label="Given back to donors",
    ),
    Indicator(
        "indirect_cost_usd", "USD", MONEY, lambda of: _margins(of.of(lines)[INDIRECT]),
        here("the indirect part of commitments and expenditure"), headline=18, label="Indirect cost",
    ),
    Indicator(
        "running_cost_usd", "USD", TOTAL, lambda of: running_cents(of) / 100,
        here("management, teams and DTM rounds, indirect cost included"), headline=17, label="Running costs",
    ),
    Indicator(
        "requirement_with_running_usd", "USD", TOTAL,
        lambda of: (int(of.of(tallied)[tally.PRICED, 0]) + running_cents(of)) / 100,
        here("requirement_usd plus running_cost_usd"),
    ),
)  # fmt: skip
# Who is there and who left is the world's doing.
AT_HORIZON = Table(
    Indicator(
        "caseload_people", "people", TOTAL, _present,
        here("people of the caseload present at the horizon", "people_crossed_border"),
    ),
    Indicator(
        "people_returned", "people", TOTAL, _gone(Went.RETURNED), here("people who had left by the horizon and went home")
    ),
    Indicator(
        "people_moved_on", "people", TOTAL, _gone(Went.MOVED_ON),
        here("people who had left by the horizon and moved on within the country"),
    ),
    Indicator(
        "people_crossed_border", "people", TOTAL, _gone(Went.CROSSED_BORDER),
        here("people who had left by the horizon and crossed a border"),
    ),
    Indicator(
        "displaced", "people", TOTAL, lambda of: displaced_in(of.run)[-1],
        here("displaced people at the horizon, by the laws of displacement"),
    ),
    Indicator(
        "refugees", "people", COUNTRIES, lambda of: [one[-1] for one in reported(of.run.scenario)[1:]],
        here("by country, as reported, straight lines between (outside the record)"),
    ),
)  # fmt: skip
PEOPLE_THERE = "people_reached_there"  # as hapi.csv tells it
REACHED_THERE = Table(Indicator(PEOPLE_THERE, "people", PLACES, _reached_there, sense=BETTER))

"""A queue, a convoy, a stock and a purse agree with plain loops, person by person, in one replication."""

from __future__ import annotations

from typing import Any

import pytest

from reliefsim.layout import Outcome
from reliefsim.records import Run
from reliefsim.units import DAY

from . import oracles, twins
from .running import load, one_run

QUEUES = ["twin-queue-first-come", "twin-queue-priorities", "twin-queue-patience", "twin-queue-waiting-limit"]
CONVOYS = ["twin-convoy-full", "twin-convoy-schedule", "twin-convoy-timer", "twin-convoy-one-vehicle"]
STOCKS = ["twin-stock-rq-waits", "twin-stock-rq-small-orders", "twin-stock-ss-lost"]
PURSES = ["twin-purse-stop", "twin-purse-skip", "twin-purse-shares"]
SEEDS = [1, 2]

FULL_HOURS = {"law": "empirical", "values_days": (1 / 24, 5 / 24, 8 / 24, 12 / 24), "weights": (1.0, 1.0, 1.0, 1.0)}


def tied_queue(name: str, **changes: Any) -> Run:
    """A run in which everything happens on full hours: most seconds that matter are shared."""
    service = "cash" if "purse" in name else "aid"
    rate, days = (6, 200) if "purse" in name else (11, 60)
    hours = {"rate_per_day": None, "instants_days": twins.hourly(rate * days, days)}
    return one_run(load(name, arrivals=hours, **{f"services__{service}__duration": FULL_HOURS}, **changes))


def tied_arrivals(name: str, rate: int, days: int) -> Run:
    """A run in which households come on full hours."""
    return one_run(load(name, arrivals={"rate_per_day": None, "instants_days": twins.hourly(rate * days, days)}))


def assert_same_queue(run: Run) -> oracles.Served:
    """Everybody starts, gives up or is turned away as in the plain loop."""
    twin = twins.queue_twin(run)
    assert twins.starts(run) == twin.started
    assert twins.numbers(run, Outcome.TURNED_AWAY) == twin.turned_away
    assert twins.numbers(run, Outcome.GAVE_UP) == set(twin.gave_up)
    assert all(run.cases["ended"][number] == second for number, second in twin.gave_up.items())
    return twin


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", QUEUES)
def test_everybody_in_a_queue_starts_when_a_plain_loop_says(name: str, seed: int) -> None:
    run = one_run(load(name), seed)
    assert len(run.cases) > 500
    assert_same_queue(run)


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_keeps_the_order_within_one_second(name: str) -> None:
    run = tied_queue(name)
    assert len(set(run.cases["opened"].tolist())) < len(run.cases) - 100
    assert_same_queue(run)


def test_with_no_waiting_room_only_free_teams_are_found() -> None:
    run = one_run(load("twin-queue-waiting-limit", services__aid__waiting_limit=0))
    twin = assert_same_queue(run)
    assert twin.turned_away
    assert (run.cases["started"] == run.cases["opened"])[list(twin.started)].all()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", CONVOYS)
def test_every_household_is_on_the_convoy_a_plain_loop_says(name: str, seed: int) -> None:
    run = one_run(load(name), seed)
    assert len(run.departures) > 20
    assert twins.trips(run) == twins.convoy_twin(run)


@pytest.mark.parametrize("name", CONVOYS)
def test_a_convoy_keeps_the_order_within_one_second(name: str) -> None:
    run = tied_arrivals(name, 4, 120)
    assert twins.trips(run) == twins.convoy_twin(run)


def assert_same_stock(run: Run) -> None:
    """The same goods to the same people, the same orders; orders too late to matter are left out."""
    twin = twins.stock_twin(run)
    assert twins.starts(run) == twin.started
    assert twins.numbers(run, Outcome.TURNED_AWAY) == twin.lost
    last = run.horizon - 40 * DAY
    orders = [(int(row["ordered"]), int(row["quantity"])) for row in run.orders if row["ordered"] < last]
    assert orders == [order for order in twin.orders if order[0] < last]
    assert len(orders) > 20


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", STOCKS)
def test_everybody_gets_goods_when_a_plain_loop_says(name: str, seed: int) -> None:
    assert_same_stock(one_run(load(name), seed))


def test_goods_that_come_in_the_second_of_a_demand_serve_it() -> None:
    run = one_run(
        load(
            "twin-stock-ss-lost",
            arrivals={"instants_days": (0, 1, 2, 3, 4)},
            services__kits__stock={
                "initial": 1, "policy": "rQ", "reorder_point": 0, "order_quantity": 1, "lead_time": 2, "unmet": "lost",
            },
        )
    )  # fmt: skip
    # The kit of day 0 is reordered, comes on day 2, is handed out on day 2; the next comes on day 4.
    assert twins.starts(run) == {0: 0, 2: 2 * DAY, 4: 4 * DAY}
    assert twins.numbers(run, Outcome.TURNED_AWAY) == {1, 3}


def assert_same_purse(run: Run) -> None:
    """The same people, the same grant, the same cents."""
    twin = assert_same_queue(run)
    paid = {
        number: (run.names.grants[run.cases["grant"][number]], int(run.cases["cents"][number]))
        for number in twins.starts(run)
    }
    assert paid == twin.paid


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", PURSES)
def test_every_cent_comes_from_the_grant_a_plain_loop_says(name: str, seed: int) -> None:
    run = one_run(load(name), seed)
    assert_same_purse(run)
    assert {"early", "late"} == {run.names.grants[row["grant"]] for row in run.cases if row["started"] >= 0}
    assert twins.numbers(run, Outcome.GAVE_UP)


@pytest.mark.parametrize("name", PURSES)
def test_a_purse_keeps_the_order_within_one_second(name: str) -> None:
    # Windows begin and end on full days, so on seconds in which people come and are served.
    assert_same_purse(tied_queue(name))


@pytest.mark.parametrize("name", PURSES)
def test_nobody_is_paid_in_the_second_a_window_ends(name: str) -> None:
    run = one_run(load(name, arrivals={"instants_days": (0, 39.999, 40, 169.999, 170, 171)}))
    assert_same_purse(run)
    grants = [run.names.grants[number] if number >= 0 else "" for number in run.cases["grant"]]
    if run.scenario.plan.pay_order == "ends-first":
        assert grants == ["early", "early", "late", "late", "", ""]
    assert grants[-2:] == ["", ""]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_visit_opens_when_registration_ends_and_never_for_those_who_gave_up(seed: int) -> None:
    run = one_run(load("twin-one-after-another"), seed)
    first, second = (run.cases[run.cases["service"] == number] for number in (0, 1))
    served = first[first["outcome"] == Outcome.SERVED]
    done = dict(zip(served["household"].tolist(), served["ended"].tolist(), strict=True))
    assert len(done) < len(first)
    expected = [done.get(household, -1) for household in second["household"].tolist()]
    assert second["opened"].tolist() == expected
    opened = second[second["opened"] >= 0]
    assert len(opened) > 300
    durations = [int(row["ended"] - row["started"]) if row["started"] >= 0 else 1 for row in opened]
    cases = [
        oracles.Case(int(row["household"]), int(row["opened"]), duration)
        for row, duration in zip(opened, durations, strict=True)
    ]
    begun = opened[opened["started"] >= 0]
    starts = dict(zip(begun["household"].tolist(), begun["started"].tolist(), strict=True))
    assert starts == oracles.queue(cases, 3, run.horizon).started


@pytest.mark.parametrize("seed", SEEDS)
def test_a_closed_group_is_a_convoy_of_people_and_ends_with_its_last_session(seed: int) -> None:
    run = one_run(load("twin-groups"), seed)
    groups = oracles.convoys(twins.opened_cases(run), run.horizon, seats=6, fill=6, longest_wait=3 * DAY)
    assert {len(group.cases) for group in groups} > {5, 6}
    assert twins.starts(run) == {number: group.time for group in groups for number in group.cases}
    for group in groups:
        aboard = list(group.cases)
        assert len(set(run.cases["group"][aboard].tolist())) == 1
        over = group.time + 3 * 7 * DAY + 2 * twins.HOUR
        assert (run.cases["ended"][aboard] == over).all()
        assert ((run.cases["outcome"][aboard] == Outcome.SERVED) == (over < run.horizon)).all()

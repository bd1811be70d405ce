"""What must hold run by run, with the same random numbers, whatever the scenario draws."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import numpy as np
import pytest

from reliefsim.engine.simulate import simulate
from reliefsim.layout import Outcome
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY, MISSING

from .accounts import named, same_bytes, started_or_never
from .running import changed, load, one_run, waits

SEEDS = [1, 2, 3, 4]
EVEN_SHARES = {"kits": 0.3, "livelihoods": 0.2, "medical": 0.2, "support": 0.1, "transport": 0.2}


def served(run: Run) -> int:
    """Cases that were started."""
    return int((run.cases["started"] != MISSING).sum())


def operation(**changes: Any) -> Scenario:
    """The small operation with something of everything."""
    return load("relations-operation", **changes)


def planned_by_shares(**changes: Any) -> Scenario:
    """The small operation under shares that ask nothing of the future."""
    return operation(plan__rule="fixed-shares", plan__shares=EVEN_SHARES, **changes)


def test_the_small_operation_does_something_of_everything() -> None:
    run = one_run(operation())
    started = run.cases["service"][run.cases["started"] != MISSING]
    assert set(started.tolist()) == set(range(5))
    assert min(len(run.orders), len(run.departures), len(run.rounds), len(run.envelopes)) > 1
    assert {Outcome.SERVED, Outcome.LEFT, Outcome.GAVE_UP, Outcome.WAITING} <= set(run.cases["outcome"].tolist())


@pytest.mark.parametrize("unpaid", ["stop", "skip"])
@pytest.mark.parametrize("seed", SEEDS)
def test_more_money_at_one_price_never_serves_fewer(seed: int, unpaid: str) -> None:
    amounts = [0, 1000, 2000, 5000, 8000.01, 12840, 20000, 60000]
    counts = [
        served(one_run(load("relations-one-price", grants__early__amount_usd=usd, plan__unpaid=unpaid), seed))
        for usd in amounts
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_with_one_team_more_nobody_waits_longer_first_come_first_served(seed: int) -> None:
    starts = [
        started_or_never(one_run(load("twin-queue-first-come", services__aid__workers=teams), seed))
        for teams in (1, 2, 3, 4, 8)
    ]
    for fewer, more in itertools.pairwise(starts):
        assert (more <= fewer).all()
    assert np.any(starts[-1] < starts[0])


@pytest.mark.parametrize("name", ["twin-queue-first-come", "twin-queue-priorities"])
def test_with_unlimited_money_and_teams_nobody_waits(name: str) -> None:
    run = one_run(load(name, services__aid__workers="unlimited"))
    assert (waits(run) == 0).all()
    assert set(run.cases["outcome"].tolist()) <= {Outcome.SERVED, Outcome.IN_SERVICE}


FIRST_COME = ["relations-one-price", "relations-two-services", "twin-queue-first-come", "twin-stock-rq-waits"]


@pytest.mark.parametrize("name", [*FIRST_COME, "twin-purse-stop"])
def test_one_household_more_at_the_end_changes_nobody_before_it(name: str) -> None:
    days = np.sort(np.random.default_rng(5).uniform(0, 100, 500))
    some = {"rate_per_day": None, "instants_days": tuple(days.tolist())}
    more = {"rate_per_day": None, "instants_days": (*days.tolist(), 100.5)}
    changes: dict[str, Any] = {"horizon_days": 119, "classes": {}}
    one, other = one_run(load(name, arrivals=some, **changes)), one_run(load(name, arrivals=more, **changes))
    before, after, last = named(one), named(other), (0, 500)
    assert [row for row in after["households"] if row[0] != last] == before["households"]
    assert [row for row in after["cases"] if row[1][0] != last] == before["cases"]
    assert len(after["households"]) == len(before["households"]) + 1
    for table, rows in named(one, 100 * DAY).items():
        assert named(other, 100 * DAY)[table] == rows, table


@pytest.mark.parametrize("seed", SEEDS)
def test_a_shorter_lead_time_never_leaves_more_unserved(seed: int) -> None:
    counts = [
        served(one_run(load("twin-stock-rq-waits", services__kits__stock__lead_time=days), seed))
        for days in (20, 12, 8, 5, 3, 1)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def reversed_tables(scenario: Scenario) -> Scenario:
    """The same scenario with every table of names written in the opposite order."""
    tree = scenario.model_dump()
    for table in ("services", "grants", "teams", "classes", "origins", "locations", "displacement"):
        tree[table] = dict(reversed(tree[table].items()))
    return Scenario.model_validate(tree)


@pytest.mark.parametrize("rule", ["by-need", "equal", "life-saving-first"])
def test_tables_written_in_another_order_give_the_same_bytes(rule: str) -> None:
    scenario = operation(plan__rule=rule)
    other = reversed_tables(scenario)
    assert list(other.services) != list(scenario.services)
    assert same_bytes(one_run(other)) == same_bytes(one_run(scenario))


def test_the_same_call_gives_the_same_bytes_and_another_seed_others() -> None:
    assert same_bytes(one_run(operation())) == same_bytes(one_run(operation()))
    assert same_bytes(one_run(operation(), seed=2)) != same_bytes(one_run(operation()))
    assert same_bytes(one_run(operation(), replication=1)) != same_bytes(one_run(operation()))


NOTHING: dict[str, dict[str, dict[str, Any]]] = {
    "service": {"services__NAME": {"kind": "casework", "need_share": 0, "duration": 1, "unit_cost_usd": 10}},
    "grant": {"grants__NAME": {"amount_usd": 0}},
    "later-grant": {"grants__NAME": {"amount_usd": 0, "from_day": 33, "until_day": 77}},
    "place": {"locations__NAME": {"share": 0}},
    "class": {"classes__NAME": {"share": 0, "priority": 5}},
    "pledge": {"pledges__NAME": {"amount_usd": 5000, "indirect_rate": 0.3, "probability": 0}},
    "team": {"teams__NAME": {"service": "support", "count": 0}},
    "shock": {"shocks__NAME": {"kind": "cut", "grants": ("first",), "day": 50, "share": 0.5, "probability": 0}},
}


@pytest.mark.parametrize("name", ["aaa", "nobody", "zzz"])
@pytest.mark.parametrize("kind", list(NOTHING))
@pytest.mark.parametrize("rule", ["by-need", "life-saving-first", "most-value"])
def test_what_holds_nothing_changes_nothing(kind: str, name: str, rule: str) -> None:
    added = {path.replace("NAME", name): value for path, value in NOTHING[kind].items()}
    before = named(one_run(operation(plan__rule=rule)), without=name)
    after = named(one_run(operation(plan__rule=rule, **added)), without=name)
    for table, rows in before.items():
        assert after[table] == rows, table


@pytest.mark.parametrize("name", ["aaa", "nobody", "zzz"])
@pytest.mark.parametrize("rule", ["by-need", "fixed-shares", "reallocate", "equal"])
def test_one_cent_more_serves_the_same_people_at_the_same_prices(name: str, rule: str) -> None:
    """Nothing costs a cent; it moves a cent in an envelope at most, and no need."""
    shares = {"plan__rule": rule, "plan__shares": EVEN_SHARES}
    one = one_run(operation(**shares))
    other = one_run(operation(**shares, **{f"grants__{name}": {"amount_usd": 0.01, "indirect_rate": 0.5}}))
    for column in ("opened", "started", "ended", "outcome", "reason", "priced_cents"):
        assert (one.cases[column] == other.cases[column]).all(), column


@pytest.mark.parametrize("target", [900, None])
def test_a_horizon_of_200_days_cut_at_100_is_a_horizon_of_100(target: int | None) -> None:
    cut = 100 * DAY
    long = named(one_run(planned_by_shares(caseload__target_people=target)), cut)
    short = named(one_run(planned_by_shares(caseload__target_people=target, horizon_days=100)), cut)
    for table, rows in long.items():
        assert short[table] == rows, table
    assert len(long["decisions"]) > 10


LATER: dict[str, dict[str, Any]] = {
    "closure": {"locations__segou__closures": ({"from_day": 120},)},
    "grant": {"grants__later": {"amount_usd": 5000, "from_day": 120}},
    "plan": {"plan__replan_days": (datetime.date(2012, 8, 20), 130.0)},
    "shock": {"displacement__later": {"law": "shock", "from_day": 120, "size_share": 0.5}},
    "rise": {"displacement__later": {"law": "compound", "from_day": 120, "growth_month": 0.5}},
}


@pytest.mark.parametrize("target", [900, None])
@pytest.mark.parametrize("later", list(LATER))
def test_nothing_after_a_day_changes_what_was_before_it(later: str, target: int | None) -> None:
    cut = 120 * DAY
    before = named(one_run(planned_by_shares(caseload__target_people=target)), cut)
    after = named(one_run(planned_by_shares(caseload__target_people=target, **LATER[later])), cut, without="later")
    for table, rows in before.items():
        assert after[table] == rows, table


def test_without_money_nobody_is_served_and_nothing_is_spent() -> None:
    changes = {"grants__first__amount_usd": 0, "grants__second__amount_usd": 0, "grants__second__tranches": None}
    run = one_run(operation(services__kits__stock__initial=0, **changes))
    assert served(run) == 0
    assert run.cases["cents"].sum() == 0
    assert run.postings["cents"].sum() == 0
    assert len(run.orders) == 0
    assert len(run.departures) == 0


@pytest.mark.parametrize("name", ["q12-one-a-day", "m5-a-request-a-day"])
def test_without_chance_all_replications_are_equal(name: str) -> None:
    scenario = load(name)
    first = same_bytes(one_run(scenario))
    assert all(same_bytes(one_run(scenario, seed, number)) == first for seed, number in [(1, 1), (1, 7), (2, 0)])


def moved(value: Any, days: int) -> Any:
    """The same tree with every date so many days later."""
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=days)
    if isinstance(value, dict):
        return {key: moved(entry, days) for key, entry in value.items()}
    if isinstance(value, tuple):
        return tuple(moved(entry, days) for entry in value)
    return value


def test_all_dates_moved_by_400_days_give_the_same_numbers() -> None:
    scenario = operation()
    later = Scenario.model_validate(moved(scenario.model_dump(), 400))
    assert (later.start_date - scenario.start_date).days == 400
    assert same_bytes(one_run(later)) == same_bytes(one_run(scenario))


@pytest.mark.parametrize("seed", SEEDS)
def test_one_grant_split_in_two_at_multiples_of_the_price_gives_the_same_totals(seed: int) -> None:
    # A case costs 42.80 with its indirect cost: 300 of them are 12,840.00, and 130 and 170 are as many.
    whole = load("relations-one-price")
    grant = whole.model_dump()["grants"]["early"]
    halves = changed(whole, grants__early={**grant, "amount_usd": 5564}, grants__more={**grant, "amount_usd": 7276})
    one, two = one_run(whole, seed), one_run(halves, seed)
    assert (one.cases["started"] == two.cases["started"]).all()
    assert (one.cases["cents"] == two.cases["cents"]).all()
    assert served(one) > 600


@pytest.mark.parametrize("factor", [2, 3, 10])
@pytest.mark.parametrize("unpaid", ["stop", "skip"])
def test_prices_and_amounts_times_a_factor_serve_the_same_people(factor: int, unpaid: str) -> None:
    plain = load("relations-one-price", plan__unpaid=unpaid)
    dearer = changed(
        plain,
        services__cash__unit_cost_usd=40 * factor,
        grants__early__amount_usd=12840 * factor,
        grants__late__amount_usd=17120 * factor,
    )
    one, other = one_run(plain), one_run(dearer)
    assert (one.cases["started"] == other.cases["started"]).all()
    assert (one.cases["cents"] * factor == other.cases["cents"]).all()
    assert (one.postings["cents"] * factor == other.postings["cents"]).all()


def test_a_rule_given_in_the_call_is_the_rule_of_the_plan() -> None:
    in_the_call = simulate(operation(), rule="equal", seed=1, replication=0)
    assert same_bytes(in_the_call) == same_bytes(one_run(operation(plan__rule="equal")))

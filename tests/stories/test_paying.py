"""Who pays, when, and to the cent."""

from __future__ import annotations

import time
from pathlib import Path

from reliefsim import load_scenario, simulate
from reliefsim.layout import Outcome

from .telling import course, envelopes, lines, money, tell, unserved

TWO_CHILDREN = """
horizon_days = 100
[arrivals]
instants_days = [1.5, 2]
[classes.unaccompanied]
share = 1
who = "alone"
[services.tracing]
kind = "casework"
unit = "member"
need_share = 1
workers = 1
duration = 30
unit_cost_usd = 215.55
[grants.cerf]
amount_usd = 1000
until_day = 80
indirect_rate = 0.07
end_rule = "spent-and-done"
"""


def test_two_children_are_reunified_one_after_the_other_and_cerf_pays_the_floor_of_all_indirect_cost(
    tmp_path: Path,
) -> None:
    """7 % of 215.55 is 15.0885: 1508 cents; of both, 30.177: 3017 cents, so the second child bears 1509."""
    run = tell(tmp_path, TWO_CHILDREN)
    assert course(run) == lines("""
        1.5 0.0 tracing opens
        1.5 0.0 tracing starts
        2 1.0 tracing opens
        31.5 0.0 tracing is served
        31.5 1.0 tracing starts
        61.5 1.0 tracing is served
    """)
    assert money(run) == lines("""
        0 cerf 100000 donor > cash
        1.5 cerf tracing 23063 (1508) cash > committed
        31.5 cerf tracing 23063 (1508) committed > spent
        31.5 cerf tracing 23064 (1509) cash > committed
        61.5 cerf tracing 23064 (1509) committed > spent
        80 cerf 53873 cash > lapsed
    """)
    assert run.cases["cents"].tolist() == [23063, 23064]


def test_a_grant_that_ends_first_pays_first_and_the_other_when_it_cannot(tmp_path: Path) -> None:
    """The first has 60.00 for things of 40.00: one of four; what it has left lapses."""
    run = tell(
        tmp_path,
        """
        horizon_days = 50
        [arrivals]
        instants_days = [5, 6, 7, 45]
        [services.aid]
        kind = "casework"
        duration = 1
        unit_cost_usd = 40
        [grants.a-long]
        amount_usd = 100
        until_day = 40
        [grants.b-short]
        amount_usd = 60
        until_day = 20
        """,
    )
    assert money(run) == lines("""
        0 a-long 10000 donor > cash
        0 b-short 6000 donor > cash
        5 b-short aid 4000 cash > committed
        6 b-short aid 4000 committed > spent
        6 a-long aid 4000 cash > committed
        7 a-long aid 4000 committed > spent
        7 a-long aid 4000 cash > committed
        8 a-long aid 4000 committed > spent
        20 b-short 2000 cash > lapsed
        40 a-long 2000 cash > lapsed
    """)
    assert unserved(run) == ["3 aid waiting: money"]


def test_with_pay_order_shares_the_grant_that_has_used_the_smaller_part_pays(tmp_path: Path) -> None:
    """Of 100.00 and 300.00: first the one by name (both 0 used), then the other until it has used more than 0.4."""
    run = tell(
        tmp_path,
        """
        horizon_days = 50
        [arrivals]
        instants_days = [1, 2, 3, 4, 5]
        [services.aid]
        kind = "casework"
        duration = 0.5
        unit_cost_usd = 40
        [grants.a]
        amount_usd = 100
        [grants.b]
        amount_usd = 300
        [plan]
        pay_order = "shares"
        """,
    )
    paying = [line.split()[1] for line in money(run) if line.endswith("cash > committed")]
    # used: a 40/100; b 40, 80, 120/300 = 0.4: a tie, a by name; then b
    assert paying == ["a", "b", "b", "b", "a"]


def test_no_limit_of_money_takes_in_exactly_what_is_committed_and_bears_no_indirect_cost(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 10
        money = "unlimited"
        [arrivals]
        instants_days = [1, 1]
        [services.aid]
        kind = "casework"
        duration = 2
        unit_cost_usd = 12.34
        """,
    )
    assert money(run) == lines("""
        1 unlimited 1234 donor > cash
        1 unlimited aid 1234 cash > committed
        1 unlimited 1234 donor > cash
        1 unlimited aid 1234 cash > committed
        3 unlimited aid 1234 committed > spent
        3 unlimited aid 1234 committed > spent
    """)


def test_a_thing_nobody_may_pay_for_gets_nothing_and_the_rest_goes_where_it_may(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 20
        [arrivals]
        instants_days = [1]
        [services.livelihoods]
        kind = "casework"
        duration = 1
        unit_cost_usd = 10
        [services.shelter]
        kind = "casework"
        duration = 1
        unit_cost_usd = 10
        [grants.donor]
        amount_usd = 30
        pays_for = ["shelter"]
        """,
    )
    assert unserved(run) == ["0 livelihoods waiting: money"]
    assert envelopes(run, "livelihoods") == []
    assert envelopes(run, "shelter")[0] == "0 donor 3000 0 0"


def mixed_prices(folder: Path, unpaid: str) -> list[str]:
    """Somebody in a dear place before somebody in a cheap one, and 15.00 in all: who starts?"""
    run = next(
        run
        for number in range(200)
        if (
            run := tell(
                folder,
                f"""
                horizon_days = 20
                [arrivals]
                instants_days = [1, 2]
                [locations.cheap]
                share = 0.5
                [locations.dear]
                share = 0.5
                price_factor = 2
                [services.aid]
                kind = "casework"
                duration = 1
                unit_cost_usd = 10
                unpaid = "{unpaid}"
                [grants.donor]
                amount_usd = 15
                """,
                replication=number,
            )
        ).households["location"].tolist() == [1, 0]
    )
    return [line for line in course(run) if line.endswith("starts")]


def test_what_the_head_of_a_queue_cannot_be_paid_stops_it_or_is_skipped_as_the_scenario_says(tmp_path: Path) -> None:
    assert mixed_prices(tmp_path, "stop") == []
    assert mixed_prices(tmp_path, "skip") == ["2 1 aid starts"]


def test_a_place_to_wait_is_no_better_for_who_could_be_paid_behind_one_who_cannot(tmp_path: Path) -> None:
    """Two workers are free, but who stands first (10.00) cannot be paid from 5.00, and stops who can be (1.00).

    One may wait; whoever comes then is turned away, whatever their price.
    """
    text = """
    horizon_days = 30
    [arrivals]
    instants_days = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    [services.aid]
    kind = "casework"
    duration = 1
    workers = 2
    waiting_limit = 1
    unit_cost_usd = { values_usd = [1, 10], shares = [0.5, 0.5] }
    [grants.donor]
    amount_usd = 5
    """
    run = tell(tmp_path, text)
    outcomes, prices = run.cases["outcome"].tolist(), run.cases["priced_cents"].tolist()
    first = outcomes.index(Outcome.WAITING)
    assert prices[first] == 1000
    assert 100 in prices[first:]
    assert set(outcomes[first + 1 :]) == {Outcome.TURNED_AWAY}


DEAR_AND_CHEAP = """
format = 1
name = "dear-and-cheap"
start_date = 2030-01-01
horizon_days = 100
arrivals = { rate_per_day = 150 }
services.x.kind = "casework"
services.x.duration = 1
services.x.workers = 500
services.x.unit_cost_usd = { values_usd = [0.01, 1000], shares = [0.5, 0.5] }
grants.a = { amount_usd = 450 }
plan.unpaid = "%s"
"""


def test_a_queue_that_skips_whom_it_cannot_pay_is_not_walked_at_every_event(tmp_path: Path) -> None:
    """Half of 15,000 cannot be paid and stand before all others. Walked each time, skipping took 300 times as long."""

    def seconds(unpaid: str) -> float:
        path = tmp_path / f"{unpaid}.toml"
        path.write_text(DEAR_AND_CHEAP % unpaid, encoding="utf-8")
        scenario = load_scenario(path)
        simulate(scenario, replication=1)
        begun = time.process_time()
        served = (simulate(scenario).cases["outcome"] == Outcome.SERVED).sum()
        assert served > 7_000 if unpaid == "skip" else served < 20
        return time.process_time() - begun

    assert seconds("skip") < 20 * seconds("stop")

"""The plain loops themselves, against closed forms and stories worked by hand: who checks the checkers?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from reliefsim.units import DAY

from . import formulas, oracles
from .running import assert_mean


def drawn_cases(rate: float, days: int, mean: float, seed: int) -> list[oracles.Case]:
    """A Poisson stream of cases with exponential durations."""
    draw = np.random.default_rng(seed)
    opened = np.sort(draw.uniform(0, days * DAY, draw.poisson(rate * days))).astype(int)
    durations = np.maximum(1, draw.exponential(mean * DAY, len(opened))).astype(int)
    pairs = zip(opened.tolist(), durations.tolist(), strict=True)
    return [oracles.Case(number, second, duration) for number, (second, duration) in enumerate(pairs)]


def test_the_queue_loop_serves_as_many_as_a_birth_and_death_chain() -> None:
    horizon = 30 * DAY
    served = []
    for seed in range(100):
        cases = drawn_cases(10, 30, 0.25, seed)
        started = oracles.queue(cases, 3, horizon).started
        served.append(sum(second + cases[number].duration < horizon for number, second in started.items()))
    assert_mean(served, formulas.birth_and_death(10, 0.25, 3, 0, 30, 200).served_in_window, detects=12)


def test_the_convoy_loop_keeps_the_renewal_rewards() -> None:
    exact = formulas.convoy_cycle(4, 20, 4)
    loads, surplus = [], []
    for seed in range(100):
        cases = drawn_cases(4, 160, 1, seed)
        trips = oracles.convoys(cases, 160 * DAY, seats=20, fill=20, longest_wait=4 * DAY)[:20]
        waited = sum(trip.time - cases[number].opened for trip in trips for number in trip.cases) / DAY
        loads.append(sum(len(trip.cases) for trip in trips) / 20)
        surplus.append(waited / 20 - exact.wait * loads[-1])
    assert_mean(loads, exact.load, detects=0.6)
    assert_mean(surplus, 0, detects=1)


def test_the_stock_loop_fills_as_often_as_lead_time_demand_says() -> None:
    exact = formulas.shelf(2, 5, [14]).fill_rate
    surplus = []
    for seed in range(60):
        cases = drawn_cases(2, 200, 1, seed)
        shelf = oracles.stock(
            cases, 200 * DAY, [5 * DAY] * len(cases), initial=14, reorder_point=13, order_quantity=1
        )  # fmt: skip
        late = [case for case in cases if case.opened >= 10 * DAY]
        surplus.append(sum((shelf.started.get(case.number) == case.opened) - exact for case in late) / 380)
    assert_mean(surplus, 0, detects=0.06)


def test_a_purse_pays_from_the_grant_that_ends_first_and_floors_indirect_cost_once() -> None:
    early = oracles.Grant("early", 0, 10, 25, Fraction(1, 10))
    late = oracles.Grant("late", 5, 20, 100)
    purse = oracles.Purse([late, early])
    # Direct cost 7, 14, 21 in all: indirect 0, 1, 2. The third would bring the grant to 23; the fourth does not fit.
    assert [purse.pay(1, 7), purse.pay(1, 7), purse.pay(5, 7)] == [("early", 7), ("early", 8), ("early", 8)]
    assert purse.pay(5, 7) == ("late", 7)
    assert purse.pay(9, 2) == ("early", 2)
    assert purse.pay(10, 1) == ("late", 1)
    assert purse.pay(20, 1) is None


def test_the_queue_loop_keeps_the_order_of_one_second() -> None:
    # One team; the first ends at 10, when the second's patience ends and the third and, more urgent, the fourth come.
    cases = [oracles.Case(0, 0, 10, 2), oracles.Case(1, 2, 1, 2), oracles.Case(2, 10, 5, 2), oracles.Case(3, 10, 1, 1)]
    found = oracles.queue(cases, 1, 100, patience=8)
    assert found.started == {0: 0, 3: 10, 2: 11}
    assert found.gave_up == {1: 10}


def test_a_convoy_takes_whole_households_in_order() -> None:
    cases = [oracles.Case(n, n, people=people) for n, people in enumerate([4, 5, 3, 2])]
    # At 2 there are 12 for 10 seats: 4 and 5 go, 3 stays though 1 seat is free; its own clock runs out at 2 + 20.
    assert oracles.convoys(cases, 100, seats=10, fill=10, longest_wait=20) == [
        oracles.Trip(2, (0, 1)),
        oracles.Trip(22, (2, 3)),
    ]

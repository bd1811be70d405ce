"""Budgets divided with known answers: equal parts, most value, equal cover (M6, A1, A1b, A2)."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from reliefsim import load_scenario, simulate
from reliefsim.records import Run
from reliefsim.rules import Known, most_value
from reliefsim.units import MISSING

from . import formulas
from .running import load, one_run

# cents a case, value a case, cases needed
SERVICES = {
    "water": (1_250, 0.3, 25_000),
    "food": (3_100, 0.6, 18_000),
    "health": (4_600, 0.8, 6_000),
    "shelter": (18_000, 2.0, 3_000),
    "cash": (7_500, 1.0, 4_000),
}
BUDGET = 84_400_000
NONE = ((0, 0), (0, 0), (0, 0))


def first_envelopes(run: Run) -> dict[str, int]:
    """Cents set aside for each service by the first decision."""
    first = min(envelope.time for envelope in run.envelopes)
    assert first == 0
    reason = run.envelopes[0].reason
    return {e.service: e.envelope for e in run.envelopes if (e.time, e.reason) == (first, reason)}


@pytest.mark.parametrize("budget", [84_400_000, 10, 11, 12, 1])
def test_equal_parts_go_to_the_cent_to_the_largest_remainder_by_name(budget: int) -> None:
    run = one_run(load("m6-three-equal-parts", grants__donor__amount_usd=budget / 100))
    parts = first_envelopes(run)
    assert [parts[name] for name in ("food", "shelter", "water")] == formulas.largest_remainder(budget, [1, 1, 1])


def test_the_published_parts_are_right() -> None:
    assert formulas.largest_remainder(84_400_000, [1, 1, 1]) == [28_133_334, 28_133_333, 28_133_333]
    assert formulas.largest_remainder(10, [1, 1, 1]) == [4, 3, 3]


def best_plan(whole: bool) -> tuple[list[float], float]:
    """People a service and value of the best plan, by linear (whole people: integer) programming."""
    cost, value, need = (np.array(column, np.float64) for column in zip(*SERVICES.values(), strict=True))
    found = optimize.milp(
        -value,
        constraints=optimize.LinearConstraint(cost[None, :], -np.inf, BUDGET),
        bounds=optimize.Bounds(0, need),
        integrality=np.full(len(cost), int(whole)),
        options={"mip_rel_gap": 0.0},
    )
    assert found.x is not None
    assert found.fun is not None
    return found.x.tolist(), -float(found.fun)


def test_linear_programming_gives_the_published_plans() -> None:
    assert best_plan(whole=False)[1] == pytest.approx(17787.096774193546, rel=1e-9)
    people, value = best_plan(whole=True)
    assert [round(x) for x in people] == [25_000, 17_145, 0, 0, 0]
    assert value == pytest.approx(17787.0, rel=1e-9)


def test_most_value_sets_aside_what_linear_programming_would() -> None:
    parts = first_envelopes(one_run(load("a1-most-value")))
    people = {name: parts.get(name, 0) // cents for name, (cents, _, _) in SERVICES.items()}
    assert list(people.values()) == [round(x) for x in best_plan(whole=True)[0]]
    worth = sum(people[name] * value for name, (_, value, _) in SERVICES.items())
    assert worth == pytest.approx(17787.0, rel=1e-9)
    assert BUDGET - sum(people[name] * cents for name, (cents, _, _) in SERVICES.items()) == 500


TWO_GRANTS = """
format = 1
name = "two-grants"
start_date = 2030-01-01
horizon_days = 10
caseload = { people = 25000, registered_at_start_share = 1 }
plan = { rule = "most-value" }
[grants.a]
amount_usd = 500000
pays_for = ["water", "health"]
[grants.b]
amount_usd = 344000
"""


def best_of_two_grants(a: int, b: int) -> Fraction:
    """The most value of grant a (water and health only) and grant b, by looking at every plan that could be the best.

    Duality: with a cent of a worth what it buys of health, and a cent of b what it buys of food, no plan is worth more
    than the bound, and each case of what is dearer than its worth, and each need of water left open, costs it its
    difference. So whatever costs more than a plan at hand falls short of the bound can be left out.
    """
    price, value, need = ({name: Fraction(str(row[part])) for name, row in SERVICES.items()} for part in range(3))
    cent_a, cent_b = value["health"] / price["health"], value["food"] / price["food"]
    water = value["water"] - cent_a * price["water"]
    bound = cent_a * a + cent_b * b + water * need["water"]

    def worth(open_water: int, **of_b: int) -> Fraction:
        water_a = int(need["water"]) - open_water - of_b["water"]
        health_a = int((a - water_a * price["water"]) // price["health"])
        food_b = int((b - sum(cases * price[name] for name, cases in of_b.items())) // price["food"])
        assert 0 <= health_a + of_b["health"] <= need["health"]
        assert 0 <= food_b <= need["food"]
        of_a = water_a * value["water"] + health_a * value["health"]
        return of_a + food_b * value["food"] + sum(cases * value[name] for name, cases in of_b.items())

    dearer = ("water", "health", "shelter", "cash")
    costs = [water, *(cent_b * price[name] - value[name] + (name == "water") * water for name in dearer)]
    at_hand = worth(0, **dict.fromkeys(dearer, 0))
    most = [int((bound - at_hand) / cost) for cost in costs]
    plans = product(*(range(one + 1) for one in most))
    return max(worth(first, **dict(zip(dearer, rest, strict=True))) for first, *rest in plans)


def test_most_value_of_two_grants_is_the_most_there_is(tmp_path: Path) -> None:
    """The first that comes to mind, water and health of a and food of b, is worth 17,418.4."""
    text = TWO_GRANTS + "".join(
        f'[services.{name}]\nkind = "casework"\nduration = 0.0001\nunit_cost_usd = {cents / 100}\n'
        f"value_per_case = {value}\nneed_share = {need / 25_000}\n"
        for name, (cents, value, need) in SERVICES.items()
    )
    (tmp_path / "two-grants.toml").write_text(text, encoding="utf-8")
    run = simulate(load_scenario(tmp_path / "two-grants.toml"))
    best = best_of_two_grants(50_000_000, 34_400_000)
    assert best == Fraction("17418.6")
    bought = dict.fromkeys(SERVICES, 0)
    for line in run.envelopes:
        if line.time == 0 and line.reason == run.envelopes[0].reason:
            bought[line.service] = bought.get(line.service, 0) + line.envelope // SERVICES.get(line.service, (1,))[0]
    worth = sum(min(bought[name], need) * Fraction(str(value)) for name, (_, value, need) in SERVICES.items())
    assert worth == best


@pytest.mark.parametrize("seed", range(40))
def test_most_value_of_small_plans_is_the_best_of_all_plans(seed: int) -> None:
    """Every plan of up to three cases of three services out of two grants, one by one."""
    chance = np.random.default_rng(seed)
    price, value, need = chance.integers(1, 30, 3), chance.integers(1, 9, 3), chance.integers(0, 4, 3)
    cash, may_pay = chance.integers(0, 60, 2), chance.random((3, 2)) < 0.7
    known = Known(
        time=0, services=("a", "b", "c"), grants=("g", "h"), need=tuple(need.tolist()),
        price_cents=tuple(price.tolist()), cash=tuple(cash.tolist()), may_pay=tuple(map(tuple, may_pay.tolist())),
        waiting=(0, 0, 0), lines=NONE, used=NONE, committed=NONE, spent=NONE,
        pay_order=(0, 1), life_saving_rank=(1, 1, 1), value=tuple(map(float, value)), shares={}, shares_by_grant={},
    )  # fmt: skip
    every = np.array(list(product(range(4), repeat=6))).reshape(-1, 3, 2)
    fits = (every.sum(axis=2) <= need).all(axis=1) & (np.einsum("psg,s->pg", every, price) <= cash).all(axis=1)
    fits &= (every * ~may_pay == 0).all(axis=(1, 2))
    found = np.array(most_value(known))
    assert (found >= 0).all()
    assert (found.sum(axis=0) <= cash).all()
    cases = np.minimum((found // price[:, None]).sum(axis=1), need)
    assert cases @ value == (every[fits].sum(axis=2) @ value).max()


def test_the_plan_of_most_value_is_carried_out() -> None:
    run = one_run(load("a1-most-value"))
    served = run.cases["service"][run.cases["started"] != MISSING]
    assert [int((served == run.names.services.index(name)).sum()) for name in SERVICES] == [25_000, 17_145, 0, 0, 0]
    assert run.cases["cents"].sum() == BUDGET - 500


def test_by_need_covers_the_same_part_of_every_need() -> None:
    parts = first_envelopes(one_run(load("a2-equal-cover")))
    full = {name: need * cents for name, (cents, _, need) in SERVICES.items()}
    assert sum(full.values()) == 198_650_000
    cover = BUDGET / sum(full.values())
    assert cover == pytest.approx(0.424867858041782, rel=1e-9)
    names = sorted(SERVICES)
    exact = formulas.largest_remainder(BUDGET, [Fraction(full[name]) for name in names])
    assert [parts[name] for name in names] == exact
    # A cent of the dearest is the finest step a share can take.
    assert [parts[name] / full[name] for name in names] == pytest.approx([cover] * 5, abs=1 / min(full.values()))

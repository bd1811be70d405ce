"""Budgets divided with known answers: equal parts, most value, equal cover (M6, A1, A1b, A2)."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize

from reliefsim.records import MISSING, Run

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

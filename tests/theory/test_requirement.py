"""Need is priced alike whatever grants there are, and whatever they are called."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from reliefsim.scenario import load_scenario, replace

from .running import load, one_run

NAMES = ["aaa", "mm", "zzz"]


def requirement(**changes: Any) -> tuple[int, ...]:
    """What each case needed costs, in cents."""
    return tuple(one_run(load("relations-operation", **changes)).cases["priced_cents"].tolist())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "grant",
    [
        {"amount_usd": 0.01, "indirect_rate": 0.2},
        {"amount_usd": 0, "indirect_rate": 0.2, "pays_for": ("medical",)},
        {"amount_usd": 0.01, "pays_for": ("kits",), "until_day": 30},
    ],
)
def test_a_grant_without_money_to_speak_of_moves_no_need(name: str, grant: dict[str, Any]) -> None:
    assert requirement(**{f"grants__{name}": grant}) == requirement()


@pytest.mark.parametrize("name", NAMES)
def test_a_pledge_moves_no_need(name: str) -> None:
    pledge = {"amount_usd": 50_000, "indirect_rate": 0.25}
    for probability in (0, 1):
        assert requirement(**{f"pledges__{name}": {**pledge, "probability": probability}}) == requirement()


def test_the_rate_is_the_mean_of_the_awards_by_money_or_the_stated_one() -> None:
    scenario = load("m1-one-price", grants__donor={"amount_usd": 300, "indirect_rate": 0.1})
    both = replace(scenario, {"grants": {"a": {"amount_usd": 300, "indirect_rate": 0.1}, "b": {"amount_usd": 100}}})
    price = 4_000
    for one, rate in (
        (scenario, Fraction(1, 10)),
        (both, Fraction(3, 40)),
        (replace(both, {"requirement_indirect_rate": 0.05}), Fraction(1, 20)),
        (replace(both, {"requirement_indirect_rate": 0.05, "money": "unlimited"}), Fraction(1, 20)),
    ):
        run = one_run(one)
        assert set(run.cases["priced_cents"].tolist()) == {price + price * rate // 1}


@pytest.mark.parametrize("grant", ["grants.one-cent", "grants.zz-one-cent"])
def test_one_cent_more_changes_no_price_of_the_shipped_operation(grant: str) -> None:
    scenario = load_scenario("baseline")
    run, other = one_run(scenario), one_run(replace(scenario, {grant: {"amount_usd": 0.01}}))
    assert (run.cases["priced_cents"] == other.cases["priced_cents"]).all()

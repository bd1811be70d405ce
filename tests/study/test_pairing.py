"""Replication r of every scenario, rule and budget shares every draw that they have in common."""

from __future__ import annotations

import numpy as np
import pytest

from reliefsim.engine.simulate import prepared, simulate
from reliefsim.engine.world.world_draws import World, draw_world
from reliefsim.records import Run
from reliefsim.rules import RULES
from reliefsim.scenario import load_scenario, replace
from reliefsim.scenario.schema import Scenario

from .pairing import pairing, richer, totals

DRAWN_OF_HOUSEHOLDS = ("arrived", "left", "size", "priority_class", "origin", "location", "population", "went")
DRAWN_OF_CASES = ("household", "member", "service", "arose", "people", "priority_class", "priced_cents")


def small(name: str = "baseline", **more: object) -> Scenario:
    changes = {"caseload.people": 2000, "caseload.target_people": 2000}
    return replace(load_scenario(name), {**changes, **{key.replace("__", "."): one for key, one in more.items()}})


def test_pairing_narrows_the_difference_a_tenth_more_money_makes_tenfold() -> None:
    """With 250 runs the ratio, some 20, is known to about 13 %: 10 is more than five standard errors away."""
    base = load_scenario("baseline")
    one, other = (totals(scenario, 250)["people_reached"] for scenario in (base, richer(base, 1.1)))
    assert pairing(one, other).ratio > 10


def test_independent_seeds_do_not_narrow_it() -> None:
    """The same ratio for runs that share nothing: one, within four standard errors."""
    one, other = (totals(small(), 300, seed=seed)["people_reached"] for seed in (1, 2))
    assert pairing(one, other).ratio == pytest.approx(1.0, abs=0.33)


def drawn(run: Run) -> tuple[bytes, ...]:
    """All that chance decided before anybody acted."""
    return (
        *(run.households[name].tobytes() for name in DRAWN_OF_HOUSEHOLDS),
        *(run.cases[name].tobytes() for name in DRAWN_OF_CASES), run.member_class.tobytes(),
    )  # fmt: skip


def test_rules_and_budgets_share_the_whole_world() -> None:
    """Where pairing narrows little, it is for what the plans do: nothing that could be shared is not."""
    base = small()
    worlds = {drawn(simulate(base, rule, seed=7)) for rule in RULES}
    worlds |= {drawn(simulate(richer(base, factor), seed=7)) for factor in (0.5, 1.1, 2.0)}
    assert len(worlds) == 1


def world_of(scenario: Scenario) -> World:
    _, wanted, _ = prepared(scenario)
    return draw_world(wanted, 7, 0)


def by_need(world: World, count: int, services: dict[int, str]) -> dict[tuple[int, int, str, int], tuple[int, ...]]:
    """Everything drawn for the cases of the first ``count`` households, by who needs what and when."""
    found: dict[tuple[int, int, str, int], tuple[int, ...]] = {}
    for case, work in zip(world.cases, world.work, strict=True):
        if case["household"] < count:
            key = (int(case["household"]), int(case["member"]), services[int(case["service"])], int(case["arose"]))
            found[key] = tuple(int(work[name]) for name in ("duration", "patience", "outreach", "price"))
    return found


def names(scenario: Scenario) -> dict[int, str]:
    return dict(enumerate(sorted(scenario.services)))


@pytest.mark.parametrize(
    "changes",
    [
        {"caseload__people": 2040},  # a few households more
        {"teams__counsellors__count": 9},
        {"services__nfi__stock__initial": 9},
        {"dtm__round_cost_usd": 1},
    ],
    ids=["households", "team", "stock", "round"],
)
def test_nobody_else_s_draws_move(changes: dict[str, object]) -> None:
    """One more household, one more team, another service's stock: who was there before is served as long as before."""
    one, other = small(), small(**changes)
    before, after = world_of(one), world_of(other)
    # Those who come later are numbered behind these, and hosts come in proportion; the last one is cut to fit.
    count = int(((before.households["population"] == 0) & (before.households["arrived"] == 0)).sum()) - 1
    for name in ("size", "origin", "location", "priority_class"):
        assert (before.households[name][:count] == after.households[name][:count]).all()
    mine, its = by_need(before, count, names(one)), by_need(after, count, names(other))
    assert len(mine) > 500
    assert mine == its


def test_growth_adds_what_its_formula_says_and_moves_nobody_who_was_there() -> None:
    """People who come by a law are a compound Poisson sum: the variance of what they add is Λ·E[size²].

    With 1,200 runs its standard error is about 4.1 %; four of them are allowed.
    """
    base, growing = small(caseload__turnover_month=0), small("rapid-growth", caseload__turnover_month=0)
    _, wanted, _ = prepared(growing)
    _, base_wanted, _ = prepared(base)
    added = []
    for replication in range(1200):
        world = draw_world(wanted, 5, replication)
        size = world.households["size"][world.households["population"] == 0]
        added.append(int(size.sum()) - 2000)
        if replication < 5:
            before = draw_world(base_wanted, 5, replication).households
            first = before[before["population"] == 0]
            assert (world.households["size"][: len(first)] == first["size"]).all()
            assert (world.households["location"][: len(first)] == first["location"]).all()
    sizes = np.arange(1, len(wanted.sizes) + 1)
    shares = np.diff(wanted.sizes, prepend=0.0)
    square = wanted.alone + (1 - wanted.alone) * float(sizes**2 @ shares)
    mean = wanted.alone + (1 - wanted.alone) * float(sizes @ shares)
    households = float(wanted.course.rise_households[-1])
    error = (households * square / 1200) ** 0.5
    assert np.mean(added) == pytest.approx(households * mean, abs=4 * error)
    assert np.var(added, ddof=1) == pytest.approx(households * square, rel=4 * 0.041)

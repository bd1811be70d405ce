"""What a pledge brings, and when, is drawn from its ranges in every replication, and is the same under every rule."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from scipy import stats

from reliefsim import simulate
from reliefsim.layout import Account
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY

from .running import FALSE_ALARM, assert_mean

AMOUNT, FROM = {"value": 100, "low": 40, "high": 400.01}, {"value": 20, "low": 10, "high": 45}
RUNS = 400


def pledged(**pledge: Any) -> Scenario:
    """Nobody, a little money that is there, and a pledge."""
    return Scenario.model_validate(
        {
            "name": "pledged", "start_date": datetime.date(2012, 7, 1), "horizon_days": 60,
            "services": {"aid": {"kind": "casework", "duration": 1, "unit_cost_usd": 5}},
            "grants": {"small": {"amount_usd": 10}},
            "pledges": {"hope": {"probability": 1, "amount_usd": AMOUNT, "from_day": FROM, **pledge}},
        }
    )  # fmt: skip


def came(run: Run, grant: str = "hope") -> list[tuple[int, int]]:
    """Second and cents of all that came of a grant."""
    rows = run.postings[run.postings["credit"] == Account.DONOR]
    rows = rows[rows["grant"] == run.names.grants.index(grant)]
    return [(int(row["time"]), int(row["cents"])) for row in rows]


@pytest.fixture(scope="module")
def tranches() -> np.ndarray[Any, np.dtype[np.int64]]:
    """Second and cents of the one tranche, in each replication."""
    scenario = pledged()
    return np.array([came(simulate(scenario, seed=3, replication=number))[0] for number in range(RUNS)])


@pytest.mark.parametrize(("column", "unit", "stated"), [(1, 100, AMOUNT), (0, DAY, FROM)])
def test_amount_and_day_are_triangular_between_low_and_high(tranches: Any, column: int, unit: int, stated: Any) -> None:
    low, mode, high = (float(stated[key]) for key in ("low", "value", "high"))
    drawn = tranches[:, column] / unit
    assert low <= drawn.min()
    assert drawn.max() <= high
    assert_mean(drawn, (low + mode + high) / 3, detects=0.1 * (high - low))
    law = stats.triang((mode - low) / (high - low), low, high - low)
    assert stats.kstest(drawn, law.cdf).pvalue > 2 * FALSE_ALARM
    assert len(np.unique(drawn)) > 0.9 * RUNS


def test_amount_and_day_of_a_pledge_and_those_of_another_have_streams_of_their_own(tranches: Any) -> None:
    assert abs(np.corrcoef(tranches.T)[0, 1]) < 4 / np.sqrt(RUNS)
    tree = pledged().model_dump()
    tree["pledges"]["else"] = tree["pledges"]["hope"]
    both = Scenario.model_validate(tree)
    runs = [simulate(both, seed=3, replication=number) for number in range(20)]
    assert [list(came(run)[0]) for run in runs] == tranches[:20].tolist()
    assert all(came(run) != came(run, "else") for run in runs)


def test_every_rule_and_a_draw_of_all_ranges_meet_the_same_pledge() -> None:
    scenario = pledged()
    for number in range(5):
        runs = [simulate(scenario, rule, 7, number) for rule in ("equal", "by-need")]
        runs.append(simulate(scenario, "equal", 7, number, uncertain=True))
        assert came(runs[0]) == came(runs[1]) == came(runs[2])


def test_only_pledges_are_drawn_unless_all_ranges_are() -> None:
    tree = pledged().model_dump()
    amount, day = {"value": 10, "low": 5, "high": 20}, {"value": 2, "low": 1, "high": 9}
    tree["grants"]["small"] = {"amount_usd": amount, "from_day": day}
    scenario = Scenario.model_validate(tree)
    runs = [simulate(scenario, seed=1, replication=number) for number in range(5)]
    assert all(came(run, "small") == [(2 * DAY, 1000)] for run in runs)
    assert len({came(run)[0] for run in runs}) == 5
    assert {came(simulate(scenario, replication=n, uncertain=True), "small")[0] for n in range(5)} != {(2 * DAY, 1000)}


def test_a_pledge_without_ranges_is_what_it_says() -> None:
    scenario = pledged(amount_usd=12.5, from_day=datetime.date(2012, 7, 11))
    assert {tuple(came(simulate(scenario, replication=number))) for number in range(5)} == {((10 * DAY, 1250),)}


@pytest.mark.parametrize(
    "parts",
    [
        ({"day": 46, "share": 0.25}, {"day": 50, "share": 0.75}),
        ({"day": 46, "amount_usd": 25}, {"day": 50, "amount_usd": 75}),
    ],
)
def test_tranches_keep_their_parts_of_what_comes(parts: tuple[Any, ...]) -> None:
    scenario = pledged(tranches=parts)
    for number in range(20):
        whole = came(simulate(pledged(), replication=number))[0][1]
        (first, one), (second, other) = came(simulate(scenario, replication=number))
        assert (first, second) == (46 * DAY, 50 * DAY)
        assert one + other == whole
        assert abs(one - whole / 4) <= 1


def test_a_tranche_does_not_come_before_the_day_that_is_drawn() -> None:
    scenario = pledged(tranches=({"day": 20, "share": 0.5}, {"day": 50, "share": 0.5}))
    for number in range(20):
        begins = came(simulate(pledged(), replication=number))[0][0]
        assert [time for time, _ in came(simulate(scenario, replication=number))] == [max(begins, 20 * DAY), 50 * DAY]


def test_a_pledge_whose_window_ends_before_the_day_that_is_drawn_never_comes() -> None:
    scenario = pledged(until_day=21)
    seen = set()
    for number in range(30):
        first = came(simulate(pledged(), replication=number))[0]
        wanted = [first] if first[0] < 21 * DAY else []
        assert came(simulate(scenario, replication=number)) == wanted
        seen.add(bool(wanted))
    assert seen == {False, True}

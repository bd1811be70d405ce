"""No two things that chance decides share a draw: not two members, services, cases, or purposes of one case."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from reliefsim import replace, simulate
from reliefsim.engine.world.world_draws import _by_second
from reliefsim.layout import Outcome
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import MISSING

from .drawing import ALARM, assert_share

LONG = {"law": "exponential", "mean_days": 100}  # in seconds: two of a hundred draws are equal once in thousands
SERVICE = {
    "kind": "casework", "unit": "member", "need_rate_year": 0.3, "duration": LONG, "patience": LONG,
    "intake": "outreach", "outreach_share": 0.5, "outreach_delay": LONG,
    "unit_cost_usd": {"values_usd": [1, 2], "shares": [0.5, 0.5]}, "wished_outcome_share": 0.5,
}  # fmt: skip
BY_CHANCE = 5  # so many seconds may be equal; a shared draw makes hundreds so
Integers = npt.NDArray[np.int64]


def told(scenario: Scenario, **more: Any) -> Run:
    """300 households of nine, more than are drawn at once, with two services of one and the same rate."""
    service = SERVICE | more
    return simulate(replace(scenario, {
        "horizon_days": 4000, "caseload.people": 2700, "caseload.household_size_mean": 9, "classes": None,
        "caseload.household_size_cv": 0, "services": {"one": service, "other": service},
    }))  # fmt: skip


@pytest.fixture(scope="module")
def served(scenario: Scenario) -> Run:
    return told(scenario)


@pytest.fixture(scope="module")
def waiting(scenario: Scenario) -> Run:
    """The same cases, whom nobody serves."""
    return told(scenario, workers=0)


def equal(numbers: Integers) -> int:
    return len(numbers) - len(np.unique(numbers))


def test_no_two_people_or_services_share_the_draws_of_their_needs(served: Run) -> None:
    """The seconds at which people first need a service, and the times to the next, are all different."""
    cases = served.cases
    before = np.flatnonzero(
        (np.diff(cases["household"]) == 0) & (np.diff(cases["member"]) == 0) & (np.diff(cases["service"]) == 0)
    )
    first = np.delete(cases["arose"], before + 1)
    gaps = cases["arose"][before + 1] - cases["arose"][before]
    assert len(first) > 5000
    assert len(gaps) > 10_000
    assert equal(np.concatenate([first, gaps])) <= BY_CHANCE


def test_no_two_cases_or_purposes_of_a_household_share_a_draw(served: Run, waiting: Run) -> None:
    """Delays of outreach and durations, and of the same cases where nobody serves them, patience: all different."""
    cases, left = served.cases, waiting.cases
    found = (cases["opened"] != MISSING) & (cases["started"] != MISSING) & (cases["outcome"] == Outcome.SERVED)
    gone = left["outcome"] == Outcome.GAVE_UP
    drawn = [
        (cases["household"][found], (cases["opened"] - cases["arose"])[found]),
        (cases["household"][found], (cases["ended"] - cases["started"])[found]),
        (left["household"][gone], (left["ended"] - left["opened"])[gone]),
    ]
    numbers = np.concatenate([(home.astype(np.int64) << 32) | seconds for home, seconds in drawn])
    assert len(numbers) > 20_000
    assert equal(numbers) <= BY_CHANCE


def test_price_outcome_and_outreach_have_nothing_to_do_with_each_other(served: Run) -> None:
    cases = served.cases[served.cases["arose"] < 3000 * 86_400]
    dear = cases["priced_cents"] == 200
    found = cases["opened"] != MISSING
    done = cases["outcome"] == Outcome.SERVED
    assert_share(int(cases["wished"][done].sum()), int(done.sum()), 0.5, finds=0.07)
    for one, other in ((dear, found), (dear[done], cases["wished"][done] == 1)):
        table = [[int((a & b).sum()) for b in (other, ~other)] for a in (one, ~one)]
        assert min(itertools.chain(*table)) > 500
        assert float(stats.chi2_contingency(table).pvalue) > ALARM


@pytest.mark.parametrize("horizon", [1, 511, 512, 2**18, 2**27 - 1, 2**27, 2**27 + 1, 2**28])
def test_entries_are_put_in_order_of_their_seconds_however_long_the_horizon(horizon: int) -> None:
    """A digit more begins at 2**27 seconds: four years and three months."""
    seconds = np.random.default_rng(7).integers(0, horizon, 2000)
    seconds[:2] = horizon - 1, 0
    entries = (seconds << 32) | np.arange(2000)
    wanted = np.sort(entries)
    assert np.array_equal(_by_second(entries, horizon), wanted)

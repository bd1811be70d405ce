"""Patience, delays, trips, lead times and stays keep the laws they are given, as durations do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from reliefsim import replace, simulate
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY, MISSING

from .drawing import ALARM, assert_mean, cases

LAWS: dict[str, tuple[dict[str, Any], float, float]] = {
    "exponential": ({"law": "exponential", "mean_days": 3}, 3, 1),
    "gamma": ({"law": "gamma", "mean_days": 3, "cv": 0.5}, 3, 0.5),
    "lognormal": ({"law": "lognormal", "mean_days": 3, "cv": 0.8}, 3, 0.8),
    "triangular": (
        {"law": "triangular", "low_days": 1, "mode_days": 2, "high_days": 6},
        3,
        math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18) / 3,
    ),
    "empirical": ({"law": "empirical", "values_days": [1, 5], "weights": [1, 1]}, 3, 2 / 3),
    "constant": ({"law": "constant", "mean_days": 3}, 3, 0),
}  # fmt: skip


@pytest.mark.parametrize("law", LAWS)
def test_lead_times_and_patience_keep_the_law_they_are_given_as_durations_do(scenario: Scenario, law: str) -> None:
    """The same law as patience (no team is there), as delay of outreach, and as duration: mean and spread as stated."""
    stated, mean, cv = LAWS[law]
    changed = replace(scenario, {
        "caseload.people": 9000, "caseload.household_size_mean": 1, "caseload.household_size_cv": 0, "classes": None,
        "caseload.household_size_max": 1, "services": {
            "delay": {"kind": "casework", "duration": stated, "intake": "outreach", "outreach_delay": stated},
            "patience": {"kind": "casework", "duration": 1, "workers": 0, "patience": stated},
        },
    })  # fmt: skip
    found = simulate(changed, seed=13)
    delay, patience = cases(found, "delay"), cases(found, "patience")
    drawn = [
        last[column] - first
        for last, column, first in (
            (delay, "opened", delay["arose"]),
            (delay, "ended", delay["started"]),
            (patience, "ended", patience["opened"]),
        )
    ]
    for seconds in drawn:
        days = seconds / DAY
        if cv == 0:
            assert set(days.tolist()) == {mean}
            continue
        assert_mean(days, mean, finds=0.21)
        assert_mean((days - mean) ** 2, (cv * mean) ** 2, finds=0.4 * (cv * mean) ** 2 if law != "lognormal" else 3.3)
    assert cv == 0 or abs(float(np.corrcoef(drawn[0], drawn[2])[0, 1])) < 3.89 / math.sqrt(9000)


def test_trips_and_deliveries_take_the_time_their_law_states(scenario: Scenario) -> None:
    """A convoy leaves for each household; an order is placed for each kit."""
    stated = {"law": "gamma", "mean_days": 3, "cv": 0.5}
    changed = replace(scenario, {
        "caseload.people": 3000, "caseload.household_size_mean": 1, "caseload.household_size_cv": 0, "classes": None,
        "caseload.household_size_max": 1, "services": {
            "kits": {
                "kind": "goods",
                "stock": {"initial": 0, "policy": "rQ", "order_quantity": 1, "reorder_point": 0, "lead_time": stated},
            },
            "transport": {"kind": "convoy", "seats": 1, "duration": stated},
        },
    })  # fmt: skip
    found = simulate(changed, seed=17)
    trips = cases(found, "transport")
    for seconds in (trips["ended"] - trips["started"], found.orders["arrived"] - found.orders["ordered"]):
        days = seconds[seconds > 0] / DAY
        assert len(days) >= 2990
        assert float(stats.kstest(days, stats.gamma(4, scale=0.75).cdf).pvalue) > ALARM


def test_a_household_stays_as_long_as_its_own_draw_says_counted_from_its_arrival(scenario: Scenario) -> None:
    """With 20 % a month leaving (and as many arriving), stays are exponential, 5 months on average."""
    changed = replace(scenario, {
        "caseload.people": 6000, "caseload.turnover_month": 0.2, "classes": None,
        "services": {"aid": {"kind": "casework", "duration": 1}},
    })  # fmt: skip
    homes = simulate(changed, seed=19).households
    month = 365 / 12
    rate = 0.2 / month
    for group in (homes[homes["arrived"] == 0], homes[homes["arrived"] > 100 * DAY]):
        exposed = np.where(group["left"] == MISSING, 400 * DAY, group["left"]) - group["arrived"]
        left = int((group["left"] != MISSING).sum())
        expected = rate * float(exposed.sum()) / DAY  # a hazard: leavers against days at risk
        assert abs(left - expected) <= 3.89 * math.sqrt(expected)
    late = homes[(homes["arrived"] > 100 * DAY) & (homes["arrived"] < 200 * DAY)]
    stay = np.where(late["left"] == MISSING, 10**9, late["left"] - late["arrived"]) / DAY
    within = stay[stay < 200]
    cut = 1 - math.exp(-rate * 200)
    assert float(stats.kstest(within, lambda days: (1 - np.exp(-rate * days)) / cut).pvalue) > ALARM

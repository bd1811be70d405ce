"""Durations keep the mean and the spread that their law states."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from reliefsim.units import DAY

from .running import Numbers, assert_mean, load, one_run

LAWS: dict[str, tuple[dict[str, Any], Any]] = {
    "exponential": ({"law": "exponential", "mean_days": 3}, stats.expon(scale=3)),
    "gamma": ({"law": "gamma", "mean_days": 3, "cv": 0.5}, stats.gamma(4, scale=0.75)),
    "gamma-wide": ({"law": "gamma", "mean_days": 3, "cv": 1.6}, stats.gamma(1 / 2.56, scale=3 * 2.56)),
    "lognormal": (
        {"law": "lognormal", "mean_days": 3, "cv": 2},
        stats.lognorm(math.sqrt(math.log(5)), scale=3 / math.sqrt(5)),
    ),
    "triangular": (
        {"law": "triangular", "low_days": 1, "mode_days": 2, "high_days": 6},
        stats.triang(0.2, loc=1, scale=5),
    ),
}


def drawn(law: dict[str, Any]) -> Numbers:
    """Some 9,000 durations in days, out of the facts: with teams for everybody all cases start at once."""
    scenario = load("q9-teams-for-all-constant", services__shelter__duration=law, arrivals__rate_per_day=300)
    cases = one_run(scenario).cases
    days: Numbers = (cases["ended"] - cases["started"]) / DAY
    return days


@pytest.mark.parametrize("name", list(LAWS))
def test_a_law_gives_its_distribution(name: str) -> None:
    law, exact = LAWS[name]
    days = drawn(law)
    # Finds a mean that is 7.5 % of a standard deviation off; Kolmogorov's test a gap of 2.5 points anywhere.
    assert_mean(days, float(exact.mean()), detects=0.075 * float(exact.std()))
    assert float(stats.kstest(days, exact.cdf).pvalue) > 1e-4


def test_an_empirical_law_gives_its_values_by_weight() -> None:
    days = drawn({"law": "empirical", "values_days": (1.0, 2.5, 7.0), "weights": (1.0, 2.0, 5.0)})
    values, counts = np.unique(days, return_counts=True)
    assert values.tolist() == [1.0, 2.5, 7.0]
    expected = len(days) * np.array([1, 2, 5]) / 8
    assert float(stats.chisquare(counts, expected).pvalue) > 1e-4


def test_a_constant_law_has_no_spread_and_lasts_at_least_a_second() -> None:
    assert set(drawn({"law": "constant", "mean_days": 2.5}).tolist()) == {2.5}
    assert set(drawn({"law": "constant", "mean_days": 1e-7}).tolist()) == {1 / DAY}


@pytest.mark.parametrize("mean", [3 * math.sqrt(5), 3 / math.sqrt(5)])
def test_a_lognormal_mean_taken_for_its_median_is_noticed(mean: float) -> None:
    days = drawn({"law": "lognormal", "mean_days": mean, "cv": 2})
    with pytest.raises(AssertionError, match="mean"):
        assert_mean(days, 3, detects=math.inf)

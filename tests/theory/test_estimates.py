"""Means and intervals with known answers: Student's quantiles, the interval of 1 to 10, no spread (O1, O2)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from reliefsim.study.statistics.estimates import estimate

from .running import FALSE_ALARM, load, measure, waits


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(399, 3.9302850121265096), (99, 4.0550413091143245), (1999, 3.898457603259806)]
)
def test_the_quantile_these_tests_use_is_students(freedom: int, quantile: float) -> None:
    assert float(stats.t.ppf(1 - FALSE_ALARM, freedom)) == pytest.approx(quantile, rel=1e-9)
    assert float(stats.norm.ppf(1 - FALSE_ALARM)) == pytest.approx(3.890591886413094, rel=1e-9)


def test_the_interval_of_one_to_ten_is_the_published_one() -> None:
    found = estimate(np.arange(1.0, 11.0)[:, None])
    deviation = math.sqrt(sum((x - 5.5) ** 2 for x in range(1, 11)) / 9)
    assert deviation == pytest.approx(3.0276503540974917, rel=1e-9)
    assert found.mean[0] == 5.5
    assert found.ci_low[0] == pytest.approx(3.334149410331831, rel=1e-9)
    assert found.ci_high[0] == pytest.approx(7.665850589668169, rel=1e-9)
    assert found.ci_high[0] - 5.5 == pytest.approx(2.165850589668169, rel=1e-9)
    assert (found.p10[0], found.p50[0], found.p90[0]) == pytest.approx((1.9, 5.5, 9.1), rel=1e-9)


@pytest.mark.parametrize("count", [2, 3, 10, 100, 400])
def test_an_interval_leaves_a_fortieth_of_students_distribution_on_each_side(count: int) -> None:
    values = np.sqrt(np.arange(count, dtype=np.float64))
    found = estimate(values[:, None])
    error = float(values.std(ddof=1)) / math.sqrt(count)
    quantile = (float(found.ci_high[0]) - float(values.mean())) / error
    freedom = count - 1
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    inside, _ = integrate.quad(lambda t: scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2), 0, quantile)
    assert inside == pytest.approx(0.475, rel=1e-7)


def test_without_chance_an_interval_has_no_width() -> None:
    values = measure(load("q12-one-a-day"), 5, lambda run: (waits(run).mean() / 3, len(run.cases) / 7))
    found = estimate(values)
    assert (found.ci_low == found.mean).all()
    assert (found.ci_high == found.mean).all()
    assert (found.mean == values[0]).all()


def test_of_one_replication_there_is_no_interval() -> None:
    found = estimate(np.array([[3.0]]))
    assert found.mean[0] == 3.0
    assert np.isnan([found.ci_low[0], found.ci_high[0]]).all()

"""Intervals against their own definitions, solved afresh, and against distributions whose means are known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from reliefsim.study.statistics.intervals import (
    EQUAL,
    METHODS,
    NONE,
    OF_TWO,
    SKEWED,
    SKEWED_FEW,
    Floats,
    Intervals,
    intervals,
)

from .coverage import CASES, NAMED_95, OFTEN, measure, student_intervals

NAN = math.nan
numbers = st.floats(-1e9, 1e9, allow_nan=False) | st.sampled_from([0.0, 1.0]) | st.just(NAN)


def falls_short(runs: int, make: Callable[[Floats], Intervals] = intervals) -> list[str]:
    """Names that cover less than they say, by more than 2.6 standard errors (of 0.38 % at 4,000 samples).

    The bar of 95 % is 94, as an interval that covers all of these cases to the last percent is not to be had. One that
    covered 94 % would fall short by chance in one case of 200, one of 92 % is found in 99 of 100.
    """
    short = []
    for case in CASES:
        found = measure(case, runs, make=make)
        for code, bar in ((SKEWED, 0.94), (SKEWED_FEW, 0.80), (OF_TWO, 0.70)):
            covered, count = found.of(code)
            noise = 2.6 * math.sqrt(bar * (1 - bar) / max(count, 1))
            if count >= OFTEN * found.samples and covered < bar - noise:
                short.append(f"{runs} runs, {case}: {METHODS[code]!r} covers {covered:.1%}")
    return short


@pytest.mark.parametrize("runs", [2, 3, 5, 10, 20, 50, 200])
def test_an_interval_covers_what_its_name_says(runs: int) -> None:
    assert falls_short(runs) == []


@pytest.mark.parametrize("runs", [10, 50])
def test_the_same_check_refuses_students_interval(runs: int) -> None:
    short = falls_short(runs, student_intervals)
    refused = {case: any(f"runs, {case}:" in one for one in short) for case in CASES}
    assert refused["lognormal, cv 2"]
    assert refused["0, or one in 10 exponential"]
    assert refused["exponential"] == (runs == 10)
    assert not refused["normal"]


@pytest.mark.parametrize("runs", [12, 20, 50, 200])
def test_a_share_of_runs_is_covered_whatever_it_is(runs: int) -> None:
    """Worked out, not sampled: every number of ones, weighted with its binomial probability."""
    ones = np.arange(1, runs)
    found = intervals((np.arange(runs)[:, None] < ones).astype(np.float64))
    named = found.codes == SKEWED
    assert named.tolist() == (np.minimum(ones, runs - ones) >= 6).tolist()
    for share in np.arange(0.01, 0.501, 0.005):
        weight = np.where(named, stats.binom.pmf(ones, runs, share), 0.0)
        if weight.sum() >= OFTEN:
            assert weight[(found.low <= share) & (share <= found.high)].sum() / weight.sum() >= 0.938


def distance(skewness: float, runs: int, quantile: float) -> float:
    """Standard errors from the mean to the limit, from Willink's own equation: y + a + 2ay² + (4/3)a²y³ = -quantile."""
    a = skewness * (1 + 2.5 / math.sqrt(runs)) / (6 * math.sqrt(runs))
    grid = np.linspace(1e-6, a, 4001)  # the farthest that any skewness up to this one asks for
    low, high = np.full(len(grid), -100.0), np.zeros(len(grid))
    for _ in range(80):
        y = (low + high) / 2
        above = y + grid + 2 * grid * y**2 + 4 / 3 * grid**2 * y**3 > -quantile
        low, high = np.where(above, low, y), np.where(above, y, high)
    return float(max(quantile, -low.min()))


@pytest.mark.parametrize(
    "values",
    [
        [0.0, 0.1, 0.3, 0.2, 1.1, 0.6, 0.9, 0.4, 0.5, 0.8, 0.7, 1.6],
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 50.0],
        [0.0, 0.0, 0.0, 0.0, 1.0],
        [2.0, 3.0, 7.0],
    ],
)
def test_the_limit_on_the_long_side_is_willinks_and_students_on_the_other(values: list[float]) -> None:
    runs, mean = len(values), math.fsum(values) / len(values)
    error = float(stats.sem(values))
    quantile = float(stats.t.ppf(0.975, runs - 1))
    far = distance(float(stats.skew(values, bias=False)), runs, quantile)
    found = intervals(np.array([values, [-value for value in values]]).T)
    assert found.low[0] == pytest.approx(mean - quantile * error, rel=1e-9, abs=1e-12)
    assert found.high[0] == pytest.approx(mean + far * error, rel=1e-4)
    assert (found.low[1], found.high[1]) == pytest.approx((-found.high[0], -found.low[0]), rel=1e-9, abs=1e-12)
    assert far < 4.25 * quantile


def test_symmetric_values_have_students_interval() -> None:
    found = intervals(np.arange(1.0, 11.0)[:, None])
    assert (found.low[0], found.high[0]) == pytest.approx((3.334149410331831, 7.665850589668169), rel=1e-9)
    assert found.method(0) == "skewed t 95 %"


def test_what_is_equal_in_every_run_is_its_own_interval_and_claims_no_confidence() -> None:
    found = intervals(np.array([[0.0, 0.1], [0.0, NAN], [0.0, 0.1]]))
    assert found.low.tolist() == found.high.tolist() == [0.0, 0.1]
    assert found.method(0) == found.method(1) == "equal in every run"
    assert "%" not in METHODS[EQUAL]


def test_of_fewer_than_two_values_there_is_no_interval_and_no_name() -> None:
    for values in (np.empty((0, 2)), np.full((1, 2), 3.0), np.array([[NAN, 7.0], [NAN, NAN]])):
        found = intervals(values)
        assert np.isnan([found.low, found.high]).all()
        assert (found.method(0), found.method(1)) == ("", "")


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        intervals(np.array([[1.0], [-math.inf]]))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([5.0], NONE),
        ([0.0, 1.0], OF_TWO),
        ([float(number) for number in range(9)], SKEWED_FEW),
        ([float(number) for number in range(10)], SKEWED),
        ([0.0] * 95 + [1.0, 2.0, 3.0, 4.0, 5.0], SKEWED_FEW),
        ([0.0] * 94 + [-1.0, -1.0, 1.0, 1.0, 1.0, 1.0], SKEWED),
        ([3.0] * 60 + [NAN] * 30 + [-1.0] * 5, SKEWED_FEW),
        ([0.0] * 6 + [1.0] * 6, SKEWED),
        ([0.0] * 5 + [1.0] * 6, SKEWED_FEW),
    ],
)
def test_ten_runs_of_which_six_differ_make_95_percent(values: list[float], code: int) -> None:
    found = intervals(np.array(values)[:, None])
    assert found.codes.tolist() == [code]
    assert ("95" in found.method(0)) == (code in NAMED_95)


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 14), st.integers(1, 4)), elements=numbers))
def test_a_column_has_the_same_bytes_alone_and_without_the_runs_where_it_is_missing(values: np.ndarray) -> None:
    found = intervals(values)
    for column in range(values.shape[1]):
        alone = intervals(values[~np.isnan(values[:, column]), column][:, None])
        assert found.low[column : column + 1].tobytes() == alone.low.tobytes()
        assert found.high[column : column + 1].tobytes() == alone.high.tobytes()
        assert found.method(column) == alone.method(0)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=15), st.integers(-900, 900))
def test_in_another_unit_it_is_the_same_interval(values: list[int], power: int) -> None:
    unit = 2.0**power  # from 1e-271 to 1e270, so that no square or cube of it is a number
    small, large = intervals(np.array(values, np.float64)[:, None]), intervals(np.array(values)[:, None] * unit)
    assert large.low[0] == small.low[0] * unit
    assert large.high[0] == small.high[0] * unit

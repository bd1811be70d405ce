"""Estimates of indicators that are missing in some runs, and quantiles, against numpy's and hand-worked ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from reliefsim.indicators.measure import Key
from reliefsim.study.statistics.estimates import estimate, means, most_of
from reliefsim.study.statistics.intervals import EQUAL, METHODS, intervals

NAN = math.nan
numbers = st.floats(-1e9, 1e9, allow_nan=False) | st.just(NAN)


def test_what_is_missing_in_some_runs_is_estimated_over_the_others() -> None:
    found = estimate(np.array([[1.0, NAN], [NAN, NAN], [3.0, NAN], [NAN, 7.0]]))
    assert found.mean.tolist() == [2.0, 7.0]
    assert found.share_defined.tolist() == [0.5, 0.25]
    # Two values, one degree of freedom: t = tan(0.475 pi) = 12.7062, s / sqrt(2) = 1.
    assert found.ci_high[0] - 2.0 == pytest.approx(math.tan(0.475 * math.pi), rel=1e-9)
    assert np.isnan(found.ci_low[1])
    assert (found.method(0), found.method(1)) == ("t of two runs, covers 70 % or more", "")


def test_what_is_never_defined_stays_missing() -> None:
    found = estimate(np.full((3, 1), NAN))
    assert found.share_defined[0] == 0
    for number in (found.mean, found.ci_low, found.ci_high, found.p10, found.p50, found.p90):
        assert np.isnan(number[0])


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        estimate(np.array([[1.0], [math.inf]]))


def test_an_interval_ends_where_the_quantity_does_and_elsewhere_is_as_it_was() -> None:
    values = np.array([[0.0, -1.0, 1.0, 0.0], [0.0, 2.0, 0.9, 4.0], [9.0, 3.0, 0.1, 5.0]])
    made, cut = intervals(values), estimate(values, most=np.array([math.inf, math.inf, 1.0, math.inf]))
    assert (made.low < 0).all()  # what is to be cut is there: by hand, t of three runs is 4.30 at least
    assert (made.high > 1).all()
    assert cut.ci_low.tolist() == [0.0, made.low[1], 0.0, 0.0]  # a column with a negative number stays
    assert cut.ci_high.tolist() == [made.high[0], made.high[1], 1.0, made.high[3]]
    assert cut.codes.tolist() == made.codes.tolist()


def test_shares_of_a_whole_end_at_one_and_others_nowhere() -> None:
    keys = [Key("need_covered", unit="share"), Key("reached_of_target", unit="share"), Key("gap_usd", unit="USD")]
    assert most_of(keys).tolist() == [1.0, math.inf, math.inf]


@given(st.floats(-1e12, 1e12), st.integers(2, 40))
def test_equal_values_have_themselves_as_mean_and_no_width(value: float, count: int) -> None:
    found = estimate(np.full((count, 1), value))
    assert found.mean[0] == found.ci_low[0] == found.ci_high[0] == found.p10[0] == found.p90[0] == value


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=numbers))
def test_quantiles_and_means_are_numpys(values: np.ndarray) -> None:
    found = estimate(values)
    for column in range(values.shape[1]):
        known = values[~np.isnan(values[:, column]), column]
        if len(known):
            scale = 1e-9 * max(1.0, float(np.abs(known).max()))
            expected = np.quantile(known, [0.1, 0.5, 0.9])
            got = [found.p10[column], found.p50[column], found.p90[column]]
            assert got == pytest.approx(expected, rel=1e-12, abs=scale)
            assert found.mean[column] == pytest.approx(known.mean(), rel=1e-12, abs=scale)


def test_the_interval_is_that_of_its_column() -> None:
    values = np.random.Generator(np.random.Philox(1)).exponential(1.0, (12, 3))
    found, alone = estimate(values), intervals(values)
    assert found.ci_low.tolist() == alone.low.tolist()
    assert found.ci_high.tolist() == alone.high.tolist()
    assert (found.ci_high - found.mean > 1.2 * (found.mean - found.ci_low)).all()  # the tail is above
    assert [found.method(place) for place in range(3)] == ["skewed t 95 %"] * 3


def test_replications_of_one_point_are_no_independent_sample() -> None:
    """Ten points far apart, four replications each: forty rows would promise half the width."""
    random = np.random.Generator(np.random.Philox(2))
    levels = random.normal(0, 10, 10)
    values = (levels[:, None] + random.normal(0, 1, (10, 4))).reshape(40, 1)
    found = estimate(values, points=10)
    of_points = np.array([math.fsum(values[first : first + 4, 0]) / 4 for first in range(0, 40, 4)])
    assert found.mean[0] == pytest.approx(math.fsum(of_points) / 10, rel=1e-12)
    alone = intervals(of_points[:, None])
    assert (found.ci_low[0], found.ci_high[0]) == pytest.approx((alone.low[0], alone.high[0]), rel=1e-9)
    rows = estimate(values)
    assert found.ci_high[0] - found.ci_low[0] > 1.6 * (rows.ci_high[0] - rows.ci_low[0])
    assert (found.p10[0], found.p90[0]) == (rows.p10[0], rows.p90[0])
    assert (found.share_defined[0], found.replications) == (1.0, 40)


def test_each_point_counts_once_however_often_it_is_defined() -> None:
    found = estimate(np.array([[1.0], [1.0], [7.0], [NAN], [NAN], [NAN]]), points=3)
    assert found.mean[0] == 4.0
    assert found.share_defined[0] == 0.5
    assert found.method(0) == "t of two runs, covers 70 % or more"


def test_points_of_one_mean_whose_runs_differ_are_not_called_equal() -> None:
    varied, constant = np.tile([0.0, 1.0], 12), np.full(24, 3.0)
    found = means(np.array([varied, constant]).T, points=12)
    assert found.mean.tolist() == [0.5, 3.0]
    assert found.interval.codes[1] == EQUAL
    assert found.interval.method(0) == "skewed t 95 %"
    assert found.interval.low[0] < 0.4
    assert METHODS[EQUAL] == "equal in every run"


def test_rows_that_make_no_points_are_refused() -> None:
    with pytest.raises(ValueError, match="7 rows are not as many in each of 2 points"):
        estimate(np.zeros((7, 1)), points=2)


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=numbers))
def test_one_replication_of_each_point_is_as_without_points(values: np.ndarray) -> None:
    plain, points = estimate(values), estimate(values, points=len(values))
    for name in ("mean", "ci_low", "ci_high", "codes", "share_defined", "p50"):
        assert getattr(plain, name).tobytes() == getattr(points, name).tobytes()

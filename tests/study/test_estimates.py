"""Estimates of indicators that are missing in some runs, and quantiles, against numpy's and hand-worked ones."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from reliefsim.study.estimates import NO_INTERVAL, T_INTERVAL, estimate

NAN = math.nan
numbers = st.floats(-1e9, 1e9, allow_nan=False) | st.just(NAN)


def test_what_is_missing_in_some_runs_is_estimated_over_the_others() -> None:
    found = estimate(np.array([[1.0, NAN], [NAN, NAN], [3.0, NAN], [NAN, 7.0]]))
    assert found.mean.tolist() == [2.0, 7.0]
    assert found.share_defined.tolist() == [0.5, 0.25]
    # Two values, one degree of freedom: t = tan(0.475 pi) = 12.7062, s / sqrt(2) = 1.
    assert found.ci_high[0] - 2.0 == pytest.approx(math.tan(0.475 * math.pi), rel=1e-9)
    assert np.isnan(found.ci_low[1])
    assert (found.method(0), found.method(1)) == (T_INTERVAL, NO_INTERVAL)


def test_what_is_never_defined_stays_missing() -> None:
    found = estimate(np.full((3, 1), NAN))
    assert found.share_defined[0] == 0
    for number in (found.mean, found.ci_low, found.ci_high, found.p10, found.p50, found.p90):
        assert np.isnan(number[0])


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        estimate(np.array([[1.0], [math.inf]]))


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

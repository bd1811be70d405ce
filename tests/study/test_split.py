"""The split of variance against samples with known shares, and against the textbook worked out afresh."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reliefsim.study.statistics.variance_split import EQUAL, ONE_POINT, ONE_RUN, SPLIT, UNDEFINED, Floats, split


def sample(between: float, within: float, points: int, runs: int, missing: float = 0.0) -> Floats:
    """One column: normal effects of points and normal chance, with these variances; a share of it missing."""
    random = np.random.default_rng(20120701)
    effects = random.normal(0, math.sqrt(between), (points, 1))
    values = 1e6 + effects + random.normal(0, math.sqrt(within), (points, runs))
    values[random.random(values.shape) < missing] = np.nan
    return values.reshape(-1, 1)


def textbook(groups: list[list[float]]) -> tuple[float, float]:
    """Variance within and between groups of unequal size: Searle, Casella and McCulloch (1992), section 3.6."""
    groups = [group for group in groups if group]
    total = sum(map(len, groups))
    grand = sum(map(sum, groups)) / total
    means = [sum(group) / len(group) for group in groups]
    inside = sum((one - mean) ** 2 for group, mean in zip(groups, means, strict=True) for one in group)
    across = sum(len(group) * (mean - grand) ** 2 for group, mean in zip(groups, means, strict=True))
    size = (total - sum(len(group) ** 2 for group in groups) / total) / (len(groups) - 1)
    within = inside / (total - len(groups))
    return within, max(0.0, (across / (len(groups) - 1) - within) / size)


@pytest.mark.parametrize(
    ("between", "runs", "missing", "tolerance"),
    [(4.0, 10, 0.0, 0.04), (0.1, 4, 0.0, 0.07), (0.1, 6, 0.33, 0.07), (0.0, 4, 0.0, 0.06)],
)
def test_the_shares_of_a_constructed_sample_are_found(
    between: float, runs: int, missing: float, tolerance: float
) -> None:
    """Tolerances are three standard errors of the share, (1 - s)(1 + (r - 1) s) sqrt(2 / (r (r - 1) 399)).

    Without the correction for runs, 0.1 against 1 in 4 runs would come out as 0.26 instead of 0.09: seven standard
    errors off, so that it is always found.
    """
    found = split(sample(between, 1.0, 400, runs, missing), 400)
    share = between / (between + 1)
    assert found.not_knowing[0] == pytest.approx(share, abs=tolerance)
    assert found.not_knowing[0] + found.chance[0] == pytest.approx(1)
    assert found.deviation[0] == pytest.approx(math.sqrt(between + 1), rel=0.1)
    assert found.notes == (SPLIT,)


def test_unequal_numbers_of_runs_are_split_as_in_the_textbook() -> None:
    nan = math.nan
    groups = [[3.0, 5.0, 4.0, nan], [nan, 9.0, nan, nan], [nan] * 4, [1.0, 2.0, nan, 0.5], [7.0, 6.0, 8.0, 7.5]]
    within, between = textbook([[one for one in group if not math.isnan(one)] for group in groups])
    found = split(np.array(groups).reshape(-1, 1), 5)
    assert found.chance[0] == pytest.approx(within / (within + between), rel=1e-12)
    assert found.deviation[0] == pytest.approx(math.sqrt(within + between), rel=1e-12)


def test_one_run_a_point_is_not_split() -> None:
    values = np.array([[1.0], [2.0], [4.0]])
    found = split(values, 3)
    assert found.notes == (ONE_RUN,)
    assert math.isnan(found.chance[0])
    assert math.isnan(found.not_knowing[0])
    assert found.deviation[0] == pytest.approx(np.std([1, 2, 4], ddof=1))


def test_what_cannot_be_split_says_why_and_does_not_touch_its_neighbours() -> None:
    nan = math.nan
    columns = {
        SPLIT: [1, 2, 5, 7, 0, 3],
        EQUAL: [0.1] * 6,
        UNDEFINED: [nan] * 6,
        ONE_POINT: [nan, nan, 3, 4, nan, nan],
        ONE_RUN: [nan, 1, 2, nan, nan, 9],
    }
    found = split(np.array(list(columns.values()), np.float64).T, 3)
    assert found.notes == tuple(columns)
    alone = split(np.array(columns[SPLIT], np.float64)[:, None], 3)
    assert found.chance[0] == alone.chance[0]
    assert np.isnan(found.chance[1:]).all()
    assert found.deviation[1] == 0
    assert math.isnan(found.deviation[2])
    assert found.deviation[3] == pytest.approx(math.sqrt(0.5))


def test_points_that_differ_less_than_chance_would_have_it_add_nothing() -> None:
    found = split(np.array([[0.0], [4.0], [1.0], [3.0], [2.0], [2.0]]), 3)
    assert found.not_knowing[0] == 0
    assert found.chance[0] == 1


def test_a_large_mean_does_not_drown_a_small_variance() -> None:
    values = sample(4.0, 1.0, 50, 4)
    near, far = split(values, 50), split(values + 1e9, 50)
    assert far.chance[0] == pytest.approx(near.chance[0], rel=1e-5)


def test_an_infinite_value_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        split(np.array([[1.0], [math.inf]]), 2)

"""Many comparisons at once: a true verdict of nothing is kept in 95 of 100 studies, and no interval is wider than it must be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from reliefsim.study.statistics.differences import differences
from reliefsim.study.statistics.intervals import OUTSIDE, Floats
from reliefsim.study.statistics.precision import Target
from reliefsim.study.statistics.together import outside_together
from reliefsim.study.statistics.verdicts import BETTER, HIGHER, LOWER, SAME, TRIFLE, UNTOLD, WORSE, verdict

from .test_differences import arm

SHOWN = ("people_reached", "need_covered", "waiting_days", "gap_usd", "spent_usd", "cost_per_person_reached_usd")


def null_study(random: np.random.Generator, runs: int, arms: int) -> list[Floats]:
    """Runs of arms that are all the same in truth: indicators that have much in common, arms that share their worlds."""
    common = random.standard_normal((runs, 1, len(SHOWN)))
    mixed = 0.6 * random.standard_normal((runs, arms, 1)) + 0.8 * random.standard_normal((runs, arms, len(SHOWN)))
    return list(np.moveaxis(1000 + 50 * (common + 0.5 * mixed), 1, 0))


def test_ten_plans_that_are_all_alike_differ_in_five_of_a_hundred_studies_at_most() -> None:
    """300 null studies of ten comparisons by six indicators, 30 runs: some interval that covers 95 % alone leaves out 0 in
    three of four, some of those that hold together in 15 expected; 26 or more have a chance of 0.5 %."""
    random = np.random.Generator(np.random.Philox(11))
    alone = family = 0
    for _ in range(300):
        arms = [arm(values, SHOWN, name=str(place)) for place, values in enumerate(null_study(random, 30, 11))]
        found = list(differences(arms, 0, [Target(name, 0.0, False) for name in SHOWN]))
        family += any(word in (BETTER, WORSE, HIGHER, LOWER) for one in found for word in one.verdict)
        apart = np.concatenate([one.values - arms[0].values for one in arms[1:]], axis=1)
        alone += bool((stats.ttest_1samp(apart, 0.0).pvalue < 0.05).any())
    assert alone > 150
    assert family < 26


def test_what_two_comparisons_leave_is_the_multivariate_t_of_scipy() -> None:
    random = np.random.Generator(np.random.Philox(12))
    first, second = random.standard_normal((2, 25))
    values = np.stack([first, 0.7 * first + second], axis=1)
    critical = stats.t.isf(outside_together(values), 24)
    law = stats.multivariate_t([0, 0], np.corrcoef(values.T), df=24, seed=1)
    inside = law.cdf([critical] * 2, lower_limit=[-critical] * 2)
    assert inside == pytest.approx(0.95, abs=0.005)  # 20,000 draws: a deviation of 0.0015, rounded up


def test_what_says_the_same_costs_nothing_and_what_does_not_vary_does_not_count() -> None:
    values = np.random.Generator(np.random.Philox(13)).standard_normal((25, 1))
    alone = outside_together(values)
    assert alone == OUTSIDE
    copies = outside_together(np.concatenate([values * scale for scale in (1, -3, 1e9, 1e-9)], axis=1))
    assert copies == pytest.approx(OUTSIDE, abs=0.001)
    still = np.concatenate([values, np.full((25, 3), 7.0), np.full((25, 2), math.nan)], axis=1)
    assert outside_together(still) == OUTSIDE
    many = np.random.Generator(np.random.Philox(14)).standard_normal((25, 60))
    assert OUTSIDE / 60 <= outside_together(many) < OUTSIDE / 15


@pytest.mark.parametrize(
    ("mean", "ends", "real", "sense", "word"),
    [
        (5.0, (2.0, 8.0), "yes", 1, BETTER), (5.0, (2.0, 8.0), "yes", -1, WORSE), (-5.0, (-8.0, -2.0), "yes", -1, BETTER),
        (5.0, (2.0, 8.0), "yes", 0, HIGHER), (-5.0, (-8.0, -2.0), "yes", 0, LOWER),
        (0.5, (0.2, 0.8), "yes", 1, TRIFLE),  # real, and too small to matter
        (0.8, (0.2, 1.4), "yes", 1, TRIFLE),
        (0.1, (-0.5, 0.7), "no", 1, TRIFLE), (0.1, (-1.5, 1.7), "no", 1, UNTOLD), (5.0, (-1.0, 11.0), "no", 1, UNTOLD),
        (0.0, (0.0, 0.0), "equal", 1, SAME), (3.0, (math.nan, math.nan), "", 1, ""),
    ],
)  # fmt: skip
def test_a_verdict_is_by_what_matters(mean: float, ends: tuple[float, float], real: str, sense: int, word: str) -> None:
    assert verdict(mean, ends, real, sense, least=1.0) == word


def test_least_differences_are_a_hundredth_of_the_reference_a_point_of_a_share_or_as_stated() -> None:
    base = arm(np.tile([2000.0, 0.5], (12, 1)), ["people_reached", "need_covered"], name="base")
    more = np.linspace(0.9, 1.1, 12)[:, None] * [15.0, 0.02]
    plan = arm(base.values + more, ["people_reached", "need_covered"])
    (found,) = differences([base, plan], 0)
    assert (found.least.tolist(), found.verdict) == ([20.0, 0.01], (TRIFLE, BETTER))
    (found,) = differences([base, plan], 0, [Target("people_reached", 10.0, False), Target("need_covered", 0.05, True)])
    assert (found.least.tolist(), found.verdict) == ([10.0, 0.025], (BETTER, TRIFLE))

"""Differences of paired runs against scipy's paired test, plain counts, and operations with known answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from reliefsim.indicators.measure import Key, keys
from reliefsim.scenario import load_scenario, read, shipped_names
from reliefsim.study.request import StudyRequest
from reliefsim.study.running.runner import Arm, run_study
from reliefsim.study.statistics.differences import BETTER, Differences, difference, differences
from reliefsim.study.statistics.intervals import METHODS, SKEWED, SKEWED_FEW

from .test_intervals import distance

NAN = math.nan
TESTS = Path(__file__).parents[1]
numbers = st.integers(-3, 3).map(float) | st.floats(-1e6, 1e6, allow_nan=False) | st.just(NAN)


def arm(values: Any, indicators: Sequence[str] = (), points: int = 1, name: str = "plan") -> Arm:
    """An arm of made-up runs, shape (points × replications, indicators); people reached of places, unless named."""
    table = np.array(values, np.float64)
    table = table[:, None] if table.ndim == 1 else table
    named = [Key(one) for one in indicators]
    named = named or [Key("people_reached", location=str(place)) for place in range(table.shape[1])]
    reading: Any = SimpleNamespace(scenario=SimpleNamespace(name=name))
    return Arm(reading, "equal", tuple(named), (), table, np.empty((len(table), 0)), (), points)


def against_nothing(values: Any, indicator: str = "people_reached", points: int = 1) -> Differences:
    """Runs that differ from the reference by these values."""
    return difference(arm(values, [indicator], points), arm(np.zeros(len(values)), [indicator], points, "base"))


def test_the_interval_is_that_of_a_paired_test_where_differences_are_symmetric() -> None:
    random = np.random.Generator(np.random.Philox(1))
    base = random.gamma(2, 1000, 21)
    more = 40 + random.permutation(np.arange(-10.0, 11.0) ** 3)
    found = difference(arm(base + more), arm(base, name="base"))
    paired = stats.ttest_rel(base + more, base).confidence_interval(0.95)
    assert found.mean[0] == pytest.approx(40, rel=1e-9)
    assert (found.interval.low[0], found.interval.high[0]) == pytest.approx((paired.low, paired.high), rel=1e-9)
    assert found.interval.method(0) == "skewed t 95 %"


def test_of_skewed_differences_the_limit_on_the_long_side_is_willinks() -> None:
    random = np.random.Generator(np.random.Philox(2))
    base, more = random.normal(500, 90, 15), random.exponential(10, 15)
    found = difference(arm(base + more), arm(base, name="base"))
    apart = [float(one) for one in (base + more) - base]
    far = distance(float(stats.skew(apart, bias=False)), 15, float(stats.t.ppf(0.975, 14)))
    high = math.fsum(apart) / 15 + far * float(stats.sem(apart))
    assert found.interval.high[0] == pytest.approx(high, rel=1e-4)
    assert found.interval.low[0] == pytest.approx(stats.ttest_rel(base + more, base).confidence_interval().low)


@given(arrays.arrays(np.float64, st.tuples(st.just(2), st.integers(1, 12), st.just(2)), elements=numbers))
def test_means_and_chances_are_counted_run_by_run_where_both_are_defined(values: np.ndarray) -> None:
    mine, others = values
    found = difference(arm(mine, ["need_covered", "gap_usd"]), arm(others, ["need_covered", "gap_usd"], name="base"))
    for column, sign in ((0, 1), (1, -1)):
        pairs = [(a, b) for a, b in zip(mine[:, column], others[:, column], strict=True) if a == a and b == b]
        assert found.share_defined[column] == len(pairs) / len(mine)
        if pairs:
            apart = math.fsum(a - b for a, b in pairs) / len(pairs)
            assert found.mean[column] == pytest.approx(apart, rel=1e-9, abs=1e-6)
            assert found.chance_better[column] == sum(sign * a > sign * b for a, b in pairs) / len(pairs)
            assert found.chance_equal[column] == sum(a == b for a, b in pairs) / len(pairs)
        else:
            assert np.isnan([found.mean[column], found.chance_better[column], found.chance_equal[column]]).all()


@pytest.mark.parametrize(
    ("values", "real"),
    [
        ([5.0], ""),
        ([NAN, 5.0, NAN], ""),
        ([0.0] * 12, "equal"),
        ([0.0, 0.0], "equal"),
        ([3.0] * 6, "yes"),
        ([3.0] * 5, "no"),
        ([NAN] * 5 + [3.0] * 5, "no"),
        ([-1.0, -2.0] * 10, "yes"),
        ([-1.0, 2.0] * 10, "no"),
        ([1.0, 1.1, 0.9] * 4, "yes"),
        ([1.0, 200.0], "no"),
        ([5.0, 6.0, 5.5], "yes"),
        ([0.0] * 95 + [1.0] * 5, "no"),
        ([0.0] * 94 + [1.0] * 6, "yes"),
        ([NAN] * 94 + [1.0, 1.1, 1.2], "yes"),
    ],
)
def test_a_difference_is_real_if_its_interval_leaves_out_nothing(values: list[float], real: str) -> None:
    assert against_nothing(values).real == (real,)
    assert against_nothing([-one for one in values]).real == (real,)


@pytest.mark.parametrize(
    ("indicator", "values", "better"),
    [
        ("people_reached", [1.0, 2.0, 0.0, -1.0], 0.5),
        ("gap_usd", [1.0, 2.0, 0.0, -1.0], 0.25),
        ("wait_days", [-1.0, NAN, -3.0, NAN], 1.0),
        ("spent_usd", [1.0, 2.0, 0.0, -1.0], NAN),
        ("cost_per_person_reached_usd", [-1.0, -2.0, -3.0, -4.0], NAN),  # falls where fewer are reached, too
        ("gap_money_usd", [1.0, 2.0, 0.0, -1.0], NAN),
    ],
)
def test_what_is_better_depends_on_the_indicator(indicator: str, values: list[float], better: float) -> None:
    found = against_nothing(values, indicator)
    assert found.chance_better[0] == pytest.approx(better, nan_ok=True)
    assert found.chance_equal[0] == values.count(0.0) / sum(one == one for one in values)


def test_money_that_never_runs_out_lasts_longer_than_any_day() -> None:
    mine, others = [300.0, NAN, NAN, 200.0, 100.0, NAN], [250.0, 250.0, NAN, NAN, 100.0, 90.0]
    found = difference(arm(mine, ["run_out_day"]), arm(others, ["run_out_day"], name="base"))
    assert (found.chance_better[0], found.chance_equal[0]) == (0.5, 1 / 3)
    assert (found.mean[0], found.share_defined[0]) == (25.0, 1 / 3)


def test_only_what_both_have_is_compared() -> None:
    first = arm([[1.0, 2.0, 3.0]] * 2, ["gap_usd", "spent_usd", "people_reached"])
    second = arm([[10.0, 20.0]] * 2, ["people_reached", "gap_usd"], name="base")
    found = difference(first, second)
    assert [key.indicator for key in found.keys] == ["gap_usd", "people_reached"]
    assert found.mean.tolist() == [-19.0, -7.0]


def test_every_arm_is_held_against_the_reference() -> None:
    arms = tuple(arm([float(number)] * 3, name=name) for number, name in enumerate("abc"))
    found = list(differences(arms, 1))
    assert [(one.arm.scenario, one.reference.scenario, one.mean[0]) for one in found] == [
        ("a", "b", -1.0), ("c", "b", 1.0)
    ]  # fmt: skip


def test_arms_whose_runs_make_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match=r"plan/equal has 4 runs of 1 points, base/equal 4 of 2: they make no pairs"):
        difference(arm([1.0] * 4), arm([1.0] * 4, points=2, name="base"))
    with pytest.raises(ValueError, match="no pairs"):
        difference(arm([1.0] * 4), arm([1.0] * 3, name="base"))


def test_with_points_the_interval_is_of_the_means_of_points() -> None:
    random = np.random.Generator(np.random.Philox(3))
    levels = random.normal(2, 5, 12)
    apart = (levels[:, None] + random.normal(0, 1, (12, 4))).ravel()
    found, alone = against_nothing(apart, points=12), against_nothing(apart.reshape(12, 4).mean(axis=1))
    assert found.mean[0] == pytest.approx(alone.mean[0], rel=1e-12)
    assert found.interval.low[0] == pytest.approx(alone.interval.low[0], rel=1e-9)
    assert found.interval.high[0] == pytest.approx(alone.interval.high[0], rel=1e-9)
    assert found.chance_better[0] == (apart > 0).mean()
    assert found.replications == 48


@pytest.mark.parametrize(("points", "real"), [(5, "no"), (6, "yes")])
def test_what_is_the_same_in_every_run_needs_six_points(points: int, real: str) -> None:
    assert against_nothing([3.0] * points * 4, points=points).real == (real,)
    assert against_nothing([0.0] * points * 4, points=points).real == ("equal",)


def scenario_files() -> list[Any]:
    return [*shipped_names(), *sorted((TESTS / "theory" / "scenarios").glob("*.toml")),
            *sorted((TESTS / "golden").glob("*.toml"))]  # fmt: skip


def test_it_is_known_of_every_indicator_which_way_is_better() -> None:
    known = [load_scenario(name) for name in scenario_files()]
    met = {key.indicator for one in known for key in keys(one)}
    assert met == set(BETTER)
    assert set(BETTER.values()) == {-1, 0, 1}


def test_no_reason_for_a_gap_is_better_than_another() -> None:
    parts = [name for name in BETTER if name.startswith(("cases_unserved_", "gap_")) and name != "gap_usd"]
    assert len(parts) == 14
    assert {BETTER[name] for name in parts} == {0}


SAMPLES = 4_000


def paired(effect: float, noise: Any) -> Differences:
    """4,000 pairs of arms, twenty replications each, whose runs vary twenty times as much as their differences."""
    random = np.random.Generator(np.random.Philox(key=[20, 7]))
    base = random.normal(10_000, 20, (20, SAMPLES))
    return difference(arm(base + effect + noise(random, (20, SAMPLES))), arm(base, name="base"))


@pytest.mark.parametrize(
    ("effect", "noise"),
    [
        (1.0, lambda random, shape: random.normal(size=shape)),
        (1.0, lambda random, shape: random.exponential(size=shape) - 1),
        (3.0, lambda random, shape: 1 - random.exponential(size=shape)),
    ],
)
def test_a_known_difference_is_covered_and_found(effect: float, noise: Any) -> None:
    """At 4,000 samples an interval that covers 92 % is found in 99 of 100, one that covers 94 % passes in 199 of 200.

    A difference of one standard deviation of the differences (three, where the longer tail points to 0) is found real
    in 90 of 100 pairs of arms, though the runs of either vary twenty times as much; Welch's test of unpaired runs finds
    it in one of ten at most.
    """
    found = paired(effect, noise)
    assert {METHODS[SKEWED]} == {found.interval.method(place) for place in range(SAMPLES)}
    covers = (found.interval.low <= effect) & (found.interval.high >= effect)
    assert covers.mean() >= 0.94 - 2.6 * math.sqrt(0.94 * 0.06 / SAMPLES)
    assert found.real.count("yes") >= 0.9 * SAMPLES
    unpaired = stats.ttest_ind(found.arm.values, found.reference.values, equal_var=False).pvalue < 0.05
    assert unpaired.mean() <= 0.1
    none = paired(0.0, noise)
    assert none.real.count("yes") <= SAMPLES * (0.06 + 2.6 * math.sqrt(0.06 * 0.94 / SAMPLES))


def test_a_difference_that_queueing_theory_knows_is_covered() -> None:
    """Fifty people a day, places for all: on day 30 a Poisson number of mean 50 m (1 - exp(-30 / m)) is in service.

    Of 100 intervals, ten replications each, at least 89 cover the difference of stays of m = 10 and 5 days: one that
    covers 95 % fails by chance in 4 of 1,000, one that covers 80 % is found in 98 of 100.
    """
    file = TESTS / "theory" / "scenarios" / "q9-teams-for-all-exponential.toml"
    name, stay = "name", "services.shelter.duration.mean_days"
    readings = [read(file, [f"{name}=stay-{days}", f"{stay}={days}"]) for days in (10, 5)]
    study = run_study(StudyRequest(tuple(readings), replications=1_000, seed=5))
    place = study.arms[0].keys.index(Key("cases_open", unit="cases"))
    longer, shorter = (replace(one, values=one.values[:, place], keys=(Key("cases_open"),)) for one in study.arms)
    exact = 250 * (1 - math.exp(-6)) - 500 * (1 - math.exp(-3))
    batches = [slice(first, first + 10) for first in range(0, 1_000, 10)]
    found = [
        difference(replace(shorter, values=shorter.values[one, None]), replace(longer, values=longer.values[one, None]))
        for one in batches
    ]
    assert all(one.real == ("yes",) and one.interval.codes[0] in (SKEWED, SKEWED_FEW) for one in found)
    assert sum(one.interval.low[0] <= exact <= one.interval.high[0] for one in found) >= 89

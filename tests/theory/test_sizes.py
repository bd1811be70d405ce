"""Households have the mean size and the variation that the scenario states."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from reliefsim import load_scenario, simulate
from reliefsim.engine.world.size_shares import size_shares
from reliefsim.records import Run
from reliefsim.scenario.faults import ScenarioError
from reliefsim.scenario.household_sizes import caseload_sizes
from reliefsim.scenario.ranges import with_values

HEAD = """
format = 1
name = "sizes"
start_date = 2030-01-01
horizon_days = 1
money = "unlimited"
[services.aid]
kind = "casework"
duration = 1
"""
LONE = """
[classes.lone]
share = 0.02
who = "alone"
[classes.head]
share = 0.05
priority = 2
who = "head"
[classes.other]
share = 0.93
priority = 3
"""


@pytest.mark.parametrize("mean", [2.0, 2.3, 3.7, 5.0, 5.2, 6.69, 11.5])
@pytest.mark.parametrize("cv", [0.06, 0.12, 0.2, 0.3, 0.45, 0.5, 0.8])
def test_sizes_have_the_stated_mean_and_variation(mean: float, cv: float) -> None:
    """Below what two neighbouring sizes have, these two are what there is."""
    sizes, shares = np.arange(1, 201), size_shares(mean, (cv * mean) ** 2, 200)
    least = (mean - math.floor(mean)) * (math.ceil(mean) - mean)
    found = float(sizes @ shares)
    assert shares.min() >= 0
    assert found == pytest.approx(mean, rel=1e-9)
    assert float((sizes - found) ** 2 @ shares) == pytest.approx(max(least, (cv * mean) ** 2), rel=1e-6)


@pytest.mark.parametrize("most", [2, 3, 6, 12, 30, 200])
def test_no_largest_household_moves_mean_or_variation(most: int) -> None:
    """Any mean and any variance that whole numbers from one to the largest can have, to the limits."""
    sizes = np.arange(1, most + 1)
    for mean in np.linspace(1, most, 12):
        low, high = (mean % 1) * (1 - mean % 1), (mean - 1) * (most - mean)
        for part in (0, 1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 1 - 1e-6, 1):
            wanted = low + part * (high - low)
            shares = size_shares(mean, wanted, most)
            assert shares.shape == (most,)
            assert shares.min() >= 0
            assert float(shares.sum()) == pytest.approx(1, abs=1e-9)
            assert float(sizes @ shares) == pytest.approx(mean, rel=1e-7)
            assert float((sizes - mean) ** 2 @ shares) == pytest.approx(wanted, rel=1e-6, abs=1e-7)


def drawn(folder: Path, caseload: str, more: str = "") -> Run:
    """A run of 200,000 people."""
    path = folder / "sizes.toml"
    path.write_text(f"{HEAD}[caseload]\npeople = 200000\n{caseload}\n{more}", encoding="utf-8")
    return simulate(load_scenario(path), seed=5)


def assert_mean_and_cv(sizes: np.ndarray[tuple[int], np.dtype[np.float64]], mean: float, cv: float) -> None:
    """Four standard errors either way: a sound sample fails one time in 16,000, one 5 % off (the variance: 25 %) passes
    one time in a hundred."""
    count, apart = len(sizes), sizes - sizes.mean()
    error, variance = float(sizes.std()) / math.sqrt(count), float(sizes.var())
    of_variance = math.sqrt(max(0.0, float((apart**4).mean()) - variance**2) / count)
    assert (4 + 2.33) * error < 0.05 * mean
    assert (4 + 2.33) * of_variance < 0.25 * variance
    assert abs(float(sizes.mean()) - mean) <= 4 * error
    assert abs(variance - (cv * mean) ** 2) <= 4 * of_variance


@pytest.mark.parametrize(
    ("mean", "cv", "most", "classes"),
    [(4, 0.5, 15, LONE), (10, 1, 30, ""), (6.69, 0.5, 25, LONE), (7.5, 0.39, 9, LONE), (4, 0.1, 30, ""), (12, 0.9, 40, LONE)],
)
def test_households_drawn_have_the_mean_and_the_variation_of_the_file(
    tmp_path: Path, mean: float, cv: float, most: int, classes: str
) -> None:
    stated = f"household_size_mean = {mean}\nhousehold_size_cv = {cv}\nhousehold_size_max = {most}"
    run = drawn(tmp_path, stated, classes)
    sizes = run.households["size"][:-1].astype(np.float64)  # the last one is cut to fit
    assert sizes.max() <= most
    assert_mean_and_cv(sizes, mean, cv)
    for name, share in (("lone", 0.02), ("head", 0.05)) if classes else ():
        members = int((run.member_class == run.names.classes.index(name)).sum())
        homes = len(sizes) * share * mean  # a binomial number of households has such a member
        assert abs(members - 200_000 * share) <= 4 * math.sqrt(homes) * 1.5


def test_hosts_have_a_mean_and_a_variation_of_their_own(tmp_path: Path) -> None:
    hosts = "[hosts]\nhouseholds_per_household = 1\nhousehold_size_mean = 9\nhousehold_size_cv = 0.7\n" + LONE
    run = drawn(tmp_path, "household_size_mean = 4\nhousehold_size_cv = 0.5\nhousehold_size_max = 20", hosts)
    is_host = run.households["population"] == 1
    assert_mean_and_cv(run.households["size"][is_host].astype(np.float64), 9, 0.7)
    caseload, hosts = "household_size_mean = 4\nhousehold_size_cv = 0.5", "households_per_household = 1\nhousehold_size_cv = 0.8"
    run = drawn(tmp_path, caseload, f"[hosts]\n{hosts}")
    assert_mean_and_cv(run.households["size"][run.households["population"] == 1].astype(np.float64), 4, 0.8)


@pytest.mark.parametrize(
    ("caseload", "more", "key", "said"),
    [
        # between 1 and 30 with mean 25: at most 24 · 5 = 120, sqrt(120) / 25; and 24 + 400 / 24 + 1 = 41.67
        ("household_size_mean = 25\nhousehold_size_cv = 0.8", "", "caseload.household_size_cv",
         "from 0 to 0.4382. Or household_size_max is 42 or more"),
        ("household_size_mean = 2.5\nhousehold_size_cv = 0.1", "", "caseload.household_size_cv",
         "it is from 0.2 to 2.569, or 0: as little as there can be"),
        # 2 % of people in households of one: 8 % of households of 4 (mean of the others 392/92 = 4.26), least 0.0872
        ("household_size_mean = 4\nhousehold_size_cv = 0.1", LONE, "caseload.household_size_cv",
         "0.02 of all people living alone"),
        ("household_size_mean = 6\nhousehold_size_max = 6", LONE, "caseload.household_size_mean", "at most 5.45455"),
        ("household_size_mean = 2", "[hosts]\nhouseholds_per_household = 1\nhousehold_size_mean = 29\nhousehold_size_cv = 0.5",
         "hosts.household_size_cv", "from 0 to 0.1825"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_with_what_can(tmp_path: Path, caseload: str, more: str, key: str, said: str) -> None:
    with pytest.raises(ScenarioError) as told:
        drawn(tmp_path, caseload, more)
    assert key in str(told.value)
    assert said in str(told.value)


def test_values_drawn_that_cannot_be_are_moved_to_the_nearest(tmp_path: Path) -> None:
    run = drawn(tmp_path, "household_size_mean = 4\nhousehold_size_cv = 0.5\nhousehold_size_max = 12", LONE)
    moved = with_values(run.scenario, {"caseload.household_size_cv": 3, "caseload.household_size_mean": 5})
    # the others: 4.9/.9 = 5.444; at most 4.444 · 6.556 = 29.136; all: .9 (29.136 + 29.642) + .1 - 25 = 28
    assert moved.caseload.household_size_mean.value == 5
    assert moved.caseload.household_size_cv.value == pytest.approx(math.sqrt(28) / 5, rel=1e-9)
    far = with_values(run.scenario, {"caseload.household_size_mean": 14})
    assert far.caseload.household_size_mean.value == pytest.approx(12 / (0.98 + 0.02 * 12))
    sizes = simulate(far, seed=5).households["size"]
    assert set(sizes[:-1].tolist()) == {1, 12}
    same = with_values(run.scenario, {"caseload.household_size_mean": 4.0})
    assert caseload_sizes(same) == caseload_sizes(run.scenario)

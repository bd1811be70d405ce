"""What is fitted to counts agrees with dense algebra, with its own paths, and with parameters that made the counts."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import numpy as np
import pytest

from reliefsim import ScenarioError, load_scenario, replace, simulate
from reliefsim.displacement import displaced
from reliefsim.engine.world.growth_path import with_path
from reliefsim.growth.scores import Series, crps, forecasts, scored
from reliefsim.growth.trend import DAYS_A_MONTH, SIZES, Learned, ahead, filtered, path, quantiles
from reliefsim.units import DAY

LEARNED = Learned(0.08, 0.5, 0.1, 0.85, 0.6, 0.1)
MONTHS = np.array([0.0, 0.4, 1.1, 3.0, 3.2, 6.0])
LOGS = np.array([10.0, 10.3, 10.5, 11.2, 11.15, 11.4])
ERROR = 0.03


def dense(size: float, trend: bool, months: np.ndarray, logs: np.ndarray, lead: float) -> tuple[float, float, float]:
    """Mean and variance of the level at a lead, and the log likelihood of counts after the first, by one joint normal.

    The slope is an Ornstein-Uhlenbeck process, the level its integral and a random walk from the first count on: their
    covariances are written out, and the counts are conditioned on at once. Nothing of the filter is used.
    """
    times = np.append(months, months[-1] + lead)
    rate = -math.log(LEARNED.persistence)
    noise = size**2 * LEARNED.slope_noise if trend else 0.0
    settled = noise / (2 * rate)
    onset = settled + (LEARNED.onset_slope**2 if trend else 0.0)
    n = len(times)
    cov = np.empty((n, n))
    fine = np.linspace(0, times[-1], 801)
    step = fine[1] - fine[0]
    # Covariance of slopes at u and v from a start variance, integrated numerically into levels.
    u, v = np.meshgrid(fine, fine, indexing="ij")
    early = np.minimum(u, v)
    slopes = np.exp(-rate * np.abs(u - v)) * (onset * np.exp(-2 * rate * early) + settled * (1 - np.exp(-2 * rate * early)))
    whole = np.cumsum(np.cumsum(slopes, axis=0), axis=1) * step * step
    at = np.searchsorted(fine, times)
    for i in range(n):
        for j in range(n):
            cov[i, j] = ERROR**2 + size**2 * min(times[i], times[j]) + whole[at[i] - 1 if at[i] else 0, at[j] - 1 if at[j] else 0]
    seen = cov[1:-1, 1:-1] + ERROR**2 * np.eye(n - 2)
    gap = logs[1:] - logs[0]
    solved = np.linalg.solve(seen, gap)
    mean = logs[0] + cov[-1, 1:-1] @ solved
    variance = cov[-1, -1] - cov[-1, 1:-1] @ np.linalg.solve(seen, cov[1:-1, -1])
    _, logdet = np.linalg.slogdet(seen)
    return float(mean), float(variance), float(-0.5 * (logdet + gap @ solved))


@pytest.mark.parametrize("trend", [False, True])
def test_the_filter_is_what_dense_algebra_gives(trend: bool) -> None:
    state = filtered(MONTHS, LOGS, ERROR, LEARNED)[-1]
    weights, means, sds = (one.reshape(2, SIZES)[int(trend)] for one in ahead(state, 4.0))
    sizes, prior = LEARNED.sizes
    likely = np.empty(SIZES)
    for place in (0, SIZES // 2, SIZES - 1):
        mean, variance, _ = dense(float(sizes[place]), trend, MONTHS, LOGS, 4.0)
        assert means[place] == pytest.approx(mean, abs=0.01)
        assert sds[place] == pytest.approx(math.sqrt(variance), rel=0.01)
    for place in range(SIZES):
        likely[place] = dense(float(sizes[place]), trend, MONTHS, LOGS, 4.0)[2]
    wanted = prior * np.exp(likely - likely.max())
    assert weights / weights.sum() == pytest.approx(wanted / wanted.sum(), abs=0.01)


def test_paths_have_the_quantiles_of_the_filter() -> None:
    """20,000 paths; a quantile's standard error at 5 % is 0.0015 of the probability."""
    state = filtered(MONTHS, LOGS, ERROR, LEARNED)[-1]
    random, days = np.random.default_rng(7), 365
    ends = np.array([path(state, days, random.random(2 * days + 4))[[91, 365]] for _ in range(20_000)])
    for column, day in enumerate((91, 365)):
        wanted = quantiles(state, day / DAYS_A_MONTH, (0.05, 0.5, 0.95))
        found = np.quantile(ends[:, column], (0.05, 0.5, 0.95))
        assert math.exp(abs(found[1] - wanted[1])) < 1.02
        assert all(math.exp(abs(found[end] - wanted[end])) < 1.1 for end in (0, 2))


def test_a_break_opens_the_level_and_teaches_no_growth() -> None:
    months, logs = np.arange(8.0), np.array([10.0, 10, 10, 10, 12, 12, 12, 12.0])
    opened = (False,) * 4 + (True,) + (False,) * 3
    told, blind = (filtered(months, logs, ERROR, LEARNED, one)[-1] for one in (opened, ()))
    low, high = quantiles(told, 6, (0.05, 0.95))
    widely = quantiles(blind, 6, (0.05, 0.95))
    assert pytest.approx(quantiles(told, 6, (0.5,))[0], abs=0.05) == 12
    assert high - low < (widely[1] - widely[0]) / 2


def test_crps_of_one_normal_is_the_closed_form() -> None:
    z = 1.3
    wanted = 0.5 * (z * math.erf(z / math.sqrt(2)) + 2 * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) - 1 / math.sqrt(math.pi))
    assert crps(np.ones(1), np.zeros(1), np.full(1, 0.5), 0.5 * z) == pytest.approx(wanted)
    assert crps(np.full(2, 0.5), np.zeros(2), np.full(2, 0.5), 0.5 * z) == pytest.approx(wanted)


def made(name: str, seed: int, months: int = 40) -> Series:
    """A series that the trend itself makes, monthly, with a count error of 2 %."""
    random, learned = np.random.default_rng(seed), LEARNED
    state = filtered(np.zeros(1), np.full(1, 11.0), 0.02, learned)[0]
    whole = path(state, 31 * months, random.random(2 * 31 * months + 4))
    days = np.arange(months) * 30
    people = np.exp(whole[days] + 0.02 * random.standard_normal(months))
    start = datetime.date(2010, 1, 1)
    return Series(name, name, tuple(start + datetime.timedelta(days=int(day)) for day in days), tuple(int(one) for one in people))


def test_intervals_hold_as_often_as_they_say_where_the_law_is_true() -> None:
    """Twenty crises: the standard error of a coverage of 0.9, forecasts of one crisis not being independent, is about 0.04."""
    found = scored([one for seed in range(20) for one in forecasts(made(f"s{seed}", seed), LEARNED)])
    assert [one.lead for one in found] == [1, 3, 6, 12]
    assert all(0.8 <= one.held <= 0.99 for one in found)


def test_the_same_path_under_every_plan_and_none_for_what_comes_later(tmp_path: Path) -> None:
    scenario = load_scenario("fitted-2012")
    seconds = np.arange(0, 365, 30) * DAY
    own = displaced(with_path(scenario, 5, 3), seconds)
    richer = replace(scenario, {"grants.usaid.amount_usd": 2_000_000, "teams.counsellors.count": 9})
    assert np.array_equal(displaced(with_path(richer, 5, 3), seconds), own)
    assert not np.array_equal(displaced(with_path(scenario, 5, 4), seconds), own)
    law = scenario.displacement["trend"]
    later = {"displacement.trend.dates": [*law.dates, datetime.date(2013, 6, 20)],
             "displacement.trend.people": [*law.people, 353_455]}  # fmt: skip
    assert np.array_equal(displaced(with_path(replace(scenario, later), 5, 3), seconds), own)
    households = [len(simulate(one, seed=5, replication=3).households) for one in (scenario, richer)]
    assert households[0] == households[1]
    assert own[0] == load_scenario("baseline").caseload.displaced_people.value, "it passes through the displaced at the start"


def test_what_was_counted_later_lies_inside_the_band_of_june_2012() -> None:
    """Of 400 paths: the dated counts up to June 2013 lie between the 5th and the 95th percentile."""
    fitted, recorded = load_scenario("fitted-2012"), load_scenario("as-recorded")
    seconds = np.array([120, 240, 354]) * DAY
    paths = np.array([displaced(with_path(fitted, 2012, one), seconds) for one in range(400)])
    low, high = np.quantile(paths, (0.05, 0.95), axis=0)
    counted = displaced(recorded, seconds)
    assert np.all((low <= counted) & (counted <= high))


WRONG = {
    "dates = [2012-03-01, 2012-05-01]\npeople = [5, 6]": "too few to learn from",
    "dates = [2009-01-01, 2009-02-01, 2009-03-01]\npeople = [5, 6, 7]": "months before the horizon",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 0, 7]": "counts nobody",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\nceiling_people = 6": "is below the last count",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\npool = \"no-such.toml\"": "is no pool",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\ngrowth_month = 0.1": "is not used by the law fitted",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\ncount_error = 2": "A share, 0 to 1",
    'dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\n[displacement.more]\nlaw = "compound"\n'
    "growth_month = 0.1": "stands beside more",
}  # fmt: skip


@pytest.mark.parametrize("stated", WRONG)
def test_counts_that_teach_nothing_are_refused(stated: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(f'extends = "baseline"\n[displacement.trend]\nlaw = "fitted"\n{stated}\n')
    with pytest.raises(ScenarioError, match=WRONG[stated]):
        load_scenario(tmp_path / "wrong.toml")

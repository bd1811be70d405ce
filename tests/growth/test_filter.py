"""The filter against a second one: one matrix of all counts at once, and Student's t where that is exact."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from reliefsim.growth.recorded import Recorded, recorded
from reliefsim.growth.trend_filter import NOISES, Trend, ahead, beliefs, weights

from .crises import one

TREND = Trend(persistence=0.85, slope_share=0.5, memory=1.0, typical_noise=0.07, prior_counts=12.0, level_weight=0.25)
ERROR = 0.03
START = datetime.date(2012, 2, 13)


def made(days: list[int], people: list[int], breaks: tuple[int, ...] = ()) -> Recorded:
    dates = [START + datetime.timedelta(days=day) for day in days]
    return recorded("made", list(zip(dates, people, strict=True)), [dates[place] for place in breaks])


IRREGULAR = made([0, 3, 40, 41, 97, 180, 400], [1000, 1100, 2000, 1900, 2500, 2600, 1500])


def covariance(a: float, b: float, noise: float, share: float, k: float) -> float:
    """Of the level's change from 0 to a, and to b: a random walk, and the integral of a stationary slope."""
    a, b = min(a, b), max(a, b)
    integral = 2 * k * a - 1 + np.exp(-k * a) + np.exp(-k * b) - np.exp(-k * (b - a))
    return float(noise**2 * a + (share * noise / k) ** 2 * integral)


def by_matrix(counts: Recorded, noise: float, share: float, later: float) -> tuple[float, float, float]:
    """Mean, standard deviation and log evidence: the first count is all that is known of the level before it."""
    k = -np.log(TREND.persistence)
    times = [*counts.months[1:], counts.months[-1] + later]
    table = np.array([[covariance(a, b, noise, share, k) + ERROR**2 for b in times] for a in times])
    table[np.arange(len(times) - 1), np.arange(len(times) - 1)] += ERROR**2  # of each count; of the people later, none
    seen, known = counts.logs[1:] - counts.logs[0], table[:-1, :-1]
    by = np.linalg.solve(known, table[:-1, -1])
    evidence = stats.multivariate_normal(np.zeros(len(seen)), known).logpdf(seen)
    return float(counts.logs[0] + by @ seen), float(np.sqrt(table[-1, -1] - by @ table[:-1, -1])), float(evidence)


@pytest.mark.parametrize("place", [2, 9, 15])
@pytest.mark.parametrize("later", [0.5, 12.0])
def test_level_slope_and_evidence_are_those_of_one_matrix(place: int, later: float) -> None:
    now = beliefs(IRREGULAR, TREND, ERROR).after(-1)
    forecast = ahead(now, TREND, later)
    for share, part in ((0.0, place), (TREND.slope_share, len(NOISES) + place)):
        found = (forecast.mean[part], forecast.deviation[part], now.evidence[part])
        assert found == pytest.approx(by_matrix(IRREGULAR, float(NOISES[place]), share, later), rel=1e-8)


def test_without_count_error_the_level_is_forecast_by_students_t() -> None:
    level = replace(TREND, level_weight=1.0)
    months, logs = IRREGULAR.months, IRREGULAR.logs
    freedom = level.prior_counts + len(logs) - 1
    squares = level.prior_counts * level.typical_noise**2 + (np.diff(logs) ** 2 / np.diff(months)).sum()
    exact = stats.t(freedom, logs[-1], np.sqrt(squares / freedom * 6.0))
    forecast = ahead(beliefs(IRREGULAR, level, 1e-9).after(-1), level, 6.0)
    for share in (0.05, 0.25, 0.5, 0.9, 0.99):
        assert forecast.quantile(share) == pytest.approx(exact.ppf(share), abs=0.01)  # the grid of noises, 21 points


def test_scores_are_those_of_a_million_draws() -> None:
    forecast = ahead(beliefs(IRREGULAR, TREND, ERROR).after(-1), TREND, 6.0)
    dice = np.random.default_rng(7)
    part = dice.choice(len(forecast.weight), 1_000_000, p=forecast.weight / forecast.weight.sum())
    draws = dice.normal(forecast.mean[part], forecast.deviation[part])
    seen = float(IRREGULAR.logs[-1] + 0.3)
    apart = np.abs(draws - seen).mean() - np.abs(draws[::2] - draws[1::2]).mean() / 2
    assert forecast.crps(np.array(seen)) == pytest.approx(apart, abs=0.002)  # four standard errors
    assert forecast.quantile(0.05) == pytest.approx(np.quantile(draws, 0.05), abs=0.005)
    assert forecast.below(np.array(seen)) == pytest.approx((draws <= seen).mean(), abs=0.003)
    near = (np.abs(draws - seen) < 0.01).mean() / 0.02
    assert np.exp(forecast.log_density(np.array(seen))) == pytest.approx(near, rel=0.05)


def test_what_is_forgotten_of_the_noise_is_a_share_a_month() -> None:
    whole, half = beliefs(IRREGULAR, TREND, ERROR), beliefs(IRREGULAR, replace(TREND, memory=0.5), ERROR)
    gained = np.diff(whole.evidence, axis=0)
    left = 0.5 ** (IRREGULAR.months[-1] - IRREGULAR.months[1:])
    assert half.evidence[-1] == pytest.approx((gained * left[:, None]).sum(axis=0))


def test_a_break_opens_the_level_and_teaches_no_growth() -> None:
    usual, broken = (made([0, 30, 60, 90], [1000, 1100, people, people], (2,)) for people in (1200, 120_000))
    one_way, other = (beliefs(counts, TREND, ERROR) for counts in (usual, broken))
    assert other.slope == pytest.approx(one_way.slope, abs=1e-12)
    assert other.evidence == pytest.approx(one_way.evidence, abs=1e-9)
    assert other.level[2] == pytest.approx(np.full(2 * len(NOISES), np.log(120_000)))


def test_order_of_rows_and_later_counts_move_nothing() -> None:
    counts = one("haiti2010_idps")
    rows = list(zip(counts.dates, counts.people, strict=True))
    shuffled = recorded("haiti2010_idps", [rows[place] for place in np.random.default_rng(1).permutation(len(rows))])
    known, day = beliefs(counts, TREND, ERROR), counts.dates[9]
    for this, that in zip(known, beliefs(shuffled, TREND, ERROR), strict=True):
        assert np.array_equal(this, that)
    for this, that in zip(known.after(9), beliefs(counts.until(day), TREND, ERROR).after(-1), strict=True):
        assert np.array_equal(this, that)


def test_the_models_keep_their_weights() -> None:
    believed = weights(beliefs(IRREGULAR, TREND, ERROR), TREND)
    assert believed[:, : len(NOISES)].sum(axis=1) == pytest.approx(np.full(7, 0.25))
    assert believed.sum(axis=1) == pytest.approx(np.ones(7))

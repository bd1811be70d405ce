"""Convoys with known answers: full, on schedule, full or after some days (B1 to B3)."""

from __future__ import annotations

import numpy as np
import pytest

from reliefsim.records import Run
from reliefsim.units import DAY

from . import formulas
from .running import Numbers, assert_mean, assert_variance, load, measure, waits


def first_cycles(run: Run, count: int) -> Numbers:
    """Of the first departures: days since the one before (or the start), load, days waited. Shape (count, 3)."""
    order = np.sort(run.departures, order="number")
    assert len(order) >= count, "fewer departures than always happen"
    group = run.cases["group"]
    days_waited = np.bincount(group[group >= 0], weights=waits(run)[group >= 0] / DAY, minlength=int(group.max()) + 1)
    between = np.diff(order["time"], prepend=0) / DAY
    return np.column_stack([between, order["seats"], days_waited[order["number"]]])[:count]


def test_a_convoy_that_leaves_when_full_waits_for_half_of_the_others() -> None:
    # Ten departures take 50 days, with a standard deviation of 3.5: all of them happen in 110 days.
    values = measure(load("b1-leaves-when-full"), 300, lambda run: first_cycles(run, 10))
    assert (values[:, :, 1] == 20).all()
    assert_mean((values[:, :, 2] / 20).mean(axis=1), (20 - 1) / (2 * 4), detects=0.08)
    assert_mean(values[:, :, 0].mean(axis=1), 20 / 4, detects=0.15)
    assert_variance(values[:, :, 0].ravel(), 20 / 4**2)


def test_a_weekly_convoy_is_waited_for_half_a_week_and_takes_a_poisson_count() -> None:
    values = measure(load("b2-leaves-weekly"), 300, lambda run: first_cycles(run, 10))
    assert (values[:, :, 0] == 7).all()
    assert_mean(values[:, :, 1].mean(axis=1), 4 * 7, detects=0.7)
    assert_variance(values[:, :, 1].ravel(), 4 * 7)
    # Given how many came, each waits half a week on average: the pooled mean has no bias.
    assert_mean(values[:, :, 2].sum(axis=1) / values[:, :, 1].sum(axis=1), 7 / 2, detects=0.05)


def test_a_convoy_that_is_full_or_overdue_keeps_the_renewal_rewards() -> None:
    exact = formulas.convoy_cycle(4, 20, 4)
    assert exact.load == pytest.approx(16.444864295899425, rel=1e-9)
    assert exact.wait == pytest.approx(2.0058899258633685, rel=1e-9)
    assert exact.cycle == pytest.approx(4.111216073974856, rel=1e-9)
    assert exact.full == pytest.approx(0.2576508541062913, rel=1e-9)
    # Twenty cycles take 82 days on average and 87 at the most likely worst: all of them happen in 160 days.
    values = measure(load("b3-full-or-timer"), 300, lambda run: first_cycles(run, 20))
    assert_mean(values[:, :, 0].mean(axis=1), exact.cycle, detects=0.05)
    assert_mean(values[:, :, 1].mean(axis=1), exact.load, detects=0.3)
    assert_mean((values[:, :, 1] == 20).mean(axis=1), exact.full, detects=0.045)
    # Wait is a ratio of rewards; this difference has mean zero in every cycle.
    assert_mean((values[:, :, 2] - exact.wait * values[:, :, 1]).mean(axis=1), 0.0, detects=0.6)

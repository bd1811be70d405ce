"""Queues with known answers: Erlang, Pollaczek and Khinchine, birth and death, teams for everybody (Q2 to Q12)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from reliefsim.records import Run
from reliefsim.units import DAY

from . import formulas
from .running import (
    Numbers,
    assert_mean,
    assert_variance,
    load,
    measure,
    one_run,
    person_days_waiting,
    present,
    waits,
)

WAITS_OF_ONE_TEAM = {
    "q5-one-team-constant": formulas.pollaczek_khinchine(0.8, 1.0, 0.0),
    "q5-one-team-exponential": formulas.pollaczek_khinchine(0.8, 1.0, 1.0),
    "q5-one-team-lognormal": formulas.pollaczek_khinchine(0.8, 1.0, 4.0),
}


def long_run_waits(run: Run, last_days: float) -> Numbers:
    """Days waited by those who came after the warm-up and early enough to have started by the horizon."""
    opened = run.cases["opened"]
    watched = (opened >= run.scenario.warmup_days.value * DAY) & (opened < run.horizon - last_days * DAY)
    assert (run.cases["started"][watched] >= 0).all(), "one who never started would bias the mean"
    return waits(run)[watched] / DAY


def surplus(found: Numbers | npt.NDArray[np.bool_], exact: float, expected_people: float) -> float:
    """Found less exact, summed over all who came, a person expected: mean zero, where a mean of ratios has a bias."""
    return float((found - exact).sum()) / expected_people


def surplus_of_one_team(run: Run, exact: float) -> float:
    """How much longer than ``exact`` people waited for one team, watched from day 1000 to 3600."""
    return surplus(long_run_waits(run, 400), exact, 0.8 * 2600)


def test_the_formulas_give_the_published_numbers() -> None:
    assert formulas.erlang_c(2.5, 3) == pytest.approx(0.702247191011236, rel=1e-9)
    assert formulas.mean_wait(10, 0.25, 3) == pytest.approx(0.351123595505618, rel=1e-9)
    assert list(WAITS_OF_ONE_TEAM.values()) == pytest.approx([2, 4, 10], rel=1e-9)


def test_three_teams_wait_as_erlang_says() -> None:
    chance, days = formulas.erlang_c(2.5, 3), formulas.mean_wait(10, 0.25, 3)

    def number(run: Run) -> tuple[float, float]:
        found = long_run_waits(run, 30)
        return surplus(found > 0, chance, 2700), surplus(found, days, 2700)

    values = measure(load("q2-three-teams"), 400, number)
    assert_mean(values[:, 0], 0, detects=0.02)
    assert_mean(values[:, 1], 0, detects=0.06)


def test_three_teams_get_as_far_in_a_month_as_a_birth_and_death_chain() -> None:
    exact = formulas.birth_and_death(10, 0.25, 3, 0, 30, 200)
    assert exact.served_in_window == pytest.approx(294.0116176886736, rel=1e-9)
    assert exact.in_system_at_end == pytest.approx(5.988382311326403, rel=1e-9)
    assert exact.mean_waiting == pytest.approx(3.036739814623809, rel=1e-9)

    def number(run: Run) -> tuple[float, int, float]:
        served = (run.cases["started"] >= 0) & (run.cases["ended"] < run.horizon)
        return float(served.sum()), present(run, run.horizon), person_days_waiting(run, 0, run.horizon) / 30

    values = measure(load("q3-first-month"), 1000, number)
    assert_mean(values[:, 0], exact.served_in_window, detects=4)
    assert_mean(values[:, 1], exact.in_system_at_end, detects=1.5)
    assert_mean(values[:, 2], exact.mean_waiting, detects=0.8)


def test_a_later_window_has_the_queue_of_a_birth_and_death_chain() -> None:
    exact = formulas.birth_and_death(10, 0.25, 3, 30, 230, 400)
    assert exact.mean_waiting == pytest.approx(3.5103116827744882, rel=1e-9)
    values = measure(
        load("q3b-later-window"), 400, lambda run: person_days_waiting(run, 30 * DAY, run.horizon) / 200
    )  # fmt: skip
    assert_mean(values, exact.mean_waiting, detects=0.8)


def test_two_teams_for_the_work_of_three_fall_behind() -> None:
    exact = formulas.birth_and_death(12, 0.25, 2, 0, 60, 600)
    assert exact.served_in_window == pytest.approx(477.66666666666316, rel=1e-9)
    assert exact.in_system_at_end == pytest.approx(242.33333333333684, rel=1e-9)
    assert exact.mean_waiting == pytest.approx(120.31574074074281, rel=1e-9)

    def number(run: Run) -> tuple[float, int, float]:
        served = (run.cases["started"] >= 0) & (run.cases["ended"] < run.horizon)
        return float(served.sum()), present(run, run.horizon), person_days_waiting(run, 0, run.horizon) / 60

    values = measure(load("q3c-overload"), 400, number)
    assert_mean(values[:, 0], exact.served_in_window, detects=8)
    assert_mean(values[:, 1], exact.in_system_at_end, detects=14)
    assert_mean(values[:, 2], exact.mean_waiting, detects=8)


@pytest.mark.parametrize(
    ("name", "replications", "detects"),
    [
        ("q5-one-team-constant", 150, 0.2),
        ("q5-one-team-exponential", 200, 0.5),
        ("q5-one-team-lognormal", 400, 2.5),
    ],
)
def test_spread_of_service_times_costs_what_pollaczek_and_khinchine_say(
    name: str, replications: int, detects: float
) -> None:
    exact = WAITS_OF_ONE_TEAM[name]
    assert_mean(measure(load(name), replications, lambda run: surplus_of_one_team(run, exact)), 0, detects)


@pytest.mark.parametrize(
    ("name", "mean"),
    [
        ("q9-teams-for-all-exponential", 500 * (1 - np.exp(-3))),
        ("q9-teams-for-all-constant", 500.0),
    ],
)
def test_with_teams_for_everybody_those_present_are_a_poisson_count(name: str, mean: float) -> None:
    values = measure(load(name), 300, lambda run: present(run, run.horizon))
    assert_mean(values, mean, detects=10)
    # Of 300 counts: finds a variance a third too large or too small.
    assert_variance(values, mean)


def test_one_person_a_day_waits_half_a_day_longer_than_the_one_before() -> None:
    run = one_run(load("q12-one-a-day"))
    assert (waits(run) / DAY).tolist() == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5]
    assert run.cases["ended"].max() == 15 * DAY
    assert waits(run).mean() == 2.25 * DAY

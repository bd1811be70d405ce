"""Growth laws with known answers: compound, continuous, logistic, none (G1, G2, G8)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate

from reliefsim.displacement import displaced
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY

from . import formulas
from .running import assert_mean, assert_variance, load, measure, one_run

MONTH = 365 * DAY / 12


def people_after(scenario: Scenario, months: float) -> float:
    """Displaced people after some months."""
    return float(displaced(scenario, np.array([round(months * MONTH)], np.int64))[0])


def came_in_the_year(run: Run) -> int:
    """People who arrived after the start."""
    return int(run.households["size"][run.households["arrived"] > 0].sum())


@pytest.mark.parametrize(
    ("name", "months", "people"),
    [
        ("g1-compound", 12, 25000 * 1.03**12),
        ("g1-continuous", 12, 25000 * math.exp(0.36)),
        ("g2-logistic", 6, formulas.logistic(25000, 40000, 0.25, 6)),
        ("g2-logistic", 12, formulas.logistic(25000, 40000, 0.25, 12)),
        ("g8-no-growth", 12, 25000),
        ("g1-compound", 0, 25000),
        ("g2-logistic", 0, 25000),
    ],
)
def test_a_law_gives_its_closed_form(name: str, months: float, people: float) -> None:
    assert people_after(load(name), months) == pytest.approx(people, rel=1e-9)


def test_the_closed_forms_give_the_published_numbers() -> None:
    assert math.pow(1.03, 12) * 25000 == pytest.approx(35644.02217115448, rel=1e-9)
    assert math.exp(0.36) * 25000 == pytest.approx(35833.235364008506, rel=1e-9)
    assert math.log(1.03) == pytest.approx(0.02955880224154443, rel=1e-9)
    assert formulas.logistic(25000, 40000, 0.25, 6) == pytest.approx(35277.160867616134, rel=1e-9)
    assert formulas.logistic(25000, 40000, 0.25, 12) == pytest.approx(38839.76905752459, rel=1e-9)
    assert formulas.logistic_person_months(25000, 40000, 0.25, 12) == pytest.approx(409508.98039336264, rel=1e-9)


def test_person_months_under_the_logistic_law_are_its_integral() -> None:
    seconds = np.arange(0, 365 * DAY + 1, DAY // 2, dtype=np.int64)
    people = displaced(load("g2-logistic"), seconds)
    months = float(integrate.simpson(people, x=seconds / MONTH))
    assert months == pytest.approx(formulas.logistic_person_months(25000, 40000, 0.25, 12), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "arrivals"),
    [
        ("g1-compound", 10644.022171154482),
        ("g1-continuous", 10833.235364008504),
        ("g2-logistic", 13839.769057524587),
    ],
)
def test_a_rise_gives_a_poisson_count_of_arrivals(name: str, arrivals: float) -> None:
    # Finds 70 people of 10,644, two thirds of a percent, and a variance 1.7 times too large.
    values = measure(load(name), 100, came_in_the_year)
    assert_mean(values, arrivals, detects=90)
    assert_variance(values, arrivals)


def test_arrivals_come_as_fast_as_the_law_rises() -> None:
    scenario = load("g2-logistic")
    half = people_after(scenario, 6) - 25000

    def number(run: Run) -> float:
        arrived = run.households["arrived"]
        return float(((arrived > 0) & (arrived < 6 * MONTH)).sum())

    assert_mean(measure(scenario, 50, number), half, detects=130)


def test_without_growth_nobody_comes_and_nobody_goes() -> None:
    run = one_run(load("g8-no-growth"))
    assert came_in_the_year(run) == 0
    assert run.households["size"].sum() == 25000
    assert (run.households["left"] == -1).all()

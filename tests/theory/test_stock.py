"""Stocks with known answers: base stock, and reorder point with fixed orders (I1, I2)."""

from __future__ import annotations

import numpy as np
import pytest

from reliefsim.records import Run
from reliefsim.units import DAY, MISSING

from . import formulas
from .running import assert_mean, load, measure, person_days_waiting


def surplus_filled(run: Run, begin: int, exact: float) -> float:
    """People who found goods free less those expected, a person expected: by the facts and by their own start."""
    asked = run.cases[run.cases["opened"] >= begin]
    at_once = asked["started"] == asked["opened"]
    assert (at_once == (asked["in_stock"] == 1)).all()
    return float((at_once - exact).sum()) / (2 * (run.horizon - begin) / DAY)


def on_hand(run: Run, begin: int, end: int) -> float:
    """Mean goods on hand over [begin, end): the first stock, with deliveries added and kits handed out taken away."""
    (service,) = run.scenario.services.values()
    came = run.orders[(run.orders["arrived"] != MISSING) & (run.orders["arrived"] < end)]
    given = run.cases["started"][run.cases["started"] != MISSING]
    added = (came["quantity"] * (end - np.maximum(came["arrived"], begin))).sum()
    taken = (end - np.maximum(given, begin)).sum()
    return float(service.stock.initial.value + (added - taken) / (end - begin))  # type: ignore[union-attr]


def stock_numbers(run: Run, exact: formulas.Shelf) -> tuple[float, float, float]:
    """Surplus of those who found goods free, people waiting and goods on hand, after the warm-up."""
    begin, end = round(run.scenario.warmup_days.value * DAY), run.horizon
    waiting = person_days_waiting(run, begin, end) * DAY / (end - begin)
    return surplus_filled(run, begin, exact.fill_rate), waiting, on_hand(run, begin, end)


@pytest.mark.parametrize("name", ["i1-base-stock", "i1-base-stock-up-to"])
def test_a_shelf_filled_after_every_kit_is_as_often_empty_as_lead_time_demand_says(name: str) -> None:
    exact = formulas.shelf(2, 5, [14])
    assert exact.fill_rate == pytest.approx(0.8644644226193109, rel=1e-9)
    assert exact.backorders == pytest.approx(0.18693715272161102, rel=1e-9)
    assert exact.on_hand == pytest.approx(4.186937152721618, rel=1e-9)
    values = measure(load(name), 80, lambda run: stock_numbers(run, exact))
    assert_mean(values[:, 0], 0, detects=0.03)
    assert_mean(values[:, 1], exact.backorders, detects=0.06)
    assert_mean(values[:, 2], exact.on_hand, detects=0.3)


def test_a_reorder_point_gives_the_mean_over_all_positions() -> None:
    exact = formulas.shelf(2, 5, range(11, 31))
    assert exact.fill_rate == pytest.approx(0.9374449878800736, rel=1e-9)
    assert exact.backorders == pytest.approx(0.10424005997969572, rel=1e-9)
    assert exact.on_hand == pytest.approx(10.60424005997972, rel=1e-9)
    # After 120 days the position is uniform within exp(−120·2·(1 − cos(π/10))) = 8e-6.
    values = measure(load("i2-reorder-point"), 200, lambda run: stock_numbers(run, exact))
    assert_mean(values[:, 0], 0, detects=0.02)
    assert_mean(values[:, 1], exact.backorders, detects=0.04)
    assert_mean(values[:, 2], exact.on_hand, detects=0.25)


def test_kits_are_ordered_as_often_as_they_are_asked_for() -> None:
    def number(run: Run) -> float:
        ordered = run.orders["ordered"]
        return float(((ordered >= 120 * DAY) & (ordered < 390 * DAY)).sum()) / 270

    values = measure(load("i2-reorder-point"), 200, number)
    assert_mean(values, 2 / 20, detects=0.003)

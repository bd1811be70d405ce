"""Purses with known answers: one price, two prices, two donors, a request a day (M1 to M5)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reliefsim.layout import Account
from reliefsim.records import Run
from reliefsim.units import DAY, MISSING

from . import formulas
from .running import assert_mean, assert_variance, load, measure, one_run, runs


def spent(run: Run, grant: str) -> int:
    """Cents a grant has spent, by the postings."""
    rows = run.postings[run.postings["grant"] == run.names.grants.index(grant)]
    into = rows["cents"][rows["debit"] == Account.SPENT].sum()
    return int(into - rows["cents"][rows["credit"] == Account.SPENT].sum())


def paid_by(run: Run, grant: str) -> int:
    """Cases a grant paid for."""
    return int((run.cases["grant"] == run.names.grants.index(grant)).sum())


def test_the_formulas_give_the_published_numbers() -> None:
    assert formulas.two_prices(1000, [(25, 0.7), (60, 0.3)]) == pytest.approx(
        (27.832984409702583, 19.098805162651406), rel=1e-9
    )
    assert formulas.mean_of_smaller(45 * 185, 8600) == pytest.approx(8324.964648428628, rel=1e-9)
    assert formulas.mean_of_smaller(45 * 180, 12500) == pytest.approx(8099.999999993386, rel=1e-9)
    last = stats.gamma(21100, scale=1 / 100)
    assert last.mean() == pytest.approx(211.0, rel=1e-9)
    assert last.std() == pytest.approx(1.452583904633395, rel=1e-9)
    assert last.ppf([0.05, 0.95]) == pytest.approx([208.61641073426733, 213.39495952628945], rel=1e-9)


def test_one_price_buys_the_same_number_and_runs_out_on_its_day() -> None:
    def number(run: Run) -> tuple[float, float]:
        started = run.cases["started"]
        assert (started != MISSING).sum() == 84_400_000 // 4_000 == 21_100
        assert spent(run, "donor") == 84_400_000
        first_refused = run.cases["opened"][started == MISSING].min()
        return float(started.max()) / DAY, float(first_refused) / DAY

    values = measure(load("m1-one-price"), 60, number)
    assert_mean(values[:, 0], 21_100 / 100, detects=1.4)
    assert_mean(values[:, 1], 21_101 / 100, detects=1.4)
    assert_variance(values[:, 0], 21_100 / 100**2)


def test_a_price_that_does_not_divide_the_purse_leaves_a_remainder() -> None:
    for run in runs(load("m1b-odd-price"), 2):
        assert (run.cases["started"] != MISSING).sum() == 22_810
        assert 84_400_000 - spent(run, "donor") == 84_400_000 - 22_810 * 3_700 == 3_000


def test_two_prices_stop_at_the_first_that_cannot_be_paid() -> None:
    served, left = formulas.two_prices(1000, [(25, 0.7), (60, 0.3)])

    def number(run: Run) -> tuple[float, float, float]:
        started = run.cases["started"] != MISSING
        assert started[: started.sum()].all(), "somebody passed the one who could not be paid"
        refused = run.cases["opened"][started.sum()] / DAY
        return float(started.sum()), float(1000 - spent(run, "donor")), float(refused)

    values = measure(load("m3-two-prices"), 1500, number)
    assert_mean(values[:, 0], served, detects=1)
    assert_mean(values[:, 1], left, detects=3)
    # The first refused is the one after those served; people come 10 a day.
    assert_mean(values[:, 2], (served + 1) / 10, detects=0.15)


def test_two_donors_pay_in_their_windows_the_one_that_ends_first_before() -> None:
    def number(run: Run) -> tuple[int, int]:
        early, late = paid_by(run, "a"), paid_by(run, "b")
        grants, started = run.cases["grant"], run.cases["started"]
        # A case that the horizon finds in service is paid for and not yet spent.
        still = int((run.cases["ended"][grants == 1] >= run.horizon).sum())
        assert (spent(run, "a"), spent(run, "b")) == (early * 4_000, (late - still) * 4_000)
        assert (started[grants == 0] < 180 * DAY).all()
        assert (started[grants == 1] >= 180 * DAY).all()
        return early, late

    values = measure(load("m4-two-donors"), 60, number)
    assert_mean(values[:, 0], formulas.mean_of_smaller(45 * 180, 12_500), detects=100)
    assert_mean(values[:, 1], formulas.mean_of_smaller(45 * 185, 8_600), detects=100)
    unspent = 84_400_000 - 4_000 * values.sum(axis=1)
    assert_mean(unspent / 100, 176_000.00000026455 + 11_001.414062854892, detects=6_000)


def test_a_request_a_day_is_paid_to_the_cent() -> None:
    run = one_run(load("m5-a-request-a-day"))
    grants, started = run.cases["grant"], run.cases["started"]
    assert (grants[:166] == run.names.grants.index("a")).all()
    assert (grants[166:280] == run.names.grants.index("b")).all()
    assert (started[:280] == np.arange(280) * DAY + DAY // 2).all()
    assert (started[280:] == MISSING).all()
    assert len(started) - 280 == 85
    assert (spent(run, "a"), spent(run, "b")) == (49_800_000, 34_200_000)
    assert (50_000_000 - spent(run, "a"), 34_400_000 - spent(run, "b")) == (200_000, 200_000)


def test_what_a_window_leaves_lapses_when_it_ends() -> None:
    run = one_run(load("m5-a-request-a-day"))
    lapsed = run.postings[(run.postings["debit"] == Account.LAPSED) & (run.postings["cents"] > 0)]
    early = lapsed[lapsed["grant"] == run.names.grants.index("a")]
    assert (early["cents"].sum(), set(early["time"].tolist())) == (200_000, {180 * DAY})

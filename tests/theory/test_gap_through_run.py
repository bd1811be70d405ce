"""Known answers through `reliefsim gap`: when money runs out and how it spreads, what was missing, bought and given back.

Seen red, each fault planted in the model by itself and taken away again: late money that comes is not marked as counted;
what lapses in the second in which a case gives up counts as after it, or what comes in that second as before it; the
case's own envelope counts as elsewhere; what is due after the horizon is forgotten; the cheapest thing costs double; a
quantile leaves out runs that never run out, or is eight places off; `chance_none` of what is above 0.
"""

from __future__ import annotations

import csv
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from reliefsim import keys
from reliefsim.indicators.measure import Key, funding_keys, measure_all
from reliefsim.results.funding_tables import in_order

from . import formulas
from .running import FALSE_ALARM, SCENARIOS, Numbers, assert_mean, assert_variance, load, measure

REPLICATIONS = 40
RUNS = 110  # of one purse, for its spread
PAYABLE, RATE = 21_100, 100.0  # USD 844,000.00 at 40.00; a day
Row = dict[str, str]

SERVED, LEFT = formulas.two_prices(1000, [(25, 0.7), (60, 0.3)])
OF_B = formulas.mean_of_smaller(45 * 185, 8_600)
ASKED = RATE * 235
UNPAID = ASKED - formulas.mean_of_smaller(ASKED, PAYABLE)

# scenario, file, indicator, its breakdown, exact mean. Without spread it must be equal, in every run.
ANSWERS: list[tuple[str, str, str, dict[str, str], float]] = [
    ("gap-none", "gap", "gap_usd", {}, 0),
    ("gap-none", "gap", "people_without_for_money", {}, 0),
    ("gap-none", "budget", "received_usd", {"grant": "donor"}, 9_000),
    ("gap-earmarked", "gap", "gap_usd", {}, 300),
    ("gap-earmarked", "gap", "gap_money_earmarked_usd", {}, 100),
    ("gap-earmarked", "gap", "gap_money_earmarked_usd", {"service": "aid"}, 100),
    ("gap-earmarked", "gap", "gap_money_earmarked_usd", {"grant": "donor"}, 100),
    ("gap-earmarked", "gap", "gap_money_absent_usd", {}, 200),
    ("gap-earmarked", "gap", "gap_money_absent_usd", {"period": "2012-07"}, 200),
    ("gap-earmarked", "gap", "people_without_for_money", {}, 30),
    ("gap-earmarked", "gap", "days_waited_for_money", {}, 900),
    ("gap-late", "gap", "gap_money_late_usd", {}, 30),
    ("gap-late", "gap", "gap_money_late_usd", {"grant": "donor"}, 30),
    ("gap-late", "gap", "gap_money_absent_usd", {}, 20),
    ("gap-late", "gap", "days_waited_for_money", {}, 50),
    ("gap-late", "budget", "burn_rate_usd_per_30_days", {"grant": "donor"}, 0),
    ("gap-after-the-end", "gap", "gap_money_late_usd", {}, 25),
    ("gap-after-the-end", "gap", "gap_money_absent_usd", {}, 15),
    ("gap-after-the-end", "attribution", "people_reached_through", {"grant": "donor"}, 1),
    ("gap-after-the-end", "budget", "received_usd", {"grant": "donor"}, 10),
    ("gap-lapsed", "gap", "gap_money_lapsed_usd", {}, 25),
    ("gap-lapsed", "gap", "gap_money_absent_usd", {}, 15),
    ("gap-lapsed", "budget", "lapsed_usd", {"grant": "donor"}, 25),
    ("gap-each-cent-once", "gap", "gap_money_earmarked_usd", {"grant": "other"}, 12),
    ("gap-each-cent-once", "gap", "gap_money_lapsed_usd", {"grant": "back"}, 14),
    ("gap-each-cent-once", "gap", "gap_money_late_usd", {"grant": "late"}, 13),
    ("gap-each-cent-once", "gap", "gap_money_absent_usd", {}, 60 - 39),
    ("gap-late-goes-back", "gap", "gap_money_late_usd", {}, 10),
    ("gap-late-goes-back", "gap", "gap_money_lapsed_usd", {}, 0),
    ("gap-late-goes-back", "gap", "gap_money_absent_usd", {}, 10),
    ("gap-that-second", "gap", "gap_money_lapsed_usd", {"grant": "first"}, 7),
    ("gap-that-second", "gap", "gap_money_late_usd", {"grant": "second"}, 11),
    ("gap-that-second", "gap", "gap_money_absent_usd", {}, 2),
    ("m1-one-price", "gap", "gap_usd", {}, 40 * UNPAID),
    ("m1-one-price", "gap", "gap_money_absent_usd", {"service": "cash"}, 40 * UNPAID),
    ("m1-one-price", "gap", "gap_money_late_usd", {}, 0),
    ("m1-one-price", "gap", "people_without_for_money", {}, UNPAID),
    ("m1-one-price", "attribution", "cases_paid_for", {"service": "cash", "grant": "donor"}, PAYABLE),
    ("m1-one-price", "attribution", "people_reached_through", {"grant": "donor"}, PAYABLE),
    ("m1-one-price", "budget", "spent_usd", {"service": "cash", "grant": "donor"}, 844_000),
    ("m1-one-price", "budget", "burn_rate_usd_per_30_days", {"grant": "donor"}, 844_000 * 30 / 235),
    ("m1b-odd-price", "attribution", "cases_paid_for", {"service": "cash", "grant": "donor"}, 22_810),
    ("m3-two-prices", "attribution", "cases_paid_for", {"service": "cash", "grant": "donor"}, SERVED),
    ("m3-two-prices", "budget", "lapsed_usd", {"grant": "donor"}, LEFT / 100),
    ("m4-two-donors", "attribution", "cases_paid_for", {"service": "cash", "grant": "a"}, 8_100),
    ("m4-two-donors", "attribution", "people_reached_through", {"grant": "b"}, OF_B),
    ("m4-two-donors", "budget", "spent_usd", {"service": "cash", "grant": "a"}, 40 * 8_100),
    ("m4-two-donors", "budget", "lapsed_usd", {"grant": "a"}, 500_000 - 40 * 8_100),
    ("m4-two-donors", "budget", "lapsed_usd", {"grant": "b"}, 344_000 - 40 * OF_B),
    ("m5-a-request-a-day", "attribution", "cases_paid_for", {"service": "cash", "grant": "a"}, 166),
    ("m5-a-request-a-day", "attribution", "cases_paid_for", {"service": "cash", "grant": "b"}, 114),
    ("m5-a-request-a-day", "attribution", "cases_paid_for", {"service": "cash", "grant": "none"}, 0),
    ("m5-a-request-a-day", "budget", "planned_usd", {"service": "cash", "grant": "a"}, 500_000),
    ("m5-a-request-a-day", "budget", "spent_usd", {"service": "cash", "grant": "a"}, 498_000),
    ("m5-a-request-a-day", "budget", "spent_usd", {"service": "cash", "grant": "b"}, 342_000),
    ("m5-a-request-a-day", "budget", "lapsed_usd", {"grant": "a"}, 2_000),
    ("m5-a-request-a-day", "budget", "lapsed_usd", {"grant": "b"}, 2_000),
    ("m5-a-request-a-day", "gap", "gap_usd", {}, 85 * 3_000),
    ("m5-a-request-a-day", "gap", "gap_money_lapsed_usd", {"grant": "a"}, 2_000),
    ("m5-a-request-a-day", "gap", "gap_money_earmarked_usd", {}, 0),
    ("m5-a-request-a-day", "gap", "gap_money_split_usd", {"grant": "b"}, 2_000),  # what 114 requests leave of 344,000
    ("m5-a-request-a-day", "gap", "gap_money_absent_usd", {}, 85 * 3_000 - 4_000),
    ("gap-split", "gap", "gap_money_split_usd", {}, 120),
    ("gap-split", "gap", "gap_money_split_usd", {"grant": "b"}, 60),
    ("gap-split", "gap", "gap_money_absent_usd", {}, 80),
    ("gap-split-paid-together", "gap", "gap_money_split_usd", {}, 20),
    ("gap-split-paid-together", "gap", "gap_money_absent_usd", {}, 80),
    ("gap-split-paid-together", "gap", "gap_usd", {}, 100),
    ("gap-split-paid-together", "attribution", "cases_paid_for", {"service": "aid", "grant": "a"}, 1),
    ("gap-split-paid-together", "attribution", "cases_paid_for", {"service": "aid", "grant": "b"}, 0),
    ("gap-split-paid-together", "attribution", "people_reached_through", {"grant": "b"}, 1),
    ("gap-split-paid-together", "budget", "committed_usd", {"service": "aid", "grant": "a"}, 0),
    ("gap-split-paid-together", "budget", "spent_usd", {"service": "aid", "grant": "a"}, 60),
    ("gap-split-paid-together", "budget", "spent_usd", {"service": "aid", "grant": "b"}, 40),
    ("m5-a-request-a-day", "gap", "days_waited_for_money", {}, sum(365 - 280.5 - day for day in range(85))),
    ("i1-base-stock", "pipeline", "fill_rate", {"service": "kits"}, formulas.shelf(2, 5, [14]).fill_rate),
]  # fmt: skip

# scenario, indicator, its breakdown, chance that it comes, and its day (or days) in every run.
DAYS: list[tuple[str, str, dict[str, str], float, float]] = [
    ("gap-none", "run_out_day", {"grant": "donor"}, 0, math.nan),
    ("gap-none", "run_out_day", {"service": "aid"}, 0, math.nan),
    ("gap-none", "break_day", {"service": "aid"}, 0, math.nan),
    ("gap-none", "break_days", {"service": "aid"}, 0, 0),
    ("gap-late", "break_day", {"service": "aid"}, 1, 0),
    ("gap-late", "break_end_day", {"service": "aid"}, 1, 10),
    ("gap-late", "breaks", {"service": "aid"}, 1, 1),
    ("gap-late", "stands_still_for_money_days", {"service": "aid", "period": "2012-07-01"}, 1, 7),
    ("gap-late", "stands_still_for_money_days", {"service": "aid", "period": "2012-07-08"}, 1, 3),
    ("gap-late", "stands_still_for_money_days", {"service": "aid", "period": "2012-07-15"}, 0, 0),
    ("gap-after-the-end", "break_day", {"service": "aid"}, 1, 0),
    ("gap-after-the-end", "break_end_day", {"service": "aid"}, 0, math.nan),
    ("gap-after-the-end", "break_days", {"service": "aid"}, 1, 20),
    ("gap-after-the-end", "run_out_day", {"grant": "donor"}, 1, 0),
    ("gap-lapsed", "run_out_day", {"service": "aid"}, 1, 6),
    ("gap-lapsed", "run_out_day", {"grant": "donor"}, 0, math.nan),
    ("m5-a-request-a-day", "run_out_day", {"grant": "a"}, 1, 165.5),
    ("m5-a-request-a-day", "run_out_day", {"grant": "b"}, 1, 279.5),
    ("m5-a-request-a-day", "run_out_day", {"service": "cash"}, 1, 280.5),
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """The tables of one call for every scenario that has an answer here."""
    out = tmp_path_factory.mktemp("study") / "known"
    files = [str(SCENARIOS / f"{name}.toml") for name in dict.fromkeys(answer[0] for answer in (*ANSWERS, *DAYS))]
    command = [sys.executable, "-m", "reliefsim", "gap", *files, "--replications", str(REPLICATIONS), "--seed", "1"]
    subprocess.run([*command, "--out", str(out), "--workers", "1", "--no-figures", "--quiet"], check=True)
    return {name: read(out / f"{name}.csv") for name in ("gap", "attribution", "budget", "pipeline", "runout", "targets")}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def the_row(rows: list[Row], scenario: str, indicator: str, aspects: dict[str, str]) -> Row:
    wanted = {"service": "", "group": "", "origin": "", "location": "", "grant": "", "period": ""} | aspects
    wanted |= {"scenario": scenario, "indicator": indicator}
    (row,) = [row for row in rows if all(row.get(key, "") == value for key, value in wanted.items())]
    return row


@pytest.mark.parametrize(("scenario", "file", "indicator", "aspects", "exact"), ANSWERS)
def test_the_gap_command_gives_the_known_answer(
    tables: dict[str, list[Row]], scenario: str, file: str, indicator: str, aspects: dict[str, str], exact: float
) -> None:
    row = the_row(tables[file], scenario, indicator, aspects)
    assert (row["replications"], row["share_defined"]) == (str(REPLICATIONS), "1")
    mean, half = float(row["mean"]), (float(row["ci_high"]) - float(row["ci_low"])) / 2
    if half == 0:
        assert [float(row[name]) for name in ("mean", "p10", "p50", "p90")] == pytest.approx([exact] * 4, rel=1e-9)
        assert row["chance_none"] == ("1" if exact == 0 else "0")
        return
    student = stats.t(REPLICATIONS - 1)
    assert abs(mean - exact) <= half * float(student.ppf(1 - FALSE_ALARM)) / float(student.ppf(0.975))


@pytest.mark.parametrize(("scenario", "indicator", "aspects", "chance", "exact"), DAYS)
def test_days_of_running_out_are_the_known_ones(
    tables: dict[str, list[Row]], scenario: str, indicator: str, aspects: dict[str, str], chance: float, exact: float
) -> None:
    row = the_row(tables["runout"], scenario, indicator, aspects)
    assert float(row["chance"]) == chance
    for name in ("mean", "p10", "p50", "p90"):
        assert row[name] == ("" if math.isnan(exact) else f"{exact:g}")
    is_dated = row["unit"] == "day" and not math.isnan(exact)
    assert row["date_p50"] == (str(np.datetime64("2012-07-01") + np.timedelta64(int(exact), "D")) if is_dated else "")


def test_no_part_of_a_gap_that_is_zero_is_anything(tables: dict[str, list[Row]]) -> None:
    of_gap = ("gap_", "people_without", "days_waited")
    rows = [row for row in tables["gap"] if row["scenario"] == "gap-none" and row["indicator"].startswith(of_gap)]
    assert len(rows) > 30
    assert {(row["mean"], row["chance_none"]) for row in rows} == {("0", "1")}


def test_the_quantiles_of_running_out_are_those_of_the_erlang_law(tables: dict[str, list[Row]]) -> None:
    """The k-th least of R days has, through their law, the Beta(k, R + 1 − k) distribution: exact for any R."""
    row = the_row(tables["runout"], "m1-one-price", "run_out_day", {"grant": "donor"})
    law = stats.gamma(PAYABLE, scale=1 / RATE)
    assert float(row["chance"]) == 1
    for name, k in (("p10", 4), ("p50", 20), ("p90", 36)):
        place = float(law.cdf(float(row[name])))
        assert FALSE_ALARM < float(stats.beta(k, REPLICATIONS + 1 - k).cdf(place)) < 1 - FALSE_ALARM, (name, row[name])
        assert row[f"date_{name}"] == str(np.datetime64("2012-07-01") + np.timedelta64(int(float(row[name])), "D"))


def test_a_quantile_of_days_counts_never_as_later_than_any() -> None:
    """Of ten runs: the least day that so many do not exceed."""
    days = np.array([7, np.nan, 3, 9, np.nan, 1, 5, 2, np.nan, 4], np.float64)
    ordered = [1, 2, 3, 4, 5, 7, 9]
    for share in (0.1, 0.25, 0.5, 0.65, 0.7, 0.71, 0.9, 1.0):
        known = [day for day in ordered if np.sum(days <= day) >= 10 * share]
        assert np.array_equal([in_order(days, share)], [min(known, default=np.nan)], equal_nan=True), share


@pytest.fixture(scope="module")
def one_purse() -> dict[str, Numbers]:
    """By what it is: when the purse was used up, and cases paid for, run by run."""
    scenario = load("m1-one-price")
    every = (*keys(scenario), *funding_keys(scenario))
    wanted = [Key("run_out_day", grant="donor", unit="day"), Key("cases_paid_for", service="cash", grant="donor", unit="cases")]
    places = [every.index(key) for key in wanted]
    values = measure(scenario, RUNS, lambda run: measure_all(run).values[places])
    return {key.indicator: values[:, place] for place, key in enumerate(wanted)}


def test_the_purse_is_used_up_on_day_211_with_the_spread_of_an_erlang_law(one_purse: dict[str, Numbers]) -> None:
    """Finds a shift of 0.95 days with probability 0.99, and the variance to some 55 %; 21,000 payments would be 210 days."""
    law = stats.gamma(PAYABLE, scale=1 / RATE)
    assert float(law.std()) == pytest.approx(1.4526, abs=5e-5)
    assert_mean(one_purse["run_out_day"], float(law.mean()), detects=0.95)
    assert_variance(one_purse["run_out_day"], float(law.var()))
    assert float(stats.kstest(one_purse["run_out_day"], law.cdf).pvalue) > 2 * FALSE_ALARM


def test_every_run_of_the_purse_pays_for_all_it_can(one_purse: dict[str, Numbers]) -> None:
    assert set(one_purse["cases_paid_for"]) == {PAYABLE}

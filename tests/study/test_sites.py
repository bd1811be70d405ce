"""Services that are reported under one name: what is said of the name is of all of its sites, each by its weight."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from reliefsim import load_scenario, simulate
from reliefsim.indicators.measure import funding_keys, funding_values, keys, measure
from reliefsim.records import Run
from reliefsim.units import DAY, MISSING

HORIZON = 60
SITES = """
format = 1
name = "sites"
start_date = 2030-01-01
horizon_days = 60
warmup_days = 5
[locations.n]
share = 0.2
[locations.s]
share = 0.8
[arrivals]
rate_per_day = 10
until_day = 30
"""
FUNDED = '[grants.g]\namount_usd = 100000\npays_for = ["aid-south"]\n'


def two(kind: str, north: str, south: str, name: str = "aid") -> str:
    """Two sites of one service, that differ."""
    sites = (("north", "n", kind, north), ("south", "s", kind, south))
    return "".join(
        f'[services.{name}-{site}]\nkind = "{what}"\ncounts_as = "{name}"\nplaces = ["{place}"]\n{own}\n'
        for site, place, what, own in sites
    )


def run_of(folder: Path, text: str) -> Run:
    path = folder / "sites.toml"
    money = "" if "[grants" in text else "[grants.g]\namount_usd = 1\n"
    path.write_text(SITES + text + money, encoding="utf-8")
    return simulate(load_scenario(path), seed=3)


def said(run: Run, indicator: str, service: str = "aid") -> float:
    """What a study tells of a name."""
    every = dict(zip(keys(run.scenario), measure(run).values.tolist(), strict=True))
    every |= dict(zip(funding_keys(run.scenario), funding_values(run).tolist(), strict=True))
    (found,) = [n for key, n in every.items() if key[:2] == (indicator, service) and not any(key[2:7])]
    return found


def test_a_busy_and_an_idle_site_are_not_as_one_that_is_busy(tmp_path: Path) -> None:
    """Nine workers of the north have 20 % of the cases, two of the south are always at work: both by their places."""
    run = run_of(tmp_path, two("casework", "workers = 9\nduration = 2", "workers = 2\nduration = 3"))
    taken = sum(
        max(0, min(HORIZON * DAY, case["ended"]) - max(5 * DAY, case["started"]))
        for case in run.cases
        if case["started"] != MISSING
    )
    assert said(run, "team_utilisation") == pytest.approx(taken / (11 * 55 * DAY), rel=1e-12)
    assert 0.15 < said(run, "team_utilisation") < 0.6  # the south alone is above 0.9


def test_a_convoys_load_is_of_all_departures(tmp_path: Path) -> None:
    run = run_of(tmp_path, two("convoy", "seats = 4", "seats = 40"))
    gone = [int(row["seats"]) for row in run.departures if row["time"] >= 5 * DAY]
    assert set(gone) == {4, 40}
    assert said(run, "convoys") == len(gone)
    assert said(run, "convoy_load") == pytest.approx(sum(gone) / len(gone), rel=1e-12)


def test_days_out_of_stock_are_the_mean_over_stores(tmp_path: Path) -> None:
    """The north never had anything but one item, the south always has: half of the north's days, never more than all."""
    run = run_of(tmp_path, two("goods", "[services.aid-north.stock]\ninitial = 1", "[services.aid-south.stock]\ninitial = 999"))
    first = min(int(case["started"]) for case in run.cases if case["service"] == 0 and case["started"] != MISSING)
    assert said(run, "stock_out_days") == pytest.approx((HORIZON - max(5, first / DAY)) / 2, rel=1e-12)
    both = run_of(tmp_path, two("goods", "[services.aid-north.stock]\ninitial = 1", "[services.aid-south.stock]\ninitial = 1"))
    assert 50 < said(both, "stock_out_days") <= 55
    counted = [int(case["in_stock"]) for case in run.cases if case["opened"] >= 5 * DAY]
    assert said(run, "fill_rate") == pytest.approx(sum(counted) / len(counted), rel=1e-12)


def test_who_needs_no_goods_does_not_lower_the_share_who_find_some(tmp_path: Path) -> None:
    text = two("goods", "[services.aid-north.stock]\ninitial = 999", "duration = 1")
    head, south = text.split("[services.aid-south]")
    run = run_of(tmp_path, head + "[services.aid-south]" + south.replace('"goods"', '"casework"'))
    assert said(run, "fill_rate") == 1


def test_a_name_runs_out_where_money_was_and_is_gone(tmp_path: Path) -> None:
    """Nobody may ever pay for the north; the south's money is gone one day, and this is the day of the name and of all."""
    text = two("casework", "duration = 1\nunit_cost_usd = 10", "duration = 1\nunit_cost_usd = 10")
    run = run_of(tmp_path, text + FUNDED.replace("100000", "500"))
    south = int(run.short_since[1]) / DAY
    assert south > 5
    assert int(run.short_since[0]) / DAY < south
    assert said(run, "run_out_day") == south
    assert measure(run).values[[key[:2] for key in keys(run.scenario)].index(("run_out_day", ""))] == south
    rich = run_of(tmp_path, text + FUNDED)
    assert math.isnan(said(rich, "run_out_day"))


def test_two_sites_at_once_stand_still_for_no_more_days_than_there_are(tmp_path: Path) -> None:
    """The north from its first case on, the south from its 51st on, both to the end: the days of the north."""
    text = two("casework", "duration = 1\nunit_cost_usd = 10", "duration = 1\nunit_cost_usd = 10")
    run = run_of(tmp_path, text + FUNDED.replace("100000", "500"))
    first = min(int(row["opened"]) for row in run.cases if row["service"] == 0) / DAY
    assert said(run, "break_days") == pytest.approx(HORIZON - first, rel=1e-12)
    names = [(key.indicator, key.period) for key in funding_keys(run.scenario)]
    values = funding_values(run)
    weeks = [values[place] for place, (name, _) in enumerate(names) if name == "stands_still_for_money_days"]
    assert sum(weeks) == pytest.approx(HORIZON - first, rel=1e-12)
    assert max(weeks) <= 7

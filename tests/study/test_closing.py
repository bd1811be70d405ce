"""What closing the files that are open when a grant ends would cost, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.engine.simulate import simulate
from reliefsim.indicators.bought import place_costs
from reliefsim.indicators.measure import funding_keys, funding_values
from reliefsim.scenario import load_scenario
from reliefsim.units import DAY, MISSING

MET_LAST = 23 * DAY + 2 * 3_600

# A caseworker is paid 300.00 for 30 days and has ten places, each 1.00 a day; a counsellor has one group, 10.00 a day.
OPEN = """
start_date = 2030-01-01
horizon_days = 60
arrivals = { instants_days = [0, 1, 2] }
[services.care]
kind = "casework"
duration = 30
cases_per_worker = 10
unit_cost_usd = 20
[services.groups]
kind = "sessions"
group_size = 3
sessions = 4
every_days = 7
groups_per_counsellor = 1
unit_cost_usd = 5
[teams]
care = { service = "care", count = 1, cost_usd_per_30_days = 300 }
talk = { service = "groups", count = 1, cost_usd_per_30_days = 300 }
[grants.first]
amount_usd = 10000
until_day = 10
indirect_rate = 0.1
liquidation_days = 60
"""


def test_open_files_cost_what_is_committed_to_them_and_their_places_until_they_are_closed(tmp_path: Path) -> None:
    """Care of three began on days 0, 1, 2 and goes on for 20, 21, 22 days; one group began on day 2 and meets last on 23.

    Nobody pays the caseworker after day 30: what is left of a file then is what its mean duration says."""
    path = tmp_path / "open.toml"
    path.write_text(OPEN, encoding="utf-8")
    run = simulate(load_scenario(path))
    assert run.cases["started"].tolist() == [0, 2 * DAY, DAY, 2 * DAY, 2 * DAY, 2 * DAY]
    assert set(run.cases["ended"].tolist()) == {30 * DAY, MET_LAST, MISSING}, "unpaid from day 30 on, care stands still"
    found = {
        (key.indicator, key.service): value
        for key, value in zip(funding_keys(run.scenario), funding_values(run), strict=True)
        if key.grant == "first" and not key.group
    }
    assert found["open_cases_at_end", "care"] == found["open_cases_at_end", "groups"] == 3
    assert found["closing_teams_usd", "care"] == 20 + 21 + 22
    assert found["closing_teams_usd", "groups"] == round(10 * (MET_LAST / DAY - 10), 2)
    assert found["open_cases_at_end_usd", "care"] == 3 * 22
    assert found["open_cases_at_end_usd", "groups"] == 3 * 5.5
    assert found["open_orders_at_end_usd", ""] == 0
    assert found["closing_cost_usd", ""] == pytest.approx(63 + 130.83 + 66 + 16.5)


def test_a_place_costs_what_the_workers_who_are_there_cost_not_those_before_the_team_began(tmp_path: Path) -> None:
    """One worker from day 4 on; two stood in the count list until then, and never came."""
    path = tmp_path / "late.toml"
    late = "count = [{ from_day = 0, count = 2 }, { from_day = 4, count = 1 }], from_day = 4"
    path.write_text(OPEN.replace('service = "care", count = 1', f'service = "care", {late}'), encoding="utf-8")
    scenario = load_scenario(path)
    assert place_costs(scenario)[1][0] * DAY == pytest.approx(100)

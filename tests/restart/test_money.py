"""What is left of the money on the day: to the cent, and how long it lasts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from theory.running import assert_mean, assert_variance, load, measure

from reliefsim import load_scenario, simulate
from reliefsim.layout import Account
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY, MISSING

HEAD = """
start_date = 2030-01-01
horizon_days = 300
arrivals = { rate_per_day = 3 }
services.aid = { kind = "casework", duration = 0.01, unit_cost_usd = 7 }
"""


def told(folder: Path, text: str) -> Scenario:
    """The scenario given as the text below its first lines."""
    (folder / "told.toml").write_text(HEAD + text, encoding="utf-8")
    return load_scenario(folder / "told.toml")


def cash(run: Run, grant: str) -> list[tuple[float, int]]:
    """Day and cents of all money that a donor pays in, or takes back (less than 0)."""
    its = run.postings[run.postings["grant"] == run.names.grants.index(grant)]
    came = [(row["time"] / DAY, int(row["cents"])) for row in its if row["credit"] == Account.DONOR]
    return came + [(row["time"] / DAY, -int(row["cents"])) for row in its if row["debit"] == Account.LAPSED]


@pytest.mark.parametrize(("day", "spent", "left"), [(100, 400_000, 11_100), (150, 612_000, 5_800)])
def test_what_is_left_at_one_price_runs_out_when_so_many_have_come(day: int, spent: int, left: int) -> None:
    # 844,000 less what is spent, at 40 a case and 100 cases a day: the n-th case comes at a time that Erlang's law gives.
    state = {"day": float(day), "spent_usd": {"donor": spent}, "served": {"cash": day * 100}}
    scenario = load("m1-one-price", as_of=state)

    def number(run: Run) -> tuple[float, float]:
        started = run.cases["started"]
        assert (started != MISSING).sum() == left == (844_000 - spent) // 40
        first_refused = run.cases["opened"][started == MISSING].min()
        return float(started.max()) / DAY, float(first_refused) / DAY

    values = measure(scenario, 80, number)
    assert_mean(values[:, 0], left / 100, detects=1.2)
    assert_mean(values[:, 1], (left + 1) / 100, detects=1.2)
    assert_variance(values[:, 0], left / 100**2)


TRANCHES = """
[as_of]
day = 2030-03-02
spent_usd = { mixed = 20000.01, whole = 1 }
committed_usd = { mixed = 3000.02 }
[grants.whole]
amount_usd = 1000
[grants.later]
amount_usd = 500
from_day = 2030-03-02
[grants.mixed]
amount_usd = 100000.01
from_day = 10
until_day = 2030-10-01
tranches = [{ day = 10, share = 0.3 }, { day = 2030-03-01, share = 0.3 }, { day = 60, share = 0.2 }, { day = 200, share = 0.2 }]
[grants.over]
amount_usd = 900
until_day = 50
"""


def test_cash_is_what_had_come_less_what_is_used_and_tranches_keep_their_dates(tmp_path: Path) -> None:
    # 2030-03-02 is day 60. Three tenths of 100,000.01 are 30,000.003: 30,000.00, and the cent over goes to one of them.
    run = simulate(told(tmp_path, TRANCHES))
    mixed = cash(run, "mixed")
    assert [day for day, _ in mixed[:3]] == [0, 0, 140]
    assert sum(cents for _, cents in mixed[:3]) == 10_000_001 - 2_000_001 - 300_002
    assert mixed[0][1] in (6_000_000 - 2_300_003, 6_000_001 - 2_300_003)
    assert mixed[1][1] in (2_000_000, 2_000_001)
    assert mixed[2][1] in (2_000_000, 2_000_001)
    assert cash(run, "whole")[0] == (0, 99_900)
    assert cash(run, "later")[0] == (0, 50_000)
    assert cash(run, "over") == []
    assert run.scenario.grants["mixed"].until_day == load_scenario(tmp_path / "told.toml").grants["mixed"].until_day


PLANNED = """
start_date = 2030-01-01
horizon_days = 300
caseload = { people = 400 }
services.kits = { kind = "goods", unit_cost_usd = 5, stock = { initial = 70 } }
services.visit = { kind = "casework", duration = 1, workers = 1, unit_cost_usd = 5 }
[teams.office]
cost_usd_per_30_days = 30
until_day = 80
[grants.one]
amount_usd = 1000
[as_of]
day = 50
"""


def test_the_first_plan_knows_what_is_served_on_hand_and_paid(tmp_path: Path) -> None:
    def first(state: str) -> dict[str, float]:
        (tmp_path / "planned.toml").write_text(PLANNED + state, encoding="utf-8")
        run = simulate(load_scenario(tmp_path / "planned.toml"))
        assert run.capacities.size
        return {one.service: one.envelope / 100 for one in run.envelopes if one.time == 0} | {
            "started": float((run.cases["started"][run.cases["service"] == 0] == 0).sum())
        }

    # The office is paid up to day 60, and costs 20 from then on.
    half = pytest.approx((1000 - 20) / 2, abs=0.02)
    assert first("") == {"kits": half, "visit": half, "running": 20, "started": 70}
    # 300 kits are still needed to 400 visits.
    part = first("served = { kits = 100 }\nstock = { kits = 0 }\n")
    assert part == {
        "kits": pytest.approx(980 * 3 / 7, abs=0.02), "visit": pytest.approx(980 * 4 / 7, abs=0.02), "running": 20,
        "started": 0,
    }  # fmt: skip


def test_a_pledge_whose_day_has_passed_has_not_come_and_a_later_one_may(tmp_path: Path) -> None:
    pledges = """
[grants.first]
amount_usd = 1000
[pledges.past]
amount_usd = 500
probability = 1
from_day = 30
[pledges.later]
amount_usd = 600
probability = 1
from_day = 90
[as_of]
day = 40
"""
    run = simulate(told(tmp_path, pledges))
    assert cash(run, "past") == []
    assert cash(run, "later")[0] == (50, 60_000)


def test_a_team_that_has_begun_is_next_paid_on_its_own_date(tmp_path: Path) -> None:
    team = """
[grants.first]
amount_usd = 100_000
[teams.old]
service = "aid"
cost_usd_per_30_days = 300
from_day = 10
until_day = 200
[teams.done]
service = "aid"
until_day = 30
cost_usd_per_30_days = 500
[teams.new]
cost_usd_per_30_days = 700
from_day = 110
"""
    paid = {}
    for name, text in (("whole", team), ("restarted", f"{team}\n[as_of]\nday = 85\n")):
        run = simulate(told(tmp_path, text))
        running = run.postings[(run.postings["service"] == 1) & (run.postings["debit"] == Account.SPENT)]
        first = 0 if name == "whole" else 85
        paid[name] = {(row["time"] / DAY + first, int(row["cents"])) for row in running}
    assert paid["restarted"] == {(day, cents) for day, cents in paid["whole"] if day >= 85}
    assert (100, 30_000) in paid["restarted"]
    works = [d.time for d in run.decisions if d.action == "works" and d.subject == "old"]
    assert works == [0]
    assert np.isin(run.capacities["team"], [0, 1]).all()

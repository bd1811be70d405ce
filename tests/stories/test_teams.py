"""Teams that are paid, stand still, and end; hosts, for whom a pledge pays."""

from __future__ import annotations

from pathlib import Path

import pytest

from .telling import course, decided, envelopes, lines, money, tell, unserved

NURSES = """
horizon_days = 70
[arrivals]
instants_days = [20, 31, 44]
[services.aid]
kind = "casework"
duration = 20
[teams.nurses]
service = "aid"
cost_usd_per_30_days = 300.10
until_day = 62
[grants.office]
amount_usd = 900
pays_for = ["running"]
tranches = [ { day = 0, amount_usd = 310 }, { day = 45, amount_usd = 590 } ]
"""


def test_a_team_stands_still_for_want_of_money_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    """Ten of twenty days are done on day 30; from day 45 on ten are left. Paid days count from day 45: 17 to day 62.

    300.10 · 17 / 30 is 170.0566.
    """
    run = tell(tmp_path, NURSES.replace("[20, 31, 44]", "[20]"))
    assert course(run) == ["20 0 aid opens", "20 0 aid starts", "55 0 aid is served"]
    assert decided(run, "team") == lines("""
        0 works nurses
        30 team stands still for want of money nurses
        45 works nurses
        62 team ends nurses
    """)
    assert [line for line in money(run) if "running" in line] == lines("""
        0 office running 30010 cash > committed
        0 office running 30010 committed > spent
        45 office running 17005 cash > committed
        45 office running 17005 committed > spent
    """)


def test_a_team_that_stands_still_takes_nobody_on_and_its_place_is_held_by_its_open_case(tmp_path: Path) -> None:
    run = tell(tmp_path, NURSES)
    # The team ends on day 62 with the second case open: nobody is left to go on with it. The third was never begun.
    assert [line for line in course(run) if "starts" in line] == ["20 0 aid starts"]
    assert unserved(run) == ["1 aid waiting: team", "2 aid waiting: team"]
    assert decided(run, "team")[-2:] == ["62 team ends nurses", "62 no team is left; cases stopped aid 1"]


def test_management_is_paid_by_the_30_days_and_its_last_part_by_the_day(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 100
        [services.aid]
        kind = "casework"
        duration = 1
        [teams.office]
        cost_usd_per_30_days = 100
        count = 2
        from_day = 5
        until_day = 80
        [grants.donor]
        amount_usd = 1000
        indirect_rate = 0.07
        """,
    )
    # 75 days: 200.00, 200.00, 100.00, with 14.00, 14.00, 7.00 of indirect cost; they are set aside before all else.
    assert [line for line in money(run) if "> spent" in line] == lines("""
        5 donor running 21400 (1400) committed > spent
        35 donor running 21400 (1400) committed > spent
        65 donor running 10700 (700) committed > spent
    """)
    assert envelopes(run, "running")[0].split()[:2] == ["0", "donor"]
    assert int(envelopes(run, "running")[0].split()[2]) in (53500, 53501)  # a cent may be needed to round up


HOSTS = """
horizon_days = 60
[caseload]
people = 10
household_size_mean = 5
[hosts]
households_per_household = 1.5
household_size_mean = 4
[services.livelihoods]
kind = "casework"
population = "hosts"
duration = 10
unit_cost_usd = 20
[services.shelter]
kind = "casework"
duration = 10
unit_cost_usd = 20
[grants.donor]
amount_usd = 500
pays_for = ["running", "shelter"]
[pledges.hope]
amount_usd = 45
from_day = 30
pays_for = ["livelihoods"]
"""


@pytest.mark.parametrize(("probability", "comes"), [("1", True), ("0", False)])
def test_hosts_wait_for_a_pledge_which_comes_or_does_not(tmp_path: Path, probability: str, comes: bool) -> None:
    """Two households of five, three host households of four: 45.00 help two of them, on day 30."""
    run = tell(tmp_path, HOSTS + f"probability = {probability}\n")
    assert run.households["population"].tolist() == [0, 0, 1, 1, 1]
    assert run.households["size"].tolist() == [5, 5, 4, 4, 4]
    started = [line for line in course(run) if "starts" in line]
    assert started[:2] == ["0 0 shelter starts", "0 1 shelter starts"]
    assert started[2:] == (["30 2 livelihoods starts", "30 3 livelihoods starts"] if comes else [])
    assert len(unserved(run)) == (1 if comes else 3)
    assert all(line.endswith("livelihoods waiting: money") for line in unserved(run))
    assert [line for line in money(run) if "hope" in line][:1] == (["30 hope 4500 donor > cash"] if comes else [])


def test_hosts_are_nobody_a_round_finds_or_counts(tmp_path: Path) -> None:
    run = tell(tmp_path, HOSTS + "probability = 1\n[dtm]\nfirst_day = 5\n")
    assert run.rounds.tolist() == [(5 * 86_400, 1, 2, 10)]
    assert run.households["registered"].tolist() == [5 * 86_400] * 2 + [-1] * 3


def test_the_last_30_days_of_a_team_are_paid_in_advance_though_the_window_ends_within_them(tmp_path: Path) -> None:
    """Two payments fall due in a window of 45 days, each set aside and paid whole; from day 60 on nobody can pay."""
    text = NURSES.replace("until_day = 62\n", "").replace("amount_usd = 900", "amount_usd = 5000\nuntil_day = 45")
    tranches = 'pays_for = ["running"]\ntranches = [ { day = 0, amount_usd = 310 }, { day = 45, amount_usd = 590 } ]'
    text = text.replace(tranches, "")
    run = tell(tmp_path, text)
    assert decided(run, "team") == lines("""
        0 works nurses
        60 team stands still for want of money nurses
    """)
    assert [line for line in money(run) if "committed > spent" in line and "running" in line] == lines("""
        0 office running 30010 committed > spent
        30 office running 30010 committed > spent
    """)

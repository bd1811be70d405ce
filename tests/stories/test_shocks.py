"""Donors who stop work or pause, to the cent and the second."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.units import DAY

from .telling import course, decided, lines, money, tell, unserved

# A case costs 40.00 and lasts three days: from day 2, 9 and 12. The donor pays 100.00 at once and 200.00 on day 20, in a
# window that ends after all that is told.
THREE = """
horizon_days = 60
[arrivals]
instants_days = [2, 9, 12]
[services.aid]
kind = "casework"
duration = 3
unit_cost_usd = 40
[grants.donor]
amount_usd = 300
until_day = 99
tranches = [ { day = 0, amount_usd = 100 }, { day = 20, amount_usd = 200 } ]
"""
STOP = '\n[shocks.halt]\nkind = "stop-work"\ngrants = ["donor"]\nday = 10\n'
PAUSE = '\n[shocks.pause]\nkind = "suspension"\ngrants = ["donor"]\nday = 10\ndays = 12\n'


def test_a_donor_who_stops_work_honours_what_is_committed_and_pays_for_nothing_more(tmp_path: Path) -> None:
    run = tell(tmp_path, THREE + STOP)
    assert money(run) == lines("""
        0 donor 10000 donor > cash
        2 donor aid 4000 cash > committed
        5 donor aid 4000 committed > spent
        9 donor aid 4000 cash > committed
        10 donor 2000 cash > lapsed
        12 donor aid 4000 committed > spent
    """)
    assert decided(run, "donor") == ["0 money comes donor 10000", "10 stops work; cases stopped halt 2000"]
    assert decided(run, "planner")[1:] == ["10 divides money shock halt"]
    assert unserved(run) == ["2 aid waiting: money"]


def test_a_donor_who_stops_commitments_takes_back_what_is_not_spent_and_the_case_waits_again(tmp_path: Path) -> None:
    run = tell(tmp_path, THREE + STOP + 'commitments = "stopped"\n')
    assert money(run)[3:] == lines("""
        9 donor aid 4000 cash > committed
        10 donor aid 4000 committed > cash
        10 donor 6000 cash > lapsed
    """)
    assert decided(run, "donor")[1:] == ["10 stops work; cases stopped halt 1 6000"]
    assert unserved(run) == ["1 aid waiting: money", "2 aid waiting: money"]


@pytest.mark.parametrize(("days", "is_paid"), [("2", False), ("2.25", True)])
def test_the_days_of_liquidation_count_from_the_stop(tmp_path: Path, days: str, is_paid: bool) -> None:
    """The case ends on day 12: two days after the stop, in a second in which money ends before services do."""
    run = tell(tmp_path, THREE + f"liquidation_days = {days}\n" + STOP)
    if is_paid:
        assert money(run)[-1] == "12 donor aid 4000 committed > spent"
        assert decided(run, "donor")[-1] == "12.25 liquidation ends; cases stopped donor"
    else:
        assert money(run)[-2:] == ["12 donor aid 4000 committed > cash", "12 donor 4000 cash > lapsed"]
        assert decided(run, "donor")[-1] == "12 liquidation ends; cases stopped donor 1 4000"


# The same with a nurse whom another grant pays until day 30, and from day 45 on.
SLOW = """
horizon_days = 70
[arrivals]
instants_days = [25]
[services.aid]
kind = "casework"
duration = 10
unit_cost_usd = 40
[teams.nurse]
service = "aid"
cost_usd_per_30_days = 300
until_day = 60
[grants.donor]
amount_usd = 100
until_day = 50
pays_for = ["aid"]
end_rule = "spent-and-done"
[grants.office]
amount_usd = 600
pays_for = ["running"]
tranches = [ { day = 0, amount_usd = 300 }, { day = DAY, amount_usd = 300 } ]
"""


@pytest.mark.parametrize(("day", "end"), [("44", "49"), ("45", "")])
def test_money_to_be_spent_by_the_end_of_its_window_is_payable_until_then_though_its_donor_stopped(
    tmp_path: Path, day: str, end: str
) -> None:
    """Five days of work are left when the nurse stands still on day 30; the window ends on day 50, not by the stop."""
    run = tell(tmp_path, SLOW.replace("DAY", day) + STOP.replace("day = 10", "day = 28"))
    of_donor = [line for line in money(run) if line.split()[1] == "donor"]
    assert of_donor[2:3] == ["28 donor 6000 cash > lapsed"]
    if end:
        assert of_donor[3:] == [f"{end} donor aid 4000 committed > spent"]
        assert not [line for line in decided(run, "donor") if "ends; cases stopped donor" in line]
    else:
        assert of_donor[3:] == ["50 donor aid 4000 committed > cash", "50 donor 4000 cash > lapsed"]
        assert "50 window ends; cases stopped donor 1 4000" in decided(run, "donor")
        assert unserved(run) == ["0 aid waiting: money"]


def test_a_suspended_grant_pays_only_what_it_had_committed_and_what_was_due_meanwhile_comes_when_it_is_over(
    tmp_path: Path,
) -> None:
    run = tell(tmp_path, THREE + PAUSE)
    assert money(run)[4:] == lines("""
        12 donor aid 4000 committed > spent
        22 donor 20000 donor > cash
        22 donor aid 4000 cash > committed
        25 donor aid 4000 committed > spent
    """)
    assert decided(run, "donor")[1:] == lines("""
        10 suspends; cases stopped pause 2000
        22 suspension ends pause 2000
        22 money comes donor 20000
    """)
    assert decided(run, "planner")[1:] == lines("""
        10 divides money shock pause
        22 divides money end of shock pause, money from donor 22000
    """)
    assert course(run)[-3:] == ["12 2 aid opens", "22 2 aid starts", "25 2 aid is served"]


def test_a_suspension_that_stops_commitments_makes_them_cash_and_the_cases_begin_anew_when_it_is_over(
    tmp_path: Path,
) -> None:
    """On day 10 the case that began on day 9 loses its 40.00; 60.00 and 200.00 pay for both on day 22."""
    run = tell(tmp_path, THREE + PAUSE + 'commitments = "stopped"\n')
    assert money(run)[4:] == lines("""
        10 donor aid 4000 committed > cash
        22 donor 20000 donor > cash
        22 donor aid 4000 cash > committed
        22 donor aid 4000 cash > committed
        25 donor aid 4000 committed > spent
        25 donor aid 4000 committed > spent
    """)
    assert decided(run, "donor")[1:2] == ["10 suspends; cases stopped pause 1 6000"]
    assert unserved(run) == []


def test_a_window_that_ends_in_a_suspension_ends_as_ever_and_what_was_held_back_never_comes(tmp_path: Path) -> None:
    run = tell(tmp_path, THREE.replace("99", "21") + PAUSE)
    assert money(run)[4:] == ["12 donor aid 4000 committed > spent", "21 donor 2000 cash > lapsed"]
    assert decided(run, "donor")[2:] == ["21 window ends; cases stopped donor 2000"]


@pytest.mark.parametrize(("instant", "starts"), [(10 - 1 / 86400, 10 - 1 / 86400), (10, 22), (22, 22)])
def test_a_suspension_holds_from_its_first_second_until_the_second_in_which_it_ends(
    tmp_path: Path, instant: float, starts: float
) -> None:
    run = tell(tmp_path, THREE.replace("[2, 9, 12]", f"[{instant!r}]") + PAUSE)
    assert run.cases["started"].tolist() == [round(starts * 86400)]


@pytest.mark.parametrize(("commitments", "come"), [("honoured", True), ("stopped", False)])
def test_goods_on_the_way_come_or_are_cancelled_as_the_donor_says(tmp_path: Path, commitments: str, come: bool) -> None:
    """Ten kits at 5.00 are ordered at once and are ten days on the way: the donor suspends on day 4, until day 16."""
    text = """
    horizon_days = 60
    [arrivals]
    instants_days = [1]
    [services.kits]
    kind = "goods"
    [services.kits.stock]
    item_cost_usd = 5
    reorder_point = 0
    order_quantity = 10
    lead_time = 10
    [grants.donor]
    amount_usd = 50
    """
    run = tell(tmp_path, text + PAUSE.replace("day = 10", "day = 4") + f'commitments = "{commitments}"\n')
    days = [(row["ordered"] / DAY, row["arrived"] / DAY, row["cancelled"] / DAY) for row in run.orders]
    if come:
        assert days == [(0, 10, -1 / DAY)]
        assert course(run)[1] == "10 0 kits starts"
    else:
        assert days == [(0, -1 / DAY, 4), (16, 26, -1 / DAY)]
        assert course(run)[1] == "26 0 kits starts"


def test_a_team_of_a_suspended_grant_stands_still_from_its_next_pay_day_until_there_is_money_again(
    tmp_path: Path,
) -> None:
    """Paid on day 0 for thirty days; suspended from day 29 to 40: 30 to 40 it stands still, with its case."""
    run = tell(
        tmp_path,
        """
        horizon_days = 60
        [arrivals]
        instants_days = [28]
        [services.aid]
        kind = "casework"
        duration = 4
        [teams.nurse]
        service = "aid"
        cost_usd_per_30_days = 30
        until_day = 60
        [grants.donor]
        amount_usd = 60
        """
        + PAUSE.replace("day = 10", "day = 29").replace("days = 12", "days = 11"),
    )
    assert decided(run, "team") == lines("""
        0 works nurse
        30 team stands still for want of money nurse
        40 works nurse
    """)
    assert course(run)[-1] == "42 0 aid is served"

"""A grant's window ends, at noon, with a case under way."""

from __future__ import annotations

from pathlib import Path

import pytest

from .telling import course, lines, money, tell, unserved

# The case starts on day 9 for three days; the window ends on day 10 at noon.
AT_NOON = """
horizon_days = 30
[arrivals]
instants_days = [9]
[services.aid]
kind = "casework"
duration = 3
unit_cost_usd = 40
[grants.donor]
amount_usd = 100
until_day = 10.5
"""


def test_what_is_committed_by_the_end_is_paid_after_it_and_the_rest_lapses_at_noon(tmp_path: Path) -> None:
    run = tell(tmp_path, AT_NOON)
    assert money(run) == lines("""
        0 donor 10000 donor > cash
        9 donor aid 4000 cash > committed
        10.5 donor 6000 cash > lapsed
        12 donor aid 4000 committed > spent
    """)
    assert unserved(run) == []


@pytest.mark.parametrize(("days", "last"), [("1", "11.5"), ("1.5", "12")])
def test_a_commitment_open_when_the_days_of_liquidation_are_over_lapses_and_its_case_waits_again(
    tmp_path: Path, days: str, last: str
) -> None:
    """Day 12 itself is too late: what ends in a second ends before what is served in it."""
    run = tell(tmp_path, AT_NOON + f"liquidation_days = {days}\n")
    assert money(run) == lines(f"""
        0 donor 10000 donor > cash
        9 donor aid 4000 cash > committed
        10.5 donor 6000 cash > lapsed
        {last} donor aid 4000 committed > cash
        {last} donor 4000 cash > lapsed
    """)
    assert course(run) == ["9 0 aid opens"]
    assert unserved(run) == ["0 aid waiting: money"]


def test_a_second_more_of_liquidation_is_enough(tmp_path: Path) -> None:
    run = tell(tmp_path, AT_NOON + f"liquidation_days = {1.5 + 1 / 86400!r}\n")
    assert unserved(run) == []


def test_money_that_must_be_spent_by_the_end_pays_for_nothing_planned_to_end_after_it(tmp_path: Path) -> None:
    run = tell(tmp_path, AT_NOON + 'end_rule = "spent-and-done"\n')
    assert money(run) == ["0 donor 10000 donor > cash", "10.5 donor 10000 cash > lapsed"]
    assert course(run) == ["9 0 aid opens"]


@pytest.mark.parametrize(("instant", "is_served"), [(7.5 - 1 / 86400, True), (7.5, False), (7.5 + 1 / 86400, False)])
def test_money_that_must_be_spent_by_the_end_needs_the_last_second_before_it(
    tmp_path: Path, instant: float, is_served: bool
) -> None:
    """Three days from noon of day 7 end at noon of day 10, when the window has ended: a second earlier is in time."""
    text = AT_NOON.replace("instants_days = [9]", f"instants_days = [{instant!r}]")
    run = tell(tmp_path, text + 'end_rule = "spent-and-done"\n')
    assert [line.split()[-1] for line in course(run)] == (["opens", "starts", "served"] if is_served else ["opens"])
    if not is_served:
        assert money(run) == ["0 donor 10000 donor > cash", "10.5 donor 10000 cash > lapsed"]


@pytest.mark.parametrize("end_rule", ["spent-and-done", "committed-by-end"])
def test_a_case_that_outlasts_its_plan_is_stopped_under_one_end_rule_and_paid_under_the_other(
    tmp_path: Path, end_rule: str
) -> None:
    """Its team stands still from day 30 to 45 for want of money; the window of what paid for it ends on day 40."""
    run = tell(
        tmp_path,
        f"""
        horizon_days = 60
        [arrivals]
        instants_days = [25]
        [services.aid]
        kind = "casework"
        duration = 10
        unit_cost_usd = 40
        [teams.nurses]
        service = "aid"
        cost_usd_per_30_days = 300
        until_day = 59
        [grants.donor]
        amount_usd = 40
        until_day = 40
        pays_for = ["aid"]
        end_rule = "{end_rule}"
        [grants.office]
        amount_usd = 600
        pays_for = ["running"]
        tranches = [ {{ day = 0, amount_usd = 300 }}, {{ day = 45, amount_usd = 300 }} ]
        """,
    )
    of_donor = [line for line in money(run) if line.split()[1] == "donor"]
    if end_rule == "spent-and-done":
        assert of_donor[1:] == ["25 donor aid 4000 cash > committed", "40 donor aid 4000 committed > cash",
                                "40 donor 4000 cash > lapsed"]  # fmt: skip
        assert unserved(run) == ["0 aid waiting: money"]
    else:
        # five days of work were left on day 30: day 50
        assert of_donor[1:] == ["25 donor aid 4000 cash > committed", "50 donor aid 4000 committed > spent"]
        assert course(run)[-1] == "50 0 aid is served"


@pytest.mark.parametrize(("instant", "pays"), [(10.5 - 1 / 86400, True), (10.5, False)])
def test_a_window_is_open_until_the_second_before_its_end(tmp_path: Path, instant: float, pays: bool) -> None:
    run = tell(tmp_path, AT_NOON.replace("instants_days = [9]", f"instants_days = [{instant!r}]"))
    assert (len(course(run)) == 3) is pays


@pytest.mark.parametrize(("instant", "started"), [(3, "4"), (4, "4"), (5, "5")])
def test_a_window_is_open_from_its_first_second(tmp_path: Path, instant: float, started: str) -> None:
    text = AT_NOON.replace("instants_days = [9]", f"instants_days = [{instant}]") + "from_day = 4\n"
    assert course(tell(tmp_path, text))[1] == f"{started} 0 aid starts"


def test_a_tranche_pays_from_the_second_it_comes(tmp_path: Path) -> None:
    text = AT_NOON.replace("instants_days = [9]", "instants_days = [1, 2, 3]")
    text += "tranches = [ { day = 1, amount_usd = 60 }, { day = 7, amount_usd = 40 } ]\n"
    assert money(tell(tmp_path, text)) == lines("""
        1 donor 6000 donor > cash
        1 donor aid 4000 cash > committed
        4 donor aid 4000 committed > spent
        7 donor 4000 donor > cash
        7 donor aid 4000 cash > committed
        10 donor aid 4000 committed > spent
        10.5 donor 2000 cash > lapsed
    """)

"""Who waits, who gives up, who is first."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.layout import Outcome
from reliefsim.units import DAY

from .telling import course, lines, tell, unserved


@pytest.mark.parametrize(("patience", "is_served"), [("1", False), ("1.00002", True)])
def test_a_patience_that_ends_in_the_second_a_team_gets_free_has_ended(
    tmp_path: Path, patience: str, is_served: bool
) -> None:
    """The team is free on day 2; patience since day 1 ends in that second, or (1.00002 days) two seconds later."""
    run = tell(
        tmp_path,
        f"""
        horizon_days = 10
        money = "unlimited"
        [arrivals]
        instants_days = [0, 1]
        [services.aid]
        kind = "casework"
        workers = 1
        duration = 2
        patience = {patience}
        """,
    )
    if is_served:
        assert course(run)[3:] == ["2 0 aid is served", "2 1 aid starts", "4 1 aid is served"]
    else:
        assert course(run)[3:] == ["2 1 aid gives up", "2 0 aid is served"]
        assert unserved(run) == ["1 aid gave_up: team"]


def test_households_that_leave_in_the_second_a_team_gets_free_are_not_served_but_started_cases_finish(
    tmp_path: Path,
) -> None:
    """On day 4 all but about one in a million go home: one case is under way, the next would start in that second."""
    run = tell(
        tmp_path,
        """
        horizon_days = 10
        money = "unlimited"
        [caseload]
        people = 3
        [displacement.home]
        law = "shock"
        from_day = 4
        size_share = -0.999999
        time_constant_days = 0
        [services.aid]
        kind = "casework"
        workers = 1
        duration = 2
        [services.late]
        kind = "casework"
        workers = 1
        duration = 5
        """,
    )
    assert run.households["left"].tolist() == [4 * 86_400] * 3
    assert [line for line in course(run) if "opens" not in line] == lines("""
        0 0 aid starts
        0 0 late starts
        2 0 aid is served
        2 1 aid starts
        4 1 late has left
        4 2 aid has left
        4 2 late has left
        4 1 aid is served
        5 0 late is served
    """)


def test_with_no_room_to_wait_only_those_who_find_a_team_free_are_served(tmp_path: Path) -> None:
    """Day 2: the team gets free before that second's arrivals; of two who come, one starts, one is turned away."""
    run = tell(
        tmp_path,
        """
        horizon_days = 10
        money = "unlimited"
        [arrivals]
        instants_days = [0, 1, 2, 2]
        [services.aid]
        kind = "casework"
        workers = 1
        duration = 2
        waiting_limit = 0
        """,
    )
    assert course(run) == lines("""
        0 0 aid opens
        0 0 aid starts
        1 1 aid opens
        1 1 aid is turned away
        2 0 aid is served
        2 2 aid opens
        2 3 aid opens
        2 3 aid is turned away
        2 2 aid starts
        4 2 aid is served
    """)
    assert unserved(run) == ["1 aid turned_away: turned-away", "3 aid turned_away: turned-away"]


def test_one_place_to_wait_is_taken_by_the_first_who_must(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 10
        money = "unlimited"
        [arrivals]
        instants_days = [0, 0.5, 1]
        [services.aid]
        kind = "casework"
        workers = 1
        duration = 2
        waiting_limit = 1
        """,
    )
    assert unserved(run) == ["2 aid turned_away: turned-away"]


def test_what_must_come_first_opens_what_comes_after_in_the_same_second(tmp_path: Path) -> None:
    """One registrar, two days each; the second household's registration is not over at the end."""
    run = tell(
        tmp_path,
        """
        horizon_days = 5.5
        money = "unlimited"
        [arrivals]
        instants_days = [1, 2]
        [services.registration]
        kind = "casework"
        workers = 1
        duration = 2.5
        [services.visit]
        kind = "casework"
        duration = 1
        after = "registration"
        """,
    )
    assert course(run) == lines("""
        1 0 registration opens
        1 0 registration starts
        2 1 registration opens
        3.5 0 registration is served
        3.5 0 visit opens
        3.5 0 visit starts
        3.5 1 registration starts
        4.5 0 visit is served
    """)
    assert unserved(run) == ["1 registration in_service: ", "1 visit not_opened: prerequisite"]


def test_who_never_needed_what_comes_first_need_not_wait_for_it(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 5
        money = "unlimited"
        [arrivals]
        instants_days = [1]
        [services.registration]
        kind = "casework"
        need_share = 0
        duration = 2
        [services.visit]
        kind = "casework"
        duration = 1
        after = "registration"
        """,
    )
    assert course(run)[:2] == ["1 0 visit opens", "1 0 visit starts"]


def test_all_who_are_served_in_one_second_let_all_that_comes_after_open(tmp_path: Path) -> None:
    """Thirty households of six: each member's registration ends on day 1, and every visit opens then."""
    run = tell(
        tmp_path,
        """
        horizon_days = 3
        money = "unlimited"
        [caseload]
        people = 180
        household_size_mean = 6
        household_size_max = 6
        [services.registration]
        kind = "casework"
        unit = "member"
        duration = 1
        [services.visit]
        kind = "casework"
        unit = "member"
        duration = 1
        after = "registration"
        """,
    )
    visits = run.cases[run.cases["service"] == run.names.services.index("visit")]
    assert len(visits) == 180
    assert set(visits["opened"].tolist()) == {DAY}
    assert set(visits["outcome"].tolist()) == {Outcome.SERVED}


def test_a_higher_class_is_served_first_and_within_a_class_who_opened_first(tmp_path: Path) -> None:
    text = """
        horizon_days = 30
        money = "unlimited"
        [arrivals]
        instants_days = [0, 1, 2, 3, 4]
        [classes.first]
        share = 0.5
        priority = 1
        [classes.second]
        share = 0.5
        priority = 2
        [services.aid]
        kind = "casework"
        workers = 1
        duration = 5
        """
    runs = (tell(tmp_path, text, replication=number) for number in range(500))
    run = next(run for run in runs if run.households["priority_class"].tolist() == [1, 1, 0, 1, 0])
    assert [line for line in course(run) if "starts" in line] == lines("""
        0 0 aid starts
        5 2 aid starts
        10 4 aid starts
        15 1 aid starts
        20 3 aid starts
    """)


def test_a_caseworker_is_free_for_one_more_when_one_of_several_cases_ends(tmp_path: Path) -> None:
    """Two workers with two cases each: the fifth waits for the first end; permanent workers before paid ones."""
    run = tell(
        tmp_path,
        """
        horizon_days = 20
        money = "unlimited"
        [arrivals]
        instants_days = [0, 1, 1, 2, 3]
        [services.aid]
        kind = "casework"
        workers = 1
        cases_per_worker = 2
        duration = 6
        [teams.paid]
        service = "aid"
        """,
    )
    assert [line for line in course(run) if " 4 aid" in line][1:] == ["6 4 aid starts", "12 4 aid is served"]
    assert [run.names.teams[team] for team in run.cases["team"]] == ["aid", "aid", "paid", "paid", "aid"]


def test_one_place_to_wait_is_one_also_where_goods_are_missing_and_teams_are_free(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 30
        money = "unlimited"
        [arrivals]
        instants_days = [1, 2, 3]
        [services.kits]
        kind = "goods"
        waiting_limit = 1
        [services.kits.stock]
        initial = 0
        order_quantity = 5
        lead_time = 10
        """,
    )
    assert unserved(run) == ["1 kits turned_away: turned-away", "2 kits turned_away: turned-away"]


def test_one_place_to_wait_is_one_also_where_money_is_missing_and_teams_are_free(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 30
        [arrivals]
        instants_days = [1, 2, 3]
        [services.aid]
        kind = "casework"
        workers = 3
        duration = 1
        unit_cost_usd = 5
        waiting_limit = 1
        [grants.late]
        amount_usd = 100
        from_day = 20
        """,
    )
    assert unserved(run) == ["1 aid turned_away: turned-away", "2 aid turned_away: turned-away"]

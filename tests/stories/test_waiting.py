"""Who waits, who gives up, who is first."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.records import Run

from .telling import course, decided, lines, money, tell, unserved


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
    """Day 2: the team gets free before arrivals of that second; of two who come then, one starts, one is turned away."""
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


def in_places(folder: Path, text: str, wanted: str) -> Run:
    """The first replication in which households stand in places as wanted, by first letters."""
    runs = (tell(folder, text, replication=number) for number in range(500))
    return next(
        run
        for run in runs
        if "".join(run.names.locations[place][0] for place in run.households["location"]) == wanted
    )


CLOSED = """
horizon_days = 20
money = "unlimited"
[arrivals]
instants_days = [0, 1, 2, 6]
[locations.north]
share = 0.5
closures = [ { from_day = 1.5, until_day = 7 } ]
[locations.south]
share = 0.5
[services.aid]
kind = "casework"
workers = 1
duration = 2
"""


def test_a_closed_place_is_passed_over_and_open_again_is_first_in_line(tmp_path: Path) -> None:
    """The north's household waits since day 1; it is closed when the team is free on days 2 and 4, then open on day 7."""
    run = in_places(tmp_path, CLOSED, "snss")
    assert [line for line in course(run) if "starts" in line] == lines("""
        0 0 aid starts
        2 2 aid starts
        6 3 aid starts
        8 1 aid starts
    """)


def test_a_place_open_again_comes_before_those_who_opened_later_in_the_same_second(tmp_path: Path) -> None:
    """The team gets free on day 7, the second in which the north opens; south's third waits since day 6."""
    text = CLOSED.replace("instants_days = [0, 1, 2, 6]", "instants_days = [0, 1, 5, 6]")
    assert [line for line in course(in_places(tmp_path, text, "snss")) if "starts" in line] == lines("""
        0 0 aid starts
        5 2 aid starts
        7 1 aid starts
        9 3 aid starts
    """)


def test_what_is_under_way_in_a_place_that_closes_finishes_and_who_comes_there_waits(tmp_path: Path) -> None:
    text = CLOSED.replace("instants_days = [0, 1, 2, 6]", "instants_days = [1, 3]").replace(", until_day = 7", "")
    run = in_places(tmp_path, text, "nn")
    assert course(run) == ["1 0 aid opens", "1 0 aid starts", "3 0 aid is served", "3 1 aid opens"]
    assert unserved(run) == ["1 aid waiting: access"]


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
    assert [line for line in course(run) if "4 aid" in line] == ["3 4 aid opens", "6 4 aid starts", "12 4 aid is served"]
    assert [run.names.teams[team] for team in run.cases["team"]] == ["aid", "aid", "paid", "paid", "aid"]


OUTREACH = """
horizon_days = 30
money = "unlimited"
[arrivals]
instants_days = [1]
[dtm]
first_day = 10
[services.medical]
kind = "casework"
duration = 1
intake = "outreach"
outreach_delay = 3
"""


@pytest.mark.parametrize(
    ("change", "opened"),
    [
        ("", "4"),  # found by caseworkers three days after the need arose
        ("outreach_share = 0\n", "10"),  # nobody looks: the round of day 10
        ("outreach_delay = 12\n", "10"),  # the round is there before
    ],
)
def test_outreach_finds_after_its_delay_or_a_dtm_round_does(tmp_path: Path, change: str, opened: str) -> None:
    text = OUTREACH.replace("outreach_delay = 3\n", "") if "delay" in change else OUTREACH
    run = tell(tmp_path, text + change)
    assert course(run)[0] == f"{opened} 0 medical opens"


def test_who_is_never_found_is_not_found(tmp_path: Path) -> None:
    run = tell(tmp_path, OUTREACH.replace("first_day = 10", "first_day = 10\nfind_probability = 0") + "outreach_share = 0\n")
    assert unserved(run) == ["0 medical not_opened: not-found"]


def test_a_dtm_round_that_cannot_be_paid_is_skipped_and_the_next_finds_people(tmp_path: Path) -> None:
    """A round costs 500.00 and 1.00 a household found; day 10: 400.00 are there; day 30: 500.00 more."""
    run = tell(
        tmp_path,
        """
        horizon_days = 50
        [caseload]
        target_people = 3
        [arrivals]
        instants_days = [1, 2, 15]
        [dtm]
        first_day = 10
        every_days = 20
        until_day = 40
        round_cost_usd = 500
        household_cost_usd = 1
        [services.aid]
        kind = "casework"
        duration = 1
        intake = "dtm"
        [grants.office]
        amount_usd = 900
        pays_for = ["running"]
        indirect_rate = 0.05
        tranches = [ { day = 0, amount_usd = 400 }, { day = 20, amount_usd = 500 } ]
        """,
    )
    assert decided(run, "dtm") == ["10 round skipped for want of money round 1", "30 round held round 2 3"]
    # 5 % of 503.00 is 25.15
    assert money(run)[2:4] == lines("""
        30 office running 52815 (2515) cash > committed
        30 office running 52815 (2515) committed > spent
    """)
    assert [tuple(row) for row in run.rounds.tolist()] == [(10 * 86_400, 0, -1, -1), (30 * 86_400, 1, 3, 3)]
    assert [line for line in course(run) if "opens" in line] == [f"30 {home} aid opens" for home in range(3)]


def test_a_household_that_comes_in_the_second_of_a_round_is_found(tmp_path: Path) -> None:
    """Arrivals and registrations are one phase; a household there in that second can be found in it."""
    text = OUTREACH.replace("instants_days = [1]", "instants_days = [10]").replace('"outreach"', '"dtm"')
    run = tell(tmp_path, text.replace("outreach_delay = 3\n", ""))
    assert course(run)[:2] == ["10 0 medical opens", "10 0 medical starts"]


def test_who_is_registered_at_the_start_is_found_at_once(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 10
        money = "unlimited"
        [caseload]
        people = 4
        registered_at_start_share = 1
        [services.aid]
        kind = "casework"
        duration = 1
        intake = "dtm"
        """,
    )
    assert [line for line in course(run) if "opens" in line] == [f"0 {home} aid opens" for home in range(4)]

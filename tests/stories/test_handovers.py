"""Teams whose terms end, or that have fewer workers: who goes on with their open cases, and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.engine.story import story
from reliefsim.records import Run
from reliefsim.units import MISSING

from .telling import course, day, decided, lines, money, tell, unserved

AID = """
horizon_days = 60
money = "unlimited"
[services.aid]
kind = "casework"
duration = 10
"""


def handovers(run: Run) -> list[str]:
    """Every handover: `day case team`; the team, nobody, or stopped."""
    return [
        f"{day(int(row['time']))} {row['case']} "
        + ("stopped" if row["stopped"] else "nobody" if row["team"] == MISSING else run.names.teams[row["team"]])
        for row in run.handovers
    ]


def arriving(*days: float) -> str:
    return f"[arrivals]\ninstants_days = {list(days)}\n"


@pytest.mark.parametrize("names", [("before", "later"), ("later", "before")])
def test_a_team_that_begins_when_another_ends_goes_on_with_its_cases_that_second(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    """Three teams work one after the other, as one that stays would; whatever they are called."""
    first, second = names
    teams = f"""
    [teams.{first}]
    service = "aid"
    until_day = 5
    [teams.{second}]
    service = "aid"
    from_day = 5
    """
    run = tell(tmp_path, AID + arriving(0, 1) + teams)
    assert course(run) == lines("""
        0 0 aid opens
        0 0 aid starts
        1 1 aid opens
        10 0 aid is served
        10 1 aid starts
        20 1 aid is served
    """)
    assert handovers(run) == ["5 0 nobody", f"5 0 {second}"]


def test_open_cases_for_which_no_place_is_free_take_the_first_that_is_before_anybody_new(tmp_path: Path) -> None:
    """Cases 0, 1 and 2 have 6, 7 and 8 of 10 days left on day 4; case 3 waits for its first."""
    teams = """
    [teams.few]
    service = "aid"
    from_day = 4
    [teams.many]
    service = "aid"
    count = 3
    until_day = 4
    """
    run = tell(tmp_path, AID + arriving(0, 1, 2, 3) + teams)
    assert [line for line in course(run) if "opens" not in line] == lines("""
        0 0 aid starts
        1 1 aid starts
        2 2 aid starts
        10 0 aid is served
        17 1 aid is served
        25 2 aid is served
        25 3 aid starts
        35 3 aid is served
    """)
    assert handovers(run) == ["4 0 nobody", "4 1 nobody", "4 2 nobody", "4 0 few", "10 1 few", "17 2 few"]
    assert [line[12:] for line in story(run, 1).splitlines()[3:-2]] == lines("""
        aid: needed from now on.
        aid: a case is opened.
        aid: service starts after no time of waiting.
        aid: stands still until a team has a free place.
        aid: goes on with the team few.
        aid: served.
    """)


def test_what_stands_still_waits_for_the_team_that_is_to_come(tmp_path: Path) -> None:
    teams = """
    [teams.first]
    service = "aid"
    until_day = 4
    [teams.next]
    service = "aid"
    from_day = 9.5
    """
    run = tell(tmp_path, AID + arriving(0) + teams)
    assert course(run)[-1] == "15.5 0 aid is served"


def test_an_unpaid_team_keeps_its_cases_until_its_term_ends(tmp_path: Path) -> None:
    """Nobody can pay from day 30 on; case 0 stands still at its team although another has a place, to day 40."""
    text = """
    [teams.free]
    service = "aid"
    from_day = 30
    [teams.paid]
    service = "aid"
    cost_usd_per_30_days = 10
    until_day = 40
    [grants.g]
    amount_usd = 10
    """
    run = tell(tmp_path, AID.replace('money = "unlimited"', "") + arriving(25) + text)
    assert course(run)[1:] == ["25 0 aid starts", "45 0 aid is served"]
    assert handovers(run) == ["40 0 nobody", "40 0 free"]


STOPPED = """
horizon_days = 60
[caseload]
people = 4
[services.aid]
kind = "casework"
duration = 20
unit_cost_usd = 10
patience = 12
[teams.one]
service = "aid"
until_day = 5
count = 2
[teams.other]
service = "aid"
until_day = 7
count = 2
[grants.g]
amount_usd = 100
until_day = 6
indirect_rate = 0.07
"""


def test_where_no_team_is_left_open_cases_stop_and_what_was_to_pay_them_is_free(tmp_path: Path) -> None:
    """The grant's window has ended on day 6: what is no longer committed lapses on day 7."""
    run = tell(tmp_path, STOPPED)
    assert decided(run, "team")[2:] == lines("""
        5 team ends one
        7 team ends other
        7 no team is left; cases stopped aid 4
    """)
    assert [line for line in money(run) if line.startswith("7 ")] == lines("""
        7 g aid 1070 (70) committed > cash
        7 g aid 1070 (70) committed > cash
        7 g aid 1070 (70) committed > cash
        7 g aid 1070 (70) committed > cash
        7 g 4280 cash > lapsed
    """)
    assert unserved(run) == [f"{n} aid gave_up: money" for n in range(4)]
    assert run.cases["ended"].tolist() == [12 * 86_400] * 4
    assert "aid: stopped, as no team is left and none is to come." in story(run, 0)


def test_patience_that_is_over_when_its_case_stops_is_over_at_once(tmp_path: Path) -> None:
    run = tell(tmp_path, STOPPED.replace("patience = 12", "patience = 7"))
    assert run.cases["ended"].tolist() == [7 * 86_400] * 4


GROUPS = """
horizon_days = 60
money = "unlimited"
[services.talks]
kind = "sessions"
group_size = 1
sessions = 3
every_days = 5
session_hours = 12
groups_per_counsellor = 2
[teams.first]
service = "talks"
until_day = 5.25
"""


def test_a_group_meets_on_with_another_teams_counsellors_and_counts_among_their_groups(tmp_path: Path) -> None:
    """A counsellor with two groups hands them over on day 5.25; the first meets then, the second on day 5.5 again.

    The next counsellor may have two groups: a third forms when the first has met three times and the second has met.
    """
    text = GROUPS + '[teams.next]\nservice = "talks"\nfrom_day = 5.25\n' + arriving(0, 0.5, 6)
    run = tell(tmp_path, text)
    assert [line for line in course(run) if "opens" not in line] == lines("""
        0 0 talks starts
        0.5 1 talks starts
        10.5 0 talks is served
        11 1 talks is served
        11 2 talks starts
        21.5 2 talks is served
    """)
    assert handovers(run) == ["5.25 1 nobody", "5.25 1 next", "5.5 0 nobody", "5.5 0 next"]


def test_groups_stop_where_no_counsellor_is_left_but_a_last_session_under_way_is_held(tmp_path: Path) -> None:
    run = tell(tmp_path, GROUPS.replace("5.25", "10.25") + arriving(0, 0.5))
    assert course(run)[-2:] == ["0.5 1 talks opens", "10.5 0 talks is served"]
    assert unserved(run) == ["1 talks waiting: team"]
    assert decided(run, "team")[-1] == "10.25 no team is left; cases stopped talks 1"


def test_a_convoy_under_way_arrives_and_a_kit_is_handed_out_after_their_team_has_ended(tmp_path: Path) -> None:
    run = tell(
        tmp_path,
        """
        horizon_days = 60
        money = "unlimited"
        [caseload]
        people = 1
        [services.bus]
        kind = "convoy"
        seats = 1
        duration = 10
        [services.kit]
        kind = "goods"
        duration = 8
        stock = { initial = 1 }
        [teams.a]
        service = "bus"
        until_day = 3
        [teams.b]
        service = "kit"
        until_day = 3
        """,
    )
    assert course(run)[-2:] == ["8 0 kit is served", "10 0 bus is served"]


def test_workers_who_leave_hand_over_what_was_opened_last(tmp_path: Path) -> None:
    text = AID + arriving(0, 1, 2) + '[teams.crew]\nservice = "aid"\n'
    text += "count = [{ from_day = -1, count = 3 }, { from_day = 5, count = 1 }]\n"
    run = tell(tmp_path, text)
    assert handovers(run) == ["5 1 nobody", "5 2 nobody", "10 1 crew", "16 2 crew"]
    assert course(run)[-3:] == ["10 0 aid is served", "16 1 aid is served", "23 2 aid is served"]

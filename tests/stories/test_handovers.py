"""Teams whose terms end, whose counts change, that have weekends, holidays and absences: their open cases, and their pay."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.records import MISSING, Outcome, Run
from reliefsim.story import story

from .telling import course, day, decided, envelopes, lines, money, tell, unserved

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


COUNT = """
horizon_days = 100
[services.aid]
kind = "casework"
duration = 200
[teams.crew]
service = "aid"
count = [{ from_day = 0, count = 3 }, { from_day = 50, count = 6 }, { from_day = 75, count = 6 }, { from_day = 80, count = 1 }]
cost_usd_per_30_days = 100.01
[grants.donor]
amount_usd = 5000
indirect_rate = 0.07
"""


def test_a_payment_pays_to_a_change_of_the_count_and_the_next_is_due_then(tmp_path: Path) -> None:
    """300.03 for 30 days; 20 days to the change: 200.02. Then 600.06 for 30 days, and 20 days of one worker: 66.67.

    The plan sets aside just this before all else; a cent more may be needed to round up.
    """
    run = tell(tmp_path, COUNT)
    direct = [30003, 20002, 60006, 6667]
    spent = [line.split() for line in money(run) if "> spent" in line]
    assert [line[0] for line in spent] == ["0", "30", "50", "80"]
    assert [int(line[3]) - int(line[4].strip("()")) for line in spent] == direct
    whole = sum(direct) + sum(direct) * 7 // 100
    assert int(envelopes(run, "running")[0].split()[2]) in (whole, whole + 1)
    assert decided(run, "team") == ["0 works crew", "50 changes its count crew 6", "80 changes its count crew 1"]
    assert [(day(int(row["time"])), int(row["capacity"])) for row in run.capacities[1:]] == [("0", 3), ("50", 6), ("80", 1)]


def test_workers_who_leave_hand_over_what_was_opened_last(tmp_path: Path) -> None:
    text = AID + arriving(0, 1, 2) + '[teams.crew]\nservice = "aid"\n'
    text += "count = [{ from_day = -1, count = 3 }, { from_day = 5, count = 1 }]\n"
    run = tell(tmp_path, text)
    assert handovers(run) == ["5 1 nobody", "5 2 nobody", "10 1 crew", "16 2 crew"]
    assert course(run)[-3:] == ["10 0 aid is served", "16 1 aid is served", "23 2 aid is served"]


def test_a_team_without_an_end_is_paid_to_the_horizon_the_last_payment_in_part(tmp_path: Path) -> None:
    run = tell(tmp_path, NO_END)
    assert [line for line in money(run) if "> spent" in line] == lines("""
        0 x running 30000 committed > spent
        30 x running 15000 committed > spent
    """)
    assert envelopes(run, "running")[0] in ("0 x 45000 0 0", "0 x 45001 0 0")


NO_END = """
horizon_days = 45
[services.care]
kind = "casework"
duration = 1
[teams.office]
cost_usd_per_30_days = 300
[grants.x]
amount_usd = 5000
until_day = 90
"""

NOON = [n + 0.5 for n in range(14)]
WEEK = """
horizon_days = 21
money = "unlimited"
[services.aid]
kind = "casework"
duration = 0.5
workers = 1
works = "mon-fri"
"""


def starts(run: Run) -> list[str]:
    return [line.split()[0] for line in course(run) if line.endswith("starts")]


def test_on_a_day_off_nobody_starts_and_on_monday_the_queue_goes_on(tmp_path: Path) -> None:
    """2012-07-01 is a Sunday. Work of half a day, one case a day at noon: those of day 0 (Sunday) and of days 6, 7 wait.

    On Monday at midnight one starts, at noon the next, and so on: two a day, one comes; Wednesday's starts when it comes.
    """
    run = tell(tmp_path, WEEK + arriving(*NOON))
    assert starts(run) == ["1", "1.5", "2.5", "3.5", "4.5", "5.5", "8", "8.5", "9", "9.5", "10.5", "11.5", "12.5", "15"]
    served = run.cases["outcome"] == Outcome.SERVED
    assert served.all()
    assert ((run.cases["ended"] - run.cases["started"])[served] == 43_200).all()
    rows = [(day(int(row["time"])), int(row["capacity"])) for row in run.capacities]
    assert rows == [("0", 0), ("1", 1), ("6", 0), ("8", 1), ("13", 0), ("15", 1), ("20", 0)]


def test_a_team_has_its_own_week_and_holidays_and_what_is_open_goes_on(tmp_path: Path) -> None:
    """The team works on Wednesdays (days 3, 10, 17) but the second, and takes the service's holidays where it has none."""
    text = WEEK.replace("workers = 1", "").replace("duration = 0.5", "duration = 10")
    text += '[teams.t]\nservice = "aid"\ncount = 2\nworks = ["wed"]\nholidays = [2012-07-11]\n'
    assert starts(tell(tmp_path, text + arriving(0, 1, 2))) == ["3", "3", "17"]
    shared = text.replace("holidays = [2012-07-11]\n", "").replace('works = "mon-fri"', "holidays = [2012-07-04]")
    assert starts(tell(tmp_path, shared + arriving(0))) == ["10"]


def test_sessions_convoys_and_kits_wait_for_a_working_day(tmp_path: Path) -> None:
    """Two sessions five days apart from Tuesday, day 2: the second, due on Saturday, is held on Monday, day 8."""
    run = tell(
        tmp_path,
        """
        horizon_days = 21
        money = "unlimited"
        [services.bus]
        kind = "convoy"
        seats = 1
        works = "mon-fri"
        [services.kit]
        kind = "goods"
        stock = { initial = 9 }
        works = "mon-fri"
        [services.talks]
        kind = "sessions"
        group_size = 1
        sessions = 2
        every_days = 4
        works = "mon-fri"
        """
        + arriving(2, 6),
    )
    served = [line for line in course(run) if "talks is served" in line]
    assert starts(run) == ["2", "2", "2", "8", "8", "8"]
    assert served == ["8.08333333 0 talks is served", "12.0833333 1 talks is served"]


@pytest.mark.parametrize(
    ("share", "there"), [(0.2, [4] * 10), (0.1, [4, 5] * 5), (1, [0] * 10), (0.34, [3, 3, 3, 4, 3, 3, 4, 3, 3, 4])]
)
def test_absent_workers_start_nothing_and_over_the_days_the_mean_is_exact(
    tmp_path: Path, share: float, there: list[int]
) -> None:
    """Five workers with work of an hour; many people wait for each, so each day's workers start 24 cases each.

    Of 5 workers ⌊(d+1)·5·(1−a)⌋ − ⌊d·5·(1−a)⌋ are there.
    """
    text = f"""
    horizon_days = 10
    [caseload]
    people = 2000
    [services.aid]
    kind = "casework"
    duration = {{ law = "constant", mean_days = {1 / 24} }}
    [teams.t]
    service = "aid"
    count = 5
    absence_share = {share}
    cost_usd_per_30_days = 30
    [grants.g]
    amount_usd = 1000
    """
    run = tell(tmp_path, text)
    begun = [int(((run.cases["started"] // 86_400) == d).sum()) for d in range(10)]
    assert begun == [24 * n for n in there]
    assert [line for line in money(run) if "> spent" in line] == ["0 g running 5000 committed > spent"]

"""Teams whose counts change, that have weekends, holidays and absences; and their pay."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.layout import Outcome
from reliefsim.records import Run

from .telling import course, day, decided, envelopes, lines, money, tell


def arriving(*days: float) -> str:
    return f"[arrivals]\ninstants_days = {list(days)}\n"


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


def test_absence_is_counted_over_working_days(tmp_path: Path) -> None:
    """One worker, there every other day: of Monday to Friday (days 1 to 5) on the 2nd and 4th, then on Monday, day 8."""
    text = WEEK.replace("workers = 1\n", "").replace("duration = 0.5", "duration = 1")
    text += '[teams.t]\nservice = "aid"\nabsence_share = 0.5\n[caseload]\npeople = 9\n'
    assert starts(tell(tmp_path, text)) == ["2", "4", "8", "10", "12", "16", "18"]


def test_a_day_off_begins_and_ends_before_anybody_comes_in_its_first_second(tmp_path: Path) -> None:
    """Nobody may wait: who comes on Saturday at midnight (day 6) is turned away, who comes on Monday (day 8) starts."""
    run = tell(tmp_path, WEEK.replace("workers = 1", "workers = 1\nwaiting_limit = 0") + arriving(5, 6, 8))
    assert [line for line in course(run) if "opens" not in line] == lines("""
        5 0 aid starts
        5.5 0 aid is served
        6 1 aid is turned away
        8 2 aid starts
        8.5 2 aid is served
    """)

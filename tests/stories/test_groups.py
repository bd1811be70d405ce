"""Convoys leave, closed groups meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.indicators.measure import keys, measure
from reliefsim.layout import Outcome
from reliefsim.records import Run
from reliefsim.units import DAY, MISSING

from .telling import course, decided, lines, money, tell, unserved

# Households of five, eight seats, at most four days of waiting.
CONVOY = """
horizon_days = 30
[caseload]
household_size_mean = 5
household_size_max = 5
[arrivals]
instants_days = [0, 1]
[services.transport]
kind = "convoy"
seats = 8
longest_wait_days = 4
duration = 2
unit_cost_usd = 3.33
departure_cost_usd = 100
[grants.donor]
amount_usd = 1000
indirect_rate = 0.07
"""


def test_a_household_of_five_is_left_behind_by_three_seats_and_leaves_at_its_own_timer(tmp_path: Path) -> None:
    """Day 3, when money comes: ten wait for eight seats; five board. The others have waited four days on day 5.

    A departure with five: 5 · 3.33 + 100.00 = 116.65; 7 % are 8.1655, of two departures 16.331.
    """
    run = tell(tmp_path, CONVOY + "from_day = 3\n")
    assert course(run) == lines("""
        0 0 transport opens
        1 1 transport opens
        3 0 transport starts
        5 0 transport is served
        5 1 transport starts
        7 1 transport is served
    """)
    assert decided(run, "convoy") == ["3 departs transport 5", "5 departs transport 5"]
    assert money(run)[1:5] == lines("""
        3 donor transport 12481 (816) cash > committed
        5 donor transport 12481 (816) committed > spent
        5 donor transport 12482 (817) cash > committed
        7 donor transport 12482 (817) committed > spent
    """)


def test_nobody_smaller_boards_before_a_household_that_does_not_fit(tmp_path: Path) -> None:
    """Thirteen people live as 5, 5 and 3: three seats are left for the last, but the second is before them.

    One vehicle: it is back after two days and then takes eight.
    """
    text = CONVOY.replace("household_size_mean = 5", "household_size_mean = 5\npeople = 13")
    text = text.replace("[arrivals]\ninstants_days = [0, 1]\n", "").replace("seats = 8", "seats = 8\nworkers = 1")
    run = tell(tmp_path, text)
    assert run.households["size"].tolist() == [5, 5, 3]
    assert [line for line in course(run) if "starts" in line] == lines("""
        0 0 transport starts
        2 1 transport starts
        2 2 transport starts
    """)
    # 8 · 3.33 + 100.00 = 126.64; 7 % of 116.65 + 126.64 are 17.0303, of which 8.16 are charged
    assert run.departures["cents"].tolist() == [12481, 12664 + 887]
    # by seats: 62.50 and 37.50 of the departure, 16.65 and 9.99 of their own; indirect cost to the cent
    assert run.cases["cents"].tolist()[1:] == [7915 + 887 * 7915 // 12664, 4749 + 887 - 887 * 7915 // 12664]


def test_a_scheduled_convoy_leaves_with_who_waits_and_not_when_nobody_does(tmp_path: Path) -> None:
    text = CONVOY.replace("longest_wait_days = 4", "every_days = 7")
    text = text.replace("instants_days = [0, 1]", "instants_days = [7, 15]")
    run = tell(tmp_path, text)
    assert decided(run, "convoy") == ["7 departs transport 5", "21 departs transport 5"]


def test_a_convoy_nobody_can_pay_waits_for_money(tmp_path: Path) -> None:
    """The timer is over on day 4; the money comes on day 9."""
    text = CONVOY.replace("instants_days = [0, 1]", "instants_days = [0]")
    run = tell(tmp_path, text + "from_day = 9\n")
    assert decided(run, "convoy") == ["9 departs transport 5"]


def test_a_part_of_the_seats_is_enough_where_the_scenario_says_so(tmp_path: Path) -> None:
    """Half of eight seats are four: five people leave at once."""
    run = tell(tmp_path, CONVOY.replace("seats = 8", "seats = 8\nfill_share = 0.5"))
    assert decided(run, "convoy") == ["0 departs transport 5", "1 departs transport 5"]


@pytest.mark.parametrize(
    ("seats", "share", "enough"),
    [(7, 0.6, 5), (5, 0.6, 3), (50, 0.9, 45), (30, 0.7, 21), (50, 0.58, 29), (3, 0.01, 1), (9, 1, 9)],
)
def test_no_convoy_leaves_with_less_than_its_share_of_the_seats(
    tmp_path: Path, seats: int, share: float, enough: int
) -> None:
    """One person a day: as many as the first departure takes had to come, and a seat is priced by so many."""
    text = f"""
        horizon_days = 60
        arrivals = {{ instants_days = {list(range(60))} }}
        [services.transport]
        kind = "convoy"
        seats = {seats}
        fill_share = {share}
        departure_cost_usd = 12.6
        [grants.donor]
        amount_usd = 10000
        """
    run = tell(tmp_path, text)
    assert decided(run, "convoy")[0] == f"{enough - 1} departs transport {enough}"
    assert set(run.cases["priced_cents"].tolist()) == {round(1260 / enough)}


EVERY_WEEK_ONLY = f"""
horizon_days = 30
arrivals = {{ instants_days = {[n + 0.5 for n in range(30)]} }}
[services.transport]
kind = "convoy"
seats = 4
fill_share = 0.5
every_days = 7
first_day = 6
only_on_schedule = true
departure_cost_usd = 100
[grants.donor]
amount_usd = 10000
"""


def test_a_full_convoy_waits_for_its_day_where_it_goes_only_on_schedule(tmp_path: Path) -> None:
    """One person a day: six wait on day 6, and as many as have no seat then wait on day 13, with those who came since."""
    run = tell(tmp_path, EVERY_WEEK_ONLY)
    assert decided(run, "convoy") == [f"{day} departs transport 4" for day in (6, 13, 20, 27)]
    starts = run.cases["started"] // DAY
    assert starts[:16].tolist() == [6] * 4 + [13] * 4 + [20] * 4 + [27] * 4
    assert set(run.cases["outcome"][16:].tolist()) == {Outcome.WAITING}
    assert set(run.cases["priced_cents"].tolist()) == {5000}  # the plan counts on half of the seats


def test_a_convoy_that_cannot_go_on_its_day_waits_for_the_next(tmp_path: Path) -> None:
    """The money comes on day 8; and the one vehicle, out from day 13 on, is not back on day 20."""
    text = EVERY_WEEK_ONLY.replace("amount_usd", "from_day = 8\namount_usd")
    run = tell(tmp_path, text.replace("seats = 4", "seats = 4\nworkers = 1\nduration = 10"))
    assert decided(run, "convoy") == ["13 departs transport 4", "27 departs transport 4"]


def test_leavers_stop_no_convoy_and_a_closed_place_boards_nobody(tmp_path: Path) -> None:
    text = CONVOY + """
        [locations.north]
        share = 1
        closures = [ { from_day = 0.5, until_day = 6 } ]
        """
    run = tell(tmp_path, text)
    assert decided(run, "convoy", "access") == lines("""
        0.5 closed north
        6 open north
        6 departs transport 5
        6 departs transport 5
    """)


SESSIONS = """
horizon_days = 40
[arrivals]
instants_days = [0, 1, 5.5, 6, 7, 8]
[services.support]
kind = "sessions"
group_size = 3
longest_wait_days = 5
sessions = 3
every_days = 7
session_hours = 2
unit_cost_usd = 10.01
workers = 1
[grants.donor]
amount_usd = 70.07
indirect_rate = 0.07
"""


def test_a_group_of_two_begins_after_the_longest_wait_and_a_full_one_when_the_third_comes(tmp_path: Path) -> None:
    """Group 0: days 5, 12, 19; group 1: full on day 7: 7, 14, 21; each session two hours, 1/12 day.

    2 · 10.01 bear 1.4014 of indirect cost; 5 · 10.01 bear 3.5035, of which 1.40 are charged; the sixth, due on day 13,
    brings them to 4.2042: 60.06 + 4.20 of 70.07.
    """
    run = tell(tmp_path, SESSIONS)
    assert [line for line in course(run) if "opens" not in line] == lines("""
        5 0 support starts
        5 1 support starts
        7 2 support starts
        7 3 support starts
        7 4 support starts
        13 5 support starts
        19.0833333 0 support is served
        19.0833333 1 support is served
        21.0833333 2 support is served
        21.0833333 3 support is served
        21.0833333 4 support is served
        27.0833333 5 support is served
    """)
    assert [line for line in money(run) if "cash > committed" in line] == lines("""
        5 donor support 2142 (140) cash > committed
        7 donor support 3213 (210) cash > committed
        13 donor support 1071 (70) cash > committed
    """)
    assert run.cases["group"].tolist() == [0, 0, 1, 1, 1, 2]


def test_a_group_is_closed_and_one_counsellor_with_one_open_group_takes_no_second(tmp_path: Path) -> None:
    """The full group of day 7 must wait until the first is over, day 19 and two hours."""
    run = tell(tmp_path, SESSIONS.replace("workers = 1", "workers = 1\ngroups_per_counsellor = 1"))
    starts = [line.split()[0] for line in course(run) if "starts" in line]
    assert starts == ["5", "5", "19.0833333", "19.0833333", "19.0833333", "33.1666667"]


def test_a_session_waits_for_a_counsellor_and_the_next_is_due_from_when_it_was_held(tmp_path: Path) -> None:
    """Two groups of one are due on day 0: the second begins two hours later, and so are its later sessions."""
    run = tell(
        tmp_path,
        """
        horizon_days = 40
        money = "unlimited"
        [caseload]
        people = 2
        [services.support]
        kind = "sessions"
        group_size = 1
        sessions = 2
        every_days = 7
        session_hours = 2
        workers = 1
        """,
    )
    assert [line for line in course(run) if "opens" not in line] == lines("""
        0 0 support starts
        0.0833333333 1 support starts
        7.08333333 0 support is served
        7.16666667 1 support is served
    """)


def test_a_group_whose_money_must_be_spent_before_its_last_session_does_not_begin(tmp_path: Path) -> None:
    run = tell(tmp_path, SESSIONS + 'until_day = 20\nend_rule = "spent-and-done"\n')
    assert [line for line in course(run) if "starts" in line] == ["5 0 support starts", "5 1 support starts"]
    assert unserved(run)[0] == "2 support waiting: money"


LATE = """
horizon_days = 40
money = "unlimited"
[caseload]
people = {people}
[services.support]
kind = "sessions"
group_size = 1
sessions = 2
every_days = 7
session_hours = 24
{more}
[teams.counsellor]
service = "support"
count = 1
until_day = {until}
"""


def utilisation(run: Run) -> float:
    """Share of the teams' time at work that open groups take."""
    names = [(key.indicator, key.service) for key in keys(run.scenario)]
    return float(measure(run).values[names.index(("team_utilisation", "support"))])


def test_a_group_whose_team_is_gone_before_its_next_session_waits_for_another_or_again(tmp_path: Path) -> None:
    """Begun on day 0, due again on day 7; the counsellor works to the end of day 5, the next on day 30 alone."""
    text = LATE.format(people=1, until=5, more="groups_per_counsellor = 1")
    case = tell(tmp_path, text).cases[0]
    assert (case["started"], case["ended"], Outcome(case["outcome"])) == (MISSING, MISSING, Outcome.WAITING)
    late = '[teams.none]\nservice = "support"\ncount = [{ from_day = 0, count = 0 }, { from_day = 30, count = 1 }]\n'
    run = tell(tmp_path, text + late + "until_day = 31\n")
    assert course(run)[1:] == ["0 0 support starts", "31 0 support is served"]
    assert run.handovers[["time", "team"]].tolist() == [(5 * DAY, MISSING), (30 * DAY, 1)]
    assert utilisation(run) == 1.0  # all of five days and one; not thirty-one of six


def test_a_session_that_begins_late_puts_off_the_end(tmp_path: Path) -> None:
    """Two groups share a counsellor: the second begins on day 1, so is due on day 8, and is served on day 9."""
    run = tell(tmp_path, LATE.format(people=2, until=30, more="groups_per_counsellor = 2"))
    assert [line for line in course(run) if "served" in line] == ["8 0 support is served", "9 1 support is served"]
    assert utilisation(run) == pytest.approx((8 + 8) / (30 * 2), rel=1e-12)

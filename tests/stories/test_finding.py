"""Places close and open; people are found, by caseworkers or a round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reliefsim.records import Run
from reliefsim.rules import Known, equal
from reliefsim.units import DAY

from .telling import course, decided, envelopes, lines, money, tell, unserved


def in_places(folder: Path, text: str, wanted: str, **call: Any) -> Run:
    """The first replication in which households stand in places as wanted, by first letters."""
    runs = (tell(folder, text, replication=number, **call) for number in range(500))
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
    """The north's household waits since day 1; it is closed when the team is free on day 2, open on day 7."""
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
    text = OUTREACH.replace("first_day = 10", "first_day = 10\nfind_probability = 0")
    run = tell(tmp_path, text + "outreach_share = 0\n")
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


def test_money_that_only_running_costs_may_have_pays_a_round_the_plan_did_not_expect(tmp_path: Path) -> None:
    """The plan counts on nobody, three households come: the round costs 503.00 of the 900.00 and is held."""
    run = tell(
        tmp_path,
        """
        horizon_days = 30
        [arrivals]
        instants_days = [1, 2, 3]
        [dtm]
        first_day = 10
        round_cost_usd = 500
        household_cost_usd = 1
        [services.aid]
        kind = "casework"
        duration = 1
        intake = "dtm"
        [grants.office]
        amount_usd = 900
        pays_for = ["running"]
        """,
    )
    assert decided(run, "dtm") == ["10 round held round 1 3"]
    assert money(run) == lines("""
        0 office 90000 donor > cash
        10 office running 50300 cash > committed
        10 office running 50300 committed > spent
        30 office 39700 cash > lapsed
    """)


IN_PLACES = """
horizon_days = 40
[caseload]
target_people = 100
[arrivals]
instants_days = [1, 2, 3, 12]
[locations.north]
share = 0.3
[locations.south]
share = 0.7
[dtm]
round_cost_usd = 500
household_cost_usd = 1
[[dtm.rounds]]
day = 2012-07-21
[[dtm.rounds]]
day = 10
locations = ["south"]
round_cost_usd = 80
[[dtm.rounds]]
day = 15
locations = ["north"]
[services.aid]
kind = "casework"
duration = 1
intake = "dtm"
[grants.office]
amount_usd = 2000
"""


def test_a_round_finds_and_counts_the_people_of_its_places_and_has_its_own_price(tmp_path: Path) -> None:
    """South, north, south by day 3, another north on day 12. Rounds stand in any order; each keeps to its places."""
    run = in_places(tmp_path, IN_PLACES, "snsn")
    assert decided(run, "dtm") == lines("""
        10 round held round 1: south 2
        15 round held round 2: north 2
        20 round held round 3
    """)
    assert [line for line in course(run) if "opens" in line] == lines("""
        10 0 aid opens
        10 2 aid opens
        15 1 aid opens
        15 3 aid opens
    """)
    assert [row[3] for row in run.rounds.tolist()] == [2, 2, 4]
    # Set aside for the rounds: of 70, 30 and 100 planned people; one cent more, for indirect cost is rounded down.
    assert envelopes(run, "running")[0] == f"0 office {8000 + 7000 + 50000 + 3000 + 50000 + 10000} 0 0"
    assert [line for line in money(run) if "running" in line and "spent" in line] == lines("""
        10 office running 8200 committed > spent
        15 office running 50200 committed > spent
        20 office running 50000 committed > spent
    """)


def test_the_plan_knows_the_latest_count_of_a_place_and_its_own_figure_where_nobody_counted(tmp_path: Path) -> None:
    """100 are planned for, 30 of them in the north. Each person is one case; what has begun is needed no more."""
    needs: list[tuple[float, int]] = []

    def heard(known: Known) -> list[list[int]]:
        needs.append((known.time / DAY, known.need[0]))
        return equal(known)

    in_places(tmp_path, IN_PLACES, "snsn", rule=heard)
    assert needs[-4:] == [(0, 100), (10, 2 + 30), (15, 2 + 2 - 2), (20, 4 - 4)]


def test_a_round_elsewhere_is_none_for_a_household(tmp_path: Path) -> None:
    """Rounds by turns in the north and the south: whom the n-th round everywhere finds, the n-th in its place finds."""
    head, tail = (IN_PLACES.split(mark)[place] for mark, place in (("[dtm]", 0), ("[services", 1)))
    text = 'money = "unlimited"\n' + head.replace("[1, 2, 3, 12]", "[1, 1, 1, 1, 1, 2, 2, 2, 2, 2]")
    text += "[dtm]\nfind_probability = 0.3\nROUNDS[services" + tail.split("[grants")[0]
    places = ("south", "north")
    by_turns = "".join(f'[[dtm.rounds]]\nday = {day}\nlocations = ["{places[day % 2]}"]\n' for day in range(3, 39))
    apart = tell(tmp_path, text.replace("ROUNDS", by_turns)).households
    everywhere = tell(tmp_path, text.replace("ROUNDS", "first_day = 3\nevery_days = 1\n")).households
    nth = everywhere["registered"] // DAY - 2
    in_north = everywhere["location"] == 0
    assert nth.max() > 3  # some are missed by several
    assert set(in_north.tolist()) == {True, False}
    assert (apart["registered"] // DAY).tolist() == np.where(in_north, 2 * nth + 1, 2 * nth + 2).tolist()

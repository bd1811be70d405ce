"""Budget lines: a manager keeps them, moves a little, asks for other lines and for more time."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.records import Run

from .telling import course, decided, envelopes, money, tell

# Food is needed on day 5, before the second part of the money comes; water from day 12 on.
TWO_PARTS = """
horizon_days = 20
[arrivals]
instants_days = [5]
[services.food]
kind = "casework"
duration = 1
unit_cost_usd = 50
[services.water]
kind = "casework"
need_share = 0
duration = 1
[grants.donor]
amount_usd = 200
tranches = [ { day = 0, amount_usd = 100 }, { day = 10, amount_usd = 100 } ]
[plan]
rule = "RULE"
shares = { food = 0.6, water = 0.4 }
"""


def test_fixed_shares_keep_their_lines_whoever_commits_first(tmp_path: Path) -> None:
    """Lines of 120 and 80. Half of the money: 60 and 40. Then food has used 50 of its 120, and has 70 left."""
    run = tell(tmp_path, TWO_PARTS.replace("RULE", "fixed-shares"))
    assert envelopes(run, "food") == ["0 donor 6000 0 0", "10 donor 12000 0 5000", "20 donor 5000 0 5000"]
    assert envelopes(run, "water") == ["0 donor 4000 0 0", "10 donor 8000 0 0", "20 donor 0 0 0"]
    assert {(row.service, row.line) for row in run.envelopes} == {("food", 12000), ("water", 8000), ("running", 0)}


def test_reallocate_divides_again_what_is_not_committed(tmp_path: Path) -> None:
    """Day 0: 100.00 as 60 / 40. By day 10 food has used 50: of 150.00 left and new, 90 / 60 go on top."""
    run = tell(tmp_path, TWO_PARTS.replace("RULE", "reallocate"))
    assert envelopes(run, "food") == ["0 donor 6000 0 0", "10 donor 14000 0 5000", "20 donor 5000 0 5000"]
    assert envelopes(run, "water") == ["0 donor 4000 0 0", "10 donor 6000 0 0", "20 donor 0 0 0"]


# A case costs 33.33 of direct cost; 7 % of it is no whole cent, and both services take their part of the rounding.
LINES = """
horizon_days = 100
[caseload]
people = 60
registered_at_start_share = 1
[services.food]
kind = "casework"
workers = 1
duration = 1
unit_cost_usd = 33.33
[services.water]
kind = "casework"
workers = 1
duration = 1
unit_cost_usd = 7.77
[grants.donor]
amount_usd = 1500
indirect_rate = 0.07
LINES
"""


def used(run: Run, service: str) -> int:
    """Direct cents that were committed for a service, in all."""
    rows = run.postings[(run.postings["service"] == run.names.services.index(service)) & (run.postings["debit"] == 2)]
    return int((rows["cents"] - rows["indirect_cents"]).sum())


def test_a_stated_line_buys_what_it_covers_to_the_cent_of_direct_cost(tmp_path: Path) -> None:
    """30 cases of 33.33 are 999.90, 40 of 7.77 are 310.80: all lines are used up, and with one cent less a case is not."""
    lines = "lines = { food = { amount_usd = 999.90 }, water = { amount_usd = 310.80 } }"
    run = tell(tmp_path, LINES.replace("LINES", lines))
    assert (used(run, "food"), used(run, "water")) == (99_990, 31_080)
    less = lines.replace("999.90", "999.89").replace("310.80", "310.79")
    run = tell(tmp_path, LINES.replace("LINES", less))
    assert (used(run, "food"), used(run, "water")) == (99_990 - 3_333, 31_080 - 777)


def test_who_states_lines_and_no_rule_means_them_to_be_kept(tmp_path: Path) -> None:
    run = tell(tmp_path, LINES.replace("LINES", "lines = { food = { share = 0.5 }, water = { share = 0.1 } }"))
    assert run.rule == "fixed-shares"
    # 1,500.00 holds 1,401.87 of direct cost: half is 700.935, a tenth 140.187, and the rest 560.748 (the largest
    # remainders are rounded up).
    assert {row.service: row.line for row in run.envelopes if row.reason == "end"} == {
        "food": 70_093 + 4_906, "water": 14_019 + 981, "running": 56_075 + 3_925,
    }  # fmt: skip
    assert (used(run, "food"), used(run, "water")) == (21 * 3_333, 18 * 777)


RUNNING = """
horizon_days = 90
[arrivals]
instants_days = [1, 2, 3]
[services.food]
kind = "casework"
duration = 1
unit_cost_usd = 10
[teams.office]
cost_usd_per_30_days = 100
[grants.donor]
amount_usd = 1000
FLEXIBLE
lines = { food = { amount_usd = 790 }, running = { amount_usd = 210 } }
"""


def test_running_costs_keep_their_line_too(tmp_path: Path) -> None:
    """210.00 pays two times 100.00; the third finds 10.00, and the team stands still although food has money left."""
    run = tell(tmp_path, RUNNING.replace("FLEXIBLE", ""))
    assert decided(run, "team") == ["60 team stands still for want of money office"]
    assert [line for line in money(run) if "running" in line and line.endswith("committed > spent")] == [
        "0 donor running 10000 committed > spent", "30 donor running 10000 committed > spent",
    ]  # fmt: skip


def test_what_the_donor_leaves_flexible_goes_where_it_is_short(tmp_path: Path) -> None:
    """Of 1,000.00 a tenth may move: running costs lack 90.00, and food needs 30.00 of its 790.00."""
    run = tell(tmp_path, RUNNING.replace("FLEXIBLE", "flexibility_share = 0.1"))
    assert decided(run, "team") == []
    assert decided(run, "planner")[0] == "0 moves between lines donor 9000"
    assert {row.service: row.line for row in run.envelopes if row.reason == "end"} == {
        "food": 70_000,
        "running": 30_000,
    }


# Twelve people need 10.00 of food on day 10; nobody needs the 100.00 of water.
SHORT = """
horizon_days = 40
[arrivals]
instants_days = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10]
[services.food]
kind = "casework"
duration = 1
unit_cost_usd = 10
[services.water]
kind = "casework"
need_share = 0
duration = 1
unit_cost_usd = 10
[grants.donor]
amount_usd = 150
lines = { food = { amount_usd = 50 }, water = { amount_usd = 100 } }
MORE
[plan]
replan_days = [20]
"""


def served(run: Run) -> int:
    """Cases of food that were served by the end."""
    return sum(line.endswith(" food is served") for line in course(run))


@pytest.mark.parametrize(("share", "number"), [(0, 5), (0.1, 6), (0.2, 8), (1, 12)])
def test_lines_that_will_not_be_used_help_those_that_will_as_far_as_agreed(
    tmp_path: Path, share: float, number: int
) -> None:
    """Five at once; on day 20 the manager sees seven waiting and moves a share of 150.00, 70.00 at most."""
    run = tell(tmp_path, SHORT.replace("MORE", f"flexibility_share = {share}"))
    assert served(run) == number


AMENDMENT = """
[[grants.donor.amendments]]
asked_day = 12
answer_days = 10
probability = CHANCE
lines = { food = { amount_usd = 90 }, water = { amount_usd = 60 } }
"""


@pytest.mark.parametrize(("chance", "number", "words"), [(1, 9, "grants"), (0, 5, "refuses")])
def test_an_amendment_holds_from_the_day_it_is_granted(tmp_path: Path, chance: int, number: int, words: str) -> None:
    run = tell(tmp_path, SHORT.replace("MORE", AMENDMENT.replace("CHANCE", str(chance))))
    assert served(run) == number
    assert decided(run, "donor") == ["0 money comes donor 15000", f"22 {words} amendment donor", END[number]]
    assert [line for line in course(run) if line.startswith("22 ")] == [
        f"22 {who} food starts" for who in range(5, number)
    ]


END = {9: "40 window ends; cases stopped donor 6000", 5: "40 window ends; cases stopped donor 10000"}


EXTENSION = """
horizon_days = 40
[arrivals]
instants_days = [5, 15, 25]
[services.food]
kind = "casework"
duration = 1
unit_cost_usd = 10
[grants.donor]
amount_usd = 100
until_day = 10
[grants.donor.no_cost_extension]
asked_day = 2
answer_days = 5
probability = CHANCE
until_day = 20
"""


@pytest.mark.parametrize(("chance", "last"), [(1, 20), (0, 10)])
def test_an_extension_is_known_when_it_is_granted_and_moves_the_end(tmp_path: Path, chance: int, last: int) -> None:
    run = tell(tmp_path, EXTENSION.replace("CHANCE", str(chance)))
    paid = [line for line in money(run) if line.endswith("cash > committed")]
    assert paid == [f"{day} donor food 1000 cash > committed" for day in (5, 15) if day < last]
    assert f"{last} donor {10_000 - 1_000 * len(paid)} cash > lapsed" in money(run)
    assert int(run.grants_end[0]) == last * 86_400


def test_what_was_put_in_beside_a_grant_that_stops_goes_back_with_it(tmp_path: Path) -> None:
    """b pays 60 of 100 and ends on day 10, a pays 40; on day 25 a's commitments are not payable any more."""
    run = tell(
        tmp_path,
        """
        horizon_days = 60
        [arrivals]
        instants_days = [0.5]
        [services.care]
        kind = "casework"
        duration = 30
        unit_cost_usd = 100
        [grants.a]
        amount_usd = 60
        until_day = 20
        liquidation_days = 5
        [grants.b]
        amount_usd = 60
        until_day = 10
        [plan]
        cofund = true
        """,
    )
    assert [line for line in money(run) if "lapsed" in line] == [
        "20 a 2000 cash > lapsed", "25 b 6000 cash > lapsed", "25 a 4000 cash > lapsed",
    ]  # fmt: skip


def test_an_amendment_leaves_running_costs_what_the_lines_leave(tmp_path: Path) -> None:
    """Food had 50 and running costs the other 100; once food has 120, they have 30."""
    one = SHORT.replace(", water = { amount_usd = 100 }", "")
    more = AMENDMENT.replace("CHANCE", "1").replace("{ amount_usd = 90 }, water = { amount_usd = 60 }", "{ amount_usd = 120 }")
    run = tell(tmp_path, one.replace("MORE", more))
    assert served(run) == 12
    lines = {row.service: row.line for row in run.envelopes if row.reason == "end"}
    assert lines == {"food": 12000, "water": 0, "running": 3000}


def test_a_grant_without_lines_beside_one_that_has_some_is_divided_equally(tmp_path: Path) -> None:
    run = tell(tmp_path, SHORT.replace("MORE", '[grants.other]\namount_usd = 140\npays_for = ["food", "water"]'))
    assert served(run) == 12  # five of the donor's 50.00, seven of the other's 70.00


def test_a_drawn_extension_never_ends_a_grant_earlier(tmp_path: Path) -> None:
    text = EXTENSION.replace("CHANCE", "1").replace("until_day = 20", "until_day = { value = 20, low = 11, high = 30 }")
    text = text.replace("until_day = 10\n", "until_day = { value = 10, low = 8, high = 19 }\n")
    ends = [int(tell(tmp_path, text, replication=number, uncertain=True).grants_end[0]) for number in range(30)]
    assert min(ends) >= 8 * 86_400

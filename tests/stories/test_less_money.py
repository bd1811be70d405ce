"""Donors who come late or give less, and shocks that meet."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.records import Run

from .telling import course, decided, lines, money, tell
from .test_shocks import PAUSE, STOP, THREE

LATE = '\n[shocks.tardy]\nkind = "late"\ngrants = ["donor"]\n'


@pytest.mark.parametrize(
    ("when", "come"),
    [
        ("days = 3", ["3 donor 10000 donor > cash", "23 donor 20000 donor > cash"]),
        ("days = 3\nday = 0.5", ["0 donor 10000 donor > cash", "23 donor 20000 donor > cash"]),
        ("days = 3\nday = 20", ["0 donor 10000 donor > cash", "23 donor 20000 donor > cash"]),
        ("days = 3\nday = 20.5", ["0 donor 10000 donor > cash", "20 donor 20000 donor > cash"]),
        ("days = 30", ["30 donor 10000 donor > cash"]),  # the second would come when the window has ended
    ],
)
def test_tranches_due_from_a_day_on_come_later_and_none_once_the_window_has_ended(
    tmp_path: Path, when: str, come: list[str]
) -> None:
    run = tell(tmp_path, THREE.replace("99", "50") + LATE + when)
    assert [line for line in money(run) if "donor > cash" in line] == come


def test_a_case_waits_for_a_late_tranche(tmp_path: Path) -> None:
    run = tell(tmp_path, THREE + LATE + "days = 3")
    assert course(run)[:2] == ["2 0 aid opens", "3 0 aid starts"]
    assert decided(run, "donor")[:2] == ["0 pays late; tranches tardy 2 30000", "3 money comes donor 10000"]


CUT = '\n[shocks.less]\nkind = "cut"\ngrants = ["donor"]\nday = 10\nshare = 0.333\n'


def test_a_cut_takes_its_share_of_uncommitted_cash_and_of_each_tranche_still_to_come(tmp_path: Path) -> None:
    """0.333 of 20.00 is 6.66; 0.333 of 200.00 is 66.60. What is committed stays."""
    run = tell(tmp_path, THREE + CUT)
    assert money(run)[3:] == lines("""
        9 donor aid 4000 cash > committed
        10 donor 666 cash > lapsed
        12 donor aid 4000 committed > spent
        20 donor 13340 donor > cash
        20 donor aid 4000 cash > committed
        23 donor aid 4000 committed > spent
    """)
    assert decided(run, "donor")[1:] == ["10 cuts; tranches less 1 7326", "20 money comes donor 13340"]


def test_a_cut_of_all_is_the_end_of_the_money_but_not_of_the_window(tmp_path: Path) -> None:
    run = tell(tmp_path, THREE + CUT.replace("0.333", "1"))
    assert money(run)[4:] == ["10 donor 2000 cash > lapsed", "12 donor aid 4000 committed > spent"]


def shocks_of_day_ten(*kinds: str) -> list[str]:
    """Shocks that strike in one second, named in this order."""
    what = {"late": "days = 5", "cut": "share = 0.5", "stop-work": "", "suspension": "days = 12"}
    return [
        f'\n[shocks.{name}]\nkind = "{kind}"\ngrants = ["donor"]\nday = 10\n{what[kind]}\n'
        for name, kind in zip("abc", kinds, strict=False)
    ]


@pytest.mark.parametrize(
    ("kinds", "after"),
    [
        # The tranche of day 20 is put off to day 25, beyond the pause; the other way, from day 22 to day 27.
        (("late", "suspension"), ["12 donor aid 4000 committed > spent", "25 donor 20000 donor > cash"]),
        (("suspension", "late"), ["12 donor aid 4000 committed > spent", "27 donor 20000 donor > cash"]),
        # Half of 20.00 lapses by the cut, the rest by the stop; after the stop there is nothing to cut.
        (("cut", "stop-work"), ["10 donor 1000 cash > lapsed", "10 donor 1000 cash > lapsed",
                                "12 donor aid 4000 committed > spent"]),
        (("stop-work", "cut"), ["10 donor 2000 cash > lapsed", "12 donor aid 4000 committed > spent"]),
        (("cut", "cut"), ["10 donor 1000 cash > lapsed", "10 donor 500 cash > lapsed",
                          "12 donor aid 4000 committed > spent", "20 donor 5000 donor > cash"]),
    ],
)  # fmt: skip
def test_shocks_of_one_second_strike_in_the_order_of_their_names(
    tmp_path: Path, kinds: tuple[str, ...], after: list[str]
) -> None:
    first, second = shocks_of_day_ten(*kinds)
    for text in (first + second, second + first):  # however the file is ordered
        run = tell(tmp_path, THREE.replace("[2, 9, 12]", "[2, 9]") + text)
        assert money(run)[4:] == after


def test_a_suspension_ends_before_another_begins_in_the_same_second(tmp_path: Path) -> None:
    """From day 10 to 22 and from 22 to 30: the tranche of day 20 is held back twice, and nothing starts between."""
    more = PAUSE.replace("pause", "again").replace("day = 10", "day = 22").replace("days = 12", "days = 8")
    run = tell(tmp_path, THREE + more + PAUSE)
    assert decided(run, "donor")[2:] == lines("""
        22 suspension ends pause 2000
        22 suspends; cases stopped again 2000
        30 suspension ends again 2000
        30 money comes donor 20000
    """)
    assert course(run)[-2:] == ["30 2 aid starts", "33 2 aid is served"]


PLEDGE = """
horizon_days = 60
[arrivals]
instants_days = [2]
[services.aid]
kind = "casework"
duration = 3
unit_cost_usd = 40
[grants.small]
amount_usd = 1
[pledges.donor]
amount_usd = 100
from_day = 5
probability = PROBABILITY
"""


@pytest.mark.parametrize(("probability", "of_donor"), [("0", []), ("1", ["10 stops work; cases stopped halt 6000"])])
def test_a_shock_strikes_a_pledge_that_came(tmp_path: Path, probability: str, of_donor: list[str]) -> None:
    run = tell(tmp_path, PLEDGE.replace("PROBABILITY", probability) + STOP)
    assert [line for line in decided(run, "donor") if "halt" in line] == of_donor


def _struck(run: Run) -> bool:
    return any(row.subject == "halt" for row in run.decisions)


def test_a_shock_that_may_come_comes_or_not_alike_under_every_rule(tmp_path: Path) -> None:
    text = THREE + STOP + "probability = 0.4\n"
    by_rule = [
        [_struck(tell(tmp_path, text, replication=number, rule=rule)) for number in range(60)]
        for rule in ("equal", "by-need")
    ]
    assert by_rule[0] == by_rule[1]
    assert 12 <= sum(by_rule[0]) <= 36  # 24 are expected, with a standard deviation of 3.8


def test_one_shock_may_strike_two_grants_and_calls_for_one_plan(tmp_path: Path) -> None:
    """The other one ends first, so it has paid for the first case, and the donor for the second."""
    more = "\n[grants.other]\namount_usd = 50\n"
    run = tell(tmp_path, THREE + more + STOP.replace('["donor"]', '["donor", "other"]'))
    assert decided(run, "donor")[2:] == [
        "10 stops work; cases stopped halt 6000",
        "10 stops work; cases stopped halt 1000",
    ]
    assert decided(run, "planner")[1:] == ["10 divides money shock halt"]

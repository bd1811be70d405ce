"""Forty faults were planted in the model, one at a time; each was seen to fail these tests (and the golden study).

a grant pays after its window has ended:
    test_windows::test_a_window_is_open_until_the_second_before_its_end
a window ends a second late (`<=` for `<`):
    test_windows::test_a_window_is_open_until_the_second_before_its_end
indirect cost rounded up:
    test_paying::test_two_children_are_reunified_one_after_the_other_and_cerf_pays_the_floor_of_all_indirect_cost
indirect cost floored payment by payment:
    test_groups::test_a_household_of_five_is_left_behind_by_three_seats_and_leaves_at_its_own_timer
priority ignored:
    test_waiting::test_a_higher_class_is_served_first_and_within_a_class_who_opened_first
order broken among those who opened in one second:
    test_teams::test_hosts_wait_for_a_pledge_which_comes_or_does_not
one team more:
    test_waiting::test_a_patience_that_ends_in_the_second_a_team_gets_free_has_ended
a convoy's timer started at the last departure:
    test_groups::test_a_household_of_five_is_left_behind_by_three_seats_and_leaves_at_its_own_timer
goods on the way ignored when ordering:
    test_goods::test_what_is_on_its_way_counts_and_is_not_ordered_twice
lognormal mean taken for mu:
    test_times::test_lead_times_and_patience_keep_the_law_they_are_given_as_durations_do
lapse forgotten:
    test_windows::test_what_is_committed_by_the_end_is_paid_after_it_and_the_rest_lapses_at_noon
prerequisite ignored:
    test_waiting::test_what_must_come_first_opens_what_comes_after_in_the_same_second
closed place served:
    test_finding::test_a_closed_place_is_passed_over_and_open_again_is_first_in_line
a place that opens again stands last:
    test_finding::test_a_place_open_again_comes_before_those_who_opened_later_in_the_same_second
what cannot be paid skipped instead of stopping:
    test_paying::test_what_the_head_of_a_queue_cannot_be_paid_stops_it_or_is_skipped_as_the_scenario_says
commitment not released at the end:
    test_windows::test_a_commitment_open_when_the_days_of_liquidation_are_over_lapses_and_its_case_waits_again
liquidation never ends:
    test_windows::test_a_commitment_open_when_the_days_of_liquidation_are_over_lapses_and_its_case_waits_again
last household not cut to fit:
    test_worlds::test_people_at_the_start_are_exact_and_households_have_the_stated_mean_and_spread
a person counted twice among the reached:
    test_indicators::test_indicators_are_what_a_plain_count_gives
hazard of leaving not counted from arrival:
    test_times::test_a_household_stays_as_long_as_its_own_draw_says_counted_from_its_arrival
waits of cases that never started in wait_days:
    test_indicators::test_indicators_are_what_a_plain_count_gives
unfinished waits left out of waiting_days:
    test_indicators::test_indicators_are_what_a_plain_count_gives
hosts counted by a round:
    test_teams::test_hosts_are_nobody_a_round_finds_or_counts
a grant pays beyond its envelope:
    test_paying::test_a_grant_that_ends_first_pays_first_and_the_other_when_it_cannot
earmark ignored:
    test_paying::test_a_thing_nobody_may_pay_for_gets_nothing_and_the_rest_goes_where_it_may
the grant that ends first does not pay first:
    test_paying::test_a_grant_that_ends_first_pays_first_and_the_other_when_it_cannot
smaller households board before one that does not fit:
    test_groups::test_nobody_smaller_boards_before_a_household_that_does_not_fit
patience ends a second late:
    test_waiting::test_a_patience_that_ends_in_the_second_a_team_gets_free_has_ended
money to be spent by the end pays for what ends later:
    test_windows::test_money_that_must_be_spent_by_the_end_pays_for_nothing_planned_to_end_after_it
a team that stands still goes on with its cases:
    test_teams::test_a_team_stands_still_for_want_of_money_and_goes_on_where_it_stood
a team that goes on begins its case anew:
    test_teams::test_a_team_stands_still_for_want_of_money_and_goes_on_where_it_stood
a round that cannot be paid is held:
    test_finding::test_a_dtm_round_that_cannot_be_paid_is_skipped_and_the_next_finds_people
one more may wait than may:
    test_waiting::test_one_place_to_wait_is_taken_by_the_first_who_must
an order that comes too late is placed:
    test_goods::test_an_order_that_comes_or_is_handed_out_too_late_for_its_grant_is_not_placed
lost demand waits:
    test_goods::test_without_goods_on_the_shelf_demand_is_lost_where_the_scenario_says_so
losses of goods rounded up:
    test_goods::test_a_part_of_every_delivery_is_lost_in_whole_kits_that_keep_to_the_share
a place's price factor ignored:
    test_paying::test_what_the_head_of_a_queue_cannot_be_paid_stops_it_or_is_skipped_as_the_scenario_says
a pledge always comes:
    test_teams::test_hosts_wait_for_a_pledge_which_comes_or_does_not
what others meet not taken off the need:
    test_worlds::test_need_over_time_is_a_poisson_process_net_of_what_others_meet
two services share one stream of draws:
    test_streams::test_every_seed_replication_and_purpose_has_its_own_key

Planting a fault means compiling the model anew, so it is done by hand, in a copy. What is done here at every run: the
table names tests that are there, and the accounts notice facts that were falsified.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reliefsim import load_scenario, simulate
from reliefsim.layout import Account, Outcome
from reliefsim.records import Run
from reliefsim.units import MISSING

from . import means, money, people
from .test_determinism import SCENARIO

TESTS = Path(__file__).parents[1]


def test_every_test_in_the_list_is_there() -> None:
    named = re.findall(r"    (test_\w+)::(test_\w+)", __doc__ or "")
    assert len(named) == 40
    for file, test in named:
        folder = next(path for path in (TESTS / "stories", TESTS / "laws") if (path / f"{file}.py").exists())
        assert f"def {test}(" in (folder / f"{file}.py").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("planted") / "law.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return simulate(load_scenario(path), seed=5)


Table = Any  # a structured array that may be written to


def falsified(run: Run, table: str, change: Callable[[Table], Any]) -> Run:
    """The run with one table changed."""
    copy = getattr(run, table).copy()
    found = change(copy)
    return dataclasses.replace(run, **{table: copy if found is None else found})


def put(column: str, value: Any, where: Callable[[Table], Any]) -> Callable[[Table], Any]:
    """A change: a value, or a function of the old one, put into the first row that is meant."""

    def change(table: Table) -> None:
        row = int(np.flatnonzero(where(table))[0])
        table[column][row] = value(table[column][row]) if callable(value) else value

    return change


def only(credit: Account, debit: Account) -> Callable[[Table], Any]:
    """Postings of one kind."""
    return lambda table: (table["credit"] == credit) & (table["debit"] == debit)


def without(credit: Account, debit: Account) -> Callable[[Table], Any]:
    """The postings without those of one kind."""
    return lambda table: table[~only(credit, debit)(table)]


def is_served(table: Table) -> Any:
    return table["outcome"] == Outcome.SERVED


FALSE: dict[str, tuple[str, Callable[[Table], Any], Callable[[Run], None]]] = {
    "a cent more is spent": (
        "postings", put("cents", lambda cents: cents + 1, only(Account.COMMITTED, Account.SPENT)), money.check_accounts,
    ),
    "nothing lapses": ("postings", without(Account.CASH, Account.LAPSED), money.check_accounts),
    "a commitment after its window": (
        "postings", lambda table: _moved(table, only(Account.CASH, Account.COMMITTED)), money.check_accounts,
    ),
    "a grant brings less than promised": (
        "postings", put("cents", lambda cents: cents - 1, only(Account.DONOR, Account.CASH)), money.check_all_money_came,
    ),
    "a cent of indirect cost more": (
        "postings",
        put("indirect_cents", lambda cents: cents + 1, only(Account.CASH, Account.COMMITTED)),
        money.check_indirect,
    ),
    "an envelope is overdrawn": (
        "postings", put("cents", 80_000, only(Account.CASH, Account.COMMITTED)), money.check_envelopes,
    ),
    "a case was charged a cent less": (
        "cases", put("cents", lambda cents: cents - 1, lambda table: table["cents"] > 0), money.check_charges,
    ),
    "a household has one more member": (
        "households", put("size", lambda size: size + 1, lambda table: table["size"] > 0), people.check_households,
    ),
    "a household was found between rounds": (
        "households", put("registered", 12_345, lambda table: table["registered"] > 0), people.check_rounds,
    ),
    "a case ended before it started": (
        "cases", put("ended", 1, lambda table: is_served(table) & (table["started"] > 1)), people.check_states,
    ),
    "a served case has a reason": ("cases", put("reason", 4, is_served), people.check_states),
    "a case opened before its household was found": (
        "cases", put("opened", 0, lambda table: is_served(table) & (table["service"] == 0) & (table["opened"] > 0)),
        people.check_openings,
    ),
    "one who opened last started first": (
        "cases",
        lambda table: _swapped(table, "started"),
        people.check_order,
    ),
    "a team was as busy as two": (
        "cases", lambda table: table["started"].__setitem__(_of_team(table), table["started"][_of_team(table)].min()),
        means.check_teams,
    ),
    "kits were handed out before they came": (
        "cases",
        lambda table: table["started"].__setitem__(is_served(table) & (table["service"] == 0), 3 * 86_400),
        means.check_goods,
    ),
    "a convoy carried more than it seats": (
        "cases", put("people", 41, lambda table: (table["service"] == 3) & (table["group"] != MISSING)),
        means.check_groups,
    ),
}  # fmt: skip


def _moved(table: Table, where: Callable[[Table], Any]) -> Any:
    """The first of some postings, by a grant whose window ends on day 60, put at the very end."""
    row = int(np.flatnonzero(where(table) & (table["grant"] == 0))[0])
    late = table[[row]]
    late["time"] = 90 * 86_400
    return np.concatenate([np.delete(table, row), late])


def _of_team(table: Table) -> Any:
    """Started medical cases."""
    return (table["service"] == 1) & (table["started"] != MISSING)


def _swapped(table: Table, column: str) -> None:
    """Exchange a column of the first and the last started of those who opened in different seconds."""
    rows = np.flatnonzero(_of_team(table))
    order = rows[np.lexsort((rows, table["opened"][rows], table["priority_class"][rows]))]
    first, last = order[0], order[-1]
    table[column][first], table[column][last] = table[column][last], table[column][first]


def test_the_accounts_find_nothing_wrong_with_the_facts_as_they_are(run: Run) -> None:
    for _, _, check in FALSE.values():
        check(run)


@pytest.mark.parametrize("name", FALSE)
def test_the_accounts_notice_a_falsified_fact(run: Run, name: str) -> None:
    table, change, check = FALSE[name]
    with pytest.raises(AssertionError):
        check(falsified(run, table, change))

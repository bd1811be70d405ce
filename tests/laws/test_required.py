"""Requirement and money month by month: counted again from the facts of random small scenarios."""

from __future__ import annotations

import datetime

from hypothesis import given

from reliefsim import keys, measure
from reliefsim.indicators.indicator import Measurement
from reliefsim.indicators.measure import Key
from reliefsim.indicators.required import REQUIRED
from reliefsim.layout import Account, Outcome
from reliefsim.records import Run

from .making import scenarios
from .recount import months
from .test_laws import run_of, tried
from .writing import Row, Table

MET = (Outcome.SERVED, Outcome.IN_SERVICE)


def found(run: Run) -> dict[tuple[str, str], int]:
    """Cents by indicator and month."""
    values = (REQUIRED.values(Measurement(run)) * 100).round().astype(int).tolist()
    return {(key.indicator, key.period): value for key, value in zip(REQUIRED.keys(run.scenario), values, strict=True)}


def total(run: Run, name: str) -> int:
    values = dict(zip(keys(run.scenario), measure(run).values.tolist(), strict=True))
    return round(100 * values[Key(name, unit="USD")])


@tried(60)
@given(scenarios())
def test_the_months_of_a_requirement_add_up_to_it_to_the_cent(tree: Table) -> None:
    run = run_of(tree)
    numbers = found(run)
    by_month = [cents for (name, _), cents in numbers.items() if name == "requirement_usd"]
    assert sum(by_month) == total(run, "requirement_usd")
    last = months(run)[-1][0]
    assert numbers["requirement_so_far_usd", last] == total(run, "requirement_with_running_usd")
    assert numbers["need_met_usd", ""] == total(run, "requirement_usd") - total(run, "gap_usd")


@tried(60)
@given(scenarios())
def test_requirement_and_money_by_a_months_end_are_what_a_plain_count_gives(tree: Table) -> None:
    run = run_of(tree)
    numbers, homes, shown = found(run), run.households, len(run.names.services)
    before = 0
    for month, _, end in months(run):
        until = 10**18 if end == run.horizon else end  # the books are closed at the horizon
        arisen = sum(
            int(case["priced_cents"])
            for case in run.cases
            if case["arose"] < until and not homes[case["household"]]["population"]
        )
        rows = [row for row in run.postings if row["time"] < until]
        balance = dict.fromkeys(Account, 0)
        running = 0
        for row in rows:
            balance[Account(row["debit"])] += int(row["cents"])
            balance[Account(row["credit"])] -= int(row["cents"])
            if not 0 <= row["service"] < shown:
                running += int(row["cents"]) * (row["debit"] == Account.COMMITTED)
                running -= int(row["cents"]) * (row["debit"] == Account.CASH and row["credit"] == Account.COMMITTED)
        there = balance[Account.CASH] + balance[Account.COMMITTED] + balance[Account.SPENT]
        assert numbers["available_so_far_usd", month] == there
        assert numbers["requirement_so_far_usd", month] == arisen + running
        assert numbers["requirement_usd", month] == arisen - before
        before = arisen


@tried(60)
@given(scenarios())
def test_what_is_used_for_services_is_all_that_is_spent_or_committed_but_for_running_costs(tree: Table) -> None:
    run = run_of(tree)
    used = total(run, "spent_usd") + total(run, "committed_usd") - total(run, "running_cost_usd")
    assert found(run)["used_for_services_usd", ""] == used
    met = sum(
        int(case["priced_cents"])
        for case in run.cases
        if case["outcome"] in MET and not run.households[case["household"]]["population"]
    )
    assert found(run)["need_met_usd", ""] == met


def test_a_commitment_that_is_taken_back_was_not_used() -> None:
    run = run_of(
        {
            "format": 1, "name": "law", "start_date": datetime.date(2012, 7, 1), "horizon_days": 60,
            "caseload": {"people": 10},
            "services": {"aid": {"kind": "casework", "duration": Row(law="exponential", mean_days=6), "unit_cost_usd": 100}},
            "grants": {"one": {"amount_usd": 1000, "until_day": 10, "end_rule": "spent-and-done"}},
        }
    )  # fmt: skip
    assert ((run.postings["debit"] == Account.CASH) & (run.postings["credit"] == Account.COMMITTED)).any()
    numbers = found(run)
    spent = int(run.postings["cents"][run.postings["debit"] == Account.SPENT].sum())
    assert 0 < spent < 1000_00
    assert numbers["used_for_services_usd", ""] == numbers["available_so_far_usd", "2012-08"] == spent
    assert numbers["requirement_so_far_usd", "2012-08"] == 1000_00

"""The fundraiser's numbers are what their definitions say: counted again from the facts, and true to the cent in every run.

Seen red, each fault planted in the model by itself and taken away again. Gap: the case's own envelope counts as
elsewhere; a cent counts twice (earmarked, lapsed, late); what a grant may not pay for lapses for it; what is due after
the horizon is forgotten; what lapses counted lapses again; all of a second comes before a case that ends in it; hosts
among a grant's cents; cases in service among the gap; a person once a case; the last need's month; the household's class.
Grants: the window's end is inside it; what is stopped after the end was not open then; cancelled orders among open
cases; hosts in a class; what ends in the second of the window's end is not open; allocated of the last plan with money;
lots in the order of ordering, or with their losses; cancelled orders among those ordered; cover by two months; a
departure or an item costs nothing. Money without limit: need costs less with it. Not seen red: cases of one second in
another order at the border of two lots.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from reliefsim import load_scenario, simulate
from reliefsim.indicators.measure import funding_keys
from reliefsim.records import Run

from .busy import busy_run
from .fundraising import check_recount, check_to_the_cent, numbers, with_late_money
from .making import scenarios
from .test_cofunded import FIELD, with_small_grants
from .test_laws import run_of, tried
from .writing import Table, toml


@tried(120)
@given(scenarios())
def test_random_runs_give_what_a_plain_count_gives(tree: Table) -> None:
    run = run_of(with_late_money(tree))
    found = numbers(run)
    try:
        check_recount(run, found)
        check_to_the_cent(run, found)
    except AssertionError as wrong:
        wrong.add_note(toml(tree))
        raise


@tried(40)
@given(scenarios())
def test_where_money_is_unlimited_it_closes_nothing(tree: Table) -> None:
    run = run_of({**tree, "money": "unlimited"})
    found = [(key, value) for key, value in numbers(run).items() if "closed_by_money" in key.indicator]
    gap = {key: value for key, value in numbers(run).items() if key.indicator == "gap_usd"}
    for key, value in found:
        is_left = key.indicator.startswith("gap_not")
        assert value == (gap[key._replace(indicator="gap_usd")] if is_left else 0), key


@pytest.mark.parametrize("replication", range(8))
def test_a_busy_run_gives_what_a_plain_count_gives(tmp_path: Path, replication: int) -> None:
    run = busy_run(tmp_path, replication)
    found = numbers(run)
    check_recount(run, found)
    check_to_the_cent(run, found)


def small_run(folder: Path, cofund: str) -> Run:
    (folder / "small.toml").write_text(f"{FIELD}plan = {{ cofund = {cofund} }}\n", encoding="utf-8")
    return simulate(load_scenario(folder / "small.toml"))


@pytest.mark.parametrize("cofund", ["false", "true"])
def test_grants_too_small_for_a_case_give_what_a_plain_count_gives(tmp_path: Path, cofund: str) -> None:
    run = small_run(tmp_path, cofund)
    found = numbers(run)
    check_recount(run, found)
    check_to_the_cent(run, found)


@tried(80)
@given(scenarios())
def test_what_grants_pay_together_gives_what_a_plain_count_gives(tree: Table) -> None:
    run = run_of(with_small_grants(tree))
    try:
        check_recount(run, found := numbers(run))
        check_to_the_cent(run, found)
    except AssertionError as wrong:
        wrong.add_note(toml(tree))
        raise


def test_what_is_compared_shows_every_number(tmp_path: Path) -> None:
    seen = {key.indicator for r in range(8) for key, value in numbers(busy_run(tmp_path, r)).items() if value > 0}
    seen |= {key.indicator for key, value in numbers(small_run(tmp_path, "false")).items() if value > 0}
    missed = {key.indicator for key in funding_keys(busy_run(tmp_path).scenario)} - seen
    assert missed == set()

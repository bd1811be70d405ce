"""The laws of the model, re-checked by plain accounts from the facts of random small scenarios of all kinds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from reliefsim import load_scenario, simulate
from reliefsim.records import Run

from . import means, money, people
from .making import scenarios
from .writing import Table, reordered, toml


def tried(examples: int) -> settings:
    """So many examples, the same ones every time; made smaller only by hand, which takes minutes otherwise."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=slow,
        phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip


CHECKS: dict[str, Callable[[Run], None]] = {
    "every cent is somewhere and nothing is paid out of time or earmark": money.check_accounts,
    "all promised money came": money.check_all_money_came,
    "indirect cost is the floor of the rate": money.check_indirect,
    "no envelope is overdrawn at any instant": money.check_envelopes,
    "what was charged was posted": money.check_charges,
    "budget lines are kept": money.check_lines,
    "people are those at the start and arrived, present or left": people.check_households,
    "rounds find and cost what they say": people.check_rounds,
    "every case is in one state with its times in order": people.check_states,
    "nothing opens before it may": people.check_openings,
    "nobody starts before one who stands before them": people.check_order,
    "no more wait than may": people.check_waiting_limit,
    "no team is busier than it can be": means.check_teams,
    "open cases whose team ends have a team, or all are full": means.check_handovers,
    "teams are used as the indicator says": means.check_utilisation,
    "goods are there when they are handed out": means.check_goods,
    "groups have their size": means.check_groups,
}


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="laws-"))


def run_of(tree: Table, replication: int = 0) -> Run:
    """One replication of a scenario, through a file."""
    path = _folder() / "law.toml"
    path.write_text(toml(tree), encoding="utf-8")
    return simulate(load_scenario(path), seed=3, replication=replication)


@tried(300)
@given(scenarios())
def test_no_law_is_broken_in_any_scenario(tree: Table) -> None:
    run = run_of(tree)
    for law, check in CHECKS.items():
        try:
            check(run)
        except AssertionError as broken:
            broken.add_note(f"law: {law}\n{toml(tree)}")
            raise


def digest(run: Run) -> tuple[object, ...]:
    """Everything a run recorded, column by column."""
    tables = (
        run.households, run.cases, run.postings, run.orders, run.departures, run.rounds, run.capacities, run.cofunded,
    )  # fmt: skip
    columns = tuple(table[name].tobytes() for table in tables for name in table.dtype.names or ())
    return (*columns, run.member_class.tobytes(), run.decisions, run.envelopes, run.names)


@tried(60)
@given(scenarios())
def test_the_same_call_gives_the_same_bytes_in_whatever_order_tables_are_written(tree: Table) -> None:
    first = digest(run_of(tree))
    assert first == digest(run_of(tree))
    assert first == digest(run_of(reordered(tree)))


def test_random_scenarios_show_every_outcome_and_every_kind_of_posting() -> None:
    """What the laws are checked on is not all alike."""
    seen: set[tuple[str, int]] = set()

    @tried(150)
    @given(scenarios())
    def look(tree: Table) -> None:
        run = run_of(tree)
        seen.update(("outcome", one) for one in run.cases["outcome"].tolist())
        seen.update(("into", one) for one in run.postings["debit"].tolist())
        seen.update(("reason", one) for one in run.cases["reason"].tolist())

    look()
    assert {number for kind, number in seen if kind == "outcome"} == set(range(7))
    assert {number for kind, number in seen if kind == "into"} == {1, 2, 3, 4}
    assert {number for kind, number in seen if kind == "reason"} >= {0, 1, 2, 3, 4, 6, 7}

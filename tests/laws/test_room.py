"""No table is written past its end: each is cut to the least room with which a run still ends, and to one row less.

Seen red: before a full table was looked for, one row less ended the process, or lost rows without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reliefsim import load_scenario, simulate
from reliefsim.engine.compile.compiled_scenario import Blueprint
from reliefsim.engine.delivery import room
from reliefsim.engine.delivery.services import Delivery, InvariantError
from reliefsim.engine.state import handle
from reliefsim.engine.world.world_draws import World
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import MISSING

from .busy import BUSY

# What the appending kernels fill, and what the error calls it.
TABLES = {
    "postings": "postings", "orders": "orders", "departures": "departures", "groups": "groups", "handovers": "handovers",
    "cofunded": "what grants pay together", "to_open": "cases to open", "standing": "cases without a team",
    "ends": "what is to happen", "patience": "what is to happen", "lineup": "a queue",
}  # fmt: skip


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The busy operation, with grants that pay together and a team that shrinks."""
    text = BUSY.replace('rule = "by-need"', 'rule = "by-need"\ncofund = true')
    text = text.replace("workers = 9", "workers = 1")
    text = text.replace("count = 4", "count = [{ from_day = 0, count = 9 }, { from_day = 20, count = 1 }]")
    path = tmp_path_factory.mktemp("room") / "busy.toml"
    path.write_text(text.replace('law = "exponential", mean_days = 12', 'law = "exponential", mean_days = 30'), encoding="utf-8")
    return load_scenario(path)


def cut(name: str, rows: int) -> Callable[[Blueprint, World, int, int], Delivery]:
    """A delivery that has so many rows in one table, and makes no room for more."""

    class Cut(Delivery):
        def __init__(self, plan: Blueprint, world: World, seed: int, replication: int) -> None:
            super().__init__(plan, world, seed, replication)
            if name == "lineup":  # of every queue so many places
                self.queues["room"] = np.minimum(self.queues["room"], rows)
            else:  # no table but that of handovers is ever made longer here
                table = self.tables[name]
                self.tables[name] = np.empty(rows, table.dtype) if name == "handovers" else table[:rows].copy()
                if isinstance(getattr(self, name, None), np.ndarray):
                    setattr(self, name, self.tables[name])
            self.state = handle(self.tables)

        def make_room(self) -> None:
            pass

        def make_room_for_restarts(self) -> None:
            pass

        def make_room_for_handovers(self, pool: int) -> None:
            if name != "handovers":
                super().make_room_for_handovers(pool)

    return Cut


def refused(scenario: Scenario, name: str, rows: int) -> str:
    """What a run with so many rows says when it stops; nothing, if it ends."""
    try:
        simulate(scenario, seed=5, delivery=cut(name, rows))
    except InvariantError as full:
        return str(full)
    return ""


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_one_row_too_few_is_refused_and_the_least_that_does_changes_nothing(name: str, scenario: Scenario) -> None:
    too_few, enough = 0, 5_000
    assert refused(scenario, name, too_few), "nothing is written into this table: the test shows nothing"
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        said = refused(scenario, name, middle)
        assert not said or (TABLES[name] in said and said.endswith("is full"))
        too_few, enough = (middle, enough) if said else (too_few, middle)
    assert facts(simulate(scenario, seed=5, delivery=cut(name, enough))) == facts(simulate(scenario, seed=5))


def facts(run: Run) -> list[bytes]:
    tables = (run.cases, run.postings, run.orders, run.departures, run.breaks, run.handovers, run.cofunded)
    return [table.tobytes() for table in tables]


TOGGLED = """
start_date = 2030-01-01
horizon_days = 400
caseload.people = 1
locations.a = { share = 1, closures = [%s] }
services.s0 = { kind = "casework", duration = 1, unit_cost_usd = 50 }
grants.g = { amount_usd = 1 }
services.s1 = { kind = "casework", duration = 1, unit_cost_usd = 50 }
"""


def test_breaks_are_all_kept_however_often_queues_stand_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody pays: both queues stand still from each opening of the place to its next closing, 199 times, and at the end."""
    closures = ", ".join(f"{{ from_day = {day}, until_day = {day + 1} }}" for day in range(1, 399, 2))
    path = tmp_path / "toggled.toml"
    path.write_text(TOGGLED % closures, encoding="utf-8")
    monkeypatch.setattr(room, "_OTHERS", 3)
    run = simulate(load_scenario(path))
    for s in (0, 1):
        mine = run.breaks[run.breaks["service"] == s]
        day = 86_400
        assert mine["begins"].tolist() == [0, *range(2 * day, 399 * day, 2 * day)]
        assert mine["ends"].tolist() == [*range(day, 399 * day, 2 * day), MISSING]


def test_room_for_those_who_start_again_grows(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is in service when a grant ends may start again: with room for one start a case, tables must grow."""
    expected = facts(simulate(scenario, seed=5))
    lengths = []
    grows = Delivery.make_room_for_restarts

    def watched(self: Delivery) -> None:
        before = len(self.postings)
        grows(self)
        lengths.append(len(self.postings) - before)

    monkeypatch.setattr(room, "_STARTS_A_CASE", 1)
    monkeypatch.setattr(Delivery, "make_room_for_restarts", watched)
    assert facts(simulate(scenario, seed=5)) == expected
    assert any(lengths), "nothing grew"

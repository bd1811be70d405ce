"""Runs that are done side by side share the world that they have in common, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from reliefsim.engine.simulate import prepared, simulate
from reliefsim.engine.world import world_draws as draw
from reliefsim.engine.world.world_draws import SharedWorlds, World, draw_world
from reliefsim.rules import RULES
from reliefsim.scenario import Scenario, load_scenario
from reliefsim.scenario import replace as changed
from reliefsim.study.running import jobs as works
from reliefsim.study.running.jobs import Job, Work

FEW = {"caseload.people": 500, "caseload.target_people": 500}


@pytest.fixture(scope="module")
def plans() -> tuple[Scenario, ...]:
    """Scenarios with worlds in common and without, in an order in which they come back to one another."""
    baseline = changed(load_scenario("baseline"), FEW)
    return (
        baseline,
        changed(load_scenario("rapid-growth"), FEW),
        changed(baseline, {"name": "richer", "grants.cerf.amount_usd": 170_000}),
        changed(baseline, {"name": "larger", "caseload.people": 501}),
        changed(load_scenario("invented-flood"), {}),
    )


def bytes_of(world: World) -> dict[str, bytes]:
    return {field.name: getattr(world, field.name).tobytes() for field in fields(world)}


@pytest.mark.parametrize("uncertain", [False, True])
def test_jobs_done_together_leave_what_they_leave_alone(plans: tuple[Scenario, ...], uncertain: bool) -> None:
    work = Work(plans, tuple(sorted(RULES)), 11, uncertain)
    jobs = [Job(s, r, 0, 2, 5) for s in range(len(plans)) for r in range(len(work.rules))]
    (batch,) = [tuple(jobs)]
    for job, part in zip(batch, work.do(batch), strict=True):
        (alone,) = work.do((job,))
        assert part.rule == alone.rule
        assert part.values.tobytes() == alone.values.tobytes(), work.name(job)
        assert part.monthly.tobytes() == alone.monthly.tobytes(), work.name(job)
        assert part.allocations.amounts.tobytes() == alone.allocations.amounts.tobytes()


def test_a_run_writes_into_tables_of_its_own(plans: tuple[Scenario, ...]) -> None:
    """Households that are found, cases, and what counts rounds: all of it is written by a run."""
    shared = SharedWorlds()
    wanted = prepared(plans[1])[1]
    untouched = bytes_of(draw_world(wanted, 5, 3))
    for rule in ("equal", "by-need"):
        run = simulate(plans[1], rule, 5, 3, draw=shared.draw)
        assert run.cases.tobytes() != untouched["cases"]
        assert bytes_of(shared.draw(wanted, 5, 3)) == untouched


def test_whatever_a_world_is_drawn_from_tells_two_demands_apart(plans: tuple[Scenario, ...]) -> None:
    """Money, teams and the plan do not; any number that a draw is made with does."""
    wanted = prepared(plans[0])[1]
    assert prepared(plans[2])[1].digest == wanted.digest
    for field in fields(wanted):
        value = getattr(wanted, field.name)
        if field.name == "course":
            other = replace(value, hazard=value.hazard + 1e-9)
        elif hasattr(value, "dtype"):
            other = np.concatenate([value, value[:1]]) if len(value) else np.zeros(1, value.dtype)
        else:
            other = (*value, "more") if isinstance(value, tuple) else value + 1
        assert replace(wanted, **{field.name: other}).digest != wanted.digest, field.name


def test_a_world_is_drawn_once_for_all_that_have_it(plans: tuple[Scenario, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def noted(wanted: object, seed: int, replication: int) -> World:
        drawn.append(replication)
        return draw_world(wanted, seed, replication)  # type: ignore[arg-type]

    monkeypatch.setattr(draw, "draw_world", noted)
    Work((plans[0], plans[2]), (None, "equal"), 3).do(tuple(Job(s, r, 0, 0, 2) for s in (0, 1) for r in (0, 1)))
    assert drawn == [0, 1]
    drawn.clear()
    monkeypatch.setattr(draw, "REMEMBERED_BYTES", 0)  # a world too large to be remembered is drawn anew
    Work((plans[0],), (None, "equal"), 3).do((Job(0, 0, 0, 0, 1), Job(0, 1, 0, 0, 1)))
    assert drawn == [0, 0]


def test_neighbours_of_the_same_chance_are_done_together(plans: tuple[Scenario, ...]) -> None:
    work = Work(plans[:2], (None, "equal"), 1)
    jobs = [Job(s, r, 0, first, first + 2) for first in (0, 2) for s in (0, 1) for r in (0, 1)]
    assert [len(batch) for batch in work.batches(jobs)] == [4, 4]
    many = [Job(0, 0, 0, 0, 1)] * (2 * works.BATCH + 1)
    assert [len(batch) for batch in work.batches(many)] == [works.BATCH, works.BATCH, 1]
    assert [job for batch in work.batches(jobs) for job in batch] == jobs

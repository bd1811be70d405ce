"""The delivery kernel serves the same people, in the same seconds, for the same cents, as plain SimPy.

Faults that were planted in money, breaks and windows, each seen red: see ``test_planted_in_money``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from reliefsim.engine.simulate import simulate
from reliefsim.layout import Account, Outcome, Reason
from reliefsim.records import Run
from reliefsim.scenario import load_scenario, shipped_names
from reliefsim.scenario.schema import Round, Scenario
from reliefsim.units import MISSING, moment

from .compare import differences
from .operations import operations
from .twin import TwinDelivery

OWN = Path(__file__).parent / "scenarios"
SEEDS = range(1, 6)
KNOWN_ANSWERS = Path(__file__).parents[1] / "theory" / "scenarios"


def assert_same(scenario: Scenario, seed: int = 1, replication: int = 0) -> Run:
    """The kernel's run, which must be the twin's."""
    run = simulate(scenario, seed=seed, replication=replication)
    twin = simulate(scenario, seed=seed, replication=replication, delivery=TwinDelivery)
    assert differences(run, twin) == []
    is_unserved = ~np.isin(run.cases["outcome"], (Outcome.SERVED, Outcome.IN_SERVICE))
    assert np.array_equal(run.cases["reason"] != Reason.NONE, is_unserved)
    return run


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_scenario_runs_as_in_plain_simpy(name: str, seed: int) -> None:
    run = assert_same(load_scenario(name), seed, replication=seed)
    assert (run.cases["outcome"] == Outcome.SERVED).sum() > 1000


@pytest.mark.parametrize("path", sorted(KNOWN_ANSWERS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_case_with_known_answers_runs_as_in_plain_simpy(path: Path) -> None:
    assert_same(load_scenario(path))


def have(run: Run, outcome: Outcome, reason: Reason | None = None) -> int:
    """How many cases ended so, for that reason."""
    cases = run.cases[run.cases["outcome"] == outcome]
    return len(cases) if reason is None else int((cases["reason"] == reason).sum())


def freed(run: Run) -> int:
    """How many commitments fell away."""
    postings = run.postings
    return int(((postings["debit"] == Account.CASH) & (postings["credit"] == Account.COMMITTED)).sum())


def log(run: Run, words: str) -> int:
    """How often something was decided."""
    return sum(decision.action.startswith(words) for decision in run.decisions)


def handed(run: Run, service: str, stopped: bool) -> int:
    """How many open cases of a service another team took over, or were stopped for want of any."""
    of = run.names.services.index(service)
    mine = run.handovers[run.cases["service"][run.handovers["case"]] == of]
    return int(((mine["stopped"] == 1) if stopped else (mine["team"] >= 0)).sum())


def together(run: Run, service: int) -> int:
    """How many payments for a service (the last: running costs) two grants made in one second."""
    rows = run.postings[(run.postings["service"] == service) & (run.postings["debit"] == Account.COMMITTED)]
    return len(rows) - len(np.unique(rows["time"]))


def stood_still(run: Run, reason: Reason) -> int:
    """How many breaks were for that reason."""
    return int((run.breaks["reason"] == reason).sum())


def short_again(run: Run) -> int:
    """How many breaks for want of money were not the last time that their service ran short."""
    is_short = run.breaks[run.breaks["reason"] == Reason.MONEY]
    return int((run.short_since[is_short["service"]] > is_short["begins"]).sum())


def moved_ends(run: Run) -> int:
    """How many windows did not end on the day that was first agreed."""
    horizon, first = run.horizon, [run.scenario.grants[name].until_day for name in run.names.grants]
    stated = [moment(day, run.scenario.start_date, horizon) for day in first]
    return int((run.grants_end != stated).sum())


# What each small file must show, so that a comparison of nothing with nothing cannot pass.
SHOWS: dict[str, list[Callable[[Run], int]]] = {
    "patience": [
        lambda run: have(run, Outcome.GAVE_UP),
        lambda run: have(run, Outcome.LEFT),
        lambda run: have(run, Outcome.TURNED_AWAY, Reason.TURNED_AWAY),
    ],
    "closures": [lambda run: log(run, "closed"), freed, lambda run: len(run.orders), lambda run: len(run.departures)],
    "prerequisites": [
        lambda run: have(run, Outcome.LEFT, Reason.NOT_FOUND),
        lambda run: int((run.cases["reason"] == Reason.PREREQUISITE).sum()),
        lambda run: have(run, Outcome.TURNED_AWAY),
        lambda run: int((run.cases["group"] >= 0).sum()),
    ],
    "convoys": [lambda run: len(run.departures), freed, lambda run: have(run, Outcome.GAVE_UP)],
    "counsellors": [
        lambda run: log(run, "team stands still"),
        lambda run: int((run.cases["group"] >= 0).sum()),
        freed,
        lambda run: have(run, Outcome.GAVE_UP),
    ],
    "stores": [
        lambda run: have(run, Outcome.TURNED_AWAY, Reason.GOODS),
        lambda run: int(run.orders["lost"].sum()),
        lambda run: len({(row["service"], row["grant"]) for row in run.orders}) - 3,
        lambda run: int((run.orders["cancelled"] >= 0).sum()),
    ],
    "freed-teams": [freed],
    "last-patience": [lambda run: have(run, Outcome.GAVE_UP), lambda run: have(run, Outcome.LEFT)],
    "same-second": [lambda run: have(run, Outcome.TURNED_AWAY, Reason.TURNED_AWAY)],
    "stopped-convoys": [freed, lambda run: len(run.departures)],
    "shocks": [
        lambda run: log(run, "stops work"),
        moved_ends,
        lambda run: log(run, "suspends"),
        lambda run: log(run, "suspension ends"),
        lambda run: log(run, "pays late"),
        lambda run: log(run, "cuts"),
        lambda run: log(run, "team stands still"),
        freed,
        lambda run: int((run.orders["cancelled"] >= 0).sum()),
        lambda run: int((run.cases["group"] >= 0).sum()),
    ],
    "rounds": [
        lambda run: log(run, "round skipped"),
        lambda run: len({row["found"] for row in run.rounds if row["held"]}) - 2,
        lambda run: have(run, Outcome.NOT_OPENED, Reason.NOT_FOUND),
    ],
    "teams": [
        lambda run: handed(run, "care", stopped=False),
        lambda run: handed(run, "talks", stopped=False),
        lambda run: handed(run, "short", stopped=True),
        lambda run: handed(run, "talks", stopped=True),
        lambda run: log(run, "changes its count"),
        lambda run: have(run, Outcome.IN_SERVICE) + have(run, Outcome.GAVE_UP),
    ],
    "cofund": [
        lambda run: int((run.cofunded["group"] >= 0).sum()),
        lambda run: int((run.cofunded["group"] < 0).sum()),
        lambda run: int((run.cofunded["released"] >= 0).sum()),
        lambda run: len(np.unique(run.cofunded["grant"])) - 2,
        lambda run: have(run, Outcome.WAITING, Reason.MONEY),
        lambda run: together(run, len(run.names.services)),
    ],
    "purses": [
        lambda run: have(run, Outcome.WAITING, Reason.MONEY),
        lambda run: freed(run) + len(run.postings),
        lambda run: stood_still(run, Reason.MONEY),
        lambda run: int((run.short_since != MISSING).sum()),
    ],
    "skips": [
        lambda run: stood_still(run, Reason.MONEY),
        lambda run: stood_still(run, Reason.GOODS),
        lambda run: int((run.breaks["ends"] == MISSING).sum()),
        short_again,
        lambda run: int((run.short_since != MISSING).sum()),
        moved_ends,
        lambda run: log(run, "refuses extension"),
    ],
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", SHOWS)
def test_a_small_operation_runs_as_in_plain_simpy(name: str, seed: int) -> None:
    assert_same(load_scenario(OWN / f"{name}.toml"), seed)


@pytest.mark.parametrize("name", SHOWS)
def test_a_small_operation_shows_what_it_is_for(name: str) -> None:
    scenario = load_scenario(OWN / f"{name}.toml")
    runs = [simulate(scenario, seed=seed) for seed in SEEDS]
    assert [sum(shown(run) for run in runs) > 0 for shown in SHOWS[name]] == [True] * len(SHOWS[name])


def test_rounds_of_all_places_are_those_at_equal_distances() -> None:
    """Stated one by one, in any order, with all places named or none."""
    regular = load_scenario("invented-flood")
    dtm, places = regular.dtm, tuple(regular.locations)
    assert dtm is not None
    stated = [Round.model_validate({"day": day, "locations": [None, places][day % 2]}) for day in range(7, 180, 21)]
    update = {"first_day": None, "every_days": None, "until_day": None, "rounds": tuple(stated[::-1])}
    runs = [simulate(regular.model_copy(update={"dtm": one}), seed=4) for one in (dtm, dtm.model_copy(update=update))]
    assert len(runs[0].rounds) == len(stated)
    assert differences(*runs) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(operations())
def test_any_small_operation_runs_as_in_plain_simpy(scenario: Scenario) -> None:
    assert_same(scenario)  # both runs assert the laws of the model, too


@pytest.mark.slow
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(operations())
def test_very_many_small_operations_run_as_in_plain_simpy(scenario: Scenario) -> None:
    assert_same(scenario)

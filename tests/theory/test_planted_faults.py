"""A plain loop with one planted error no longer agrees: the twins' scenarios are rich enough to notice it."""

from __future__ import annotations

from typing import Any

import pytest

from . import twins
from .running import assert_mean, load, measure, one_run
from .test_queues import WAITS_OF_ONE_TEAM, surplus_of_one_team
from .test_twins import tied_queue


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("twin-queue-first-come", "one team more"),
        ("twin-queue-priorities", "priority ignored"),
        ("twin-queue-patience", "patience after starts"),
        ("twin-purse-stop", "spends after the end"),
        ("twin-purse-skip", "no indirect cost"),
    ],
)
def test_a_fault_in_a_queue_or_purse_is_noticed(name: str, fault: str) -> None:
    run = tied_queue(name)
    sound, faulty = twins.queue_twin(run), twins.queue_twin(run, fault)
    assert (sound.started, sound.paid) != (faulty.started, faulty.paid)
    assert twins.starts(run) == sound.started


def test_paying_in_the_second_a_window_ends_is_noticed() -> None:
    run = one_run(load("twin-purse-stop", arrivals={"instants_days": (39.999, 40, 41)}))
    assert twins.queue_twin(run, "end included").paid != twins.queue_twin(run).paid


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("twin-convoy-timer", "timer from the last departure"),
        ("twin-convoy-full", "above for at least"),
        ("twin-convoy-one-vehicle", "smaller ones pass"),
    ],
)
def test_a_fault_in_a_convoy_is_noticed(name: str, fault: str) -> None:
    run = one_run(load(name))
    assert twins.convoy_twin(run) == twins.trips(run)
    assert twins.convoy_twin(run, fault) != twins.trips(run)


@pytest.mark.parametrize("name", ["twin-stock-rq-waits", "twin-stock-ss-lost"])
@pytest.mark.parametrize("fault", ["order on the way ignored", "below for at most"])
def test_a_fault_in_a_stock_is_noticed(name: str, fault: str) -> None:
    run = one_run(load(name))
    assert twins.starts(run) == twins.stock_twin(run).started
    assert twins.starts(run) != twins.stock_twin(run, fault).started


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("q5-one-team-lognormal", {"law": "lognormal", "mean_days": 1.0, "cv": 2**0.5}),  # cv² given for cv
        ("q5-one-team-lognormal", {"law": "exponential", "mean_days": 1.0}),
        ("q5-one-team-exponential", {"law": "constant", "mean_days": 1.0}),
    ],
)
def test_a_wrong_spread_of_service_times_is_noticed(name: str, wrong: dict[str, Any]) -> None:
    exact = WAITS_OF_ONE_TEAM[name]
    values = measure(load(name, services__aid__duration=wrong), 200, lambda run: surplus_of_one_team(run, exact))
    with pytest.raises(AssertionError, match="mean"):
        assert_mean(values, 0, detects=float("inf"))

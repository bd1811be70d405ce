"""Replications are added until intervals are as narrow as wanted, stay so, and are for a difference, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reliefsim.indicators.measure import Key
from reliefsim.scenario import read
from reliefsim.study.request import StudyRequest
from reliefsim.study.running.runner import run_study
from reliefsim.study.statistics.intervals import intervals
from reliefsim.study.statistics.precision import FIRST, Precision, Target, parse

KNOWN = ("people_reached", "need_covered", "gap_usd")


def test_targets_are_absolute_or_a_share_of_the_mean() -> None:
    assert parse("people_reached=250, need_covered=0.01,gap_usd=5%", KNOWN) == (
        Target("people_reached", 250.0, relative=False), Target("need_covered", 0.01, relative=False),
        Target("gap_usd", 0.05, relative=True),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("people_reached", "must be like"), ("people_reached=0", "above 0"), ("people_reached=-3", "must be like"),
        ("people_reached=nan", "must be like"), ("people_reachd=3", "Did you mean people_reached"),
        ("gap_usd=1,gap_usd=2", "named twice"), ("", "must be like"), ("gap_usd=1e999", "must be like"),
    ],
)  # fmt: skip
def test_a_target_that_is_none_is_named(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(text, KNOWN)


def arms(*columns: Sequence[float]) -> list[Any]:
    """Arms with one indicator, people_reached, run by run."""
    return [
        SimpleNamespace(
            scenario=f"s{number}", rule="r", keys=(Key("people_reached"),), values=np.array(column, float)[:, None]
        )
        for number, column in enumerate(columns)
    ]


def run_until(precision: Precision, *columns: Sequence[float]) -> int:
    """How many replications a goal takes, handed ever more of the same runs."""
    done = 0
    while (wanted := precision.wanted(lambda: arms(*(column[:done] for column in columns)), done)) > done:  # noqa: B023
        done = wanted
    return done


def reach(values: np.ndarray) -> float:
    found = intervals(values[:, None])
    return max(float(found.high[0]) - values.mean(), values.mean() - float(found.low[0]))


def test_it_stops_once_the_interval_is_narrow_and_has_stayed_so() -> None:
    runs = np.random.default_rng(1).normal(1000, 100, 5000)
    done = run_until(Precision([Target("people_reached", 10.0, relative=False)]), runs)
    assert max(reach(runs[:count]) for count in range(done - done // 20, done + 1)) <= 10
    # 1.96 * 100 / sqrt(n) = 10 gives 384; a quarter more covers the skewed t, the steps and the look-ahead.
    assert 340 < done < 480


def test_the_difference_must_be_narrow_too() -> None:
    """The difference of independent runs varies by the root of two more: twice as many replications."""
    generator = np.random.default_rng(2)
    one, other = generator.normal(0, 1, (2, 5000))
    target = [Target("people_reached", 0.3 * reach(one[:FIRST]), relative=False)]
    alone, paired = (run_until(Precision(target), *columns) for columns in ((one,), (one, other)))
    assert paired > 1.6 * alone
    assert reach((other - one)[:paired]) <= target[0].reach
    assert run_until(Precision(target), one, one + 5) == alone  # a constant difference asks for nothing


def test_a_narrow_interval_by_luck_is_not_believed() -> None:
    """Twenty runs that hardly vary, then runs that do: narrow at FIRST, and not in the look-ahead."""
    runs = np.concatenate([np.linspace(0, 1e-3, FIRST), np.random.default_rng(3).normal(0, 1, 5000)])
    assert reach(runs[:FIRST]) < 0.1
    assert run_until(Precision([Target("people_reached", 0.1, relative=False)]), runs) > 300


def test_a_constant_is_reached_a_share_of_zero_never_and_what_is_not_defined_is_said() -> None:
    share = [Target("people_reached", 0.05, relative=True)]
    assert run_until(Precision(share), np.zeros(500)) < 2 * FIRST
    signs = np.tile([-1.0, 1.0], 250)
    for runs, words in ((signs, "its mean is 0"), (np.full(500, np.nan), "defined in too few of 60")):
        goal = Precision(share, most=60)
        assert run_until(goal, runs) == 60
        assert words in goal.notes()[0]
    goal = Precision([Target("people_reached", 1e-9, relative=False)], most=100)
    assert run_until(goal, np.random.default_rng(4).normal(0, 1, 500)) == 100
    assert "after 100 replications, wanted ± 1e-09" in goal.notes()[0]


def test_how_many_does_not_depend_on_workers_and_is_a_fixed_study_of_as_many() -> None:
    reading = read("baseline", ("caseload.people=600",))
    request = StudyRequest((reading,), precision="people_reached=8", seed=5)
    one, other = (run_study(replace(request, workers=n)) for n in (1, 2))
    assert FIRST < one.replications == other.replications < 2000
    fixed = run_study(StudyRequest((reading,), replications=one.replications, seed=5))
    assert fixed.arms[0].values.tobytes() == one.arms[0].values.tobytes() == other.arms[0].values.tobytes()

"""Whether a precision stays reached is judged in no time, as by going through all runs for every number of them."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from reliefsim.indicators.measure import Key
from reliefsim.study.statistics.intervals import SKEWED, intervals
from reliefsim.study.statistics.precision import FIRST, Precision, Target
from reliefsim.study.statistics.running_intervals import running

NAMES = ("people_reached", "gap_usd")


def arms(values: np.ndarray) -> list[Any]:
    """Arms of ``values``, shape (arms, replications, indicators)."""
    keys = tuple(Key(name) for name in NAMES) + tuple(Key(f"other_{n}") for n in range(values.shape[2] - len(NAMES)))
    return [SimpleNamespace(scenario=f"s{n}", rule="r", keys=keys, values=one) for n, one in enumerate(values)]


@cache
def _interval(runs: bytes) -> tuple[str, float]:
    """The method of the interval of some runs, and how far it reaches; kept, for it is asked for under many targets."""
    values = np.frombuffer(runs)
    found = intervals(values[:, None])
    if np.isnan(found.low[0]):
        return found.method(0), 0.0
    mean = values[~np.isnan(values)].mean()
    return found.method(0), float(max(found.high[0] - mean, mean - found.low[0]))


def slowly_met(values: np.ndarray, base: np.ndarray, target: Target, count: int) -> tuple[bool, float]:
    """Whether a target is met by the first runs, and about how many times too far they reach; column by column."""
    method, reach = _interval(values[:count].tobytes())
    if method == "equal in every run":
        return True, 0.0
    if method != "skewed t 95 %":
        return False, math.inf
    allowed = target.reach * (abs(np.nanmean(base[:count])) if target.relative else 1.0)
    return bool(reach <= allowed), reach / allowed if allowed > 0 else math.inf


def slowly_wanted(values: np.ndarray, targets: Sequence[Target], most: int, done: int) -> int:
    """What Precision wants after ``done`` replications, as its rule says, with nothing carried on."""
    ahead = max(5, done // 20)
    columns = []
    for number, arm in enumerate(values):
        for target in targets:
            one, other = (each[:, NAMES.index(target.indicator)] for each in (arm, values[0]))
            columns += [(one, one, target)] + ([(one - other, one, target)] if number else [])
    unmet = [one for one in columns if not slowly_met(*one, done)[0]]
    if not unmet and done >= FIRST + ahead:
        counts = range(done - ahead, done + 1)
        unmet = [one for one in columns if not all(slowly_met(*one, count)[0] for count in counts)]
        if not unmet:
            return done
    if done >= most:
        return done
    times = [slowly_met(*one, done)[1] for one in unmet]
    more = [2 * done if math.isinf(one) else min(2 * done, math.ceil(done * min(one, 2) ** 2) + ahead) for one in times]
    return min(most, max([done + ahead, done + 1, *more]))


def shape(name: str, random: np.random.Generator, runs: int) -> np.ndarray:
    """Runs of two arms and two indicators, of shape (2, runs, 2)."""
    size = (2, runs, 2)
    made = {
        "normal": lambda: random.normal(100, 10, size),
        "far from zero": lambda: random.normal(1e9, 1e-3, size),
        "skewed": lambda: random.lognormal(0, 1.5, size),
        "few values": lambda: random.poisson(0.3, size).astype(float),
        "one number in most": lambda: np.where(random.random(size) < 0.03, random.normal(0, 1, size), 5.0),
        "calm, then wild": lambda: np.concatenate([
            1e-9 * random.normal(size=(2, runs // 2, 2)), random.normal(0, 1e6, (2, runs - runs // 2, 2))
        ], axis=1),
        "undefined in some": lambda: np.where(random.random(size) < 0.4, np.nan, random.normal(50, 9, size)),
        "undefined at first": lambda: np.where(
            np.arange(runs)[None, :, None] < 2 * FIRST, np.nan, random.exponential(1, size)
        ),
        "undefined in all": lambda: np.full(size, np.nan),
        "constants": lambda: np.broadcast_to([[[0.1, 0.0]], [[0.3, 7e5]]], size).copy(),
        "equal arms": lambda: np.broadcast_to(random.normal(3, 1, (1, runs, 2)), size).copy(),
        "steps of a tenth": lambda: np.round(random.normal(0, 1, size), 1),
        "tiny": lambda: 1e-150 * random.gamma(0.5, size=size),
        "huge": lambda: 1e150 * random.gamma(0.5, size=size),
    }  # fmt: skip
    return np.asarray(made[name]())


SHAPES = (
    "normal", "far from zero", "skewed", "few values", "one number in most", "calm, then wild", "undefined in some",
    "undefined at first", "undefined in all", "constants", "equal arms", "steps of a tenth", "tiny", "huge",
)  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_carried_on_is_what_each_number_of_runs_gives_by_itself(name: str, seed: int) -> None:
    values = shape(name, np.random.default_rng([seed, SHAPES.index(name)]), 120)[0]
    reach, codes = running(values, 20)
    for count in range(20, 121):
        found = intervals(values[:count])
        assert codes[count - 20].tolist() == found.codes.tolist()
        for place in np.flatnonzero(found.codes == SKEWED):
            error = 1e-8 * slow_reach(values[:, place], count) + 1e-12 * np.nanmax(np.abs(values[:, place]))
            assert abs(reach[count - 20, place] - slow_reach(values[:, place], count)) <= error


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_judgement_is_that_of_the_plain_slow_way(name: str, seed: int) -> None:
    """Of one arm, whose targets lie on the very edge of what the look-ahead shows, and of two."""
    values = shape(name, np.random.default_rng([seed, SHAPES.index(name)]), 150)
    for done in (20, 26, 58, 104):
        ahead = range(max(2, done - max(5, done // 20)), done + 1)
        edge = max(slow_reach(values[0, :, 0], count) for count in ahead)
        for reach in (edge, np.nextafter(edge, 0), 0.25):
            for relative in (False, True):
                targets = [Target("people_reached", reach, relative), Target("gap_usd", 3 * reach, relative)]
                for some, wished in ((values[:1], targets[:1]), (values, targets)):
                    goal = Precision(wished, most=150)
                    wanted = goal.wanted(lambda: arms(some[:, :done]), done)  # noqa: B023 - called at once
                    assert wanted == slowly_wanted(some[:, :done], wished, 150, done), (reach, relative, done)


def slow_reach(values: np.ndarray, count: int) -> float:
    """How far the interval reaches exactly; 0 if there is none."""
    return _interval(values[:count].tobytes())[1]


def test_a_difference_that_is_constant_is_reached_at_once_whatever_its_base() -> None:
    """The mean of many times 0.1 is not 0.1 to the last bit, and a share of 0 is 0."""
    values = np.zeros((2, 200, 2))
    values[0] = 0.1
    goal, done = Precision([Target("people_reached", 0.05, relative=True)], most=200), 0
    while (wanted := goal.wanted(lambda: arms(values[:, :done]), done)) > done:  # noqa: B023 - called at once
        done = wanted
    assert done < 2 * FIRST
    assert goal.notes() == (f"Every wanted precision was reached with {done:,} replications.",)


def test_a_precision_as_small_as_a_number_can_be_is_wanted_in_vain_and_harms_nothing() -> None:
    values = np.random.default_rng(1).normal(0, 1e150, (1, 60, 2))
    goal = Precision([Target("people_reached", 1e-300, relative=False)], most=60)
    assert goal.wanted(lambda: arms(values[:, :20]), 20) == 40


def test_five_thousand_replications_of_ten_targets_in_six_arms_are_judged_in_a_moment() -> None:
    """About half a second of a laptop's processor; the plain way takes hours. The limit is for a busy machine."""
    values = np.random.default_rng(1).gamma(2.0, 1.0, (6, 5000, 12))
    keys = tuple(Key(f"n{number}") for number in range(12))
    made: list[Any] = [
        SimpleNamespace(scenario=f"s{n}", rule="r", keys=keys, values=one) for n, one in enumerate(values)
    ]
    goal = Precision([Target(f"n{number}", 1.0, relative=False) for number in range(10)])
    begun = time.process_time()
    assert goal.wanted(lambda: made, 5000) == 5000
    assert time.process_time() - begun < 5.0
    assert len(goal.notes()) == 1

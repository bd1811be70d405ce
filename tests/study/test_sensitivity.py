"""Sobol indices against functions whose indices are known, through the whole path of evaluations."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import sobol_indices

from reliefsim.indicators.allocated import Allocations
from reliefsim.indicators.measure import keys
from reliefsim.scenario import Scenario, read
from reliefsim.study.queries import sobol as sensitivity
from reliefsim.study.queries.sobol import EQUAL, INDICATORS, METHOD, RARE, Rows, evaluate, indices, rows
from reliefsim.study.running.backends import Done, Processes, Running, Stop
from reliefsim.study.running.checkpoints import CheckpointStore
from reliefsim.study.running.jobs import Failure, Job, Part, Work
from reliefsim.study.running.runner import ReplicationsFailedError, StudyStoppedError
from reliefsim.study.statistics.points import Floats, chosen, generator, sobol

SMALL = ("caseload.people=300",)
FEW = ("dtm.find_probability", "grants.usaid.until_day", "services.nfi.need_share")
Function = Callable[[Floats], float]
PI = math.pi


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return read("baseline", SMALL).scenario


class Playing:
    """A backend that gives a known function of the places, backwards, as the total of one indicator."""

    workers = 1

    def __init__(self, scenario: Scenario, function: Function) -> None:
        totals = [key.indicator for key in keys(scenario) if not any(key[1:7])]
        self.function, self.width = function, len(keys(scenario))
        self.places = {key.indicator: place for place, key in enumerate(keys(scenario)) if not any(key[1:7])}
        assert set(INDICATORS) <= set(totals)

    def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
        for job in reversed(jobs):
            values = np.full((job.last - job.first, self.width), np.nan)
            assert work.points is not None
            for number, name in enumerate(INDICATORS):
                values[:, self.places[name]] = (number + 1) * self.function(work.points.places(job.point)) + 1e6
            values[:, self.places["lapsed_usd"]] = 3
            yield job, Part("", values, np.empty((len(values), 0)), Allocations((), np.empty((0, 6), np.int64)))

    def close(self) -> None:
        pass


def played(scenario: Scenario, function: Function, over: Sequence[str] | None, count: int, seed: int = 5) -> Floats:
    work = Work((scenario,), (None,), seed, points=rows(scenario, count, seed, over))
    return evaluate(work, 1, Running(Playing(scenario, function)))


def ishigami(places: Floats) -> float:
    """Ishigami and Homma (1990), on (-pi, pi)."""
    a, b, c = PI * (2 * places - 1)
    return float(math.sin(a) + 7 * math.sin(b) ** 2 + 0.1 * c**4 * math.sin(a))


def test_the_ishigami_function_has_its_indices(baseline: Scenario) -> None:
    """At 1,024 rows the error has a standard deviation of 0.034 at most (100 seeds); three of them are allowed.

    Indices mistaken for each other, or A for B, are off by 0.24 at least.
    """
    found = indices(played(baseline, ishigami, FEW, 1024), 5)
    first = 0.5 * (1 + 0.1 * PI**4 / 5) ** 2
    both = 0.01 * PI**8 * (1 / 18 - 1 / 50)
    whole = first + 49 / 8 + both
    for number, name in enumerate(INDICATORS):
        if name != "lapsed_usd":
            assert found.first[number] == pytest.approx([first / whole, 49 / 8 / whole, 0], abs=0.1)
            assert found.total[number] == pytest.approx([(first + both) / whole, 49 / 8 / whole, both / whole], abs=0.1)


def test_a_sum_has_the_squares_of_its_weights_and_no_interactions(baseline: Scenario) -> None:
    """110 values, 256 rows; tolerance: three standard deviations over seeds (0.038 first-order, 0.024 total)."""
    weights = np.zeros(len(chosen([baseline])))
    weights[[3, 40, 90]] = (3, 2, 1)
    found = indices(played(baseline, lambda places: float(places @ weights), None, 256), 5)
    true = weights**2 / 14
    assert found.first[0] == pytest.approx(true, abs=0.12)
    assert found.total[0] == pytest.approx(true, abs=0.08)
    assert (found.total[0, weights == 0] == 0).all()
    assert (found.first_low[0] <= found.first[0]).all()
    assert (found.first[0] <= found.first_high[0]).all()


def test_one_value_alone_has_all_of_the_variance(baseline: Scenario) -> None:
    """256 rows: the correlation of A and B, by which both indices are off, has a standard deviation of 0.06."""
    found = indices(played(baseline, lambda places: float(places[0]), ("dtm.count_cv",), 256), 5)
    assert [found.first[0, 0], found.total[0, 0]] == pytest.approx([1.0, 1.0], abs=0.2)


def test_each_row_is_a_b_and_a_with_one_place_of_b_each() -> None:
    places = np.arange(24.0).reshape(3, 8) / 24
    made = Rows(("a", "b", "c", "d"), places)
    assert made.parts == 6
    for row in range(3):
        a, b = places[row, :4], places[row, 4:]
        wanted = [a, b, [b[0], *a[1:]], [a[0], b[1], *a[2:]], [*a[:2], b[2], a[3]], [*a[:3], b[3]]]
        assert [made.places(6 * row + part).tolist() for part in range(6)] == [np.array(one).tolist() for one in wanted]
    assert (made.values == np.arange(24.0).reshape(3, 8) / 24).all()


def weighed(places: Floats) -> Floats:
    return np.asarray(places @ 0.8 ** np.arange(places.shape[-1]))


def covered(design: Callable[[np.random.Generator], Floats], seeds: int) -> Floats:
    """How often the first-order intervals of a sum of 20 values hold the truth, at 64 rows: shape (20,)."""
    true = 0.64 ** np.arange(20) / (0.64 ** np.arange(20)).sum()
    hit = np.zeros(20)
    for seed in range(seeds):
        made = Rows(tuple(map(str, range(20))), design(generator(seed, 1)))
        at = np.array([[made.places(22 * row + part) for part in range(22)] for row in range(64)])
        found = indices(weighed(at)[:, :, None], seed)
        hit += (found.first_low[0] <= true) & (true <= found.first_high[0])
    return hit / seeds


def test_intervals_cover_what_their_name_says() -> None:
    """100 seeds, the eight values that matter; 90 % is refused below 0.82, 2.6 standard errors.

    Sobol points of twice the dimensions, as usual, cover one of them in a few samples of 100.
    """

    def ours(random: np.random.Generator) -> Floats:
        return np.concatenate([sobol(20, 64, random), random.permutation(sobol(20, 64, random))], axis=1)

    assert covered(ours, 100)[:8].min() > 0.82
    assert covered(lambda random: sobol(40, 64, random), 30)[:8].min() < 0.5


def test_rows_are_made_as_that_test_makes_them(baseline: Scenario) -> None:
    random = generator(5, 1)
    a, b = sobol(3, 64, random), sobol(3, 64, random)
    assert (rows(baseline, 64, 5, FEW).values == np.concatenate([a, random.permutation(b)], axis=1)).all()


def test_the_estimates_of_resamples_are_scipys(baseline: Scenario) -> None:
    values = played(baseline, ishigami, FEW, 64)[:, :, 0]
    drawn = np.random.default_rng(3).integers(0, 64, 64)
    weights = np.bincount(drawn, minlength=64).astype(float)[None]
    centred = values - values[:, :2].mean()  # scipy's bootstrap takes the mean of all rows from each resample too
    found = sensitivity._intervals(values, weights)
    sample = centred[drawn]
    variance = np.var(sample[:, :2])
    assert found[0] == pytest.approx(np.mean(sample[:, 1:2] * (sample[:, 2:] - sample[:, :1]), axis=0) / variance)
    assert found[2] == pytest.approx(np.mean((sample[:, :1] - sample[:, 2:]) ** 2, axis=0) / 2 / variance)
    whole = sensitivity._intervals(values, np.ones((1, 64)))
    turned = values.T[:, None]
    its = sobol_indices(func={"f_A": turned[0], "f_B": turned[1], "f_AB": turned[2:]}, n=64)
    assert whole[0] == pytest.approx(its.first_order)
    assert whole[3] == pytest.approx(its.total_order)


def test_an_indicator_without_indices_says_why_and_the_others_have_theirs(baseline: Scenario) -> None:
    values = np.array(played(baseline, ishigami, FEW, 64))
    before = indices(values, 5)
    gap, waiting = INDICATORS.index("gap_usd"), INDICATORS.index("waiting_days")
    values[3, 4, gap] = np.nan
    values[:, :2, waiting] = np.where(values[:, :2, waiting] > np.quantile(values[:, :2, waiting], 0.9), 1, 0)
    found = indices(values, 5)
    assert found.notes[gap] == "not defined in 1 of 320 evaluations"
    assert found.notes[INDICATORS.index("lapsed_usd")] == EQUAL
    assert found.methods[waiting] == RARE
    assert found.methods[0] == METHOD
    assert np.isnan(found.total[gap]).all()
    assert found.methods[gap] == ""
    assert (found.total[0] == before.total[0]).all()


@pytest.mark.parametrize("count", [0, 32, 100])
def test_rows_that_are_no_power_of_two_or_too_few_are_refused(baseline: Scenario, count: int) -> None:
    with pytest.raises(ValueError, match=f"power of two.*got {count}"):
        rows(baseline, count, 5)


def simulated(scenario: Scenario, kept: CheckpointStore | None = None, stop: Stop = lambda: False) -> Floats:
    work = Work((scenario,), (None,), 5, points=rows(scenario, 64, 5, FEW))
    return evaluate(work, 2, Running(kept=kept, stop=stop))


@pytest.fixture(scope="module")
def whole(baseline: Scenario) -> Floats:
    """All evaluations, in one go."""
    return simulated(baseline)


def test_two_processes_and_one_give_the_same_and_a_value_without_effect_has_none(baseline: Scenario) -> None:
    """Nothing pays for livelihoods in the baseline: with the same chance everywhere its cases a worker move nothing at all."""
    over = ("services.livelihoods.cases_per_worker", "services.nfi.need_share")
    work = Work((baseline,), (None,), 5, points=rows(baseline, 64, 5, over))
    pool = Processes(2)
    told: list[int] = []
    together = evaluate(work, 1, Running(pool, told.append))
    pool.close()
    alone = evaluate(work, 1, Running())
    assert together.tobytes() == alone.tobytes()
    assert sum(told) == 64 * 4
    found = indices(alone, 5)
    reached = INDICATORS.index("people_reached")
    assert found.total[reached, 0] == 0
    assert found.total[reached, 1] == pytest.approx(1, abs=0.3)


def test_a_study_that_is_stopped_goes_on_where_it_was(baseline: Scenario, whole: Floats, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    kept = CheckpointStore(tmp_path, Work((baseline,), (None,), 5, points=rows(baseline, 64, 5, FEW)))
    asked = iter(range(10_000))
    with pytest.raises(StudyStoppedError) as stopped:
        simulated(baseline, kept, lambda: next(asked) > 15)
    assert 90 < stopped.value.done < stopped.value.total == 320
    assert str(stopped.value) == f"{stopped.value.done} of 320 evaluations are done"
    there = len(kept.find().parts)
    assert there == stopped.value.done // 5
    assert simulated(baseline, kept).tobytes() == whole.tobytes()
    assert len(kept.find().parts) == 64


def test_replications_are_averaged_where_they_are_defined(baseline: Scenario, whole: Floats) -> None:
    work = Work((baseline,), (None,), 5, points=rows(baseline, 64, 5, FEW))
    totals = {key.indicator: place for place, key in enumerate(keys(baseline)) if not any(key[1:7])}
    place = totals["spent_usd"]
    single = [work.do((Job(0, 0, 17, one, one + 1),))[0].values[0, place] for one in range(2)]
    assert whole[3, 2, INDICATORS.index("spent_usd")] == pytest.approx(sum(single) / 2)
    assert sensitivity._means(np.array([[1, np.nan, np.nan], [4, 2, np.nan]])).tolist()[:2] == [2.5, 2]


def test_an_evaluation_that_fails_is_named(baseline: Scenario) -> None:
    class Failing(Playing):
        def run(self, work: Work, jobs: Sequence[Job], stop: Stop) -> Iterator[Done]:
            for job, part in super().run(work, jobs, stop):
                yield job, Failure(job, "ValueError: no") if job.point == 7 else part

    work = Work((baseline,), (None,), 5, points=rows(baseline, 64, 5, FEW))
    with pytest.raises(ReplicationsFailedError, match="failed: baseline/fixed-shares/point-7/0: ValueError: no"):
        evaluate(work, 1, Running(Failing(baseline, ishigami)))

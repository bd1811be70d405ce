"""Points: the same for the same seed, spread as the ranges say, and legal in every scenario."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from reliefsim.engine.simulate import simulate
from reliefsim.scenario import Scenario, ranged, ranged_quantities, read, shipped_names, with_values
from reliefsim.study.request import StudyRequest
from reliefsim.study.running.runner import run_study
from reliefsim.study.statistics.points import Points, chosen, points

SMALL = ("caseload.people=300",)
COST = "services.nfi.unit_cost_usd"


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return read("baseline", SMALL).scenario


def value(scenario: Scenario, path: str) -> float:
    """The value at a dotted path, walked afresh."""
    part: object = scenario
    for key in path.split("."):
        part = (
            part[key] if isinstance(part, dict) else part[int(key)] if isinstance(part, tuple) else getattr(part, key)
        )
    return float(part.value)  # type: ignore[attr-defined]


@pytest.mark.parametrize("design", ["sobol", "latin-hypercube"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(baseline: Scenario, design: str) -> None:
    one, same, other = (points([baseline], 20, seed, design=design).values for seed in (5, 5, 6))
    assert one.tobytes() == same.tobytes()
    assert not (one == other).any()
    assert one.shape == (20, len(ranged(baseline)))
    assert one.min() >= 0
    assert one.max() < 1


def test_points_do_not_depend_on_the_order_of_scenarios() -> None:
    scenarios = [read(name, SMALL).scenario for name in ("baseline", "additional-funding", "rapid-growth")]
    forward, backward = points(scenarios, 16, 5), points(scenarios[::-1], 16, 5)
    assert forward.paths == backward.paths == tuple(sorted({path for one in scenarios for path in ranged(one)}))
    assert forward.values.tobytes() == backward.values.tobytes()


def test_two_scenarios_stand_at_the_same_place_of_different_ranges(baseline: Scenario) -> None:
    price = "services.nfi.unit_cost_usd={ value = 30, low = 20, high = 70 }"
    dearer = read("baseline", (*SMALL, price)).scenario
    made = points([baseline, dearer], 50, 5)
    place = made.values[:, made.paths.index(COST)]
    for scenario, (low, mode, high) in ((baseline, (2, 6, 12)), (dearer, (20, 30, 70))):
        found = np.array([value(made.at(scenario, point), COST) for point in range(50)])
        law = stats.triang((mode - low) / (high - low), low, high - low)
        assert np.abs(found - law.ppf(place)).max() <= 0.005 + 1e-9  # dollars are rounded to cents
    assert value(made.at(baseline, 7), COST) != value(made.at(dearer, 7), COST)


def test_a_scenario_takes_only_what_it_has_and_keeps_the_rest(baseline: Scenario) -> None:
    other = read("additional-funding", SMALL).scenario
    made = points([baseline, other], 4, 5, over=["pledges", "dtm.count_cv"])
    assert {path.split(".")[0] for path in made.paths} == {"pledges", "dtm"}
    moved = made.at(baseline, 2)
    assert value(moved, "dtm.count_cv") != value(baseline, "dtm.count_cv")
    assert set(ranged(moved)) == set(ranged(baseline)) - {"dtm.count_cv"}
    assert moved == with_values(baseline, {"dtm.count_cv": value(moved, "dtm.count_cv")})


@pytest.mark.parametrize("design", ["sobol", "latin-hypercube"])
def test_every_value_has_its_triangular_distribution(baseline: Scenario, design: str) -> None:
    """Kolmogorov-Smirnov distances at 512 points: 0.01 at most, for they are spread evenly. A uniform law on the same
    range is at least 0.1 away, one with the wrong mode as far: both are always refused."""
    made = points([baseline], 512, 5, design=design)
    moved = [made.at(baseline, point) for point in range(512)]
    for path in (COST, "dtm.find_probability", "caseload.household_size_mean", "services.nfi.stock.lead_time.cv"):
        stated = dict(ranged_quantities(baseline))[path]
        low, high = float(stated.low or 0), float(stated.high or 0)
        law = stats.triang((stated.value - low) / (high - low), low, high - low)
        found = [value(one, path) for one in moved]
        assert stats.kstest(found, law.cdf).statistic < 0.01, path
        assert stats.kstest(found, stats.uniform(low, high - low).cdf).statistic > 0.1, path


def test_each_value_of_a_latin_hypercube_meets_each_of_its_strata_once(baseline: Scenario) -> None:
    made = points([baseline], 37, 5, design="latin-hypercube")
    assert (np.sort(np.floor(made.values * 37), axis=0) == np.arange(37)[:, None]).all()


def test_few_points_of_many_values_do_not_run_alongside_each_other(baseline: Scenario) -> None:
    """Of 110 columns of 64 independent numbers, the two most alike correlate with 0.47, at most 0.6 in 30 trials;
    Sobol's reach 0.9."""
    few = points([baseline], 64, 5).values
    assert np.abs(np.triu(np.corrcoef(few.T), 1)).max() < 0.65
    even = points([baseline], 64, 5, design="sobol").values
    assert np.abs(np.triu(np.corrcoef(even.T), 1)).max() > 0.8


def test_with_points_enough_a_sobol_sequence_is_taken(baseline: Scenario) -> None:
    over = ["dtm"]
    assert len(points([baseline], 16, 5, over).paths) == 4
    for count, design in ((7, "latin-hypercube"), (8, "sobol")):
        assert (points([baseline], count, 5, over).values == points([baseline], count, 5, over, design).values).all()


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (["grant"], "no value with a range has such a name (got grant). Did you mean grants?"),
        (["services.nfy"], "no value with a range has such a name (got services.nfy). Did you mean services.nfi?"),
        (["grants", "services.nf"], "(got services.nf)"),
        (["horizon_days"], "(got horizon_days)"),
        ([""], "(got )"),
        ([], "no value is named"),
    ],
)
def test_a_name_of_nothing_is_refused_with_the_nearest_that_is(baseline: Scenario, over: list[str], said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is compared below
        points([baseline], 4, 5, over)
    assert said in str(refused.value)


@pytest.mark.parametrize(("count", "design"), [(0, None), (-1, None), (4, "halton")])
def test_no_points_and_no_such_design_are_refused(baseline: Scenario, count: int, design: str | None) -> None:
    with pytest.raises(ValueError, match=r"\(got "):
        points([baseline], count, 5, design=design)


def test_a_prefix_takes_whole_parts_of_a_path(baseline: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    made = points([baseline], 4, 5, over=["services.nfi.stock", "grants.usaid.until_day"])
    assert made.paths[0] == "grants.usaid.until_day"
    assert all(path.startswith("services.nfi.stock.") for path in made.paths[1:])
    assert len(made.paths) == 1 + sum(path.startswith("services.nfi.stock.") for path in ranged(baseline))
    monkeypatch.setattr("reliefsim.scenario.ranges.ranged", lambda scenario: ("teams.a", "teams.a.count", "teams.ab"))
    assert chosen([baseline], ["teams.a"]) == ("teams.a", "teams.a.count")


@pytest.mark.parametrize("name", shipped_names())
def test_every_point_of_every_shipped_scenario_is_simulated(name: str) -> None:
    """The corners too: all values at their lowest, and all at their highest. InvariantError would end the test."""
    scenario = read(name, SMALL).scenario
    made = points([scenario], 12, 5)
    corners = Points(made.paths, np.array([np.zeros(len(made.paths)), np.full(len(made.paths), 1 - 1e-12)]))
    for one, count in ((made, 12), (corners, 2)):
        for point in range(count):
            moved = one.at(scenario, point)
            for parts in (moved.classes, moved.origins, moved.locations):
                assert not parts or abs(sum(part.share.value for part in parts.values()) - 1) < 1e-9
            assert simulate(moved, None, 5, point).horizon > 0


def test_points_are_read_back_as_they_were_stated(baseline: Scenario) -> None:
    made = points([baseline], 3, 5)
    again = Points.stated(made.state())
    assert again.paths == made.paths
    assert again.values.tobytes() == made.values.tobytes()


def test_points_have_chances_of_their_own_and_arms_share_them() -> None:
    """A price that is not known moves nobody's need: what varies is chance, from point to point, not from rule to rule."""
    reading = read("baseline", ("caseload.people=600",))
    drawn = points([reading.scenario], 6, 5, over=["services.ftr.unit_cost_usd"])
    study = run_study(StudyRequest((reading,), ("equal", "by-need"), replications=2, seed=5, points=drawn))
    place = next(n for n, key in enumerate(study.arms[0].keys) if key.indicator == "people_in_need" and not any(key[1:7]))
    one, other = (arm.values[:, place] for arm in study.arms)
    assert len(set(one.tolist())) > 6
    assert one.tobytes() == other.tobytes()

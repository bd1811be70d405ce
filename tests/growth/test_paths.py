"""A fitted law takes paths as its filter has them, the same under every plan, and none from what comes later."""

from __future__ import annotations

import dataclasses
import datetime
import math
from pathlib import Path

import numpy as np
import pytest

from reliefsim import ScenarioError, load_scenario, replace, simulate
from reliefsim.displacement import displaced
from reliefsim.engine.as_of import begun
from reliefsim.engine.world.growth_path import with_path
from reliefsim.growth.laws import Known, drawn, known, now, path, uniforms_needed
from reliefsim.growth.pools import learned, shipped
from reliefsim.growth.trend_filter import ahead
from reliefsim.scenario import extended
from reliefsim.scenario.schema_growth import Law
from reliefsim.units import DAY

DATES = tuple(datetime.date(2012, month, 1) for month in (1, 2, 4, 5, 8, 10))
KNOWN = Known(DATES, (22_000, 30_000, 36_000, 73_000, 70_000, 89_000), 0.03, learned(shipped()), (), math.inf)


@pytest.mark.parametrize("known", [KNOWN, KNOWN._replace(trend=dataclasses.replace(KNOWN.trend, level_weight=1.0))])
def test_paths_have_the_quantiles_of_the_filter(known: Known) -> None:
    """20,000 paths; a quantile's standard error at 5 % is 0.0015 of the probability."""
    random = np.random.default_rng(7)
    ends = np.array([path(known, 12, random.random(uniforms_needed(12)))[[3, 12]] for _ in range(20_000)])
    for column, months in enumerate((3.0, 12.0)):
        forecast = ahead(now(known), known.trend, months)
        wanted = [float(forecast.quantile(share)) for share in (0.05, 0.5, 0.95)]
        found = np.quantile(ends[:, column], (0.05, 0.5, 0.95))
        assert math.exp(abs(found[1] - wanted[1])) < 1.02
        assert all(math.exp(abs(found[end] - wanted[end])) < 1.1 for end in (0, 2))


def test_a_break_is_of_the_first_count_on_its_day_or_after_and_teaches_no_growth() -> None:
    dates = tuple(datetime.date(2012, month, 1) for month in range(1, 9))
    people = (20_000,) * 4 + (150_000,) * 4
    blind = KNOWN._replace(dates=dates, people=people)
    told = blind._replace(breaks=(datetime.date(2012, 4, 17),))
    low, high = (float(ahead(now(told), told.trend, 6.0).quantile(share)) for share in (0.05, 0.95))
    widely = [float(ahead(now(blind), blind.trend, 6.0).quantile(share)) for share in (0.05, 0.95)]
    assert float(ahead(now(told), told.trend, 6.0).quantile(0.5)) == pytest.approx(math.log(150_000), abs=0.05)
    assert high - low < 0.6 * (widely[1] - widely[0])


def test_a_ceiling_cuts_paths_and_the_order_of_counts_moves_nothing() -> None:
    uniforms = np.random.default_rng(3).random(uniforms_needed(12))
    capped = drawn(KNOWN._replace(ceiling=95_000.0), 12, uniforms)
    assert np.array_equal(capped, np.minimum(drawn(KNOWN, 12, uniforms), 95_000))
    law = Law(law="fitted", dates=DATES, people=KNOWN.people)
    turned = Law(law="fitted", dates=DATES[::-1], people=KNOWN.people[::-1])
    assert known(law, DATES[-1]) == known(turned, DATES[-1])


def test_the_same_path_under_every_plan_and_none_for_what_comes_later(tmp_path: Path) -> None:
    scenario = load_scenario("fitted-2012")
    seconds = np.arange(0, 365, 30) * DAY
    own = displaced(with_path(scenario, 5, 3), seconds)
    richer = replace(scenario, {"grants.usaid.amount_usd": 2_000_000, "teams.counsellors.count": 9})
    assert np.array_equal(displaced(with_path(richer, 5, 3), seconds), own)
    assert not np.array_equal(displaced(with_path(scenario, 5, 4), seconds), own)
    law = scenario.displacement["trend"]
    later = {"displacement.trend.dates": [*law.dates, datetime.date(2013, 6, 20)],
             "displacement.trend.people": [*law.people, 353_455]}  # fmt: skip
    assert np.array_equal(displaced(with_path(replace(scenario, later), 5, 3), seconds), own)
    households = [len(simulate(one, seed=5, replication=3).households) for one in (scenario, richer)]
    assert households[0] == households[1]
    assert own[0] == load_scenario("baseline").caseload.displaced_people.value, "it passes through the displaced at the start"


def test_what_was_counted_later_lies_inside_the_band_of_june_2012() -> None:
    """Of 400 paths: the dated counts up to June 2013 lie between the 5th and the 95th percentile."""
    fitted, recorded = load_scenario("fitted-2012"), load_scenario("as-recorded")
    seconds = np.array([120, 240, 354]) * DAY
    paths = np.array([displaced(with_path(fitted, 2012, one), seconds) for one in range(400)])
    low, high = np.quantile(paths, (0.05, 0.95), axis=0)
    counted = displaced(recorded, seconds)
    assert np.all((low <= counted) & (counted <= high))


def test_a_longer_path_begins_as_a_shorter_one() -> None:
    uniforms = np.random.default_rng(4).random(uniforms_needed(24))
    assert path(KNOWN, 24, uniforms)[:13] == pytest.approx(path(KNOWN, 12, uniforms[: uniforms_needed(12)]))


@pytest.mark.parametrize("central", [None, "p90"])
def test_a_law_goes_on_from_a_later_day_as_if_nothing_had_been_asked(central: str | None) -> None:
    scenario = replace(load_scenario("fitted-2012"), {"displacement.trend.as_of": datetime.date(2012, 6, 30)})
    if central:
        scenario = replace(scenario, {"displacement.trend.central": central})
    later = begun(extended(scenario, {"as_of": {"day": 100}}))
    seconds = np.arange(100, 365, 7) * DAY
    whole, rest = (displaced(with_path(one, 6, 1), then) for one, then in ((scenario, seconds), (later, seconds - 100 * DAY)))
    assert rest == pytest.approx(whole, rel=1e-4)  # people are whole in both


def test_counts_up_to_the_day_that_a_run_begins_on_are_its_past() -> None:
    law = {"law": "fitted", "dates": [*DATES, datetime.date(2012, 11, 1)], "people": [*KNOWN.people, 178_000]}
    scenario = extended(load_scenario("baseline"), {"displacement": {"trend": law}})
    later = begun(extended(scenario, {"as_of": {"day": datetime.date(2012, 11, 1)}}))
    first = displaced(with_path(later, 1, 1), np.array([0]))[0]
    at_start = np.interp(182, [152, 213], [73_000, 70_000])  # of the counts of 1 June and 1 August, on 1 July
    assert first == pytest.approx(154_754 * 178_000 / at_start, rel=0.1)  # the error of the last count
    assert later.caseload.people.value > 1.5 * scenario.caseload.people.value


WRONG = {
    "dates = [2012-03-01, 2012-05-01]\npeople = [5, 6]": "too few to learn from",
    "dates = [2009-01-01, 2009-02-01, 2009-03-01]\npeople = [5, 6, 7]": "months before the horizon",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 0, 7]": "counts nobody",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\nceiling_people = 6": "is below the last count",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\npool = \"no-such.toml\"": "is no pool",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\ngrowth_month = 0.1": "is not used by the law fitted",
    "dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\ncount_error = 2": "A share, 0 to 1",
    'dates = [2012-03-01, 2012-05-01, 2012-06-01]\npeople = [5, 6, 7]\n[displacement.more]\nlaw = "compound"\n'
    "growth_month = 0.1": "stands beside more",
}  # fmt: skip


@pytest.mark.parametrize("stated", WRONG)
def test_counts_that_teach_nothing_are_refused(stated: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text(f'extends = "baseline"\n[displacement.trend]\nlaw = "fitted"\n{stated}\n')
    with pytest.raises(ScenarioError, match=WRONG[stated]):
        load_scenario(tmp_path / "wrong.toml")

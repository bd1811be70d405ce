"""A day in the middle of the year changes what is known, and no date."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stories.telling import HEAD, decided

from reliefsim import load_scenario, simulate
from reliefsim.displacement import displaced
from reliefsim.engine.as_of import begun
from reliefsim.engine.world.caseload_course import course
from reliefsim.records import Run
from reliefsim.scenario import extended, shipped_names
from reliefsim.scenario.quantities import Quantity
from reliefsim.scenario.schema import Scenario
from reliefsim.scenario.stated_texts import Frozen
from reliefsim.units import DAY

TABLES = ("households", "member_class", "cases", "postings", "orders", "departures", "breaks", "rounds", "capacities")
MIDDLE = 123


def bytes_of(run: Run) -> list[bytes]:
    """Every fact of a run."""
    return [getattr(run, name).tobytes() for name in TABLES] + [repr((run.decisions, run.envelopes)).encode()]


def as_of(scenario: Scenario, **stated: Any) -> Scenario:
    """The scenario from a day on, checked."""
    return extended(scenario, {"as_of": stated})


def moved(part: Any, days: int) -> Any:
    """Every date of a scenario so many days later."""
    if isinstance(part, datetime.date):
        return part + datetime.timedelta(days=days)
    if isinstance(part, Frozen) and not isinstance(part, Quantity):
        return part.model_copy(update={key: moved(value, days) for key, value in part.__dict__.items()})
    if isinstance(part, dict):
        return {key: moved(value, days) for key, value in part.items()}
    return tuple(moved(value, days) for value in part) if isinstance(part, tuple) else part


@pytest.mark.parametrize("name", shipped_names())
def test_from_the_first_day_with_nothing_done_is_the_whole_run(name: str) -> None:
    scenario = load_scenario(name)
    whole, from_first = simulate(scenario, seed=7), simulate(as_of(scenario, day=scenario.start_date), seed=7)
    assert bytes_of(whole) == bytes_of(from_first)


@pytest.mark.parametrize("days", [-40, 1, 365])
def test_all_dates_moved_by_some_days_give_the_same_run(days: int) -> None:
    scenario = as_of(load_scenario("invented-flood"), day=datetime.date(2031, 4, 20), served={"filters": 50}, people=9000)
    assert bytes_of(simulate(moved(scenario, days))) == bytes_of(simulate(scenario))


@pytest.mark.parametrize("name", [name for name in shipped_names() if name != "late-cerf"])  # its shock is history then
def test_what_begins_in_the_middle_is_itself_a_scenario_and_goes_through_every_law(name: str) -> None:
    scenario = as_of(load_scenario(name), day=MIDDLE, registered_share=0.5)
    later = begun(scenario)
    assert extended(later, {}) == later
    assert begun(later) is later
    assert later.start_date == scenario.start_date + datetime.timedelta(days=MIDDLE)
    assert later.horizon_days.value == scenario.horizon_days.value - MIDDLE
    for rule in ("by-need", "equal"):
        simulate(scenario, rule=rule, seed=3)
    simulate(scenario, seed=3, uncertain=True)


LAWS = """
horizon_days = 400
money = "unlimited"
services.aid = { kind = "casework", duration = 1 }
[caseload]
people = 1000
displaced_people = 8000
turnover_month = 0.02
[displacement.compound]
law = "compound"
growth_month = 0.05
[displacement.late]
law = "compound"
growth_month = -0.02
from_day = 200
[displacement.logistic]
law = "logistic"
growth_month = 0.2
ceiling_people = 9000
from_day = 2012-08-01
[displacement.record]
law = "series"
dates = [2012-06-01, 2012-08-13, 2012-12-01, 2013-03-01]
people = [100, 900, 500, 700]
[displacement.past]
law = "shock"
size_share = 0.1
from_day = 40
[displacement.slow]
law = "shock"
size_share = -0.2
from_day = 100
time_constant_days = 60
[displacement.coming]
law = "shock"
size_share = 0.3
from_day = 2013-02-01
"""


@pytest.mark.parametrize("day", [1, 31, 123, 217])
def test_laws_go_on_exactly_as_if_nothing_had_been_asked(tmp_path: Path, day: int) -> None:
    (tmp_path / "laws.toml").write_text(HEAD + LAWS, encoding="utf-8")
    whole = load_scenario(tmp_path / "laws.toml")
    later = begun(as_of(whole, day=day))
    seconds = np.arange(day * DAY, 400 * DAY, DAY // 5, dtype=np.int64)
    assert (displaced(later, seconds - day * DAY) == displaced(whole, seconds)).all()
    first, second = course(whole, 400 * DAY, 4.0), course(later, (400 - day) * DAY, 4.0)
    place = np.searchsorted(first.seconds, day * DAY, side="right") - 1
    assert (first.seconds[place:] - day * DAY == second.seconds).all()
    for rising in ("rise_households", "hazard"):
        before = getattr(first, rising)
        np.testing.assert_allclose(before[place:] - before[place], getattr(second, rising), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("name", "months"), [("moderate-growth", 4), ("rapid-growth", 4)])
def test_a_compound_growth_that_has_run_four_months_does_not_start_anew(name: str, months: int) -> None:
    scenario = load_scenario(name, settings=["caseload.turnover_month=0", "horizon_days=365"])
    later = begun(as_of(scenario, day=122))
    growth = next(law.growth_month.value for law in scenario.displacement.values() if law.growth_month)
    start, share = float(scenario.caseload.displaced_people.value), float(scenario.caseload.share.value)
    factor = (1 + growth) ** (122 / (365 / 12))
    assert displaced(later, np.array([0, 30 * DAY])) == pytest.approx(
        [start * factor, start * (1 + growth) ** (152 / (365 / 12))], rel=1e-12
    )
    assert later.caseload.people.value == round(25_000 + share * start * (factor - 1))


@pytest.mark.parametrize("name", ["invented-flood", "returns"])
def test_the_caseload_then_is_the_mean_of_what_runs_have_by_then(name: str) -> None:
    from theory.running import assert_mean

    day = 100 if name == "invented-flood" else 450
    scenario = load_scenario(name)

    def there(run: Run) -> float:
        homes = run.households[run.households["population"] == 0]
        stay = (homes["arrived"] < day * DAY) & ((homes["left"] == -1) | (homes["left"] >= day * DAY))
        return float(homes["size"][stay].sum())

    values = [there(simulate(scenario, seed=11, replication=number)) for number in range(60)]
    assert_mean(values, begun(as_of(scenario, day=day)).caseload.people.value, detects=np.mean(values) / 50)


DATED = """
horizon_days = 200
money = "unlimited"
arrivals = { rate_per_day = 4 }
[dtm]
first_day = 2012-07-11
every_days = 25
until_day = 150
[plan]
replan_days = [20, 90, 2012-11-01]
[locations.town]
share = 1
[[locations.town.closures]]
from_day = 5
until_day = 30
[[locations.town.closures]]
from_day = 50
until_day = 2012-09-30
[services.bus]
kind = "convoy"
every_days = 7
[as_of]
day = 60
"""


def test_rounds_stated_one_by_one_keep_their_dates_places_and_prices(tmp_path: Path) -> None:
    """One before the day, one on it, two after it; the second has a price of its own."""
    stated = (
        '[[dtm.rounds]]\nday = 20\n[[dtm.rounds]]\nday = 2012-09-20\nlocations = ["town"]\nround_cost_usd = 5\n'
        "[[dtm.rounds]]\nday = 60\n[[dtm.rounds]]\nday = 150.5\n"
    )
    text = DATED.replace("first_day = 2012-07-11\nevery_days = 25\nuntil_day = 150\n", "round_cost_usd = 9\n" + stated)
    text = text.replace("[locations.town]\nshare = 1", "[locations.field]\nshare = 0.5\n[locations.town]\nshare = 0.5")
    (tmp_path / "dated.toml").write_text(HEAD + text, encoding="utf-8")
    run = simulate(load_scenario(tmp_path / "dated.toml"))
    held = [(one.time / DAY, one.subject) for one in run.decisions if one.actor == "dtm"]
    assert held == [(0, "round 1"), (21, "round 2: town"), (90.5, "round 3")]
    assert set(run.households["location"][run.households["registered"] == 21 * DAY]) == {1}  # after field, by name
    paid = [int(one["cents"]) for one in run.postings if one["service"] == len(run.names.services)]
    assert paid[::2] == [900, 500, 900]


def test_rounds_convoys_plans_and_closures_keep_their_dates(tmp_path: Path) -> None:
    def days(run: Run, actor: str, first: int) -> list[tuple[float, str]]:
        found = [(one.time / DAY + first, one.action) for one in run.decisions if one.actor == actor]
        return [one for one in found if one[0] > 60]

    (tmp_path / "dated.toml").write_text(HEAD + DATED, encoding="utf-8")
    later = load_scenario(tmp_path / "dated.toml")
    whole = later.model_copy(update={"as_of": None})
    for actor in ("dtm", "access", "convoy"):
        assert days(simulate(later), actor, 60) == days(simulate(whole), actor, 0)
    assert decided(simulate(later), "access")[0].startswith("0 ")
    assert len(days(simulate(later), "dtm", 60)) == 3
    assert len(days(simulate(later), "convoy", 60)) == 16  # from day 91 on, when the town opens, each 7 days up to 196

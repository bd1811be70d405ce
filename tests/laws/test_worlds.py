"""Households, members, classes, places and needs come out as the scenario states them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from reliefsim import replace, simulate
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY, MISSING

from .drawing import ALARM, assert_mean, assert_share, cases


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=11)


def class_of_members(run: Run, name: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray(run.member_class == run.names.classes.index(name))


def test_people_at_the_start_are_exact_and_households_have_the_stated_mean_and_spread(run: Run) -> None:
    """Those of who lives alone by class are among them."""
    sizes = run.households["size"][:-1].astype(float)  # the last is cut to fit
    assert int(run.households["size"].sum()) == 40_000
    assert_mean(sizes, 6.69, finds=0.3)
    assert_mean((sizes - 6.69) ** 2, (0.5 * 6.69) ** 2, finds=1.8)


@pytest.mark.parametrize(
    ("mean", "cv"), [(3, 0), (4.25, 0), (5, 0.282843), (5, 0.4), (4, 0.433013), (6, 0.9)]
)
def test_sizes_keep_mean_and_spread_whichever_law_they_need(scenario: Scenario, mean: float, cv: float) -> None:
    """Narrower than Poisson, Poisson, wider; without spread the two whole sizes next to the mean."""
    changes = {"caseload.household_size_mean": mean, "caseload.household_size_cv": cv, "classes": None}
    sizes = simulate(replace(scenario, {
        **changes, "services.b-share.need_share_by_class": None, "services.b-share.need_share": 0.1,
    })).households["size"][:-1].astype(float)  # fmt: skip
    if cv == 0:
        assert set(sizes.tolist()) == {math.floor(mean), math.ceil(mean)}
    if mean == int(mean) and cv == 0:
        return
    assert_mean(sizes, mean, finds=0.08 * mean)
    if cv:
        # These spreads are ones that whole households can have; the tail is cut at 40 people.
        spread = (cv * mean) ** 2
        assert abs(float(sizes.var()) - spread) <= 0.12 * spread


def test_every_class_has_its_share_of_people(run: Run) -> None:
    for name, stated in run.scenario.classes.items():
        share = float(stated.share.value)
        # Children alone are households: fewer draws, so a wider tolerance.
        assert_share(int(class_of_members(run, name).sum()), len(run.member_class), share, finds=0.014)


def test_unaccompanied_children_live_alone_and_only_first_members_lead(run: Run) -> None:
    member = np.arange(len(run.member_class))
    first = np.isin(member, run.households["first_member"])
    size_of = np.repeat(run.households["size"], run.households["size"])
    assert (size_of[class_of_members(run, "child")] == 1).all()
    assert first[class_of_members(run, "head")].all()
    assert not first[class_of_members(run, "others")].all()


def test_origins_and_places_have_their_shares_and_nothing_to_do_with_each_other(run: Run) -> None:
    homes = run.households
    for names, column, stated in (
        (run.names.origins, "origin", run.scenario.origins),
        (run.names.locations, "location", run.scenario.locations),
    ):
        for number, name in enumerate(names):
            share = float(stated[name].share.value)
            assert_share(int((homes[column] == number).sum()), len(homes), share, finds=0.05)
    table = np.zeros((3, 2))
    np.add.at(table, (homes["origin"], homes["location"]), 1)
    assert float(stats.chi2_contingency(table).pvalue) > ALARM


def test_need_over_time_is_a_poisson_process_net_of_what_others_meet(run: Run) -> None:
    """0.3 · 0.6 a person a year over 400 days: 40,000 people have about 7,890 needs, as often early as late."""
    arose = cases(run, "a-rate")["arose"]
    mean = 0.3 * 0.6 * 40_000 * 400 / 365
    assert abs(len(arose) - mean) <= 3.89 * math.sqrt(mean)
    assert float(stats.kstest(arose / (400 * DAY), "uniform").pvalue) > ALARM
    per_person = np.zeros(40_000)
    members = run.households["first_member"][cases(run, "a-rate")["household"]] + cases(run, "a-rate")["member"]
    np.add.at(per_person, members, 1)
    assert_mean((per_person - mean / 40_000) ** 2, mean / 40_000, finds=0.02)


def test_need_on_arrival_has_its_share_in_each_class(run: Run) -> None:
    found = cases(run, "b-share")
    aged, child, others = (run.names.classes.index(name) for name in ("aged", "child", "others"))
    of_class = found["priority_class"]
    assert_share(int((of_class == aged).sum()), int(class_of_members(run, "aged").sum()), 0.5, finds=0.05)
    assert int((of_class == child).sum()) == int(class_of_members(run, "child").sum())
    assert int((of_class == others).sum()) == 0
    assert_share(len(cases(run, "c-household")), len(run.households), 0.25, finds=0.05)


def test_prices_and_wished_outcomes_have_their_shares(run: Run) -> None:
    cents = cases(run, "b-share")["cents"]
    for price, share in ((100, 0.5), (200, 0.3), (500, 0.2)):
        assert_share(int((cents == price).sum()), len(cents), share, finds=0.07)
    served = cases(run, "a-rate")
    served = served[served["outcome"] == 3]
    assert_share(int(served["wished"].sum()), len(served), 0.6, finds=0.04)


def test_outreach_finds_its_share_after_its_delay(run: Run) -> None:
    found = cases(run, "c-household")
    delay = (found["opened"] - found["arose"])[found["opened"] != MISSING] / DAY
    # All need arises at the start: nearly all delays (mean 20 days) end within 400.
    assert_share(len(delay), len(found), 0.35, finds=0.08)
    assert float(stats.kstest(delay, stats.expon(scale=20).cdf).pvalue) > ALARM

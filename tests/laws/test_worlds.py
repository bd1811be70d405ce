"""Households, members, classes, places, needs and durations come out as the scenario states them.

Tolerance as in the case table: a false alarm once in 10,000; each test states how small an error it finds.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from reliefsim import load_scenario, replace, simulate
from reliefsim.records import DAY, MISSING, Run
from reliefsim.scenario.schema import Scenario

ALARM = 1e-4

PEOPLE = """
format = 1
name = "world"
start_date = 2012-07-01
horizon_days = 400
money = "unlimited"
[caseload]
people = 40000
household_size_mean = 6.69
household_size_cv = 0.5
household_size_max = 40
[classes.aged]
share = 0.12
priority = 2
[classes.child]
share = 0.02
priority = 1
who = "alone"
[classes.head]
share = 0.05
priority = 3
who = "head"
[classes.others]
share = 0.81
priority = 9
[origins.gao]
share = 0.43
[origins.kidal]
share = 0.17
[origins.tombouctou]
share = 0.4
[locations.mopti]
share = 0.7
[locations.segou]
share = 0.3
[services.a-rate]
kind = "casework"
unit = "member"
need_rate_year = 0.3
met_by_others_share = 0.4
duration = 1
wished_outcome_share = 0.6
[services.b-share]
kind = "casework"
unit = "member"
need_share_by_class = { aged = 0.5, child = 1 }
duration = 3
unit_cost_usd = { values_usd = [1, 2, 5], shares = [0.5, 0.3, 0.2] }
[services.c-household]
kind = "casework"
need_share = 0.25
duration = 3
intake = "outreach"
outreach_share = 0.35
outreach_delay = { law = "exponential", mean_days = 20 }
[dtm]
first_day = 399
find_probability = 0
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("world") / "world.toml"
    path.write_text(PEOPLE, encoding="utf-8")
    return load_scenario(path)


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario, seed=11)


def assert_share(found: int, of: int, share: float, finds: float) -> None:
    """A count is binomial with the stated share; a share ``finds`` off is found with probability 0.99."""
    error = math.sqrt(share * (1 - share) / of)
    assert (3.89 + 2.33) * error <= finds, f"too weak: finds {(3.89 + 2.33) * error:.4f}"
    assert float(stats.binomtest(found, of, share).pvalue) > ALARM, f"{found / of:.4f}, stated {share}"


def assert_mean(values: Any, mean: float, finds: float) -> None:
    """A sample has a mean; one ``finds`` off is found with probability 0.99."""
    sample = np.asarray(values, np.float64)
    error = float(sample.std(ddof=1)) / math.sqrt(len(sample))
    assert (3.89 + 2.33) * error <= finds, f"too weak: finds {(3.89 + 2.33) * error:.4f}"
    assert abs(float(sample.mean()) - mean) <= 3.89 * error, f"{sample.mean():.5g}, stated {mean}"


def class_of_members(run: Run, name: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray(run.member_class == run.names.classes.index(name))


def is_alone_by_class(run: Run) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return np.asarray(class_of_members(run, "child")[run.households["first_member"]])


def test_people_at_the_start_are_exact_and_households_of_others_have_the_stated_mean_and_spread(run: Run) -> None:
    sizes = run.households["size"][:-1][~is_alone_by_class(run)[:-1]].astype(float)  # the last is cut to fit
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


def cases(run: Run, name: str) -> Any:
    return run.cases[run.cases["service"] == run.names.services.index(name)]


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


LAWS: dict[str, tuple[dict[str, Any], float, float]] = {
    "exponential": ({"law": "exponential", "mean_days": 3}, 3, 1),
    "gamma": ({"law": "gamma", "mean_days": 3, "cv": 0.5}, 3, 0.5),
    "lognormal": ({"law": "lognormal", "mean_days": 3, "cv": 0.8}, 3, 0.8),
    "triangular": (
        {"law": "triangular", "low_days": 1, "mode_days": 2, "high_days": 6},
        3,
        math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18) / 3,
    ),
    "empirical": ({"law": "empirical", "values_days": [1, 5], "weights": [1, 1]}, 3, 2 / 3),
    "constant": ({"law": "constant", "mean_days": 3}, 3, 0),
}  # fmt: skip


@pytest.mark.parametrize("law", LAWS)
def test_lead_times_and_patience_keep_the_law_they_are_given_as_durations_do(scenario: Scenario, law: str) -> None:
    """The same law as patience (no team is there), as delay of outreach, and as duration: mean and spread as stated."""
    stated, mean, cv = LAWS[law]
    changed = replace(scenario, {
        "caseload.people": 9000, "caseload.household_size_mean": 1, "caseload.household_size_cv": 0, "classes": None,
        "caseload.household_size_max": 1, "services": {
            "delay": {"kind": "casework", "duration": stated, "intake": "outreach", "outreach_delay": stated},
            "patience": {"kind": "casework", "duration": 1, "workers": 0, "patience": stated},
        },
    })  # fmt: skip
    found = simulate(changed, seed=13)
    delay, patience = cases(found, "delay"), cases(found, "patience")
    drawn = [
        last[column] - first
        for last, column, first in (
            (delay, "opened", delay["arose"]),
            (delay, "ended", delay["started"]),
            (patience, "ended", patience["opened"]),
        )
    ]
    for seconds in drawn:
        days = seconds / DAY
        if cv == 0:
            assert set(days.tolist()) == {mean}
            continue
        assert_mean(days, mean, finds=0.21)
        assert_mean((days - mean) ** 2, (cv * mean) ** 2, finds=0.4 * (cv * mean) ** 2 if law != "lognormal" else 3.3)
    assert cv == 0 or abs(float(np.corrcoef(drawn[0], drawn[2])[0, 1])) < 3.89 / math.sqrt(9000)


def test_trips_and_deliveries_take_the_time_their_law_states(scenario: Scenario) -> None:
    """A convoy leaves for each household; an order is placed for each kit."""
    stated = {"law": "gamma", "mean_days": 3, "cv": 0.5}
    changed = replace(scenario, {
        "caseload.people": 3000, "caseload.household_size_mean": 1, "caseload.household_size_cv": 0, "classes": None,
        "caseload.household_size_max": 1, "services": {
            "kits": {
                "kind": "goods",
                "stock": {"initial": 0, "policy": "rQ", "order_quantity": 1, "reorder_point": 0, "lead_time": stated},
            },
            "transport": {"kind": "convoy", "seats": 1, "duration": stated},
        },
    })  # fmt: skip
    found = simulate(changed, seed=17)
    trips = cases(found, "transport")
    for seconds in (trips["ended"] - trips["started"], found.orders["arrived"] - found.orders["ordered"]):
        days = seconds[seconds > 0] / DAY
        assert len(days) >= 2990
        assert float(stats.kstest(days, stats.gamma(4, scale=0.75).cdf).pvalue) > ALARM


def test_a_household_stays_as_long_as_its_own_draw_says_counted_from_its_arrival(scenario: Scenario) -> None:
    """With 20 % a month leaving (and as many arriving), stays are exponential, 5 months on average."""
    changed = replace(scenario, {
        "caseload.people": 6000, "caseload.turnover_month": 0.2, "classes": None,
        "services": {"aid": {"kind": "casework", "duration": 1}},
    })  # fmt: skip
    homes = simulate(changed, seed=19).households
    month = 365 / 12
    rate = 0.2 / month
    for group in (homes[homes["arrived"] == 0], homes[homes["arrived"] > 100 * DAY]):
        exposed = np.where(group["left"] == MISSING, 400 * DAY, group["left"]) - group["arrived"]
        left = int((group["left"] != MISSING).sum())
        expected = rate * float(exposed.sum()) / DAY  # a hazard: leavers against days at risk
        assert abs(left - expected) <= 3.89 * math.sqrt(expected)
    late = homes[(homes["arrived"] > 100 * DAY) & (homes["arrived"] < 200 * DAY)]
    stay = np.where(late["left"] == MISSING, 10**9, late["left"] - late["arrived"]) / DAY
    within = stay[stay < 200]
    cut = 1 - math.exp(-rate * 200)
    assert float(stats.kstest(within, lambda days: (1 - np.exp(-rate * days)) / cut).pvalue) > ALARM

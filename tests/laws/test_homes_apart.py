"""A household's draws are its own: whoever else comes, and whatever else is drawn for it."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from reliefsim import replace, simulate
from reliefsim.layout import Went
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY, MISSING

from .drawing import ALARM, assert_share

AID = {"kind": "casework", "need_rate_year": 4, "duration": {"law": "exponential", "mean_days": 3}}


def come_by_rate(scenario: Scenario, instants: list[float]) -> list[tuple[Any, ...]]:
    """Of all who come at the rate, not at these instants: when, how many people, and what their cases were dealt."""
    run = simulate(replace(scenario, {
        "caseload.people": 50, "caseload.turnover_month": 0.1, "classes": None, "services": {"aid": AID},
        "arrivals": {"rate_per_day": 1, "instants_days": instants},
    }), seed=23)  # fmt: skip
    found = []
    for home in run.households[(run.households["arrived"] > 0)]:
        if home["arrived"] / DAY not in instants:
            cases = run.cases[home["first_case"] : home["first_case"] + home["cases"]]
            dealt = [(int(case["arose"]), int(case["ended"])) for case in cases]
            found.append((int(home["arrived"]), int(home["size"]), int(home["left"]), int(home["went"]), dealt))
    return found


def test_a_household_more_at_a_stated_instant_moves_nobody_who_comes_at_a_rate(scenario: Scenario) -> None:
    fewer, more = come_by_rate(scenario, [100.5]), come_by_rate(scenario, [100.5, 200.5])
    assert len(fewer) > 300
    assert sum(len(row[-1]) for row in fewer) > 300
    assert fewer == more


def test_who_is_not_registered_at_the_start_is_found_with_the_stated_probability(scenario: Scenario) -> None:
    homes = simulate(replace(scenario, {
        "caseload.registered_at_start_share": 0.5, "dtm.first_day": 10, "dtm.every_days": 1000,
        "dtm.find_probability": 0.6,
    }), seed=29).households  # fmt: skip
    others = homes[homes["registered"] != 0]
    assert_share(len(others), len(homes), 0.5, finds=0.05)
    assert_share(int((others["registered"] == 10 * DAY).sum()), len(others), 0.6, finds=0.06)


def test_where_a_household_goes_has_nothing_to_do_with_when(scenario: Scenario) -> None:
    homes = simulate(replace(scenario, {
        "caseload.turnover_month": 0.2, "caseload.returned_share": 0.5, "caseload.crossed_border_share": 0.2,
    }), seed=31).households  # fmt: skip
    gone = homes[homes["left"] != MISSING]
    stay, home_again = gone["left"] - gone["arrived"], gone["went"] == Went.RETURNED
    assert_share(int(home_again.sum()), len(gone), 0.5, finds=0.05)
    assert_share(int((gone["went"] == Went.CROSSED_BORDER).sum()), len(gone), 0.2, finds=0.04)
    assert min(np.bincount(home_again)) > 1000
    assert float(stats.ks_2samp(stay[home_again], stay[~home_again]).pvalue) > ALARM

"""Cases served before are taken away from those there at the start, and from nobody else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from stories.telling import HEAD

from reliefsim import load_scenario, simulate
from reliefsim.engine.as_of import begun
from reliefsim.records import Run
from reliefsim.scenario.schema import Scenario
from reliefsim.units import DAY

TEXT = """
horizon_days = 100
money = "unlimited"
[caseload]
people = 400
household_size_mean = 4
[arrivals]
rate_per_day = 2
[services.kits]
kind = "casework"
duration = 2
[services.visit]
kind = "casework"
duration = 1
unit = "member"
need_share = 0.5
after = "kits"
"""


def told(folder: Path, text: str = "", change: tuple[str, str] = ("", "")) -> Scenario:
    """The scenario of the text above, changed, and more."""
    (folder / "served.toml").write_text(HEAD + TEXT.replace(*change) + text, encoding="utf-8")
    return load_scenario(folder / "served.toml")


def needed(run: Run, service: int) -> set[tuple[int, int]]:
    """Household and member of each case of a service."""
    its = run.cases[run.cases["service"] == service]
    return {(int(case["household"]), int(case["member"])) for case in its}


@pytest.mark.parametrize("served", [1, 30, 99])
def test_exactly_so_many_cases_are_needed_no_more_and_none_of_newcomers(tmp_path: Path, served: int) -> None:
    whole = simulate(told(tmp_path))
    part = simulate(told(tmp_path, change=("duration = 2", f"duration = 2\nserved_at_start = {served}")))
    gone = needed(whole, 0) - needed(part, 0)
    assert len(gone) == served
    assert needed(part, 0) < needed(whole, 0)
    assert (part.households["arrived"][[home for home, _ in gone]] == 0).all()
    assert needed(part, 1) == needed(whole, 1)
    for home in part.households:
        its = part.cases[home["first_case"] : home["first_case"] + home["cases"]]
        assert (part.households["first_case"][its["household"]] == home["first_case"]).all()


def test_who_was_served_before_waits_for_nothing_that_comes_first(tmp_path: Path) -> None:
    run = simulate(told(tmp_path, change=("duration = 2", "duration = 2\nserved_at_start = 100000")))
    cases, arrived = run.cases, run.households["arrived"][run.cases["household"]]
    visits = cases["service"] == 1
    assert not ((cases["service"] == 0) & (arrived == 0)).any()
    assert (cases["opened"][visits & (arrived == 0)] == 0).all()
    came = visits & (arrived > 0) & (arrived < 90 * DAY)
    assert (cases["opened"][came] == arrived[came] + 2 * DAY).all()


def test_the_more_were_served_the_fewer_cases_are_left_and_never_others(tmp_path: Path) -> None:
    left = [
        needed(simulate(told(tmp_path, change=("duration = 2", f"duration = 2\nserved_at_start = {count}"))), 0)
        for count in (0, 20, 50)
    ]
    assert left[0] > left[1] > left[2]


def test_of_people_who_have_left_the_served_have_left_too(tmp_path: Path) -> None:
    text = '[displacement.home]\nlaw = "shock"\nsize_share = -0.25\nfrom_day = 20\n[as_of]\nday = 30\nserved = { kits = 40 }\n'
    scenario = told(tmp_path, text, ("[arrivals]\nrate_per_day = 2\n", ""))
    later = begun(scenario)
    assert later.caseload.people.value == 300
    assert later.services["kits"].served_at_start.value == 30


def test_hosts_who_are_served_stay(tmp_path: Path) -> None:
    text = """
[hosts]
households_per_household = 0.5
[services.seeds]
kind = "casework"
population = "hosts"
duration = 1
[displacement.home]
law = "shock"
size_share = -0.25
from_day = 20
[as_of]
day = 30
served = { seeds = 20 }
"""
    scenario = told(tmp_path, text, ("[arrivals]\nrate_per_day = 2\n", ""))
    run = simulate(scenario)
    hosts = int((run.households["population"] == 1).sum())
    assert hosts == 50
    assert int((run.cases["service"] == run.names.services.index("seeds")).sum()) == 30
    assert np.isin(run.cases["service"], range(3)).all()

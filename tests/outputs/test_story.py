"""One household's story, held against the facts of its run."""

from __future__ import annotations

import datetime

import pytest

from reliefsim.engine.simulate import simulate
from reliefsim.engine.story import story
from reliefsim.layout import Outcome
from reliefsim.records import Run
from reliefsim.scenario import load_scenario
from reliefsim.units import DAY, MISSING


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(load_scenario("baseline", ["caseload.people=1500"]), seed=3)


def first(run: Run, outcome: Outcome) -> int:
    """A household with a case of this outcome."""
    return int(run.cases["household"][run.cases["outcome"] == outcome][0])


def test_a_story_tells_of_every_case(run: Run) -> None:
    household = first(run, Outcome.SERVED)
    home = run.households[household]
    text = story(run, household)
    cases = run.cases[home["first_case"] : home["first_case"] + home["cases"]]
    assert text.count("needed from now on.") == len(cases)
    assert text.count(": served") == int((cases["outcome"] == Outcome.SERVED).sum())
    for case in cases[cases["outcome"] == Outcome.SERVED]:
        day = datetime.date(2012, 7, 1) + datetime.timedelta(days=int(case["ended"]) // DAY)
        assert f"{day}  " in text
        assert f"USD {int(case['cents']) / 100:,.2f}" in text


def test_a_story_is_in_order_of_time(run: Run) -> None:
    for household in range(0, len(run.households), 17):
        days = [line[:10] for line in story(run, household).splitlines() if line[:2] == "20"]
        assert days == sorted(days)


def test_who_was_never_found_is_told_so(run: Run) -> None:
    unfound = (run.cases["outcome"] == Outcome.NOT_OPENED) & (run.cases["opened"] == MISSING)
    household = int(run.cases["household"][unfound][0])
    assert "never opened" in story(run, household)


def test_every_household_has_a_story(run: Run) -> None:
    for household in range(len(run.households)):
        assert story(run, household).startswith(f"Household {household} of baseline")
    with pytest.raises(IndexError, match="the run has 0 to"):
        story(run, len(run.households))

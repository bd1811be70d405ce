"""Every scenario file of this folder is one a user could run."""

from __future__ import annotations

import pytest

from reliefsim.scenario import load_scenario

from .running import SCENARIOS, one_run

FILES = sorted(path.stem for path in SCENARIOS.glob("*.toml"))

CASES = {
    *("q2", "q3", "q3b", "q3c", "q5", "q9", "q12", "b1", "b2", "b3", "i1", "i2"),
    *("m1", "m1b", "m3", "m4", "m5", "m6", "a1", "a2", "g1", "g2", "g8"),
}


def test_every_case_with_a_known_answer_has_a_file() -> None:
    assert {name.split("-")[0] for name in FILES} - {"twin", "relations", "gap"} == CASES


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_named_as_its_scenario_and_runs_to_its_end(name: str) -> None:
    scenario = load_scenario(SCENARIOS / f"{name}.toml")
    assert scenario.name == name
    assert scenario.question
    run = one_run(scenario)
    assert run.rule == scenario.plan.rule
    assert run.horizon == scenario.horizon_days.value * 86_400

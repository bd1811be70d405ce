"""The fundraiser's numbers of the shipped scenarios are what a plain count gives, person by person and cent by cent."""

from __future__ import annotations

import pytest

from reliefsim import load_scenario, simulate
from reliefsim.scenario import shipped_names

from .fundraising import check_recount, check_to_the_cent, numbers

RUNS = [pytest.param(name, seed, marks=pytest.mark.slow if seed > 1 else ()) for name in shipped_names() for seed in (1, 2, 2012)]


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_a_shipped_scenario_gives_what_a_plain_count_gives(name: str, seed: int) -> None:
    run = simulate(load_scenario(name), seed=seed)
    found = numbers(run)
    check_recount(run, found)
    check_to_the_cent(run, found)

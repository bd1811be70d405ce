"""The world that the tests of draws share."""

from __future__ import annotations

import pytest

from reliefsim import load_scenario
from reliefsim.scenario.schema import Scenario

from .drawing import PEOPLE


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("world") / "world.toml"
    path.write_text(PEOPLE, encoding="utf-8")
    return load_scenario(path)

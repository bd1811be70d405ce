"""Tables that time fills grow, and what is in them stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim import load_scenario, simulate
from reliefsim.delivery import delivery

from .test_determinism import SCENARIO
from .test_laws import digest


def test_a_run_whose_tables_grow_is_the_run_of_one_that_had_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds, a team's months and orders of goods: room for one of them at first, then for twice as many, and so on."""
    path = tmp_path / "law.toml"
    path.write_text(SCENARIO.replace("people = 200", "people = 20"), encoding="utf-8")
    roomy = simulate(load_scenario(path), seed=5)
    assert len(roomy.orders) + len(roomy.rounds) >= 8
    monkeypatch.setattr(delivery, "_OTHERS", 4)
    assert digest(simulate(load_scenario(path), seed=5)) == digest(roomy)

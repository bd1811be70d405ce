"""Since when a service stands still, where the money for what it had begun falls away."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliefsim.operation import simulate
from reliefsim.scenario import load_scenario
from reliefsim.study.indicators import keys, measure

CLINIC = """
start_date = 2030-01-01
horizon_days = 60
arrivals = { instants_days = [0, 1, 2] }
services.clinic = { kind = "casework", duration = 30, unit_cost_usd = 10 }
grants.first = { amount_usd = 20 }
"""


@pytest.mark.parametrize(("commitments", "day"), [("stopped", 5.0), ("honoured", 2.0)])
def test_a_service_whose_work_is_stopped_stands_still_from_then_on(tmp_path: Path, commitments: str, day: float) -> None:
    """Two have begun, the third waits from day 2 on; on day 5 the donor stops, and the two wait again, or go on."""
    path = tmp_path / "clinic.toml"
    path.write_text(
        f'{CLINIC}shocks.stop = {{ kind = "stop-work", grants = ["first"], day = 5, commitments = "{commitments}" }}\n',
        encoding="utf-8",
    )
    scenario = load_scenario(path)
    found = dict(zip((key[:2] for key in keys(scenario)), measure(simulate(scenario)).values, strict=False))
    assert found["run_out_day", "clinic"] == day

"""Places in the tables: by their P-code, or by their name where it is not theirs alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from reliefsim.indicators.measure import keys, monthly_keys
from reliefsim.scenario import load_scenario

SHARED = """
start_date = 2030-01-01
horizon_days = 20
money = "unlimited"
caseload = { people = 200 }
services.aid = { kind = "casework", duration = 1 }
locations.north = { pcode = "ML09", share = 0.4 }
locations.south = { pcode = "ML09", share = 0.4 }
locations.west = { pcode = "ML01", share = 0.2 }
"""


def test_places_that_share_a_code_keep_rows_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "shared.toml"
    path.write_text(SHARED, encoding="utf-8")
    scenario = load_scenario(path)
    found = [*keys(scenario), *monthly_keys(scenario)]
    assert max(Counter(found).values()) == 1
    assert {key.location for key in found if key.indicator == "cases_needed"} == {"", "north", "south", "ML01"}

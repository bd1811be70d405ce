"""A scenario read is one that can be written down, changed in code, and drawn anew."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

from reliefsim.scenario import (
    ScenarioError,
    dump,
    load_scenario,
    ranged,
    ranged_quantities,
    read,
    replace,
    shipped_names,
    with_values,
)

from .broken_text import GOOD, FaultsOf


@pytest.mark.parametrize("name", shipped_names())
def test_a_resolved_scenario_reads_back_equal(name: str, tmp_path: Path) -> None:
    reading = read(name, ["horizon_days=300"] if name == "baseline" else [])
    text = dump(reading)
    path = tmp_path / "resolved.toml"
    path.write_text(text, "utf-8")
    assert load_scenario(path) == reading.scenario
    assert "extends" not in tomllib.loads(text)


def test_a_resolved_scenario_says_where_every_value_comes_from(faults_of: FaultsOf) -> None:
    Path("good.toml").write_text(GOOD)
    assert faults_of('extends = "good"\nhorizon_days = 190\n') == []
    lines = dump(read("broken.toml", ["grants.beta.amount_usd=9000"])).splitlines()
    assert "horizon_days = 190  # broken.toml:2" in lines
    assert "people = 600  # good.toml:9" in lines
    entry = '{ value = 9000, source = "set on the command line" }'
    assert f"amount_usd = {entry}  # --set; set on the command line" in lines
    values = [line for line in lines if " = " in line and not line.startswith("#")]
    assert [line for line in values if "  # " not in line] == ["format = 1"]


def test_replace_checks_what_it_changes() -> None:
    base = load_scenario("baseline")
    changed = replace(base, {"grants.cerf.amount_usd": 100_000}, horizon_days=400)
    assert (changed.grants["cerf"].amount_usd.value, changed.horizon_days.value) == (100_000, 400)
    assert changed.grants["cerf"].amount_usd.source is None
    assert base.grants["cerf"].amount_usd.value == 70_000
    assert replace(base) == base
    assert replace(base, {"grants.cerf": None, "plan.shares_by_grant.cerf": None}).grants.keys() == {"usaid"}
    with pytest.raises(ScenarioError) as error:
        replace(base, {"grants.cref.amount_usd": 1, "grants.cerf.amount_usd": -1, "caseload.people": 2.5})
    assert len(error.value.faults) == 3
    assert "replace: grants.cerf.amount_usd: is negative (got -1)" in str(error.value)


def test_ranged_values_are_found_and_replaced_whole_in_cents_and_adding_up() -> None:
    base = load_scenario("baseline")
    found = dict(ranged_quantities(base))
    assert list(ranged(base)) == sorted(found)
    assert all(one.low is not None and one.high is not None and one.low < one.high for one in found.values())
    lows = {path: float(one.low) + 0.123456 * (float(one.high) - float(one.low))  # type: ignore[arg-type]
            for path, one in found.items()}
    begun = time.process_time()
    drawn = with_values(base, lows)
    assert time.process_time() - begun < 0.5
    assert ranged(drawn) == ()
    assert sum(one.share.value for one in drawn.classes.values()) == pytest.approx(1, abs=1e-12)
    assert sum(one.share.value for one in drawn.locations.values()) == pytest.approx(1, abs=1e-12)
    for team in drawn.teams.values():
        assert team.count.value == int(team.count.value)
        assert round(team.cost_usd_per_30_days.value, 2) == team.cost_usd_per_30_days.value
    path = "caseload.household_size_mean"
    assert drawn.caseload.household_size_mean.value == lows[path]
    assert drawn.caseload.household_size_mean.source == base.caseload.household_size_mean.source
    assert with_values(base, {}) == base
    with pytest.raises(KeyError):
        with_values(base, {"grants.nobody.amount_usd": 3})

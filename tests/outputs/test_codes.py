"""Codes that other systems accept: countries, regions and districts by the list of their time, and sectors."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reliefsim.scenario import ScenarioError, load_scenario

from .conftest import reliefsim

# HAPI's table of humanitarian needs, as OCHA's own export of 2024 has it, without what only a served dataset has:
# has_hrp, in_gho, the provider's names, dataset_hdx_id, resource_hdx_id, warning, error.
NEEDS = [
    "location_code", "admin1_code", "admin1_name", "admin2_code", "admin2_name", "admin_level", "sector_code",
    "sector_name", "category", "population_status", "population", "reference_period_start", "reference_period_end",
]  # fmt: skip
SCENARIO = """
{country}
start_date = {start}
horizon_days = 10
money = "unlimited"
caseload = {{ people = 40 }}
services.aid = {{ kind = "casework", duration = 1, sector = "PRO-CPN" }}
locations.one = {{ share = 1, label = "Mine", pcode = "{pcode}" }}
"""


def told(folder: Path, country: str, start: str, pcode: str) -> tuple[dict[str, str], dict[str, str]]:
    """The rows of hapi.csv of the whole and of the one place."""
    stated = f'country = "{country}"' if country else ""
    (folder / "a.toml").write_text(SCENARIO.format(country=stated, start=start, pcode=pcode), encoding="utf-8")
    made = reliefsim("run", "a.toml", "--replications", "2", "--no-figures", "--quiet", "--out", "a", folder=folder)
    assert made.returncode == 0, made.stderr
    with (folder / "a" / "hapi.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["service"] == "aid"]
    assert list(rows[0])[: len(NEEDS)] == NEEDS
    assert not {"population_group", "admin1_version"} & set(rows[0])
    return rows[0], rows[1]


@pytest.mark.parametrize(
    ("country", "start", "pcode", "expected", "version"),
    [
        ("MLI", "2012-07-01", "ML04", ("MLI", "ML04", "Ségou", "", "", "1"), "before the reform"),
        ("MLI", "2024-01-01", "ML04", ("MLI", "ML04", "Segou", "", "", "1"), "from 2021-12-20"),
        ("MLI", "2025-01-01", "ML09", ("MLI", "ML09", "Bamako", "", "", "1"), "from 2021-12-20"),
        ("MLI", "2025-01-01", "ML10", ("MLI", "ML10", "Menaka", "", "", "1"), "from 2021-12-20"),
        ("MLI", "2012-07-01", "ML10", ("MLI", "ML10", "Menaka", "", "", "1"), "from 2021-12-20"),
        ("MLI", "2025-01-01", "ML0703", ("MLI", "ML07", "Gao", "ML0703", "Gao", "2"), "from 2021-12-20"),
        ("", "2025-01-01", "ML1003", ("", "ML10", "Menaka", "ML1003", "Inekar", "2"), "from 2021-12-20"),
        ("MLI", "2025-01-01", "ML20", ("MLI", "ML20", "Mine", "", "", "1"), "not listed"),
        ("NER", "2025-01-01", "NE008", ("NER", "NE008", "Mine", "", "", "1"), "not listed"),
        ("NER", "2025-01-01", "NE008001", ("NER", "NE008", "", "NE008001", "Mine", "2"), "not listed"),
        ("SDN", "2025-01-01", "ML0703", ("SDN", "ML0703", "Mine", "", "", ""), "not listed"),
        ("", "2025-01-01", "NE008001", ("", "NE008001", "Mine", "", "", ""), "not listed"),
    ],
)
def test_a_place_has_the_codes_of_its_country_and_time(
    country: str, start: str, pcode: str, expected: tuple[str, ...], version: str, tmp_path: Path
) -> None:
    whole, one = told(tmp_path, country, start, pcode)
    assert tuple(one[name] for name in NEEDS[:6]) == expected
    assert version in one["pcode_version"]
    assert tuple(whole[name] for name in NEEDS[:6]) == (country, "", "", "", "", "0")
    assert (one["sector_code"], one["sector_name"], one["category"]) == ("PRO-CPN", "Child Protection", "IDP")
    with (tmp_path / "a" / "pcodes.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert {name: row[name] for name in NEEDS[:6]} == dict(zip(NEEDS[:6], expected, strict=True))


@pytest.mark.parametrize(
    ("key", "code", "meant"),
    [
        ("services.aid.sector", "Protection", '"PRO" (Protection)'), ("services.aid.sector", "shl", '"SHL"'),
        ("services.aid.sector", "WASH", '"WSH"'), ("services.aid.sector", "GBV", '"PRO-GBV"'),
        ("services.aid.sector", "Shelter/NFI", '"SHL"'), ("services.aid.sector", "intersectoral", '"Intersectoral"'),
        ("country", "mli", '"MLI"'), ("country", "ML", ""), ("country", "Mali", ""), ("country", "ML1", ""),
    ],
)  # fmt: skip
def test_a_code_that_nobody_has_is_a_fault_and_the_nearest_is_offered(key: str, code: str, meant: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SCENARIO.format(country="", start="2025-01-01", pcode="X"), encoding="utf-8")
    with pytest.raises(ScenarioError) as found:
        load_scenario(tmp_path / "a.toml", [f'{key}="{code}"'])
    assert f"{key}: is not a" in str(found.value)
    assert (f"Did you mean {meant}" in str(found.value)) if meant else "Did you mean" not in str(found.value)

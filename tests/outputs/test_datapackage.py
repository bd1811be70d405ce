"""What others load: every table is described, column by column, and every cell is what its column says."""

from __future__ import annotations

import csv
import datetime
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from study.calling import edit, judged

from reliefsim import load_scenario, simulate
from reliefsim.cli.main import main
from reliefsim.layout import Outcome

from .conftest import SMALL

FEW = ("--set", "caseload.people=150", "--seed", "7", "--no-figures", "--quiet", "--backend", "serial")
CALLS = {
    "run": ["run", "baseline", "rapid-growth", *FEW, "--replications", "3"],
    "points": ["run", "baseline", *FEW, "--uncertain", "3", "--over", "services.nfi", "--replications", "2"],
    "gap": ["gap", "baseline", *FEW, "--point-values", "--replications", "3"],
    "ask": ["ask", "baseline", *FEW, "--target", "need_covered=0.7", "--replications", "4", "--no-by-when"],
    "next-dollar": ["next-dollar", "baseline", *FEW, "--replications", "3"],
    "sensitivity": ["sensitivity", "baseline", *FEW, "--over", "services.nfi.unit_cost_usd", "--rows", "64"],
}
TABLES = {
    "run": {"indicators", "monthly", "allocation", "runs", "differences", "bands", "drawn_runs", "hapi", "pcodes"},
    "points": {"indicators", "monthly", "allocation", "runs", "hapi", "pcodes", "uncertainty", "points"},
    "gap": {"indicators", "monthly", "allocation", "runs", "hapi", "pcodes", "gap", "runout", "attribution", "budget", "targets",
            "levels", "pipeline"},
    "ask": {"ask"},
    "next-dollar": {"next_dollar"},
    "sensitivity": {"sensitivity"},
}  # fmt: skip
Row = dict[str, str]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for kind, call in CALLS.items():
        found[kind] = tmp_path_factory.mktemp("tables") / kind
        made = CliRunner().invoke(main, [*call, "--out", str(found[kind])])
        assert made.exit_code == 0, made.output
    return found


def is_of(kind: str, cell: str) -> bool:
    """Whether a cell is what Table Schema calls so; empty: missing."""
    if cell == "" or kind == "string":
        return True
    if kind == "integer":
        return re.fullmatch(r"-?[0-9]+", cell) is not None
    if kind == "number":
        return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?", cell) is not None
    return kind == "date" and datetime.date.fromisoformat(cell).isoformat() == cell


@pytest.mark.parametrize("kind", CALLS)
def test_every_table_is_described_and_holds_what_is_said_of_it(kind: str, folders: dict[str, Path]) -> None:
    folder = folders[kind]
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    listed = {one["path"]: one for one in package["resources"]}
    assert set(listed) == {path.name for path in folder.glob("*.csv")} >= {f"{name}.csv" for name in TABLES[kind]}
    assert len(listed) == len(TABLES[kind]) == len({one["name"] for one in package["resources"]})
    for name, resource in listed.items():
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        assert resource["description"]
        fields = resource["schema"]["fields"]
        with (folder / name).open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        assert [field["name"] for field in fields] == head
        assert all(field["description"] for field in fields)
        assert not [field["name"] for field in fields if field["type"] not in ("string", "integer", "number", "date")]
        for field, *cells in zip(fields, *rows, strict=True):
            wrong = [cell for cell in cells if not is_of(field["type"], cell)]
            assert not wrong, (name, field, wrong[:3])
            stated = [cell for cell in cells if cell]
            only_days = stated and all(re.fullmatch(r"\d{4}-\d\d-\d\d", cell) for cell in stated)
            assert field["type"] == "date" or not only_days or field["name"] == "period", (name, field)


@pytest.mark.parametrize("kind", ["run", "ask"])
def test_the_description_is_of_the_study_and_is_verified_with_it(kind: str, folders: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(folders[kind], folder)
    assert "datapackage.json" in json.loads((folder / "run.json").read_text(encoding="utf-8"))["outputs"]
    assert judged(folder)[0] == 0
    edit(folder / "datapackage.json", '"type": "number"', '"type": "string"')
    code, _, differences = judged(folder)
    assert code == 1
    assert "datapackage.json: edited or damaged since it was written" in differences
    assert "datapackage.json: not what the model gives now\n" in differences


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reached(scenario: str, replication: int) -> dict[tuple[str, str], set[tuple[int, int]]]:
    """People reached by service and location (and by any service, hosts apart), counted person by person."""
    run = simulate(load_scenario(scenario, ["caseload.people=600"]), seed=7, replication=replication)
    found: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for case in run.cases[run.cases["outcome"] == Outcome.SERVED]:
        home = run.households[case["household"]]
        members = range(home["size"]) if case["member"] < 0 else [case["member"]]
        people = {(int(case["household"]), int(member)) for member in members}
        service, place = run.names.services[case["service"]], run.names.locations[home["location"]]
        services = (service,) if home["population"] else (service, "")
        for key in ((one, where) for one in services for where in (place, "")):
            found.setdefault(key, set()).update(people)
    return found


CODES = {"bamako": "ML09", "gao": "ML07", "kayes": "ML01", "kidal": "ML08", "koulikoro": "ML02", "mopti": "ML05",
         "segou": "ML04", "sikasso": "ML03", "tombouctou": "ML06"}  # fmt: skip


def nearest(fifths: int) -> int:
    """To the nearest person; fifths have no halves."""
    return (2 * fifths + 5) // 10


def untold(fifths: dict[str, int]) -> set[str]:
    """Fewer than five people, and where that is one place alone, the next larger one."""
    some = sorted((number, name) for name, number in fifths.items() if nearest(number))
    few = [name for number, name in some if nearest(number) < 5]
    return {name for _, name in some[:2]} if len(few) == 1 else set(few)


def test_hapi_tells_who_was_reached_where_as_counted_person_by_person(point_folder: Path) -> None:
    assert "600" in SMALL[1]
    table = rows(point_folder / "hapi.csv")
    services = {"ftr": "PRO", "livelihoods": "ERY", "nfi": "SHL", "pss": "PRO", "referral": "HEA", "transport": ""}
    assert len(table) == 2 * (1 + len(services)) * (1 + len(CODES))
    counts = {name: [reached(name, number) for number in range(5)] for name in ("baseline", "conflict-shock")}
    found = {(row["scenario"], row["service"], row["admin1_code"]): row for row in table}
    assert len(found) == len(table)
    for scenario, ones in counts.items():
        for service in ("", *services):
            sums = {place: sum(len(one.get((service, place), ())) for one in ones) for place in ("", *CODES)}
            small = untold({place: number for place, number in sums.items() if place})
            small |= {""} & untold({"": sums[""]})
            for place, code in {"": "", **CODES}.items():
                row = found[scenario, service, code]
                if place in small:
                    assert (row["population"], row["mean"], row["p90"]) == ("<5", "", "")
                else:
                    assert float(row["mean"]) == pytest.approx(sums[place] / 5, rel=1e-12)
                    assert row["population"] == str(nearest(sums[place]))
                assert row["sector_code"] == (services[service] if service else "Intersectoral")
                assert row["category"] == ("HST" if service == "livelihoods" else "IDP")
                assert (row["admin_level"], row["admin2_code"]) == ("1" if place else "0", "")
    assert any("." in row["mean"] for row in table)
    first = found["baseline", "nfi", "ML06"]
    assert (first["location_code"], first["admin1_name"], first["population_status"]) == ("MLI", "Tombouctou", "REA")
    assert (first["reference_period_start"], first["reference_period_end"]) == ("2012-07-01", "2013-06-30")
    assert "before the reform of 2023" in first["pcode_version"]


def test_every_code_that_a_table_names_a_place_by_is_listed_with_its_version(folders: dict[str, Path]) -> None:
    for kind in ("run", "points", "gap"):
        listed = {row["admin1_code"]: row for row in rows(folders[kind] / "pcodes.csv")}
        assert set(listed) == set(CODES.values())
        for name in ("indicators.csv", "hapi.csv"):
            used = {row.get(one, "") for row in rows(folders[kind] / name) for one in ("origin", "location", "admin1_code")}
            assert {one for one in used if one.startswith("ML")} == set(CODES.values())
        for row in rows(folders[kind] / "hapi.csv"):
            if row["admin1_code"]:
                assert listed[row["admin1_code"]].items() >= {
                    (one, row[one]) for one in ("location_code", "admin1_code", "admin1_name", "pcode_version")
                }
        package = json.loads((folders[kind] / "datapackage.json").read_text(encoding="utf-8"))
        sources = [one["sources"] for one in package["resources"] if "sources" in one]
        assert sources == [[{"title": listed["ML01"]["pcode_version"], "path": "https://data.humdata.org/dataset/cod-ab-mli"}]]


def test_a_place_without_a_listed_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text("""
start_date = 2030-01-01
horizon_days = 20.5
money = "unlimited"
caseload = { people = 40 }
services.aid = { kind = "casework", duration = 1 }
locations.here = { share = 0.5, label = "Here" }
locations.there = { share = 0.25, pcode = "XX01" }
locations.bamako = { share = 0.25, pcode = "ML09" }
""")
    made = CliRunner().invoke(main, ["run", str(tmp_path / "two.toml"), "--replications", "2", "--no-figures", "--quiet",
                                     "--out", str(tmp_path / "two")])  # fmt: skip
    assert made.exit_code == 0, made.output
    told = {row["admin1_name"]: row for row in rows(tmp_path / "two" / "hapi.csv") if row["service"] == "aid"}
    codes = {name: (row["location_code"], row["admin1_code"], row["pcode_version"][:10]) for name, row in told.items()}
    assert codes == {
        "": ("", "", ""), "Here": ("", "", "no code kn"), "there": ("", "XX01", "not listed"),
        "Bamako": ("", "ML09", "OCHA globa"),
    }  # fmt: skip
    assert {row["admin1_code"]: (row["admin1_name"], row["location_code"], row["source"][:26])
            for row in rows(tmp_path / "two" / "pcodes.csv")} == {
        "ML09": ("Bamako", "", "https://data.humdata.org/d"), "XX01": ("there", "", ""),
    }  # fmt: skip
    assert sum(float(row["mean"]) for name, row in told.items() if name) == float(told[""]["mean"]) == 40
    assert told[""]["reference_period_end"] == "2030-01-21"

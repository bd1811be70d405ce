"""What `reliefsim run` leaves on the disk: every file, every column, and the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefsim.report.publish import default_folder
from reliefsim.results.manifest import PACK
from reliefsim.scenario import load_scenario

from .conftest import AT_POINTS, reliefsim, reliefsim_apart

INDICATORS = (
    "scenario,rule,indicator,service,group,origin,location,grant,period,unit,mean,ci_low,ci_high,interval_method,"
    "share_defined,p10,p50,p90,replications"
)
ALLOCATION = (
    "scenario,rule,decision,date,day,reason,service,grant,measure,mean,ci_low,ci_high,interval_method,"
    "share_defined,p10,p50,p90,replications"
)
DIFFERENCES = (
    "scenario,rule,reference_scenario,reference_rule,indicator,service,group,origin,location,grant,period,unit,"
    "mean_difference,ci_low,ci_high,interval_method,together,real,matters,verdict,chance_better,chance_equal,share_defined,replications"
)
ASPECTS = ("service", "group", "origin", "location", "grant", "period")
FIGURES = [
    "1-allocation", "2-people-through-the-year", "3-spending-and-windows", "4-coverage", "5-waits", "6-differences",
]  # fmt: skip
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path) -> list[Path]:
    """The files of a study, without what is kept of its runs."""
    return [path for path in folder.iterdir() if path.is_file()]


def test_every_file_is_there_and_nothing_else(point_folder: Path) -> None:
    tables = ["indicators.csv", "allocation.csv", "monthly.csv", "runs.csv", "differences.csv", "hapi.csv", "pcodes.csv",
              "run.json", "datapackage.json"]  # fmt: skip
    scenarios = ["scenario-baseline.toml", "scenario-conflict-shock.toml"]
    figures = [f"{name}.{kind}" for name in FIGURES for kind in ("png", "svg")]
    assert sorted(path.name for path in files(point_folder)) == sorted([*tables, *scenarios, *figures, *PACK])
    assert [path.name for path in point_folder.iterdir() if path.is_dir()] == ["kept"]


def test_columns_are_those_of_the_format(point_folder: Path) -> None:
    heads = {name: (point_folder / name).read_text(encoding="utf-8").split("\n", 1)[0] for name in
             ("indicators.csv", "monthly.csv", "allocation.csv", "runs.csv", "differences.csv")}  # fmt: skip
    assert heads["indicators.csv"] == heads["monthly.csv"] == INDICATORS
    assert heads["allocation.csv"] == ALLOCATION
    assert heads["differences.csv"] == DIFFERENCES
    assert heads["runs.csv"].startswith("scenario,rule,replication,people_in_need,people_reached,")


def test_no_two_rows_are_the_same_estimate(point_folder: Path) -> None:
    tables = ("indicators.csv", "monthly.csv", "differences.csv", "allocation.csv")
    for name, last in zip(tables, ("unit", "unit", "unit", "measure"), strict=True):
        table = rows(point_folder / name)
        keys = [tuple(list(row.values())[: list(row).index(last) + 1]) for row in table]
        assert len(set(keys)) == len(keys) > 100


def test_an_estimate_can_be_worked_out_from_the_runs(point_folder: Path) -> None:
    runs = [row for row in rows(point_folder / "runs.csv") if row["scenario"] == "baseline"]
    values = [float(row["people_reached"]) for row in runs]
    mean = math.fsum(values) / 5
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / 4)
    found = total(point_folder, "people_reached")
    assert float(found["mean"]) == pytest.approx(mean, rel=1e-12)
    # Student's t for four degrees of freedom, from a printed table: 2.776445105; never nearer, and on one side so far.
    half = 2.776445105 * deviation / math.sqrt(5)
    sides = sorted([mean - float(found["ci_low"]), float(found["ci_high"]) - mean])
    assert sides[0] == pytest.approx(half, rel=1e-8)
    assert sides[1] > half
    assert found["interval_method"] == "skewed t, covers 80 % or more"
    assert (found["share_defined"], found["replications"]) == ("1", "5")


def test_no_interval_goes_where_no_number_can(point_folder: Path) -> None:
    beyond = ("reached_of_target", "target_of_need")  # more may be reached than promised, or promised than are in need
    for name in ("indicators.csv", "monthly.csv", "allocation.csv", "hapi.csv"):
        for row in rows(point_folder / name):
            low, high = (float(row[one] or "nan") for one in ("ci_low", "ci_high"))
            assert not low < 0, row
            assert not (row.get("unit") == "share" and row["indicator"] not in beyond and high > 1), row


def total(folder: Path, indicator: str, table: str = "indicators.csv", scenario: str = "baseline") -> Row:
    return next(
        row
        for row in rows(folder / table)
        if (row["scenario"], row["indicator"]) == (scenario, indicator) and not any(row[name] for name in ASPECTS)
    )


@pytest.mark.parametrize(("indicator", "sign"), [("people_reached", 1), ("gap_usd", -1), ("spent_usd", 0)])
def test_a_difference_can_be_worked_out_from_the_runs(indicator: str, sign: int, point_folder: Path) -> None:
    runs = rows(point_folder / "runs.csv")
    base, more = (
        [float(row[indicator]) for row in runs if row["scenario"] == name] for name in ("baseline", "conflict-shock")
    )
    apart = [a - b for a, b in zip(more, base, strict=True)]
    found = total(point_folder, indicator, "differences.csv", "conflict-shock")
    assert (found["reference_scenario"], found["reference_rule"]) == ("baseline", "fixed-shares")
    assert float(found["mean_difference"]) == pytest.approx(math.fsum(apart) / 5, rel=1e-12)
    assert float(found["ci_low"]) <= float(found["mean_difference"]) <= float(found["ci_high"])
    better = str(sum(sign * one > 0 for one in apart) / 5) if sign else ""
    assert found["chance_better"] == better.removesuffix(".0")
    assert float(found["chance_equal"]) == apart.count(0) / 5
    assert len(set(apart)) > 2


def test_everything_that_both_have_is_compared_with_the_reference_and_with_nothing_else(point_folder: Path) -> None:
    key = ("indicator", *ASPECTS)
    table = {name: [] for name in ("baseline", "conflict-shock")}
    for row in rows(point_folder / "indicators.csv"):
        table[row["scenario"]].append(tuple(row[one] for one in key))
    found = rows(point_folder / "differences.csv")
    assert [tuple(row[one] for one in key) for row in found] == [
        one for one in table["conflict-shock"] if one in set(table["baseline"])
    ]
    assert {row["scenario"] for row in found} == {"conflict-shock"}
    assert {"yes", "no", "equal", ""} >= {row["real"] for row in found} > {"equal", "no"}


def test_one_arm_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    made = reliefsim("run", "baseline", *AT_POINTS, "--replications", "2", "--full", "--out", "one", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert not [path.name for path in (tmp_path / "one").iterdir() if "differences" in path.name]
    assert "real" not in made.stdout


def test_the_allocation_adds_up_at_every_decision(point_folder: Path) -> None:
    decisions: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for row in rows(point_folder / "allocation.csv"):
        key = (row["scenario"], row["decision"], row["reason"], row["service"], row["grant"])
        decisions[key][row["measure"]] = float(row["mean"])
    for line in decisions.values():
        parts = line["committed_usd"] + line["spent_usd"] + line["left_usd"]
        assert line["envelope_usd"] == pytest.approx(parts, abs=0.005)
        assert min(line.values()) >= -0.005
    spent = sum(line["spent_usd"] for key, line in decisions.items() if key[0] == "baseline" and key[2] == "end")
    assert spent == pytest.approx(float(total(point_folder, "spent_usd")["mean"]), abs=0.01)


def test_decisions_are_numbered_in_order_of_time(point_folder: Path) -> None:
    seen = [(int(row["decision"]), float(row["day"])) for row in rows(point_folder / "allocation.csv")
            if row["scenario"] == "baseline"]  # fmt: skip
    assert seen == sorted(seen)
    assert len(dict.fromkeys(number for number, _ in seen)) == len(dict.fromkeys(day for _, day in seen)) == seen[-1][0]
    assert seen[0] == (1, 0.0)
    assert seen[-1][1] == 365


def test_the_resolved_scenario_reads_back_as_the_one_that_was_run(point_folder: Path) -> None:
    again = load_scenario(point_folder / "scenario-baseline.toml")
    assert again == load_scenario("baseline", ["caseload.people=600"])


def test_run_json_knows_every_file_and_no_time(point_folder: Path) -> None:
    made = json.loads((point_folder / "run.json").read_text(encoding="utf-8"))
    others = {path.name for path in files(point_folder)} - {"run.json", *PACK}  # which are made of all the others
    assert set(made["outputs"]) == others
    for name, digest in made["outputs"].items():
        assert digest == hashlib.sha256((point_folder / name).read_bytes()).hexdigest()
    assert made["seed"] == 7
    assert made["command"][:3] == ["reliefsim", "run", "baseline"]
    assert made["inputs"]["scenarios/baseline.toml"]
    assert made["generator"] == "Philox4x32-10 keyed by numpy SeedSequence"
    assert set(made["packages"]) >= {"numpy", "scipy", "simpy", "numba"}


def test_the_same_seed_gives_the_same_bytes(point_folder: Path, tmp_path: Path) -> None:
    call = ["run", "baseline", "conflict-shock", *AT_POINTS, "--replications", "5"]
    made = reliefsim_apart(*call, "--out", "again", "--workers", "1", folder=tmp_path, PYTHONHASHSEED="77")
    assert made.returncode == 0, made.stderr
    for path in files(point_folder):
        if path.name not in ("run.json", *PACK):  # which tell the command
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name
    first, second = (json.loads((one / "run.json").read_text()) for one in (point_folder, tmp_path / "again"))
    for made_by in (first, second):
        del made_by["machine"], made_by["command"], made_by["digest"]
    assert first == second


def test_one_replication_has_no_interval(tmp_path: Path) -> None:
    few = ("--replications", "1", "--no-figures", "--full")
    made = reliefsim("run", "baseline", *AT_POINTS, *few, "--out", "one", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    table = rows(tmp_path / "one" / "indicators.csv")
    assert {row["ci_low"] + row["ci_high"] + row["interval_method"] for row in table} == {""}
    assert "One run has no interval" in made.stdout


def test_a_title_that_looks_like_a_formula_is_kept_and_harmless(tmp_path: Path) -> None:
    title = "=cmd|'/c calc'!A1"
    (tmp_path / "mine.toml").write_text(f'extends = "baseline"\ntitle = "{title}"\nquestion = "@SUM(A1)"\n')
    made = reliefsim("run", "mine.toml", *AT_POINTS, "--replications", "1", "--no-figures", "--out", "x", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert title in (tmp_path / "x" / "scenario-mine.toml").read_text()
    for path in (tmp_path / "x").glob("*.csv"):
        assert not any(cell.startswith(("=", "+", "@")) for row in rows(path) for cell in row.values())


@given(st.lists(st.sampled_from(["a", "b" * 64, "c-d"]), min_size=1, max_size=10))
def test_a_default_folder_has_a_name_that_every_disk_takes(names: list[str]) -> None:
    assert len(default_folder(names).name) < 250


def test_a_default_folder_is_never_one_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime

    monkeypatch.chdir(tmp_path)
    day = datetime.date(2012, 7, 1)
    made = []
    for _ in range(3):
        folder = default_folder(["baseline"], day)
        folder.mkdir(parents=True)
        made.append(folder.as_posix())
    assert made == [f"results/2012-07-01-baseline{end}" for end in ("", "-2", "-3")]

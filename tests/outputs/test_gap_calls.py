"""`reliefsim gap`: calls that cannot be carried out, and scenarios at the edge of what there is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main

FILES = ("attribution", "budget", "gap", "pipeline", "runout", "targets")
HEAD = """
format = 1
start_date = 2012-07-01
horizon_days = 40
"""
PEOPLE = "caseload = { people = 50 }\n"
AID = '[services.a]\nkind = "casework"\nduration = 3\nunit_cost_usd = 10\n'
GRANT = "[grants.g]\namount_usd = 100\n"
STORE = "stock = { initial = 5, lead_time = 3, order_quantity = 5, item_cost_usd = 3 }\n"
SITES = "".join(
    f'[services.{name}]\nkind = "goods"\ncounts_as = "kit"\nplaces = ["{name}"]\n{STORE}[locations.{name}]\nshare = 0.5\n'
    for name in ("north", "south")
)
MANY = "".join(f'[services.s{n:02}]\nkind = "casework"\nduration = 3\nunit_cost_usd = {1 + n % 3}\n' for n in range(70))
ODD = {
    "unlimited money": HEAD + 'money = "unlimited"\n' + PEOPLE + AID,
    "nobody there": HEAD + "caseload = { people = 0 }\n" + AID + GRANT,
    "nobody in need": HEAD + PEOPLE + AID + "need_share = 0\n" + GRANT,
    "a pledge that never comes": HEAD + PEOPLE + AID + GRANT + "[pledges.p]\namount_usd = 100\nprobability = 0\n",
    "nothing but such a pledge": HEAD + PEOPLE + AID + "[pledges.p]\namount_usd = 100\nprobability = 0\n",
    "one day": HEAD.replace("40", "1") + PEOPLE + AID + GRANT,
    "half a day": HEAD.replace("40", "0.5") + PEOPLE + AID + GRANT,
    "convoys without seats": HEAD + PEOPLE + '[services.a]\nkind = "convoy"\nevery_days = 3\ndeparture_cost_usd = 5\n' + GRANT,
    "two sites of one service": HEAD + PEOPLE + SITES + GRANT,
    "seventy services": HEAD + PEOPLE + MANY + GRANT,
    "a grant from before the start": HEAD + PEOPLE + AID + GRANT + "from_day = 2012-06-01\nuntil_day = 2012-07-20\n",
    "a grant from after the end": HEAD + PEOPLE + AID + GRANT + "from_day = 2013-06-01\n",
    "hosts alone": HEAD + PEOPLE + 'hosts = { households_per_household = 1 }\n' + AID + 'population = "hosts"\n' + GRANT,
}  # fmt: skip


def gap(path: Path, *options: str, text: str = "") -> list[str]:
    """The arguments of a small call; the scenario's file is written."""
    path.write_text(text or HEAD + PEOPLE + AID + GRANT, encoding="utf-8")
    return ["gap", str(path), "--replications", "2", "--workers", "1", "--no-figures", *options]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ODD)
def test_every_table_is_there_for_scenarios_at_the_edge(name: str, tmp_path: Path) -> None:
    made = CliRunner().invoke(main, gap(tmp_path / "odd.toml", "--out", str(tmp_path / "odd"), text=ODD[name]))
    assert made.exit_code == 0, made.output
    assert "Traceback" not in made.output
    assert "nan" not in made.stdout.lower()
    for file in FILES:
        rows = read(tmp_path / "odd" / f"{file}.csv")
        assert rows or file == "pipeline"
        assert not any(cell in ("nan", "inf") for row in rows for cell in row.values())


def test_nothing_is_missing_where_money_is_no_limit(tmp_path: Path) -> None:
    CliRunner().invoke(main, gap(tmp_path / "odd.toml", "--out", str(tmp_path / "odd"), text=ODD["unlimited money"]))
    missing = [row for row in read(tmp_path / "odd" / "gap.csv") if row["indicator"].startswith(("gap_", "people_", "days_"))]
    assert {row["chance_none"] for row in missing} == {"1"}
    assert {row["chance"] for row in read(tmp_path / "odd" / "runout.csv")} == {"0"}


def test_people_are_counted_in_each_of_seventy_services(tmp_path: Path) -> None:
    """Once, 63 services and more took the run out of its tables."""
    out = tmp_path / "odd"
    CliRunner().invoke(main, gap(tmp_path / "odd.toml", "--out", str(out), text=ODD["seventy services"]))
    in_need = [row for row in read(out / "indicators.csv") if row["indicator"] == "people_in_need" and row["service"]]
    assert [row["mean"] for row in in_need] == ["50"] * 70
    short = [row for row in read(out / "gap.csv") if row["indicator"] == "people_without_for_money" and row["service"]]
    cases = [row for row in read(out / "indicators.csv") if row["indicator"] == "cases_unserved_money" and row["service"]]
    assert [row["mean"] for row in short] == [row["mean"] for row in cases]


def test_the_pipeline_is_of_goods_alone(tmp_path: Path) -> None:
    out = tmp_path / "odd"
    CliRunner().invoke(main, gap(tmp_path / "odd.toml", "--out", str(out), text=ODD["two sites of one service"] + AID))
    services = {(row["indicator"], row["service"]) for row in read(out / "pipeline.csv")}
    assert {name for _, name in services} == {"kit", "north", "south"}
    assert ("fill_rate", "kit") in services


BAD_CALLS = [
    (["gap"], "SCENARIO: is missing"),
    (["gap", "basline"], "Did you mean baseline?"),
    (["gap", "nowhere.toml"], "nowhere.toml"),
    (["gap", "baseline", "--rule", "by-ned"], "Did you mean by-need?"),
    (["gap", "baseline", "--replications", "0"], "--replications: must be 1 to 1000000 (got 0)"),
    (["gap", "baseline", "baseline"], "SCENARIO: two scenarios are named baseline."),
    (["gap", "baseline", "--set", "grants.cerf.amout_usd=1"], "amount_usd"),
    (["gap", "baseline", "--backend", "cloud"], "--backend: no such backend (got cloud)."),
    (["gap", "baseline", "--resume"], "--resume: needs --out."),
    (["gap", "baseline", "--over", "grants"], "--over: only with --uncertain N"),
    (["gap", "baseline", "--precision", "gap_usd=5%"], "--precision"),
]


@pytest.mark.parametrize(("call", "words"), BAD_CALLS)
def test_a_bad_call_is_one_line_and_writes_nothing(
    call: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(main, call)
    assert made.exit_code == 2, made.output
    told = [line for line in made.stderr.strip().splitlines() if not line.startswith(("Usage:", "Try ")) and line]
    assert len(told) == 1
    assert words in told[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", [HEAD + PEOPLE + GRANT, HEAD + PEOPLE + AID])
def test_a_scenario_without_services_or_money_is_one_line(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(main, gap(tmp_path / "odd.toml", text=text))
    assert made.exit_code == 2, made.output
    assert len(made.stderr.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["odd.toml"]


def test_a_folder_that_holds_a_study_is_refused_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "run.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("reliefsim.study.running.runner.run_study", None)
    made = CliRunner().invoke(main, ["gap", "baseline", "--out", "mine"])
    assert made.exit_code == 2
    assert made.stderr == "--out: mine holds another study. Name a new folder, or move that one away\n"
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "run.json"]


def test_without_a_folder_one_is_named_after_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, gap(tmp_path / "mine.toml")).exit_code == 0
    (made,) = (tmp_path / "results").iterdir()
    assert made.name.endswith("-gap-mine")
    assert {path.stem for path in made.glob("*.csv")} >= set(FILES)


def test_a_gap_goes_on_with_more_replications_to_the_bytes_of_one_long_run(tmp_path: Path) -> None:
    call = gap(tmp_path / "mine.toml", "--quiet")
    for out, options in (("parts", ()), ("parts", ("--replications", "5", "--resume")), ("whole", ("--replications", "5"))):
        made = CliRunner().invoke(main, [*call, "--out", str(tmp_path / out), *options])
        assert made.exit_code == 0, made.output
    for path in (tmp_path / "whole").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "parts" / path.name).read_bytes()

"""The fundraiser's commands: bad calls are told all at once, and what is written is what was found."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from study.calling import call

SMALL = ("--set", "caseload.people=600", "--set", "caseload.target_people=600", "--quiet", "--replications", "20")
MET = ("--target", "cases_served=1")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--certainty", "0"), "--certainty: must be a number above 0 and below 1 (got 0)"),
        (("--certainty", "1"), "--certainty: must be a number above 0 and below 1 (got 1)"),
        (("--certainty", "1.2"), "--certainty: must be a number above 0 and below 1 (got 1.2)"),
        (("--certainty", "nan"), "--certainty: must be a number above 0 and below 1 (got nan)"),
        (("--service", "tracing"), "--service: not in this scenario (got tracing)"),
        (("--group", "ageed"), "--group: not in this scenario (got ageed). Did you mean aged?"),
        (("--earmark", "nfii"), "--earmark: not in this scenario (got nfii). Did you mean nfi?"),
        (("--target", "ned_covered=0.9"), "Did you mean need_covered?"),
        (("--target", "need_covered"), "--target: must be like need_covered=0.9"),
        (("--target", "need_covered=90"), "--target: need_covered is a share, 0 to 1 (got 90)"),
        (("--target", "people_in_need=90"), "--target: not a number that money is asked for"),
        (("--arrives", "2011-01-01"), "--arrives: must be a day of the operation"),
        (("--arrives", "2013-07-01"), "--arrives: must be a day of the operation"),
        (("--arrives", "soon"), "--arrives: must be a day of the operation"),
        (("--window", "0"), "--window: must be a number above 0"),
        (("--window", "-3"), "--window: must be a number above 0"),
        (("--most", "10"), "--most: must be a number above"),
        (("--indirect-rate", "7"), "--indirect-rate: must be a number above 0 and below 1 (got 7)"),
        (("--rule", "mine"), "--rule: no such rule (got mine)"),
        (("--service", "nfi", "--group", "aged"), "--service, --group: one of them at most"),
    ],
)
def test_a_bad_question_is_one_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = call("ask", "baseline", *MET, *SMALL, *arguments)
    assert code == 2
    assert said in told
    assert len(told.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_all_faults_of_a_question_are_told_at_once(tmp_path: Path) -> None:
    code, told = call("ask", "baseline", "--target", "x", "--certainty", "2", "--service", "y", "--out", str(tmp_path / "new"))
    assert code == 2
    assert [line.split(":")[0] for line in told.strip().splitlines()] == ["--service", "--target", "--certainty"]
    assert list(tmp_path.iterdir()) == []


def test_unlimited_money_asks_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rich.toml"
    path.write_text(
        'start_date = 2030-01-01\nhorizon_days = 10\nmoney = "unlimited"\narrivals = { rate_per_day = 4 }\n'
        'services.aid = { kind = "casework", duration = 1 }\n',
        encoding="utf-8",
    )
    for command in (("ask", str(path), *MET), ("next-dollar", str(path))):
        code, told = call(*command, "--out", str(tmp_path / "new"))
        assert code == 2
        assert "its money is unlimited" in told


def test_a_target_that_is_met_asks_for_nothing_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "ask"
    assert call("ask", "baseline", *MET, *SMALL, "--no-by-when", "--no-figures", "--out", str(folder)) == (0, "")
    (ask,) = (row for row in rows(folder / "ask.csv") if row["part"] == "ask")
    assert ask["additional_usd"] == "0"
    assert float(ask["chance"]) == 1
    assert "USD 0" in (folder / "ask.md").read_text(encoding="utf-8")


def test_what_is_asked_for_is_written_whole(tmp_path: Path) -> None:
    """The amount, its chance, later arrivals, the curve, what binds; and what made it."""
    folder = tmp_path / "ask"
    arguments = ("--target", "need_covered=0.78", "--certainty", "0.5", "--arrives", "2013-04-01", "--rule", "by-need")
    assert call("ask", "baseline", *arguments, *SMALL, "--out", str(folder)) == (0, "")
    found = rows(folder / "ask.csv")
    assert {row["part"] for row in found} == {"ask", "arrival", "chance", "curve", "binds"}
    assert [row["arrives"] for row in found if row["part"] == "arrival"] == ["2013-05-01", "2013-06-01"]
    chances = [float(row["chance"]) for row in found if row["part"] == "chance"]
    assert chances == sorted(chances)
    made = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert made["question"]["certainty"] == 0.5
    tables = {"ask.csv", "ask.md", "datapackage.json"}
    assert set(made["outputs"]) == {*tables, "10-ask.png", "10-ask.svg", "scenario-baseline.toml"}
    sentences = (folder / "ask.md").read_text(encoding="utf-8").strip().split("\n\n")
    assert len(sentences) == 7  # a title, five sentences, and how
    again = tmp_path / "again"
    assert call("ask", "baseline", *arguments, *SMALL, "--backend", "serial", "--out", str(again)) == (0, "")
    for name in made["outputs"]:
        assert (folder / name).read_bytes() == (again / name).read_bytes()


def test_the_next_dollar_is_told_for_every_line_and_what_can_use_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "next"
    assert call("next-dollar", "baseline", *SMALL, "--out", str(folder)) == (0, "")
    found = rows(folder / "next_dollar.csv")
    lines = {(row["service"], row["grant"]) for row in found}
    assert ("pss", "cerf") in lines
    assert not any(service == "livelihoods" for service, _ in lines)  # no grant may pay for it
    for row in found:
        if row["saturated"] == "yes":
            assert row["binds"]
            if row["indicator"] == "cases_served":
                assert float(row["mean_difference"]) == 0
    assert {row["indicator"] for row in found} == {"people_reached", "cases_served", "waiting_days", "gap_usd", "spent_usd"}


@pytest.mark.parametrize(
    "command",
    [
        ("gap", "baseline", "--no-figures"),
        ("ask", "baseline", "--target", "need_covered=0.7", "--certainty", "0.5", "--no-by-when", "--no-figures"),
        ("next-dollar", "baseline", "--no-figures"),
    ],
)
def test_what_a_fundraiser_gets_can_be_verified(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Run again, to the byte; a number that was changed, its digest with it, is found by running it again."""
    folder = tmp_path / "study"
    assert call(*command, *SMALL, "--out", str(folder)) == (0, "")
    assert call("verify", str(folder)) == (0, "")
    assert call("verify", str(folder), "--sample", "2") == (0, "")
    table = next(path for path in sorted(folder.glob("*.csv")) if path.name in ("gap.csv", "ask.csv", "next_dollar.csv"))
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([*lines[:-1], lines[-1].replace(",20\n", ",21\n")]), encoding="utf-8")
    code, said = call("verify", str(folder))
    assert code == 1
    assert f"{table.name}: edited or damaged since it was written" in said
    assert f"{table.name}: not what the model gives now" in said

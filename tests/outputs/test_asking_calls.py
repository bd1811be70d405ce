"""The fundraiser's commands: bad calls are told all at once, and what is written is what was found."""

from __future__ import annotations

import csv
import datetime
import json
import re
from pathlib import Path

import pytest
from study.calling import call

from outputs.conftest import reliefsim

FEW = ("--set", "caseload.people=600", "--set", "caseload.target_people=600", "--quiet", "--replications", "20")
SMALL = (*FEW, "--point-values")
NEVER = "people_unserved_not_found"
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
        (("--window", "0.000001"), "--window: ends within the second in which the money comes"),
        (
            ("--service", "transport", "--earmark", "transport", "--window", "30"),
            "--window: ends on 2012-07-31, before anybody is found whom it may pay for (first DTM round: 2012-09-30)",
        ),
        (("--group", "hosts"), "--group hosts: under fixed shares, which plan.shares state, additional money gives livelihoods"),
        (("--service", "nfi", "--earmark", "pss"), "--earmark: pss cannot pay for what --service nfi is about. Add --earmark"),
        (("--earmark", "livelihoods"), "--earmark: livelihoods cannot pay for what --target is about"),
        (("--arrives", "2013-07-02"), "--arrives: must be a day of the operation"),
        (("--most", "10"), "--most: must be a number, 1,000 or more and below"),
        (("--indirect-rate", "7"), "--indirect-rate: must be a number, 0 or more and below 1 (got 7)"),
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
    code, told = call(
        "ask", "baseline", "--target", "x", "--certainty", "2", "--service", "y", "--out", str(tmp_path / "new")
    )
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


def test_a_target_that_no_money_can_meet_says_what_binds_with_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "ask"
    arguments = ("--target", "need_covered=0.99", "--service", "ftr", "--no-by-when", "--no-figures")
    assert call("ask", "baseline", *arguments, *SMALL, "--out", str(folder)) == (0, "")
    found = rows(folder / "ask.csv")
    (ask,) = (row for row in found if row["part"] == "ask")
    assert ask["additional_usd"] == ask["chance"] == ""
    most = next(row for row in found if row["part"] == "binds")
    assert most["indicator"] == "need_covered"
    text = (folder / "ask.md").read_text(encoding="utf-8")
    assert f"no amount up to USD {float(most['additional_usd']):,.0f} means that at least 99 % of the need for Family" in text
    assert f"is {100 * float(most['p10']):.3g} % to {100 * float(most['p90']):.3g} % in eight of ten runs" in text
    lost = next(row for row in found if row["part"] == "binds" and row["indicator"] == NEVER and not row["service"])
    assert f"never found: {_people(lost)}" in text


def _people(row: dict[str, str]) -> str:
    low, middle, high = (f"{float(row[name]):,.0f}" for name in ("p10", "p50", "p90"))
    return f"{middle} {'person' if middle == '1' else 'people'} ({low} to {high})"


def _day(text: str) -> str:
    day = datetime.date.fromisoformat(text[:10])
    return f"{day.day} {day:%B %Y}"


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ask whose donor stops work half-way, in a folder; fewer people and less money than there are."""
    folder = tmp_path_factory.mktemp("asked") / "ask"
    people = ("--set", "caseload.people=2500", "--set", "caseload.target_people=2500")
    call("ask", "usaid-stop-work", "--target", "need_covered=0.62", *people, "--replications", "30", "--point-values", "--quiet",
         "--no-figures", "--out", str(folder))  # fmt: skip
    return folder


def test_every_figure_of_the_sentences_stands_in_the_table(stopped: Path) -> None:
    """Amounts, dates, people, shares: written afresh from ask.csv, each is where a reader looks for it; and no sentence
    has a number that is not there."""
    found = rows(stopped / "ask.csv")
    title, ask, without, with_it, by_when, binds, _ = (stopped / "ask.md").read_text(encoding="utf-8").strip().split("\n\n")
    asked, *later = (row for row in found if row["part"] in ("ask", "arrival"))
    usd, low = (f"{float(asked[name]):,.0f}" for name in ("additional_usd", "quantile_low_usd"))
    dear = [row for row in later if not row["additional_usd"] or float(row["additional_usd"]) > float(asked["additional_usd"])]
    last = [asked, *later][[asked, *later].index(dear[0]) - 1]
    assert f"USD {usd} more by {_day(last['arrives'])} means that at least 62 % of the need is served" in title
    assert f"lies between USD {low} and {usd} (95 % interval)" in ask
    gone = {(row["indicator"], row["service"], row["group"]): row for row in found if row["part"] == "without"}
    assert f"{_people(gone['people_unserved_money', '', ''])} go without" in without
    child = gone["people_unserved_money", "", "unaccompanied-child"]
    assert f"{float(child['p50']):.0f} of class Unaccompanied child ({float(child['p10']):.0f} to " in without
    stops = gone["break_to_end_day", "ftr", ""]
    begins, ends = _day(stops["date_p10"]).removesuffix(" 2013"), _day(stops["date_p90"])
    assert f"for want of money from {begins} to {ends} (eight of ten runs) to the end" in without
    reached = next(
        row for row in found
        if row["part"] == "curve" and row["indicator"] == "people_reached" and row["additional_usd"] == asked["additional_usd"]
    )  # fmt: skip
    numbers = {name: f"{float(reached[name]):,.0f}" for name in ("mean", "ci_low", "ci_high", "difference")}
    assert f"{numbers['mean']} people are reached (95 % interval {numbers['ci_low']} to {numbers['ci_high']})" in with_it
    assert f", {numbers['difference']} more than without it" in with_it
    assert _day(dear[0]["arrives"]) in by_when
    bound = next(row for row in found if row["part"] == "binds" and row["indicator"] == NEVER and not row["service"])
    assert f"never found: {_people(bound)}" in binds

    told = {"62", "80", "95", "97.5", "30"}
    for row in found:
        for cell in row.values():
            try:
                value = float(cell)
            except ValueError:
                told.update(_day(cell).replace(",", "").split() if cell[4:5] == "-" and cell[:4].isdigit() else ())
                continue
            told.update(f"{value:,.0f} {100 * value:.0f} {100 * value:.1f}".split())
            told.add(f"{value - float(asked['additional_usd']):,.0f}".lstrip("-"))
    for sentence in (title, ask, without, with_it, by_when, binds):
        for number in re.findall(r"\d[\d,]*(?:\.\d+)?", sentence.replace("Mali 2012", "")):
            assert number.rstrip(",") in told, (number, sentence)


def test_the_title_says_when_a_scenario_has_none_which_it_is_and_few_runs_are_told(tmp_path: Path) -> None:
    path = tmp_path / "queue.toml"
    path.write_text(
        "start_date = 2030-01-01\nhorizon_days = 30\narrivals = { rate_per_day = 20 }\n"
        'services.aid = { kind = "casework", duration = 0.001, unit_cost_usd = 100 }\ngrants.first = { amount_usd = 5000 }\n',
        encoding="utf-8",
    )
    folder = tmp_path / "ask"
    arguments = ("--target", "need_covered=0.9", "--replications", "20", "--no-by-when", "--quiet", "--no-figures")
    assert call("ask", str(path), *arguments, "--out", str(folder)) == (0, "")
    text = (folder / "ask.md").read_text(encoding="utf-8")
    assert text.startswith("# Scenario queue: USD ")
    assert "the largest of 20 runs, so that more runs narrow it" in text


def test_a_livelihoods_ask_reaches_host_families(tmp_path: Path) -> None:
    folder = tmp_path / "ask"
    arguments = ("--target", "need_covered=0.4", "--group", "hosts", "--earmark", "livelihoods", "--no-by-when")
    assert call("ask", "baseline", *arguments, *SMALL, "--no-figures", "--out", str(folder)) == (0, "")
    (ask,) = (row for row in rows(folder / "ask.csv") if row["part"] == "ask")
    text = (folder / "ask.md").read_text(encoding="utf-8")
    assert f"USD {float(ask['additional_usd']):,.0f} more for Livelihoods for host families" in text
    assert "at least 40 % of the need of host families is served" in text
    assert "Livelihoods for host families stands still for want of money from 1 July 2012 to the end" in text
    assert "people of host families are reached" in text
    for name in ("Medical referral", "Essential non-food items", "Family tracing"):  # no business of hosts
        assert name not in text


def test_what_is_asked_for_is_written_whole(tmp_path: Path) -> None:
    """The amount, its chance, later arrivals, the curve, what binds; and what made it."""
    folder = tmp_path / "ask"
    arguments = ("--target", "need_covered=0.65", "--certainty", "0.5", "--arrives", "2013-04-01", "--rule", "by-need")
    arguments = (*arguments, *SMALL)
    assert call("ask", "baseline", *arguments, "--out", str(folder)) == (0, "")
    found = rows(folder / "ask.csv")
    assert {row["part"] for row in found} == {"ask", "arrival", "chance", "without", "curve", "binds"}
    assert [row["arrives"] for row in found if row["part"] == "arrival"] == ["2013-05-01", "2013-06-01"]
    chances = [float(row["chance"]) for row in found if row["part"] == "chance"]
    assert chances == sorted(chances)
    made = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert made["question"]["certainty"] == 0.5
    tables = {"ask.csv", "ask.md", "datapackage.json"}
    assert set(made["outputs"]) == {*tables, "10-ask.png", "10-ask.svg", "scenario-baseline.toml"}
    sentences = (folder / "ask.md").read_text(encoding="utf-8").strip().split("\n\n")
    assert len(sentences) == 6  # a title, four sentences (no delay costs where nothing is asked for), and how
    again = tmp_path / "again"
    assert call("ask", "baseline", *arguments, "--backend", "serial", "--out", str(again)) == (0, "")
    for name in made["outputs"]:
        assert (folder / name).read_bytes() == (again / name).read_bytes()


def test_the_next_dollar_leads_with_the_line_that_buys_most_and_full_gives_the_table(tmp_path: Path) -> None:
    few = ("next-dollar", "baseline", "--no-figures", "--set", "caseload.people=600", "--replications", "6")
    said = reliefsim(*few, "--out", "next", folder=tmp_path).stdout
    bought = [one for one in rows(tmp_path / "next" / "next_dollar.csv") if one["indicator"] == "cases_served"]
    real = sorted(float(one["mean_difference"]) for one in bought if one["real"] == "yes")
    best = next(one for one in bought if float(one["mean_difference"]) == real[-1] > 0)
    first, *others = " ".join(said.split()).split(". ")
    assert first.startswith(f"USD 10,000 more serve most in {best['service_label']} (")
    ends = list(dict.fromkeys(f"{round(float(best[one])):,}" for one in ("ci_low", "ci_high")))
    assert f": {' to '.join(ends)} cases" in first
    held = sum(not (one["real"] == "yes" and float(one["mean_difference"]) > 0) for one in bought)
    assert any(f"In {held} of {len(bought)} lines no case more" in one for one in others)
    assert said.split("scenarios/")[0].count("\n") <= 14
    assert "Waiting, person-days" not in said
    assert "Waiting, person-days" in reliefsim(*few, "--full", "--out", "full", folder=tmp_path).stdout


def test_the_next_dollar_is_told_for_every_line_and_what_can_use_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "next"
    assert call("next-dollar", "baseline", *SMALL, "--out", str(folder)) == (0, "")
    found = rows(folder / "next_dollar.csv")
    lines = {(row["service"], row["grant"]) for row in found}
    assert ("pss", "cerf") in lines
    assert [grant for service, grant in sorted(lines) if service == "livelihoods"] == ["new"]  # no grant may pay for it
    for row in found:
        if row["saturated"] == "yes":
            assert row["binds"]
            if row["indicator"] == "cases_served":
                assert float(row["mean_difference"]) == 0
    assert {row["indicator"] for row in found} == {
        "people_reached",
        "cases_served",
        "waiting_days",
        "gap_usd",
        "spent_usd",
        "cases_served_in_this_service",
        "waiting_days_in_this_service",
    }
    saturated = [row for row in found if row["saturated"] == "yes" and row["indicator"] == "cases_served_in_this_service"]
    assert {float(row["mean_difference"]) for row in saturated} == {0}


@pytest.mark.parametrize(
    "command",
    [
        ("gap", "baseline", "--point-values", "--no-figures"),
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
    table = next(
        path for path in sorted(folder.glob("*.csv")) if path.name in ("gap.csv", "ask.csv", "next_dollar.csv")
    )
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([*lines[:-1], lines[-1].replace(",20\n", ",21\n")]), encoding="utf-8")
    code, said = call("verify", str(folder))
    assert code == 1
    assert f"{table.name}: edited or damaged since it was written" in said
    assert f"{table.name}: not what the model gives now" in said

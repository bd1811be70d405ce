"""What stands in report.html: the files' numbers, nothing from outside, and the same bytes each time."""

from __future__ import annotations

import base64
import csv
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from page.conftest import made_of
from study.calling import call

from reliefsim import store
from reliefsim.report.page import page_writing as writing
from reliefsim.report.page import write_page
from reliefsim.report.page.page_table import Cell, shown
from reliefsim.report.page.sections import section_course as course
from reliefsim.report.text.tongue import Tongue
from reliefsim.report.views import compared_view
from reliefsim.report.views.content import Content
from reliefsim.results.estimate_rows import Difference, Differences, Estimate
from reliefsim.results.study_folder import read_folder

_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " "})


class Elements(HTMLParser):
    """Every element with its attributes, and the texts of the table that has a caption."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(report: Path, language: str) -> str:
    """The text of one language, without its tags."""
    text = report.read_text(encoding="utf-8")
    start = text.index(f'<div lang="{language}" data-lang')
    body = text[start : text.index('<script type="application/json"')]
    end = body.find('<div lang="fr" data-lang', 1)
    body = body[:end] if language == "en" else body
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body).translate(_PLAIN))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_numbers_are_those_of_the_files(report: Path, study_folder: Path, language: str) -> None:
    tongue, shown = Tongue(language), words(report, language)
    kinds = {"people_reached": "people", "need_covered": "share", "gap_usd": "amount", "spent_usd": "amount"}
    for row in rows(study_folder / "indicators.csv"):
        if row["indicator"] in kinds and not any(row[name] for name in ("group", "origin", "location", "grant")):
            kind = kinds[row["indicator"]]
            if row["service"] and row["indicator"] != "need_covered":
                continue
            assert tongue.value(float(row["mean"]), kind).translate(_PLAIN) in shown, row
    for row in rows(study_folder / "gap.csv"):
        whole = not any(row[name] for name in ("service", "group", "origin", "location", "grant", "period"))
        if whole and row["indicator"].startswith("gap_money_") and float(row["mean"]) >= 0.5:
            assert tongue.value(float(row["mean"]), "amount").translate(_PLAIN) in shown, row
    for row in rows(study_folder / "differences.csv"):
        whole = not any(row[name] for name in ("service", "group", "origin", "location", "grant", "period"))
        if whole and row["indicator"] in ("people_reached", "waiting_days"):
            assert tongue.signed(float(row["mean_difference"]), "people").translate(_PLAIN) in shown, row
    for row in rows(study_folder / "runout.csv"):
        if row["indicator"] == "run_out_day" and row["service"] not in ("", "livelihoods") and row["date_p50"]:
            assert tongue.date(row["date_p50"]).translate(_PLAIN) in shown, row


def test_an_answer_is_shown_with_its_certainty(report: Path, answers: list[Path]) -> None:
    row = next(one for one in rows(answers[0] / "ask.csv") if one["part"] == "ask")
    assert Tongue("en").usd(float(row["additional_usd"])).translate(_PLAIN) + " more by " in words(
        report, "en"
    )
    bought = [one for one in rows(answers[1] / "next_dollar.csv") if one["indicator"] == "people_reached"]
    assert all(
        Tongue("fr").signed(float(one["mean_difference"]), "people") in report.read_text("utf-8") for one in bought
    )


def test_the_last_day_is_that_of_the_files(report: Path, study_folder: Path, answers: list[Path]) -> None:
    last = {row["reference_period_end"] for row in rows(study_folder / "hapi.csv")}
    assert last == {"2013-06-30"}
    assert "1 Jul 2012 to 30 Jun 2013" in words(report, "en")
    assert "30 June 2013" in (answers[0] / "ask.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("titles", "name", "first"),
    [
        (["Mali 2012: calm", "Mali 2012: war", "Mali 2012 to 2014: both"], "Mali 2012", "Calm"),
        (["Mali 2012: calm", "Mali 2012: war", "Invented: flood"], "Mali 2012: calm, and 2 other scenarios",
         "Mali 2012: calm"),
        (["Mali 2012: calm", "Mali 2012: calm", "A flood"], "Mali 2012: calm and A flood", "Mali 2012: calm"),
        (["Mali 2012: calm", "Mali 20123: calm", "Mali"], "Mali 2012: calm, and 2 other scenarios", "Mali 2012: calm"),
    ],
)  # fmt: skip
def test_a_page_is_named_after_what_all_its_scenarios_share(
    titles: list[str], name: str, first: str, study_folder: Path
) -> None:
    content = Content(read_folder(study_folder, made_of(study_folder)))
    stated = {arm.scenario: {"title": title} for arm, title in zip(content.arms, titles, strict=True)}
    one = replace(content, study=replace(content.study, scenarios=stated))
    assert one.subject(Tongue("en")) == name
    assert Tongue("en").told(one.name(one.study.reference)) == first


def test_a_difference_that_is_real_is_not_shown_as_nought_and_a_cost_is_neither_good_nor_bad(study_folder: Path) -> None:
    content = Content(read_folder(study_folder, made_of(study_folder)))
    arm = content.arms[1]
    near, lower = Estimate(0.4, 0.02, 0.9), Estimate(-9.7, -11.0, -8.0)
    found = {(arm, "people_reached"): Difference(near, "yes", 1.0), (arm, "gap_usd"): Difference(near, "yes", 0.0),
             (arm, "cost_per_person_reached_usd"): Difference(lower, "yes", 1.0),
             (arm, "people_in_need"): Difference(Estimate(0, 0, 0), "equal", 0.0)}  # fmt: skip
    one = replace(content, study=replace(content.study, differences=Differences(content.study.reference, found)))
    found = compared_view.differences(one)
    table = found and shown(found, Tongue("en"))
    assert table is not None
    cells = [cell for cell in table.rows[0][1:] if isinstance(cell, Cell)]
    assert cells[0] == Cell("+0.4", "+0.02 to +1", "better", sign="▲", words="better")
    assert cells[-2] == Cell("+0.4", "+0.02 to +1", "worse", sign="▼", words="worse")
    assert cells[-1] == Cell("\u221210", "\u221211 to \u22128", "lower", sign="◆", words="lower")


def test_where_more_people_need_help_nothing_is_better_or_worse(study_folder: Path, report: Path) -> None:
    """Of three scenarios only the one with the same need has colours; planted rows would give both."""
    text = report.read_text(encoding="utf-8")
    table = text[text.index('<table class="apart">') :]
    _, same, more = table[: table.index("</table>")].split('<tr class="">')
    assert 'class=" worse"' in same
    assert ("better" in more.split("</th>")[1], "worse" in more) == (False, False)
    assert 'class=" higher"' in more


def test_the_policy_allows_the_page_s_own_script_and_style_alone(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    rules = dict(one.strip().split(" ", 1) for one in policy[1].replace("&#39;", "'").split(";"))
    for name, element in (("script-src", "script"), ("style-src", "style")):
        inside = re.findall(rf"<{element}>(.*?)</{element}>", text, re.DOTALL)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert rules[name] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "script-src", "style-src", "img-src"}


def test_nothing_comes_from_outside_and_nothing_is_styled_in_place(report: Path) -> None:
    seen: list[str] = []
    for tag, attributes in Elements(report.read_text(encoding="utf-8")).found:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "audio", "video")
        assert not [name for name in attributes if name == "style" or name.startswith("on") or name == "src"]
        assert attributes.get("href", "#").startswith("#")  # type: ignore[union-attr]
        seen += [attributes["id"] or ""] if "id" in attributes else []
    assert len(seen) == len(set(seen))


def test_the_same_files_give_the_same_bytes(report: Path, study_folder: Path, answers: list[Path]) -> None:
    before = report.read_bytes()
    assert write_page(study_folder, made_of(study_folder), answers).read_bytes() == before


def test_a_page_that_cannot_be_written_leaves_the_old_one(
    report: Path, study_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, there = report.read_bytes(), sorted(study_folder.iterdir())

    def refuse(path: Path) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store, "flush", refuse)
    with pytest.raises(OSError, match="no space"):
        write_page(study_folder, made_of(study_folder))
    assert report.read_bytes() == before
    assert sorted(study_folder.iterdir()) == there


def test_text_of_a_scenario_is_text(study_folder: Path, tmp_path: Path) -> None:
    for path in study_folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    stated = tmp_path / "scenario-baseline.toml"
    text = stated.read_text(encoding="utf-8").replace("Medical referral", "</script><script>alert(1)</script>")
    stated.write_text(text, encoding="utf-8")
    shown = write_page(tmp_path, made_of(study_folder)).read_text(encoding="utf-8")
    assert "alert(1)" in shown
    assert shown.count("<script") == shown.count("</script") == 3


def test_a_run_says_which_command_makes_what_it_lacks(tmp_path: Path) -> None:
    code, told = call(
        "run", "invented-flood", "--quiet", "--no-figures", "--replications", "3", "--out", str(tmp_path / "r")
    )
    assert code == 0, told
    report = write_page(tmp_path / "r", made_of(tmp_path / "r"))
    shown = words(report, "en")
    assert "What belongs here" not in shown
    made = shown[shown.index("How this was made") :]
    for command in ("reliefsim gap", "reliefsim ask", "reliefsim next-dollar"):
        assert shown.count(command) == made.count(command) == 1  # where a donor does not look
    assert "No map: the places of this scenario are not regions of Mali." in shown


def test_a_scenario_has_one_colour_everywhere_that_stands_out_from_white() -> None:
    style = (Path(writing.__file__).parent / "style" / "parts.css").read_text(encoding="utf-8")
    script = (Path(writing.__file__).parent / "script" / "chart.js").read_text(encoding="utf-8")
    told = script.split("reliefsim.dashes = [")[1].split("];")[0] + "]"
    dashes = [one.replace(",", "") for one in re.findall(r"\[([\d, ]*)\]", told)]
    assert len(set(course.COLOURS)) == len(set(dashes)) == len(course.COLOURS) == len(dashes) == 12
    for number, (colour, dash) in enumerate(zip(course.COLOURS, dashes, strict=True)):
        assert f".s{number} {{ stroke: {colour.lower()};{f' stroke-dasharray: {dash};' if dash else ''} }}" in style
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5  # WCAG 2.1, names are written in it


def test_templates_styles_and_scripts_are_short() -> None:
    root = Path(writing.__file__).parent
    lines = {
        str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("templates", "style", "script")
        for path in sorted((root / folder).iterdir())
    }
    assert len(lines) > 10
    assert not {name: number for name, number in lines.items() if number > 300}


def test_ten_scenarios_stay_below_two_megabytes(ten_report: Path) -> None:
    assert ten_report.stat().st_size < 2_000_000


def test_places_that_share_a_code_are_in_the_tables_and_not_on_a_map(tmp_path: Path) -> None:
    path = tmp_path / "shared.toml"
    path.write_text(
        'start_date = 2030-01-01\nhorizon_days = 20\nmoney = "unlimited"\ncaseload = { people = 90 }\n'
        'services.aid = { kind = "casework", duration = 1 }\n'
        'locations.first = { pcode = "ML09", label = "First site", share = 0.5 }\n'
        'locations.second = { pcode = "ML09", label = "Second site", share = 0.5 }\n',
        encoding="utf-8",
    )
    folder = tmp_path / "study"
    code, told = call("gap", str(path), "--replications", "2", "--quiet", "--no-figures", "--out", str(folder))
    assert code == 0, told
    text = write_page(folder, made_of(folder)).read_text(encoding="utf-8")
    shown = re.sub(r"<script.*?</script>", "", text, flags=re.S)
    assert "First site" in shown
    assert "Second site" in shown
    assert 'class="map"' not in shown
    assert "NaN" not in shown

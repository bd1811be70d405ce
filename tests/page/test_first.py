"""What the page says first: the band, as the terminal says it, and no point value before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from page.conftest import Opened, made_of
from page.test_browser import SHOWN
from page.test_report import rows, words
from study.calling import call

from reliefsim.report.page import write_page
from reliefsim.report.terminal.first_lines import first_lines
from reliefsim.report.text.tongue import Tongue
from reliefsim.results.study_folder import StudyFolder, read_folder

Open = Callable[..., Opened]
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " "})


MOST_SCREENS = 8  # of a phone, before the details


@pytest.fixture(scope="module")
def banded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two scenarios over what is not known, as `run` makes it."""
    folder = tmp_path_factory.mktemp("banded") / "study"
    small = ("--set", "caseload.people=900", "--quiet", "--no-figures", "--backend", "serial", "--replications", "8")
    code, told = call("run", "baseline", "rapid-growth", *small, "--out", str(folder))
    assert code == 0, told
    write_page(folder, made_of(folder))
    return folder


def study(folder: Path) -> StudyFolder:
    return read_folder(folder, made_of(folder))


def numbers(text: str, groups: str = ",") -> list[str]:
    """Every number of a text, with its groups joined."""
    return re.findall(r"\d+(?:\.\d+)?", re.sub(rf"(?<=\d)[{groups}](?=\d{{3}})", "", text))


def first_of(page: str, language: str) -> tuple[str, str]:
    """The headline, and what is in bold in the first part of a page."""
    part = page[page.index(f'id="{language}-finding" class="sentence') :]
    part = part[: part.index("</section>")].translate(_PLAIN)
    return part[part.index(">") + 1 : part.index("</h2>")], " ".join(re.findall(r"<strong>(.*?)</strong>", part))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_terminal_and_page_say_the_same_band_to_the_digit(banded: Path, language: str) -> None:
    headline, bold = first_of((banded / "report.html").read_text(encoding="utf-8"), language)
    lines = first_lines(study(banded))
    groups = "," if language == "en" else " "
    paragraph = " ".join(lines[: lines.index("")])
    assert len(numbers(paragraph)) == 8  # people reached and in need, the gap, and what hosts lack
    assert numbers(headline, groups) == numbers(paragraph)
    assert numbers(bold, groups)[:2] == numbers(paragraph)[:2]
    assert numbers(bold, groups)[4:8] == numbers(paragraph)[4:]
    shown, tongue = words(banded / "report.html", language), Tongue(language)
    for line in lines[lines.index("") :]:
        if line.startswith(("baseline ", "rapid-growth ")):
            told = [tongue.number(float(one)).translate(_PLAIN) for one in numbers(line)]
            assert [one for one in told if one not in shown] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_point_value_stands_in_bold_or_before_its_band(banded: Path, language: str) -> None:
    text, tongue = (banded / "report.html").read_text(encoding="utf-8"), Tongue(language)
    headline, bold = first_of(text, language)
    points = [row for row in rows(banded / "indicators.csv") if not any(row[one] for one in ("service", "group", "origin",
              "location", "grant", "period"))]  # fmt: skip
    for name, kind in (("people_reached", "people"), ("gap_usd", "usd")):
        (mean,) = (float(one["mean"]) for one in points if (one["scenario"], one["indicator"]) == ("baseline", name))
        told = tongue.value(mean, kind).translate(_PLAIN)
        assert told not in headline
        assert told not in bold
        assert told in words(banded / "report.html", language)
    assert "central" not in words(banded / "report.html", "fr")


def test_point_values_alone_say_so_and_are_not_bold(study_folder: Path, report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    assert 'class="sentence plain"' in text
    assert 'class="figures plain"' in text
    assert "These are the point values alone: what is not known may move them far more." in words(report, "en")


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("which", ["report", "ten_report", "banded"])
def test_the_first_screen_has_the_band_and_a_chart_and_the_details_fold_after_eight(
    which: str, locale: str, request: pytest.FixtureRequest, opened: Open
) -> None:
    found = request.getfixturevalue(which)
    for width, height in ((390, 844), (1280, 900)):
        page = opened(found / "report.html" if which == "banded" else found, locale, width, unfolded=False).page
        page.set_viewport_size({"width": width, "height": height})
        top = page.locator(f"{SHOWN}.first .rows li svg").first.bounding_box()["y"]
        fold = page.locator(f"{SHOWN}details.fold").bounding_box()["y"]
        assert page.locator(f"{SHOWN}.sentence").bounding_box()["y"] < top < height
        assert fold < MOST_SCREENS * height
        assert not page.locator(f"{SHOWN}.course").is_visible()


def test_a_link_opens_what_it_leads_to_in_both_languages(report: Path, opened: Open) -> None:
    page = opened(report, unfolded=False).page
    page.goto(f"{report.as_uri()}#en-method")
    page.wait_for_selector("#en-method")
    assert page.locator("#en-method").bounding_box()["y"] < 900
    page.click("button[data-to=fr]")
    assert page.locator("#fr-method").is_visible()


def test_what_is_missing_is_stacked_for_the_displaced_and_for_hosts_and_adds_up(report: Path, study_folder: Path) -> None:
    """Closed by money and not, by the file; together what indicators.csv calls the gap."""
    found = {}
    for row in (*rows(study_folder / "gap.csv"), *rows(study_folder / "indicators.csv")):
        aspects = ("service", "origin", "location", "grant", "period")
        if row["scenario"] == "baseline" and row["mean"] and not any(row[one] for one in aspects):
            found[row["indicator"], row["group"]] = float(row["mean"])
    shown = words(report, "en")
    told = shown[shown.index("What is missing, at the point values") : shown.index("Why it is missing")]
    for group in ("", "hosts"):
        parts = [found[name, group] for name in ("gap_closed_by_money_usd", "gap_not_closed_by_money_usd")]
        assert sum(parts) == pytest.approx(found["gap_usd", group])
        assert [f"{part:,.0f}" in told for part in (*parts, found["gap_usd", group])] == [True] * 3

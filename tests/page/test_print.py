"""The page on paper: a brief of two sheets of A4, large enough to read, whole, that says what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from page.conftest import Opened, made_of
from study.calling import call

from reliefsim.report.page import write_page
from reliefsim.report.page.page_table import Cell, Table
from reliefsim.report.page.page_writing import page
from reliefsim.report.views.content import Content
from reliefsim.results.study_folder import read_folder

Open = Callable[..., Opened]
_LOCALES = ("en-GB", "fr-FR")
_SHEET = (710, 1054)  # CSS pixels within the margins: 188 mm by 279 mm
_LEAST = 10  # CSS pixels: 7.5 pt
_SEEN = """() => [...document.querySelectorAll('div[data-lang]:not([hidden]) *')].filter(one => one.checkVisibility()
  && one.getBoundingClientRect().width)"""


@pytest.fixture(scope="module")
def one_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one") / "study"
    code, told = call("gap", "baseline", "--point-values", "--quiet", "--no-figures", "--replications", "3", "--out", str(folder))
    assert code == 0, told
    return write_page(folder, made_of(folder))


@pytest.fixture(scope="module")
def six_report(ten_report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first six of ten."""
    content = Content(read_folder(ten_report.parent, made_of(ten_report.parent)))
    study = content.study
    arms = study.arms[:6]
    apart = {(arm, name): one for (arm, name), one in study.differences.rows.items() if arm in arms}
    six = replace(study, arms=arms, differences=replace(study.differences, rows=apart))
    found = tmp_path_factory.mktemp("six") / "report.html"
    found.write_text(page(replace(content, study=six)), encoding="utf-8")
    return found


@pytest.fixture(params=["one", "three", "six", "ten"])
def printed(request: pytest.FixtureRequest) -> Path:
    """Reports of one scenario, of three with answers, of six and of ten."""
    name = "report" if request.param == "three" else f"{request.param}_report"
    found: Path = request.getfixturevalue(name)
    return found


def on_paper(opened: Open, report: Path, locale: str) -> Any:
    """The page as wide as a sheet, with the print style."""
    shown = opened(report, locale).page
    shown.emulate_media(media="print")
    shown.set_viewport_size({"width": _SHEET[0], "height": _SHEET[1]})
    return shown


def sheets(shown: Any) -> int:
    """How many sheets of A4 the page takes."""
    pdf: bytes = shown.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("locale", _LOCALES)
def test_it_prints_on_two_sheets(printed: Path, opened: Open, locale: str) -> None:
    assert sheets(opened(printed, locale).page) == 2


@pytest.mark.parametrize("locale", _LOCALES)
def test_no_letter_is_small_and_nothing_is_cut_off(printed: Path, opened: Open, locale: str) -> None:
    shown = on_paper(opened, printed, locale)
    sizes, over, tall = shown.evaluate(
        f"""() => {{ const seen = ({_SEEN})();
          const written = seen.filter(one => [...one.childNodes].some(part => part.nodeType === 3 && part.data.trim()));
          return [written.map(one => parseFloat(getComputedStyle(one).fontSize)),
                  seen.filter(one => one.getBoundingClientRect().right > {_SHEET[0]} + 1).map(one => one.outerHTML.slice(0, 90)),
                  seen.filter(one => ['TABLE', 'LI'].includes(one.tagName) && (one.offsetHeight > {_SHEET[1]}
                    || getComputedStyle(one).breakInside !== 'avoid')).map(one => one.outerHTML.slice(0, 90))]; }}"""
    )  # fmt: skip
    assert len(sizes) > 100
    assert min(sizes) >= _LEAST
    assert over == []  # a browser would shrink all letters to make it fit
    assert tall == []


def test_every_scenario_is_in_the_tables_of_a_brief_of_ten(ten_report: Path, opened: Open) -> None:
    shown = on_paper(opened, ten_report, "en-GB")
    tables = shown.locator("div[lang=en] table:visible").evaluate_all(
        "all => all.map(one => [one.caption.innerText, [...one.tBodies[0].rows]"
        ".map(row => row.cells[0].innerText.trim().split('\\n')[0])])"
    )
    names = dict(tables)
    scenarios = names["What each scenario gives by its last day"]
    assert len(scenarios) == 10
    assert names["Differences to Stable displacement"] == scenarios[1:]
    assert names["The gap by the reason for it, USD"] == scenarios
    assert "are in report.html on a screen. So are the intervals of the gap" in shown.inner_text("div[lang=en] footer")


def test_of_more_scenarios_the_first_ten_are_printed() -> None:
    heads = ["", *(Cell(f"s{number}", mark=number) for number in range(12))]
    wide = Table("by reason", heads, [["money", *(Cell(str(number), "note") for number in range(12))], ["all", *["9"] * 12]],
                 mood="roomy")  # fmt: skip
    turned = wide.for_paper()
    assert turned is not None
    assert (turned.heads, len(turned.rows), turned.rows_printed, turned.last_row) == (["", "money", "all"], 12, 10, 11)
    assert turned.rows[11] == [Cell("s11", mark=11), "11", "9"]
    assert Table("few", heads[:4], [["money", "1", "2", "3"]], mood="roomy").for_paper() is None

"""The page on paper: a brief of two sheets of A4, large enough to read, whole, that says what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page.conftest import Opened, made_of
from study.calling import call

from reliefsim.outputs.page import write_page
from reliefsim.outputs.page.table import Cell, Table

Open = Callable[..., Opened]
_LOCALES = ("en-GB", "fr-FR")
_SHEET = (710, 1054)  # CSS pixels within the margins: 188 mm by 279 mm
_LEAST = 10  # CSS pixels: 7.5 pt
_SEEN = """() => [...document.querySelectorAll('div[data-lang]:not([hidden]) *')].filter(one => one.checkVisibility()
  && one.getBoundingClientRect().width)"""


@pytest.fixture(scope="module")
def one_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one") / "study"
    code, told = call("gap", "baseline", "--quiet", "--no-figures", "--replications", "3", "--out", str(folder))
    assert code == 0, told
    return write_page(folder, made_of(folder))


@pytest.fixture(params=["one", "three", "ten"])
def printed(request: pytest.FixtureRequest) -> Path:
    """Reports of one scenario, of three with answers, and of ten."""
    name = {"one": "one_report", "three": "report", "ten": "ten_report"}[request.param]
    found: Path = request.getfixturevalue(name)
    return found


def on_paper(opened: Open, report: Path, locale: str) -> Any:
    """The page as wide as a sheet, with the print style."""
    page = opened(report, locale).page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": _SHEET[0], "height": _SHEET[1]})
    return page


def sheets(page: Any) -> int:
    """How many sheets of A4 the page takes."""
    pdf: bytes = page.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("locale", _LOCALES)
def test_it_prints_on_two_sheets(printed: Path, opened: Open, locale: str) -> None:
    assert sheets(opened(printed, locale).page) == 2


@pytest.mark.parametrize("locale", _LOCALES)
def test_no_letter_is_small_and_nothing_is_cut_off(printed: Path, opened: Open, locale: str) -> None:
    page = on_paper(opened, printed, locale)
    sizes, over, tall = page.evaluate(
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
    page = on_paper(opened, ten_report, "en-GB")
    tables = page.locator("div[lang=en] table:visible").evaluate_all(
        "all => all.map(one => [one.caption.innerText, [...one.tBodies[0].rows].map(row => row.cells[0].innerText.trim())])"
    )
    names = dict(tables)
    scenarios = names["What each scenario gives by its last day"]
    assert len(scenarios) == 10
    assert names["Differences to Stable displacement"] == scenarios[1:]
    assert names["The gap by the reason for it, USD"] == scenarios
    assert "are in report.html on a screen. So are the intervals of the gap" in page.inner_text("div[lang=en] footer")


def test_of_more_scenarios_the_first_ten_are_printed() -> None:
    heads = ["", *(Cell(f"s{number}", mark=number) for number in range(12))]
    wide = Table("by reason", heads, [["money", *(Cell(str(number), "note") for number in range(12))], ["all", *["9"] * 12]],
                 mood="roomy")  # fmt: skip
    turned = wide.for_paper()
    assert turned is not None
    assert (turned.heads, len(turned.rows), turned.rows_printed, turned.last_row) == (["", "money", "all"], 12, 10, 11)
    assert turned.rows[11] == [Cell("s11", mark=11), "11", "9"]
    assert Table("few", heads[:4], [["money", "1", "2", "3"]], mood="roomy").for_paper() is None

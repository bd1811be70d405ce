"""The page in a browser: quiet, whole in both languages and at both widths, and its controls do what they say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page.conftest import Opened, made_of

from reliefsim.outputs.page import write_page

Open = Callable[..., Opened]
_LANGUAGES = {"en": "en-GB", "fr": "fr-FR"}
SHOWN = "div[data-lang]:not([hidden]) "


def picture(page: Any) -> str:
    """What is drawn in the chart of the year's course."""
    found: str = page.eval_on_selector(f"{SHOWN}.plot canvas", "canvas => canvas.toDataURL()")
    return found


def live(page: Any) -> str:
    found: str = page.inner_text(f"{SHOWN}.live")
    return found


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", _LANGUAGES)
def test_it_is_quiet_asks_for_nothing_and_fits(report: Path, opened: Open, language: str, width: int) -> None:
    one = opened(report, _LANGUAGES[language], width)
    assert one.page.evaluate("document.documentElement.lang") == language
    assert one.page.locator("h1:visible").count() == 1
    for details in one.page.locator("details").element_handles():
        details.evaluate("one => { one.open = true; }")
    assert one.page.evaluate("document.documentElement.scrollWidth") == width
    assert one.said == []
    assert one.asked == [report.as_uri()]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", _LANGUAGES)
def test_axe_finds_nothing(report: Path, opened: Open, language: str, width: int) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core comes with axe-playwright-python"
    )
    page = opened(report, _LANGUAGES[language], width).page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = axe.Axe().run(page).response
    assert [(one["id"], one["nodes"][0]["html"][:150]) for one in found["violations"]] == []


@pytest.mark.parametrize("language", _LANGUAGES)
def test_headings_go_down_step_by_step(report: Path, opened: Open, language: str) -> None:
    page = opened(report, _LANGUAGES[language]).page
    levels = page.eval_on_selector_all(f"{SHOWN}:is(h1,h2,h3,h4)", "all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_switch_changes_the_language_and_is_remembered_nowhere(report: Path, opened: Open) -> None:
    page = opened(report, "de-DE").page
    assert page.inner_text(f"{SHOWN}.kind") == "How far does the money reach?"
    page.click("button[data-to=fr]")
    assert "Jusqu’où va l’argent" in page.inner_text(f"{SHOWN}.kind")
    assert page.get_attribute("button[data-to=fr]", "aria-pressed") == "true"
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.wait_for_selector(f"{SHOWN}.plot canvas")
    assert live(page).startswith("Affiché")
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize(
    ("indicator", "control", "value"),
    [
        ("cases_waiting", "service", "nfi"),
        ("people_without_for_money", "service", "referral"),
        ("people_without_for_money", "group", "separated-child"),
        ("people_unreached", "service", "nfi"),
        ("people_in_need", "group", "separated-child"),
        ("cases_waiting", "location", "ML07"),
        ("spent_usd", "grant", "cerf"),
        ("refugees", "location", "niger"),
    ],
)
def test_each_list_changes_the_chart_and_what_is_said(
    report: Path, opened: Open, indicator: str, control: str, value: str
) -> None:
    page = opened(report).page
    before, said = picture(page), live(page)
    page.select_option(f"{SHOWN}[data-pick=indicator]", indicator)
    middle = picture(page)
    assert middle != before
    assert live(page) != said
    said = live(page)
    options = page.eval_on_selector_all(f"{SHOWN}[data-pick={control}] option", "all => all.map(one => one.value)")
    assert value in options
    if page.input_value(f"{SHOWN}[data-pick={control}]") == value:
        value = next(one for one in options if one != value)
    before = picture(page)
    page.select_option(f"{SHOWN}[data-pick={control}]", value)
    assert picture(page) != before
    assert live(page) != said


def test_a_pick_without_a_series_together_with_the_last_one_goes_back_to_all(report: Path, opened: Open) -> None:
    page = opened(report).page

    def picked() -> list[str]:
        return [page.input_value(f"{SHOWN}[data-pick={name}]") for name in ("service", "group", "location")]

    page.select_option(f"{SHOWN}[data-pick=service]", "nfi")
    page.select_option(f"{SHOWN}[data-pick=location]", "ML07")
    assert picked() == ["", "", "ML07"]
    page.select_option(f"{SHOWN}[data-pick=group]", "separated-child")
    assert picked() == ["", "separated-child", ""]
    page.select_option(f"{SHOWN}[data-pick=indicator]", "people_without_for_money")  # by class, of one service only
    service, group, location = picked()
    assert (bool(service), group, location) == (True, "separated-child", "")


def test_scenarios_are_picked_one_by_one(report: Path, opened: Open) -> None:
    page = opened(report).page
    before = picture(page)
    page.uncheck(f'{SHOWN}[data-arm="1"]')
    assert picture(page) != before
    assert "USAID stops work" not in live(page)
    page.locator(f"{SHOWN}.course summary").click()
    heads = page.locator(f"{SHOWN}.numbers thead th").all_inner_texts()
    assert not [one for one in heads if "USAID" in one]
    assert len(heads) == 1 + 2 * 2


def test_the_chart_s_table_holds_the_numbers_of_the_file(report: Path, study_folder: Path, opened: Open) -> None:
    from reliefsim.outputs.files import read_study

    page = opened(report).page
    page.locator(f"{SHOWN}.course summary").click()
    shown = page.locator(f"{SHOWN}.numbers tbody tr td:nth-child(2)").all_inner_texts()
    study = read_study(study_folder)
    months = study.monthly.along(study.arms[0], "people_reached", "period").values()
    assert [float(one.replace(",", "")) for one in shown] == [
        pytest.approx(one.mean, abs=0.51 if one.mean >= 100 else 0.051) for one in months
    ]


def test_the_search_shows_the_inputs_that_hold_the_words(report: Path, opened: Open) -> None:
    page = opened(report, "fr-FR").page
    page.fill(f"{SHOWN}input[type=search]", "caseload.household_size")
    assert re.fullmatch(r"\d+ valeurs affichées sur \d+", page.inner_text(f"{SHOWN}.found"))
    rows = page.locator(f"{SHOWN}table.inputs tbody tr:visible")
    assert rows.count() == 3
    assert all("household_size" in one for one in rows.all_inner_texts())


def test_all_controls_can_be_reached_and_seen_by_keyboard(report: Path, opened: Open) -> None:
    page = opened(report).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "en-main"
    page.focus(f"{SHOWN}[data-pick=indicator]")
    before = picture(page)
    page.keyboard.press("ArrowDown")
    assert picture(page) != before
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


@pytest.mark.parametrize("language", _LANGUAGES)
def test_it_prints_on_two_pages(report: Path, opened: Open, language: str) -> None:
    assert sheets(opened(report, _LANGUAGES[language]).page) == 2


def test_one_scenario_prints_on_two_pages_too(study_folder: Path, tmp_path: Path, opened: Open) -> None:
    from study.calling import call

    code, told = call(
        "gap", "baseline", "--quiet", "--no-figures", "--replications", "3", "--out", str(tmp_path / "one")
    )
    assert code == 0, told
    report = write_page(tmp_path / "one", made_of(tmp_path / "one"))
    for locale in _LANGUAGES.values():
        assert sheets(opened(report, locale).page) == 2


def sheets(page: Any) -> int:
    """How many sheets of A4 the page takes."""
    printed: bytes = page.pdf(prefer_css_page_size=True, print_background=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))

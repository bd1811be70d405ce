"""The page in a browser: quiet, whole in both languages and at both widths, and its controls do what they say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page.conftest import Opened

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


@pytest.mark.parametrize("width", [390, 640, 1280])  # 640: a window of 1280 at 200 %
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
    from reliefsim.results.study_folder import read_folder

    page = opened(report).page
    page.locator(f"{SHOWN}.course summary").click()
    shown = page.locator(f"{SHOWN}.numbers tbody tr td:nth-child(2)").all_inner_texts()
    study = read_folder(study_folder)
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


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("fr", 390), ("fr", 640)])
def test_a_table_wider_than_its_box_says_so_and_can_be_scrolled_by_keyboard(
    report: Path, opened: Open, language: str, width: int
) -> None:
    page = opened(report, _LANGUAGES[language], width).page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.wait_for_timeout(200)
    boxes = page.locator(f"{SHOWN}.scroll:visible")
    found = boxes.evaluate_all(
        """all => all.map(one => [one.scrollWidth > one.clientWidth + 1, one.previousElementSibling.innerText,
                                  one.previousElementSibling.checkVisibility(), one.tabIndex,
                                  one.getAttribute('aria-label') || ''])"""
    )
    assert True in {wide for wide, *_ in found}
    assert width == 390 or False in {wide for wide, *_ in found}
    for wide, words, seen, stop, name in found:
        assert seen == wide
        assert not wide or words == ("→ This table scrolls sideways" if language == "en" else "→ Ce tableau défile latéralement")
        assert (stop, bool(name)) == (0, True)
    first = boxes.nth([wide for wide, *_ in found].index(True))
    first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert first.evaluate("one => one.scrollLeft") > 0


def test_controls_are_large_enough_for_a_finger(report: Path, opened: Open) -> None:
    page = opened(report, "fr-FR", 390).page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    low = page.locator(f"button, {SHOWN}:is(select, input[type=search], summary, .contents a, label.check)").evaluate_all(
        "all => all.map(one => [one.textContent, one.getBoundingClientRect().height]).filter(one => one[1] && one[1] < 44)"
    )
    assert low == []
    sides = page.locator(f"{SHOWN}input[type=checkbox]").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert min(sides) >= 24

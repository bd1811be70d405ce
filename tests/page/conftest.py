"""One small study, its answers and its page for all tests of the page, and a browser to open it in."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from study.calling import call

from reliefsim.report.page import write_page

SMALL = ("--set", "caseload.people=900", "--quiet", "--no-figures", "--backend", "serial")
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PLACES = ("chromium", "chromium-browser", "google-chrome")


@dataclass
class Opened:
    """A page in a browser, what its console said and what it asked for."""

    page: Any
    said: list[str]
    asked: list[str]


def made_of(folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return made


@pytest.fixture(scope="session")
def study_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenarios with the fundraiser's tables."""
    folder = tmp_path_factory.mktemp("page") / "study"
    few = (*SMALL, "--point-values", "--replications", "6")
    code, told = call("gap", "baseline", "usaid-stop-work", "rapid-growth", *few, "--out", str(folder))
    assert code == 0, told
    return folder


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """An answer of `ask` and one of `next-dollar`."""
    folder = tmp_path_factory.mktemp("answers")
    asked = (
        "ask",
        "baseline",
        *SMALL,
        "--set",
        "caseload.registered_at_start_share=1",
        "--set",
        "grants.usaid.amount_usd=250000",
        "--target",
        "need_covered=0.8",
        "--certainty",
        "0.5",
        "--no-by-when",
    )
    for name, arguments in {"ask": asked, "next": ("next-dollar", "baseline", *SMALL)}.items():
        code, told = call(*arguments, "--point-values", "--replications", "8", "--out", str(folder / name))
        assert code == 0, told
    return [folder / "ask", folder / "next"]


@pytest.fixture(scope="session")
def report(study_folder: Path, answers: list[Path]) -> Path:
    return write_page(study_folder, made_of(study_folder), answers)


@pytest.fixture(scope="session")
def ten_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten of the shipped scenarios, as large as they are."""
    names = ("baseline", "additional-funding", "as-recorded", "conflict-shock", "late-cerf", "moderate-growth",
             "rapid-growth", "returns", "usaid-stop-work", "usaid-suspension")  # fmt: skip
    folder = tmp_path_factory.mktemp("ten") / "study"
    code, told = call("gap", *names, "--point-values", "--quiet", "--no-figures", "--replications", "4", "--out", str(folder))
    assert code == 0, told
    return write_page(folder, made_of(folder))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium as the system has it (``CHROMIUM`` names another one)."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the page is tested in a browser by Playwright")
    place = os.environ.get("CHROMIUM") or next((found for one in _PLACES if (found := shutil.which(one))), None)
    if place is None:
        pytest.skip("no Chromium is installed (Debian: apt install chromium)")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=place, args=list(_QUIET))
        yield running
        running.close()


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Open a file in a language and a width of the window, its details too."""
    contexts = []

    def open_(path: Path, locale: str = "en-GB", width: int = 1280, unfolded: bool = True) -> Opened:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 900})
        contexts.append(context)
        found = Opened(context.new_page(), [], [])
        found.page.on("console", lambda one: found.said.append(one.text))
        found.page.on("pageerror", lambda one: found.said.append(str(one)))
        found.page.on("request", lambda one: found.asked.append(one.url))
        found.page.goto(path.as_uri())
        found.page.wait_for_selector("div[data-lang]:not([hidden]) .plot canvas", state="attached")
        if unfolded:
            found.page.evaluate("document.querySelector('div[data-lang]:not([hidden]) .fold').open = true")
            found.page.wait_for_selector("div[data-lang]:not([hidden]) .plot canvas")
        return found

    yield open_
    for context in contexts:
        context.close()

"""Operations stand apart, and each scenario has its own period and its own colour."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from page.conftest import Opened, made_of
from page.test_report import words
from study.calling import call

from reliefsim.report.page import write_page
from reliefsim.report.text.tongue import Tongue
from reliefsim.report.views.content import Content
from reliefsim.report.views.operations import operations, own_period
from reliefsim.results.study_folder import read_folder

Open = Callable[..., Opened]
NAMES = ("invented-flood", "baseline", "moderate-growth", "rapid-growth", "usaid-stop-work", "conflict-shock", "returns")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six scenarios of Mali, one of them twice as long, and an invented operation that was named first."""
    folder = tmp_path_factory.mktemp("mixed") / "study"
    few = ("--quiet", "--no-figures", "--backend", "serial", "--replications", "4", "--point-values")
    code, told = call("run", *NAMES, "--reference", "baseline", *few, "--out", str(folder))
    assert code == 0, told
    return write_page(folder, made_of(folder))


def test_operations_are_cut_apart_and_the_reference_is_first(mixed: Path) -> None:
    first, other = operations(read_folder(mixed.parent, made_of(mixed.parent)))
    assert [arm.scenario for arm in first.arms] == list(NAMES[1:])
    assert [arm.scenario for arm in other.arms] == [NAMES[0]]
    assert other.differences.arms == ()
    assert Content(first).subject(Tongue("en")) == "Mali 2012"
    assert [Tongue("en").told(own_period(first, arm)) for arm in first.arms] == [*[""] * 5, "1 Jul 2012 to 30 Jun 2014"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_another_operation_is_in_a_section_of_its_own(mixed: Path, language: str) -> None:
    text = mixed.read_text(encoding="utf-8")
    main, own = text[text.index(f'id="{language}-main"') :].split(f'<h2 id="{language}-operations">')
    flood = Tongue(language).say("Invented: flood on the river Ness-Ara")
    assert flood not in main
    assert flood in own
    assert flood not in text[text.index('id="series"') :]
    period = "1 Jul 2012 to 30 Jun 2014" if language == "en" else "1er juil. 2012 à 30 juin 2014"
    assert words(mixed, language).count(period) >= 3


def test_more_than_four_scenarios_are_small_charts_of_one_scale(mixed: Path, opened: Open) -> None:
    page = opened(mixed).page
    shown = "div[data-lang]:not([hidden]) "
    assert page.locator(f"{shown}.plot canvas").count() == 1
    for box in page.locator(f"{shown}[data-arm]").all():
        box.check()
    assert page.locator(f"{shown}.plot.multiples canvas").count() == 6
    heads = page.locator(f"{shown}.plot h3").all_inner_texts()
    assert heads[0] == "Stable displacement"
    assert re.search("go home", " ".join(heads))

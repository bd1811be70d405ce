"""A plan is shown with a study of the same scenario, on page and in workbook, in both languages, and refused with another."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from study.calling import call

from .test_known_plans import SHARED


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, a plan for its scenario, and a study of the same scenario with more money."""
    place = tmp_path_factory.mktemp("shown")
    path = place / "shared.toml"
    path.write_text(SHARED)
    for name, money in (("study", "2000"), ("richer", "2500")):
        made = ("run", str(path), "--replications", "2", "--set", f"grants.donor.amount_usd={money}", "--quiet")
        assert call(*made, "--out", str(place / name)) == (0, "")
    search = ("--maximise", "cases_served", "--effort", "500", "--replications", "10", "--confirm", "20", "--no-figures")
    made = ("plan", str(path), *search, "--quiet", "--set", "grants.donor.amount_usd=2000", "--out", str(place / "plan"))
    assert call(*made) == (0, "")
    return place


def test_a_plan_stands_on_the_page_and_in_the_workbook_in_both_languages(folders: Path) -> None:
    code, told = call("report", str(folders / "study"), str(folders / "plan"))
    assert code == 0, told
    page = (folders / "study" / "report.html").read_text(encoding="utf-8")
    assert "A better plan for the same money" in page
    assert "Un meilleur plan pour le même argent" in page
    assert page.count("150 instead of 110") == page.count("150 au lieu de 110") > 0
    book = openpyxl.load_workbook(folders / "study" / "workbook.xlsx")
    for sheet, words in (("Plan", "150 instead of 110"), ("Plan proposé", "150 au lieu de 110")):
        assert any(words in str(cell.value) for row in book[sheet].iter_rows() for cell in row)
    code, told = call("verify", str(folders / "study"))
    assert code == 0, told


def test_a_plan_for_other_inputs_is_refused_and_nothing_is_written(folders: Path) -> None:
    before = (folders / "richer" / "report.html").read_bytes()
    code, told = call("report", str(folders / "richer"), str(folders / "plan"))
    assert code == 2
    assert "with other inputs" in told
    assert (folders / "richer" / "report.html").read_bytes() == before

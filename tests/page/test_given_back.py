"""What goes back to donors because of a scenario is its finding, with the grants that return it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from page.conftest import made_of

from reliefsim.report.text.tongue import Tongue
from reliefsim.report.views.content import Content
from reliefsim.report.views.given_back import returns
from reliefsim.results.estimate_rows import ArmName, Difference, Differences, Estimate, Estimates
from reliefsim.results.study_folder import read_folder


def told(folder: Path, real: str, lapsed: dict[str, float]) -> list[str]:
    """Of a study whose second scenario returns so much of each grant, and whose first one little of its two."""
    study = read_folder(folder, made_of(folder))
    first, second = study.arms[:2]
    new = {grant: Estimate(usd, usd, usd) for grant, usd in lapsed.items()}
    old = {"cerf": Estimate(5000.0, 5000.0, 5000.0), "usaid": Estimate(6513.0, 6513.0, 6513.0)}
    rows = {
        (arm, "lapsed_usd"): {("", "", "", "", grant, ""): one for grant, one in found.items()}
        for arm, found in ((first, old), (second, new))
    }
    more = sum(lapsed.values()) - 11513
    apart = Differences(first, {(second, "lapsed_usd"): Difference(Estimate(more, more, more), real, 0.0)})
    both = Estimates({**study.indicators.rows, **rows})
    return [Tongue("en").told(one).replace("\u00a0", " ") for one in returns(
        replace(study, indicators=both, differences=apart), lambda arm: arm.scenario
    )]  # fmt: skip


def test_a_pledge_that_takes_a_grant_s_place_is_told_with_what_the_grant_returns_instead(study_folder: Path) -> None:
    lapsed = {"cerf": 5100.0, "usaid": 149835.0, "pledge": 322121.0}
    (one,) = told(study_folder, "yes", lapsed)
    assert "USD 466,000 more goes back to donors than in baseline" in one
    assert "USAID returns USD 150,000 instead of USD 7,000" in one
    assert "pledge, which is new here, returns USD 322,000" in one
    assert "CERF" not in one


def test_nothing_is_told_of_what_is_not_shown_or_small(study_folder: Path) -> None:
    assert told(study_folder, "no", {"cerf": 5000.0, "usaid": 149835.0}) == []
    assert told(study_folder, "yes", {"cerf": 5000.0, "usaid": 9000.0}) == []


def test_the_study_s_own_finding_stands_on_the_page(study_folder: Path, report: Path) -> None:
    content = Content(read_folder(study_folder, made_of(study_folder)))
    found = [Tongue("fr").told(one) for one in returns(content.study, content.name)]
    assert found
    assert content.study.arms[1] == ArmName("usaid-stop-work", "fixed-shares")
    assert all(one in report.read_text(encoding="utf-8") for one in found)

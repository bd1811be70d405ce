"""Beneath the means of one table stands one kind of spread, and the table's note says which."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from page.conftest import made_of
from page.test_report import rows

from reliefsim.report.page import write_page
from reliefsim.report.text.tongue import Tongue

_NOTE = {"en": "Beneath each mean: its interval", "fr": "Sous chaque moyenne : son intervalle"}
_BAND = {"en": "Beneath each mean: what eight of ten runs", "fr": "Sous chaque moyenne : les bornes de huit tirages"}
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " "})
TABLES = {
    "by reason": {"en": "The gap by the reason for it", "fr": "Le déficit de financement selon sa cause"},
    "by class": {
        "en": "Who is left out, by class: USAID stops",
        "fr": "Qui reste sans aide, par catégorie\u00a0: L’USAID ordonne",
    },
}
_NOT_SHOWN = ("gap_money_usd", "people_directly_served", "people_reached_by_service_sum")  # the first is shown in its parts
BEFORE, AFTER = "<caption><span>", '<p class="note">'


def table(text: str, language: str, caption: str) -> tuple[list[tuple[str, str]], str]:
    """The numbers of the first table of that caption, each with what stands beneath it, and the table's note."""
    body = text.split(f'<div lang="{language}" data-lang')[1].split(f"{BEFORE}{caption}")[1]
    inside, _, after = body.partition("</table>")
    cells = re.findall(r"<td[^>]*>(.*?)(?:<small>(.*?)</small>)?</td>", inside)
    note = after.split(AFTER)[1].split("</p>")[0] if AFTER in after[:80] else ""
    return [tuple(part.translate(_PLAIN).strip() for part in one) for one in cells], note.translate(_PLAIN)


@pytest.mark.parametrize("ranged", [False, True])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_table_has_one_kind_of_spread_and_says_which(
    study_folder: Path, tmp_path: Path, language: str, ranged: bool
) -> None:
    """Parts of money come from another file than the other reasons, people without money from another than the rest."""
    for path in study_folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    text = write_page(tmp_path, {**made_of(study_folder), "uncertain": ranged}).read_text(encoding="utf-8")
    tongue, ends = Tongue(language), ("p10", "p90") if ranged else ("ci_low", "ci_high")
    shown = {
        "by reason": of_files(study_folder, "usaid-stop-work", "gap_", ""),
        "by class": of_files(study_folder, "usaid-stop-work", "people_", "other"),
    }
    for name, found in shown.items():
        cells, note = table(text, language, TABLES[name][language])
        assert note.startswith((_BAND if ranged else _NOTE)[language]), name
        some = 0
        for row in found:
            mean, low, high = (tongue.value(float(row[one]), "amount").translate(_PLAIN) for one in ("mean", *ends))
            if float(row["mean"]) >= 0.5 and row["indicator"] not in _NOT_SHOWN:
                assert (mean, "" if low == high else tongue.say("{low} to {high}", low=low, high=high)) in cells, row
                some += 1
        assert some >= 3


def of_files(folder: Path, scenario: str, begins: str, group: str) -> list[dict[str, str]]:
    """The rows of both files, of a scenario, of the whole caseload or of a class."""
    aspects = ("service", "origin", "location", "grant", "period")
    both = [*rows(folder / "indicators.csv"), *rows(folder / "gap.csv")]
    return [
        row
        for row in both
        if (row["scenario"], row["group"]) == (scenario, group)
        and row["indicator"].startswith(begins)
        and not any(row[one] for one in aspects)
    ]

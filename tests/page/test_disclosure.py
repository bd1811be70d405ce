"""Few people of a class or place are not told where tables leave the house: not even by what is left of a whole."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from study.calling import call, judged

from reliefsim.results.disclosure import hidden


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ([0, 9, 30], [False, False, False]),
        ([2, 9, 30], [True, True, False]),  # else 41 less 39 would tell the first
        ([2, 3, 30], [True, True, False]),
        ([4.4, 4.6, 0], [True, True, False]),  # 4.6 is 5, and the least that may be told
        ([3], [True]),
    ],
)
def test_a_small_part_is_hidden_and_so_is_the_next_one_where_it_would_be_told_by_the_rest(
    counts: list[float], wanted: list[bool]
) -> None:
    assert hidden(counts) == wanted


def test_page_and_hapi_tell_no_small_count_and_the_own_tables_all(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    few = ("--set", "caseload.people=120", "--replications", "4", "--point-values", "--no-figures", "--quiet")
    code, told = call("run", "baseline", *few, "--out", str(folder))
    assert code == 0, told
    assert call("report", str(folder))[0] == 0
    assert judged(folder)[0] == 0
    small, whole = 0, list(csv.DictReader((folder / "indicators.csv").open(encoding="utf-8")))
    for row in csv.DictReader((folder / "hapi.csv").open(encoding="utf-8")):
        if row["population"] == "<5":
            small += 1
            assert not any(row[name] for name in ("mean", "ci_low", "ci_high", "p10", "p50", "p90"))
        else:
            assert not 0 < int(row["population"]) < 5
    assert small > 3
    assert any(0 < float(row["mean"] or 0) < 4.5 and row["location"] for row in whole)
    text = (folder / "report.html").read_text(encoding="utf-8")
    part = text[text.index('id="en-left"') : text.index("</table>", text.index('id="en-left"'))]
    cells = re.findall(r'<td class="">\s*(&lt;5|[\d,]+)', part)
    assert "&lt;5" in cells
    assert not [one for one in cells if one.isdecimal() and 0 < int(one) < 5]
    regions = re.findall(r'data-row="([^"]*)"', text)
    assert not [one for row in regions for one in row.split("|")[1:3] if one.isdecimal() and 0 < int(one) < 5]


def test_the_threshold_is_as_it_is_typed_and_the_page_made_with_another_is_still_whole(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    few = ("--set", "caseload.people=120", "--replications", "3", "--point-values", "--no-figures", "--quiet")
    assert call("run", "baseline", *few, "--disclosure", "11", "--out", str(folder))[0] == 0
    assert "<11" in (folder / "hapi.csv").read_text(encoding="utf-8")
    assert call("report", str(folder))[0] == 0
    assert "&lt;11" in (folder / "report.html").read_text(encoding="utf-8")
    assert call("report", str(folder), "--disclosure", "1")[0] == 0
    assert "&lt;11" not in (folder / "report.html").read_text(encoding="utf-8")
    assert judged(folder)[0] == 0
    assert call("report", str(folder), "--disclosure", "0")[0] == 2

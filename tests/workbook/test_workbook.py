"""The workbook: its sheets, what stays text, the same bytes each time, and whole or not at all."""

from __future__ import annotations

import datetime
import itertools
import json
import math
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils import range_boundaries

from reliefsim.report.text.tongue import Tongue
from reliefsim.report.views.content import Content
from reliefsim.report.views.first_view import first
from reliefsim.report.workbook.sheet_brief import BRIEFS
from reliefsim.report.workbook.sheet_cells import NUMBERS, apart
from reliefsim.results.study_folder import read_folder
from workbook.conftest import made, study
from workbook.reading import Book, table

SHEETS = [
    "Brief", "En bref", "Read me", "Summary", "Allocation", "Scenarios", "Coverage", "Spending", "Gap and ask", "Budget",
    "Inputs", "Definitions",
]  # fmt: skip
MOST_PAGES = 12
AGAIN = (
    "import json, pathlib, sys\n"
    "from reliefsim.report.workbook import write_workbook\n"
    "folder = pathlib.Path(sys.argv[1])\n"
    "write_workbook(folder, json.loads((folder / 'run.json').read_text(encoding='utf-8')))\n"
)


@pytest.mark.parametrize("kind", ["gap", "run", "one", "mixed", "planted"])
def test_every_sheet_is_there_frozen_and_filtered_where_it_is_a_table(kind: str, folders: dict[str, Path]) -> None:
    book = Book(folders[kind] / "workbook.xlsx").values
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes, sheet.title
        assert sheet.print_title_rows, sheet.title
        page = sheet.page_setup
        assert (page.orientation, page.fitToWidth or 1, page.fitToHeight or 1) == ("landscape", 1, 1), sheet.title
        assert sheet.print_area, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.title
        only_words = sheet.title == "Budget" and kind in ("run", "one")
        assert bool(sheet.auto_filter.ref) != only_words, sheet.title
        words = [one for row in sheet.iter_rows(values_only=True) for one in row if isinstance(one, str)]
        assert not {"nan", "inf", "-inf", "None"} & {word.lower() for word in words}, sheet.title


def test_a_brief_in_both_languages_leads_with_what_terminal_and_page_say_first(folders: dict[str, Path]) -> None:
    for kind in ("one", "gap"):
        found, book = read_folder(folders[kind]), Book(folders[kind] / "workbook.xlsx").values
        for language, name in BRIEFS.items():
            said = [str(row[0]) for row in book[name].iter_rows(values_only=True) if row[0]]
            wanted = [Tongue(language).told(one) for one in first(found, Content(found).name) if one]
            assert " ".join(said[1:]).startswith(" ".join(wanted))
            assert ("personnes" in wanted[0]) == (language == "fr")


def test_each_sheet_prints_on_one_page_at_half_size_or_larger_with_its_charts_whole(folders: dict[str, Path]) -> None:
    for kind, folder in folders.items():
        book = Book(folder / "workbook.xlsx").formulas
        assert len(book.sheetnames) <= MOST_PAGES
        for sheet in book:
            left, top, right, bottom = range_boundaries(sheet.print_area.split("!")[-1])
            wide = sum(width_of(sheet, place) for place in range(left, right + 1))
            high = sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(top, bottom + 1))
            assert wide <= 2090, (kind, sheet.title)
            assert high <= 1376, (kind, sheet.title)
            for chart in sheet._charts:
                begins, ends = chart.anchor._from.row + 1, chart.anchor.to.row + 1
                assert ends <= bottom or begins > bottom, (kind, sheet.title)
                assert chart.anchor.to.col + 1 <= right, (kind, sheet.title)


def width_of(sheet: Any, place: int) -> int:
    """Pixels of a column, from 1."""
    for one in sheet.column_dimensions.values():
        if one.min <= place <= one.max:
            return int(one.width * 7) + 5
    return 64


def test_the_workbook_tells_no_count_of_few_people_of_a_class_or_place(tmp_path: Path) -> None:
    few = ("--set", "caseload.people=120", "--replications", "4", "--point-values", "--no-figures", "--quiet")
    made(study(tmp_path / "few", "run", "baseline", *few))
    rows = Book(tmp_path / "few" / "workbook.xlsx").rows("Coverage", "People in need")
    told = [row[one] for row in rows if row["By"] != "Service" for one in ("People in need", "People reached")]
    assert "<5" in told
    assert [one for one in told if isinstance(one, float) and 0.5 <= one < 4.5] == []


def test_charts_have_titles_and_show_every_row(gap_folder: Path) -> None:
    book = Book(gap_folder / "workbook.xlsx").formulas
    titles = {
        "".join(run.t for part in chart.title.tx.rich.p for run in part.r or ()): (sheet.title, chart)
        for sheet in book
        for chart in sheet._charts
    }
    assert {"Spending by grant", "Spending by service", "Need covered by service", "The gap by part"} <= set(titles)
    name, chart = titles["Need covered by service"]
    services = {row["service"] for row in table(gap_folder / "indicators.csv") if row["indicator"] == "need_covered"}
    assert len(chart.series) == 2  # scenarios
    assert name == "Coverage"
    first, last = (int(part.split("$")[-1]) for part in chart.series[0].val.numRef.f.split(":"))
    assert last - first + 1 == len(services - {""})


def test_what_begins_like_a_formula_stays_text(folders: dict[str, Path]) -> None:
    book = Book(folders["planted"] / "workbook.xlsx")
    planted = {"=1+1", "@SUM(1)", "+1", "-1+1", "=2+2", '=HYPERLINK("http://example.org")'}
    seen = set()
    for sheet in book.formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in planted:
                    assert cell.data_type == "s", (sheet.title, cell.coordinate)
                    assert cell.number_format == "@", (sheet.title, cell.coordinate)
                    seen.add(cell.value)
                assert not (cell.hyperlink and cell.hyperlink.target), (sheet.title, cell.coordinate)
    assert seen == planted


def test_dates_are_dates_and_money_is_shown_with_thousands(gap_folder: Path) -> None:
    book = Book(gap_folder / "workbook.xlsx")
    first = book.rows("Allocation", "Envelope")[0]
    assert isinstance(first["Date"], datetime.datetime)
    cells = [cell for row in book.values["Budget"].iter_rows() for cell in row if isinstance(cell.value, float)]
    assert {cell.number_format for cell in cells} <= {"#,##0.00", "0.0%", "#,##0.0"}


def test_a_difference_that_is_not_nought_does_not_look_like_it() -> None:
    found = [(0.3, "people"), (0.5, "people"), (-0.04, "days"), (0.0, "people"), (0.004, "usd"), (4e-4, "percent"),
             (0.05, "percent"), (math.nan, "usd")]  # fmt: skip
    assert [apart(*one) for one in found] == ["fine", "fine", "fine", "people", "fine", "fine percent", "percent", "usd"]
    assert {"fine", "fine percent"} <= set(NUMBERS)


def test_a_study_of_run_says_what_counts_the_gap(folders: dict[str, Path]) -> None:
    book = Book(folders["run"] / "workbook.xlsx").values
    for name in ("Gap and ask", "Budget"):
        words = " ".join(str(one) for row in book[name].iter_rows(values_only=True) for one in row if one)
        assert "reliefsim gap baseline" in words


def test_the_command_that_is_named_is_that_of_the_study(folders: dict[str, Path], tmp_path: Path) -> None:
    for path in folders["run"].iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    call = ["reliefsim", "run", "baseline", "--precision", "gap_usd=1", "--seed", "7", "--out=x", "--set", "a.b=c d"]
    path = tmp_path / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"command": call}), encoding="utf-8")
    words = [one for row in Book(made(tmp_path)).values["Budget"].iter_rows(values_only=True) for one in row if one]
    assert "gap does" in " ".join(str(one) for one in words)
    assert words[-1] == "reliefsim gap baseline --seed 7 --set 'a.b=c d'"  # whole: to be pasted


def test_answers_of_ask_and_next_dollar_are_added(gap_folder: Path) -> None:
    book = Book(gap_folder / "workbook.xlsx")
    ask = next(row for row in table(gap_folder.parent / "ask" / "ask.csv") if row["part"] == "ask")
    assert book.rows("Gap and ask", "Needed more")[0]["Needed more"] == float(ask["additional_usd"] or 0)
    lines = book.rows("Gap and ask", "Saturated")
    assert len(lines) == len(table(gap_folder.parent / "next" / "next_dollar.csv"))


def test_who_goes_without_stands_as_in_the_ask(gap_folder: Path) -> None:
    lines = list(Book(gap_folder / "workbook.xlsx").values["Gap and ask"].iter_rows(values_only=True))
    heads = [number for number, row in enumerate(lines) if "Any in" in row]
    shown = [row for start in heads for row in itertools.takewhile(any, lines[start + 1 :])]
    stated = [row for row in table(gap_folder.parent / "ask" / "ask.csv") if row["part"] in ("without", "binds")]
    assert {row["part"] for row in stated} == {"without", "binds"}
    assert len(shown) == len(stated) > 20
    for line, row in zip(shown, stated, strict=True):
        first = dict(zip(lines[heads[0]], line, strict=True))
        assert first["Name in the files"] == row["indicator"]
        assert first["Number"] != row["indicator"]
        assert (first["Service"] == "all") == (row["service"] == "")
        if row["indicator"].startswith("break_"):
            assert str(first["Median"])[:10] == (row["date_p50"] or "None"), row
        else:
            assert first["Median"] == (pytest.approx(float(row["p50"])) if row["p50"] else None), row


def test_every_number_of_the_files_is_defined_with_its_unit(gap_folder: Path) -> None:
    defined = {}
    for row in Book(gap_folder / "workbook.xlsx").rows("Definitions", "Definition"):
        defined.setdefault((row["File"], row["Number"].split()[0]), row["Unit"])
    reasons = ("not_found", "prerequisite", "access", "money", "goods", "team", "turned_away")
    for file in ("indicators", "gap", "runout", "attribution", "budget", "pipeline"):
        for row in table(gap_folder / f"{file}.csv"):
            name = row["indicator"]
            if (f"{file}.csv", name) not in defined:
                for reason in reasons:
                    name = name.replace(f"_{reason}", "_REASON")
            assert defined[f"{file}.csv", name] == row["unit"], (file, name)


def test_two_processes_write_the_same_bytes(folders: dict[str, Path]) -> None:
    folder = folders["mixed"]
    before = (folder / "workbook.xlsx").read_bytes()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        (folder / "workbook.xlsx").unlink()
        around = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        subprocess.run([sys.executable, "-c", AGAIN, str(folder)], check=True, env=around)
        assert (folder / "workbook.xlsx").read_bytes() == before
    with zipfile.ZipFile(folder / "workbook.xlsx") as parts:
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_it_is_written_whole_or_not_at_all(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = folders["one"]
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(ValueError, match=r"holds no ask\.csv"):
        made(folder, tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert not list(folder.glob(".new-*"))

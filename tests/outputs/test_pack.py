"""A study of run or gap ends with a page and a workbook, which its folder gives again at any time, to the byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .conftest import reliefsim

SMALL = ("--set", "caseload.people=300", "--replications", "6", "--seed", "3", "--backend", "serial", "--quiet")
PACK = ("report.html", "workbook.xlsx")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    assert reliefsim("gap", "baseline", *SMALL, "--out", "study", folder=folder).returncode == 0
    assert reliefsim("ask", "baseline", "--target", "need_covered=0.5", "--certainty", "0.5", "--no-by-when", "--no-figures",
                     *SMALL, "--replications", "20", "--out", "ask", folder=folder).returncode == 0  # fmt: skip
    return folder / "study"


@pytest.fixture
def copy(study: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(study, tmp_path / "moved" / "elsewhere"))


def test_report_makes_the_same_bytes_again_wherever_the_folder_lies(study: Path, copy: Path) -> None:
    for name in PACK:
        (copy / name).unlink()
    shutil.rmtree(copy / "kept")
    made = reliefsim("report", str(copy), folder=copy.parent)
    assert (made.returncode, made.stderr) == (0, "")
    assert sorted(Path(line).name for line in made.stdout.split()) == sorted(PACK)
    for name in PACK:
        assert (copy / name).read_bytes() == (study / name).read_bytes()


def test_what_a_page_or_a_workbook_says_otherwise_than_the_tables_is_found(copy: Path) -> None:
    page = (copy / "report.html").read_text(encoding="utf-8")
    (copy / "report.html").write_text(page.replace("USD", "EUR", 1), encoding="utf-8")
    found = reliefsim("verify", str(copy), "--sample", "1", folder=copy.parent)
    assert found.returncode == 1
    assert "report.html: other than the folder's tables give" in found.stderr
    assert "workbook.xlsx" not in found.stderr
    assert reliefsim("report", str(copy), folder=copy.parent).returncode == 0
    assert reliefsim("verify", str(copy), "--sample", "1", folder=copy.parent).returncode == 0


def test_answers_of_other_folders_are_shown_and_said_to_be_unchecked(study: Path, copy: Path) -> None:
    assert reliefsim("report", str(copy), str(study.parent / "ask"), folder=copy.parent).returncode == 0
    assert (copy / "report.html").read_bytes() != (study / "report.html").read_bytes()
    found = reliefsim("verify", str(copy), "--sample", "1", folder=copy.parent)
    assert found.returncode == 0
    assert "made with answers of other folders, not checked" in found.stdout


def test_folders_of_no_use_are_all_named_and_nothing_is_written(study: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = reliefsim("report", "empty", "nowhere", str(study), folder=tmp_path)
    assert found.returncode == 2
    assert found.stderr.splitlines() == [
        "FOLDER: empty holds no finished study",
        "FOLDER: nowhere holds no answer of ask or next-dollar",
        f"FOLDER: {study} holds no answer of ask or next-dollar",
    ]
    found = reliefsim("report", str(study.parent / "ask"), folder=tmp_path)
    assert found.returncode == 2
    assert "holds an answer of ask or next-dollar. Name a folder of run or gap first" in found.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "empty"]


def test_a_page_that_would_be_too_large_is_noted_and_the_rest_is_written(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reliefsim.outputs.pack import write_pack
    from reliefsim.outputs.page import writing

    monkeypatch.setattr(writing, "MOST_BYTES", 10_000)
    made = write_pack(copy)
    assert [path.name for path in made.paths] == ["workbook.xlsx"]
    assert made.notes[0].startswith("report.html: not written. The page would have ")
    assert not (copy / "report.html").exists()


def test_no_figures_means_tables_alone(tmp_path: Path) -> None:
    assert reliefsim("run", "baseline", *SMALL, "--no-figures", "--out", "bare", folder=tmp_path).returncode == 0
    assert not {path.name for path in (tmp_path / "bare").iterdir()} & set(PACK)

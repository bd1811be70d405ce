"""A study of run or gap ends with a page and a workbook, which its folder gives again at any time, to the byte."""

from __future__ import annotations

import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from .conftest import reliefsim, reseal

SMALL = ("--set", "caseload.people=300", "--replications", "6", "--seed", "3", "--backend", "serial", "--quiet")
PACK = ("report.html", "workbook.xlsx")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    assert reliefsim("gap", "baseline", *SMALL, "--point-values", "--out", "study", folder=folder).returncode == 0
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


def test_a_page_with_answers_is_held_against_their_folders_or_all_that_its_own_tells(study: Path, copy: Path) -> None:
    ask = Path(shutil.copytree(study.parent / "ask", copy.parent / "ask"))
    assert reliefsim("report", str(copy), str(ask), folder=copy.parent).returncode == 0
    page = (copy / "report.html").read_text(encoding="utf-8")
    assert page.encode() != (study / "report.html").read_bytes()
    ours = page.replace("people in need", "people in greed", 1)
    theirs = page.replace('class="asked-in-short', 'class="asked-in-long')
    found = judged(copy, page)
    assert (found.returncode, found.stderr, "not checked" in found.stdout) == (0, "", False)
    for text in (ours, theirs):
        found = judged(copy, text)
        assert (found.returncode, "report.html: other than the folder's tables give" in found.stderr) == (1, True)
    shutil.rmtree(ask)
    for text, code in ((page, 0), (ours, 1), (theirs, 0)):
        found = judged(copy, text)
        assert found.returncode == code
        assert "report.html, workbook.xlsx: made with answers of other folders (ask), which are not checked" in found.stdout


def judged(folder: Path, page: str) -> CompletedProcess[str]:
    (folder / "report.html").write_text(page, encoding="utf-8")
    return reliefsim("verify", str(folder), "--sample", "1", folder=folder.parent)


def test_folders_of_no_use_are_all_named_and_nothing_is_written(study: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = reliefsim("report", "empty", "nowhere", str(study), folder=tmp_path)
    assert found.returncode == 2
    assert found.stderr.splitlines() == [
        "FOLDER: empty holds no finished study",
        "ANSWER: nowhere holds no answer of ask, next-dollar or plan",
        f"ANSWER: {study} holds no answer of ask, next-dollar or plan",
    ]
    found = reliefsim("report", str(study.parent / "ask"), folder=tmp_path)
    assert found.returncode == 2
    assert "holds an answer of ask, next-dollar or plan. Name a folder of run or gap first" in found.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "empty"]


def answer_with(ask: Path, folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of an answer in which one of its files says something else."""
    shutil.copytree(ask, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    reseal(folder)
    return folder


def test_answers_about_something_else_than_the_study_are_all_refused(study: Path, copy: Path, tmp_path: Path) -> None:
    ask, before = study.parent / "ask", {path: path.read_bytes() for path in copy.iterdir() if path.is_file()}
    scenario = "scenario-baseline.toml"
    richer = answer_with(ask, tmp_path / "richer", scenario, "amount_usd = { value = 774000", "amount_usd = { value = 9")
    emptier = answer_with(ask, tmp_path / "emptier", scenario, "horizon_days", "warmup_days = 30\nhorizon_days")
    other = answer_with(ask, tmp_path / "other", "run.json", '"scenario": "baseline"', '"scenario": "returns"')
    ruled = answer_with(ask, tmp_path / "ruled", "run.json", '"rule": "fixed-shares"', '"rule": "equal"')
    noted = answer_with(ask, tmp_path / "noted", scenario, 'note = "', 'note = "As is known, ')
    seeded = answer_with(ask, tmp_path / "seeded", "run.json", '"seed": 3', '"seed": 4')
    unread = answer_with(ask, tmp_path / "unread", scenario, "[", "[[")
    named = [str(one) for one in (richer, emptier, other, ruled, noted, seeded, unread)]
    found = reliefsim("report", str(copy), *named, folder=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    told = found.stderr.splitlines()
    assert told[0].startswith(f"ANSWER: {richer} is about baseline with other inputs than in {copy}: ")
    assert "grants.usaid.amount_usd is 9 there, 774000 here. Ask again with the inputs of " in told[0]
    assert "warmup_days is 30 there, not stated here. Ask again" in told[1]
    assert told[2] == f"ANSWER: {other} is about returns, which is not in {copy}. Name an answer about baseline"
    assert told[3].startswith(f"ANSWER: {ruled} is about baseline under the rule equal. In {copy} it is under fixed-shares")
    assert told[4].startswith(f"ANSWER: {unread / scenario} cannot be read: ")
    assert len(told) == 5
    assert {path: path.read_bytes() for path in copy.iterdir() if path.is_file()} == before
    assert reliefsim("report", str(copy), str(noted), str(seeded), folder=tmp_path).returncode == 0


def test_a_page_that_would_be_too_large_is_noted_and_the_rest_is_written(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reliefsim.report.pack import write_again
    from reliefsim.report.page import page_writing as writing

    monkeypatch.setattr(writing, "MOST_BYTES", 10_000)
    made = write_again(copy)
    assert [path.name for path in made.paths] == ["workbook.xlsx"]
    assert made.notes[0].startswith("report.html: not written. The page would have ")
    assert not (copy / "report.html").exists()


def test_no_figures_means_tables_alone(tmp_path: Path) -> None:
    few = (*SMALL, "--point-values", "--no-figures")
    assert reliefsim("run", "baseline", *few, "--out", "bare", folder=tmp_path).returncode == 0
    assert not {path.name for path in (tmp_path / "bare").iterdir()} & set(PACK)

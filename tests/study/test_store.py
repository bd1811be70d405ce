"""A folder of files is there whole or not at all; its numbers are exact and its texts are harmless."""

from __future__ import annotations

import errno
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliefsim.store import (
    FolderError,
    as_meant,
    check_free,
    inert,
    made_folder,
    new_file,
    new_files,
    number,
    read_table,
    write_table,
)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself_or_without_the_noise_of_rounding(value: float) -> None:
    """Twelve digits where no more than 1e-14 of it is lost; written again, the same text."""
    again = float(number(value))
    assert math.isclose(again, value, rel_tol=1e-14, abs_tol=0)
    assert again == value or len(number(abs(value)).split("e")[0].replace(".", "").strip("0")) <= 12
    assert number(again) == number(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"), (-0.0, "0"), (0.1, "0.1"), (-2.5, "-2.5"), (2982.6349999999998, "2982.635"), (0.1 + 0.2, "0.3"),
        (1 / 3, "0.3333333333333333"), (math.nan, ""),
    ],
)  # fmt: skip
def test_numbers_are_written_short(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1", "-x", "@SUM(A1)", "\t=1", "\n=1"])
def test_text_that_looks_like_a_formula_is_inert_in_a_table(text: str, tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ["name", "mean"], [[text, -1.5]])
    assert inert(text) == f"'{text}"
    assert (tmp_path / "a.csv").read_bytes().split(b"\n", 1)[1].lstrip(b'"').startswith(b"'")
    assert read_table(tmp_path / "a.csv") == [{"name": text, "mean": "-1.5"}]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=20))
def test_any_text_reads_back_as_it_was(text: str) -> None:
    assert as_meant(inert(text)) == text or text.startswith("'")


def test_a_carriage_return_does_not_break_a_row(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ["name", "mean"], [["a\rb", 1.0]])
    assert read_table(tmp_path / "a.csv") == [{"name": "a\nb", "mean": "1"}]


def test_a_table_follows_the_rules_of_csv(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", ["a", "b"], [['say "hi", twice\nor so', 1.0]])
    assert (tmp_path / "a.csv").read_bytes() == b'a,b\n"say ""hi"", twice\nor so",1\n'


@pytest.mark.parametrize("text", ["a,b\n1\n", "a,b\n1,2,3\n", 'a,b\n"1,2', "a,b\n1\r,2\n", "a,b\n\n"])
def test_a_table_that_is_none_any_more_cannot_be_read(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text, newline="")
    with pytest.raises(ValueError, match="cannot be read"):
        read_table(tmp_path / "a.csv")


def test_new_files_take_their_places_at_the_end_and_the_one_that_says_finished_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("old")
    moved: list[str] = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda path, to: (moved.append(path.name), replace(path, to))[1])
    with new_files(tmp_path) as hidden:
        for name in ("run.json", "a.csv", "z.csv"):
            (hidden / name).write_text("new")
        assert (tmp_path / "a.csv").read_text() == "old"
    assert moved == ["a.csv", "z.csv", "run.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "run.json", "z.csv"]
    assert {path.read_text() for path in tmp_path.iterdir()} == {"new"}


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs the names of open files")
def test_files_are_on_the_disk_before_they_are_in_place_and_all_others_before_the_one_that_says_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loss of power may undo whatever was not flushed; a folder is flushed with the names in it."""
    done: list[str] = []
    replace, flush = Path.replace, os.fsync
    monkeypatch.setattr(Path, "replace", lambda path, to: (done.append(f"place {path.name}"), replace(path, to))[1])

    def noted(number: int) -> None:
        done.append(f"flush {Path(f'/proc/self/fd/{number}').readlink().name}")
        flush(number)

    monkeypatch.setattr(os, "fsync", noted)
    folder = tmp_path / "study"
    folder.mkdir()
    with new_files(folder) as hidden:
        for name in ("run.json", "a.csv", "z.svg"):
            (hidden / name).write_text("new")
    assert done == [
        "flush a.csv", "flush z.svg", "flush run.json", f"flush {hidden.name}",
        "place a.csv", "place z.svg", "flush study", "place run.json", "flush study",
    ]  # fmt: skip


def test_a_file_that_the_disk_does_not_take_leaves_nothing_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"), new_files(tmp_path) as hidden:
        (hidden / "run.json").write_text("new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), ValueError()])
def test_what_fails_half_way_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    def fill() -> None:
        with made_folder(tmp_path / "results" / "mine"), new_files(tmp_path / "results" / "mine") as hidden:
            (hidden / "a.csv").write_text("x")
            raise error

    with pytest.raises(type(error)):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_half_way_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".new-old").mkdir()
    (tmp_path / ".new-old" / "a.csv").write_text("half")
    with new_files(tmp_path) as hidden:
        (hidden / "run.json").write_text("{}")
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_folder_that_is_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "run.json").write_text("{}")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear")
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "begun" / "kept").mkdir(parents=True)
    (tmp_path / "begun" / "kept" / "study.json").write_text("{}")
    refused = {
        "begun": "--resume", "study": "another study", "full": "not empty", "file": "a file", "file/in": "a file"
    }  # fmt: skip
    for name, words in refused.items():
        with pytest.raises(FolderError, match=words):
            check_free(tmp_path / name)
    check_free(tmp_path / "empty")
    check_free(tmp_path / "not" / "there")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(FolderError, match="may not be written"):
        check_free(tmp_path / "locked" / "mine")


def test_a_file_takes_its_place_whole_and_one_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    (tmp_path / ".new-page.html-killed").mkdir()
    with new_file(path) as hidden:
        hidden.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    with pytest.raises(FileNotFoundError), new_file(path):
        pass  # nothing is written
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]

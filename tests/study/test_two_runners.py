"""Two runners at one folder: one goes on, the other is refused in one line and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from .calling import begin, begin_held, call, clinics_call, results, wait_for


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The call for the study that ``clinics`` makes."""
    return clinics_call(tmp_path)


def held_files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_of_two_that_start_at_once_one_goes_on(asked: list[str], tmp_path: Path, clinics_study: Path) -> None:
    go = tmp_path / "go"
    runners = [begin_held(go, *asked, "--resume") for _ in range(2)]
    wait_for(lambda: any(one.poll() is not None for one in runners))
    refused = next(one for one in runners if one.poll() is not None)
    goes_on = next(one for one in runners if one is not refused)
    said = refused.communicate()[1]
    assert (refused.returncode, len(said.splitlines())) == (2, 1), said
    assert f"is being written by process {goes_on.pid}. Wait for it, or end it" in said
    wait_for(lambda: any((tmp_path / "study").rglob("*.part")))
    assert goes_on.poll() is None
    go.touch()
    assert goes_on.communicate(timeout=60)[1] == ""
    assert goes_on.returncode == 0
    assert results(tmp_path / "study") == results(clinics_study)


@pytest.mark.parametrize("more", [["--resume"], ["--resume", "--seed", "5"], []])
def test_one_that_comes_later_is_refused_and_changes_nothing(
    asked: list[str], more: list[str], tmp_path: Path, clinics_study: Path
) -> None:
    folder, go = tmp_path / "study", tmp_path / "go"
    first = begin_held(go, *asked)
    wait_for(lambda: any(folder.rglob("*.part")))
    before = held_files(folder)
    second = begin(*asked, *more)
    said = second.communicate(timeout=60)[1]
    assert (second.returncode, len(said.splitlines())) == (2, 1), said
    words = f"is being written by process {first.pid}" if more else "holds an unfinished study"
    assert words in said
    assert held_files(folder) == before
    go.touch()
    assert first.communicate(timeout=60)[1] == ""
    assert results(folder) == results(clinics_study)


def test_the_lock_of_a_runner_that_was_killed_is_taken_over(
    asked: list[str], tmp_path: Path, clinics_study: Path
) -> None:
    folder = tmp_path / "study"
    first = begin_held(tmp_path / "go", *asked)
    wait_for(lambda: any(folder.rglob("*.part")))
    first.kill()
    first.communicate()
    assert (folder / "kept" / ".lock").read_text() == f"process {first.pid}"
    assert call(*asked, "--resume") == (0, "")
    assert not (folder / "kept" / ".lock").exists()
    assert results(folder) == results(clinics_study)

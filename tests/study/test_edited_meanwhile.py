"""A scenario's file is read once: what happens to it while a study runs changes nothing."""

from __future__ import annotations

from pathlib import Path

from .calling import CLINIC, begin_held, call, edit, judged, results, wait_for


def test_a_scenario_edited_while_its_study_runs_changes_nothing_and_is_refused_afterwards(tmp_path: Path) -> None:
    file, folder, go = tmp_path / "mine.toml", tmp_path / "study", tmp_path / "go"
    file.write_text(CLINIC)
    asked = ["run", str(file), "--point-values", "--replications", "6", "--no-figures", "--quiet", "--out"]
    assert call(*asked, str(tmp_path / "undisturbed")) == (0, "")
    process = begin_held(go, *asked, str(folder), "--backend", "serial")
    wait_for(lambda: any(folder.rglob("*.part")))
    assert len(list(folder.rglob("*.part"))) < len(list((tmp_path / "undisturbed").rglob("*.part")))
    edit(file, "workers = 1", "workers = 2")
    go.touch()
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
    assert results(folder) == results(tmp_path / "undisturbed")
    assert judged(folder)[0] == 0
    before = results(folder)
    code, said = call(*asked, str(folder), "--resume")
    assert (code, "scenarios.mine.services.clinic.workers" in said, len(said.splitlines())) == (2, True, 1), said
    assert results(folder) == before


def test_a_scenario_edited_while_processes_run_it_changes_nothing(tmp_path: Path) -> None:
    """They are given the scenario that was read: none reads the file by itself."""
    file, folder, go = tmp_path / "mine.toml", tmp_path / "study", tmp_path / "go"
    file.write_text(CLINIC)
    asked = ["run", str(file), "--point-values", "--replications", "6", "--no-figures", "--quiet", "--out"]
    assert call(*asked, str(tmp_path / "undisturbed")) == (0, "")
    process = begin_held(go, *asked, str(folder), "--backend", "processes", "--workers", "2")
    wait_for(lambda: any(folder.rglob("*.part")))
    file.write_text("not a scenario any more")
    go.touch()
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
    assert results(folder) == results(tmp_path / "undisturbed")

"""What is kept is gone on with where the same bytes can be promised, else refused in one line; nothing of it is lost."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from reliefsim.cli.checked_calls import guarded
from reliefsim.study.running.runner import StudyStoppedError

from .calling import FEW, call, results


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Twelve replications left alone."""
    folder = tmp_path_factory.mktemp("few") / "study"
    assert call(*FEW, "--out", str(folder)) == (0, "")
    return results(folder)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """The same study, of which five replications are kept."""
    folder = tmp_path / "study"
    assert call(*FEW, "--replications", "5", "--out", str(folder)) == (0, "")
    return folder


def parts(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*.part")}


def refused(folder: Path, *more: str) -> str:
    """What a resumed study says when it is refused, in one line, with everything as it was."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    code, said = call(*FEW, *more, "--out", str(folder), "--resume")
    assert code == 2, said
    assert said.count("\n") == 1
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    return said


@pytest.mark.parametrize("name", ["python", "numpy", "numba", "scipy"])
def test_other_versions_of_what_decides_the_bytes_are_refused_by_name(begun: Path, name: str) -> None:
    path = begun / "kept" / "study.json"
    its = json.loads(path.read_text())
    now = its["made_with"][name]
    its["made_with"][name] = "1.2.3"
    path.write_text(json.dumps(its))
    said = refused(begun)
    assert f"made_with.{name}: was 1.2.3, is {now}" in said
    assert f"Go on with {name} 1.2.3, or name a new folder" in said


def test_a_folder_that_does_not_say_what_it_was_made_with_is_refused(begun: Path) -> None:
    path = begun / "kept" / "study.json"
    its = json.loads(path.read_text())
    del its["made_with"]
    path.write_text(json.dumps(its))
    assert "does not say with which python, numpy, numba, scipy" in refused(begun)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda text: text[:-200],
    "empty": lambda text: b"",
    "zeros": lambda text: bytes(len(text)),
    "another thing": lambda text: b"null\n",
    "no text": lambda text: b"\xff\xfe" + text,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_description_is_refused_and_without_it_the_parts_are_gone_on_with(
    begun: Path, few: dict[str, bytes], damage: str
) -> None:
    path, kept = begun / "kept" / "study.json", parts(begun)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    said = refused(begun)
    assert f"{path} is damaged. Remove it and give the same command again" in said
    path.unlink()
    assert call(*FEW, "--out", str(begun), "--resume") == (0, "")
    assert results(begun) == few
    assert kept.items() <= parts(begun).items()


def test_parts_without_a_description_are_no_other_studys_nor_of_other_versions(
    begun: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (begun / "kept" / "study.json").unlink()
    assert "whose parts are gone, or are of another" in refused(begun, "--seed", "4")
    (begun / "run.json").unlink()
    assert "holds no study, or another" in refused(begun, "--seed", "4")
    version = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "9.9.9" if name == "numba" else version(name))
    assert "holds no study, or another" in refused(begun)


@pytest.mark.parametrize("name", ["my study", "it's", 'a "b" $HOME', "plain"])
def test_how_to_go_on_can_be_pasted_into_a_shell(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / name
    (folder / "kept").mkdir(parents=True)

    def stopped() -> None:
        raise StudyStoppedError(3, 10)

    with pytest.raises(SystemExit):
        guarded(stopped, folder)
    said = capsys.readouterr().err
    words = shlex.split(said[said.index("--out") :])
    assert words[:3] == ["--out", str(folder), "--resume"]

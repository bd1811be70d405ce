"""The top level holds what it should, numbers have sources, and the wheel ships the scenarios."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
FILES = sorted(path for path in SCENARIOS.glob("*.toml") if path.name != "sources.toml")
WANTED = {
    "baseline", "moderate-growth", "rapid-growth", "conflict-shock", "returns", "as-recorded", "additional-funding",
    "usaid-stop-work", "usaid-suspension", "late-cerf", "as-funded",
}  # fmt: skip
UNSOURCED = "assumption, no source found"
RANKS = {"format", "priority", "life_saving_rank"}  # choices of ours, not figures; a comment gives their reason


def test_the_top_level_is_what_it_should_be() -> None:
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert there == {"pyproject.toml", "README.md", "model", "scenarios", "tests", "results"}


def test_all_scenarios_are_there() -> None:
    assert {path.stem for path in FILES} >= WANTED


def numbers(inner: Any, path: tuple[str, ...], sourced: bool) -> Iterator[tuple[str, bool]]:
    """Every number of a file, and whether its entry, or a table around it, names a source."""
    if isinstance(inner, dict):
        sourced = sourced or "source" in inner
        for key, value in inner.items():
            yield from numbers(value, (*path, key), sourced)
    elif isinstance(inner, list):
        for value in inner:
            yield from numbers(value, path, sourced)
    elif isinstance(inner, int | float) and not isinstance(inner, bool):
        yield ".".join(path), sourced


def sources(inner: Any) -> Iterator[str]:
    """Every source named in a file."""
    for key, value in inner.items() if isinstance(inner, dict) else ():
        if key == "source":
            yield value
        yield from sources(value)
    for value in inner if isinstance(inner, list) else ():
        yield from sources(value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_has_a_source_or_says_that_none_was_found(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    table = tomllib.loads(text)
    if path.stem.startswith("invented"):
        assert "invented" in text.split("format =")[0].lower()
        return
    missing = [name for name, sourced in numbers(table, (), False) if not sourced and name.split(".")[-1] not in RANKS]
    assert not missing


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_source_stands_in_the_list_of_sources(path: Path) -> None:
    known = tomllib.loads((SCENARIOS / "sources.toml").read_text(encoding="utf-8"))
    named = set(sources(tomllib.loads(path.read_text(encoding="utf-8"))))
    assert named <= {*known, UNSOURCED}


def test_every_source_in_the_list_is_used_and_says_where_it_is() -> None:
    known = tomllib.loads((SCENARIOS / "sources.toml").read_text(encoding="utf-8"))
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert [key for key in known if key not in text] == []
    assert all(entry.get("title") and entry.get("url") for entry in known.values())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy without the network, and unpacked as an installer would."""
    pytest.importorskip("hatchling", reason="building without the network needs hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    unneeded = shutil.ignore_patterns("__pycache__")
    for name in ("model", "scenarios"):
        shutil.copytree(ROOT / name, copy / name, ignore=unneeded)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(copy)],
        check=True, capture_output=True,
    )  # fmt: skip
    site = folder / "site"
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(site)
    return site


def test_the_wheel_ships_every_scenario_and_what_it_reads(site: Path) -> None:
    folder = site / "reliefsim" / "scenarios"
    shipped = {path.relative_to(folder) for path in folder.rglob("*.*")}
    assert shipped == {path.relative_to(SCENARIOS) for path in SCENARIOS.rglob("*.*")}
    assert (site / "reliefsim" / "py.typed").exists()


def test_the_wheel_ships_all_that_the_page_is_made_of(site: Path) -> None:
    place = Path("reliefsim") / "report"
    source = ROOT / "model" / place
    wanted = {path.relative_to(source) for path in source.rglob("*.*") if "__pycache__" not in path.parts}
    assert {path.suffix for path in wanted} >= {".jinja", ".css", ".js", ".po", ".json"}
    assert {path.relative_to(site / place) for path in (site / place).rglob("*.*")} == wanted
    assert (site / place / "page" / "vendor" / "LICENSE").exists()


def test_the_wheel_ships_the_documentation(site: Path) -> None:
    place = Path("reliefsim") / "docs"
    wanted = {path.relative_to(ROOT / "model") for path in (ROOT / "model" / place).rglob("*.*") if path.suffix != ".pyc"}
    assert {path.suffix for path in wanted} == {".ipynb", ".md", ".py", ".toml"}
    assert {path.relative_to(site) for path in (site / place).rglob("*.*")} == wanted


def test_the_wheel_ships_nothing_but_the_package(site: Path) -> None:
    assert {path.name.split("-")[0] for path in site.iterdir()} == {"reliefsim"}
    commands = next(site.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert "reliefsim = reliefsim.__main__:command" in commands.splitlines()


def test_from_an_empty_folder_the_installed_package_lists_and_reads_its_scenarios(site: Path, tmp_path: Path) -> None:
    where = os.environ | {"PYTHONPATH": str(site)}
    home = "import reliefsim; print(reliefsim.__file__)"
    call = [sys.executable, "-m", "reliefsim"]
    told = [
        subprocess.run(command, cwd=tmp_path, env=where, capture_output=True, text=True, check=True).stdout
        for command in ([sys.executable, "-c", home], [*call, "list"], [*call, "show", "as-recorded"])
    ]
    assert told[0].startswith(str(site))
    named = {line.split(":")[0] for line in told[1].splitlines() if line and line[0] != " "}
    assert named == {path.stem for path in FILES}
    assert "353455" in told[2]  # the record's highest count, from the file of figures beside the scenario
    assert not list(tmp_path.iterdir())

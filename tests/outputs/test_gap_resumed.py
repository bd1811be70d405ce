"""`--resume` with and without the fundraiser's numbers: the same study goes on, another one is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main

from .test_gap_calls import gap


@pytest.mark.parametrize(("first", "then"), [("run", "gap"), ("gap", "run")])
def test_a_folder_of_the_other_command_is_refused(first: str, then: str, tmp_path: Path) -> None:
    """What is kept of one has other columns than what the other needs."""
    call = gap(tmp_path / "mine.toml", "--quiet", "--out", str(tmp_path / "mine"))[1:]
    assert CliRunner().invoke(main, [first, *call]).exit_code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "mine").rglob("*") if path.is_file()}
    for options in (["--resume"], ["--resume", "--replications", "4"]):
        made = CliRunner().invoke(main, [then, *call, *options])
        assert made.exit_code == 2, made.output
        assert "holds another study: funding" in made.stderr
        assert {path: path.read_bytes() for path in (tmp_path / "mine").rglob("*") if path.is_file()} == before

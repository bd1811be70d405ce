"""What `run` prints: narrow, plain and quiet in a pipe; with progress, time left and colours on a terminal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main

from .conftest import AT_POINTS, SMALL, reliefsim_apart

SCENARIOS = ("baseline", "rapid-growth", "usaid-stop-work")  # the last one has the same need, and so can be worse
CALL = ["run", *SCENARIOS, *AT_POINTS, "--full", "--replications", "8", "--no-figures", "--out"]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing more is to be compiled, which is told on any terminal and in any pipe."""
    reliefsim_apart("trace", "baseline", *SMALL, "--household", "1", folder=tmp_path_factory.mktemp("compiled"))


@pytest.mark.usefixtures("compiled")
def test_in_a_pipe_three_scenarios_fit_and_nothing_but_text_is_printed(tmp_path: Path) -> None:
    made = reliefsim_apart(*CALL, "a-folder-with-a-rather-long-name-for-a-study-of-three", folder=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    lines = made.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in made.stdout
    assert re.search(r"  worse(  |\n)", made.stdout)
    assert re.search(r"notice: .*\n(.*\n)*Files in .*\n(.*\n)*  kept  ", made.stdout)


ANSWERS = [
    (["ask", "baseline", "--target", "need_covered=0.5", "--no-by-when"], ["ask.md", "ask.csv", "10-ask.png, .svg"]),
    (["next-dollar", "baseline"], ["next_dollar.csv", "11-next-dollar.png, .svg"]),
    (["sensitivity", "baseline", "--over", "services.nfi.unit_cost_usd", "--rows", "64"], ["sensitivity.csv"]),
]


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize(("call", "files"), ANSWERS, ids=[call[0] for call, _ in ANSWERS])
def test_in_a_pipe_answers_fit_and_end_with_warnings_and_their_files(
    call: list[str], files: list[str], tmp_path: Path
) -> None:
    few = ["--set", "caseload.people=150", "--workers", "1", *(["--replications", "8"] if "--rows" not in call else [])]
    made = reliefsim_apart(*call, *few, "--out", "answer", folder=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    lines = made.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    text, _, ending = made.stdout.partition("\nFiles in answer/\n")
    assert "notice: " in text.split("\n\n")[-1] + text.split("\n\n")[-2]
    listed = {line[12:] for line in ending.splitlines()}
    assert {*files, "run.json, scenario-*.toml", "datapackage.json says what each one means"} <= listed
    assert any(line.startswith("kept/") for line in listed) == (tmp_path / "answer" / "kept").exists()


@pytest.mark.parametrize(("words", "variable", "coloured"), [([], "", True), (["--no-color"], "", False), ([], "1", False)])
def test_colours_stand_beside_words_and_are_left_out_when_asked(
    words: list[str], variable: str, coloured: bool, tmp_path: Path
) -> None:
    made = CliRunner().invoke(main, [*words, *CALL, str(tmp_path / "one")], color=True, env={"NO_COLOR": variable})
    assert made.exit_code == 0, made.output
    assert ("\x1b" in made.stdout) == coloured
    assert ("\x1b[31mworse\x1b[0m" in made.stdout) == coloured
    assert max(map(len, click.unstyle(made.stdout).splitlines()[:-8])) <= 80  # the last lines name a long folder


# The time left is told from the second second on: this work takes two.
SLOW = """
import time
from reliefsim.report.publish import bar
with bar(24, False) as done:
    for _ in range(8):
        time.sleep(0.25)
        done(3)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_progress_is_shown_with_the_time_left() -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", SLOW], stderr=theirs)
    os.close(theirs)
    said = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # on Linux, that the other end is closed
            break
        if not more:
            break
        said += more
    os.close(ours)
    assert process.wait() == 0
    text = said.decode()
    assert re.search(r"Replications +\[#+-+\] +\d+/24 +\d\d:\d\d:\d\d", text)
    assert "24/24" in text
    assert max(len(one.rstrip()) for one in re.split(r"[\r\n]", click.unstyle(text))) <= 80

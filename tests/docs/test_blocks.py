"""Every command and every block of code in the README and the topics runs; what output they show has the labels it shows.

Commands run with few replications, each once; a block that needs lines before it has them here.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from reliefsim import load_scenario, simulate
from reliefsim.cli.main import main
from reliefsim.docs.topics import TOPICS, written

README = Path(__file__).parents[2] / "README.md"
TEXTS = {"README": README.read_text(encoding="utf-8")} | {name: written(name, "en") for name in TOPICS}
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
FEW = (("--replications", "2"), ("--precision", "people_reached=3000,need_covered=0.5,gap_usd=500%"))
SLOW = ("sensitivity",)  # runs thousands of evaluations: its own tests do
OF_A_SCENARIO = ("extends", "start_date")
BEFORE = {  # what a fragment is laid over, by its first line
    "[grants.donor.lines]": "start_date = 2030-01-01\nhorizon_days = 200\nservices.food = { kind = 'casework', duration = 1 }\n"
    "[grants.donor]\namount_usd = 1000\n",
    "[shocks.usaid-stops]": 'extends = "baseline"\n',
    "[displacement.trend]": 'extends = "baseline"\n',
    "[decisions]": 'extends = "baseline"\n',
    "[arrivals]": 'start_date = 2030-01-01\nhorizon_days = 400\nmoney = "unlimited"\n',
}  # fmt: skip


def blocks(text: str, kind: str) -> list[str]:
    return [body for language, body in BLOCK.findall(text) if language == kind]


def commands(text: str) -> list[str]:
    """Every line to paste that calls the program: in blocks, and indented."""
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    lines += [line[4:] for line in BLOCK.sub("", text).splitlines() if line.startswith("    reliefsim ")]
    return [line for line in lines if line.startswith("reliefsim ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("blocks")
    (place / "clinic.toml").write_text(blocks(TEXTS["README"], "toml")[0], encoding="utf-8")
    return place


def lighter(words: list[str]) -> list[str]:
    """The same call with few replications, and no pictures."""
    for option, value in FEW:
        if option in words and words[0] != "gap":  # whose rows that are 0 in every run are not shown
            place = words.index(option) + 1
            words[place] = words[place] if words[place] == "20" else value  # so few tell what is better, as is shown
    takes = [name for param in main.commands[words[0]].params for name in param.opts]
    if "--replications" in takes and "--replications" not in words and "--precision" not in words:
        words += list(FEW[0])
    if "--no-figures" in takes and "--no-figures" not in words:
        words.append("--no-figures")
    if words[0] == "ask" and "--no-by-when" not in words:
        words.append("--no-by-when")
    if words[0] == "plan":
        words += ["--effort", "100", "--replications", "10", "--confirm", "20"]
        return words
    if words[0] == "run" and not {"--uncertain", "--point-values"} & set(words):
        words.append("--point-values")
    return ["8" if word == "64" and "--uncertain" in words else word for word in words]


@cache
def told_by(line: str) -> str:
    """What a command prints, of the lightest call of its kind. It must end well."""
    words = lighter(shlex.split(line.partition(" > ")[0])[1:])
    made = CliRunner().invoke(main, words, env={"COLUMNS": "80", "LANG": "en"})
    assert made.exit_code == 0, f"{line}: {made.output}"
    return made.stdout


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_runs_and_the_output_shown_has_its_labels(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    lines = [line for line in commands(TEXTS[name]) if "dask:" not in line and line.split()[1] not in SLOW]
    printed = _words("\n".join(told_by(line) for line in lines))
    for block in blocks(TEXTS[name], "text"):
        if "means" in block:  # an answer of so few runs is another sentence
            continue
        assert [line for line in block.splitlines() if _words(line) not in printed] == []


def _words(text: str) -> str:
    """Letters alone: no number, no rule and no space."""
    return re.sub(r"[^A-Za-z]|\bto\b", "", text)


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_and_option_named_in_the_text_is_one(name: str) -> None:
    code = " ".join(re.findall(r"`([^`\n]+)`", TEXTS[name])) + " ".join(commands(TEXTS[name]))
    assert set(re.findall(r"reliefsim ([a-z][a-z-]*)", code)) <= set(main.commands)
    known = {option for command in main.commands.values() for param in command.params for option in param.opts}
    known |= {"--help", "--no-color", "--benchmark-only", "--uncertain"}
    assert set(re.findall(r"(?<!\S)(--[a-z][a-z-]*)", code)) <= known


@pytest.mark.parametrize("name", TEXTS)
def test_every_scenario_and_every_part_of_one_runs(name: str, tmp_path: Path) -> None:
    for number, block in enumerate(blocks(TEXTS[name], "toml")):
        before = "" if block.lstrip().startswith(("question", *OF_A_SCENARIO)) else BEFORE[block.split("\n")[0]]
        path = tmp_path / f"block-{number}.toml"
        path.write_text(before + block, encoding="utf-8")
        assert len(simulate(load_scenario(path)).cases) > 0 or "donor.lines" in block


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if blocks(text, "python")])
def test_the_code_in_python_runs(name: str, tmp_path: Path) -> None:
    program = "\n".join(blocks(TEXTS[name], "python")).replace('precision="people_reached=100"', "replications=2")
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    subprocess.run([sys.executable, "program.py"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "plans" / "indicators.csv").exists()


def test_the_readme_is_short_and_has_the_band_before_the_point() -> None:
    lines = TEXTS["README"].splitlines()
    assert len(lines) <= 250
    assert TEXTS["README"].index("eight times in ten") < TEXTS["README"].index("At the point values")

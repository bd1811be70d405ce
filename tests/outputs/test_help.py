"""Every command shows an example that can be pasted, and says what is wrong with a call in one form."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reliefsim.cli import main


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(main))
IDS = ["-".join(path) or "reliefsim" for path in ALL]


def example(path: tuple[str, ...]) -> str:
    """The line to paste, as help shows it on a narrow terminal."""
    shown = CliRunner().invoke(main, [*path, "--help"], env={"COLUMNS": "60"}, terminal_width=60).output
    found = re.search(r"\n  Example:\n    (reliefsim .*)\n$", shown)
    assert found, shown
    return found[1]


@pytest.mark.parametrize("path", ALL, ids=IDS)
def test_every_command_has_an_example_whose_words_it_takes(path: tuple[str, ...]) -> None:
    words = shlex.split(example(path))[1:]
    words = words[: words.index(">")] if ">" in words else words
    name, *rest = words
    assert path in ((), (name,))
    command = main.commands[name]
    with command.make_context(name, rest) as context:
        given = [
            param for param in command.params if context.get_parameter_source(str(param.name)).name == "COMMANDLINE"
        ]
    assert given or not rest


@pytest.mark.parametrize("name", ["list", "show", "diff", "new", "schema", "trace"])
def test_the_examples_that_cost_little_work(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(example((name,)))[1:]
    words = words[: words.index(">")] if ">" in words else words
    made = CliRunner().invoke(main, words)
    assert made.exit_code == 0
    assert made.stderr == "" or made.stderr.startswith("Compiling once")
    assert made.stdout


@pytest.mark.parametrize("path", [path for path in ALL if path], ids=IDS[1:])
def test_a_misspelt_option_is_one_line_that_says_what_was_meant(path: tuple[str, ...]) -> None:
    options = [name for param in ALL[path].params for name in param.opts if name.startswith("--")] or ["--help"]
    misspelt = f"{options[0][:-1]}{options[0][-1]}{options[0][-1]}"
    made = CliRunner().invoke(main, [*path, misspelt])
    assert (made.exit_code, made.stdout) == (2, "")
    assert made.stderr.startswith(f"{misspelt}: no such option.")
    assert made.stderr.count("\n") == 1
    assert f"Did you mean {options[0]}?" in made.stderr


ONE_FORM = [
    (["rnu"], "COMMAND: no such command (got rnu). One of "),
    (["--versoin"], "--versoin: no such option. Did you mean --version?"),
    (["show"], "SCENARIO: is missing. See --help"),
    (["gap"], "SCENARIO: is missing. See --help"),
    (["diff", "baseline"], "SECOND: is missing. See --help"),
    (["diff", "baseline", "returns", "late-cerf"], "CALL: got unexpected extra argument (late-cerf). See --help"),
    (["ask", "baseline"], "--target: is missing. See --help"),
    (["run", "--seed"], "--seed: requires an argument"),
    (["run", "--quiet=yes"], "--quiet: does not take a value"),
    (["verify", "nowhere"], "FOLDER: nowhere"),
    (["sensitivity", "nowhere.toml"], "nowhere.toml: no such file."),
    (["next-dollar", "basline"], 'basline: no such scenario (got "basline").'),
    (["trace", "baseline", "--household", "x"], "--household: must be 0 to "),
]


@pytest.mark.parametrize(("call", "begins"), ONE_FORM, ids=[" ".join(call) for call, _ in ONE_FORM])
def test_every_command_says_what_is_wrong_in_the_same_form(
    call: list[str], begins: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(main, call)
    assert (made.exit_code, made.stdout) == (2, "")
    assert made.stderr.startswith(begins)
    assert made.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_with_no_words_at_all_the_help_is_shown() -> None:
    assert CliRunner().invoke(main, []).output.startswith("Usage: ")

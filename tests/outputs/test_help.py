"""Every command shows an example that can be pasted, and says what is wrong with a call in one form."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main
from reliefsim.rules import RULES


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


@pytest.mark.parametrize("path", ALL, ids=IDS)
def test_help_leaves_no_option_unexplained_and_cuts_no_sentence(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"], terminal_width=80).output
    assert max(map(len, shown.splitlines())) <= 80
    assert not re.search(r"\.\.\.\n", shown.partition("\n")[2])
    for param in ALL[path].params:
        if isinstance(param, click.Option) and not param.hidden:
            assert re.match(r"[A-Zs]\w*.* \w+", param.help or ""), param.name  # more than a default
            assert param.name != "rules" or all(name in str(param.help) for name in RULES)
        elif isinstance(param, click.Argument) and param.name != "name":
            word = param.make_metavar(click.Context(ALL[path])).strip("[].")
            assert word in shown.partition("\n")[2], word


# Where it is wrong (an option, an argument's name in help, or a file with its line), then what; every way a call can fail.
ONE_FORM = [
    (["rnu"], ["COMMAND: no such command (got rnu). One of "]),
    (["--versoin"], ["--versoin: no such option. Did you mean --version?"]),
    (["show"], ["SCENARIO: is missing. See --help"]),
    (["gap"], ["SCENARIO: is missing. See --help"]),
    (["diff", "baseline"], ["SECOND: is missing. See --help"]),
    (["diff", "baseline", "returns", "late-cerf"], ["CALL: got unexpected extra argument (late-cerf). See --help"]),
    (["list", "all"], ["CALL: got unexpected extra argument (all). See --help"]),
    (["schema", "all"], ["CALL: got unexpected extra argument (all). See --help"]),
    (["ask", "baseline"], ["--target: is missing. See --help"]),
    (["new", "mine"], ["--from: is missing. See --help"]),
    (["run", "--seed"], ["--seed: requires an argument"]),
    (["run", "--quiet=yes"], ["--quiet: does not take a value"]),
    (["run", "--replications", "0", "--seed", "x", "--uncertain", "0"],
     ["--replications: must be 1 to ", "--seed: must be 0 to ", "--uncertain: must be 1 to "]),
    (["run", "basline", "bad.toml", "--rule", "equla", "--backend", "moon", "--resume"],
     ["basline: no such scenario", "bad.toml:1: horizon_days: is missing", "bad.toml:1: services: ",
      "--rule: no such rule (got equla)", "--backend: no such backend (got moon)", "--resume: needs --out"]),
    (["gap", "baseline", "--backend", "moon", "--resume"], ["--backend: no such backend (got moon)", "--resume: needs --out"]),
    (["run", "baseline", "--set", "caseload.people", "--set", "horizon_days=0"],
     ["--set: is no setting (got caseload.people).", "--set: horizon_days: must be above 0"]),
    (["run", "baseline", "--precision", "gap=1,=,people_reached=0"],
     ["--precision: no such indicator (got gap). ", "--precision: must be like ", "--precision: must be like "]),
    (["run", "baseline", "--max-replications", "3"], ["--max-replications: only with --precision"]),
    (["run", "baseline", "--reference", "returns"], ["--reference: not in this study (got returns). One of "]),
    (["run", "baseline", "--over", "services"], ["--over: only with --uncertain N"]),
    (["run", "baseline", "--uncertain", "2", "--over", "nothing"], ["--over: no value with a range has such a name"]),
    (["run", "baseline", "--out", "bad.toml"], ["--out: bad.toml is a file. Name a folder"]),
    (["run", "baseline", "--replications", "1000000", "--uncertain", "9999", "--out", "large"], ["--replications: "]),
    (["gap", "baseline", "--backend", "dask:moon:1", "--out", "far"], ["--backend: dask:moon:1: "]),
    (["trace", "baseline", "--household", "x", "--replication", "-1"],
     ["--household: must be 0 to ", "--replication: must be 0 to "]),
    (["trace", "baseline", "--household", "1", "--rule", "equal", "--rule", "by-need"], ["--rule: one at most (got 2)"]),
    (["sensitivity", "nowhere.toml", "--resume"], ["nowhere.toml: no such file.", "--resume: needs --out"]),
    (["sensitivity", "baseline", "--rows", "100"], ["--rows: the number of rows must be a power of two"]),
    (["next-dollar", "basline"], ['basline: no such scenario (got "basline").']),
    (["next-dollar", "free.toml"], ["SCENARIO: its money is unlimited: more buys nothing"]),
    (["ask", "free.toml", "--target", "people_reached=1", "--most", "3", "--indirect-rate", "-1"],
     ["SCENARIO: its money is unlimited", "--indirect-rate: must be a number, 0 or more and below 1 (got -1)",
      "--most: must be a number, 1,000 or more and below 1,000,000,000,000 (got 3)"]),
    (["verify", "nowhere"], ["FOLDER: nowhere holds no finished study"]),
    (["report", "nowhere", "bad.toml"], ["FOLDER: nowhere holds no finished study", "ANSWER: bad.toml holds no answer"]),
    (["diff", "basline", "bad.toml"], ["basline: no such scenario", "bad.toml:1: ", "bad.toml:1: "]),
    (["new", "a b", "--from", "basline"], ["NAME: is not a legal name (got a b).", "basline: no such scenario"]),
    (["new", "free", "--from", "free.toml"], ["NAME: a scenario does not extend itself"]),
    (["new", "mine", "--from", "baseline", "--out", "free.toml"], ["--out: free.toml is a file. Name a folder"]),
]  # fmt: skip


@pytest.mark.parametrize(("call", "begins"), ONE_FORM, ids=[" ".join(call) for call, _ in ONE_FORM])
def test_every_command_says_what_is_wrong_in_the_same_form(
    call: list[str], begins: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.toml").write_text("start_date = 2030-01-01\nmoney = 'unlimited'\n")
    (tmp_path / "free.toml").write_text(
        "start_date = 2030-01-01\nhorizon_days = 9\nmoney = 'unlimited'\ncaseload = { people = 9 }\n"
        "services.aid = { kind = 'casework', duration = 1 }\n"
    )
    made = CliRunner().invoke(main, call)
    assert (made.exit_code, made.stdout) == (2, "")
    lines = made.stderr.removeprefix("Compiling once, takes about 40 seconds; kept for later runs.\n").splitlines()
    for line, begin in zip(lines, begins, strict=True):
        assert line.startswith(begin)
        assert re.match(r"(--[a-z-]+|[A-Z]+|[\w./-]+(:\d+)?): \S", line)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml", "free.toml"]


def test_with_no_words_at_all_the_help_is_shown() -> None:
    assert CliRunner().invoke(main, []).output.startswith("Usage: ")

"""The commands for those who write scenarios: list, show, compare, begin a new one, and tell editors the format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..screen import say, spelled
from . import options
from .checked_calls import read_all
from .typed import BadCall

if TYPE_CHECKING:
    from ..scenario import Reading


@click.command("list", short_help="The shipped scenarios and their questions.", epilog=options.example("list"))
def list_scenarios() -> None:
    """The shipped scenarios: name, title and question."""
    import textwrap

    from ..scenario import load_scenario, shipped_names

    for name in shipped_names():
        scenario = load_scenario(name)
        say(f"{name}: {scenario.title or ''}")
        say(textwrap.fill(scenario.question or "", 78, initial_indent="    ", subsequent_indent="    "))


@click.command(
    short_help="Every value of a scenario, and where it comes from.",
    epilog=options.example("show rapid-growth --set grants.cerf.amount_usd=100000"),
)  # fmt: skip
@click.argument("scenario")
@options.settings
def show(scenario: str, settings: tuple[str, ...]) -> None:
    """A scenario as resolved: every value, and behind it the file and line it comes from, and its source.

    SCENARIO is a shipped name (see `reliefsim list`) or the path of a file. What is printed is a scenario file itself, one
    value a line: `reliefsim show SCENARIO > mine.toml` keeps it.
    """
    from ..scenario import dump

    say(dump(read_all((scenario,), settings)[0]), nl=False)


@click.command(short_help="What differs between two scenarios.", epilog=options.example("diff baseline rapid-growth"))
@click.argument("first")
@click.argument("second")
def diff(first: str, second: str) -> None:
    """What differs between two scenarios: each value in both; below it the file and line it comes from, and its source.

    FIRST and SECOND are shipped names (see `reliefsim list`) or paths of files. A source is a key of
    scenarios/sources.toml, or words.
    """
    from ..report.terminal.contrast_lines import told
    from ..scenario.contrast import contrast

    one, other = _both(first, second)
    names = (one.scenario.name, other.scenario.name)
    say(told(contrast(one, other), *(names if names[0] != names[1] else (first, second))))


def _both(first: str, second: str) -> tuple[Reading, Reading]:
    """Both scenarios, which may have the same name; the faults of both at once."""
    faults: list[str] = []
    found: list[Reading] = []
    for name in (first, second):
        try:
            found.append(_read(name))
        except BadCall as error:
            faults.append(error.message)
    if faults:
        raise BadCall("\n".join(dict.fromkeys(line for fault in faults for line in fault.split("\n"))))
    return found[0], found[1]


def _read(name: str) -> Reading:
    return read_all((name,), ())[0]


@click.command(short_help="Begin a scenario of your own.", epilog=options.example("new more-money --from baseline"))
@click.argument("name")
@click.option(
    "--from",
    "parent",
    metavar="SCENARIO",
    required=True,
    help="What it extends: a shipped name, or a file in the same folder.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path(), help="The folder to write it in.  [default: here]"
)
def new(name: str, parent: str, out: Path) -> None:
    """Begin a scenario of your own: a file NAME.toml that extends another one and is the same until you change it.

    Growth, money, window and horizon stand in it as comments to take the # from.
    """
    from ..scenario import ScenarioError, read
    from ..scenario.dump import draft
    from ..store import FolderError, check_possible, made_folder

    faults = _name_faults(name)
    path = out / f"{name}.toml"
    try:
        reading = _read(parent)
        stem = _stem(parent, out)
        if not faults and stem == name:
            faults.append(f"NAME: a scenario does not extend itself (got {name}). Another name")
    except BadCall as error:
        faults += error.message.split("\n")
    if faults:
        raise BadCall("\n".join(faults))
    try:
        check_possible(out)
        with made_folder(out):
            _write(path, draft(reading, stem, name))
            read(path)
    except FolderError as error:
        raise BadCall(f"--out: {error}") from None
    except ScenarioError as error:
        path.unlink(missing_ok=True)
        raise BadCall(str(error)) from None
    except FileExistsError:
        if not os.path.lexists(path):
            raise BadCall(f"--out: is no folder ({spelled(out)}). Nothing was written") from None
        raise BadCall(f"NAME: {spelled(path)} is there already. Another name, or another --out") from None
    except OSError as error:
        raise BadCall(f"--out: {error.strerror or error} ({spelled(path)}). Nothing was written") from None
    place = path if path.is_absolute() else f"./{path}"
    say(f"{spelled(path)} extends {stem}, and is the same until you change it. Run it:\n  reliefsim run {spelled(place)}")


def _name_faults(name: str) -> list[str]:
    """Why no scenario of the user's may have this name."""
    from ..scenario import shipped_names
    from ..scenario.faults import shown_text
    from ..scenario.stated_texts import FILE_NAME_RULE, name_problem

    problem = name_problem(name)
    if problem:
        bare = name.removesuffix(".toml")
        meant = f" Did you mean {bare}?" if bare != name and not name_problem(bare) else ""
        return [f"NAME: {problem} (got {shown_text(name)}). {FILE_NAME_RULE}.{meant}"]
    if name in (*shipped_names(), "sources"):
        return [f"NAME: a shipped file has this name (got {name}). Another name"]
    return []


def _stem(parent: str, folder: Path) -> str:
    """What a file in ``folder`` calls its parent. Raises BadCall if that is neither shipped nor in the folder."""
    from ..scenario.scenario_files import find, real
    from ..scenario.shipped import shipped_folder

    found = find(parent)
    assert isinstance(found, tuple), "it was read a moment ago"
    path = real(found[0])
    beside = path.parent == real(folder)
    if path.suffix == ".toml" and (beside or path.parent == real(shipped_folder())):
        if not beside and os.path.lexists(folder / path.name):
            raise BadCall(f"--from: {spelled(folder / path.name)} stands in the way of the shipped {path.stem}. Another --out")
        return path.stem
    raise BadCall(
        f"--from: a file extends one in its own folder, or a shipped one (got {spelled(parent)}). "
        f"Name --out {spelled(found[0].parent)}"
    )


def _write(path: Path, text: str) -> None:
    """Write a file that is not there, whole or not at all."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
        except BaseException:
            path.unlink(missing_ok=True)
            raise


@click.command(
    short_help="The JSON Schema of a scenario file, for editors.",
    epilog=options.example("schema > reliefsim.schema.json"),
)  # fmt: skip
def schema() -> None:
    """The JSON Schema of a scenario file (draft 2020-12), by which editors complete and check it."""
    import json

    from ..scenario.json_schema import json_schema

    say(json.dumps(json_schema(), indent=2, ensure_ascii=False))

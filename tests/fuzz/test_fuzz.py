"""Scenarios changed at random, run from the command line: they end with 0 or 2, within the time and memory estimated.

A few of them with a fixed seed, and, marked slow, a minute, and an hour with a fresh one, which a failure names.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import string
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from laws.busy import BUSY

from reliefsim.cli.main import main
from reliefsim.scenario import ScenarioError, load_scenario
from reliefsim.scenario.checks.check_size import bytes_of_a_run, events_of_a_run
from reliefsim.scenario.shipped import shipped_folder

SECONDS, SECONDS_AN_EVENT = 20.0, 2e-6  # of a processor: reading, planning and writing; and the run itself
SPARE_BYTES = 500e6  # libraries, and what is written
ODD = (
    "0", "-1", "1", "2", "0.5", "1e-9", "1e9", "1e17", "1e400", "nan", "-inf", "9" * 400, "true", '""', '"1 000,5"', "[]", "{}",
    "2012-07-10", "1979-05-27", '"$x$"', '"é"', '"\\u001b[2J"', "0x10", "[0, 1, 2]", "{ law = \"exponential\", mean_days = 3 }",
)  # fmt: skip


def _line(rng: random.Random, lines: list[str]) -> int:
    return rng.randrange(len(lines))


def other_value(rng: random.Random, lines: list[str]) -> None:
    """The value of a key becomes an odd one."""
    keyed = [place for place, line in enumerate(lines) if "=" in line and not line.startswith("#")]
    place = rng.choice(keyed)
    lines[place] = lines[place].split("=")[0] + "= " + rng.choice(ODD)


def other_number(rng: random.Random, lines: list[str]) -> None:
    """A digit becomes another, or a number is multiplied by a power of ten."""
    place = _line(rng, lines)
    digits = [at for at, sign in enumerate(lines[place]) if sign.isdigit()]
    if digits:
        at = rng.choice(digits)
        lines[place] = lines[place][:at] + rng.choice(string.digits + "-.e") * rng.choice((1, 1, 5)) + lines[place][at + 1 :]


def without_lines(rng: random.Random, lines: list[str]) -> None:
    """A few lines are gone."""
    place = _line(rng, lines)
    del lines[place : place + rng.choice((1, 1, 1, 4))]


def moved_line(rng: random.Random, lines: list[str]) -> None:
    """A line stands elsewhere, or twice."""
    place = _line(rng, lines)
    lines.insert(_line(rng, lines), lines[place])
    if rng.random() < 0.5:
        del lines[place]


def other_sign(rng: random.Random, lines: list[str]) -> None:
    """A sign is put in, or becomes another."""
    place = _line(rng, lines)
    at = rng.randrange(len(lines[place]) + 1)
    sign = rng.choice("[]{}=\"'#.,-_\\ \t\x00\x1bé＝\u202e" + string.ascii_letters)
    lines[place] = lines[place][:at] + sign + lines[place][at + rng.choice((0, 1)) :]


CHANGES: tuple[Callable[[random.Random, list[str]], None], ...] = (
    other_value, other_value, other_number, other_number, without_lines, moved_line, other_sign,
)  # fmt: skip


def changed(rng: random.Random, text: str) -> str:
    """The text with one to three changes."""
    lines = text.splitlines()
    for _ in range(rng.choice((1, 1, 2, 3))):
        rng.choice(CHANGES)(rng, lines)
    return "\n".join(lines) + "\n"


def texts() -> list[str]:
    """The shipped scenarios that stand alone, and a small one of everything."""
    folder = shipped_folder()
    return [BUSY, *(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml")) if path.stem != "sources")]


def fuzz(folder: Path, seed: int, lasts: float) -> int:
    """Run changed scenarios for so many seconds; how many ended well."""
    rng, begun, ended = random.Random(seed), time.monotonic(), 0
    while time.monotonic() - begun < lasts:
        text = changed(rng, rng.choice(texts()))
        path = folder / "fuzzed.toml"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        events = memory = 0.0
        try:
            scenario = load_scenario(path)
            events, memory = 2 * events_of_a_run(scenario), bytes_of_a_run(scenario)  # at point values, and drawn
        except ScenarioError:
            pass
        before, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        call = ["run", str(path), "--replications", "1", "--workers", "1", "--backend", "serial", "--no-figures"]
        made = CliRunner().invoke(main, [*call, "--out", str(folder / "study")])
        took = time.process_time() - before
        grew = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak)
        said = f"seed {seed}, scenario:\n{text}\n{made.output}\n{made.exception!r}"
        assert made.exit_code in (0, 2), said
        assert made.exception is None or isinstance(made.exception, SystemExit), said
        assert took < SECONDS + SECONDS_AN_EVENT * events, f"{took:.1f} s, {events:.0f} events; {said}"
        assert grew < SPARE_BYTES + memory, f"{grew / 1e6:.0f} MB; {said}"
        shutil.rmtree(folder / "study", ignore_errors=True)
        ended += made.exit_code == 0
    return ended


def test_a_few_changed_scenarios_end_well(tmp_path: Path) -> None:
    assert fuzz(tmp_path, 2012, 12) > 0


@pytest.mark.slow
def test_a_minute_of_changed_scenarios_ends_well(tmp_path: Path) -> None:
    assert fuzz(tmp_path, 2012, 60) > 5


@pytest.mark.slow
def test_an_hour_of_changed_scenarios_ends_well(tmp_path: Path) -> None:
    assert fuzz(tmp_path, int.from_bytes(os.urandom(4), "big"), 3600) > 300

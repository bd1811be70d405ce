"""Texts that others read otherwise: as mathematics, as one donor, as orders to a terminal, as formulas, as a home."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import openpyxl
import pytest
from click.testing import CliRunner
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from reliefsim.cli.main import main
from reliefsim.report.figures import FIGURES
from reliefsim.report.figures.canvas import SETTINGS
from reliefsim.results.study_folder import read_folder
from reliefsim.screen import printable, spelled
from reliefsim.store import as_meant, inert, read_table, write_table

from .conftest import reliefsim, reliefsim_apart

NASTY = r"Lots $1 # $2 _x^{ \frac{1} & % ~ \$5"
EMOJI = "_first 👩🏾 漢字 $\\alpha$"
TWO = """
start_date = 2030-01-01
horizon_days = 60
displacement = {{ trend = {{ law = "compound", growth_month = 0.03 }} }}
caseload = {{ people = 90, target_people = 80 }}
classes = {{ all = {{ label = "{label}", share = 1 }} }}
locations = {{ town = {{ label = "{label}", share = 1 }} }}
[services.clinic]
label = "{label}"
kind = "casework"
workers = 1
duration = 0.5
unit_cost_usd = 10
[grants.first]
donor = "{donor}"
amount_usd = 300
[grants.second]
donor = "{donor}"
amount_usd = 200
until_day = 40
pays_for = ["clinic"]
"""
COMMON = ("--replications", "3", "--workers", "1")


def made(folder: Path, command: str, *more: str, label: str = "Clinic", donor: str = "Donor A") -> Path:
    """The folder of a small study of two grants of one donor."""
    told = TWO.format(label=label.replace("\\", "\\\\"), donor=donor.replace("\\", "\\\\"))
    (folder / "two.toml").write_text(told, encoding="utf-8")
    call = (command, "two.toml", *COMMON, *more, "--out", command)
    result = reliefsim(*call, folder=folder)
    assert result.returncode == 0, result.stderr
    (folder / "said.txt").write_text(result.stdout, encoding="utf-8")
    return folder / command


@pytest.mark.parametrize("label", [NASTY, EMOJI])
def test_signs_of_mathematics_are_text_in_every_figure(label: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        folder = made(tmp_path, "gap", label=label, donor=label)
    study = read_folder(folder)
    seen: list[str] = []
    with matplotlib.rc_context(SETTINGS):
        for draw in FIGURES.values():
            figure = draw(study)
            FigureCanvasAgg(figure)
            shown = [one for one in figure.findobj(Text) if one.get_text().strip()]
            assert all(one.get_parse_math() is False for one in shown)
            seen += [" ".join(one.get_text().split()) for one in shown]
    assert any(" ".join(label.split()[:5]) in one for one in seen)


def test_two_grants_of_one_donor_are_told_apart_wherever_a_grant_is_named(tmp_path: Path) -> None:
    folder = made(tmp_path, "gap")
    asked = made(tmp_path, "next-dollar", "--full")
    page = (folder / "report.html").read_text(encoding="utf-8")
    page = re.sub(r"grants\.\w+\.donor</small></th><td class=\"\">Donor A", "", page)  # the value that the file states
    sheets = openpyxl.load_workbook(folder / "workbook.xlsx").worksheets
    lines = [[str(cell) for cell in line] for sheet in sheets for line in sheet.iter_rows(values_only=True)]
    workbook = " ".join(cell for line in lines for cell in line if not any(one.endswith(".donor") for one in line))
    story = reliefsim("trace", "two.toml", "--household", "0", folder=tmp_path).stdout
    gap_terminal = reliefsim("gap", "two.toml", *COMMON, "--no-figures", "--out", "again", folder=tmp_path).stdout
    with matplotlib.rc_context(SETTINGS):
        study = read_folder(folder)
        figures = " ".join(
            one.get_text() for draw in FIGURES.values() for one in draw(study).findobj(Text)
        ).replace("\n", " ")
    next_table = (asked / "next_dollar.csv").read_text(encoding="utf-8")
    places = {
        "terminal": gap_terminal, "page": page, "workbook": workbook, "figures": figures, "next-dollar": next_table,
        "next-dollar's terminal": (tmp_path / "said.txt").read_text(encoding="utf-8"),
    }  # fmt: skip
    for place, text in {**places, "story": story}.items():
        text = " ".join(text.split())
        assert not re.findall(r"Donor A(?! \((?:first|second)\))", text), (place, text[:400])
    for place, text in places.items():
        assert "Donor A (first)" in " ".join(text.split()), place


@pytest.mark.parametrize("text", ["\x1b[31m", "\0", "\u202eg", "\x9b31m", "\u2066x", "\a", "\udcff", "\u200fb", "\x7f"])
def test_what_steers_a_terminal_is_spelled_out(text: str) -> None:
    for shown in (printable(text), spelled(text)):
        assert shown.encode().decode("utf-8").isprintable()
        assert "\\" in shown
    assert printable("a\nb\tc é 👩🏾‍🚒") == "a\nb\tc é 👩🏾‍🚒"
    assert spelled("a\nb\u2028c") == r"a\nb\u2028c".replace(r"\n", r"\u000a")


MINE = """
start_date = 2030-01-01
horizon_days = 5
money = "unlimited"
caseload = { people = 9 }
[services.a]
kind = "casework"
duration = 1
"""
ESCAPES = "\x1b]0;gone\x07\x1b[31m\u202e"
CALLS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "no file": lambda bad: ("run", f"{bad}.toml"),
    "long": lambda bad: ("run", f"{'x' * 80}{bad}/a.toml"),
    "no option": lambda bad: ("run", "mine.toml", f"--{bad}"),
    "no command": lambda bad: (bad,),
    "set": lambda bad: ("run", "mine.toml", "--set", f"caseload.{bad}=1"),
    "file": lambda bad: ("run", f"{bad}/mine.toml", "--replications", "1", "--no-figures", "--out", f"{bad}/out"),
    "quiet": lambda bad: ("run", f"{bad}/bad.toml"),
    "taken": lambda bad: ("run", f"{bad}/mine.toml", "--out", bad),
    "verify": lambda bad: ("verify", bad),
    "report": lambda bad: ("report", bad, bad),
    "show": lambda bad: ("show", f"{bad}/mine.toml"),
    "diff": lambda bad: ("diff", f"{bad}/mine.toml", f"{bad}/mine.toml"),
    "new": lambda bad: ("new", "x", "--from", f"{bad}/mine.toml", "--out", f"{bad}"),
    "new, elsewhere": lambda bad: ("new", "x", "--from", f"{bad}/mine.toml"),
    "backend": lambda bad: ("run", "mine.toml", "--backend", bad),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("bad", [ESCAPES, "one\ntwo"])
def test_no_call_sends_what_steers_a_terminal(call: str, bad: str, tmp_path: Path) -> None:
    (tmp_path / bad).mkdir()
    for folder in (tmp_path, tmp_path / bad):
        (folder / "mine.toml").write_text(MINE, encoding="utf-8")
        (folder / "bad.toml").write_text(f"# {bad}\nname = '{bad}'\n{bad} = 1\n", encoding="utf-8")
    made = reliefsim(*CALLS[call](bad), folder=tmp_path)
    for text in (made.stdout, made.stderr):
        assert not set("\x1b\x07\u202e") & set(text)
        assert not re.search(r"^two", text, re.MULTILINE)


def test_a_folder_of_any_name_has_a_study_whose_page_steers_nothing(tmp_path: Path) -> None:
    """Half a letter, as a name in another encoding has it, and an escape."""
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    name = "\udcff\x1b[31m"
    made = reliefsim("run", "mine.toml", "--replications", "2", "--out", name, folder=tmp_path)
    assert made.returncode == 0, made.stderr
    page = (tmp_path / name / "report.html").read_text(encoding="utf-8")
    assert "\x1b" not in page
    assert r"\udcff\u001b[31m" in page


@pytest.mark.parametrize("lead", ["", " ", "  \t", "\u00a0", "\u3000", "\n", "\t\r", "'"])
@pytest.mark.parametrize("sign", list("=+-@＝＋－＠"))
def test_what_a_spreadsheet_may_take_for_a_formula_is_inert_and_reads_back(lead: str, sign: str, tmp_path: Path) -> None:
    text = f"{lead}{sign}1+1"
    write_table(tmp_path / "t.csv", ("a",), [[text]])
    written = (tmp_path / "t.csv").read_text(encoding="utf-8").split("\n", 1)[1].lstrip('"')
    assert written.startswith("'")
    assert read_table(tmp_path / "t.csv") == [{"a": text.replace("\r", "\n")}]
    assert as_meant(inert(text)) == text.replace("\r", "\n")


FEW_LENGTHS = [*range(1, 40), *range(40, 1500, 61), 3000, 7300, 20_000]
EVERY_LENGTH = [*range(1, 120), *range(120, 1500, 7), 3000, 7300, 20_000]


@pytest.mark.parametrize("lengths", [FEW_LENGTHS, pytest.param(EVERY_LENGTH, marks=pytest.mark.slow)])
@pytest.mark.parametrize("most", [6, 9])
def test_dates_have_ticks_for_every_length_of_a_run(most: int, lengths: list[int]) -> None:
    from reliefsim.report.figures.canvas import dates_below

    start = datetime.date(2030, 1, 31)
    with matplotlib.rc_context(SETTINGS), warnings.catch_warnings():
        warnings.simplefilter("error")
        for days in lengths:
            ax: Any = Figure().subplots()
            ax.plot([start, start + datetime.timedelta(days=days)], [0, 1])
            dates_below(ax, most)
            shown = [text for text in (one.get_text() for one in ax.get_xticklabels()) if text]
            assert len(ax.get_xticks()) <= most + 3, days
            assert shown or days < 3, days


def test_no_warning_of_a_library_reaches_the_terminal_and_what_we_say_does(tmp_path: Path) -> None:
    """A call of its own, where a library warns in this process, and where it logs."""
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, logging, warnings\n"
        "atexit.register(lambda: warnings.warn('of a library', RuntimeWarning))\n"
        "atexit.register(lambda: logging.getLogger('matplotlib').warning('of a library'))\n",
    )
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    made = reliefsim_apart("show", "mine.toml", folder=tmp_path, PYTHONPATH=paths)
    assert (made.returncode, made.stderr) == (0, "")
    loud = subprocess.run(
        [sys.executable, "-W", "always", "-m", "reliefsim", "show", "mine.toml"], cwd=tmp_path, capture_output=True,
        text=True, env={**os.environ, "PYTHONPATH": paths}, check=False,
    )  # fmt: skip
    assert "of a library" in loud.stderr


@pytest.mark.parametrize("form", ["--out={}", "--out {}"])
def test_the_home_folder_stands_in_no_file(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "amina.k"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    law = f'displacement = {{ trend = {{ law = "series", file = "{(home / "c.csv").as_posix()}" }} }}'
    told = TWO.format(label="Clinic", donor="Donor A")
    (home / "two.toml").write_text(re.sub("displacement = .*", law, told), encoding="utf-8")
    (home / "c.csv").write_text("date,people\n2030-01-01,90\n2030-03-15,120\n", encoding="utf-8")
    out = form.format(home / "study").split(" ")
    setting = f'displacement.trend.file="{(home / "c.csv").as_posix()}"'
    done = reliefsim("gap", str(home / "two.toml"), "--set", setting, *COMMON, *out, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    command = json.loads((home / "study" / "run.json").read_text(encoding="utf-8"))["command"]
    assert command[2] == "~/two.toml"
    assert command[-2:] == ["--out", "~/study"]
    for path in (home / "study").rglob("*"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                held = b"".join(book.read(name) for name in book.namelist())
        else:
            held = path.read_bytes() if path.is_file() else b""
        assert b"amina.k" not in held, path.name
    assert CliRunner().invoke(main, ["verify", str(home / "study")]).exit_code == 0


def test_one_legend_tells_apart_grants_of_one_donor_in_several_scenarios() -> None:
    from reliefsim.results.study_folder import StudyFolder

    scenarios = {
        "a": {"grants": {"x": {"donor": "UN"}, "y": {}}},
        "b": {"grants": {"z": {"donor": "UN"}}, "pledges": {"UN": {}, "w": {"donor": "EU"}}},
    }
    study = StudyFolder((), {}, {}, {}, scenarios, False, 1)  # type: ignore[arg-type]
    labels = [study.label(one, "grants", name) for one, name in (("a", "x"), ("a", "y"), ("b", "z"), ("b", "UN"), ("b", "w"))]
    assert labels == ["UN (x)", "y", "UN (z)", "UN", "EU"]

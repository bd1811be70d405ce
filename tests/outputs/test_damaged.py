"""A study's folder that somebody has damaged is refused by name, in words, and nothing is written: by report and verify."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reliefsim.results.manifest import PACK

from .conftest import reliefsim, reseal

SMALL = ("--set", "caseload.people=60", "--replications", "2", "--seed", "3", "--backend", "serial", "--quiet", "--no-figures")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What gap leaves of a scenario, without page and workbook."""
    folder = tmp_path_factory.mktemp("damaged")
    assert reliefsim("gap", "baseline", *SMALL, "--point-values", "--out", "study", folder=folder).returncode == 0
    return folder / "study"


@pytest.fixture(scope="module")
def answer(study: Path) -> Path:
    made = reliefsim("next-dollar", "baseline", *SMALL, "--out", "next", folder=study.parent)
    assert made.returncode == 0, made.stderr
    return study.parent / "next"


def changed_number(text: bytes) -> bytes:
    """The last digit of a table becomes another."""
    place = max(text.rfind(digit) for digit in b"0123456789")
    return text[:place] + bytes([48 + (text[place] - 47) % 10]) + text[place + 1 :]


def last_cell(value: bytes) -> Callable[[bytes], bytes]:
    """Each line but the first ends with another cell."""
    def change(text: bytes) -> bytes:
        head, *lines = text.splitlines(keepends=True)
        return head + b"".join(line.rstrip(b"\n").rpartition(b",")[0] + b"," + value + b"\n" for line in lines)

    return change


def without_column(text: bytes) -> bytes:
    return b"".join(line.partition(b",")[2] for line in text.splitlines(keepends=True))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a number": changed_number,
    "a row less": lambda text: text[: text.rstrip(b"\n").rfind(b"\n") + 1],
    "a row more": lambda text: text + text.splitlines(keepends=True)[-1],
    "a column less": without_column,
    "a column more": lambda text: b"".join(b"0," + line for line in text.splitlines(keepends=True)),
    "cut off": lambda text: text[: -len(text) // 3],
    "empty": lambda text: b"",
    "semicolons": lambda text: text.replace(b",", b";"),
    "out of bounds": last_cell(b"1e400"),
    "not a number": lambda text: last_cell(b"nan")(text.replace(b",1", b",-inf")),
    "no numbers": last_cell(b"x"),
    "NUL": lambda text: text + b"\0" * 64,
    "not UTF-8": lambda text: b"\xff\xfe" + text,
    "a long cell": lambda text: text + b"9" * 200_000 + b"\n",
    "no rows": lambda text: text.partition(b"\n")[0] + b"\n",
}


@contextmanager
def damaged(path: Path, change: Callable[[bytes], bytes], forged: bool = False) -> Iterator[None]:
    """A file changed for a while; with ``forged``, run.json gives its new digest, and is sealed anew."""
    made, before = path.with_name("run.json"), path.read_bytes()
    told = made.read_bytes()
    assert change(before) != before or not before
    path.write_bytes(change(before))
    if forged:
        reseal(path.parent)
    try:
        yield
    finally:
        path.write_bytes(before)
        made.write_bytes(told)


def refused(study: Path, name: str, *answers: Path) -> None:
    """Report refuses, and names the file; verify says that it differs; nothing is written."""
    before = sorted(study.iterdir())
    found = reliefsim("report", str(study), *map(str, answers), folder=study.parent)
    assert (found.returncode, found.stdout) == (2, ""), name
    assert name in found.stderr
    assert sorted(study.iterdir()) == before


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_table_that_was_damaged_is_refused_by_report(study: Path, kind: str) -> None:
    tables = [path for path in sorted(study.glob("*.csv")) if kind != "a row less" or path.read_bytes().count(b"\n") > 1]
    assert len(tables) > 10
    for path in tables:
        with damaged(path, DAMAGES[kind]):
            refused(study, f"{path.name}: edited or damaged since it was written")


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_table_that_was_damaged_is_named_by_verify(study: Path, kind: str) -> None:
    for name in ("runs.csv", "gap.csv"):
        with damaged(study / name, DAMAGES[kind]):
            found = reliefsim("verify", str(study), "--sample", "1", folder=study.parent)
            assert (found.returncode, f"{name}: edited or damaged since it was written" in found.stderr) == (1, True)


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_table_forged_with_a_right_digest_ends_without_a_traceback(study: Path, kind: str) -> None:
    for name in ("indicators", "allocation", "gap"):
        with damaged(path := study / f"{name}.csv", DAMAGES[kind], forged=True):
            found = reliefsim("report", str(study), folder=study.parent)
            assert found.returncode in (0, 2)
            assert found.returncode == 0 or not any((study / name).exists() for name in PACK), path.name
            for name in PACK:
                (study / name).unlink(missing_ok=True)
    with damaged(study / "indicators.csv", DAMAGES[kind], forged=True):
        found = reliefsim("verify", str(study), "--workers", "1", folder=study.parent)
        assert (found.returncode, "indicators.csv" in found.stderr) == (1, True), found.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"seed": 3', '"seed": 4'), ('"replications": 2', '"replications": 200'), ('"uncertain": false', '"uncertain": true'),
        ('"reliefsim"', '"reliefsin"'), ('"outputs": {', '"outputs": {"../run.json": "00",'), ('"indicators.csv"', '"x.csv"'),
        ('"reference": 0', '"reference": 1'), ('"figures": false', '"figures": true'), ("}", ""), ('"seed": 3', '"seed": "3"'),
    ],
)  # fmt: skip
def test_a_run_json_that_was_edited_is_refused(study: Path, old: str, new: str) -> None:
    def change(text: bytes) -> bytes:
        return text.replace(old.encode(), new.encode(), 1)

    with damaged(study / "run.json", change):
        refused(study, "run.json: ")
        assert reliefsim("verify", str(study), "--sample", "1", folder=study.parent).returncode == 1


def test_other_files_than_there_were_are_refused(study: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(study, tmp_path / "copy"))
    (copy / "scenario-baseline.toml").unlink()
    (copy / "monthly.csv").unlink()
    (copy / "monthly.csv").mkdir()
    (copy / "points.csv").write_text("point\n0\n")
    a, b = (copy / name for name in ("budget.csv", "gap.csv"))
    a.rename(copy / "aside")
    b.rename(a)
    (copy / "aside").rename(b)
    found = reliefsim("report", str(copy), folder=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.splitlines() == [
        f"FOLDER: {copy}: budget.csv: edited or damaged since it was written",
        f"FOLDER: {copy}: gap.csv: edited or damaged since it was written",
        f"FOLDER: {copy}: monthly.csv: missing",
        f"FOLDER: {copy}: scenario-baseline.toml: missing",
        f"FOLDER: {copy}: points.csv: not of this study, which would show it",
    ]
    assert reliefsim("verify", str(copy), "--sample", "1", folder=tmp_path).returncode == 1


@pytest.mark.parametrize("name", PACK)
def test_a_folder_where_a_file_would_stand_is_refused_and_nothing_else_is_written(study: Path, name: str) -> None:
    (study / name).mkdir()
    try:
        refused(study, name)
    finally:
        (study / name).rmdir()


def test_an_answer_that_was_edited_is_refused(study: Path, answer: Path) -> None:
    for name in ("next_dollar.csv", "scenario-baseline.toml"):
        with damaged(answer / name, changed_number):
            refused(study, f"{answer}: {name}: edited or damaged since it was written", answer)
    with damaged(answer / "next_dollar.csv", DAMAGES["semicolons"], forged=True):
        refused(study, "", answer)


def test_what_an_older_version_made_is_shown_and_the_page_says_so_at_its_head(study: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(study, tmp_path / "copy"))
    reseal(copy, version="0.0.1")
    assert reliefsim("report", str(copy), folder=tmp_path).returncode == 0
    page = (copy / "report.html").read_text(encoding="utf-8")
    head = page.partition('class="brief finding"')[0]
    assert "reliefsim 0.0.1 made the results on this page; reliefsim " in head
    assert "reliefsim verify" in head
    found = reliefsim("verify", str(copy), "--sample", "1", folder=tmp_path)
    assert "report.html" not in found.stderr
    assert reliefsim("report", str(study), folder=tmp_path).returncode == 0
    assert "made these results" not in (study / "report.html").read_text(encoding="utf-8")
    for name in PACK:
        (study / name).unlink()

"""Every formula of a workbook is worked out anew from its own range, and every total is the files' number to the cent."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from outputs.test_gap_calls import ODD, gap
from study.calling import call

from workbook.conftest import made
from workbook.reading import Book, table

KINDS = ("gap", "run", "one", "mixed", "planted")


@pytest.mark.parametrize("kind", KINDS)
def test_every_formula_holds_what_its_range_gives(kind: str, folders: dict[str, Path]) -> None:
    book = Book(folders[kind] / "workbook.xlsx")
    found = list(book.found())
    assert len(found) > 20
    for sheet, cell, text, stored in found:
        value = book.worked_out(sheet, text)
        assert stored not in (None, ""), (sheet, cell, text)
        if isinstance(value, str):
            assert stored == value, (sheet, cell, text)
        else:
            assert stored == pytest.approx(value, rel=1e-9, abs=1e-6), (sheet, cell, text)


@pytest.mark.parametrize("kind", KINDS)
def test_totals_are_the_files_numbers_to_the_cent(kind: str, folders: dict[str, Path]) -> None:
    folder = folders[kind]
    book = Book(folder / "workbook.xlsx")
    checks = book.rows("Read me", "To the cent?")
    assert len(checks) >= 10
    for check in checks:
        stated = _stated(folder, check["File"], check["What"])
        live = book.values[check["Sheet"]][check["Cell"]].value
        assert live == pytest.approx(stated, abs=0.005), check
        assert check["Total, live"] == pytest.approx(stated, abs=0.005)
        assert check["To the cent?"] == "agrees"


@pytest.mark.parametrize("name", ODD)
def test_scenarios_at_the_edge_have_a_workbook_whose_totals_agree(name: str, tmp_path: Path) -> None:
    code, said = call(*gap(tmp_path / "odd.toml", "--out", str(tmp_path / "odd"), text=ODD[name]), "--quiet")
    assert code == 0, said
    book = Book(made(tmp_path / "odd"))
    checks = book.rows("Read me", "To the cent?")
    assert checks
    assert {check["To the cent?"] for check in checks} == {"agrees"}
    for sheet, cell, text, stored in book.found():
        value = book.worked_out(sheet, text)
        assert (stored or "") == value if isinstance(value, str) else stored == pytest.approx(value, abs=1e-6), (
            sheet,
            cell,
        )


def _stated(folder: Path, file: str, what: str) -> float:
    """What a file says of a check's words: ``INDICATOR of SCENARIO, by SERVICE`` (its total) or ``…, GRANT``."""
    words = re.fullmatch(r"(\w+) of (\S+)(?: \(([\w-]+)\))?(?:, by \w+)?(?:, ([\w-]+))?(?:, (.+))?", what)
    assert words, what
    indicator, scenario, rule, grant, when = words.groups()
    rows = [one for one in table(folder / file) if one["scenario"] == scenario and rule in (None, one["rule"])]
    if file == "allocation.csv":
        of_grant = [one for one in rows if one["grant"] == grant and one["measure"] == indicator]
        ends = {one["decision"]: one["reason"] == "end" for one in of_grant}
        totals = {
            number: sum(float(one["mean"]) for one in of_grant if one["decision"] == number and one["mean"])
            for number in ends
        }
        wanted = [n for n, end in ends.items() if end == (when == "end") and (end or totals[n] > 0)]
        return totals[min(wanted, key=int)]
    aspects = ("service", "group", "origin", "location", "period")
    found = [one for one in rows if one["indicator"] == indicator and one["grant"] == (grant or "")]
    return float(next(one for one in found if not any(one[aspect] for aspect in aspects))["mean"])


@pytest.mark.parametrize("kind", ["gap", "mixed"])
def test_libreoffice_works_out_the_same_values(kind: str, folders: dict[str, Path], tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    written = folders[kind] / "workbook.xlsx"
    (tmp_path / "in").mkdir()
    bare = tmp_path / "in" / "workbook.xlsx"
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():  # without stored values everything is worked out when it is opened
            new.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", old.read(name)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    call = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(bare)]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    before, after = Book(written), Book(tmp_path / "out" / "workbook.xlsx")
    for sheet, cell, text, stored in before.found():
        value = after.values[sheet][cell].value
        if isinstance(stored, (int, float)):
            assert value == pytest.approx(stored, rel=1e-9, abs=1e-6), (sheet, cell, text)
        else:
            assert (value or "") == (stored or ""), (sheet, cell, text)

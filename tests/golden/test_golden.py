"""The tables of a small study are what they were, column by column: whole numbers exactly, others to 1e-12."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from .renew import EXPECTED, TABLES, run_golden_study

RELATIVE = 1e-12


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_golden_study(tmp_path_factory.mktemp("golden") / "study")


def columns(path: Path) -> dict[str, list[str]]:
    """A CSV file by columns."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return {name: [row[place] for row in rows] for place, name in enumerate(head)}


def same(found: str, kept: str) -> bool:
    """Texts and whole numbers must be equal; other numbers within rounding."""
    if found == kept:
        return True
    try:
        a, b = float(found), float(kept)
    except ValueError:
        return False
    return not (a.is_integer() and b.is_integer()) and math.isclose(a, b, rel_tol=RELATIVE)


def first_difference(found: dict[str, list[str]], kept: dict[str, list[str]]) -> str:
    """The first row and column that differ, in words; nothing if none does."""
    if list(found) != list(kept):
        return f"columns are {list(found)}, were {list(kept)}"
    lengths = {len(column) for column in (*found.values(), *kept.values())}
    if len(lengths) > 1:
        return f"rows are {len(next(iter(found.values())))}, were {len(next(iter(kept.values())))}"
    for row in range(max(lengths, default=0)):
        for name in kept:
            if not same(found[name][row], kept[name][row]):
                where = ", ".join(filter(None, (kept[key][row] for key in list(kept)[:9])))
                return f"row {row + 2}, column {name}: {found[name][row]}, was {kept[name][row]} ({where})"
    return ""


@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_what_it_was(study: Path, table: str) -> None:
    difference = first_difference(columns(study / table), columns(EXPECTED / table))
    assert not difference, f"{table}: {difference}. If meant, renew with: python -m tests.golden.renew"


@pytest.mark.parametrize("table", TABLES)
def test_there_is_something_to_compare(table: str) -> None:
    kept = columns(EXPECTED / table)
    numbers = [cell for column in kept.values() for cell in column if cell.replace(".", "").isdigit()]
    assert len(numbers) > 500


def test_a_difference_is_named_by_row_and_column() -> None:
    kept = {"service": ["a", "b"], "mean": ["1", "0.25"]}
    assert first_difference(kept, kept) == ""
    for mean, words in {
        ("1", "0.250000000001"): "row 3, column mean: 0.250000000001, was 0.25",
        ("1", "0.25000000000000006"): "",
        ("2", "0.25"): "row 2, column mean: 2, was 1",
        ("", "0.25"): "row 2, column mean: , was 1",
    }.items():
        found = first_difference({"service": ["a", "b"], "mean": list(mean)}, kept)
        assert found.split(" (")[0] == words
    assert first_difference({"service": ["a"], "mean": ["1"]}, kept) == "rows are 1, were 2"
    assert first_difference({"mean": ["1"], "service": ["a"]}, kept).startswith("columns are")

"""A workbook read back: its cells, its formulas worked out anew, and the tables that it was made from."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries

_QUOTED = re.compile(r'("[^"]*")')
_RANGE = re.compile(r"\$?([A-Z]{1,2})\$?(\d+):\$?([A-Z]{1,2})\$?(\d+)")
_OF_SHEET = re.compile(r"'([^']+)'!([A-Z]{1,2}\d+)")
_CELL = re.compile(r"(?<![\w\"'])\$?([A-Z]{1,2})\$?(\d+)(?![\w(\"'])")


class Book:
    """What a workbook holds: formulas, and the values stored with them."""

    def __init__(self, path: Path) -> None:
        self.formulas = openpyxl.load_workbook(path)
        self.values = openpyxl.load_workbook(path, data_only=True)

    def found(self) -> Iterator[tuple[str, str, str, Any]]:
        """Every formula: sheet, cell, text, stored value."""
        for sheet in self.formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        stored = self.values[sheet.title][cell.coordinate].value
                        yield sheet.title, cell.coordinate, str(cell.value), stored

    def worked_out(self, sheet: str, text: str) -> Any:
        """The value of a formula, from the values of the cells that it names; of a division by nothing, the words for it."""
        parts = _QUOTED.split(text.removeprefix("="))
        python = "".join(part if part.startswith('"') else _python(part) for part in parts)
        names = {
            "V": lambda cell, of=sheet: self.values[of][cell].value or 0,
            "R": lambda cells: self._cells(sheet, cells),
            "SUM": lambda cells: sum(one for one in cells if isinstance(one, (int, float))),
            "SUMIFS": _sum_ifs, "ABS": abs, "ROUND": round,
            "IF": lambda test, yes, no: yes if test else no, "IFERROR": lambda value, otherwise: value,
        }  # fmt: skip
        try:
            return eval(python, {"__builtins__": {}}, names)
        except ZeroDivisionError:
            return parts[-2].strip('"')

    def _cells(self, sheet: str, cells: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(cells)
        rows = self.values[sheet].iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right, values_only=True)
        return [one for row in rows for one in row]

    def rows(self, sheet: str, head: str) -> list[dict[str, Any]]:
        """The rows of the first table of a sheet that has this head, up to an empty row."""
        found: list[tuple[Any, ...]] = list(self.values[sheet].iter_rows(values_only=True))
        start = next(number for number, row in enumerate(found) if head in row)
        table = []
        for row in found[start + 1 :]:
            if all(one is None for one in row):
                break
            table.append(dict(zip(found[start], row, strict=True)))
        return table


def _python(part: str) -> str:
    part = _OF_SHEET.sub(r"V(@\2@,@\1@)", part)
    part = _RANGE.sub(r"R(@\1\2:\3\4@)", part)
    pieces = re.split(r"(@[^@]*@)", part)
    return "".join(
        f'"{piece[1:-1]}"' if piece.startswith("@") else _CELL.sub(r'V("\1\2")', piece).replace("=", "==")
        for piece in pieces
    )


def _sum_ifs(numbers: list[Any], *tests: Any) -> float:
    pairs = list(zip(tests[::2], tests[1::2], strict=True))
    chosen = [one for place, one in enumerate(numbers) if all(cells[place] == wanted for cells, wanted in pairs)]
    return float(sum(one for one in chosen if isinstance(one, (int, float))))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

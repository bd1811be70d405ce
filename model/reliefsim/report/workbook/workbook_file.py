"""Sheets become a workbook: one look, and the same bytes each time."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from .sheet_cells import NUMBERS, Check, Sheet

_CREATED = datetime.datetime(2000, 1, 1)  # any day, but always the same
_DARK, _PALE, _LINE = "#1F3A4D", "#E8EEF2", "#9AA8B2"
_HEAD = {"bold": True, "bg_color": _PALE, "bottom": 1, "bottom_color": _DARK, "text_wrap": True, "valign": "bottom"}
_LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "total": {"bold": True, "top": 1, "top_color": _DARK},
    "tall plain": {"valign": "top"},
    "tall total": {"bold": True, "top": 1, "top_color": _DARK, "valign": "top"},
    "head": _HEAD,
    "number head": {**_HEAD, "align": "right"},
    "title": {"bold": True, "font_size": 16, "font_color": _DARK},
    "heading": {"bold": True, "font_size": 12, "font_color": _DARK},
    "note": {},
    "finding": {"bold": True},
    "link": {"font_color": "#0B5394", "underline": 1},
}


class Book:
    """A workbook that is being written to a file."""

    def __init__(self, path: Path) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": True,
        }
        self.workbook = xlsxwriter.Workbook(str(path), options)
        self.workbook.set_properties({"title": "Evidence pack", "author": "reliefsim", "created": _CREATED})
        self.workbook.set_calc_mode("auto")
        self._formats: dict[tuple[str, str], Any] = {}
        self.sheets: list[Sheet] = []

    def sheet(self, name: str, title: str) -> Sheet:
        """A new sheet, after those that are there."""
        made = Sheet(self.workbook.add_worksheet(name), name, title, self._format)
        self.sheets.append(made)
        return made

    @property
    def checks(self) -> list[Check]:
        """Every total that a file states, too."""
        return [check for sheet in self.sheets for check in sheet.checks]

    def close(self) -> None:
        """Write the file. Raises OSError if the disk refuses."""
        for sheet in self.sheets:
            sheet.finish()
        try:
            self.workbook.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error

    def _format(self, kind: str, style: str) -> Any:
        if (kind, style) not in self._formats:
            look = {"font_name": "Arial", "font_size": 10, "valign": "vcenter", "num_format": NUMBERS[kind]} | _LOOKS[
                style
            ]
            if kind.endswith("sentence"):
                look["text_wrap"] = True
            if kind.startswith("inner"):
                look |= {"indent": 1} if "align" not in look else {}
                look.setdefault("align", "left")
            if kind == "input":
                look["align"] = "right"
            self._formats[kind, style] = self.workbook.add_format(look)
        return self._formats[kind, style]

"""What is said first becomes a sheet to print, in one language: the terminal's first lines and the page's, worked out once."""

from __future__ import annotations

from ...results.study_folder import Estimate, StudyFolder
from ..text.tongue import Tongue, mark
from ..views.content import Content
from ..views.first_view import first, has_bands, table, tiles
from ..views.view_table import Apart, Head, Table
from ..views.view_table import Cell as Shown
from .sheet_cells import Cell, Column, Sheet
from .workbook_file import Book

BRIEFS = {"en": "Brief", "fr": "En bref"}  # names of sheets, by language
_AT_POINTS = mark("At the point values")


def briefs(study: StudyFolder, book: Book) -> None:
    """The first sheets: the finding with its band, in every language."""
    for language, name in BRIEFS.items():
        tongue = Tongue(language)
        _write(study, book.sheet(name, tongue.say("How far does the money reach?")), tongue)


def _write(study: StudyFolder, sheet: Sheet, tongue: Tongue) -> None:
    content = Content(study)
    for number, one in enumerate(first(study, content.name)):
        if one:
            sheet.note(tongue.told(one), "note" if number else "finding")
    sheet.note("")
    banded = has_bands(study)
    heads = [Column(""), *([Column(tongue.say("Between"))] if banded else []), Column(tongue.say(_AT_POINTS))]
    rows: list[list[Cell]] = []
    for tile in tiles(study):
        band: list[Cell] = [tongue.told(tile.band) if tile.band else None] if banded else []
        rows.append([tongue.say(tile.words), *band, tongue.told(tile.at_points) if tile.at_points else None])
    sheet.block(heads, rows)
    told_table(table(study, content.name), study, sheet, tongue)


def told_table(view: Table, study: StudyFolder, sheet: Sheet, tongue: Tongue) -> None:
    """A view's table as it is told."""
    sheet.heading(tongue.told(view.caption))
    kinds = [column.kind for column in view.columns]
    rows: list[list[Cell]] = [
        [_told(cell, kind, study, tongue) for cell, kind in zip(row, kinds, strict=True)] for row in view.rows
    ]
    block = sheet.block([Column(_told(one.head, "", study, tongue)) for one in view.columns], rows, is_main=True)
    sheet.freeze(block)
    for note in view.notes:
        sheet.note(tongue.told(note))


def _told(cell: Shown, kind: str, study: StudyFolder, tongue: Tongue) -> str:
    if isinstance(cell, Head):
        return tongue.told(cell.text)
    if isinstance(cell, Apart):
        cell = cell.estimate
    if isinstance(cell, Estimate):
        beside = tongue.spread(cell, kind, study.is_band)
        return tongue.value(cell.mean, kind) + (f" ({beside})" if beside else "")
    return tongue.told(cell)

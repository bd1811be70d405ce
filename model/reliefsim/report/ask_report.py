"""An answer becomes ask.csv, ask.md and a figure, and what is printed of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..results.ask_rows import COLUMNS, rows
from ..store import write_table
from .terminal.closing_lines import prose
from .text.sentences import appeal

if TYPE_CHECKING:
    from ..study.queries.ask_answers import Answer
    from ..study.request import StudyRequest

FILE, TEXT = "ask.csv", "ask.md"


def write_ask(request: StudyRequest, found: Answer, folder: Path) -> None:
    """Write ask.csv and ask.md."""
    write_table(folder / FILE, COLUMNS, rows(found))
    (folder / TEXT).write_text(appeal(found), encoding="utf-8", newline="\n")


def tell_ask(request: StudyRequest, folder: Path) -> tuple[str, list[str]]:
    """Draw the figure, if it is wanted; the terminal's text, and notes on the figure."""
    from .figures.figure_ask import draw_ask
    from .figures.figure_saving import undrawn

    notes = undrawn(draw_ask(folder), folder) if request.figures else []
    return prose((folder / TEXT).read_text(encoding="utf-8")), notes

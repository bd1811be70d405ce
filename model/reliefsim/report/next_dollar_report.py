"""What a little more money buys becomes a figure, and what is printed of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..results.answer_folder import NEXT, AnswerFolder, read_answers
from .terminal.columns import shown
from .terminal.first_lines import sentence_lines
from .views.next_dollar_view import lead, next_dollar

if TYPE_CHECKING:
    from ..study.request import StudyRequest


def tell_next(request: StudyRequest, folder: Path) -> tuple[str, list[str]]:
    """Draw the figure, if it is wanted; the terminal's text, and notes on the figure."""
    from .figures.figure_next_dollar import draw_next_dollar
    from .figures.figure_saving import undrawn

    (answer,) = read_answers([folder], NEXT)
    notes = undrawn(draw_next_dollar(answer.rows, folder), folder) if request.figures and answer.rows else []
    return told(answer, request.full), notes


def told(answer: AnswerFolder, full: bool) -> str:
    """The answer in sentences. ``full``: and the table."""
    if not answer.rows:
        return "There is no service: more money buys nothing."
    lines = sentence_lines(lead(answer))
    return "\n".join([*lines, *(shown(next_dollar(answer)) if full else ["The table, line by line: --full"]), ""])

"""An answer becomes ask.csv, ask.md and a figure, and what is printed of it."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.answer_folder import ASK, AnswerFolder
from ..results.ask_rows import COLUMNS, rows
from ..store import read_table, write_table
from .terminal.closing_lines import prose
from .text.said import say
from .text.tongue import Plain
from .views.ask_sentences import finding, method, sentences

if TYPE_CHECKING:
    from ..study.queries.ask_answers import Answer
    from ..study.request import StudyRequest

TEXT = "ask.md"


def write_ask(request: StudyRequest, found: Answer, folder: Path) -> None:
    """Write ask.csv and ask.md."""
    from ..scenario import dump

    write_table(folder / ASK, COLUMNS, rows(found))
    made = {"question": asdict(found.question), "seed": request.seed, "uncertain": request.uncertain}
    answer = AnswerFolder(read_table(folder / ASK), made, tomllib.loads(dump(request.readings[0])))
    name = answer.stated.get("title") or say("Scenario {name}", name=request.scenario.name)
    title = say("# {name}: {finding}", name=name, finding=finding(answer))
    plain = Plain()
    paragraphs = [plain.told(one) for one in (title, *sentences(answer), method(answer, found.grid))]
    (folder / TEXT).write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8", newline="\n")


def tell_ask(request: StudyRequest, folder: Path) -> tuple[str, list[str]]:
    """Draw the figure, if it is wanted; the terminal's text, and notes on the figure."""
    from .figures.figure_ask import draw_ask
    from .figures.figure_saving import undrawn

    notes = undrawn(draw_ask(folder), folder) if request.figures else []
    return prose((folder / TEXT).read_text(encoding="utf-8")), notes

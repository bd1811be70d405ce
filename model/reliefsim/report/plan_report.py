"""A plan that was found becomes plan.toml, tables, plan.md and figures, and what is printed of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.answer_folder import PLAN, AnswerFolder, read_answers
from ..results.estimate_rows import number
from ..results.plan_file import FILE, plan_file
from ..results.plan_tables import write_tables
from ..store import read_table
from .terminal.closing_lines import prose
from .terminal.columns import shown
from .text.said import Ends, Number, Text, say
from .text.tongue import Plain
from .views.plan_tables_view import changes_table, who_table
from .views.plan_view import sentences

if TYPE_CHECKING:
    from ..store import Row
    from ..study.queries.plan_answer import Found
    from ..study.request import StudyRequest

TEXT = "plan.md"


def write_plan(request: StudyRequest, found: Found, folder: Path) -> None:
    """Write plan.csv, frontier.csv, trials.csv, plan.toml and plan.md."""
    from ..scenario import dump

    write_tables(found, folder)
    rows, plain = read_table(folder / PLAN), Plain()
    answer = AnswerFolder(rows, {}, tomllib.loads(dump(request.readings[0])))
    gains = {row["name"]: plain.told(_gain(row)) for row in answer.part("change") if row["ci_low"]}
    (folder / FILE).write_text(plan_file(found, gains), encoding="utf-8", newline="\n")
    title = say("# {name}: the plan that was found", name=answer.title)
    paragraphs = [plain.told(one) for one in (title, *sentences(answer))]
    (folder / TEXT).write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8", newline="\n")


def _gain(row: Row) -> Text:
    kind = "points" if row["unit"] == "share" else "people"
    low, high, mean = (number(row[name]) for name in ("ci_low", "ci_high", "difference"))
    return say("gains {mean} ({ends})", mean=Number(mean, kind, True), ends=Ends(low, high, kind))


def tell_plan(request: StudyRequest, folder: Path) -> tuple[str, list[str]]:
    """Draw the figures, if they are wanted; the terminal's text, and notes on the figures."""
    from .figures.figure_plan import draw_plan
    from .figures.figure_saving import undrawn

    (answer,) = read_answers([folder], PLAN)
    notes = undrawn(draw_plan(answer, folder), folder) if request.figures else []
    text = [prose((folder / TEXT).read_text(encoding="utf-8"))]
    if request.full and answer.part("change"):
        text += [*shown(changes_table(answer)), "", *shown(who_table(answer)), ""]
    if not request.full:
        text.append("What each change gains, who gains and who loses: --full, and plan.csv")
    return "\n".join([*text, ""]), notes

"""A question for money becomes a folder: ask.csv, ask.md, a figure, and what is printed of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..screen import say
from ..store import write_table
from .answering import answered
from .terminal.closing_lines import closing, noted, prose

if TYPE_CHECKING:
    from ..results.provenance import Settings
    from ..scenario import Reading
    from ..study.queries.ask_answers import Answer, Question
    from ..study.running.backends import Backend, Stop
    from ..study.running.runner import Progress

FILE, TEXT = "ask.csv", "ask.md"


@dataclass(frozen=True)
class AskedMoney:
    """What a user asked for, checked."""

    reading: Reading
    question: Question
    folder: Path
    workers: int
    quiet: bool
    figures: bool
    command: Sequence[str]
    backend: str | None = None
    insecure: bool = False

    @property
    def settings(self) -> Settings:
        """What run.json tells of the call."""
        from ..results.provenance import Settings

        question = self.question
        functions = [question.rule_name] if callable(question.rule) else []
        told = {
            "target": asdict(question.target), "certainty": question.certainty, "money": asdict(question.money),
            "days": list(question.days), "most_usd": question.most_usd,
        }  # fmt: skip
        return Settings(
            self.command, self.workers, self.backend, self.insecure, function_rules=functions, figures=self.figures,
            question=told,
        )  # fmt: skip


def carry_out_ask(asked: AskedMoney) -> Answer:
    """Find how much more is needed, write it whole or not at all, and print it. Raises as publish.carry_out."""
    from ..study.queries.ask_answers import answer, with_curve

    question = asked.question

    def find(where: Backend, progress: Progress, stop: Stop) -> Answer:
        return with_curve(answer(question, where, progress, stop), where, lambda done: None, stop)

    found = answered(asked, question.replications * len(question.days), "Amounts", find)
    text = _write(asked, found)
    if not asked.quiet:
        say(text)
        say(closing(asked.folder, (asked.reading,)))
    return found


def _write(asked: AskedMoney, found: Answer) -> str:
    from ..results.provenance import write_provenance
    from ..scenario import dump
    from ..store import new_files
    from ..study.queries.sobol import NO_VALUES
    from ..study.running.runner import Arm, Study

    question = found.question
    asked.folder.mkdir(parents=True, exist_ok=True)
    with new_files(asked.folder) as hidden:
        text = write_ask(found, hidden)
        name = question.scenario.name
        (hidden / f"scenario-{name}.toml").write_text(dump(asked.reading), encoding="utf-8", newline="\n")
        notes = _draw(hidden) if asked.figures else []
        arm = Arm(asked.reading, question.rule_name, (), (), NO_VALUES, NO_VALUES, ())
        named = question.rule if question.rule is None else question.rule_name
        study = Study((arm,), question.replications, question.seed, question.uncertain, (named,))
        write_provenance(study, hidden, asked.settings)
    return noted(prose(text), notes)


def _draw(folder: Path) -> list[str]:
    """Draw the figure; what is to be said of it."""
    from .figures.figure_ask import draw_ask
    from .figures.figure_saving import undrawn

    return undrawn(draw_ask(folder), folder)


def write_ask(found: Answer, folder: Path) -> str:
    """Write ask.csv and ask.md; what the latter says."""
    from ..results.ask_rows import COLUMNS, rows
    from .text.sentences import appeal

    write_table(folder / FILE, COLUMNS, rows(found))
    text = appeal(found)
    (folder / TEXT).write_text(text, encoding="utf-8", newline="\n")
    return text

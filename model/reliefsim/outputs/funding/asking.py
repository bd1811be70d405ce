"""A question for money becomes a folder: ask.csv, ask.md, a figure, and what is printed of it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...study import asking
from ...study.store import write_table
from .answering import answered

if TYPE_CHECKING:
    from ...scenario import Reading
    from ...study.answers import Answer, Question
    from ...study.backends import Backend, Stop
    from ...study.runner import Progress
    from ..provenance import Settings

FILE, TEXT = "ask.csv", "ask.md"
COLUMNS = (
    "scenario", "rule", "target", "wanted", "certainty", "part", "arrives", "additional_usd", "quantile_usd", "chance",
    "chance_low", "chance_high", "indicator", "mean", "ci_low", "ci_high", "interval_method", "difference",
    "difference_low", "difference_high", "real", "replications",
)  # fmt: skip
CHANCES = 40  # amounts at which the chance of meeting the target is told


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
        from ..provenance import Settings

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
    from ...study.answers import answer, with_curve

    question = asked.question

    def find(where: Backend, progress: Progress, stop: Stop) -> Answer:
        return with_curve(answer(question, where, progress, stop), where, lambda done: None, stop)

    found = answered(asked, question.replications * len(question.days), "Amounts", find)
    text = _write(asked, found)
    if not asked.quiet:
        click.echo(text)
    return found


def _write(asked: AskedMoney, found: Answer) -> str:
    from ...scenario import dump
    from ...study.runner import Arm, Study
    from ...study.sensitivity import NO_VALUES
    from ...study.store import new_files
    from ..provenance import write_provenance

    question = found.question
    asked.folder.mkdir(parents=True, exist_ok=True)
    with new_files(asked.folder) as hidden:
        text = write_ask(found, hidden)
        name = question.scenario.name
        (hidden / f"scenario-{name}.toml").write_text(dump(asked.reading), encoding="utf-8", newline="\n")
        if asked.figures:
            from .figures.ask import draw_ask

            draw_ask(hidden)
        arm = Arm(asked.reading, question.rule_name, (), (), NO_VALUES, NO_VALUES, ())
        named = question.rule if question.rule is None else question.rule_name
        study = Study((arm,), question.replications, question.seed, question.uncertain, (named,))
        write_provenance(study, hidden, asked.settings)
    return f"{text}\nFiles in {asked.folder}/\n"


def write_ask(found: Answer, folder: Path) -> str:
    """Write ask.csv and ask.md; what the latter says."""
    from .sentences import appeal

    write_table(folder / FILE, COLUMNS, rows(found))
    text = appeal(found)
    (folder / TEXT).write_text(text, encoding="utf-8", newline="\n")
    return text


def rows(found: Answer) -> Iterator[list[str | float]]:
    """The ask, then the same for each later arrival, the chance by amount, and what amounts reach."""
    question = found.question
    which: list[str | float] = [
        question.scenario.name, question.rule_name, str(question.target), question.target.wanted, question.certainty
    ]  # fmt: skip
    nothing: list[str | float] = [math.nan] * 3
    for place, day in enumerate(question.days):
        usd, quantile = (math.nan if math.isinf(one) else one for one in (found.ask(place), found.middle(place)))
        chance: list[str | float] = nothing if math.isnan(usd) else [*found.chance(usd, place)]
        part = "ask" if place == 0 else "arrival"
        yield [*which, part, date_of(question, day), usd, quantile, *chance, *_nothing(found)]
    for usd in _amounts(found):
        yield [
            *which,
            "chance",
            date_of(question, question.days[0]),
            usd,
            math.nan,
            *found.chance(usd),
            *_nothing(found),
        ]
    for reason, cases in found.binding():
        cells = [f"cases_unserved_{reason.name.lower()}", cases, math.nan, math.nan, "", *nothing, ""]
        first = date_of(question, question.days[0])
        yield [*which, "binds", first, float(found.most), math.nan, *nothing, *cells, question.replications]
    yield from ([*which, *cells] for cells in _curve(found))


def _nothing(found: Answer) -> list[str | float]:
    return ["", *[math.nan] * 3, "", *[math.nan] * 3, "", found.question.replications]


def _amounts(found: Answer) -> list[float]:
    """Amounts from nothing to half more than is asked, or to all that is tried."""
    ask = found.ask()
    top = 1.5 * ask if 0 < ask < math.inf else float(found.most)
    step = asking.STEP_USD
    return sorted({float(step * round(top * place / CHANCES / step)) for place in range(CHANCES + 1)})


def _curve(found: Answer) -> Iterator[list[str | float]]:
    """People reached and the target's own number at some amounts, and how much more than with nothing."""
    from ...study.differences import difference
    from ...study.estimates import estimate

    study, question = found.curve, found.question
    if study is None:
        return
    for arm in study.arms:
        usd = float(arm.scenario)
        apart = difference(arm, study.arms[0])
        told = estimate(arm.values)
        for name in dict.fromkeys(("people_reached", question.target.indicator)):
            place = asking.Target(name, 0.0, question.target.service, question.target.group).place(arm.reading.scenario)
            numbers = (
                float(told.mean[place]),
                float(told.ci_low[place]),
                float(told.ci_high[place]),
                told.method(place),
            )
            other = (float(apart.mean[place]), float(apart.interval.low[place]), float(apart.interval.high[place]))
            chance = found.chance(usd)
            first = date_of(question, question.days[0])
            yield [
                "curve", first, usd, math.nan, *chance, name, *numbers, *other, apart.real[place], question.replications
            ]  # fmt: skip


def date_of(question: Question, day: float) -> str:
    """The date of a day of the operation."""
    return (question.scenario.start_date + datetime.timedelta(days=day)).isoformat()

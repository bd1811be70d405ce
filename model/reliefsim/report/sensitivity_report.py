"""A scenario with ranges becomes sensitivity.csv, its figure, and a table for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.provenance import Settings, write_provenance
from ..results.sensitivity_rows import COLUMNS, FILE, SHOWN, leading, made_of, methods
from ..screen import say
from ..store import KEPT, Row, read_table, write_table
from ..study.queries import sobol as sensitivity
from .terminal.closing_lines import closing, noted
from .terminal.columns import WIDTH, table
from .text.spread import NONE

if TYPE_CHECKING:
    from ..rules import Rule
    from ..scenario import Reading
    from ..study.queries.sobol import Indices, Rows
    from ..study.running.backends import Backend
    from ..study.running.checkpoints import Kept
    from ..study.running.jobs import Work


@dataclass(frozen=True)
class AskedSensitivity:
    """What a user asked for. ``over``: names of values or of their first parts; None: all with a range.

    ``rows`` × (values + 2) evaluations of ``replications`` runs each. ``folder`` None: nothing is written.
    """

    reading: Reading
    rule: str | Rule | None
    rows: int
    replications: int
    seed: int
    over: Sequence[str] | None
    folder: Path | None
    workers: int
    quiet: bool
    command: Sequence[str]
    figures: bool = True
    backend: str | None = None  # None: processes where that is faster
    insecure: bool = False
    resume: bool = False

    @cached_property
    def points(self) -> Rows:
        """The evaluations. Raises ValueError for rows that are no power of two, and names of nothing in ``over``."""
        return sensitivity.rows(self.reading.scenario, self.rows, self.seed, self.over)

    @cached_property
    def work(self) -> Work:
        """The work of its jobs."""
        return sensitivity.work_of(self.reading.scenario, self.rule, self.points, self.seed)

    @property
    def evaluations(self) -> int:
        """How many there are."""
        return self.rows * self.points.parts


@dataclass(frozen=True)
class Sensitivity:
    """Sobol indices of study.queries.sobol.INDICATORS over ``asked.points.paths``."""

    asked: AskedSensitivity
    indices: Indices


def carry_out_sensitivity(asked: AskedSensitivity) -> Sensitivity:
    """Work out which of the values that are not known matter most, write it whole or not at all, and print it.

    What is done is kept in the folder row by row. Raises ValueError before anything is run; else what
    publish.carry_out does.
    """
    from ..store import check_free, check_possible, made_folder
    from ..study.running.checkpoints import Kept, check_identity, only_runner
    from ..study.running.stopping import asked_to_stop

    folder, work = asked.folder, asked.work
    if folder is None:
        with asked_to_stop() as stop:
            return _found(asked, None, stop)
    (check_possible if asked.resume else check_free)(folder)
    kept = Kept(folder, work)
    with made_folder(folder / KEPT), only_runner(folder), asked_to_stop() as stop:
        try:
            check_identity(folder, work)
            found = _found(asked, kept, stop)
            text = _write(found, folder)
        except BaseException:
            kept.remove_if_empty()
            raise
    if not asked.quiet:
        say(text)
        say(closing(folder, (asked.reading,)))
    return found


def _found(asked: AskedSensitivity, kept: Kept | None, stop: Callable[[], int]) -> Sensitivity:
    """Evaluate what is not kept yet."""
    from ..study.running.runner import StudyStoppedError
    from .publish import bar, say_before

    if not asked.quiet:
        say_before(kept)
    where = _backend(asked)
    try:
        with bar(asked.evaluations, asked.quiet, "Evaluations") as progress:
            values = sensitivity.evaluate(asked.work, asked.replications, where, progress, kept, lambda: bool(stop()))
    except StudyStoppedError as error:
        error.signal = stop()
        raise
    finally:
        where.close()
    return Sensitivity(asked, sensitivity.indices(values, asked.seed))


def _backend(asked: AskedSensitivity) -> Backend:
    """Where it runs: processes where the work is worth starting them."""
    from ..study.running.runner import POOL_PAYS_SECONDS, SECONDS_A_PERSON
    from .publish import opened

    people = float(asked.reading.scenario.caseload.people.value)
    seconds = asked.evaluations * asked.replications * people * SECONDS_A_PERSON
    best = "processes" if asked.workers > 1 and seconds > POOL_PAYS_SECONDS else "serial"
    return opened(asked.backend or best, asked.workers, asked.insecure)


def _write(found: Sensitivity, folder: Path) -> str:
    """Write every file; the text for the terminal."""
    from ..scenario import dump
    from ..store import new_files
    from ..study.running.runner import Arm, Study
    from .figures.figure_saving import undrawn
    from .figures.figure_sensitivity import draw

    asked = found.asked
    rule = asked.work.rule_name(0, 0)
    with new_files(folder) as hidden:
        write_sensitivity(found, hidden)
        resolved = hidden / f"scenario-{asked.reading.scenario.name}.toml"
        resolved.write_text(dump(asked.reading), encoding="utf-8", newline="\n")
        rows = read_table(hidden / FILE)
        notes = undrawn(draw(rows, hidden), hidden) if asked.figures else []
        nothing = sensitivity.NO_VALUES
        arm = Arm(asked.reading, rule, (), (), nothing, nothing, ())
        named = asked.rule if asked.rule is None else rule
        study = Study((arm,), asked.replications, asked.seed, True, (named,))
        write_provenance(study, hidden, _settings(asked))
    return noted(told(rows), notes)


def _settings(asked: AskedSensitivity) -> Settings:
    """What run.json tells of the call."""
    functions = [asked.work.rule_name(0, 0)] if callable(asked.rule) else []
    return Settings(
        asked.command, asked.workers, asked.backend, asked.insecure, over=asked.over, rows=asked.rows,
        function_rules=functions, figures=asked.figures,
    )  # fmt: skip


def write_sensitivity(found: Sensitivity, folder: Path) -> None:
    """Write sensitivity.csv: one row for each indicator and value."""
    write_table(folder / FILE, COLUMNS, _rows(found))


def _rows(found: Sensitivity) -> Iterator[list[str | float]]:
    from ..scenario import ranged_quantities
    from ..scenario.value_names import value_name, value_unit

    asked, indices = found.asked, found.indices
    scenario = asked.reading.scenario
    quantities = dict(ranged_quantities(scenario))
    arrays = (
        indices.first, indices.first_low, indices.first_high, indices.total, indices.total_low, indices.total_high,
    )  # fmt: skip
    for number, indicator in enumerate(sensitivity.INDICATORS):
        for place, path in enumerate(asked.points.paths):
            one = quantities[path]
            what = (scenario.name, asked.work.rule_name(0, 0), indicator, path)
            stated = (value_name(scenario, path), value_unit(scenario, path), one.low or 0, one.value, one.high or 0)
            numbers = (float(each[number, place]) for each in arrays)
            method, note = indices.methods[number], indices.notes[number]
            yield [
                *what, *stated, *numbers, method, asked.evaluations, asked.replications, one.source or "", note
            ]  # fmt: skip


def told(rows: Sequence[Row]) -> str:
    """The terminal's table of the values that matter most, and what its numbers are."""
    by_name = {(row["indicator"], row["path"]): row for row in rows}
    labels = {row["path"]: row["label"] for row in rows}
    cells = [[labels[path], *(_cell(by_name[name, path]) for name in SHOWN)] for path in leading(rows)]
    heading = (
        f"{rows[0]['scenario']}: which values matter most. Per cent of the variance of each result that would stay if "
        "all other values were known (total Sobol index), and its interval"
    )
    lines = table(heading, ["Value", *SHOWN.values()], cells)
    notes = {row["indicator"]: row["note"] for row in rows if row["note"]}
    sentences = [f"{name} has no indices: {note}." for name, note in notes.items()]
    sentences.append(f"{made_of(rows)}, the same chance in all.")
    sentences += [f"Intervals: {method}." for method in methods(rows)]
    return "\n".join([*lines, *(line for one in sentences for line in textwrap.wrap(one, WIDTH)), ""])


def _cell(row: Row) -> str:
    """An index and its interval in per cent, cut to what an index can be."""
    if not row["total"]:
        return NONE
    total, low, high = (100 * min(1.0, max(0.0, float(row[name]))) for name in ("total", "total_low", "total_high"))
    return f"{total:.0f} ({low:.0f}–{high:.0f})"

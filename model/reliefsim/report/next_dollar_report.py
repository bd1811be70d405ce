"""What a little more money buys becomes a folder: next_dollar.csv, a figure, and what is printed of it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.next_dollar_table import FILE, OWN, write_next
from ..screen import say
from ..store import Row, read_table
from ..study.queries.marginal import Bought, next_dollar
from ..study.running.jobs import named_rule
from .answering import answered
from .terminal.closing_lines import closing, noted
from .terminal.columns import WIDTH, table
from .text.marginal_words import saturated
from .text.spread import NONE, grouped

if TYPE_CHECKING:
    from ..results.provenance import Settings
    from ..rules import Rule
    from ..scenario import Reading
    from ..study.running.backends import Backend, Stop
    from ..study.running.runner import Progress


@dataclass(frozen=True)
class AskedNext:
    """What a user asked for, checked."""

    reading: Reading
    rule: str | Rule | None
    usd: int
    replications: int
    seed: int
    uncertain: bool
    folder: Path
    workers: int
    quiet: bool
    figures: bool
    command: Sequence[str]
    backend: str | None = None
    insecure: bool = False

    @property
    def rule_name(self) -> str:
        """What the rule is called."""
        return named_rule(self.reading.scenario, self.rule)

    @property
    def settings(self) -> Settings:
        """What run.json tells of the call."""
        from ..results.provenance import Settings

        functions = [self.rule_name] if callable(self.rule) else []
        return Settings(
            self.command, self.workers, self.backend, self.insecure, function_rules=functions, figures=self.figures,
            question={"next_usd": self.usd},
        )  # fmt: skip


def carry_out_next(asked: AskedNext) -> list[Bought]:
    """Find what more money buys in each line, write it whole or not at all, and print it. Raises as publish.carry_out."""
    from ..study.queries.marginal import BESIDE, lines

    def find(where: Backend, progress: Progress, stop: Stop) -> list[Bought]:
        return next_dollar(
            asked.reading.scenario, asked.rule, asked.usd, asked.replications, asked.seed, asked.uncertain, where, progress,
            stop,
        )  # fmt: skip

    total = asked.replications * (BESIDE + len(lines(asked.reading.scenario)))
    found = answered(asked, total, "Replications", find)
    text = _write(asked, found)
    if not asked.quiet:
        say(text)
        say(closing(asked.folder, (asked.reading,)))
    return found


def _write(asked: AskedNext, found: Sequence[Bought]) -> str:
    from ..results.provenance import write_provenance
    from ..scenario import dump
    from ..store import new_files
    from ..study.queries.sobol import NO_VALUES
    from ..study.running.runner import Arm, Study

    asked.folder.mkdir(parents=True, exist_ok=True)
    with new_files(asked.folder) as hidden:
        write_next(asked.reading, asked.rule_name, asked.usd, found, hidden)
        name = asked.reading.scenario.name
        (hidden / f"scenario-{name}.toml").write_text(dump(asked.reading), encoding="utf-8", newline="\n")
        rows = read_table(hidden / FILE)
        notes = _draw(rows, hidden) if asked.figures and rows else []
        arm = Arm(asked.reading, asked.rule_name, (), (), NO_VALUES, NO_VALUES, ())
        named = asked.rule if asked.rule is None else asked.rule_name
        study = Study((arm,), asked.replications, asked.seed, asked.uncertain, (named,))
        write_provenance(study, hidden, asked.settings)
    return noted(told(rows, asked.usd), notes)


def _draw(rows: Sequence[Row], folder: Path) -> list[str]:
    """Draw the figure; what is to be said of it."""
    from .figures.figure_next_dollar import draw_next_dollar
    from .figures.figure_saving import undrawn

    return undrawn(draw_next_dollar(rows, folder), folder)


def told(rows: Sequence[Row], usd: int) -> str:
    """The terminal's table."""
    if not rows:
        return "There is no service: more money buys nothing."
    by_line: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows:
        by_line.setdefault((row["service_label"], row["grant_label"]), {})[row["indicator"]] = row
    cells = [
        [
            f"{service}, {grant}",
            *(_cell(line[name], 1) for name in ("people_reached", "cases_served", f"cases_served{OWN}")),
            _cell(line["waiting_days"], -1),
            saturated(line["cases_served"]),
        ]
        for (service, grant), line in by_line.items()
    ]
    title = f"What USD {grouped(usd)} more buy in each line: means of the differences run by run, and their intervals"
    heads = ["", "People reached", "Cases served", "Of them in this service", "Waiting days saved", "Saturated by"]
    lines = table(title, heads, cells)
    note = (
        "In brackets the interval of the mean; * where it leaves out 0. Money in one line frees other money, which the plan "
        "divides again: cases of other services are among those served. Saturated: the mean run serves no case more of this "
        "service and waits no less, as far as can be told (the interval holds 0), or by under 1 % of what could be."
    )
    return "\n".join([*lines, *textwrap.wrap(note, WIDTH), ""])


def _cell(row: Row, sign: int) -> str:
    if not row["mean_difference"]:
        return NONE
    mean = sign * float(row["mean_difference"])
    if not row["ci_low"] or row["real"] == "equal":
        return grouped(mean)
    low, high = sorted((sign * float(row["ci_low"]), sign * float(row["ci_high"])))
    star = "*" if row["real"] == "yes" else ""
    return f"{grouped(mean)}{star} ({grouped(low)} to {grouped(high)})"

"""What a little more money buys becomes a figure, and what is printed of it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..results.next_dollar_table import FILE, OWN
from ..store import Row, read_table
from ..study.request import NextDollar
from .terminal.columns import WIDTH, table
from .text.marginal_words import saturated
from .text.spread import NONE, grouped

if TYPE_CHECKING:
    from ..study.request import StudyRequest


def tell_next(request: StudyRequest, folder: Path) -> tuple[str, list[str]]:
    """Draw the figure, if it is wanted; the terminal's text, and notes on the figure."""
    from .figures.figure_next_dollar import draw_next_dollar
    from .figures.figure_saving import undrawn

    assert isinstance(request.question, NextDollar)
    rows = read_table(folder / FILE)
    notes = undrawn(draw_next_dollar(rows, folder), folder) if request.figures and rows else []
    return told(rows, request.question.next_usd), notes


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

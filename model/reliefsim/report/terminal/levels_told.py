"""levels.csv becomes what the terminal shows of the plan at part of the money, beside the whole."""

from __future__ import annotations

from collections.abc import Sequence

from ...store import Row
from ..text.spread import NONE, grouped
from .columns import table


def levels_told(rows: Sequence[Row], label: str) -> list[str]:
    """What the terminal shows of one arm: who loses at part of the money."""
    chosen = [row for row in rows if float(row["level"]) < 1]
    parts = list(dict.fromkeys(row["level"] for row in chosen))
    cells = []
    for words, indicator, scale in (
        ("People reached", "people_reached", 1.0), ("Cases served", "cases_served", 1.0),
        ("Need covered, % points", "need_covered", 100.0), ("Gap, USD", "gap_usd", 1.0),
    ):  # fmt: skip
        by_level = {r["level"]: r for r in chosen if r["indicator"] == indicator and not (r["service"] or r["group"])}
        cells.append([words, *(_less(by_level[part], scale) for part in parts)])
    heads = ["", *(f"{100 * float(part):g} % of the money" for part in parts)]
    return table(f"{label}: what is lost at part of the money (means of differences run by run, and intervals)", heads, cells)


def _less(row: Row, scale: float) -> str:
    if not row["mean_difference"]:
        return NONE
    decimals = 1 if scale > 1 else 0
    mean, *ends = (
        grouped(scale * float(row[name]), decimals) if row[name] else NONE
        for name in ("mean_difference", "difference_low", "difference_high")
    )
    return f"{mean} ({ends[0]} to {ends[1]})"

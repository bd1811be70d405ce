"""The rows of sensitivity.csv: its columns, and what of them is shown first."""

from __future__ import annotations

from collections.abc import Sequence

from ..store import Row

FILE = "sensitivity.csv"
COLUMNS = (
    "scenario", "rule", "indicator", "path", "label", "unit", "low", "value", "high",
    "first_order", "first_low", "first_high", "total", "total_low", "total_high", "interval_method",
    "evaluations", "replications", "source", "note",
)  # fmt: skip


SHOWN = {
    "people_reached": "People reached", "need_covered": "Need covered", "gap_usd": "Gap in USD",
    "cost_per_person_reached_usd": "Cost of one reached",
}  # fmt: skip


MOST_VALUES = 12
LEAST_SHOWN = 0.005  # a total index that rounds to 0 % is not shown


def leading(rows: Sequence[Row], indicators: Sequence[str] = tuple(SHOWN)) -> list[str]:
    """The paths with the largest total index of any of the indicators, the largest first; at most MOST_VALUES."""
    most: dict[str, float] = {}
    for row in rows:
        if row["indicator"] in indicators and row["total"]:
            most[row["path"]] = max(most.get(row["path"], 0.0), float(row["total"]))
    return sorted((path for path in most if most[path] >= LEAST_SHOWN), key=lambda path: -most[path])[:MOST_VALUES]


def made_of(rows: Sequence[Row]) -> str:
    """How many evaluations of how many replications."""
    runs = int(rows[0]["replications"])
    return f"{int(rows[0]['evaluations']):,} evaluations of {runs:,} replication{'' if runs == 1 else 's'} each"


def methods(rows: Sequence[Row]) -> list[str]:
    """How the intervals were made, each name once."""
    return list(dict.fromkeys(row["interval_method"] for row in rows if row["interval_method"]))

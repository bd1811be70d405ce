"""Indices become sensitivity.csv; and what of its rows is shown first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..scenario import ranged_quantities
from ..scenario.value_names import value_name, value_unit
from ..store import Row, write_table
from ..study.queries.sobol import INDICATORS, Indices

if TYPE_CHECKING:
    from ..study.request import StudyRequest

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


def write_sensitivity(request: StudyRequest, indices: Indices, folder: Path) -> None:
    """Write sensitivity.csv: one row for each indicator and value."""
    write_table(folder / FILE, COLUMNS, _rows(request, indices))


def _rows(request: StudyRequest, indices: Indices) -> Iterator[list[str | float]]:
    scenario, points = request.scenario, request.points
    assert points is not None
    quantities = dict(ranged_quantities(scenario))
    arrays = (
        indices.first, indices.first_low, indices.first_high, indices.total, indices.total_low, indices.total_high,
    )  # fmt: skip
    for number, indicator in enumerate(INDICATORS):
        for place, path in enumerate(points.paths):
            one = quantities[path]
            what = (scenario.name, request.rule_name, indicator, path)
            stated = (value_name(scenario, path), value_unit(scenario, path), one.low or 0, one.value, one.high or 0)
            numbers = (float(each[number, place]) for each in arrays)
            runs = (points.evaluations, request.replications)
            yield [*what, *stated, *numbers, indices.methods[number], *runs, one.source or "", indices.notes[number]]


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

"""The plan at part of the money, beside the whole: levels.csv, and what the terminal shows of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...results.store import Row, write_table
from ...study.statistics.differences import difference
from ...study.statistics.estimates import estimate, most_of
from ..text.spread import NONE, grouped
from .columns import table

if TYPE_CHECKING:
    from ...study.queries.funding_levels import Levels
    from ...study.running.runner import Arm, Study

FILE = "levels.csv"
COLUMNS = (
    "scenario", "rule", "level", "indicator", "service", "group", "unit", "mean", "ci_low", "ci_high", "interval_method",
    "mean_difference", "difference_low", "difference_high", "difference_method", "real", "replications",
)  # fmt: skip
INDICATORS = ("people_reached", "cases_served", "need_covered", "fully_served_share", "waiting_days", "gap_usd", "spent_usd")


def write_levels(studies: Levels, folder: Path) -> None:
    """Write levels.csv: of each arm, the study of its parts of the money."""
    write_table(folder / FILE, COLUMNS, (row for arm, study in studies for row in _rows(arm, study)))


def _rows(whole: Arm, study: Study) -> Iterator[list[str | float]]:
    """Totals, services and classes, at each part of the money less the whole, run by run."""
    for arm in study.arms:
        apart, told = difference(arm, study.arms[0]), estimate(arm.values, most=most_of(arm.keys))
        level = float(arm.scenario.rstrip(" %")) / 100
        for place, key in enumerate(arm.keys):
            if key.indicator not in INDICATORS or any(key[3:7]) or key.service == "running":
                continue
            mean = (float(told.mean[place]), float(told.ci_low[place]), float(told.ci_high[place]), told.method(place))
            less = (float(apart.mean[place]), float(apart.interval.low[place]), float(apart.interval.high[place]))
            yield [
                whole.scenario, whole.rule, level, key.indicator, key.service, key.group, key.unit, *mean, *less,
                apart.interval.method(place), apart.real[place], apart.replications,
            ]  # fmt: skip


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

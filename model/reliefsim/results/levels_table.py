"""The plan at part of the money, beside the whole: levels.csv."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..store import write_table
from ..study.statistics.differences import difference
from ..study.statistics.estimates import estimate, most_of

if TYPE_CHECKING:
    from ..study.running.runner import Arm, Study


FILE = "levels.csv"


COLUMNS = (
    "scenario", "rule", "level", "indicator", "service", "group", "unit", "mean", "ci_low", "ci_high", "interval_method",
    "mean_difference", "difference_low", "difference_high", "difference_method", "real", "replications",
)  # fmt: skip


INDICATORS = ("people_reached", "cases_served", "need_covered", "fully_served_share", "waiting_days", "gap_usd", "spent_usd")


def write_levels(study: Study, folder: Path) -> None:
    """Write levels.csv: of each arm, the study of its parts of the money."""
    write_table(folder / FILE, COLUMNS, (row for arm, part in study.levels for row in _rows(arm, part)))


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

"""A study becomes its CSV files."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..engine.as_of import begun
from ..indicators.allocated import MEASURES
from ..indicators.registry import HEADLINES
from ..store import write_table
from ..study.statistics.differences import Differences, differences
from ..study.statistics.estimates import Estimates, Floats, estimate, most_of
from ..study.statistics.precision import targets_of
from ..units import DAY
from .bands import DRAWN_RUNS
from .fan_table import write_fans
from .uncertainty import write_points, write_uncertainty

if TYPE_CHECKING:
    from ..indicators.measure import Key
    from ..study.running.runner import Arm, Study

Cell = str | float

INDICATOR_COLUMNS = (
    "scenario", "rule", "indicator", "service", "group", "origin", "location", "grant", "period", "unit",
    "mean", "ci_low", "ci_high", "interval_method", "share_defined", "p10", "p50", "p90", "replications",
)  # fmt: skip
DIFFERENCE_COLUMNS = (
    "scenario", "rule", "reference_scenario", "reference_rule",
    "indicator", "service", "group", "origin", "location", "grant", "period", "unit",
    "mean_difference", "ci_low", "ci_high", "interval_method", "together", "real", "matters", "verdict",
    "chance_better", "chance_equal", "share_defined", "replications",
)  # fmt: skip
ALLOCATION_COLUMNS = (
    "scenario", "rule", "decision", "date", "day", "reason", "service", "grant", "measure",
    "mean", "ci_low", "ci_high", "interval_method", "share_defined", "p10", "p50", "p90", "replications",
)  # fmt: skip


def write_tables(study: Study, folder: Path) -> None:
    """Write indicators.csv, allocation.csv, monthly.csv and runs.csv; of several arms differences.csv too; with bands
    bands.csv and the runs they are of; with points uncertainty.csv and points.csv; with fitted laws fan.csv and
    scorecard.csv."""
    indicators = (row for arm in study.arms for row in _rows(arm, arm.keys, arm.values))
    monthly = (row for arm in study.arms for row in _rows(arm, arm.monthly_keys, arm.monthly))
    write_table(folder / "indicators.csv", INDICATOR_COLUMNS, indicators)
    write_table(folder / "monthly.csv", INDICATOR_COLUMNS, monthly)
    allocation = (row for arm in study.arms for row in _allocation_rows(arm))
    write_table(folder / "allocation.csv", ALLOCATION_COLUMNS, allocation)
    write_runs(study.arms, study, folder / "runs.csv")
    write_fans(study, folder)
    if study.drawn:
        write_runs(study.drawn, study, folder / DRAWN_RUNS)
    if study.points is not None:
        write_uncertainty(study, folder)
        write_points(study.points, folder)
    if len(study.arms) > 1:
        matters = targets_of(study.request.scenarios, study.request.matters)
        apart = (row for one in differences(study.arms, study.reference, matters) for row in _difference_rows(one))
        write_table(folder / "differences.csv", DIFFERENCE_COLUMNS, apart)


def write_runs(arms: Sequence[Arm], study: Study, path: Path) -> None:
    """Write the headline totals of every run."""
    rows = (row for arm in arms for row in _run_rows(arm, study))
    point = () if study.points is None else ("point",)
    write_table(path, ("scenario", "rule", *point, "replication", *HEADLINES), rows)


def _rows(arm: Arm, keys: Sequence[Key], values: Floats) -> Iterator[list[Cell]]:
    """One row an estimate; an indicator that is defined in no replication has a row too, with empty numbers."""
    found = estimate(values, arm.points, most_of(keys))
    for place, key in enumerate(keys):
        yield [arm.scenario, arm.rule, *key, *estimate_cells(found, place)]


def estimate_cells(found: Estimates, place: int) -> tuple[Cell, ...]:
    """The columns from mean on: the interval and its method, the share of replications with a value, quantiles."""
    bounds = (float(found.mean[place]), float(found.ci_low[place]), float(found.ci_high[place]))
    quantiles = (float(found.p10[place]), float(found.p50[place]), float(found.p90[place]))
    share = float(found.share_defined[place])
    return (*bounds, found.method(place), share, *quantiles, found.replications)


def _difference_rows(one: Differences) -> Iterator[list[Cell]]:
    """One row an indicator that both arms have."""
    which = (one.arm.scenario, one.arm.rule, one.reference.scenario, one.reference.rule)
    for place, key in enumerate(one.keys):
        bounds = (float(one.mean[place]), float(one.interval.low[place]), float(one.interval.high[place]))
        chances = (float(one.chance_better[place]), float(one.chance_equal[place]))
        judged = (int(one.together[place]), one.real[place], float(one.least[place]), one.verdict[place])
        rest = (*chances, float(one.share_defined[place]), one.replications)
        yield [*which, *key, *bounds, one.interval.method(place), *judged, *rest]


def _allocation_rows(arm: Arm) -> Iterator[list[Cell]]:
    """Decisions are numbered in order of time; the day of one that moves from run to run is the mean day."""
    if not arm.allocation:
        return
    columns = [entry.usd[measure] for entry in arm.allocation for measure in MEASURES]
    found = estimate(np.column_stack(columns), arm.points)
    start = begun(arm.reading.scenario).start_date
    numbers: dict[tuple[str, int], tuple[int, float]] = {}
    for place, entry in enumerate(arm.allocation):
        decision = (entry.line.reason, entry.line.occurrence)
        if decision not in numbers:
            numbers[decision] = (len(numbers) + 1, _mean_day(entry.seconds))
        number, day = numbers[decision]
        date = (start + datetime.timedelta(days=int(day))).isoformat()
        when = (arm.scenario, arm.rule, number, date, day, entry.line.reason, entry.line.service, entry.line.grant)
        for part, measure in enumerate(MEASURES):
            yield [*when, measure, *estimate_cells(found, place * len(MEASURES) + part)]


def _mean_day(seconds: Floats) -> float:
    came = seconds[np.isfinite(seconds)]
    return float(came[0] if (came == came[0]).all() else round(came.mean())) / DAY


def _run_rows(arm: Arm, study: Study) -> Iterator[list[Cell]]:
    """One row a replication, with its point where there are points; a headline that the scenario lacks stays empty."""
    totals = {key.indicator: place for place, key in enumerate(arm.keys) if not any(key[1:7])}
    for number, row in enumerate(arm.values.tolist()):
        point, replication = divmod(number, study.replications)
        which = [replication] if study.points is None else [point, replication]
        headlines = (row[totals[name]] if name in totals else float("nan") for name in HEADLINES)
        yield [arm.scenario, arm.rule, *which, *headlines]

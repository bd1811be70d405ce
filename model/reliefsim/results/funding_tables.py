"""The fundraiser's numbers, run by run, become gap.csv, runout.csv, attribution.csv, budget.csv, targets.csv, pipeline.csv."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..engine.as_of import begun
from ..indicators.measure import keys
from ..indicators.registry import meaning_in, names_in
from ..indicators.run_totals import PEOPLE_THERE
from ..scenario.schema_services import Goods
from ..store import write_table
from ..study.statistics.estimates import Floats, estimate, most_of
from ..units import DAY
from .bands import write_bands
from .levels_table import write_levels
from .study_tables import INDICATOR_COLUMNS, Cell, estimate_cells, write_tables

if TYPE_CHECKING:
    from ..study.running.runner import Arm, Study

COLUMNS = (*INDICATOR_COLUMNS[:-1], "chance_none", "replications")
RUN_OUT_COLUMNS = (
    "scenario", "rule", "indicator", "service", "grant", "period", "unit", "chance", "mean", "p10", "p50", "p90",
    "date_p10", "date_p50", "date_p90", "replications",
)  # fmt: skip
TARGET_COLUMNS = (
    "scenario", "rule", "group", "target_people", "measure", "mean", "ci_low", "ci_high", "interval_method",
    "share_defined", "p10", "p50", "p90", "replications",
)  # fmt: skip

TARGETS = meaning_in("targets")


def write_all_tables(study: Study, folder: Path) -> None:
    """Write the tables of a study, and the fundraiser's if they were asked for."""
    write_tables(plain(study), folder)
    if study.drawn:
        write_bands(study, folder)
    if study.request.funding:
        write_funding_tables(study, folder)
    if study.levels:
        write_levels(study, folder)


def plain(study: Study) -> Study:
    """The same study without the fundraiser's numbers, and without people by service and place, which hapi.csv tells."""
    return replace(study, arms=tuple(map(_plain, study.arms)), drawn=tuple(map(_plain, study.drawn)))


def _plain(arm: Arm) -> Arm:
    some = tuple(key for key in keys(arm.reading.scenario) if key.indicator != PEOPLE_THERE)  # those stand last
    return replace(arm, keys=some, values=arm.values[:, : len(some)])


def write_funding_tables(study: Study, folder: Path) -> None:
    """Write the fundraiser's tables of a study that counted them."""
    for name in ("gap", "attribution", "budget", "pipeline"):
        rows = (row for arm in study.arms for row in _rows(arm, _places(arm, name)))
        write_table(folder / f"{name}.csv", COLUMNS, rows)
    write_table(folder / "runout.csv", RUN_OUT_COLUMNS, (row for arm in study.arms for row in _run_out_rows(arm)))
    write_table(folder / "targets.csv", TARGET_COLUMNS, (row for arm in study.arms for row in _target_rows(arm)))


def _places(arm: Arm, file: str) -> list[int]:
    """Which of an arm's numbers a file tells: of the budget, those of a grant; of stores, those of goods."""
    names, services = names_in(file), arm.reading.scenario.services
    of_goods = {one.counts_as or name for name, one in services.items() if isinstance(one, Goods)}
    chosen = [(place, key) for place, key in enumerate(arm.keys) if key.indicator in names]
    if file == "budget":
        return [place for place, key in chosen if key.grant]
    return [place for place, key in chosen if file != "pipeline" or key.period or key.service in of_goods]


def _rows(arm: Arm, places: Sequence[int]) -> Iterator[list[Cell]]:
    """One row an estimate, with the share of replications in which it is nothing at all."""
    values = arm.values[:, places]
    found = estimate(values, arm.points, most_of([arm.keys[place] for place in places]))
    none = (values == 0).mean(axis=0)
    for number, place in enumerate(places):
        *cells, replications = estimate_cells(found, number)
        yield [arm.scenario, arm.rule, *arm.keys[place], *cells, float(none[number]), replications]


def _run_out_rows(arm: Arm) -> Iterator[list[Cell]]:
    """Days by which, and weeks in which, services and grants run out; what never comes is later than any day.

    Quantiles are over all replications: empty where so many never run out. A mean is there only where all do.
    """
    for place in _places(arm, "runout"):
        key = arm.keys[place]
        values = arm.values[:, place]
        came = ~np.isnan(values) if key.unit == "day" else values > 0
        mean = float(values.mean())  # NaN where any is
        p10, p50, p90 = (in_order(values, share) for share in (0.1, 0.5, 0.9))
        dates = [_date(arm, day) if key.unit == "day" else "" for day in (p10, p50, p90)]
        yield [
            arm.scenario, arm.rule, key.indicator, key.service, key.grant, key.period, key.unit, float(came.mean()), mean,
            p10, p50, p90, *dates, len(values),
        ]  # fmt: skip


def in_order(values: Floats, share: float) -> float:
    """The least value that at least ``share`` of all do not exceed; NaN, which is more than any, where that is missing."""
    return float(np.sort(values)[max(0, math.ceil(share * len(values)) - 1)])


def _date(arm: Arm, day: float) -> str:
    if math.isnan(day):
        return ""
    return (begun(arm.reading.scenario).start_date + datetime.timedelta(seconds=round(day * DAY))).isoformat()


def _target_rows(arm: Arm) -> Iterator[list[Cell]]:
    """People reached by class beside the target, each person once, and added up over services."""
    scenario = arm.reading.scenario
    target = float((scenario.caseload.target_people or scenario.caseload.people).value)
    shares = {name: float(one.share.value) for name, one in scenario.classes.items()}
    for place, key in enumerate(arm.keys):
        total = not any(key[1:7])
        if key.indicator not in TARGETS or not (total or key.group in shares):
            continue
        found = estimate(arm.values[:, [place]], arm.points)
        wanted = target * (1.0 if total else shares[key.group])
        yield [arm.scenario, arm.rule, key.group, wanted, TARGETS[key.indicator], *estimate_cells(found, 0)]

"""A study with bands becomes bands.csv: between what each number lies, over what is not known and chance, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..engine.world.unknown import places
from ..scenario.ranges import ranged
from ..scenario.value_names import value_name
from ..store import write_table
from ..study.statistics.estimates import estimate
from ..study.statistics.sources import CHANCE, largest_source
from .study_folder import BANDS

if TYPE_CHECKING:
    from ..indicators.measure import Key
    from ..study.running.runner import Arm, Study
    from ..study.statistics.estimates import Floats

DRAWN_RUNS = "drawn_runs.csv"
COLUMNS = (
    "scenario", "rule", "indicator", "service", "group", "origin", "location", "grant", "period", "unit",
    "mean", "p10", "p50", "p90", "share_defined", "at_point_values", "largest_source", "label", "share_of_source", "replications",
)  # fmt: skip
BY_CHANCE = "chance"  # as a largest source


def write_bands(study: Study, folder: Path) -> None:
    """Write bands.csv: one row for each indicator of indicators.csv and the fundraiser's, then of monthly.csv.

    Over runs in each of which every value with a range is drawn. ``at_point_values``: the mean of indicators.csv.
    ``largest_source``: of totals, the key of the value that goes with the largest part of the variance (``label``: what it
    is called), or chance; empty where none can be told from the others (see statistics.sources).
    """
    paths = sorted({path for arm in study.arms for path in ranged(arm.reading.scenario)})
    where = places(paths, study.seed, study.replications)
    both = list(zip(study.arms, study.drawn, strict=True))
    whole = (row for point, drawn in both for row in _rows(drawn, drawn.keys, (point.values, drawn.values), (paths, where)))
    monthly = (row for point, drawn in both for row in _rows(drawn, drawn.monthly_keys, (point.monthly, drawn.monthly), None))
    write_table(folder / BANDS, COLUMNS, (row for rows in (whole, monthly) for row in rows))


def _rows(
    arm: Arm, keys: Sequence[Key], values: tuple[Floats, Floats], unknown: tuple[Sequence[str], Floats] | None
) -> Iterator[list[str | float]]:
    """One row an indicator; ``values``: at the point values, and drawn; ``unknown``: the values' keys and their places."""
    at_point, found = estimate(values[0]), estimate(values[1])
    paths, where = _mine(arm, unknown)
    for place, key in enumerate(keys):
        numbers = (one[place] for one in (found.mean, found.p10, found.p50, found.p90, found.share_defined))
        source, label, share = "", "", np.nan
        if unknown is not None and not any(key[1:7]):
            largest = largest_source(values[0][:, place], values[1][:, place], where)
            source = BY_CHANCE if largest.place == CHANCE else paths[largest.place] if largest.place >= 0 else ""
            label = value_name(arm.reading.scenario, source) if largest.place >= 0 else source
            share = largest.share
        yield [
            arm.scenario, arm.rule, *key, *map(float, numbers), float(at_point.mean[place]), source, label, share,
            found.replications,
        ]  # fmt: skip


def _mine(arm: Arm, unknown: tuple[Sequence[str], Floats] | None) -> tuple[Sequence[str], Floats]:
    """Of the study's values that are not known, those that a scenario has, and their places."""
    if unknown is None:
        return (), np.empty((0, 0))
    paths, where = unknown
    has = set(ranged(arm.reading.scenario))
    columns = [number for number, path in enumerate(paths) if path in has]
    return [paths[number] for number in columns], where[:, columns]

"""A study with points becomes uncertainty.csv: how far its results may lie off, and what of that is not knowing."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..store import write_table
from ..study.statistics.estimates import estimate
from ..study.statistics.variance_split import split

if TYPE_CHECKING:
    from ..indicators.measure import Key
    from ..study.running.runner import Arm, Study
    from ..study.statistics.estimates import Floats
    from ..study.statistics.points import Points

FILE, POINTS = "uncertainty.csv", "points.csv"
COLUMNS = (
    "scenario", "rule", "indicator", "service", "group", "origin", "location", "grant", "period", "unit",
    "mean", "sd", "share_not_knowing", "share_chance", "p10", "p50", "p90", "share_defined", "points", "replications",
    "note",
)  # fmt: skip


def write_uncertainty(study: Study, folder: Path) -> None:
    """Write uncertainty.csv: one row for each indicator of indicators.csv, then of monthly.csv.

    ``sd`` is the standard deviation over points and replications; the shares are of its square. Where it cannot be
    split, they stay empty and ``note`` says why. ``replications``: of each point.
    """
    whole = (row for arm in study.arms for row in _rows(arm, study, arm.keys, arm.values))
    monthly = (row for arm in study.arms for row in _rows(arm, study, arm.monthly_keys, arm.monthly))
    write_table(folder / FILE, COLUMNS, (row for rows in (whole, monthly) for row in rows))


def write_points(points: Points, folder: Path) -> None:
    """Write points.csv: for each point, where in its range each value lies (the share of its distribution below)."""
    rows = ([number, *row] for number, row in enumerate(points.values.tolist()))
    write_table(folder / POINTS, ("point", *points.paths), rows)


def read_points(folder: Path) -> Points:
    """The points that ``write_points`` wrote."""
    from ..study.statistics.points import Points

    with (folder / POINTS).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return Points(tuple(head[1:]), np.array([row[1:] for row in rows], np.float64))


def _rows(arm: Arm, study: Study, keys: Sequence[Key], values: Floats) -> Iterator[list[str | float]]:
    """One row an indicator; its mean and quantiles are those of indicators.csv."""
    found, parts = estimate(values, arm.points), split(values, arm.points)
    shares = (parts.deviation, parts.not_knowing, parts.chance)
    bands = (found.p10, found.p50, found.p90, found.share_defined)
    for place, key in enumerate(keys):
        numbers = (float(one[place]) for one in (found.mean, *shares, *bands))
        yield [arm.scenario, arm.rule, *key, *numbers, arm.points, study.replications, parts.notes[place]]

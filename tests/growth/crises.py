"""The shipped series, read by the tests' own hand."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

from reliefsim.growth.recorded import Recorded, recorded

FOLDER = Path(__file__).parents[2] / "scenarios" / "data" / "series"


def shipped() -> list[Recorded]:
    """Every shipped series, by its row in SOURCES.csv."""
    with (FOLDER / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
        return [one(row["name"], row["group"]) for row in csv.DictReader(file)]


def one(name: str, group: str = "") -> Recorded:
    """One shipped series."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [(datetime.date.fromisoformat(row["date"]), int(row["people"]), row["flag"]) for row in csv.DictReader(file)]
    return recorded(name, [row[:2] for row in rows], [row[0] for row in rows if row[2] == "break"], group=group)

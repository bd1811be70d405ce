"""A pool file becomes what other crises teach: parameters, the crises in it, and how well it foresaw each, left out."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from .trend_filter import Trend

SHIPPED = "pool-2026.toml"
PARAMETERS = ("persistence", "slope_share", "memory", "typical_noise", "prior_counts", "level_weight")
SCORED_MONTHS, MOST_MONTHS = 12, 24  # after the last count: to which lead a pool was scored, and beyond which it tells nothing


@cache
def shipped(name: str = SHIPPED) -> dict[str, Any]:
    """A pool of the package as a table. Raises FileNotFoundError where there is none of that name."""
    return read((files(__package__) / name).read_bytes(), name)


def read(raw: bytes, name: str) -> dict[str, Any]:
    """A pool file as a table, with its name and SHA-256. Raises ValueError where it is none."""
    found = tomllib.loads(raw.decode("utf-8"))
    if lacking := [key for key in (*PARAMETERS, "count_error") if type(found.get(key)) not in (int, float)]:
        raise ValueError(f"is no pool: it lacks {', '.join(lacking)}. reliefsim fit-pool makes one")
    return {**found, "name": name, "sha256": hashlib.sha256(raw).hexdigest()}


def learned(table: dict[str, Any]) -> Trend:
    """The parameters of a pool."""
    return Trend(*(float(table[key]) for key in PARAMETERS))

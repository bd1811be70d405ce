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


def without(table: dict[str, Any], group: str | None) -> dict[str, Any]:
    """The pool with the parameters that a group of crises had no part in; none: as it is.

    Raises KeyError, with the groups that there are, for one that is none of them, and ValueError for parameters that are
    none.
    """
    if group is None:
        return table
    groups = table.get("without", {})
    if group not in groups:
        raise KeyError(list(groups))
    own = {key: groups[group].get(key) for key in PARAMETERS}
    if any(type(value) not in (int, float) for value in own.values()):
        raise ValueError(f"has no parameters without {group}")
    return {**table, **own}

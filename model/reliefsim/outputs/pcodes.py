"""A P-code becomes the region it stands for, and the version of the list that says so (pcodes.csv beside this file)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

NOT_LISTED = "not listed: the scenario's own code"
NONE_KNOWN = "no code known"


class Place(NamedTuple):
    """A region of a country (ISO 3166 alpha-3), by its P-code."""

    location_code: str
    admin1_code: str
    admin1_name: str
    version: str
    source: str


@cache
def listed() -> dict[str, Place]:
    """The places of the list, by P-code."""
    with Path(__file__).with_name("pcodes.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["admin1_code"]: Place(**row) for row in rows}


def place(pcode: str | None, label: str) -> Place:
    """What a scenario's place is: as listed; as the scenario says, if its code is not listed; with no code otherwise."""
    if pcode is None:
        return Place("", "", label, NONE_KNOWN, "")
    return listed().get(pcode) or Place("", pcode, label, NOT_LISTED, "")

"""A P-code becomes the region it stands for, and the version of the list that says so (pcodes.csv beside this file).

A study has its own pcodes.csv: every code that its scenarios use, by which its other tables name places.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..study.store import write_table

if TYPE_CHECKING:
    from ..study.runner import Study

FILE = "pcodes.csv"
COLUMNS = ("location_code", "admin1_code", "admin1_name", "admin1_version", "source")
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
    with Path(__file__).with_name(FILE).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["admin1_code"]: Place(**row) for row in rows}


def place(pcode: str | None, label: str) -> Place:
    """What a scenario's place is: as listed; as the scenario says, if its code is not listed; with no code otherwise."""
    if pcode is None:
        return Place("", "", label, NONE_KNOWN, "")
    return listed().get(pcode) or Place("", pcode, label, NOT_LISTED, "")


def write_pcodes(study: Study, folder: Path) -> None:
    """Write pcodes.csv: one row a code of a location or an origin of any scenario, in their order."""
    scenarios = [arm.reading.scenario for arm in study.arms]
    used = [one for scenario in scenarios for kind in (scenario.locations, scenario.origins) for one in kind.items()]
    found: dict[str, Place] = {}
    for name, one in used:
        if one.pcode is not None:
            found.setdefault(one.pcode, place(one.pcode, one.label or name))
    write_table(folder / FILE, COLUMNS, [found[code] for code in sorted(found)])

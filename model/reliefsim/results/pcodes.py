"""A P-code becomes the region or district it stands for, and the version of the list that says so (pcodes.csv beside).

A study has its own pcodes.csv: every code that its scenarios use, by which its other tables name places.

pcodes.csv holds what was read: Mali's lists, with the day from which each holds. The codes of the reform of 2023 (ML09
for Taoudenit, and others) are in no list that was read or that HAPI serves, so none is here. pcode_lengths.csv: of each
country, how long codes of its first and second level are, where the latter begin with the former; worked out from
OCHA's global P-codes (https://data.humdata.org/dataset/global-pcodes, a public copy of February 2026).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..store import write_table

if TYPE_CHECKING:
    from ..scenario.schema import Location, Origin, Scenario
    from ..study.running.runner import Study

FILE, _LENGTHS = "pcodes.csv", "pcode_lengths.csv"
NOT_LISTED = "not listed: the scenario's own code"
NONE_KNOWN = "no code known"


class Place(NamedTuple):
    """A country (ISO 3166-1 alpha-3), a region of it or a district of that, by their P-codes; empty: not known."""

    location_code: str
    admin1_code: str
    admin1_name: str
    admin2_code: str
    admin2_name: str
    admin_level: str
    pcode_version: str
    source: str


COLUMNS = Place._fields


@cache
def _read(name: str) -> tuple[dict[str, str], ...]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def place(scenario: Scenario, code: str, label: str) -> Place:
    """What a scenario's place is: as the list of its time has it, else one that has its code; as the scenario says, if its
    code is in none; with no code otherwise."""
    country = scenario.country or ""
    if not code:
        return Place(country, "", label, "", "", "", NONE_KNOWN, "")
    lists = [
        row for row in _read(FILE)
        if code == (row["admin2_code"] or row["admin1_code"]) and country in ("", row["location_code"])
    ]  # fmt: skip
    if not lists:
        return _unlisted(country, code, label)
    in_time = [row for row in lists if row["valid_from"] <= scenario.start_date.isoformat()]
    row = max(in_time or lists, key=lambda row: row["valid_from"])
    return Place(
        country, row["admin1_code"], row["admin1_name"], row["admin2_code"], row["admin2_name"],
        "2" if row["admin2_code"] else "1", row["version"], row["source"],
    )  # fmt: skip


def _unlisted(country: str, code: str, label: str) -> Place:
    """A code of the scenario's own; its level is known by its length, in a country whose codes' lengths are known."""
    lengths = next((row for row in _read(_LENGTHS) if row["location_code"] == country), {})
    first = int(lengths.get("admin1_length", 0))
    if str(len(code)) == lengths.get("admin2_length"):
        return Place(country, code[:first], "", code, label, "2", NOT_LISTED, "")
    return Place(country, code, label, "", "", "1" if len(code) == first else "", NOT_LISTED, "")


def write_pcodes(study: Study, folder: Path) -> None:
    """Write pcodes.csv: one row a code of a location or an origin of any scenario, with the labels of all that have it."""
    found: dict[Place, tuple[Scenario, str, dict[str, None]]] = {}
    for scenario in (arm.reading.scenario for arm in study.arms):
        places: list[tuple[str, Location | Origin]] = [*sorted(scenario.locations.items()), *sorted(scenario.origins.items())]
        for name, one in places:  # in an order that a resolved scenario has, too
            if one.pcode is not None:
                _, _, labels = found.setdefault(place(scenario, one.pcode, ""), (scenario, one.pcode, {}))
                labels[one.label or name] = None
    rows = [(code, place(scenario, code, " / ".join(labels))) for scenario, code, labels in found.values()]
    write_table(folder / FILE, COLUMNS, [row for _, row in sorted(rows)])

"""A run becomes plain rows with names in place of numbers, whole or up to a day, to hold two runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reliefsim.records import Run
from reliefsim.units import MISSING

Row = tuple[Any, ...]
WHOLE = 1 << 60

TABLES = ("households", "cases", "postings", "orders", "departures", "rounds", "capacities")


def same_bytes(run: Run) -> tuple[Any, ...]:
    """Everything a run recorded, to the byte, column by column (between columns a table may hold anything)."""
    tables = [getattr(run, name) for name in TABLES]
    columns = tuple(table[column].tobytes() for table in tables for column in table.dtype.names)
    return *columns, run.member_class.tobytes(), repr(run.decisions), repr(run.envelopes), run.names


def named(run: Run, cut: int = WHOLE, without: str = "") -> dict[str, list[Row]]:
    """Every table as rows of names and numbers; what happened at ``cut`` or later has not happened yet.

    ``without``: a service, grant or place whose own rows are left out.
    """
    rows = {
        "households": _households(run, cut),
        "cases": _cases(run, cut),
        "postings": _postings(run, cut),
        "orders": _orders(run, cut),
        "departures": _departures(run, cut),
        "rounds": [tuple(row) for row in run.rounds if row["time"] < cut],
        "capacities": [
            (int(row["time"]), run.names.services[row["service"]], run.names.teams[row["team"]], int(row["capacity"]))
            for row in run.capacities
            if row["time"] < cut
        ],
        "decisions": [tuple(row) for row in run.decisions if row.time < cut],
        "envelopes": [tuple(row) for row in run.envelopes if row.time < cut],
    }
    return {table: [row for row in found if not without or without not in row] for table, found in rows.items()}


def _name(names: Sequence[str], number: int) -> str:
    """A name; numbers beyond the last stand for the running costs, below the first for none."""
    return "none" if number == MISSING else "running" if number == len(names) else names[number]


def _so_far(second: int, cut: int) -> int:
    return int(second) if second < cut else MISSING


def _people(run: Run) -> list[tuple[int, int]]:
    """Population and number within it of each household: hosts are numbered behind all arrivals."""
    population = run.households["population"].astype(int)
    within = [int((population[:number] == kind).sum()) for number, kind in enumerate(population)]
    return list(zip(population.tolist(), within, strict=True))


def _households(run: Run, cut: int) -> list[Row]:
    names = run.names
    rows = []
    for key, row in zip(_people(run), run.households, strict=True):
        if row["arrived"] >= cut:
            continue
        times = (int(row["arrived"]), _so_far(row["left"], cut), _so_far(row["registered"], cut))
        members = run.member_class[row["first_member"] : row["first_member"] + row["size"]]
        classes = tuple(_name(names.classes, number) for number in (row["priority_class"], *members))
        place = (_name(names.origins, row["origin"]), _name(names.locations, row["location"]))
        rows.append((key, times, int(row["size"]), classes, place))
    return sorted(rows)


def _cases(run: Run, cut: int) -> list[Row]:
    keys = _people(run)
    rows: list[Row] = []
    for row in run.cases:
        if row["arose"] >= cut:
            continue
        opened, started = _so_far(row["opened"], cut), _so_far(row["started"], cut)
        ended = int(row["ended"]) if started != MISSING else _so_far(row["ended"], cut)
        outcome = int(row["outcome"]) if row["ended"] != MISSING and row["ended"] < cut else MISSING
        if cut == WHOLE:
            outcome = int(row["outcome"]) * 100 + int(row["reason"])
        service = run.names.services[row["service"]]
        who = (keys[row["household"]], int(row["member"]), int(row["arose"]), int(row["people"]))
        price = int(row["priced_cents"]) if cut == WHOLE else 0  # what it would cost is reckoned at the end
        rows.append((service, who, price, opened, started, ended, outcome, *_payment(run, row, started)))
    return sorted(rows, key=repr)


def _payment(run: Run, row: Any, started: int) -> Row:
    """How a case was paid and carried out; nothing before it started."""
    if started == MISSING:
        return ("none", "none", MISSING, 0, 0)
    team, grant = _name(run.names.teams, row["team"]), _name(run.names.grants, row["grant"])
    return team, grant, int(row["group"]), int(row["cents"]), int(row["indirect_cents"])


def _postings(run: Run, cut: int) -> list[Row]:
    names = run.names
    return [
        (
            int(row["time"]), _name(names.grants, row["grant"]), _name(names.services, row["service"]),
            int(row["debit"]), int(row["credit"]), int(row["cents"]), int(row["indirect_cents"]),
        )
        for row in run.postings
        if row["time"] < cut
    ]  # fmt: skip


def _orders(run: Run, cut: int) -> list[Row]:
    names = run.names
    rows: list[Row] = []
    for row in run.orders:
        if row["ordered"] < cut:
            came = _so_far(row["arrived"], cut)
            lost = int(row["lost"]) if came != MISSING else 0
            where = (_name(names.services, row["service"]), _name(names.grants, row["grant"]))
            rows.append((int(row["ordered"]), *where, came, int(row["quantity"]), lost, int(row["cents"])))
    return rows


def _departures(run: Run, cut: int) -> list[Row]:
    names = run.names
    return [
        (
            int(row["time"]), _name(names.services, row["service"]), _name(names.grants, row["grant"]),
            int(row["number"]), int(row["seats"]), int(row["cents"]),
        )
        for row in run.departures
        if row["time"] < cut
    ]  # fmt: skip


def started_or_never(run: Run) -> npt.NDArray[np.int64]:
    """Start of every case in seconds; of those that never started, later than everything."""
    return np.where(run.cases["started"] == MISSING, WHOLE, run.cases["started"].astype(np.int64))

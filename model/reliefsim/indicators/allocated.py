"""What decisions set aside, run by run, becomes one table over replications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..records import Envelope

Floats = npt.NDArray[np.float64]

END = "end"  # the reason of the last entry: no decision, but what had become of the money by the horizon
MEASURES = ("envelope_usd", "committed_usd", "spent_usd", "left_usd")

_TIME, _ENVELOPE, _COMMITTED, _SPENT = range(4)


class Line(NamedTuple):
    """One service and one grant at one kind of decision: the ``occurrence``-th (from 0) for that reason in a run."""

    reason: str
    occurrence: int
    service: str
    grant: str


@dataclass(frozen=True)
class Allocations:
    """The allocations of some replications of one scenario under one rule.

    ``amounts``: int64, shape (n, 6): replication, position in ``lines``, seconds, then cents: envelope, committed,
    spent.
    """

    lines: tuple[Line, ...]
    amounts: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Entry:
    """One line over replications: ``seconds`` and each measure in USD have shape (replications,), NaN where the
    decision did not come in that replication."""

    line: Line
    seconds: Floats
    usd: dict[str, Floats]


def gather(allocations: Iterable[tuple[int, Sequence[Envelope]]]) -> Allocations:
    """The envelopes of several replications as one table of integers, small enough to send between processes."""
    places: dict[Line, int] = {}
    rows: list[tuple[int, int, int, int, int, int]] = []
    for replication, envelopes in allocations:
        seen: dict[str, list[int]] = {}
        for one in settled(envelopes):
            times = seen.setdefault(one.reason, [])
            if one.time not in times:
                times.append(one.time)
            line = Line(one.reason, times.index(one.time), one.service, one.grant)
            place = places.setdefault(line, len(places))
            rows.append((replication, place, one.time, one.envelope, one.committed, one.spent))
    return Allocations(tuple(places), np.array(rows, np.int64).reshape(-1, 6))


def settled(envelopes: Sequence[Envelope]) -> list[Envelope]:
    """The envelopes, those of the end set against the last plan that had money of their grant to divide.

    A plan made after a grant's window has nothing of it to set aside; held against that, nothing would seem left over.
    """
    plans: dict[tuple[str, int], list[Envelope]] = {}
    for one in envelopes:
        if one.reason != END:
            plans.setdefault((one.grant, one.time), []).append(one)
    last: dict[tuple[str, str], int] = {}
    for plan in plans.values():
        if any(one.envelope > one.committed + one.spent for one in plan):
            last.update({(one.service, one.grant): one.envelope for one in plan})
    return [
        one._replace(envelope=last.get((one.service, one.grant), one.envelope)) if one.reason == END else one
        for one in envelopes
    ]


def joined(parts: Sequence[Allocations], replications: int) -> tuple[Entry, ...]:
    """The parts of all replications as entries, in order of time, then of the plan's own order."""
    known = dict.fromkeys(line for part in parts for line in part.lines)
    lines = {line: place for place, line in enumerate(known)}
    table = np.full((len(lines), replications, 4), np.nan)
    for part in parts:
        here = np.array([lines[line] for line in part.lines], np.int64)
        rows = part.amounts
        if len(rows):
            table[here[rows[:, 1]], rows[:, 0]] = rows[:, 2:]
    entries = [_entry(line, table[place]) for line, place in lines.items()]
    return tuple(sorted(entries, key=lambda one: (*_when(one), lines[one.line])))


def _when(entry: Entry) -> tuple[bool, float]:
    return entry.line.reason == END, float(np.nanmin(entry.seconds))


def _entry(line: Line, amounts: Floats) -> Entry:
    left = amounts[:, _ENVELOPE] - amounts[:, _COMMITTED] - amounts[:, _SPENT]
    cents = (amounts[:, _ENVELOPE], amounts[:, _COMMITTED], amounts[:, _SPENT], left)
    return Entry(line, amounts[:, _TIME], {name: one / 100 for name, one in zip(MEASURES, cents, strict=True)})

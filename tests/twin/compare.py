"""Two runs become the list of their differences: case by case, cent by cent."""

from __future__ import annotations

import numpy as np

from reliefsim.layout import Facts
from reliefsim.records import Run

TABLES = ("households", "cases", "orders", "departures", "rounds", "capacities", "cofunded")


def differences(run: Run, twin: Run) -> list[str]:
    """What differs between two runs; postings, handovers and breaks of one second may be written in any order."""
    found = []
    for name in TABLES:
        found += _of_tables(name, getattr(run, name), getattr(twin, name))
    for name in ("postings", "handovers", "breaks"):
        found += _of_tables(name, _sorted(getattr(run, name)), _sorted(getattr(twin, name)))
    for name in ("decisions", "envelopes"):
        ours, theirs = getattr(run, name), getattr(twin, name)
        if ours != theirs:
            place = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), -1)
            found.append(f"{name}: {len(ours)} and {len(theirs)}, first at {place}: {ours[place]} and {theirs[place]}")
    for name in ("member_class", "short_since", "grants_end"):
        ours, theirs = getattr(run, name), getattr(twin, name)
        if not np.array_equal(ours, theirs):
            found.append(f"{name}: {ours} and {theirs}")
    return found


def _of_tables(name: str, ours: Facts, theirs: Facts) -> list[str]:
    if len(ours) != len(theirs):
        return [f"{name}: {len(ours)} rows and {len(theirs)}"]
    found = []
    for column in ours.dtype.names or ():
        unequal = np.flatnonzero(ours[column] != theirs[column])
        if len(unequal):
            row = unequal[0]
            found.append(f"{name}.{column}: {len(unequal)} rows, first {row}: {ours[row]} and {theirs[row]}")
    return found


def _sorted(postings: Facts) -> Facts:
    columns = [postings[name] for name in postings.dtype.names or ()]
    return postings[np.lexsort(columns[::-1])]

"""The needs drawn for those there at the start become the needs that are left: what was served before is taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .streams import HOST, INITIAL, uniforms

if TYPE_CHECKING:
    from .demand import Demand

Integers = npt.NDArray[np.int64]
Table = npt.NDArray[np.void]


def still_needed(
    wanted: Demand, households: Table, kinds: Integers, cases: Table, work: Table, seed: int, replication: int
) -> tuple[Table, Table]:
    """The cases that were not served before the start, and their rows of ``work``; households' cases are counted anew.

    Which cases were served is a choice by chance among those of households there at the start, in a stream of its
    own for each service. Where more were served than are needed, none is left. ``cases`` are in order of households.
    """
    there = np.isin(kinds, (INITIAL, HOST))[cases["household"]]
    needed = np.ones(len(cases), np.bool_)
    for number, (name, served) in enumerate(zip(wanted.services, wanted.served_before, strict=True)):
        if served and not wanted.needs[number]["by_rate"]:
            its = np.flatnonzero(there & (cases["service"] == number))
            order = np.argsort(uniforms(seed, replication, f"served:{name}", len(its)), kind="stable")
            needed[its[order[:served]]] = False
    cases, work = cases[needed], work[needed]
    households["cases"] = np.bincount(cases["household"], minlength=len(households))
    households["first_case"] = np.cumsum(households["cases"]) - households["cases"]
    return cases, work

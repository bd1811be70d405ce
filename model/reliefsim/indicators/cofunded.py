"""What grants pay together becomes, case by case, who pays beside the grant that pays most."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..records import Run
from ..units import MISSING

Integers = npt.NDArray[np.int64]


def co_payers(run: Run) -> tuple[Integers, Integers]:
    """Cases, in order, and the grant that pays a part of each, but for the largest part; of a group, of all its cases."""
    standing = run.cofunded[run.cofunded["released"] == MISSING]
    single = standing[standing["group"] == MISSING]
    together = standing[standing["group"] != MISSING]
    grouped = np.flatnonzero(run.cases["group"] != MISSING) if len(together) else np.zeros(0, np.int64)
    many = int(run.cases["group"].max(initial=0)) + 1
    keys = run.cases["service"][grouped].astype(np.int64) * many + run.cases["group"][grouped]
    by_key = np.argsort(keys, kind="stable")
    wanted = together["service"].astype(np.int64) * many + together["group"]
    first, last = (np.searchsorted(keys[by_key], wanted, side=side) for side in ("left", "right"))
    members = [grouped[by_key[begin:end]] for begin, end in zip(first, last, strict=True)]
    cases = np.concatenate([single["reference"], *members]).astype(np.int64)
    grants = np.concatenate([single["grant"], np.repeat(together["grant"], last - first)]).astype(np.int64)
    beside = run.cases["grant"][cases] != grants
    order = np.lexsort((grants[beside], cases[beside]))
    return cases[beside][order], grants[beside][order]

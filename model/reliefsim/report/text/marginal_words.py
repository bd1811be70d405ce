"""What holds a line of the budget back when more money comes, in words."""

from __future__ import annotations

from ...indicators.unserved_reasons import REASON_WORDS
from ...store import Row
from .tongue import mark

ITS_RULES, NOBODY = "its rules", "nobody"  # what holds a line back, beside the reasons for which cases are unserved


def held_back(row: Row) -> str:
    """What keeps more money in a line from serving more cases in the mean run, or sooner: a reason's name, ITS_RULES or
    NOBODY; empty: it does either."""
    if row["saturated"] == "no":
        return ""
    first = row["binds"].partition(",")[0]
    # What money without limit would serve this line's cannot: it ends too soon, may not pay for it, or is too little.
    return ITS_RULES if first == "money" else first if first in REASON_WORDS else NOBODY


def saturated(row: Row) -> str:
    """The same in words."""
    told = {"": "", ITS_RULES: mark("its window, rules or sum"), NOBODY: mark("nothing is unserved")}
    return {**REASON_WORDS, **told}[held_back(row)]

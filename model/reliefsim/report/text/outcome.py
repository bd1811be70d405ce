"""The rows of ask.csv become what they say: which kind of answer it is, and by when the money must come."""

from __future__ import annotations

from collections.abc import Sequence

from ...store import Row

FEW, NONE, MET, AMOUNT = "too few runs", "no amount tried", "met as things are", "an amount"


def outcome(rows: Sequence[Row]) -> str:
    """Which kind of answer it is. Raises ValueError if the table has no number that tells it: an older program's."""
    ask = asked(rows)
    if "replications_needed" not in ask:
        raise ValueError("ask.csv has no column replications_needed: an older program made it. Ask again")
    if int(ask["replications"]) < int(ask["replications_needed"]):
        return FEW
    if not ask["additional_usd"]:
        return NONE
    return AMOUNT if float(ask["additional_usd"]) > 0 else MET


def asked(rows: Sequence[Row]) -> Row:
    """The row of the ask itself."""
    return next(row for row in rows if row["part"] == "ask")


def deadline(rows: Sequence[Row]) -> Row:
    """The last arrival up to which no larger amount is asked for; the first if there is no ask."""
    ask, *later = (row for row in rows if row["part"] in ("ask", "arrival"))
    last = ask
    for row in later:
        if not (ask["additional_usd"] and row["additional_usd"]) or float(row["additional_usd"]) > float(ask["additional_usd"]):
            break
        last = row
    return last

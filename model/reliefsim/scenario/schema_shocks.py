"""What a scenario file may say of donors who change their mind: stop, pause, come late, give less."""

from __future__ import annotations

from typing import Literal

from .quantities import Day, Days, PositiveShare, Quantity, Share
from .stated_texts import Frozen, Names, Needs, Text

SHOCKS = {
    "stop-work": Needs(("day",), ("commitments",)),
    "suspension": Needs(("day", "days"), ("commitments",)),
    "late": Needs(("days",), ("day",)),
    "cut": Needs(("day", "share")),
}


class Shock(Frozen):
    """A donor's change of mind: what happens to some grants (or pledges) on a day, with a probability.

    ``stop-work``: from ``day`` on nothing more is committed, no more money comes, and uncommitted cash goes back.
    ``suspension``: the same for ``days``, but the cash stays, and tranches due meanwhile come when it is over.
    ``late``: tranches due on or after ``day`` come ``days`` later. ``cut``: on ``day`` a ``share`` of uncommitted cash
    goes back, and each tranche still to come is smaller by it. ``commitments``, of the first two: whether what is
    committed already is honoured or stopped.
    """

    kind: Literal[*SHOCKS]  # type: ignore[valid-type]
    grants: Names
    day: Day | None = None  # none, of late: the first day of the window
    days: Days | None = None
    share: PositiveShare | None = None
    commitments: Literal["honoured", "stopped"] | None = None  # none: honoured
    probability: Share = Quantity(value=1)
    source: Text | None = None

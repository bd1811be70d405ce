"""What a donor's change of mind does to the state: each function at the second of the clock, for one grant."""

from __future__ import annotations

from ...compiled import compiled
from ..money.ledger import lapse, lapse_part
from ..state import State
from .actions import free_commitments


@compiled
def stops_work(state: State, g: int, frees: bool) -> int:
    """The window ends now: uncommitted cash lapses, and with ``frees`` the commitments too. The cents.

    Commitments that are honoured stay payable for the days of liquidation; of money that is to be spent by the end of
    its window, until the end that the window had.
    """
    grant = state.grants[g]
    now = state.clock[0].now
    if grant.spent_and_done:
        grant.liquidation_seconds = max(0, grant.ends - now)
    grant.ends = now
    grant.is_open = 0
    if frees:
        free_commitments(state, g)
    return lapse(state, g)


@compiled
def suspends(state: State, g: int, frees: bool) -> int:
    """A grant pays for nothing new, and keeps its cash; with ``frees``, commitments become cash again. The cents."""
    grant = state.grants[g]
    grant.is_open = 0
    for s in range(state.lines.shape[0]):
        state.lines[s, g].left = 0
    if frees:
        free_commitments(state, g)
    return int(grant.cash)


@compiled
def resumes(state: State, g: int) -> None:
    """A suspended grant may pay again, if its money has come."""
    grant = state.grants[g]
    grant.is_open = 1 if grant.received > 0 else 0


@compiled
def cuts(state: State, g: int, amount: int) -> None:
    """So much of a grant's uncommitted cash goes back to its donor."""
    lapse_part(state, g, amount)

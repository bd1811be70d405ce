"""One run and its twin with money without limit become what money alone closes of the gap, and what it does not.

The first reason for which a case is unserved does not tell that: who lacks money now may lack a free team next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..engine.compile.capacity import rate_kept
from ..engine.world.world_draws import Draw
from ..scenario.memo import once
from .measure import Key, Slots, gap_cents

if TYPE_CHECKING:
    from ..records import Run
    from ..scenario.schema import Scenario

CLOSED, NOT_CLOSED = "gap_closed_by_money_usd", "gap_not_closed_by_money_usd"


@once
def without_limit(scenario: Scenario) -> Scenario:
    """The same people, services, teams and dates, and money without limit: no donor, whose mind could change.

    Need is priced as it is with the money there is.
    """
    update = {"money": "unlimited", "grants": {}, "pledges": {}, "shocks": {}, **rate_kept(scenario)}
    return scenario.model_copy(update=update)


def twin(run: Run, draw: Draw) -> Run:
    """A run of the same world with money without limit. Raises as ``simulate``."""
    from ..engine.simulate import simulate

    # The run's own scenario: what a replication drew of it stays drawn. No rule divides what has no limit.
    return simulate(without_limit(run.scenario), None, run.seed, run.replication, draw=draw)


def closable_keys(columns: Slots) -> Iterator[Key]:
    """What ``closable_values`` gives, in its order."""
    for name in (CLOSED, NOT_CLOSED):
        yield from (key._replace(indicator=name, unit="USD") for key in columns.keys)


def closable_values(run: Run, draw: Draw) -> Iterator[npt.NDArray[np.float64]]:
    """The gap that there is less the one that is left with money without limit, and the latter (USD); both by slot.

    They add up to the gap. The first is negative where money for others crowds a service's teams.
    """
    gap, left = gap_cents(run), gap_cents(twin(run, draw))
    yield (gap - left) / 100
    yield left / 100

"""One run and its twin with money without limit become what money alone closes of the gap, and what it does not.

The first reason for which a case is unserved does not tell that: who lacks money now may lack a free team next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..engine.compile.capacity import rate_kept
from ..engine.world.world_draws import Draw
from ..scenario.memo import once
from . import tally
from .breakdowns import EVERY
from .counted import tallied
from .indicator import Indicator, Measurement, Table, Told

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


def _cents(of: Measurement) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Cents of the gap, and of the one that is left with money without limit, by column of a tally."""
    return of.of(tallied)[tally.GAP], Measurement(twin(of.run, of.draw)).of(tallied)[tally.GAP]


CLOSABLE = Table(  # the two add up to the gap
    Indicator(
        CLOSED, "USD", EVERY, lambda of: (of.of(_cents)[0] - of.of(_cents)[1]) / 100,
        (Told("gap", "the rest of the gap: what money alone closes. The two add up to the gap in every run; this one may be "
              "below 0 in a run in which more money for others crowds a service's teams", after=NOT_CLOSED),),
    ),
    Indicator(
        NOT_CLOSED, "USD", EVERY, lambda of: of.of(_cents)[1] / 100,
        (Told("gap", "the gap that is left in the same run with money without limit: the same people, teams and dates as "
              "planned, every round and team paid; total, services, classes, hosts, places", after="gap_money_absent_usd"),),
    ),
)  # fmt: skip

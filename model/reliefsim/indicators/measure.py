"""A run is measured: its indicators, their monthly course, and if asked for the fundraiser's.

Which indicators there are depends on the scenario alone, so every run of it fills the same places. A number that is
not defined in a run (a mean wait where nobody started) is NaN, never zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..engine.world.world_draws import Draw, draw_world
from ..records import Envelope, Run
from ..scenario.memo import once
from .counted import COUNTED
from .indicator import Measurement, Numbers
from .monthly import MONTHLY
from .registry import FUNDING, RUN
from .slots import HOSTS, Key, Slots, slots

if TYPE_CHECKING:
    from ..scenario.schema import Scenario


class Measured(NamedTuple):
    """The numbers of one run: in the order of keys, of monthly_keys, and the envelopes at each decision."""

    values: Numbers
    monthly: Numbers
    allocation: tuple[Envelope, ...]


@once
def keys(scenario: Scenario) -> tuple[Key, ...]:
    """The indicators of a scenario's runs, in the order of Measured.values."""
    return tuple(key for table in RUN for key in table.keys(scenario))


@once
def funding_keys(scenario: Scenario) -> tuple[Key, ...]:
    """What ``funding_values`` gives, in its order."""
    return tuple(key for table in FUNDING for key in table.keys(scenario))


def monthly_keys(scenario: Scenario) -> tuple[Key, ...]:
    """The monthly indicators of a scenario's runs, in the order of Measured.monthly."""
    return MONTHLY.keys(scenario)


def measure(run: Run) -> Measured:
    """All numbers of one run but the fundraiser's."""
    return _measured(Measurement(run), funding=False)


def measure_all(run: Run, draw: Draw = draw_world) -> Measured:
    """All numbers of one run, those of ``funding_keys`` behind the others; ``draw`` gives its world once more."""
    return _measured(Measurement(run, draw), funding=True)


def _measured(of: Measurement, funding: bool) -> Measured:
    values = [table.values(of) for table in (*RUN, *(FUNDING if funding else ()))]
    return Measured(np.concatenate(values), MONTHLY.values(of), of.run.envelopes)


def funding_values(run: Run, draw: Draw = draw_world) -> Numbers:
    """The fundraiser's numbers of one run, in the order of ``funding_keys``."""
    of = Measurement(run, draw)
    return np.concatenate([table.values(of) for table in FUNDING])


def counted(run: Run) -> Numbers:
    """The first of a run's numbers, in the order of ``keys``: those that are counted case by case and person by person."""
    return COUNTED.values(Measurement(run))


__all__ = [
    "HOSTS", "Key", "Measured", "Slots", "counted", "funding_keys", "funding_values", "keys", "measure", "measure_all",
    "monthly_keys", "slots",
]  # fmt: skip

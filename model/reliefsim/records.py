"""The facts one run leaves: tables of integers, and names to read them by.

Times are seconds since the scenario's start_date, money is cents, people are whole. ``MISSING`` (-1) stands where
something never came. Services, classes, origins, locations, grants and teams are numbered in the order of their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from .layout import Facts
from .units import MISSING

if TYPE_CHECKING:
    from .scenario.schema import Scenario


class Decision(NamedTuple):
    """One thing decided or changed, in the order it happened."""

    time: int  # seconds
    actor: str
    action: str
    subject: str
    grant: str
    quantity: int
    cents: int


class Envelope(NamedTuple):
    """What a decision set aside for one service out of one grant, what had become of it by then, and the budget line
    (cents, indirect cost included but in ``left``; MISSING: there is no line)."""

    time: int
    reason: str
    service: str
    grant: str
    envelope: int
    committed: int
    spent: int
    line: int = MISSING
    left: int = 0  # of direct cost


@dataclass(frozen=True)
class Names:
    """What the numbers in the tables stand for."""

    services: tuple[str, ...]
    classes: tuple[str, ...]
    origins: tuple[str, ...]
    locations: tuple[str, ...]
    grants: tuple[str, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """One replication of one scenario under one rule.

    ``cases``, ``households``, ``postings``, ``orders``, ``departures``, ``breaks``, ``rounds``, ``capacities``, ``handovers``,
    ``cofunded`` (what grants paid together, part by part) are structured arrays of the types in ``layout``;
    ``member_class`` holds the class number of every member (int16), a household's from its ``first_member`` on;
    ``short_since`` is, by service, the second since when, to the end, nothing but money has kept it from starting,
    people having waited for it (MISSING: it does not stand still); ``grants_end``, by grant, the second from which it
    pays for nothing new; ``decisions`` and ``envelopes`` are in order of time.
    """

    scenario: Scenario
    rule: str
    seed: int
    replication: int
    names: Names
    horizon: int
    households: Facts
    member_class: npt.NDArray[np.int16]
    cases: Facts
    postings: Facts
    orders: Facts
    departures: Facts
    breaks: Facts
    short_since: npt.NDArray[np.int64]
    grants_end: npt.NDArray[np.int64]
    rounds: Facts
    capacities: Facts
    handovers: Facts
    cofunded: Facts
    decisions: tuple[Decision, ...]
    envelopes: tuple[Envelope, ...]

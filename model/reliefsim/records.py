"""The facts one run leaves: tables of integers, and names to read them by.

Times are seconds since the scenario's start_date, money is cents, people are whole. ``MISSING`` (-1) stands where
something never came. Services, classes, origins, locations, grants and teams are numbered in the order of their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from .scenario.schema import Scenario

MISSING = -1
DAY = 86_400


class Outcome(IntEnum):
    """The one state a case is in."""

    NOT_OPENED = 0  # the need is there; nobody has found it, or what must come first has not been served
    WAITING = 1
    IN_SERVICE = 2
    SERVED = 3
    LEFT = 4
    GAVE_UP = 5
    TURNED_AWAY = 6


class Reason(IntEnum):
    """Why a case is unserved: the first that holds."""

    NONE = 0
    NOT_FOUND = 1
    PREREQUISITE = 2
    ACCESS = 3
    MONEY = 4
    GOODS = 5
    TEAM = 6
    TURNED_AWAY = 7


class Went(IntEnum):
    """Where a household is."""

    STILL_HERE = 0
    RETURNED = 1
    MOVED_ON = 2
    CROSSED_BORDER = 3


REASON_NAMES = ("", "not-found", "prerequisite", "access", "money", "goods", "team", "turned-away")


class Account(IntEnum):
    """Where a cent is. Every posting takes cents from one account and puts them into another."""

    DONOR = 0
    CASH = 1
    COMMITTED = 2
    SPENT = 3
    LAPSED = 4


# Widest fields first and every row a multiple of eight bytes: no padding, so equal tables are equal bytes.
CASE = np.dtype(
    [
        ("arose", "i8"),
        ("opened", "i8"),
        ("started", "i8"),
        ("ended", "i8"),  # planned while in service; actual once ended; MISSING while it or its group stands still
        ("cents", "i8"),  # charged to the grant or grants, indirect cost included
        ("indirect_cents", "i8"),  # of which indirect
        ("priced_cents", "i8"),  # what serving it costs, indirect cost included
        ("household", "i4"),
        ("member", "i4"),  # number within the household; MISSING: the household's case
        ("people", "i4"),  # who are helped by it: the household's size, or 1
        ("group", "i4"),  # number of the convoy or session group within its service
        ("service", "i2"),
        ("priority_class", "i2"),
        ("origin", "i2"),
        ("location", "i2"),
        ("grant", "i2"),  # that pays, or the largest part
        ("team", "i2"),  # that took it on; see HANDOVER
        ("outcome", "i1"),
        ("reason", "i1"),
        ("wished", "i1"),  # served with the wished outcome
        ("in_stock", "i1"),  # goods were free for it when it opened
    ]
)

HOUSEHOLD = np.dtype(
    [
        ("arrived", "i8"),
        ("left", "i8"),  # MISSING: still there at the horizon
        ("registered", "i8"),  # MISSING: never found by a DTM round
        ("size", "i4"),
        ("first_member", "i4"),
        ("first_case", "i4"),
        ("cases", "i4"),
        ("priority_class", "i2"),
        ("origin", "i2"),
        ("location", "i2"),
        ("population", "i1"),  # 0 caseload, 1 hosts
        ("went", "i1"),  # where a household that left has gone: see Went
    ]
)

POSTING = np.dtype(
    [
        ("time", "i8"),
        ("cents", "i8"),
        ("indirect_cents", "i8"),  # of which indirect
        ("reference", "i8"),  # case, order, number of cases + convoy or group, team; MISSING: none
        ("grant", "i2"),
        ("service", "i2"),  # number of services: the running envelope; MISSING: none
        ("debit", "i2"),  # the account the cents go into
        ("credit", "i2"),  # the account they come from
    ]
)

ORDER = np.dtype(
    [
        ("ordered", "i8"),
        ("arrived", "i8"),  # MISSING: still on the way, or cancelled
        ("quantity", "i8"),
        ("lost", "i8"),
        ("cents", "i8"),
        ("cancelled", "i8"),  # when it fell away with the money for it; MISSING: did not
        ("service", "i4"),
        ("grant", "i4"),
    ]
)

DEPARTURE = np.dtype(
    [("time", "i8"), ("seats", "i8"), ("cents", "i8"), ("number", "i4"), ("service", "i2"), ("grant", "i2")]
)

ROUND = np.dtype([("time", "i8"), ("held", "i8"), ("found", "i8"), ("counted", "i8")])

CAPACITY = np.dtype(
    [
        ("time", "i8"),
        ("capacity", "i8"),  # from then on: cases, convoys or counsellors at once; 0 while not at work, and on days off
        ("service", "i4"),
        ("team", "i4"),
    ]
)

# An open case goes from a team whose term ends, or whose workers are fewer, to another.
HANDOVER = np.dtype(
    [
        ("time", "i8"),
        ("case", "i4"),
        ("team", "i2"),  # that has it from then on; MISSING: none, it stands still
        ("stopped", "i2"),  # 1: no team is left or to come; it waits again, or ends
    ]
)

# One grant's part of a payment that several grants make together.
COFUND = np.dtype(
    [
        ("time", "i8"),
        ("released", "i8"),  # when the payment fell away; MISSING: did not
        ("reference", "i8"),  # as of its postings: case, or number of cases + convoy or group
        ("cents", "i8"),
        ("indirect_cents", "i8"),  # of which indirect
        ("group", "i4"),  # number of the convoy or session group within its service; MISSING: one case
        ("service", "i2"),
        ("grant", "i2"),
    ]
)

# A pipeline break: a service stands still although people wait for it.
BREAK = np.dtype(
    [
        ("begins", "i8"),
        ("ends", "i8"),  # MISSING: it lasts beyond the horizon
        ("service", "i4"),
        ("reason", "i4"),  # of those who wait: money or goods, see Reason
    ]
)

Facts = npt.NDArray[np.void]


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
    ``cofunded`` (what grants paid together, part by part) are structured arrays of the types in this module;
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

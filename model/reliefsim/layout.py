"""Every table of a run: its columns, the numbers that stand for names in them, and what is said once of all of them.

Times are seconds since the scenario's start_date, money is cents, people are whole. ``MISSING`` (-1) stands where
something never came, ``NEVER`` is later than any horizon. Services, classes, origins, locations, grants and teams are
numbered in the order of their names.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt


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

# The state of an operation between two events.

NEVER = 1 << 40
AT_ONCE = 0  # a service's look_at: its queue is looked at in this second, or the next in which anything happens
CASEWORK, GOODS, CONVOY, SESSIONS = range(4)
ON_ARRIVAL, BY_DTM, BY_OUTREACH = range(3)
NO_POLICY, R_Q, S_S = range(3)
NOTHING_NEEDED, DEPARTURE_DUE, ORDER_DUE, ROOM_DUE = range(4)
# What laws[service, ·] holds; keys[service, ·]; and a row of a list of values with their shares, cumulated.
DURATION, PATIENCE, OUTREACH_DELAY, LEAD_TIME = range(4)
TRIP_KEY, LEAD_KEY = range(2)
VALUE, UP_TO = range(2)
# A waiting case whose place is closed is suspended: its slot in the queue is passed over, and later taken away.
NOT_SUSPENDED, IN_SLOT, WITHOUT_SLOT = range(3)


def _whole(names: str) -> np.dtype[np.void]:
    """A row of whole numbers with these names."""
    return np.dtype([(name, "i8") for name in names.split()])


SERVICE = _whole("""
        kind by_household skip after followed waiting_limit intake cheapest mean_seconds first_pool pools unpaid
        opened waiting seats_waiting price_waiting next_price next_order front_known front_rank in_service standing begun
        look_at due
        policy reorder_point order_size item_price unit_price lost_sales loss_ppm handout_seconds order_partly
        on_hand on_order initial orders ordered issued delivered lost cancelled
        seats fill_seats longest_wait only_on_schedule departure_price groups breaks_for broken moved short_since
        group_size sessions every_seconds session_seconds per_session groups_each first_due last_due
        """)

# What a service keeps about one case, besides the facts.
WORK = np.dtype(
    [
        ("price", "i8"),  # direct cents, charged when it starts
        ("duration", "i8"),
        ("patience", "i8"),  # MISSING: waits for ever
        ("outreach", "i8"),  # second at which outreach finds it; NEVER: does not
        ("remaining", "i8"),  # of a case that stands still
        ("pool", "i4"),  # MISSING: it stands without a team
        ("next", "i4"),  # next case of the same group
        ("rank", "i4"),
        ("suspended", "i2"),  # its place is closed: see NOT_SUSPENDED
        ("is_to_open", "i2"),  # 1: not opened yet, and about to be
    ]
)

# unpaid: its pay is due and there is no money for it.
# Of a team's slots, room are for what is new today; leaving are taken beyond slots, by workers who finish and go.
POOL = _whole("service slots room counted busy leaving active unpaid over counsellors groups")

GRANT = _whole("""
        award opens ends rate_ppm spent_and_done liquidation_seconds unlimited is_open
        received cash committed spent lapsed direct indirect
        """)

# One service's part of one grant. left is what its envelope still has and direct what is committed or spent of it, in
# cents of direct cost; committed and spent hold the indirect cost, too. foreseen: cases of the service that will have
# opened by the grant's end, as far as is known: goods are not ordered for more.
LINE = _whole("may_pay left committed spent direct foreseen")

# A convoy under way, or a closed group of sessions.
GROUP = _whole("service number first_case size pool grant direct indirect session began in_session next_due over ends")

# Who stands in [head, walked) costs no less than least: so far a queue that skips was walked in vain.
QUEUE = _whole("first room head tail walked least")

CLOCK = _whole("""
        now horizon cases postings orders departures breaks groups handovers standing wake_at leave_at ends patience
        to_open need need_service households_left people_left by_shares movable cofund cofunded
        """)

# How long something takes: one law of durations and its numbers.
NO_LAW, CONSTANT, EXPONENTIAL, GAMMA, LOGNORMAL, TRIANGULAR, EMPIRICAL = range(7)
LAW = np.dtype(
    [("law", "i8"), ("a", "f8"), ("b", "f8"), ("c", "f8"), ("first", "i8"), ("count", "i8"), ("mean", "f8")],
    align=True,
)

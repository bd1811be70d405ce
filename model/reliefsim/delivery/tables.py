"""The state of an operation between two events: tables of integers behind one handle.

A kernel is handed one ``State`` (about 1 µs a call) instead of twenty arrays. Times are seconds, money is cents;
``MISSING`` is -1, ``NEVER`` is later than any horizon.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.experimental import structref

from ..compiled import compiled
from ..records import CASE, DEPARTURE, HOUSEHOLD, ORDER, POSTING
from ..world.durations import LAW

NEVER = 1 << 40
CASEWORK, GOODS, CONVOY, SESSIONS = range(4)
ON_ARRIVAL, BY_DTM, BY_OUTREACH = range(3)
NO_POLICY, R_Q, S_S = range(3)
NOTHING_NEEDED, DEPARTURE_DUE, ORDER_DUE = range(3)
# What laws[service, ·] holds.
DURATION, PATIENCE, OUTREACH_DELAY, LEAD_TIME = range(4)

SERVICE = np.dtype(
    [
        (name, "i8")
        for name in """
        kind by_household skip after waiting_limit intake cheapest mean_seconds first_pool pools
        waiting seats_waiting in_service begun dirty timer due unpaid_since
        policy reorder_point order_size item_price lost_sales loss_ppm handout_seconds order_partly
        on_hand on_order initial ordered issued delivered lost cancelled
        seats fill_seats longest_wait departure_price groups
        group_size sessions every_seconds session_seconds per_session groups_each groups_due
        """.split()
    ],
    align=True,
)

# What a service keeps about one case, besides the facts.
WORK = np.dtype(
    [
        ("price", "i8"),  # direct cents, charged when it starts
        ("duration", "i8"),
        ("patience", "i8"),  # MISSING: waits for ever
        ("outreach", "i8"),  # second at which outreach finds it; NEVER: does not
        ("remaining", "i8"),  # of a case whose team stands still
        ("pool", "i4"),
        ("next", "i4"),  # next case of the same group
        ("rank", "i2"),
        ("parked", "i1"),  # place closed: 1 still in its queue, 2 outside it
    ],
    align=True,
)

POOL = np.dtype([(name, "i8") for name in "service slots busy active counsellors groups".split()], align=True)

GRANT = np.dtype(
    [
        (name, "i8")
        for name in """
        opens ends rate_ppm spent_and_done liquidation_seconds unlimited is_open
        received cash committed spent lapsed direct indirect
        """.split()
    ],
    align=True,
)

# One service's part of one grant: left is what its envelope still has.
LINE = np.dtype([(name, "i8") for name in "may_pay left committed spent".split()], align=True)

# A convoy under way, or a closed group of sessions.
GROUP = np.dtype(
    [
        (name, "i8")
        for name in "service number first_case size pool grant direct indirect session began in_session due over".split()
    ],
    align=True,
)

QUEUE = np.dtype([("first", "i8"), ("room", "i8"), ("head", "i8"), ("tail", "i8")], align=True)

CLOCK = np.dtype(
    [
        (name, "i8")
        for name in """
        now horizon cases postings orders departures groups wake_at leave_at ends patience
        to_open need need_service households_left people_left by_shares registered rounds
        """.split()
    ],
    align=True,
)


def _table(dtype: np.dtype[Any], dimensions: int = 1) -> types.Array:
    return types.Array(from_dtype(dtype), dimensions, "C")


FIELDS: list[tuple[str, Any]] = [
    ("clock", _table(CLOCK)),
    ("services", _table(SERVICE)),
    ("pools", _table(POOL)),
    ("grants", _table(GRANT)),
    ("lines", _table(LINE, 2)),
    ("queues", _table(QUEUE, 2)),
    ("households", _table(HOUSEHOLD)),
    ("cases", _table(CASE)),
    ("work", _table(WORK)),
    ("groups", _table(GROUP)),
    ("postings", _table(POSTING)),
    ("orders", _table(ORDER)),
    ("departures", _table(DEPARTURE)),
    ("rounds_to_find", types.int64[::1]),
    ("closed", types.int64[::1]),  # by location: how many closures hold
    ("lineup", types.int32[::1]),  # the cases in the queues
    ("to_open", types.int32[::1]),  # cases that what was just served lets open
    ("ends", types.int64[::1]),  # heap: second << 32 | case, or cases + group
    ("patience", types.int64[::1]),  # heap: second << 32 | case
    ("wakes", types.int64[::1]),  # sorted: second << 32 | case
    ("leavers", types.int64[::1]),  # sorted: second << 32 | household
    ("pay_order", types.int64[::1]),  # grants, the one that ends first before
    ("laws", _table(LAW, 2)),
    ("law_values", types.float64[:, ::1]),
    ("keys", types.uint64[:, ::1]),  # by service: streams of what is drawn while serving
]


@structref.register
class StateType(types.StructRef):  # type: ignore[misc]
    """Numba's name for the type of State."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Literal field types become plain ones."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class State(structref.StructRefProxy):  # type: ignore[misc]
    """The handle. Python reads and writes the tables themselves; only kernels look through the handle."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


structref.define_boxing(StateType, State)
_STATE = StateType(FIELDS)


@compiled
def handle(
    clock: Any, services: Any, pools: Any, grants: Any, lines: Any, queues: Any, households: Any, cases: Any,
    work: Any, groups: Any, postings: Any, orders: Any, departures: Any, rounds_to_find: Any, closed: Any,
    lineup: Any, to_open: Any, ends: Any, patience: Any, wakes: Any, leavers: Any, pay_order: Any, laws: Any, law_values: Any,
    keys: Any,
) -> State:  # fmt: skip
    """The tables, in the order of FIELDS, behind one handle."""
    state = structref.new(_STATE)
    state.clock = clock
    state.services = services
    state.pools = pools
    state.grants = grants
    state.lines = lines
    state.queues = queues
    state.households = households
    state.cases = cases
    state.work = work
    state.groups = groups
    state.postings = postings
    state.orders = orders
    state.departures = departures
    state.rounds_to_find = rounds_to_find
    state.closed = closed
    state.lineup = lineup
    state.to_open = to_open
    state.ends = ends
    state.patience = patience
    state.wakes = wakes
    state.leavers = leavers
    state.pay_order = pay_order
    state.laws = laws
    state.law_values = law_values
    state.keys = keys
    return state  # type: ignore[no-any-return]

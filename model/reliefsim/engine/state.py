"""The state of an operation between two events: tables of integers behind one handle.

A kernel is handed one ``State`` (about 1 µs a call) instead of twenty arrays. Times are seconds, money is cents;
``MISSING`` is -1, ``NEVER`` is later than any horizon.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..compiled import compiled, extending, numba, structref, unsafe_arrays
from ..layout import (
    BREAK,
    CASE,
    CLOCK,
    COFUND,
    DEPARTURE,
    GRANT,
    GROUP,
    HANDOVER,
    HOUSEHOLD,
    LAW,
    LINE,
    ORDER,
    POOL,
    POSTING,
    QUEUE,
    SERVICE,
    WORK,
)


class InvariantError(AssertionError):
    """A law that holds in every run did not: the model is wrong, not the scenario."""


types, carray, new_struct, to_fixed_tuple = numba.types, numba.carray, structref.new, unsafe_arrays.to_fixed_tuple

# Every table of a state: its rows and its dimensions.
TABLES: dict[str, tuple[Any, int]] = {
    "clock": (numba.from_dtype(CLOCK), 1),
    "services": (numba.from_dtype(SERVICE), 1),
    "pools": (numba.from_dtype(POOL), 1),
    "grants": (numba.from_dtype(GRANT), 1),
    "lines": (numba.from_dtype(LINE), 2),
    "queues": (numba.from_dtype(QUEUE), 2),
    "households": (numba.from_dtype(HOUSEHOLD), 1),
    "cases": (numba.from_dtype(CASE), 1),
    "work": (numba.from_dtype(WORK), 1),
    "groups": (numba.from_dtype(GROUP), 1),
    "postings": (numba.from_dtype(POSTING), 1),
    "orders": (numba.from_dtype(ORDER), 1),
    "departures": (numba.from_dtype(DEPARTURE), 1),
    "breaks": (numba.from_dtype(BREAK), 1),
    "handovers": (numba.from_dtype(HANDOVER), 1),
    "cofunded": (numba.from_dtype(COFUND), 1),
    "first_part": (types.int64, 1),  # by reference: the first row of what several grants pay, or MISSING
    "rounds_to_find": (types.int64, 1),
    "closed": (types.int64, 1),  # by location: how many closures hold
    "lineup": (types.int32, 1),  # the cases in the queues
    "to_open": (types.int32, 1),  # cases that what was just served lets open
    "ends": (types.int64, 1),  # heap: second << 32 | case, or cases + group
    "standing": (types.int64, 1),  # sorted: second opened << 32 | case without a team; some may have one again
    "patience": (types.int64, 1),  # heap: second << 32 | case
    "wakes": (types.int64, 1),  # sorted: second << 32 | case
    "leavers": (types.int64, 1),  # sorted: second << 32 | household
    "pay_order": (types.int64, 1),  # grants, the one that ends first before
    "laws": (numba.from_dtype(LAW), 2),
    "law_values": (types.float64, 2),
    "keys": (types.uint64, 2),  # by service: streams of what is drawn while serving
}


@structref.register
class StateType(types.StructRef):  # type: ignore[misc, name-defined]
    """Numba's name for the type of State."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Literal field types become plain ones."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class State(structref.StructRefProxy):  # type: ignore[misc]
    """The handle: addresses and lengths of the tables, whose owner must keep them alive.

    Kernels see ``state.cases`` and so on; Python uses the tables themselves. Addresses, because a handle of arrays
    would count references at every look into a table, which takes longer than the look.
    """

    book: Any

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


structref.define_boxing(StateType, State)
_ENTRIES = 3 * len(TABLES)  # address, rows and columns of each
_STATE = StateType([("book", types.UniTuple(types.int64, _ENTRIES))])


def handle(tables: dict[str, npt.NDArray[Any]]) -> State:
    """The tables, named as in TABLES, behind one handle."""
    book = []
    for name in TABLES:
        table = tables[name]
        assert table.flags.c_contiguous, name
        assert table.ndim == TABLES[name][1], name
        book += [table.ctypes.data, table.shape[0], table.shape[1] if table.ndim == 2 else 1]
    return _handle(np.array(book, np.int64))


@compiled
def _handle(book: npt.NDArray[np.int64]) -> State:
    state: State = new_struct(_STATE)
    state.book = to_fixed_tuple(book, _ENTRIES)
    return state


def _see_table(name: str, place: int) -> None:
    """Let kernels see one table as an attribute of the state."""
    row, dimensions = TABLES[name]

    def as_pointer(typing_context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(row)(types.int64), generate

    pointer: Any = extending.intrinsic(as_pointer)

    def table(state: Any) -> Any:
        def one(state: Any) -> Any:
            return carray(pointer(state.book[place]), (state.book[place + 1],))

        def two(state: Any) -> Any:
            return carray(pointer(state.book[place]), (state.book[place + 1], state.book[place + 2]))

        return one if dimensions == 1 else two

    extending.overload_attribute(StateType, name)(table)


for _number, _name in enumerate(TABLES):
    _see_table(_name, 3 * _number)

"""Orders of things: a heap of what happens when, and the queues of waiting cases.

A queue is a service's cases of one priority in order of (opened, household, member); a case's number is in the order
of household and member, so (opened, number) is enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ...compiled import compiled, inlined
from ...layout import IN_SLOT, NOT_SUSPENDED, WITHOUT_SLOT, Outcome
from ...units import MISSING
from ..state import InvariantError, State

WAITING = int(Outcome.WAITING)
Heap = npt.NDArray[np.int64]
_NUMBER = (1 << 32) - 1


@inlined
def entry(second: int, number: int) -> int:
    """A heap entry: in order of time, then of number."""
    return (second << 32) | number


@compiled
def heap_push(heap: Heap, count: int, item: int) -> int:
    """Put ``item`` on a binary heap of ``count`` entries; the new count. Raises InvariantError if it is full."""
    if count == heap.shape[0]:
        raise InvariantError("the heap of what is to happen is full")
    at = count
    while at > 0:
        above = (at - 1) >> 1
        if heap[above] <= item:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = item
    return count + 1


@compiled
def heap_pop(heap: Heap, count: int) -> int:
    """Take the first entry off a heap of ``count`` entries; the new count."""
    count -= 1
    item = heap[count]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= count:
            break
        if below + 1 < count and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= item:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = item
    return count


@inlined
def _before(state: State, a: int, b: int) -> bool:
    """Whether case a stands before case b."""
    opened_a, opened_b = state.cases[a].opened, state.cases[b].opened
    return opened_a < opened_b or (opened_a == opened_b and a < b)


@compiled
def enqueue(state: State, c: int) -> None:
    """Put a waiting case where it belongs in its queue."""
    queue = state.queues[state.cases[c].service, state.work[c].rank]
    lineup = state.lineup
    if queue.tail == queue.first + queue.room:
        _close_ranks(state, queue)
        if queue.tail == queue.first + queue.room:
            raise InvariantError("a queue is full")
    at = queue.tail
    while at > queue.head and _before(state, c, lineup[at - 1]):
        lineup[at] = lineup[at - 1]
        at -= 1
    lineup[at] = c
    queue.tail += 1
    queue.walked = min(queue.walked, at)


@compiled
def _close_ranks(state: State, queue: Any) -> None:
    """Make room at the tail: move those still waiting to the front of the queue's place."""
    to = queue.first
    for at in range(queue.head, queue.tail):
        c = state.lineup[at]
        if stands(state, c):
            state.lineup[to] = c
            to += 1
        elif state.work[c].suspended == IN_SLOT:
            state.work[c].suspended = WITHOUT_SLOT
    queue.head = queue.walked = queue.first
    queue.tail = to


@compiled
def merge_back(state: State, returning: npt.NDArray[np.int64]) -> None:
    """Put many cases, sorted as second opened << 32 | number, back into their queues at once."""
    services, ranks = state.queues.shape
    ends = np.zeros(services * ranks, np.int64)
    for item in returning:
        ends[_place(state, item & _NUMBER, ranks)] += 1
    ends = np.cumsum(ends)
    mine = np.empty(returning.shape[0], np.int64)
    first = ends.copy()
    for at in range(returning.shape[0] - 1, -1, -1):
        c = returning[at] & _NUMBER
        place = _place(state, c, ranks)
        first[place] -= 1
        mine[first[place]] = c
    for place in range(services * ranks):
        if first[place] < ends[place]:
            _merge(state, state.queues[place // ranks, place % ranks], mine[first[place] : ends[place]])


@inlined
def _place(state: State, c: int, ranks: int) -> int:
    """Which of all queues a case stands in."""
    return int(state.cases[c].service * ranks + state.work[c].rank)


@compiled
def _merge(state: State, queue: Any, mine: npt.NDArray[np.int64]) -> None:
    """Merge sorted cases into one queue, from its tail forward."""
    _close_ranks(state, queue)
    if queue.tail + mine.shape[0] > queue.first + queue.room:
        raise InvariantError("a queue is full")
    there = queue.tail - 1
    queue.tail += mine.shape[0]
    to = queue.tail - 1
    new = mine.shape[0] - 1
    while new >= 0:
        if there >= queue.head and _before(state, mine[new], state.lineup[there]):
            state.lineup[to] = state.lineup[there]
            there -= 1
        else:
            state.lineup[to] = mine[new]
            new -= 1
        to -= 1


@compiled
def drop_started(state: State) -> None:
    """Keep nobody in a queue who does not wait there: who is about to come back must not stand twice."""
    for s in range(state.queues.shape[0]):
        for rank in range(state.queues.shape[1]):
            _close_ranks(state, state.queues[s, rank])


@inlined
def stands(state: State, c: int) -> bool:
    """Whether a case in a queue still waits there."""
    return bool(state.cases[c].outcome == WAITING and state.work[c].suspended == NOT_SUSPENDED)


@compiled
def head(state: State, s: int, rank: int) -> int:
    """The first waiting case of one priority, or MISSING; drops those that no longer wait there."""
    queue = state.queues[s, rank]
    while queue.head < queue.tail:
        c = state.lineup[queue.head]
        if stands(state, c):
            return int(c)
        if state.work[c].suspended == IN_SLOT:
            state.work[c].suspended = WITHOUT_SLOT
        queue.head += 1
    return MISSING


@compiled
def longest_waiting(state: State, s: int) -> int:
    """The second at which the one who waits longest for a service opened, or MISSING."""
    oldest = MISSING
    for rank in range(state.queues.shape[1]):
        c = head(state, s, rank)
        if c != MISSING and (oldest == MISSING or state.cases[c].opened < oldest):
            oldest = state.cases[c].opened
    return oldest

"""A demand, a seed and a replication become a world: everything that chance decides before anybody acts."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from ...compiled import compiled
from ...layout import CASE, HOUSEHOLD, NEVER, WORK
from .demand import Demand
from .households import draw_classes, draw_households, draw_ways, give_class, sizes_of_start
from .needs import draw_cases, draw_details
from .past import still_needed
from .streams import ARRIVING, HOST, INITIAL, STATED, stream_key

Integers = npt.NDArray[np.int64]
REMEMBERED_BYTES = 20_000_000
_DIGIT_BITS = 9  # three digits hold the seconds of four years
_DIGITS = 1 << _DIGIT_BITS


@dataclass(frozen=True)
class World:
    """Households, their members' classes, and their cases; ``leavers``, ``wakes``: sorted second << 32 | number."""

    households: npt.NDArray[np.void]
    member_class: npt.NDArray[np.int16]
    rounds_to_find: Integers
    cases: npt.NDArray[np.void]
    work: npt.NDArray[np.void]
    leavers: Integers
    wakes: Integers

    def untouched(self) -> World:
        """The same world in tables of its own, for a run to write into."""
        return World(**{field.name: _copied(getattr(self, field.name)) for field in fields(self)})

    @property
    def size(self) -> int:
        """Bytes of all tables."""
        return sum(int(getattr(self, field.name).nbytes) for field in fields(self))


def _copied(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A copy, as bytes: numpy would copy a table field by field, which takes ten times longer."""
    return table.view(np.uint8).copy().view(table.dtype)


Draw = Callable[[Demand, int, int], World]


class SharedWorlds:
    """Draws worlds, and remembers those of one replication: runs whose demand is the same one share it.

    Which of two plans is better is asked of one world under both. Drawing it takes longer than copying.
    """

    def __init__(self) -> None:
        self._drawn: dict[bytes, World] = {}
        self._of = (-1, -1)

    def draw(self, wanted: Demand, seed: int, replication: int) -> World:
        """The world of one replication, as of ``draw_world``."""
        if self._of != (seed, replication):
            self._drawn.clear()
        self._of, key = (seed, replication), wanted.digest
        world = self._drawn.pop(key, None) or draw_world(wanted, seed, replication)
        self._drawn[key] = world  # the last one now
        while sum(one.size for one in self._drawn.values()) > REMEMBERED_BYTES:
            self._drawn.pop(next(iter(self._drawn)))
        return world.untouched() if key in self._drawn else world


def draw_world(wanted: Demand, seed: int, replication: int) -> World:
    """The world of one replication."""
    key = stream_key(seed, replication, "household")
    start_sizes = sizes_of_start(key, wanted.people, wanted.sizes, wanted.alone)
    arrived = [
        np.zeros(len(start_sizes), np.int64),
        wanted.course.arrivals(seed, replication),
        wanted.stated_arrivals,
        np.zeros(round(wanted.hosts_a_household * len(start_sizes)), np.int64),
    ]
    households, rounds, exponentials, kinds, units = _homes(wanted, arrived, start_sizes, key)
    member_class = _members(wanted, households, kinds, units, seed, replication, key)
    leave = _leave(wanted, households, exponentials, len(arrived[3]))
    order = _in_order_of_arrival(households, arrived)
    if order is not None:
        households, rounds, kinds, units, leave = households[order], rounds[order], kinds[order], units[order], leave[order]
    cases, work = _cases(wanted, households, member_class, kinds, units, leave, seed, replication)
    leavers = np.flatnonzero(leave < wanted.horizon)
    households["left"][leavers] = leave[leavers]
    draw_ways(households, leavers, kinds, units, key, wanted.returned_share, wanted.crossed_border_share)
    return World(
        households, member_class, rounds, cases, work,
        np.sort((leave[leavers] << 32) | leavers), _wake_times(cases, work, wanted.horizon),
    )  # fmt: skip


def _homes(
    wanted: Demand, arrived: list[Integers], start_sizes: Integers, key: np.uint64
) -> tuple[npt.NDArray[np.void], Integers, npt.NDArray[np.float64], Integers, Integers]:
    """All households, kind after kind: at the start, arriving by law, at stated instants, hosts."""
    total = sum(map(len, arrived))
    households = np.zeros(total, HOUSEHOLD)
    rounds, exponentials = np.empty(total, np.int64), np.empty(total, np.float64)
    kinds = np.repeat(np.arange(4), [len(times) for times in arrived])
    units = np.concatenate([np.arange(len(times)) for times in arrived])
    first = 0
    for kind, times in zip((INITIAL, ARRIVING, STATED, HOST), arrived, strict=True):
        mine = slice(first, first + len(times))
        draw_households(
            households, first, times, kinds[mine], units[mine], key, wanted.host_sizes if kind == HOST else wanted.sizes,
            0.0 if kind == HOST else wanted.alone, wanted.origins, wanted.locations, wanted.registered_share,
            wanted.find_probability, exponentials, rounds,
        )  # fmt: skip
        first += len(times)
    if len(start_sizes):
        households["size"][len(start_sizes) - 1] = start_sizes[-1]  # the last one is cut to fit
    households["first_member"] = np.cumsum(households["size"]) - households["size"]
    return households, rounds, exponentials, kinds, units


def _members(
    wanted: Demand, households: npt.NDArray[np.void], kinds: Integers, units: Integers, seed: int,
    replication: int, household_key: np.uint64,
) -> npt.NDArray[np.int16]:  # fmt: skip
    """The class of every member."""
    member_class = np.empty(int(households["size"].sum()), np.int16)
    hosts = int(np.searchsorted(kinds, HOST))
    draw_classes(
        households[:hosts], kinds, units, stream_key(seed, replication, "class"), household_key, wanted.alone,
        wanted.alone_classes, wanted.head_classes, wanted.any_classes, wanted.class_rank, member_class,
    )  # fmt: skip
    # Hosts have no vulnerability class: all are in the one that is served last.
    give_class(households, hosts, len(households) - hosts, int(wanted.class_rank.argmax()), member_class)
    return member_class


def _leave(
    wanted: Demand, households: npt.NDArray[np.void], exponentials: npt.NDArray[np.float64], hosts: int
) -> Integers:
    """The second at which each household leaves; NEVER within the horizon for those who stay."""
    leave = np.full(len(households), NEVER, np.int64)
    movable = len(households) - hosts
    if wanted.course.hazard[-1] > 0 and movable:
        times = wanted.course.leave_times(households["arrived"][:movable], exponentials[:movable])
        leave[:movable] = np.where(times < wanted.horizon, times, NEVER)
    return leave


def _in_order_of_arrival(households: npt.NDArray[np.void], arrived: list[Integers]) -> Integers | None:
    """Where arrivals by law and stated ones mix, households are numbered by arrival; else they already are."""
    if not (len(arrived[1]) and len(arrived[2])):
        return None
    movable = len(households) - len(arrived[3])
    order = np.argsort(households["arrived"][:movable], kind="stable")
    return np.concatenate([order, np.arange(movable, len(households))])


def _cases(
    wanted: Demand, households: npt.NDArray[np.void], member_class: npt.NDArray[np.int16],
    kinds: Integers, units: Integers, leave: Integers, seed: int, replication: int,
) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void]]:  # fmt: skip
    needs = wanted.needs.copy()
    for row, name in zip(needs, wanted.services, strict=True):
        row["need_key"] = stream_key(seed, replication, f"need:{name}")
        row["case_key"] = stream_key(seed, replication, f"case:{name}")
    expected = wanted.cases_a_household * len(households)
    room = int(1.05 * expected + 8 * math.sqrt(expected) + 64)
    while True:
        cases, work = np.empty(room, CASE), np.empty(room, WORK)
        count = draw_cases(
            households, member_class, kinds, units, leave, wanted.horizon, needs, wanted.level, wanted.served,
            wanted.class_rank, cases, work,
        )  # fmt: skip
        if count >= 0:
            break
        room *= 2
    cases, work = cases[:count], work[:count]
    if any(wanted.served_before):
        cases, work = still_needed(wanted, households, kinds, cases, work, seed, replication)
    draw_details(
        households, kinds, units, needs, wanted.price_factor, wanted.prices, wanted.laws, wanted.law_values, cases, work
    )
    return cases, work


@compiled
def _wake_times(cases: npt.NDArray[np.void], work: npt.NDArray[np.void], horizon: int) -> Integers:
    """When cases may open, second << 32 | case, in order: when its need arises, and when outreach finds it."""
    wakes = np.empty(2 * cases.shape[0], np.int64)
    count = 0
    for c in range(cases.shape[0]):
        wakes[count] = (cases[c].arose << 32) | c
        count += 1
        if cases[c].arose < work[c].outreach < horizon:
            wakes[count] = (work[c].outreach << 32) | c
            count += 1
    return _by_second(wakes[:count], horizon)


@compiled
def _by_second(entries: Integers, horizon: int) -> Integers:
    """Entries second << 32 | number, whose numbers rise, in order of seconds below ``horizon``.

    A radix sort, digit by digit from the lowest: a third of the time of comparing.
    """
    other = np.empty_like(entries)
    shift = 32
    while horizon >> (shift - 32):
        places = np.zeros(_DIGITS + 1, np.int64)
        for entry in entries:
            places[((entry >> shift) & (_DIGITS - 1)) + 1] += 1
        for digit in range(_DIGITS):
            places[digit + 1] += places[digit]
        for entry in entries:
            digit = (entry >> shift) & (_DIGITS - 1)
            other[places[digit]] = entry
            places[digit] += 1
        entries, other = other, entries
        shift += _DIGIT_BITS
    return entries

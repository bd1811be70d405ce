"""Openings, durations, lead times and prices become everybody's start: plain loops, written without the model.

Seconds, cents and people. Each loop walks through the instants at which anything can happen and does, in the order
that design.md gives for one second, what is due. Keyword ``fault`` plants one error, so that a test can see that the
scenarios are rich enough to notice it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True)
class Case:
    """One who asks: when, how urgent (1 first), for how long, at what price, and for how many people."""

    number: int
    opened: int
    duration: int = 1
    priority: int = 1
    price: int = 0
    people: int = 1


@dataclass
class Grant:
    """A donor's award and what has become of it."""

    name: str
    begin: int
    end: int
    cents: int
    rate: Fraction = Fraction(0)
    direct: int = 0
    paid: int = 0

    def charge(self, price: int) -> int:
        """What a price costs this grant now: indirect cost is the floor of rate times all direct cost so far."""
        return price + int(self.rate * (self.direct + price)) - int(self.rate * self.direct)


@dataclass
class Purse:
    """Several grants that pay for one queue; of those that can, the one that ends first pays.

    ``by_shares``: the one that has paid out the smallest part of what it has.
    """

    grants: list[Grant]
    by_shares: bool = False
    fault: str = ""

    def pay(self, now: int, price: int) -> tuple[str, int] | None:
        """The grant that pays and the cents it pays; None if no grant can."""
        order = sorted(self.grants, key=lambda grant: (grant.end, grant.name))
        if self.by_shares:
            order.sort(key=lambda grant: Fraction(grant.paid, grant.cents))
        for grant in order:
            closed = now >= grant.end and self.fault != "spends after the end"
            if self.fault == "end included":
                closed = now > grant.end
            if now < grant.begin or closed:
                continue
            cents = price if self.fault == "no indirect cost" else grant.charge(price)
            if cents <= grant.cents - grant.paid:
                grant.direct += price
                grant.paid += cents
                return grant.name, cents
        return None


@dataclass
class Served:
    """Who started when, who paid what, and who went without."""

    started: dict[int, int] = field(default_factory=dict)
    paid: dict[int, tuple[str, int]] = field(default_factory=dict)
    gave_up: dict[int, int] = field(default_factory=dict)
    turned_away: set[int] = field(default_factory=set)


class Calendar:
    """Instants in order, each once, up to the horizon."""

    def __init__(self, instants: Iterable[int], horizon: int) -> None:
        self.heap = list(instants)
        heapq.heapify(self.heap)
        self.horizon = horizon
        self.now = -1

    def add(self, instant: int) -> None:
        """One more instant at which something happens."""
        heapq.heappush(self.heap, instant)

    def advance(self) -> bool:
        """Go to the next instant; False when there is none before the horizon."""
        while self.heap and self.heap[0] <= self.now:
            heapq.heappop(self.heap)
        if not self.heap or self.heap[0] >= self.horizon:
            return False
        self.now = heapq.heappop(self.heap)
        return True


def queue(
    cases: Sequence[Case], teams: int, horizon: int, *, patience: int | None = None, waiting_limit: int | None = None,
    purse: Purse | None = None, skip: bool = False, fault: str = "",
) -> Served:  # fmt: skip
    """Teams, a queue by priority and opening, patience, a limit on how many may wait, and a purse."""
    result, waiting, busy = Served(), list[Case](), list[int]()
    coming = in_order(cases)
    calendar = Calendar([case.opened for case in cases], horizon)
    for case in cases if patience is not None else ():
        calendar.add(case.opened + (patience or 0))
    for grant in purse.grants if purse else ():
        calendar.add(grant.begin)
    teams += fault == "one team more"
    while calendar.advance():
        now = calendar.now
        if patience is not None:
            _give_up(waiting, result, now, patience, fault)
        busy = [end for end in busy if end > now]
        for case in due(coming, now):
            if waiting_limit is not None and len(waiting) - (teams - len(busy)) >= waiting_limit:
                result.turned_away.add(case.number)
            else:
                waiting.append(case)
        if fault != "priority ignored":
            waiting.sort(key=lambda case: (case.priority, case.opened, case.number))
        for case in _start(waiting, result, now, teams - len(busy), purse, skip):
            busy.append(now + case.duration)
            calendar.add(now + case.duration)
    return result


def in_order(cases: Sequence[Case]) -> list[Case]:
    """By opening, then by number."""
    return sorted(cases, key=lambda case: (case.opened, case.number))


def due(coming: list[Case], now: int) -> list[Case]:
    """Take those who have come by now."""
    found = [case for case in coming if case.opened <= now]
    del coming[: len(found)]
    return found


def _start(
    waiting: list[Case], result: Served, now: int, free: int, purse: Purse | None, skip: bool
) -> list[Case]:  # fmt: skip
    """From the front, as many as teams are free and the purse can pay; one it cannot stops the queue or is skipped."""
    begun = list[Case]()
    for case in list(waiting):
        if len(begun) == free:
            break
        paid = purse.pay(now, case.price) if purse else ("", 0)
        if paid is not None:
            waiting.remove(case)
            begun.append(case)
            result.started[case.number], result.paid[case.number] = now, paid
        elif not skip:
            break
    return begun


def _give_up(waiting: list[Case], result: Served, now: int, patience: int, fault: str) -> None:
    """Those who have waited as long as they would, leave; before anything else of that second."""
    for case in list(waiting):
        waited = now - case.opened
        if waited > patience or (waited == patience and fault != "patience after starts"):
            waiting.remove(case)
            result.gave_up[case.number] = now


@dataclass(frozen=True)
class Trip:
    """A departure: when, and who is on board."""

    time: int
    cases: tuple[int, ...]


def convoys(
    cases: Sequence[Case], horizon: int, *, seats: int | None = None, fill: int | None = None, every: int | None = None,
    longest_wait: int | None = None, vehicles: int | None = None, away: int = 1, fault: str = "",
) -> list[Trip]:  # fmt: skip
    """Departures when full, on schedule, or at the first waiter's limit; those left over keep their clocks."""
    trips, waiting, back = list[Trip](), list[Case](), list[int]()
    coming = in_order(cases)
    calendar = Calendar([case.opened for case in cases], horizon)
    calendar.heap.extend(range(every, horizon, every) if every else ())
    calendar.heap.extend(case.opened + longest_wait for case in cases if longest_wait is not None)
    heapq.heapify(calendar.heap)
    last = 0
    while calendar.advance():
        now = calendar.now
        back = [end for end in back if end > now]
        waiting += due(coming, now)
        scheduled = every is not None and now > 0 and now % every == 0
        while waiting and (vehicles is None or len(back) < vehicles):
            clock = last if fault == "timer from the last departure" else waiting[0].opened
            overdue = longest_wait is not None and now >= clock + longest_wait
            people = sum(case.people for case in waiting)
            full = fill is not None and (people > fill if fault == "above for at least" else people >= fill)
            if not (full or overdue or scheduled):
                break
            trips.append(Trip(now, tuple(case.number for case in _board(waiting, seats, fault))))
            back.append(now + away)
            calendar.add(now + away)
            scheduled, last = False, now
    return trips


def _board(waiting: list[Case], seats: int | None, fault: str) -> list[Case]:
    """Whole households from the front; the first that does not fit ends it."""
    aboard, free = list[Case](), seats
    for case in list(waiting):
        if free is not None and case.people > free:
            if fault == "smaller ones pass":
                continue
            break
        waiting.remove(case)
        aboard.append(case)
        free = None if free is None else free - case.people
    return aboard


@dataclass
class Shelf:
    """Who got goods when, who was sent away, and what was ordered."""

    started: dict[int, int] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    orders: list[tuple[int, int]] = field(default_factory=list)  # second, quantity


def stock(
    cases: Sequence[Case], horizon: int, lead_times: Sequence[int], *, initial: int, reorder_point: int,
    order_quantity: int = 0, order_up_to: int = 0, lost_sales: bool = False, fault: str = "",
) -> Shelf:  # fmt: skip
    """Goods by (r, Q) or (s, S); the n-th order takes the n-th lead time (missing: never comes)."""
    result, waiting, coming_goods, coming = Shelf(), list[Case](), list[tuple[int, int]](), in_order(cases)
    calendar = Calendar([0, *(case.opened for case in cases)], horizon)
    on_hand = initial
    while calendar.advance():
        now = calendar.now
        on_hand += sum(quantity for second, quantity in coming_goods if second <= now)
        coming_goods = [order for order in coming_goods if order[0] > now]
        for case in due(coming, now):
            if lost_sales and on_hand <= len(waiting):
                result.lost.add(case.number)
            else:
                waiting.append(case)
        while waiting and on_hand > 0:
            result.started[waiting.pop(0).number] = now
            on_hand -= 1
        on_order = 0 if fault == "order on the way ignored" else sum(quantity for _, quantity in coming_goods)
        position = on_hand + on_order - len(waiting)
        if position <= reorder_point - (fault == "below for at most"):
            quantity = order_quantity or order_up_to - position
            if len(result.orders) < len(lead_times):
                coming_goods.append((now + lead_times[len(result.orders)], quantity))
                calendar.add(coming_goods[-1][0])
            result.orders.append((now, quantity))
    return result

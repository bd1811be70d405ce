"""Why each case that waits at the horizon is unserved, from the facts: what its service would have to pay next, and who could."""

from __future__ import annotations

from collections.abc import Iterator

from reliefsim.engine.compile.compiled_scenario import blueprint
from reliefsim.layout import Outcome, Reason
from reliefsim.records import Run
from reliefsim.units import MISSING

from .facts import Row, closures, prices, rows, service_of, teams_at, window
from .money import CASH, COMMITTED, DONOR
from .shortfall import happenings, may_pay

PPM = 1_000_000


class Hand:
    """What one grant has in its envelopes at the horizon (cents of direct cost), and whether money of it came."""

    def __init__(self) -> None:
        self.came = False
        self.left: dict[int, int] = {}

    def covers(self, service: int) -> int:
        """The most direct cents that an envelope covers."""
        return self.left.get(service, 0)


def hands(run: Run) -> list[Hand]:
    """Every grant's envelopes before the horizon's own second."""
    found = [Hand() for _ in run.names.grants]
    services = {name: number for number, name in enumerate((*run.names.services, "running"))}
    for (time, _, _), what, row in happenings(run):
        if time >= run.horizon:
            break
        if what == "envelope":
            hand = found[run.names.grants.index(row.grant)]
            hand.left[services[row.service]] = row.left
        elif what == "posting":
            hand = found[row.grant]
            hand.came |= row.credit == DONOR
            sign = (row.debit == COMMITTED and row.credit == CASH) - (row.debit == CASH and row.credit == COMMITTED)
            if row.service != MISSING:
                hand.left[row.service] = hand.left.get(row.service, 0) - sign * (row.cents - row.indirect_cents)
    return found


class Service:
    """One service at the horizon: who waits for it, what it would have to pay next, and whether it can."""

    def __init__(self, run: Run, s: int, has: list[Hand], cases: list[Row]) -> None:
        self.run, self.s, self.has, self.stated = run, s, has, service_of(run, s)
        self.mean_seconds = mean_seconds(run, s)
        closed = closures(run)
        classes = run.scenario.classes
        self.waiting = [n for n, case in enumerate(cases) if case.service == s and case.outcome == Outcome.WAITING]
        self.cases = cases
        _, self.has_unpaid = teams_at(run, s, run.horizon)
        ahead = [
            (classes[run.names.classes[cases[n].priority_class]].priority if classes else 1, cases[n].opened, n)
            for n in self.waiting
            if not any(begin <= run.horizon - 1 < end for begin, end in closed[cases[n].location])
        ]
        self.queue = [n for _, _, n in sorted(ahead)]

    def payers(self, lasts: bool) -> Iterator[tuple[int, int]]:
        """Grants that may pay for it now, with their rates; ``lasts``: for what is over when a case would be."""
        for g in range(len(self.has)):
            _, end, _ = window(self.run, g)
            grant = self.run.scenario.grants.get(self.run.names.grants[g]) or self.run.scenario.pledges[self.run.names.grants[g]]
            in_time = grant.end_rule != "spent-and-done" or self.run.horizon + self.mean_seconds < end
            if may_pay(self.run, self.s, g) and self.has[g].came and end >= self.run.horizon and (in_time or not lasts):
                yield g, round(float(grant.indirect_rate.value) * PPM)

    def can_pay(self, direct: int) -> bool:
        """Whether one grant can pay so much, or all that may together, where they may."""
        able = [self.has[g].covers(self.s) for g, rate in self.payers(True)]
        together = sum(able) if self.run.scenario.plan.cofund else 0
        return direct == 0 or max([*able, together], default=0) >= direct

    def price(self, n: int) -> int:
        """Direct cents of one case."""
        case = self.cases[n]
        (unit,) = prices(self.run, self.s, case.location)
        return unit * case.people if self.stated.kind == "convoy" else unit

    def next_price(self) -> int:
        """What has to be paid next: a group or departure as a whole; whom the queue stops at."""
        if self.stated.kind in ("convoy", "sessions"):
            most = self.stated.seats.value if self.stated.kind == "convoy" else self.stated.group_size.value
            going = []
            for n in self.queue:
                if sum(self.cases[m].people for m in going) + self.cases[n].people > most:
                    break
                going.append(n)
            return sum(map(self.price, going)) + (self.departure() if going else 0)
        skips = (self.stated.unpaid or self.run.scenario.plan.unpaid) == "skip"
        return self.price(self.queue[0]) if self.queue and not skips else 0

    def departure(self) -> int:
        """What a departure costs, whoever is on it."""
        return round(float(self.stated.departure_cost_usd.value) * 100) if self.stated.kind == "convoy" else 0

    def reason(self, n: int) -> Reason:
        """Why a case that stands in the queue is not served."""
        if self.has_unpaid or not self.can_pay(max(self.next_price(), self.price(n) + self.departure())):
            return Reason.MONEY
        if self.stated.kind != "goods" or self.on_hand() > 0:
            return Reason.TEAM
        return Reason.GOODS if self.can_order() else Reason.MONEY

    def _orders(self) -> list[Row]:
        return [row for row in rows(self.run.orders) if row.service == self.s]

    def on_hand(self) -> int:
        """Items in the store."""
        came = sum(row.quantity - row.lost for row in self._orders() if row.arrived != MISSING)
        out = sum(case.service == self.s and case.started != MISSING for case in self.cases)
        return int(self.stated.stock.initial.value + came - out)

    def can_order(self) -> bool:
        """Whether the empty store's order can be paid, with its handing out, by one grant; whole, or in part."""
        stock, unit = self.stated.stock, next(iter(prices(self.run, self.s, 0)))
        on_order = sum(row.quantity for row in self._orders() if row.arrived == row.cancelled == MISSING)
        if on_order or stock.lead_time is None or not stock.item_cost_usd.value or -len(self.waiting) > stock.reorder_point.value:
            return True
        wanted = stock.order_quantity.value if stock.policy == "rQ" else stock.order_up_to.value + len(self.waiting)
        each = round(float(stock.item_cost_usd.value) * 100) + unit
        able = [self.has[g].covers(self.s) for g, rate in self.payers(False)]
        return max(able, default=0) >= each * (1 if stock.order_partly else wanted)


def mean_seconds(run: Run, s: int) -> int:
    """The planned length of a case."""
    return int(blueprint(run.scenario).services["mean_seconds"][s])


def one_price(run: Run, s: int) -> bool:
    """Whether the facts tell each case's price."""
    return not hasattr(service_of(run, s).unit_cost_usd, "values_usd")


def check_causes(run: Run) -> set[tuple[str, Reason]]:
    """Every reason at the horizon is what the facts say; the kinds of service and reasons that were met."""
    seen: set[tuple[str, Reason]] = set()
    if run.scenario.money == "unlimited":
        return seen
    if any(row.debit == CASH and row.credit == COMMITTED and row.time >= run.horizon for row in rows(run.postings)):
        return seen  # who was stopped in the last second had nobody look at its queue again
    cases, has = rows(run.cases), hands(run)
    for s in range(len(run.names.services)):
        if not one_price(run, s):
            continue
        service = Service(run, s, has, cases)
        if service.stated.kind == "goods" and len({p for n in range(len(run.names.locations)) for p in prices(run, s, n)}) > 1:
            continue  # orders are planned at a mean price
        for n in service.queue:
            wanted = service.reason(n)
            assert cases[n].reason == wanted, f"case {n} of {run.names.services[s]}: {Reason(cases[n].reason)!r}, {wanted!r}"
            seen.add((service.stated.kind, wanted))
    return seen

"""The twin's money, in plain whole numbers: grants, their envelopes, and every cent that goes from one account to another.

Written from the documentation alone. Who pays: of the grants that may, the one that ends first, or that has used least of its
envelope. Envelopes hold direct cost; indirect cost is floor(rate × direct cost), cumulated over a grant, and comes out of
the same cash. What no grant can pay alone, all of them may pay together, in that order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from reliefsim.engine.compile.compiled_scenario import Blueprint
from reliefsim.layout import Account
from reliefsim.units import MISSING, PPM

DONOR, CASH, COMMITTED, SPENT, LAPSED = (int(account) for account in Account)
Parts = list[tuple["Grant", int]]  # who pays, and how many cents of direct cost


@dataclass(slots=True, eq=False)
class Envelope:
    """What one grant has set aside for one service, and what has become of it."""

    may_pay: bool
    left: int = 0  # of direct cost
    direct: int = 0  # committed or spent, of direct cost
    committed: int = 0  # with indirect cost
    spent: int = 0  # with indirect cost


@dataclass(slots=True, eq=False)
class Grant:
    """One grant, or the money without limit."""

    number: int
    opens: int
    ends: int
    rate_ppm: int
    is_spent_and_done: bool
    is_unlimited: bool
    is_open: bool
    envelopes: list[Envelope] = field(default_factory=list)  # by service; the last is for running costs
    received: int = 0
    cash: int = 0
    committed: int = 0
    spent: int = 0
    lapsed: int = 0
    direct: int = 0  # committed or spent, of which:
    indirect: int = 0

    def brings(self, direct: int) -> int:
        """The indirect cost of so many more cents: what is due on all direct cost, less what was charged before."""
        return max(0, self.rate_ppm * (self.direct + direct) // PPM - self.indirect)

    def may_pay(self, service: int, planned_end: int) -> bool:
        """Whether it pays for a service at all now: in its window, and, spent and done, what will end inside it."""
        in_time = planned_end < self.ends or not self.is_spent_and_done
        return self.is_open and in_time and self.envelopes[service].may_pay

    def has(self, service: int, direct: int) -> bool:
        """Whether its envelope holds so much."""
        return self.is_unlimited or self.envelopes[service].left >= direct

    def used_less(self, other: Grant, service: int) -> bool:
        """Whether it has used a smaller part of its envelope than another."""
        mine, its = self.envelopes[service], other.envelopes[service]
        return mine.direct * (its.direct + its.left) < its.direct * (mine.direct + mine.left)


class Books:
    """All grants of one run, and what was posted."""

    def __init__(self, plan: Blueprint, now: Callable[[], int]) -> None:
        self._now = now
        self._by_shares = plan.scenario.plan.pay_order == "shares"
        self._pays_together = plan.scenario.plan.cofund
        self.posted: list[tuple[int, ...]] = []
        self.grants = [
            Grant(
                number, int(row["opens"]), int(row["ends"]), int(row["rate_ppm"]), bool(row["spent_and_done"]),
                bool(row["unlimited"]), bool(row["is_open"]), [Envelope(bool(may)) for may in plan.may_pay[:, number]],
            )
            for number, row in enumerate(plan.grants)
        ]  # fmt: skip
        self.in_order: list[Grant] = []
        self.put_in_order()

    def put_in_order(self) -> None:
        """Who ends first pays first; of equals, who may pay for least, opened first, costs least, is named first."""
        self.in_order = sorted(
            self.grants,
            key=lambda one: (one.ends, sum(e.may_pay for e in one.envelopes), one.opens, one.rate_ppm, one.number),
        )

    # Who pays.

    def first_to_pay(self, service: int, able: list[Grant]) -> Grant:
        """Of some grants in pay order, the one whose turn it is."""
        turn = able[0]
        if self._by_shares:
            for grant in able[1:]:
                if grant.used_less(turn, service):
                    turn = grant
        return turn

    def who_pays(self, service: int, direct: int, planned_end: int) -> Parts:
        """Grants and the direct cents of each, in the order in which they pay; none: the price cannot be whole."""
        willing = [grant for grant in self.in_order if grant.may_pay(service, planned_end)]
        if able := [grant for grant in willing if grant.has(service, direct)]:
            return [(self.first_to_pay(service, able), direct)]
        found: Parts = []
        while self._pays_together and willing and direct:
            grant = self.first_to_pay(service, willing)
            willing.remove(grant)
            if part := min(direct, grant.envelopes[service].left):
                found.append((grant, part))
                direct -= part
        return found if direct == 0 else []

    # What is paid.

    def _post(self, grant: Grant, service: int, into: int, out_of: int, cents: int, indirect: int, what: int) -> None:
        self.posted.append((self._now(), cents, indirect, what, grant.number, service, into, out_of))

    def receive(self, grant: Grant, cents: int) -> None:
        """A donor's money comes."""
        grant.received += cents
        grant.cash += cents
        self._post(grant, MISSING, CASH, DONOR, cents, 0, MISSING)

    def commit(self, grant: Grant, service: int, direct: int, what: int) -> int:
        """So many cents, and the indirect cost that they bring, are set aside; the indirect cost."""
        indirect = grant.brings(direct)
        both = direct + indirect
        envelope = grant.envelopes[service]
        if grant.is_unlimited:
            self.receive(grant, both)
        else:
            envelope.left -= direct
        grant.cash -= both
        grant.committed += both
        grant.direct += direct
        grant.indirect += indirect
        envelope.direct += direct
        envelope.committed += both
        assert grant.cash >= 0
        assert envelope.left >= 0
        self._post(grant, service, COMMITTED, CASH, both, indirect, what)
        return indirect

    def spend(self, grant: Grant, service: int, direct: int, indirect: int, what: int) -> None:
        """What was committed is paid out."""
        both = direct + indirect
        envelope = grant.envelopes[service]
        for book in (grant, envelope):
            book.committed -= both
            book.spent += both
        self._post(grant, service, SPENT, COMMITTED, both, indirect, what)

    def release(self, grant: Grant, service: int, direct: int, indirect: int, what: int) -> None:
        """What was committed is cash again, with its indirect cost; of its envelope, as long as the grant may pay."""
        both = direct + indirect
        envelope = grant.envelopes[service]
        grant.cash += both
        grant.committed -= both
        grant.direct -= direct
        grant.indirect -= indirect
        envelope.committed -= both
        envelope.direct -= direct
        if grant.is_open:
            envelope.left += direct
        self._post(grant, service, CASH, COMMITTED, both, indirect, what)

    def lapse(self, grant: Grant) -> int:
        """All cash goes back to the donor; the cents."""
        cents = grant.cash
        if cents:
            self._goes_back(grant, cents)
        for envelope in grant.envelopes:
            envelope.left = 0
        return cents

    def lapse_of_those_over(self, but: Grant | None = None) -> None:
        """What comes back to a grant whose window is over may not be used any more."""
        for grant in self.grants:
            if grant is not but and grant.ends <= self._now() and not grant.is_open:
                self.lapse(grant)

    def cut(self, grant: Grant, cents: int) -> None:
        """A part of the cash goes back, and every envelope has so much less in proportion."""
        if not cents:
            return
        before = grant.cash
        self._goes_back(grant, cents)
        for envelope in grant.envelopes:
            envelope.left = envelope.left * grant.cash // before
        held = sum(envelope.left for envelope in grant.envelopes)
        while held and held + grant.brings(held) > grant.cash:  # rounded down one by one, indirect cost is once
            next(envelope for envelope in grant.envelopes if envelope.left).left -= 1
            held -= 1

    def _goes_back(self, grant: Grant, cents: int) -> None:
        grant.cash -= cents
        grant.lapsed += cents
        self._post(grant, MISSING, LAPSED, CASH, cents, 0, MISSING)

    def check(self) -> None:
        """No cent has appeared or vanished: by grant, and by envelope."""
        for grant in self.grants:
            assert grant.received == grant.cash + grant.committed + grant.spent + grant.lapsed
            assert grant.committed == sum(envelope.committed for envelope in grant.envelopes)
            assert grant.spent == sum(envelope.spent for envelope in grant.envelopes)
            assert grant.direct + grant.indirect == grant.committed + grant.spent

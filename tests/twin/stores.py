"""The twin's stores: goods are handed out, and ordered while stock is low and money allows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from reliefsim.layout import NO_POLICY, ORDER_DUE, R_Q, Reason
from reliefsim.units import MISSING, PPM

from .money import Grant
from .parts import Case
from .services import Casework

if TYPE_CHECKING:
    from .happenings import Happenings


class Goods(Casework):
    """Casework that takes an item out of a store, which is filled by orders."""

    def __init__(self, delivery: Happenings, number: int) -> None:
        super().__init__(delivery, number)
        self.on_hand = self.stated["initial"]
        self.on_order = self.delivered = self.lost = self.orders = self.next_order = 0
        self.item_price = self.stated["item_price"]
        self.lead_seconds = max(1, int(float(delivery.plan.laws[number, 3]["mean"]) + 0.5))

    def turns_away(self, case: Case) -> int:
        """Demand that finds no free item is lost, where it does not wait."""
        case.in_stock = int(self.on_hand > self.waiting)
        if self.stated["lost_sales"] and not case.in_stock:
            called_for = self.wanted() if self.on_hand == self.on_order == 0 else 0
            return Reason.GOODS if self.can_pay(case.price) and self._can_order(called_for, 1) else Reason.MONEY
        return super().turns_away(case)

    def has_items(self) -> bool:
        """Whether there is something to hand out."""
        return self.on_hand > 0

    def takes_item(self, items: int) -> None:
        """Items leave the store (or come back)."""
        self.on_hand -= items

    def start(self) -> Iterator[int]:
        """Hand out, then order while stock is low and money allows."""
        super().start()
        while self.order()[0] > 0:
            yield ORDER_DUE

    def wanted(self) -> int:
        """Items to order: none while on hand + on order − waiting is above the reorder point."""
        position = self.on_hand + self.on_order - self.waiting
        if self.stated["policy"] == NO_POLICY or position > self.stated["reorder_point"]:
            return 0
        size = self.stated["order_size"]
        return size if self.stated["policy"] == R_Q else max(0, size - position)

    def order(self) -> tuple[int, int]:
        """Items to order now and the grant that pays; (0, MISSING): none."""
        wanted = self.wanted()
        if wanted == 0 or self.item_price == 0:
            return wanted, MISSING
        ready = self.delivery.now + self.lead_seconds + self.stated["handout_seconds"]
        offers = {}
        for grant in self.delivery.books.in_order:
            if self._may_order(grant) and ready < grant.ends and (sought := self._sought(grant, wanted, 0)) > 0:
                offers[grant] = (self._affordable(sought, grant), sought)
        whole = [grant for grant, (items, sought) in offers.items() if items == sought]
        if whole:
            grant = self.delivery.books.first_to_pay(self.number, whole)
            return offers[grant][0], grant.number
        most = max((items for items, _ in offers.values()), default=0)
        if most == 0 or not self.stated["order_partly"]:
            return 0, MISSING
        return most, next(grant.number for grant, (items, _) in offers.items() if items == most)

    def _may_order(self, grant: Grant) -> bool:
        return grant.is_open and grant.envelopes[self.number].may_pay

    def _sought(self, grant: Grant, wanted: int, turned_away: int) -> int:
        """Items wanted of a grant: none beyond what those need whom it may pay for."""
        return wanted if grant.is_unlimited else min(wanted, self._lacking(grant.number, turned_away))

    def _lacking(self, g: int, turned_away: int = 0) -> int:
        """Items for those who wait and those who will have come by a grant's end, less what is there or coming."""
        expected = max(self.foreseen[g], self.opened) - self.opened
        short, kept = self.waiting + turned_away + expected - self.on_hand, 1 - Fraction(self.stated["loss_ppm"], PPM)
        return math.ceil(short / kept if short > 0 and kept > 0 else short) - self.on_order

    def _kept(self, grant: Grant) -> int:
        """What handing out the items there and coming will cost a grant, beyond what the other open grants have."""
        direct = int(self.stated["unit_price"]) * (self.on_hand + self.on_order)
        others = [one for one in self.delivery.books.grants if one is not grant and self._may_order(one)]
        return max(0, direct - sum(one.envelopes[self.number].left for one in others))

    def _affordable(self, wanted: int, grant: Grant) -> int:
        """The most items, up to ``wanted``, that an envelope covers with handing out, and with that of those before."""
        if grant.is_unlimited:
            return wanted
        usable = grant.envelopes[self.number].left - self._kept(grant)
        each = self.item_price + int(self.stated["unit_price"])
        return sum(1 for items in range(1, wanted + 1) if items * each <= usable)

    def free_slots(self, case: Case) -> int:
        """As many as teams and money could take on, and items are there for."""
        return min(super().free_slots(case), self.on_hand)

    def is_short(self) -> int:
        """Goods, or the money for them, are missing."""
        if self.on_hand > 0:
            return 0
        # Where the money is there, they have not come, or cannot in time.
        return Reason.GOODS if self._can_order(self.next_order, 0) else Reason.MONEY

    def _can_order(self, called_for: int, turned_away: int) -> bool:
        """Whether some grant can pay what an empty store calls for, ``turned_away`` being wanted beside who waits."""
        if called_for == 0 or self.item_price == 0:
            return True
        for grant in self.delivery.books.grants:
            if self._may_order(grant):
                sought = self._sought(grant, called_for, turned_away)
                least = 1 if self.stated["order_partly"] else sought
                if 0 < least <= self._affordable(sought, grant):
                    return True
        return False

    def could_pay(self) -> bool:
        """An empty store's next order, too."""
        return super().could_pay() and self._can_order(self.next_order, 0)

    def remember(self) -> None:
        """An empty store calls for an order, too."""
        super().remember()
        self.next_order = self.wanted() if self.on_hand == self.on_order == 0 else 0

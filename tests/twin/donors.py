"""What donors do in the twin: money comes, windows end, shocks strike; and what that does to whom it had paid for."""

from __future__ import annotations

from typing import Any

from reliefsim.units import MISSING

from .happenings import Happenings
from .money import Grant
from .paying import commit_all
from .stores import Goods


class Funded(Happenings):
    """The grants of one run, as donors and teams may ask of them."""

    def money_comes(self, g: int, amount: int) -> None:
        """A tranche arrives."""
        grant = self.books.grants[g]
        self.books.receive(grant, amount)
        grant.is_open = True

    def window_ends(self, g: int) -> int:
        """A grant's window ends; the cents that lapse. Whoever waits may stand still from now on."""
        grant = self.books.grants[g]
        grant.is_open = False
        self.look_at_all()
        return self.liquidation_ends(g) if grant.is_spent_and_done else self.books.lapse(grant)

    def liquidation_ends(self, g: int) -> int:
        """Open commitments of a grant lapse."""
        grant = self.books.grants[g]
        self._free(grant)
        return self.books.lapse(grant)

    def extends(self, g: int, ends: int) -> None:
        """A grant's window ends later, and others may come before it."""
        self.books.grants[g].ends = ends
        self.books.put_in_order()
        self.look_at_all()

    def stops_work(self, g: int, frees: bool) -> int:
        """A donor stops work: the window ends now."""
        grant = self.books.grants[g]
        grant.ends, grant.is_open = self.now, False
        return self.liquidation_ends(g) if frees else self.books.lapse(grant)

    def suspends(self, g: int, frees: bool) -> int:
        """A donor suspends a grant: it is shut, and its cash stays; the cents that lie idle."""
        grant = self.books.grants[g]
        grant.is_open = False
        for envelope in grant.envelopes:
            envelope.left = 0
        if frees:
            self._free(grant)
        return grant.cash

    def resumes(self, g: int) -> None:
        """A suspended grant may pay again, once it has had money."""
        grant = self.books.grants[g]
        grant.is_open = grant.received > 0

    def cuts(self, g: int, amount: int) -> None:
        """So much of a grant's uncommitted cash lapses."""
        self.books.cut(self.books.grants[g], amount)

    def pay_running(self, direct: int, reference: int) -> int:
        """Pay a running cost now; who pays (the largest part), or MISSING."""
        who = self.books.who_pays(self.running, direct, self.now)
        if not who:
            return MISSING
        payment = commit_all(self, self.running, who, reference)
        payment.spend(self)
        return payment.grant

    def set_envelopes(self, left: list[list[int]], foreseen: list[list[int]]) -> None:
        """What each envelope, the running one last, has left from now on, and how many cases are foreseen to open."""
        for grant in self.books.grants:
            for envelope, by_grant in zip(grant.envelopes, left, strict=True):
                envelope.left = by_grant[grant.number]
        for service, by_grant in zip(self.works, foreseen, strict=True):
            service.foreseen = by_grant
        self.look_at_all()

    def _free(self, grant: Grant) -> None:
        """Orders are cancelled, who is served on a grant's money waits again."""
        for number in range(int(self._row["orders"])):
            row: Any = self.orders[number]
            if row["grant"] == grant.number and row["arrived"] == MISSING and row["cancelled"] == MISSING:
                row["cancelled"] = self.now
                store = self.works[int(row["service"])]
                assert isinstance(store, Goods)
                store.on_order -= int(row["quantity"])
                direct = int(row["quantity"]) * store.item_price
                self.books.release(grant, store.number, direct, int(row["cents"]) - direct, number)
                self.look_at(store)
        for service in self.works:
            service.stop_all(grant.number)
        self.those_gone_leave()
        self.books.lapse_of_those_over(but=grant)

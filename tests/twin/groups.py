"""What the twin's services for many at once share: who goes together, and who bears what of its price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reliefsim.engine.processes.calendar import STARTING
from reliefsim.layout import NEVER, Outcome
from reliefsim.units import MISSING

from .parts import Case, Group, Team
from .services import Service

if TYPE_CHECKING:
    from .happenings import Happenings


class Together(Service):
    """Those first in the queue go together, when they are many enough or have waited long enough."""

    most = wanted = NEVER
    departure_price = 0

    def __init__(self, delivery: Happenings, number: int) -> None:
        super().__init__(delivery, number)
        self.longest_wait = self.stated["longest_wait"]
        self.waiting_at = [0] * len(self.delivery.plan.names.locations)
        self.under_way: list[Group] = []
        self.groups = 0
        self.timer = MISSING

    def wait(self, case: Case) -> None:
        """A case waits (again)."""
        self.waiting_at[case.place] += case.people
        super().wait(case)

    def waits_no_more(self, case: Case, outcome: Outcome) -> None:
        """A waiting case starts, or ends unserved."""
        self.waiting_at[case.place] -= case.people
        super().waits_no_more(case, outcome)

    def free_slots(self, case: Case) -> int:
        """Nobody is taken on alone."""
        return 0

    def people_waiting(self) -> int:
        """People waiting in places that are open."""
        return sum(people for people, closed in zip(self.waiting_at, self.delivery.closures, strict=True) if not closed)

    def is_due(self) -> bool:
        """Whether enough wait, or one has waited to the limit."""
        if self.people_waiting() >= self.wanted:
            return True
        oldest = self.queue.longest_waiting() if self.longest_wait != MISSING else MISSING
        return oldest != MISSING and oldest + self.longest_wait <= self.delivery.now

    def set_timer(self) -> None:
        """Look again when the one who waits longest reaches the limit."""
        oldest = self.queue.longest_waiting() if self.longest_wait != MISSING else MISSING
        limit = oldest + self.longest_wait if oldest != MISSING else MISSING
        if limit != self.timer and limit > self.delivery.now:
            self.delivery.when(limit, STARTING, lambda: self._time_is_up(limit))
        self.timer = limit if limit > self.delivery.now else MISSING

    def _time_is_up(self, second: int) -> None:
        if self.timer == second:
            self.delivery.look_at(self)

    def first_who_fit(self) -> list[Case]:
        """Taken in order until the next does not fit; none is skipped."""
        chosen: list[Case] = []
        seats = self.most
        while (case := self.queue.first()) is not None and case.people <= seats:
            self.queue.pop()
            chosen.append(case)
            seats -= case.people
        return chosen

    def put_back(self, cases: list[Case]) -> None:
        """They go on waiting."""
        for case in cases:
            self.queue.push(case)

    def remember(self) -> None:
        """A group is paid as a whole: those who would go now."""
        members = self.first_who_fit()
        self.put_back(members)
        is_asked = bool(members) or self.queue.first() is not None
        self.next_price = sum(case.price for case in members) + self.departure_price if is_asked else 0

    def form(self, members: list[Case], team: Team, together: int, seconds: int) -> Group:
        """A group that is paid for and starts; ``together``: cents for all, shared by seats."""
        direct = sum(case.price for case in members) + together
        reference = self.delivery.next_group_reference()
        group = Group(self.groups, reference, members, team, self.pay(direct, reference, self.groups), direct)
        self.groups += 1
        self.under_way.append(group)
        share_out(group, together)
        for case in members:
            self.begin(case, team, group.payment, seconds)
            case.group = group.number
        return group

    def finish(self, group: Group) -> None:
        """All are served and paid."""
        group.is_over = True
        self.under_way.remove(group)
        if group.payment:
            group.payment.spend(self.delivery)
        for case in group.members:
            self.delivery.served(case)

    def stop_all(self, grant: int) -> None:
        """Groups on this grant's money stop; all wait again."""
        for group in [g for g in self.under_way if g.payment and g.payment.is_by(grant)]:
            self.stop(group)

    def stop(self, group: Group, is_late: bool = False) -> None:
        """A group ends before its time, and its commitment falls away."""
        group.is_over = True
        self.under_way.remove(group)
        if group.payment:
            group.payment.release(self.delivery)
        self.let_go(group)
        for case in group.members:
            self.begin_again(case, is_late)

    def let_go(self, group: Group) -> None:
        """What a stopped group no longer holds."""
        raise NotImplementedError


def share_out(group: Group, together: int) -> None:
    """Each case bears its price, its seats' part of what is paid for all, and its part of indirect cost.

    Whole cents: everybody up to and including a case bears the floor of their part, so nothing is left over.
    """
    all_seats = sum(case.people for case in group.members)
    seats = own = charged = charged_indirect = 0
    for case in group.members:
        seats += case.people
        own += case.price
        direct = own + together * seats // all_seats
        indirect = (group.payment.indirect if group.payment else 0) * direct // max(1, group.direct)
        case.indirect = indirect - charged_indirect
        case.cents = direct + indirect - charged
        charged, charged_indirect = direct + indirect, indirect

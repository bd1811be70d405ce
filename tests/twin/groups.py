"""The twin's services for many at once: convoys, and closed groups that meet."""

from __future__ import annotations

from collections.abc import Iterator

from reliefsim.calendar import SERVICE_ENDS, STARTING
from reliefsim.delivery.tables import CONVOY, DEPARTURE_DUE, NEVER
from reliefsim.money.ledger import commit, release, spend
from reliefsim.records import MISSING, Outcome

from .parts import Case, Group, Team
from .services import Service


class Together(Service):
    """Those first in the queue go together, when they are many enough or have waited long enough."""

    most = wanted = NEVER

    def __init__(self, delivery: object, number: int) -> None:
        super().__init__(delivery, number)  # type: ignore[arg-type]
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

    def free_slots(self) -> int:
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

    def form(self, members: list[Case], team: Team, together: int, seconds: int) -> Group:
        """A group that is paid for and starts; ``together``: cents for all, shared by seats."""
        delivery = self.delivery
        direct = sum(case.price for case in members) + together
        reference = delivery.next_group_reference()
        grant, indirect = MISSING, 0
        if direct > 0:
            grant = self.payer(direct)
            indirect = commit(delivery.state, self.number, grant, direct, reference)
        group = Group(self.groups, reference, members, team, grant, direct, indirect)
        self.groups += 1
        self.under_way.append(group)
        share_out(group, together)
        for case in members:
            self.begin(case, team, grant, seconds)
            case.group = group.number
        return group

    def finish(self, group: Group) -> None:
        """All are served and paid."""
        group.is_over = True
        self.under_way.remove(group)
        if group.grant != MISSING:
            spend(self.delivery.state, self.number, group.grant, group.direct, group.indirect, group.reference)
        for case in group.members:
            self.delivery.served(case)

    def stop_all(self, grant: int) -> None:
        """Groups on this grant's money stop; all wait again."""
        for group in [g for g in self.under_way if g.grant == grant]:
            group.is_over = True
            self.under_way.remove(group)
            release(self.delivery.state, self.number, grant, group.direct, group.indirect, group.reference)
            self.let_go(group)
            for case in group.members:
                self.begin_again(case)

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
        indirect = group.indirect * direct // max(1, group.direct)
        case.indirect = indirect - charged_indirect
        case.cents = direct + indirect - charged
        charged, charged_indirect = direct + indirect, indirect


class Convoy(Together):
    """Leaves full, by schedule, or when one has waited to the limit."""

    def __init__(self, delivery: object, number: int) -> None:
        super().__init__(delivery, number)
        self.most = self.stated["seats"] if self.stated["seats"] != MISSING else NEVER
        self.wanted = self.stated["fill_seats"]
        self.departure_price = self.stated["departure_price"]
        self.is_called = False

    def price_of(self, case: Case) -> int:
        """A seat is of no use without a convoy."""
        return case.price + self.departure_price

    def is_due(self) -> bool:
        """Whether it is full enough, called by the schedule, or somebody has waited to the limit."""
        if self.people_waiting() == 0:
            self.is_called = False
        return self.is_called or super().is_due()

    def start(self) -> Iterator[int]:
        """Say that a convoy is due while one can leave."""
        while self._can_leave():
            yield DEPARTURE_DUE
        self.set_timer()

    def _can_leave(self) -> bool:
        if not self.is_due() or self.free_team() is None:
            return False
        members = self.first_who_fit()
        direct = sum(case.price for case in members) + self.departure_price
        self.put_back(members)
        return bool(members) and (direct == 0 or self.payer(direct) != MISSING)

    def depart(self, seconds: int) -> Group:
        """The first who fit leave."""
        team = self.free_team()
        assert team is not None
        self.is_called = False
        group = self.form(self.first_who_fit(), team, self.departure_price, seconds)
        team.busy += 1
        self.delivery.when(self.delivery.now + seconds, SERVICE_ENDS, lambda: self._arrive(group))
        return group

    def _arrive(self, group: Group) -> None:
        if not group.is_over:
            group.team.busy -= 1
            self.finish(group)
            self.delivery.look_at(self)

    def let_go(self, group: Group) -> None:
        """The convoy's team is free."""
        group.team.busy -= 1


class Sessions(Together):
    """Closed groups that meet so many times; counsellors are held while a group meets."""

    def __init__(self, delivery: object, number: int) -> None:
        super().__init__(delivery, number)
        self.most = self.wanted = self.stated["group_size"]
        self.counsellors = self.stated["per_session"]
        self.due: list[Group] = []  # who fell due first meets first

    def start(self) -> Iterator[int]:
        """Groups that are due meet, then new groups form."""
        for group in sorted(self.due, key=lambda group: (group.due, group.number)):
            if group.team.is_at_work and group.team.slots - group.team.busy >= self.counsellors:
                self.due.remove(group)
                self._meet(group)
        while self.is_due() and (team := self._team_for_group()) is not None:
            members = self.first_who_fit()
            direct = sum(case.price for case in members)
            if not members or (direct > 0 and self.payer(direct) == MISSING):
                self.put_back(members)
                break
            group = self.form(members, team, 0, self.planned_seconds)
            team.groups += 1
            self._meet(group)
        self.set_timer()
        return iter(())

    def _team_for_group(self) -> Team | None:
        each = self.stated["groups_each"]
        for team in self.teams:
            has_room = each == MISSING or team.groups < team.workers * each
            if team.is_at_work and has_room and team.slots - team.busy >= self.counsellors:
                return team
        return None

    def _meet(self, group: Group) -> None:
        group.sessions_held += 1
        group.began = self.delivery.now
        group.team.busy += self.counsellors
        ends = group.began + self.stated["session_seconds"]
        self.delivery.when(ends, SERVICE_ENDS, lambda: self._session_ends(group))

    def _session_ends(self, group: Group) -> None:
        if group.is_over:
            return
        group.team.busy -= self.counsellors
        self.delivery.look_at(self)
        if group.sessions_held == self.stated["sessions"]:
            group.team.groups -= 1
            self.finish(group)
            return
        again = max(self.delivery.now, group.began + self.stated["every_seconds"])
        group.began = MISSING
        self.delivery.when(again, SERVICE_ENDS, lambda: self._next_is_due(group))

    def _next_is_due(self, group: Group) -> None:
        if not group.is_over:
            group.due = self.delivery.now
            self.due.append(group)
            self.delivery.look_at(self)

    def let_go(self, group: Group) -> None:
        """The group's counsellors are free."""
        group.team.groups -= 1
        if group in self.due:
            self.due.remove(group)
        elif group.began != MISSING:
            group.team.busy -= self.counsellors


__all__ = ["CONVOY", "Convoy", "Sessions", "share_out"]

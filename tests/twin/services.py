"""The twin's services: who is taken on next, by which team, paid by which grant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reliefsim.layout import CASEWORK, Outcome, Reason
from reliefsim.units import MISSING

from .breaks import Stillness
from .money import Parts
from .parts import Case, Queue, Team
from .paying import Payment, commit_all, keep_parts

if TYPE_CHECKING:
    from .happenings import Happenings

IN_SERVICE, WAITING = Outcome.IN_SERVICE, Outcome.WAITING


class Service:
    """What all kinds share: a queue, teams, and money."""

    def __init__(self, delivery: Happenings, number: int) -> None:
        row: Any = delivery.plan.services[number]
        self.stated = {name: int(row[name]) for name in row.dtype.names}
        self.delivery, self.number = delivery, number
        self.kind = self.stated["kind"]
        self.after = self.stated["after"]
        self.planned_seconds = self.stated["mean_seconds"]
        self.skips_unpaid = bool(self.stated["skip"])
        self.waiting_limit = self.stated["waiting_limit"]
        self.teams = [
            Team(
                p, int(pool["slots"]), int(pool["counsellors"]), bool(pool["active"]), int(pool["room"]), bool(pool["over"])
            )
            for p, pool in enumerate(delivery.plan.pools)
            if pool["service"] == number
        ]
        self.queue = Queue(len(delivery.plan.ranks), delivery.closures)
        self.waiting = self.opened = 0
        self.foreseen = [0] * len(delivery.plan.grants)
        self.changed = True
        self.next_price = 0
        self.stillness = Stillness(self)
        self.waits_at = [0] * len(delivery.plan.names.locations)

    def turns_away(self, case: Case) -> int:
        """Why a case that opens may not even wait: 0, or the reason."""
        if self.waiting_limit != MISSING and self.waiting >= self.waiting_limit + self.free_slots(case):
            return Reason.TURNED_AWAY
        return 0

    def free_slots(self, case: Case) -> int:
        """Cases like this one that teams at work, and money, could take on at once."""
        price = case.price
        ahead = None if self.skips_unpaid else self.queue.first()
        if ahead is not None and ahead.rank <= case.rank:
            price = max(price, ahead.price)  # nobody starts behind one who cannot be paid
        if not self.can_pay(price):
            return 0
        free = sum(max(0, team.room - team.busy) for team in self.teams if team.is_at_work)
        return max(0, free - self.without_team())

    def without_team(self) -> int:
        """Open cases that no team has."""
        return 0

    def hand_over(self, team: Team) -> None:
        """A team has fewer places: what is open beyond them stands without a team, until another takes it."""

    def stop_open(self) -> None:
        """No team is left or to come: what is open stops."""

    def free_team(self, slots: int = 1) -> Team | None:
        """The first team at work with so many free places."""
        for team in self.teams:
            if team.can_start(slots):
                return team
        return None

    def wait(self, case: Case) -> None:
        """A case waits (again)."""
        case.outcome = WAITING
        self.waiting += 1
        self.waits_at[case.place] += 1
        self.queue.push(case)
        self.delivery.look_at(self)

    def waits_no_more(self, case: Case, outcome: Outcome) -> None:
        """A waiting case starts, or ends unserved; its place in the queue falls away when it is met."""
        self.waiting -= 1
        self.waits_at[case.place] -= 1
        case.outcome = outcome

    def who_pays(self, direct: int) -> Parts:
        """Who pays what of so many cents for this service now; none: nobody can."""
        return self.delivery.books.who_pays(self.number, direct, self.delivery.now + self.planned_seconds)

    def can_pay(self, direct: int) -> bool:
        """Whether so many cents can be paid for this service now."""
        return direct == 0 or bool(self.who_pays(direct))

    def pay(self, direct: int, reference: int, group: int = MISSING) -> Payment | None:
        """Commit so many cents, which can be paid."""
        if direct == 0:
            return None
        payment = commit_all(self.delivery, self.number, self.who_pays(direct), reference)
        keep_parts(self.delivery, payment, group)
        return payment

    def remember(self) -> None:
        """After all that could start has: what would have to be paid next."""
        self.next_price = 0
        first = self.queue.first()
        if first is not None and not self.skips_unpaid:
            self.next_price = first.price

    def begin(self, case: Case, team: Team, payment: Payment | None, seconds: int) -> None:
        """A waiting case starts."""
        self.waits_no_more(case, IN_SERVICE)
        self.stillness.has_started = True
        self.delivery.services["begun"][self.number] += 1
        case.started = self.delivery.now
        case.ended = case.started + seconds
        case.grant, case.team = payment.grant if payment else MISSING, team.number

    def begin_again(self, case: Case, is_late: bool = False) -> None:
        """A case whose grant or team is gone waits where it stood, if its household is still there.

        ``is_late``: who loses patience in this second has lost it.
        """
        self.delivery.services["begun"][self.number] -= 1
        case.started = case.ended = case.grant = case.team = case.group = MISSING
        case.cents = case.indirect = 0
        case.payment = None
        self.wait(case)
        self.delivery.stopped(case, is_late)

    def start(self) -> Iterator[int]:
        """Start what can start; yields what somebody else must decide."""
        raise NotImplementedError

    def stop_all(self, grant: int) -> None:
        """Whoever is in service on this grant's money loses it."""
        raise NotImplementedError

    def price_of(self, case: Case) -> int:
        """Direct cents that must be payable before a case can start."""
        return case.price

    def can_pay_next(self) -> bool:
        """Whether what would start next can be paid: for whoever stands first, or, where a queue skips, for anybody."""
        first = self.queue.first()
        assert first is not None
        return self.can_pay(max(self.price_of(first), self.next_price))

    def could_pay(self) -> bool:
        """Whether, if somebody came who costs least, nothing would be lacking that money buys."""
        return not self.is_unpaid() and self.can_pay(self.stated["cheapest"])

    def is_unpaid(self) -> bool:
        """Whether no team works, and one would if it were paid."""
        return any(team.is_unpaid for team in self.teams) and not any(team.is_at_work for team in self.teams)

    def is_short(self) -> int:
        """Whether goods are what is missing: 0, or the reason."""
        return 0


class Casework(Service):
    """One case, one place in a team, for as long as it lasts."""

    def __init__(self, delivery: Happenings, number: int) -> None:
        super().__init__(delivery, number)
        self.standing: list[Case] = []  # without a team

    def without_team(self) -> int:
        """Open cases that no team has."""
        return len(self.standing)

    def can_pay_next(self) -> bool:
        """Where a queue skips whom it cannot pay, somebody behind may start."""
        if super().can_pay_next():
            return True
        return self.skips_unpaid and any(self.can_pay(price) for price in {case.price for case in self.queue.all()})

    def _take_over(self) -> None:
        """Who opened first goes on first, wherever there is a place."""
        self.standing.sort(key=lambda case: (case.opened, case.number))
        for team in self.teams:
            while self.standing and team.is_at_work and team.busy < team.slots:
                case = self.standing.pop(0)
                team.busy += 1
                team.open_cases[case.number] = case
                case.is_with = team
                self.delivery.handed(case, team.number)
                case.ended = self.delivery.now + max(1, case.remaining)
                self.delivery.ends(case)

    def hand_over(self, team: Team) -> None:
        """The cases opened last have no place any more."""
        if self.kind != CASEWORK:
            return
        for case in sorted(team.open_cases.values(), key=lambda case: (case.opened, case.number))[team.slots :]:
            self._stands(case)
            self._leaves_team(case)
            self.standing.append(case)
            self.delivery.handed(case, MISSING)

    def stop_open(self) -> None:
        """All open cases wait again."""
        for case in sorted(self.standing, key=lambda case: case.number):
            self.delivery.handed(case, MISSING, stopped=True)
            self._stop(case, is_late=True)

    def _stop(self, case: Case, is_late: bool = False) -> None:
        if case.payment:
            case.payment.release(self.delivery)
        self._leaves_team(case)
        self.takes_item(-1)
        self.begin_again(case, is_late)

    def _stands(self, case: Case) -> None:
        if case.ended != MISSING:
            case.remaining, case.ended = case.ended - self.delivery.now, MISSING

    def start(self) -> Iterator[int]:
        """As many as teams, goods and money allow."""
        self._take_over()
        refused: list[Case] = []
        while self.has_items() and (team := self.free_team()) and (case := self.queue.pop()):
            if self._take_on(case, team):
                continue
            refused.append(case)
            if not self.skips_unpaid:
                break
        for case in refused:
            self.queue.push(case)
        return iter(())

    def has_items(self) -> bool:
        """Whether there is something to hand out."""
        return True

    def _take_on(self, case: Case, team: Team) -> bool:
        if not self.can_pay(case.price):
            return False
        case.payment = self.pay(case.price, case.number)
        if case.payment:
            case.indirect = case.payment.indirect
            case.cents = case.price + case.indirect
        self.begin(case, team, case.payment, case.duration)
        team.busy += 1
        team.open_cases[case.number] = case
        case.is_with = team
        self.takes_item(1)
        self.delivery.ends(case)
        return True

    def takes_item(self, items: int) -> None:
        """What a case takes out of the store; nothing."""

    def end(self, case: Case) -> None:
        """A case is finished: its team is free and its cents are spent."""
        self._leaves_team(case)
        if case.payment:
            case.payment.spend(self.delivery)
        self.delivery.served(case)
        self.delivery.look_at(self)

    def _leaves_team(self, case: Case) -> None:
        if case.is_with is None:
            self.standing.remove(case)
        else:
            del case.is_with.open_cases[case.number]
            case.is_with.busy -= 1
        case.is_with = None

    def stop_all(self, grant: int) -> None:
        """Cases on this grant's money stop; teams are free, items go back."""
        having = [c for team in self.teams for c in team.open_cases.values()] + self.standing
        for case in [case for case in having if case.payment and case.payment.is_by(grant)]:
            self._stop(case)

    def stand_still(self, team: Team) -> None:
        """A team stops work; what it has open stands still."""
        if self.kind == CASEWORK:
            for case in team.open_cases.values():
                self._stands(case)

    def go_on(self, team: Team) -> None:
        """A team works again; what it has open goes on."""
        for case in team.open_cases.values():
            if case.ended == MISSING:
                case.ended = self.delivery.now + max(1, case.remaining)
                self.delivery.ends(case)

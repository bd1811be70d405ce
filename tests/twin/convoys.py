"""The twin's convoys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reliefsim.engine.processes.calendar import SERVICE_ENDS
from reliefsim.layout import DEPARTURE_DUE, NEVER
from reliefsim.units import MISSING

from .groups import Together
from .parts import Case, Group

if TYPE_CHECKING:
    from .happenings import Happenings


class Convoy(Together):
    """Leaves full, by schedule, or when one has waited to the limit."""

    def __init__(self, delivery: Happenings, number: int) -> None:
        super().__init__(delivery, number)
        self.most = self.stated["seats"] if self.stated["seats"] != MISSING else NEVER
        self.wanted = self.stated["fill_seats"]
        self.departure_price = self.stated["departure_price"]
        self.only_on_schedule = bool(self.stated["only_on_schedule"])
        self.is_called = False

    def price_of(self, case: Case) -> int:
        """A seat is of no use without a convoy."""
        return case.price + self.departure_price

    def is_due(self) -> bool:
        """Whether it is full enough, called by the schedule, or somebody has waited to the limit."""
        if self.people_waiting() == 0:
            self.is_called = False
        return self.is_called or (not self.only_on_schedule and super().is_due())

    def start(self) -> Iterator[int]:
        """Say that a convoy is due while one can leave."""
        while self._can_leave():
            yield DEPARTURE_DUE
        if self.only_on_schedule:
            self.is_called = False  # the day is over
        self.set_timer()

    def _can_leave(self) -> bool:
        if not self.is_due() or self.free_team() is None:
            return False
        members = self.first_who_fit()
        direct = sum(case.price for case in members) + self.departure_price
        self.put_back(members)
        return bool(members) and self.can_pay(direct)

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
            assert group.team is not None
            group.team.busy -= 1
            self.finish(group)
            self.delivery.look_at(self)

    def let_go(self, group: Group) -> None:
        """The convoy's team is free."""
        assert group.team is not None
        group.team.busy -= 1

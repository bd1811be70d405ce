"""The twin's closed groups that meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reliefsim.calendar import SERVICE_ENDS
from reliefsim.records import MISSING

from .groups import Together
from .parts import Group, Team

if TYPE_CHECKING:
    from .happenings import Happenings


class Sessions(Together):
    """Closed groups that meet so many times; counsellors are held while a group meets."""

    def __init__(self, delivery: Happenings, number: int) -> None:
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
            if not members or not self.can_pay(direct):
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
        still_to_come = self.stated["sessions"] - group.sessions_held
        for case in group.members:
            case.ended = ends + still_to_come * self.stated["every_seconds"]

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
            for case in group.members:
                case.ended = MISSING
            self.due.append(group)
            self.delivery.look_at(self)

    def let_go(self, group: Group) -> None:
        """The group's counsellors are free."""
        group.team.groups -= 1
        if group in self.due:
            self.due.remove(group)
        elif group.began != MISSING:
            group.team.busy -= self.counsellors

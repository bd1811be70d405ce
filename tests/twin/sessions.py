"""The twin's closed groups that meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reliefsim.engine.processes.calendar import SERVICE_ENDS
from reliefsim.units import MISSING

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
        self._find_teams()
        for group in sorted(self.due, key=lambda group: (group.due, group.number)):
            if group.team is not None and group.team.can_start(self.counsellors):
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

    def _has_room(self, team: Team, more: int) -> bool:
        """Whether a team's counsellors can have so many groups more, and are enough to meet one."""
        each = self.stated["groups_each"]
        if team.workers < self.counsellors:
            return team.groups + more <= 0
        return each == MISSING or team.groups + more <= team.workers * each

    def _team_for_group(self) -> Team | None:
        return next((team for team in self.teams if self._has_room(team, 1) and team.can_start(self.counsellors)), None)

    def _find_teams(self) -> None:
        """Groups that lost their team go to the first that can have one more."""
        for group in self.under_way:
            if group.team is None:
                team = next((team for team in self.teams if team.is_at_work and self._has_room(team, 1)), None)
                if team is not None:
                    team.groups += 1
                    self._goes_to(group, team)

    def _goes_to(self, group: Group, team: Team | None) -> None:
        group.team = team
        for case in group.members:
            self.delivery.handed(case, MISSING if team is None else team.number)

    def _loses_team(self, group: Group) -> None:
        assert group.team is not None
        group.team.groups -= 1
        self._goes_to(group, None)

    def hand_over(self, team: Team) -> None:
        """The groups formed last lose their counsellors; one that meets, when it has met."""
        for group in [group for group in reversed(self.under_way) if group.team is team and not self._meets(group)]:
            if not self._has_room(team, 0):
                self._loses_team(group)

    def _meets(self, group: Group) -> bool:
        return group.began != MISSING and group not in self.due

    def stop_open(self) -> None:
        """Groups that have sessions before them beyond one under way wait again."""
        for group in list(self.under_way):
            if self._meets(group) and group.sessions_held == self.stated["sessions"]:
                continue
            for case in group.members:
                self.delivery.handed(case, MISSING, stopped=True)
            self.stop(group, is_late=True)

    def _meet(self, group: Group) -> None:
        assert group.team is not None
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
        assert group.team is not None
        group.team.busy -= self.counsellors
        self.delivery.look_at(self)
        if group.sessions_held == self.stated["sessions"]:
            group.team.groups -= 1
            self.finish(group)
            return
        if not self._has_room(group.team, 0):
            self._loses_team(group)
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
        if group.team is not None:
            group.team.groups -= 1
        if group in self.due:
            self.due.remove(group)
        elif group.team is not None and group.began != MISSING:
            group.team.busy -= self.counsellors

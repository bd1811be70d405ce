"""Teams: somebody does the work."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from ..faults import Finding, KeyPath
from ..quantities import Quantity
from ..schema import Scenario, Team
from ..schema_services import Sessions
from .check_common import days, said, timed


def teams_have_somebody(s: Scenario) -> Iterator[Finding]:
    """A team of nobody does nothing."""
    for name, team in sorted(s.teams.items()):
        if most_workers(team) == 0:
            path: KeyPath = ("teams", name, "count")
            yield Finding(path, "the team has nobody", "", "0", level="warning", uses=(path, (*path, "*", "count")))


def most_workers(team: Team) -> int:
    """A team's workers when it is largest."""
    counts = [team.count] if isinstance(team.count, Quantity) else [one.count for one in team.count]
    return max(int(count.value) for count in counts)


def counts_come_in_order(s: Scenario) -> Iterator[Finding]:
    """A count that changes says so day by day, from the team's first day on."""
    for name, team in sorted(s.teams.items()):
        if isinstance(team.count, Quantity):
            continue
        here: KeyPath = ("teams", name, "count")
        before, rule = days(s, team.from_day, 0), f"The first holds from from_day {said(team.from_day)} or before"
        if days(s, team.count[0].from_day, 0) > before:
            path: KeyPath = (*here, 0, "from_day")
            uses = (*timed(path, team.count[0].from_day, team.from_day), ("teams", name, "from_day"))
            yield Finding(path, "is after the team begins", rule, said(team.count[0].from_day), uses=uses)
        for number, (one, following) in enumerate(itertools.pairwise(team.count), 1):
            if days(s, following.from_day, 0) <= days(s, one.from_day, 0):
                path = (*here, number, "from_day")
                uses = (*timed(path, one.from_day, following.from_day), (*here, number - 1, "from_day"))
                rule = f"Each from_day is after the one before, {said(one.from_day)}"
                yield Finding(path, "is not after the one before", rule, said(following.from_day), uses=uses)


def days_off_are_of_teams_that_serve(s: Scenario) -> Iterator[Finding]:
    """Management starts no cases: its week changes nothing."""
    for name, team in sorted(s.teams.items()):
        for key in ("works", "holidays", "absence_share"):
            if team.service is None and getattr(team, key) not in (None, Quantity(value=0)):
                path: KeyPath = ("teams", name, key)
                problem, rule = "changes nothing for management", "It is of a team with a service"
                yield Finding(path, problem, rule, level="warning", uses=(path, ("teams", name, "service")))


def somebody_comes_to_work(s: Scenario) -> Iterator[Finding]:
    """A team all of whose workers are always absent is paid for nothing."""
    for name, team in sorted(s.teams.items()):
        if team.service is not None and team.absence_share.value == 1:
            path: KeyPath = ("teams", name, "absence_share")
            yield Finding(path, "keeps everybody away: this team starts nothing", "", "1", level="warning")


def services_have_somebody(s: Scenario) -> Iterator[Finding]:
    """Workers of its own, or a team."""
    for name, service in sorted(s.services.items()):
        workers = service.workers
        served = any(team.service == name and most_workers(team) > 0 for team in s.teams.values())
        if isinstance(workers, Quantity) and workers.value == 0 and not served:
            path: KeyPath = ("services", name, "workers")
            uses: tuple[KeyPath, ...] = (path, ("teams", "*", "service"), ("teams", "*", "count"))
            yield Finding(path, "nobody works here: it will serve nobody", "", "0", level="warning", uses=uses)


def sessions_have_counsellors_enough(s: Scenario) -> Iterator[Finding]:
    """A session is held by several counsellors at once."""
    for name, service in sorted(s.services.items()):
        if not isinstance(service, Sessions) or service.workers == "unlimited":
            continue
        teams = [most_workers(team) for team in s.teams.values() if team.service == name]
        if service.workers is None and not teams:
            continue
        own = service.workers.value if isinstance(service.workers, Quantity) else 0
        if 0 < own + sum(teams) < service.counsellors_per_session.value:
            path: KeyPath = ("services", name, "counsellors_per_session")
            problem = f"is more than the {own + sum(teams)} counsellors there are: no group can start"
            others: tuple[KeyPath, ...] = (("teams", "*", "service"), ("teams", "*", "count"))
            uses = (path, ("services", name, "workers"), *others)
            yield Finding(path, problem, "", str(service.counsellors_per_session.value), level="warning", uses=uses)


CHECKS = (
    teams_have_somebody,
    counts_come_in_order,
    days_off_are_of_teams_that_serve,
    somebody_comes_to_work,
    services_have_somebody,
    sessions_have_counsellors_enough,
)

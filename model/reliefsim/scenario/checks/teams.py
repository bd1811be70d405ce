"""Teams: somebody does the work."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath
from ..quantities import Quantity
from ..schema import Scenario
from ..services import Sessions


def teams_have_somebody(s: Scenario) -> Iterator[Finding]:
    """A team of nobody does nothing."""
    for name, team in sorted(s.teams.items()):
        if team.count.value == 0:
            path: KeyPath = ("teams", name, "count")
            yield Finding(path, "the team has nobody", "", "0", level="warning")


def services_have_somebody(s: Scenario) -> Iterator[Finding]:
    """Workers of its own, or a team."""
    for name, service in sorted(s.services.items()):
        workers = service.workers
        served = any(team.service == name and team.count.value > 0 for team in s.teams.values())
        if isinstance(workers, Quantity) and workers.value == 0 and not served:
            path: KeyPath = ("services", name, "workers")
            uses: tuple[KeyPath, ...] = (path, ("teams", "*", "service"), ("teams", "*", "count"))
            yield Finding(path, "nobody works here: it will serve nobody", "", "0", level="warning", uses=uses)


def sessions_have_counsellors_enough(s: Scenario) -> Iterator[Finding]:
    """A session is held by several counsellors at once."""
    for name, service in sorted(s.services.items()):
        if not isinstance(service, Sessions) or service.workers == "unlimited":
            continue
        teams = [team.count.value for team in s.teams.values() if team.service == name]
        if service.workers is None and not teams:
            continue
        own = service.workers.value if isinstance(service.workers, Quantity) else 0
        if 0 < own + sum(teams) < service.counsellors_per_session.value:
            path: KeyPath = ("services", name, "counsellors_per_session")
            problem = f"is more than the {own + sum(teams)} counsellors there are: no group can start"
            others: tuple[KeyPath, ...] = (("teams", "*", "service"), ("teams", "*", "count"))
            uses = (path, ("services", name, "workers"), *others)
            yield Finding(path, problem, "", str(service.counsellors_per_session.value), level="warning", uses=uses)


CHECKS = (teams_have_somebody, services_have_somebody, sessions_have_counsellors_enough)

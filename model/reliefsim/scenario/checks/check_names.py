"""Names: none twice, none that means something else, none that another name is not."""

from __future__ import annotations

from collections.abc import Iterator

from ...rules import RULES
from ..faults import Finding, KeyPath, shown
from ..schema import Scenario
from .check_common import known

_NAMED = (
    "services", "teams", "classes", "origins", "locations", "grants", "pledges", "shocks", "displacement",
    "refugees",
)  # fmt: skip


def names_differ_by_more_than_case(s: Scenario) -> Iterator[Finding]:
    """Two things of one kind, or two files on some machines, would be taken for one."""
    for section in _NAMED:
        first: dict[str, str] = {}
        for name in sorted(getattr(s, section)):
            other = first.setdefault(name.lower(), name)
            if other != name:
                rule = "Names differ by more than case"
                yield Finding((section, name), f"differs from {other} in case only", rule, shown(name), uses=())


def grants_and_pledges_have_names_of_their_own(s: Scenario) -> Iterator[Finding]:
    """Both are money in one ledger."""
    grants = {name.lower(): name for name in s.grants}
    for name in sorted(s.pledges):
        if name.lower() in grants:
            rule = "A grant and a pledge have two names"
            problem = f"has the name of grants.{grants[name.lower()]}"
            yield Finding(("pledges", name), problem, rule, shown(name), uses=())


def no_service_is_called_running(s: Scenario) -> Iterator[Finding]:
    """In pays_for the word means the running costs."""
    if "running" in s.services:
        rule = "In pays_for, running means management, teams and DTM rounds"
        yield Finding(("services", "running"), "is a name kept for running costs", rule, uses=())


def what_services_name_exists(s: Scenario) -> Iterator[Finding]:
    """Classes, places and prerequisites of services."""
    for name, service in sorted(s.services.items()):
        here: KeyPath = ("services", name)
        for key in ("need_share_by_class", "need_rate_year_by_class"):
            for one in sorted(getattr(service, key) or {}):
                yield from known((*here, key, one), one, s.classes, "class", "classes")
        for number, place in enumerate(service.places or ()):
            yield from known((*here, "places", number), place, s.locations, "location", "locations")
        if service.after is not None:
            yield from known((*here, "after"), service.after, s.services, "service", "services")


def what_teams_and_grants_name_exists(s: Scenario) -> Iterator[Finding]:
    """Services that teams serve and grants pay for."""
    for name, team in sorted(s.teams.items()):
        if team.service is not None:
            yield from known(("teams", name, "service"), team.service, s.services, "service", "services")
    for section in ("grants", "pledges"):
        for name, grant in sorted(getattr(s, section).items()):
            for number, one in enumerate(grant.pays_for or ()):
                path: KeyPath = (section, name, "pays_for", number)
                yield from known(path, one, [*s.services, "running"], "service", "services")


def what_the_plan_names_exists(s: Scenario) -> Iterator[Finding]:
    """The rule, and the services and grants that have shares."""
    yield from known(("plan", "rule"), s.plan.rule, RULES, "rule", "")
    for one in sorted(s.plan.shares or {}):
        yield from known(("plan", "shares", one), one, s.services, "service", "services")
    for grant, shares in sorted((s.plan.shares_by_grant or {}).items()):
        path: KeyPath = ("plan", "shares_by_grant", grant)
        yield from known(path, grant, [*s.grants, *s.pledges], "grant", "grants")
        for one in sorted(shares):
            yield from known((*path, one), one, s.services, "service", "services")


def what_shocks_name_exists(s: Scenario) -> Iterator[Finding]:
    """Grants and pledges, each of them once."""
    for name, shock in sorted(s.shocks.items()):
        here: KeyPath = ("shocks", name, "grants")
        if not shock.grants:
            yield Finding(here, "names no grant", "At least one grant or pledge", uses=(here,))
        for number, one in enumerate(shock.grants):
            path: KeyPath = (*here, number)
            yield from known(path, one, [*s.grants, *s.pledges], "grant", "grants")
            if one in shock.grants[:number]:
                yield Finding(path, "is named twice", "Each grant once", shown(one))


CHECKS = (
    names_differ_by_more_than_case,
    grants_and_pledges_have_names_of_their_own,
    no_service_is_called_running,
    what_services_name_exists,
    what_teams_and_grants_name_exists,
    what_the_plan_names_exists,
    what_shocks_name_exists,
)

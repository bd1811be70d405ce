"""Names: none twice, none that means something else, none that another name is not."""

from __future__ import annotations

from collections.abc import Iterator

from ...rules import RULES
from ..checking import RUNNING, check, each, fault, known
from ..faults import Finding, shown
from ..schema import Scenario, Team
from ..schema_grants import Grant
from ..schema_services import ServiceBase
from ..schema_shocks import Shock

_NAMED = (
    "services", "teams", "classes", "origins", "locations", "grants", "pledges", "shocks", "displacement",
    "refugees",
)  # fmt: skip


@check
def names_are_told_apart(s: Scenario) -> Iterator[Finding]:
    """Two things of one kind, two files on some machines, a grant and a pledge in one ledger would be taken for one."""
    for section in _NAMED:
        first: dict[str, str] = {}
        for name in sorted(getattr(s, section)):
            other = first.setdefault(name.lower(), name)
            if other != name:
                problem, rule = f"differs from {other} in case only", "Names differ by more than case"
                yield fault(f"{section}.{name}", problem, rule, shown(name), uses="")
    grants = {name.lower(): name for name in s.grants}
    for name in sorted(s.pledges):
        if name.lower() in grants:
            problem, rule = f"has the name of grants.{grants[name.lower()]}", "A grant and a pledge have two names"
            yield fault(f"pledges.{name}", problem, rule, shown(name), uses="")
    if RUNNING in s.services:
        rule = "In pays_for, running means management, teams and DTM rounds"
        yield fault("services.running", "is a name kept for running costs", rule, uses="")


@each("services", ServiceBase)
def what_services_name_exists(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """Classes, places and prerequisites of services."""
    for key in ("need_share_by_class", "need_rate_year_by_class"):
        for one in sorted(getattr(service, key) or {}):
            yield from known(s, f"{here}.{key}.{one}", one, "classes")
    for number, place in enumerate(service.places or ()):
        yield from known(s, f"{here}.places[{number}]", place, "locations")
    if service.after is not None:
        yield from known(s, f"{here}.after", service.after, "services")


@each("teams", Team)
def what_teams_name_exists(s: Scenario, here: str, team: Team) -> Iterator[Finding]:
    """Services that teams serve."""
    if team.service is not None:
        yield from known(s, f"{here}.service", team.service, "services")


@each("grants pledges", Grant)
def what_grants_name_exists(s: Scenario, here: str, grant: Grant) -> Iterator[Finding]:
    """Services that grants pay for."""
    for number, one in enumerate(grant.pays_for or ()):
        yield from known(s, f"{here}.pays_for[{number}]", one, "services", RUNNING)


@check
def what_the_plan_names_exists(s: Scenario) -> Iterator[Finding]:
    """The rule, and the services and grants that have shares."""
    yield from known(s, "plan.rule", s.plan.rule, "", *RULES)
    for one in sorted(s.plan.shares or {}):
        yield from known(s, f"plan.shares.{one}", one, "services")
    for grant, shares in sorted((s.plan.shares_by_grant or {}).items()):
        yield from known(s, f"plan.shares_by_grant.{grant}", grant, "grants")
        for one in sorted(shares):
            yield from known(s, f"plan.shares_by_grant.{grant}.{one}", one, "services")


@each("shocks", Shock)
def what_shocks_name_exists(s: Scenario, here: str, shock: Shock) -> Iterator[Finding]:
    """Grants and pledges, each of them once."""
    if not shock.grants:
        yield fault(f"{here}.grants", "names no grant", "At least one grant or pledge")
    for number, one in enumerate(shock.grants):
        yield from known(s, f"{here}.grants[{number}]", one, "grants")
        if one in shock.grants[:number]:
            yield fault(f"{here}.grants[{number}]", "is named twice", "Each grant once", shown(one))

"""Teams: somebody does the work."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..checking import dated, days, each, fault, known, said, warning
from ..faults import Finding
from ..quantities import Quantity
from ..schema import Scenario, Team


@each("teams", Team)
def teams_have_somebody(s: Scenario, here: str, team: Team) -> Iterator[Finding]:
    """A team of nobody does nothing, one that is always absent is paid for nothing, and management starts no cases."""
    if team.service is not None:
        yield from known(s, f"{here}.service", team.service, "services")
    if team.most_workers == 0:
        yield warning(f"{here}.count", "the team has nobody", "", "0")
    for key in ("works", "holidays", "absence_share"):
        if team.service is None and getattr(team, key) not in (None, Quantity(value=0)):
            rule = "It is of a team with a service"
            yield warning(f"{here}.{key}", "changes nothing for management", rule, also=f"{here}.service")
    if team.service is not None and team.absence_share.value == 1:
        yield warning(f"{here}.absence_share", "keeps everybody away: this team starts nothing", "", "1")


@each("teams", Team)
def counts_come_in_order(s: Scenario, here: str, team: Team) -> Iterator[Finding]:
    """A count that changes says so day by day, from the team's first day on."""
    if isinstance(team.count, Quantity):
        return
    first, path = team.count[0].from_day, f"{here}.count[0].from_day"
    if days(s, first) > days(s, team.from_day):
        rule = f"The first holds from from_day {said(team.from_day)} or before"
        yield fault(path, "is after the team begins", rule, first, f"{here}.from_day{dated(first, team.from_day)}")
    for number, (one, following) in enumerate(pairwise(team.count), 1):
        if days(s, following.from_day) <= days(s, one.from_day):
            rule = f"Each from_day is after the one before, {said(one.from_day)}"
            also = f"{here}.count[{number - 1}].from_day{dated(one.from_day, following.from_day)}"
            yield fault(f"{here}.count[{number}].from_day", "is not after the one before", rule, following.from_day, also)

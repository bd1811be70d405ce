"""Group sessions, as a scenario file states them: closed groups, and counsellors enough to hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from .checking import each, warning
from .faults import Finding
from .quantities import Days, Hours, PositiveCount, Quantity, Share
from .service_base import ServiceBase, Workers

if TYPE_CHECKING:
    from .schema import Scenario


class Sessions(ServiceBase):
    """Closed groups that meet several times."""

    kind: Literal["sessions"]
    workers: Workers | None = None  # counsellors
    group_size: PositiveCount
    longest_wait_days: Days | None = None  # then a smaller group starts
    sessions: PositiveCount = Quantity(value=1)
    every_days: Days = Quantity(value=7)
    session_hours: Hours = Quantity(value=2)
    counsellors_per_session: PositiveCount = Quantity(value=1)
    groups_per_counsellor: PositiveCount | None = None  # open groups, a counsellor
    wished_outcome_share: Share = Quantity(value=1)

    def least_prices(self) -> dict[str, float]:
        """The least that must be paid at once (USD), by the key that says it: a case, or a whole group."""
        least = super().least_prices()["unit_cost_usd"]
        whole = self.longest_wait_days is None and self.unit == "member"
        return {"unit_cost_usd": least * self.group_size.value if whole else least}


@each("services", Sessions)
def sessions_have_counsellors_enough(s: Scenario, here: str, service: Sessions) -> Iterator[Finding]:
    """A session is held by several counsellors at once."""
    own = service.workers.value if isinstance(service.workers, Quantity) else 0
    there = own + sum(team.most_workers for team in s.teams.values() if team.service == here.split(".")[1])
    if service.workers != "unlimited" and 0 < there < service.counsellors_per_session.value:
        path, also = f"{here}.counsellors_per_session", f"{here}.workers teams.*.service|count"
        problem = f"is more than the {there} counsellors there are: no group can start"
        yield warning(path, problem, "", service.counsellors_per_session, also)

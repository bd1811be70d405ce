"""A scenario whose values are legal becomes what is wrong, or odd, about them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..faults import Finding, KeyPath
from ..schema import Scenario
from . import (
    check_amounts as amounts,
)
from . import (
    check_as_of as as_of,
)
from . import (
    check_laws as laws,
)
from . import (
    check_lines as lines,
)
from . import (
    check_money as money,
)
from . import (
    check_names as names,
)
from . import (
    check_people as people,
)
from . import (
    check_places as places,
)
from . import (
    check_rounds as rounds,
)
from . import (
    check_services as services,
)
from . import (
    check_shocks as shocks,
)
from . import (
    check_size as size,
)
from . import (
    check_stocks as stocks,
)
from . import (
    check_teams as teams,
)
from . import (
    check_time as time,
)

Check = Callable[[Scenario], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    *names.CHECKS,
    *people.CHECKS,
    *laws.CHECKS,
    *time.CHECKS,
    *places.CHECKS,
    *rounds.CHECKS,
    *services.CHECKS,
    *stocks.CHECKS,
    *teams.CHECKS,
    *money.CHECKS,
    *lines.CHECKS,
    *shocks.CHECKS,
    *size.CHECKS,
    *amounts.CHECKS,
    *as_of.CHECKS,
)


def check(scenario: Scenario, unread: Iterable[KeyPath] = ()) -> list[Finding]:
    """All findings of all checks, but those that rest on keys that could not be read."""
    unread = list(unread)
    return [finding for one in CHECKS for finding in one(scenario) if not finding.rests_on(unread)]

"""A scenario whose values are legal becomes what is wrong, or odd, about them together."""

from __future__ import annotations

from collections.abc import Iterable

from ..checking import CHECKS
from ..faults import Finding, KeyPath
from ..schema import Scenario
from ..schema_services import KINDS
from . import (
    check_as_of,
    check_decisions,
    check_laws,
    check_lines,
    check_money,
    check_names,
    check_people,
    check_services,
    check_shocks,
    check_size,
    check_teams,
    check_time,
)

# Of findings in one line of a file, those of the first are told first.
_IN_ORDER = (
    *(one.__name__ for one in (check_names, check_people, check_laws, check_time, check_services)),
    *(kind.__module__ for kind in KINDS.values()),
    *(one.__name__ for one in (check_teams, check_money, check_lines, check_shocks, check_size, check_as_of, check_decisions)),
)


def check(scenario: Scenario, unread: Iterable[KeyPath] = ()) -> list[Finding]:
    """All findings of all checks, but those that rest on keys that could not be read."""
    unread, checks = list(unread), [one for module in _IN_ORDER for one in CHECKS[module]]
    return [finding for one in checks for finding in one(scenario) if not finding.rests_on(unread)]

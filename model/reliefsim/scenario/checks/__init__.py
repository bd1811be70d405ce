"""A scenario whose values are legal becomes what is wrong, or odd, about them together."""

from __future__ import annotations

from collections.abc import Iterable

from .. import kind_convoy, kind_goods, kind_sessions
from ..checking import CHECKS
from ..faults import Finding, KeyPath
from ..schema import Scenario
from . import (
    check_as_of,
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
    check_names, check_people, check_laws, check_time, check_services, kind_goods, kind_convoy, kind_sessions, check_teams,
    check_money, check_lines, check_shocks, check_size, check_as_of,
)  # fmt: skip


def check(scenario: Scenario, unread: Iterable[KeyPath] = ()) -> list[Finding]:
    """All findings of all checks, but those that rest on keys that could not be read."""
    unread, checks = list(unread), [one for module in _IN_ORDER for one in CHECKS[module.__name__]]
    return [finding for one in checks for finding in one(scenario) if not finding.rests_on(unread)]

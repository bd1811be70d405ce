"""A scenario whose values are legal becomes what is wrong, or odd, about them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..faults import Finding, KeyPath
from ..schema import Scenario
from . import (
    amounts,
    as_of,
    laws,
    lines,
    money,
    names,
    people,
    places,
    rounds,
    services,
    shocks,
    size,
    stocks,
    teams,
    time,
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

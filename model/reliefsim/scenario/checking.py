"""What checks are made of: where they look, how they tell what they find, and what several of them share."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, TypeVar

from .faults import Finding, KeyPath, Level, listed, nearest, shown
from .quantities import Quantity
from .stated_texts import Frozen, Needs

if TYPE_CHECKING:
    from .schema import Scenario
    from .schema_grants import Grant

TOLERANCE = 1e-9  # of a sum of shares: their own rounding, not ours
DAYS_A_MONTH = 365 / 12
RUNNING = "running"  # in pays_for and in lines: the running costs
KEEPING = ("fixed-shares", "reallocate")  # rules that look at lines or shares
_WHAT = {"classes": "class", "grants": "grant", "locations": "location", "services": "service", "": "rule"}

Part = TypeVar("Part", bound=Frozen)
Point = Quantity | datetime.date
Check = Callable[["Scenario"], Iterator[Finding]]
CheckOfPart = Callable[["Scenario", str, Part], Iterator[Finding]]
CHECKS: dict[str, list[Check]] = defaultdict(list)  # those of each module, in the order in which they stand there


def check(one: Check) -> Check:
    """Have a function look at every scenario that is read."""
    CHECKS[one.__module__].append(one)
    return one


def each(sections: str, kind: type[Part]) -> Callable[[CheckOfPart[Part]], CheckOfPart[Part]]:
    """Have a function look at each thing of a kind in these sections; it is given the thing's place, as `grants.cerf`."""

    def register(one: CheckOfPart[Part]) -> CheckOfPart[Part]:
        def over_all(s: Scenario) -> Iterator[Finding]:
            for section in sections.split():
                for name, part in sorted(getattr(s, section).items()):
                    if isinstance(part, kind):
                        yield from one(s, f"{section}.{name}", part)

        CHECKS[one.__module__].append(over_all)
        return one

    return register


def keys(text: str) -> tuple[KeyPath, ...]:
    """Key paths written with spaces between them, as `caseload.people|share grants.*.tranches[0]`: `|` for either key."""
    found: list[KeyPath] = []
    for one in text.split():
        parts = re.findall(r"\[(\d+)\]|([^.\[\]]+)", one)
        found += product(*([int(place)] if place else key.split("|") for place, key in parts))
    return tuple(found)


def fault(
    path: str, problem: str, rule: str = "", got: Any = "", also: str = "", meant: str = "", level: Level = "fault",
    uses: str | None = None,
) -> Finding:  # fmt: skip
    """A finding at a key. ``got``: a value, or words for it; ``also``: the keys that it rests on beside that one, or
    ``uses``: all of them."""
    words = got if isinstance(got, str) else said(got)
    return Finding(keys(path)[0], problem, rule, words, meant, level, uses=keys(f"{path} {also}" if uses is None else uses))


warning = partial(fault, level="warning")
notice = partial(fault, level="notice")


def said(value: Quantity | datetime.date | float | None) -> str:
    """A value as the file says it."""
    return shown(value.value if isinstance(value, Quantity) else value)


def known(s: Scenario, path: str, name: str, section: str, *others: str) -> Iterator[Finding]:
    """A finding, where a name is none of a section's (a pledge is a grant too) and none of the ``others``."""
    pledges = s.pledges if section == "grants" else ()
    choices = sorted([*(getattr(s, section) if section else ()), *pledges, *others])
    if name not in choices:
        near = nearest(name, choices)
        rule = "" if near else f"There are: {listed(choices)}" if choices else f"There are no {section}"
        # A thing without its name is no key of the format: only a thing that is lost as a whole bears on this.
        also = f"{section}.*.name" if section else ""
        yield fault(path, f"names an unknown {_WHAT[section]}", rule, shown(name), also, f'"{near}"' if near else "")


def only_its_keys(here: str, part: Frozen, kind: Needs, who: str, needs: str, has: str, by: str) -> Iterator[Finding]:
    """A key that the kind of a thing asks for is there, and none that it does not use.

    ``who``: the kind, in words; ``needs`` and ``has``: the rules for what is missing, and for what is not used; ``by``:
    the keys that say the kind.
    """
    for key in kind.needs:
        if getattr(part, key) is None:
            yield fault(f"{here}.{key}", "is missing", needs, uses=f"{here}.{by}|{key}")
    for key, field in type(part).model_fields.items():
        if field.default is None and key not in ("source", *kind.needs, *kind.may) and getattr(part, key) is not None:
            yield fault(f"{here}.{key}", f"is not used by {who}", has, uses=f"{here}.{by}")


def days(scenario: Scenario, day: Point | float | None, missing: float = 0.0) -> float:
    """Days since the start of a point in time."""
    if day is None:
        return missing
    if isinstance(day, datetime.date):
        return float((day - scenario.start_date).days)
    return float(day.value if isinstance(day, Quantity) else day)


def dated(*points: Point | None) -> str:
    """What a comparison of points in time rests on besides: a date needs the start date."""
    return " start_date" if any(isinstance(point, datetime.date) for point in points) else ""


def horizon(scenario: Scenario) -> float:
    """The horizon in days."""
    return float(scenario.horizon_days.value)


def window(scenario: Scenario, grant: Grant) -> tuple[float, float]:
    """The days since the start from which, and until which, a grant pays."""
    return days(scenario, grant.from_day), days(scenario, grant.until_day, horizon(scenario))


def all_money(scenario: Scenario) -> dict[str, Grant]:
    """Grants and pledges, by their place in the file."""
    found: dict[str, Grant] = {f"grants.{name}": grant for name, grant in sorted(scenario.grants.items())}
    return found | {f"pledges.{name}": pledge for name, pledge in sorted(scenario.pledges.items())}


def total(shares: Iterable[Quantity]) -> float:
    """The sum of shares, to the last digit whatever their order."""
    return float(sum(sorted(float(share.value) for share in shares)))

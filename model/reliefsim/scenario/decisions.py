"""The decisions of a scenario become a space of plans: every plan a point of it, with a number of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..units import largest_remainder
from .quantities import Quantity
from .schema import Scenario
from .schema_decisions import Choice
from .schema_grants import BudgetLine
from .settings import split_path
from .stated_texts import Frozen

PARTS = 100  # of a whole that is shared out: a plan moves hundredths
AS_IT_IS = 0  # the number of the plan that a scenario states

# A plan: the place of the value of each point decision among its legal ones, and of each that is shared out, the parts.
Plan = tuple[int, ...]


@dataclass(frozen=True)
class Lever:
    """One decision: a key with its ``legal`` values; or, shared out among ``names``, PARTS of a whole."""

    key: str
    legal: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many places of a plan it takes."""
        return len(self.names) or 1

    @property
    def is_ordered(self) -> bool:
        """Whether one legal value lies between others: numbers and dates, not names."""
        return not isinstance(self.legal[0], str | bool) if self.legal else True


@dataclass(frozen=True)
class Space:
    """All plans that a scenario's decisions allow."""

    scenario: Scenario

    @cached_property
    def levers(self) -> tuple[Lever, ...]:
        """Its decisions, in the order of their keys."""
        found = []
        for key, choice in sorted(self.scenario.decisions.items()):
            if isinstance(choice, Choice):
                found.append(Lever(key, _in_order(choice.legal)))
            else:
                found.append(Lever(key, names=tuple(sorted(stated_at(self.scenario, key)))))
        return tuple(found)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each lever's part of a plan begins, and where the last ends."""
        found = [0]
        for lever in self.levers:
            found.append(found[-1] + lever.width)
        return tuple(found)

    def parts(self, plan: Plan) -> Iterator[tuple[Lever, Plan]]:
        """Each lever with its part of a plan."""
        for number, lever in enumerate(self.levers):
            yield lever, plan[self.starts[number] : self.starts[number + 1]]

    @cached_property
    def present(self) -> Plan:
        """The legal plan nearest to what the scenario states."""
        found = list[int]()
        for lever in self.levers:
            stated = stated_at(self.scenario, lever.key)
            if lever.names:
                found += largest_remainder(PARTS, [float(_weight(stated[name])) for name in lever.names])
            else:
                found.append(_nearest(lever, stated, self.scenario.start_date))
        return tuple(found)

    @property
    def size(self) -> int:
        """How many numbers plans have: AS_IT_IS, and one for each point (and for what is no point of the space)."""
        found = 1
        for base in self._bases:
            found *= base
        return found + 1

    @cached_property
    def _bases(self) -> tuple[int, ...]:
        """How many values each place of a plan has, but the last of what is shared out: that is what is left."""
        return tuple(
            base
            for lever in self.levers
            for base in ([PARTS + 1] * (lever.width - 1) if lever.names else [len(lever.legal)])
        )

    def number(self, plan: Plan) -> int:
        """The number of a plan, above AS_IT_IS."""
        digits = [digit for lever, part in self.parts(plan) for digit in (part[:-1] if lever.names else part)]
        found = 0
        for digit, base in zip(digits, self._bases, strict=True):
            found = found * base + digit
        return found + 1

    def plan(self, number: int) -> Plan:
        """The plan of a number above AS_IT_IS."""
        digits, rest = list[int](), number - 1
        for base in reversed(self._bases):
            rest, digit = divmod(rest, base)
            digits.append(digit)
        digits.reverse()
        found, place = list[int](), 0
        for lever in self.levers:
            mine = digits[place : place + lever.width - bool(lever.names)]
            place += len(mine)
            found += [*mine, PARTS - sum(mine)] if lever.names else mine
        return tuple(found)

    def stated(self, plan: Plan, scenario: Scenario | None = None) -> dict[str, Any]:
        """What a plan says at each key, as a file would; of what is shared out, the shares or amounts by name, of what
        another ``scenario`` has there."""
        found = dict[str, Any]()
        for lever, part in self.parts(plan):
            if lever.names:
                found[lever.key] = _shared(stated_at(scenario or self.scenario, lever.key), lever.names, part)
            else:
                found[lever.key] = lever.legal[part[0]]
        return found

    def changes(self, plan: Plan) -> dict[str, Any]:
        """Of these, those in which a plan differs from the present one."""
        before = dict(zip((one.key for one in self.levers), (part for _, part in self.parts(self.present)), strict=True))
        mine = {lever.key: part for lever, part in self.parts(plan)}
        return {key: value for key, value in self.stated(plan).items() if mine[key] != before[key]}


def stated_at(scenario: Scenario, key: str) -> Any:
    """The value at a dotted key, its default where the file says nothing; None where there is none."""
    inner: Any = scenario
    for part in split_path(key):
        if isinstance(inner, Frozen):
            inner = getattr(inner, str(part), None) if part in type(inner).model_fields else None
        elif isinstance(inner, dict):
            inner = inner.get(part)
        else:
            is_place = isinstance(inner, tuple) and str(part).isdecimal() and int(part) < len(inner)
            inner = inner[int(part)] if is_place else None
    return inner.value if isinstance(inner, Quantity) else inner


def is_shared_out(stated: Any) -> bool:
    """Whether parts of a whole stand at a key, by name: shares, or budget lines all in shares or all in amounts."""
    if not isinstance(stated, dict) or not stated:
        return False
    kinds = {_kind(one) for one in stated.values()}
    return len(kinds) == 1 and "" not in kinds


def _kind(part: Any) -> str:
    if isinstance(part, BudgetLine):
        return "share" if part.share is not None else "amount_usd"
    return "value" if isinstance(part, Quantity) else ""


def _weight(part: Any) -> Fraction:
    """How much of the whole a name has."""
    quantity = part if isinstance(part, Quantity) else getattr(part, _kind(part))
    return Fraction(str(quantity.value))


def _in_order(legal: tuple[Any, ...]) -> tuple[Any, ...]:
    """Numbers and dates from the least to the most; names as the file has them."""
    return legal if isinstance(legal[0], str | bool) else tuple(sorted(legal))


def _nearest(lever: Lever, stated: Any, start: datetime.date) -> int:
    """The place of the legal value nearest to a stated one; of names, the first if it is none of them."""
    if not lever.is_ordered:
        return lever.legal.index(stated) if stated in lever.legal else 0
    days, wanted = [_days(one, start) for one in lever.legal], _days(stated, start)
    return min(range(len(days)), key=lambda place: abs(days[place] - wanted))


def _days(value: Any, start: datetime.date) -> float:
    """A number, or the days to a date."""
    return float((value - start).days if isinstance(value, datetime.date) else value)


def _shared(stated: Mapping[str, Any], names: tuple[str, ...], part: Plan) -> dict[str, Any]:
    """What was shared out, shared out anew: shares to the hundredth of their sum, amounts to the cent."""
    if not is_shared_out(stated) or set(names) - set(stated):  # of another scenario, which shares out otherwise
        return {name: one / PARTS for name, one in zip(names, part, strict=True)}
    whole, kind = sum(_weight(stated[name]) for name in names), _kind(stated[names[0]])
    if kind == "amount_usd":
        amounts = largest_remainder(round(whole * 100), part)
        return {name: {kind: amount / 100} for name, amount in zip(names, amounts, strict=True)}
    shares = {name: float(whole * Fraction(one, PARTS)) for name, one in zip(names, part, strict=True)}
    return {name: {kind: share} for name, share in shares.items()} if kind == "share" else shares

"""What is known at a decision becomes envelopes: cents for each service out of each grant.

A rule is a pure function ``rule(known) -> envelopes``, envelopes[service][grant] in cents of direct cost; a grant's
envelopes hold at most its cash, and only for services it may pay for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from .units import MISSING, largest_remainder

Envelopes = list[list[int]]


@dataclass(frozen=True)
class Known:
    """What a planner knows at one decision; services and grants are in the order of their names.

    Money is cents of direct cost, but for ``committed`` and ``spent``, which hold the indirect cost as postings do.
    """

    time: int  # seconds
    services: tuple[str, ...]
    grants: tuple[str, ...]
    need: tuple[int, ...]  # known cases not begun yet
    waiting: tuple[int, ...]  # cases open now, those that goods in the store or on order are for left out
    price_cents: tuple[int, ...]  # a case's planned price
    cash: tuple[int, ...]  # what each grant's cash covers, free for services
    lines: tuple[tuple[int, ...], ...]  # [service][grant] agreed with the donor; MISSING: none
    used: tuple[tuple[int, ...], ...]  # [service][grant] committed or spent
    committed: tuple[tuple[int, ...], ...]
    spent: tuple[tuple[int, ...], ...]
    may_pay: tuple[tuple[bool, ...], ...]  # [service][grant]
    pay_order: tuple[int, ...]  # grants, the one that ends first before
    life_saving_rank: tuple[int, ...]
    value: tuple[float, ...]  # of a case served
    shares: dict[str, float]
    shares_by_grant: dict[str, dict[str, float]]


Rule = Callable[[Known], Sequence[Sequence[int]]]


def fixed_shares(known: Known) -> Envelopes:
    """Each grant's lines, less what was committed and spent of them, whoever committed first."""
    envelopes = _nothing(known)
    for g, cash in enumerate(known.cash):
        lines, used = ([row[g] for row in table] for table in (known.lines, known.used))
        if MISSING not in lines:
            for s, cents in enumerate(kept(lines, used, cash)):
                envelopes[s][g] = cents
    return envelopes


def reallocate(known: Known) -> Envelopes:
    """Each grant's uncommitted cash divided anew by the plan's shares (or its lines), whatever was spent before."""
    envelopes = _nothing(known)
    for g, grant in enumerate(known.grants):
        shares = known.shares_by_grant.get(grant, known.shares)
        lines = [float(max(0, row[g])) for row in known.lines]
        _divide(known, envelopes, g, [shares.get(name, 0.0) for name in known.services] if shares else lines)
    return envelopes


def equal(known: Known) -> Envelopes:
    """Each grant's cash in equal parts over the services with known need that it may pay for."""
    envelopes = _nothing(known)
    for g in range(len(known.grants)):
        _divide(known, envelopes, g, [1.0 if need > 0 else 0.0 for need in known.need])
    return envelopes


def by_need(known: Known) -> Envelopes:
    """Each grant's cash in proportion to the priced need that no grant before it has covered."""
    envelopes = _nothing(known)
    for g in known.pay_order:
        open_cost = [max(0, cost - sum(row)) for cost, row in zip(_costs(known), envelopes, strict=True)]
        weights = open_cost if _payable_sum(known, g, open_cost) > 0 else _costs(known)
        _divide(known, envelopes, g, weights)
    return envelopes


def life_saving_first(known: Known) -> Envelopes:
    """Service after service by rank, each filled before the next; what is left over goes by need."""
    return _fill_in_order(known, sorted(range(len(known.services)), key=lambda s: (known.life_saving_rank[s], s)))


def most_value(known: Known) -> Envelopes:
    """The envelopes that buy the most value in whole cases, as a mixed-integer linear program (scipy's milp).

    Solved to optimality, but where that takes more than 10,000 nodes (values all but proportional to prices, several
    grants): then the best plan found by then, so that a decision takes seconds and is the same on every machine.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    pairs = [(s, g) for s in range(len(known.services)) for g in range(len(known.grants)) if known.may_pay[s][g]]
    if not pairs or not any(known.cash):
        return _nothing(known)
    price = [max(1, cents) for cents in known.price_cents]
    paid = np.array([[price[s] * (g == grant) for s, g in pairs] for grant in range(len(known.grants))], float)
    served = np.array([[float(s == service) for s, _ in pairs] for service in range(len(known.services))])
    found = milp(
        [-known.value[s] for s, _ in pairs],
        constraints=[LinearConstraint(paid, ub=list(known.cash)), LinearConstraint(served, ub=list(known.need))],
        integrality=np.ones(len(pairs), np.int64),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": 0.0, "node_limit": 10_000},
    )
    envelopes = _nothing(known)
    left, need = list(known.cash), list(known.need)
    for (s, g), x in zip(pairs, found.x if found.x is not None else np.zeros(len(pairs)), strict=True):
        cases = min(round(x), left[g] // price[s], need[s])  # milp returns floats: rounded, then held to cents and need
        envelopes[s][g] = cases * price[s]
        left[g] -= envelopes[s][g]
        need[s] -= cases
    order = sorted(range(len(known.services)), key=lambda s: (-known.value[s] / price[s], s))
    for g, cents in enumerate(left):
        best = next((s for s in order if known.may_pay[s][g] and known.need[s] > 0), None)
        if best is not None:
            envelopes[best][g] += cents
    return envelopes


class NamedRule(NamedTuple):
    """A rule that a scenario or a caller may name."""

    divide: Rule
    words: str  # how money is divided by it, in a sentence of a report


RULES = {
    "fixed-shares": NamedRule(fixed_shares, "a fixed share for each service"),
    "reallocate": NamedRule(reallocate, "a share for each service of what is not yet committed"),
    "equal": NamedRule(equal, "as much for each service with known need"),
    "by-need": NamedRule(by_need, "as the known need of each service"),
    "life-saving-first": NamedRule(life_saving_first, "what saves lives first"),
    "most-value": NamedRule(most_value, "where it is worth most"),
}


def kept(lines: Sequence[int], used: Sequence[int], cash: int) -> list[int]:
    """What is set aside for each line: all that it still has, or, of less cash than that, its part.

    The parts bring what was used and is set aside to one share of every line, as far as a line has not used more.
    """
    left = [max(0, line - gone) for line, gone in zip(lines, used, strict=True)]
    if sum(left) <= cash or cash <= 0:
        return left if cash > 0 else [0] * len(lines)
    rows = [row for row, money in enumerate(left) if money > 0]
    while True:
        share = Fraction(cash + sum(used[row] for row in rows), sum(lines[row] for row in rows))
        below = [row for row in rows if share * lines[row] > used[row]]
        if below == rows:
            break
        rows = below
    weights = [0] * len(lines)
    for row in rows:
        weights[row] = share.numerator * lines[row] - share.denominator * used[row]
    return largest_remainder(cash, weights)


def checked(known: Known, envelopes: Sequence[Sequence[int]]) -> Envelopes:
    """Envelopes that keep to cash and earmarks; ValueError if a rule's do not."""
    table = [[int(cents) for cents in row] for row in envelopes]
    if len(table) != len(known.services) or any(len(row) != len(known.grants) for row in table):
        raise ValueError("an allocation rule must return cents[service][grant]")
    for s, row in enumerate(table):
        for g, cents in enumerate(row):
            if cents < 0 or (cents > 0 and not known.may_pay[s][g]):
                raise ValueError(f"an allocation rule gave {cents} cents of {known.grants[g]} to {known.services[s]}")
    for g, cash in enumerate(known.cash):
        if sum(row[g] for row in table) > cash:
            raise ValueError(f"an allocation rule gave more of {known.grants[g]} than its {cash} cents")
    return table


def _nothing(known: Known) -> Envelopes:
    return [[0] * len(known.grants) for _ in known.services]


def _costs(known: Known) -> list[int]:
    return [need * price for need, price in zip(known.need, known.price_cents, strict=True)]


def _payable_sum(known: Known, g: int, weights: Sequence[float]) -> float:
    return sum(weight for s, weight in enumerate(weights) if known.may_pay[s][g])


def _divide(known: Known, envelopes: Envelopes, g: int, weights: Sequence[float]) -> None:
    """Divide a grant's cash by weights; with no weight on what it may pay for, equally over that."""
    payable = [weight if known.may_pay[s][g] else 0 for s, weight in enumerate(weights)]
    if sum(payable) <= 0:
        payable = [1 if known.may_pay[s][g] else 0 for s in range(len(known.services))]
    for s, cents in enumerate(largest_remainder(known.cash[g], payable)):
        envelopes[s][g] += cents


def _fill_in_order(known: Known, order: list[int]) -> Envelopes:
    envelopes = _nothing(known)
    left = list(known.cash)
    costs = _costs(known)
    for s in order:
        for g in known.pay_order:
            if known.may_pay[s][g]:
                cents = min(left[g], costs[s] - sum(envelopes[s]))
                envelopes[s][g] += cents
                left[g] -= cents
    for g in range(len(known.grants)):
        weights = [cost if known.may_pay[s][g] else 0 for s, cost in enumerate(costs)]
        if sum(weights) <= 0:
            weights = [1 if known.may_pay[s][g] else 0 for s in range(len(known.services))]
        for s, cents in enumerate(largest_remainder(left[g], weights)):
            envelopes[s][g] += cents
    return envelopes

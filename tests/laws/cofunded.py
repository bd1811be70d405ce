"""What grants pay together, held against the ledger: parts, their sums, and that nobody could have paid alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby

from reliefsim.records import Run
from reliefsim.units import MISSING

from .causes import Hand
from .facts import Row, rows
from .money import CASH, COMMITTED
from .shortfall import happenings, may_pay

PPM = 1_000_000


def together(run: Run) -> dict[int, set[int]]:
    """The grants that pay a part of a case, or of the group it is in."""
    cases, found = rows(run.cases), defaultdict[int, set[int]](set)
    for part in rows(run.cofunded):
        if part.released != MISSING:
            continue
        for number, case in enumerate(cases):
            of_group = part.group != MISSING and (case.service, case.group) == (part.service, part.group)
            if of_group or (part.group == MISSING and number == part.reference):
                found[number].add(part.grant)
    return found


def check_cofunded(run: Run) -> int:
    """Parts are postings, two or more a payment; what stands is what is charged. How many payments there are."""
    parts = rows(run.cofunded)
    if not run.scenario.plan.cofund:
        assert not parts
        return 0
    posted = Counter(
        (row.time, row.reference, row.service, row.grant, row.cents, row.indirect_cents)
        for row in rows(run.postings)
        if (row.debit, row.credit) == (COMMITTED, CASH)
    )
    payments: dict[tuple[int, int, int], list[Row]] = defaultdict(list)
    for part in parts:
        assert posted[part.time, part.reference, part.service, part.grant, part.cents, part.indirect_cents] > 0
        payments[part.time, part.reference, part.released].append(part)
    for mine in payments.values():
        assert len(mine) == len({part.grant for part in mine}) > 1
        assert all(may_pay(run, part.service, part.grant) for part in mine)
    _charged(run, parts)
    return len(payments)


def _charged(run: Run, parts: list[Row]) -> None:
    """The largest part is the grant that a case names; all parts are what the case, or its group, was charged."""
    cases = rows(run.cases)
    standing = [part for part in parts if part.released == MISSING]
    for reference, found in groupby(sorted(standing, key=lambda part: part.reference), key=lambda part: part.reference):
        mine = list(found)
        one = mine[0]
        of_it = [
            case for n, case in enumerate(cases)
            if (n == reference if one.group == MISSING else (case.service, case.group) == (one.service, one.group))
        ]  # fmt: skip
        assert sum(part.cents for part in mine) == sum(case.cents for case in of_it)
        assert sum(part.indirect_cents for part in mine) == sum(case.indirect_cents for case in of_it)
        most = max(part.cents for part in mine)
        largest = next(part.grant for part in sorted(mine, key=lambda part: parts.index(part)) if part.cents == most)
        assert {case.grant for case in of_it} == {largest}


def check_none_could_alone(run: Run) -> int:
    """Before each payment that several make, no one of them could pay it; all but the last pay what they have."""
    has = [Hand() for _ in run.names.grants]
    services = {name: number for number, name in enumerate((*run.names.services, "running"))}
    payments = {(part.time, part.reference, part.service): 0 for part in rows(run.cofunded)}
    for part in rows(run.cofunded):
        payments[part.time, part.reference, part.service] += part.cents - part.indirect_cents
    seen: Counter[tuple[int, int, int]] = Counter()
    for _, what, row in happenings(run):
        if what == "envelope":
            hand = has[run.names.grants.index(row.grant)]
            hand.left[services[row.service]] = row.left
        if what != "posting" or row.service == MISSING:
            continue
        sign = (row.debit == COMMITTED and row.credit == CASH) - (row.debit == CASH and row.credit == COMMITTED)
        hand, payment = has[row.grant], (row.time, row.reference, row.service)
        if sign > 0 and payment in payments:
            direct = row.cents - row.indirect_cents
            can = hand.covers(row.service)
            seen[payment] += direct
            assert can < payments[payment], "one grant could have paid it all"
            assert direct == can or seen[payment] == payments[payment], "a part is less than what was there"
        hand.left[row.service] = hand.left.get(row.service, 0) - sign * (row.cents - row.indirect_cents)
    return len(payments)

"""Every posting of a run again, one after the other: no cent appears, vanishes, or is where it may not be."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from reliefsim.layout import Account
from reliefsim.records import Envelope, Run
from reliefsim.scenario.quantities import Quantity
from reliefsim.scenario.schema_grants import BudgetLine
from reliefsim.units import MISSING

from .facts import Row, grant_of, in_cents, prices, rows, second, service_of, window

DONOR, CASH, COMMITTED, SPENT, LAPSED = Account
WAYS = {(DONOR, CASH), (CASH, COMMITTED), (COMMITTED, SPENT), (COMMITTED, CASH), (CASH, LAPSED)}
Line = tuple[int, int]


def check_accounts(run: Run) -> None:
    """Balances never negative; received = spent + committed + cash + lapsed; nothing outside window or earmark."""
    balance: dict[tuple[int, int], int] = defaultdict(int)
    time = 0
    for row in rows(run.postings):
        assert time <= row.time <= run.horizon
        time = row.time
        assert (row.credit, row.debit) in WAYS
        assert row.cents > 0
        assert 0 <= row.indirect_cents <= row.cents
        balance[row.grant, row.credit] -= row.cents
        balance[row.grant, row.debit] += row.cents
        assert row.credit == DONOR or balance[row.grant, row.credit] >= 0
        if run.scenario.money == "grants":
            _in_time_and_earmark(run, row)
    for g in range(len(run.names.grants)):
        kept = sum(balance[g, account] for account in (CASH, COMMITTED, SPENT, LAPSED))
        assert kept == -balance[g, DONOR]
        if run.scenario.money == "unlimited":
            assert balance[g, CASH] == balance[g, LAPSED] == 0
            continue
        assert kept <= in_cents(grant_of(run, g).amount_usd)
        _, end, last = window(run, g)
        assert end > run.horizon or balance[g, CASH] == 0
        assert last >= run.horizon or balance[g, COMMITTED] == 0


def _in_time_and_earmark(run: Run, row: Row) -> None:
    begin, end, last = window(run, row.grant)
    way = (row.credit, row.debit)
    assert row.time >= begin
    if way in {(DONOR, CASH), (CASH, COMMITTED)}:
        assert row.time < end
    elif way == (COMMITTED, SPENT):
        assert row.time < last
    elif way == (COMMITTED, CASH):
        with_it = {part.grant for part in rows(run.cofunded) if (part.reference, part.released) == (row.reference, row.time)}
        no_team = {one.time for one in run.decisions if one.action == "no team is left; cases stopped"}
        assert row.time in no_team | {window(run, g)[2] for g in with_it | {row.grant}}  # or of one who paid a part
    else:
        assert row.time in (end, last)
    earmarks = grant_of(run, row.grant).pays_for
    if row.service != MISSING and earmarks is not None:
        assert (*run.names.services, "running")[row.service] in earmarks


def check_all_money_came(run: Run) -> None:
    """Each grant's tranches due in the run came, on their days; a pledge came whole or not at all."""
    came: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows(run.postings):
        if row.credit == DONOR and run.scenario.money == "grants":
            came[row.grant].append((row.time, row.cents))
    if run.scenario.money == "unlimited":
        return
    for g, name in enumerate(run.names.grants):
        grant = grant_of(run, g)
        parts = [(second(part.day, 0), in_cents(part.amount_usd)) for part in grant.tranches or ()]
        parts = parts or [(second(grant.from_day, 0), in_cents(grant.amount_usd))]
        due = sorted(part for part in parts if part[1] and part[0] < run.horizon)
        assert sorted(came[g]) == due or (name in run.scenario.pledges and not came[g])


def check_indirect(run: Run) -> None:
    """After each commitment, a grant's indirect cost is the floor of its rate times its direct cost.

    Where a commitment fell away, what it had brought may be a cent more than the floor; it is never raised above it.
    """
    if run.scenario.money == "unlimited":
        assert not run.postings["indirect_cents"].any()
        return
    direct: dict[int, int] = defaultdict(int)
    indirect: dict[int, int] = defaultdict(int)
    for row in rows(run.postings):
        sign = {(CASH, COMMITTED): 1, (COMMITTED, CASH): -1}.get((Account(row.credit), Account(row.debit)), 0)
        before = indirect[row.grant]
        direct[row.grant] += sign * (row.cents - row.indirect_cents)
        indirect[row.grant] += sign * row.indirect_cents
        if sign > 0:
            rate = Decimal(str(grant_of(run, row.grant).indirect_rate.value))
            assert indirect[row.grant] == max(before, int(rate * direct[row.grant]))


def check_envelopes(run: Run) -> None:
    """At no posting is more direct cost of a service and grant committed or spent than was set aside for it.

    Also: every decision recorded what was committed and spent then, and set aside no more than there was.
    """
    sums: dict[tuple[int, ...], int] = defaultdict(int)
    cash: dict[int, int] = defaultdict(int)
    decisions = _decisions(run)
    allowed: dict[Line, int] = {}
    direct: dict[Line, int] = defaultdict(int)
    for row in rows(run.postings):
        while decisions and _comes_before(run, decisions[0], row, sums):
            allowed = _decide(run, decisions.pop(0), sums, cash, direct)
        cash[row.grant] += row.cents * ((row.debit == CASH) - (row.credit == CASH))
        line = (row.service, row.grant)
        sums[*line, row.debit] += row.cents
        sums[*line, row.credit] -= row.cents
        if row.debit != SPENT:
            direct[line] += (row.cents - row.indirect_cents) * ((row.debit == COMMITTED) - (row.credit == COMMITTED))
        if row.debit == COMMITTED and run.scenario.money == "grants":
            assert direct[line] <= allowed[line]
    for decision in decisions:
        _decide(run, decision, sums, cash, direct)


def _comes_before(run: Run, decision: list[Envelope], row: Row, sums: dict[tuple[int, ...], int]) -> bool:
    """Whether a decision was before a posting: in an earlier second, or when the posting changes what it recorded."""
    if decision[0].time != row.time:
        return bool(decision[0].time < row.time)
    changes = {row.debit, row.credit} & {COMMITTED, SPENT}
    return bool(changes) and _stands(run, decision, sums)


def _decide(
    run: Run, decision: list[Envelope], sums: dict[tuple[int, ...], int], cash: dict[int, int], direct: dict[Line, int]
) -> dict[Line, int]:
    assert _stands(run, decision, sums), f"a decision's figures fit no moment of the ledger: {decision[0]}"
    for g, name in enumerate(run.names.grants):
        left = [one.envelope - one.committed - one.spent for one in decision if one.grant == name]
        assert min(left, default=0) >= 0
        assert sum(left) <= cash[g]
    return {_line(run, one): one.left + direct[_line(run, one)] for one in decision}


def _decisions(run: Run) -> list[list[Envelope]]:
    """Envelopes decision by decision: a new one begins where its first line comes again."""
    found: list[list[Envelope]] = []
    for one in run.envelopes:
        if not found or (one.service, one.grant) == (found[-1][0].service, found[-1][0].grant):
            found.append([])
        found[-1].append(one)
    return found


def _line(run: Run, one: Envelope) -> Line:
    return (*run.names.services, "running").index(one.service), run.names.grants.index(one.grant)


def _stands(run: Run, decision: list[Envelope], sums: dict[tuple[int, ...], int]) -> bool:
    """Whether the ledger, as far as it was replayed, shows what the decision recorded."""
    return all(
        sums[*_line(run, one), COMMITTED] == one.committed and sums[*_line(run, one), SPENT] == one.spent
        for one in decision
    )


def check_charges(run: Run) -> None:
    """What cases, orders and convoys were charged is what was posted for them, at their price, when they started."""
    cases = rows(run.cases)
    posted: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, MISSING])  # net, indirect, last time
    for row in rows(run.postings):
        sign = {(CASH, COMMITTED): 1, (COMMITTED, CASH): -1}.get((Account(row.credit), Account(row.debit)), 0)
        place = posted[row.service, row.reference]
        place[0] += sign * row.cents
        place[1] += sign * row.indirect_cents
        place[2] = row.time if sign > 0 else place[2]
    for number, case in enumerate(cases):
        assert 0 <= case.indirect_cents <= case.cents
        assert (case.cents == 0) or case.started != MISSING
        if service_of(run, case.service).kind == "casework" and case.started != MISSING:
            assert case.cents - case.indirect_cents in prices(run, case.service, case.location)
            assert posted.get((case.service, number), [0, 0, case.started]) == [
                case.cents, case.indirect_cents, case.started,
            ] or case.cents == 0  # fmt: skip
    for s in range(len(run.names.services)):
        _same_sums(run, s, cases, [place for (service, _), place in posted.items() if service == s])


def _same_sums(run: Run, s: int, cases: list[Row], posted: list[list[int]]) -> None:
    kept = sum(case.cents for case in cases if case.service == s)
    orders = [row for row in rows(run.orders) if row.service == s and row.grant != MISSING]
    kept += sum(row.cents for row in orders if row.cancelled == MISSING)
    assert kept == sum(net for net, _, _ in posted)
    if service_of(run, s).kind in ("convoy", "sessions"):
        groups: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for case in cases:
            if case.service == s and case.group != MISSING:
                groups[case.group][0] += case.cents
                groups[case.group][1] += case.indirect_cents
        by_group = sorted(sums for sums in groups.values() if sums[0])
        assert by_group == sorted([net, indirect] for net, indirect, _ in posted if net)


def check_lines(run: Run) -> None:
    """Under fixed-shares no stated line is exceeded at any instant, by a cent of direct cost, but by what may move."""
    if run.rule != "fixed-shares" or run.scenario.money == "unlimited":
        return
    used: dict[Line, int] = defaultdict(int)
    names = (*run.names.services, "running")
    most: dict[Line, int] = {}
    for g in range(len(run.names.grants)):
        grant = grant_of(run, g)
        if grant.lines:
            direct = _direct(in_cents(grant.amount_usd), Decimal(str(grant.indirect_rate.value)))
            moves = int(Decimal(str(grant.flexibility_share.value)) * direct)
            stated = [_in_line(grant.lines.get(name), direct) for name in names]
            if "running" not in grant.lines:
                stated[-1] = direct - sum(stated)
            most.update({(s, g): cents + moves + 1 for s, cents in enumerate(stated)})  # 1: the rounding of shares
    for row in rows(run.postings):
        line = (row.service, row.grant)
        if row.service != MISSING and row.debit != SPENT:
            used[line] += (row.cents - row.indirect_cents) * (1 if row.debit == COMMITTED else -1)
        assert line not in most or used[line] <= most[line]


def _direct(award: int, rate: Decimal) -> int:
    """The most direct cost that an award covers, a cent at a time."""
    direct = int(award / (1 + rate))
    while direct + 1 + int(rate * (direct + 1)) <= award:
        direct += 1
    return direct


def _in_line(line: BudgetLine | None, direct: int) -> int:
    if line is None:
        return 0
    return int(Decimal(str(line.share.value)) * direct) if line.share else in_cents(line.amount_usd or Quantity(value=0))

"""What a grant's end leaves open, from the facts: cases and orders not over, and the teams' time they still need."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reliefsim.indicators.measure import Key
from reliefsim.layout import Account
from reliefsim.records import Run
from reliefsim.units import MISSING, moment

from .causes import mean_seconds
from .cofunded import together
from .facts import DAY, in_cents, rows, service_of
from .shortfall import Counted, shown


def closing(run: Run, g: int, grant: str, end: int, open_cases: set[int]) -> Counted:
    """What is committed to cases and on orders when a grant ends, and what their teams' places cost until they are over."""
    cases, orders, found = rows(run.cases), rows(run.orders), Counter[tuple[str, str]]()
    services = len(run.names.services)
    for row in rows(run.postings):
        opens = (row.debit == Account.COMMITTED) - (row.credit == Account.COMMITTED)
        if row.grant == g and row.time < end and MISSING < row.service < services:
            found["open_cases_at_end_usd", shown(run, row.service)] += opens * row.cents
    for order in orders:
        over = max(order.arrived, order.cancelled)
        if order.grant == g and order.ordered < end and not MISSING < over < end:
            found["open_orders_at_end_usd", shown(run, order.service)] += order.cents
            found["open_cases_at_end_usd", shown(run, order.service)] -= order.cents
    seconds: Counter[int] = Counter()
    beside = together(run)
    firsts: dict[tuple[int, int], int] = {}  # one of each group
    for n in sorted(open_cases):
        firsts.setdefault((cases[n].service, cases[n].group if cases[n].group != MISSING else -2 - n), n)
    for n in firsts.values():
        case = cases[n]
        mean = mean_seconds(run, case.service)
        is_on = case.started != MISSING and case.started < end and g in {case.grant} | beside[n]
        planned = case.ended if case.ended != MISSING else case.started + mean
        seconds[case.service] += max(0, planned - end) if is_on else mean
    for row in rows(run.postings):  # groups that are stopped
        is_group = row.reference >= len(cases) and MISSING < row.service < services
        if (row.grant, row.debit, row.credit) == (g, Account.CASH, Account.COMMITTED) and row.time >= end and is_group:
            seconds[row.service] += mean_seconds(run, row.service)
    for s, taken in seconds.items():
        found["closing_teams_usd", shown(run, s)] += round(taken * cents_a_second(run, s))
    for (name, service), amount in list(found.items()):
        if name != "open_orders_at_end_usd":
            found["closing_cost_usd", service] += amount
    for (name, _), amount in list(found.items()):
        found[name, ""] += amount
    return {
        Key(name, service=service, grant=grant, unit="USD"): value / 100 for (name, service), value in found.items()
    }


def cents_a_second(run: Run, s: int) -> float:
    """What a second of one place costs: all teams' pay over all places."""
    stated, name = service_of(run, s), run.names.services[s]
    teams = [team for team in run.scenario.teams.values() if team.service == name]
    each = {"casework": "cases_per_worker", "sessions": "groups_per_counsellor"}.get(stated.kind, "")
    many = getattr(stated, each) if each else None
    if (
        stated.workers == "unlimited"
        or (stated.workers is None and not teams)
        or (stated.kind == "sessions" and many is None)
    ):
        return 0.0
    counts = [_largest(run, team) for team in teams]
    workers = sum(counts) + (int(stated.workers.value) if stated.workers else 0)
    pay = sum(in_cents(team.cost_usd_per_30_days) * count for team, count in zip(teams, counts, strict=True))
    return pay / (30 * DAY) / (workers * (int(many.value) if many else 1)) if workers else 0.0


def _largest(run: Run, team: Any) -> int:
    """A team's workers, where their number changes when it is largest of the time that it is there."""
    if not isinstance(team.count, tuple):
        return int(team.count.value)
    start = run.scenario.start_date
    counts = sorted((moment(one.from_day, start, 0), int(one.count.value)) for one in team.count)
    begins, ends = moment(team.from_day, start, 0), moment(team.until_day, start, run.horizon)
    looked_at = [begins, *(second for second, _ in counts if begins < second < min(ends, run.horizon))]
    return max([count for second, count in counts if second <= at or second == counts[0][0]][-1] for at in looked_at)

"""One run's grants become again what they bought, their budget and open files: posting by posting, person by person."""

from __future__ import annotations

import datetime
import math
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from reliefsim.indicators.measure import Key
from reliefsim.layout import Account, Outcome
from reliefsim.records import Run
from reliefsim.units import MISSING

from .closing import closing
from .cofunded import together
from .facts import DAY, Row, grant_of, in_cents, prices, rows, second, service_of
from .shortfall import Counted, may_pay, shown

INTO = {"committed_usd": Account.COMMITTED, "spent_usd": Account.SPENT, "lapsed_usd": Account.LAPSED}


def payers(run: Run) -> dict[int, str]:
    """Who paid for each case that started: for itself, or for the item it was given, oldest lot first."""
    cases = rows(run.cases)
    names = {**dict(enumerate(run.names.grants)), MISSING: "none"}
    found = {number: names[case.grant] for number, case in enumerate(cases) if case.started != MISSING}
    for s in range(len(run.names.services)):
        if service_of(run, s).kind != "goods":
            continue
        store = ["none"] * int(service_of(run, s).stock.initial.value)
        for order in sorted(
            (one for one in rows(run.orders) if one.service == s and one.arrived != MISSING), key=_arrival
        ):
            store += [names[order.grant]] * (order.quantity - order.lost)
        mine = [number for number in found if cases[number].service == s]
        for number in sorted(mine, key=lambda number: _turn(run, number, cases[number])):
            item = store.pop(0)
            found[number] = item if found[number] == "none" else found[number]
    return found


def _arrival(order: Row) -> int:
    return int(order.arrived)


def _turn(run: Run, number: int, case: Row) -> tuple[int, int, int, int]:
    """When a case's turn was: those of one second by priority, opening, household and member."""
    stated = run.scenario.classes.get(run.names.classes[case.priority_class])
    return case.started, stated.priority if stated else 1, case.opened, number


def bought(run: Run) -> Counted:
    """Cases paid for and people reached through each grant; and people added up over services."""
    homes, cases, payer, beside = rows(run.households), rows(run.cases), payers(run), together(run)
    found: Counter[Key] = Counter()
    through = set()
    for number, case in enumerate(cases):
        if case.outcome != Outcome.SERVED:
            continue
        service, grant = shown(run, case.service), payer[number]
        found["cases_paid_for", service, grant] += 1
        home = homes[case.household]
        paying = {grant, *(run.names.grants[g] for g in beside[number])}
        for member in range(home.size) if case.member == MISSING else (case.member,):
            person = case.household, member
            through |= {(one, name, person) for one in paying for name in ("", service)} | {("any", service, person)}
    for grant, service, (household, member) in through:
        if grant != "any":
            found["people_reached_through", service, grant] += 1
        elif homes[household].population == 0:
            found["sum", "", ""] += 1
            if run.scenario.classes:
                found["sum", run.names.classes[run.member_class[homes[household].first_member + member]], ""] += 1
    named: Counted = {}
    for (what, name, grant), number in found.items():
        if what == "sum":
            named[Key("people_reached_by_service_sum", group=name, unit="people")] = number
        else:
            unit = "cases" if what == "cases_paid_for" else "people"
            named[Key(what, service=name, grant=grant, unit=unit)] = number
    return named


def budget(run: Run) -> Counted:
    """Planned, allocated, committed, spent and indirect by service and grant; received, burnt and support by grant."""
    services = [*(shown(run, s) for s in range(len(run.names.services))), "running"]
    own = dict(zip((*run.names.services, "running"), services, strict=True))
    found: Counter[tuple[str, str, str]] = Counter()
    received: Counter[str] = Counter()
    support: Counter[str] = Counter()
    for row in rows(run.postings):
        grant = run.names.grants[row.grant]
        if row.credit == Account.DONOR:
            received[grant] += row.cents
        if row.service == MISSING:
            continue
        line = services[row.service], grant
        for name, account in INTO.items():
            found[name, *line] += row.cents * ((row.debit == account) - (row.credit == account))
        if Account.COMMITTED in (row.debit, row.credit) and row.debit != Account.SPENT:
            sign = 1 if row.debit == Account.COMMITTED else -1
            found["indirect_cost_usd", *line] += sign * row.indirect_cents
            found["all", "", grant] += sign * row.cents
            is_team = line[0] == "running" and row.reference != MISSING
            team = run.scenario.teams[sorted(run.scenario.teams)[row.reference]] if is_team else None
            support[grant] += sign * (row.cents if team and team.service is None else row.indirect_cents)
    plans = [line for line in run.envelopes if line.reason != "end"]
    for grant in run.names.grants:
        with_money = [
            line.time for line in plans if line.grant == grant and line.envelope > line.committed + line.spent
        ]
        for line in plans:
            if line.grant == grant and line.time == min(with_money, default=MISSING):
                found["planned_usd", own[line.service], grant] += line.envelope
            if line.grant == grant and line.time == plans[-1].time:
                found["allocated_usd", own[line.service], grant] += line.envelope
    named: Counted = {
        Key(name, service=service, grant=grant, unit="USD"): cents / 100
        for (name, service, grant), cents in found.items()
        if name not in ("all", "lapsed_usd")
    }
    for service in {*own.values()}:
        for grant in run.names.grants:
            lines = {line.service: line.line for line in run.envelopes if line.grant == grant and own[line.service] == service}
            has = [cents for cents in lines.values() if cents != MISSING]
            named[Key("line_usd", service=service, grant=grant, unit="USD")] = sum(has) / 100 if has else math.nan
    for g, grant in enumerate(run.names.grants):
        begin, end = span(run, g)
        spent = sum(cents for (name, _, whose), cents in found.items() if (name, whose) == ("spent_usd", grant))
        named[Key("received_usd", grant=grant, unit="USD")] = received[grant] / 100
        named[Key("burn_rate_usd_per_30_days", grant=grant, unit="USD")] = (
            spent / 100 / (max(1, end - begin) / (30 * DAY))
        )
        used = found["all", "", grant]
        named[Key("support_cost_share", grant=grant, unit="share")] = support[grant] / used if used else math.nan
    return named


def span(run: Run, g: int) -> tuple[int, int]:
    """A grant's window inside the run, up to the day on which its donor stopped work."""
    if run.scenario.money == "unlimited":
        return 0, run.horizon
    stated = grant_of(run, g)
    stops = [
        row.time for row in run.decisions if row.action.startswith("stops work") and row.grant == run.names.grants[g]
    ]
    end = min([run.horizon, _second(run, stated.until_day, run.horizon), *stops])
    return max(0, _second(run, stated.from_day, 0)), end


def _second(run: Run, day: Any, missing: int) -> int:
    """A day or a date as seconds since the start."""
    return (day - run.scenario.start_date).days * DAY if isinstance(day, datetime.date) else second(day, missing)


def files(run: Run) -> Counted:
    """Cases and cents open when each grant ends, and since when its cash did not pay for anything."""
    homes, cases, orders = rows(run.households), rows(run.cases), rows(run.orders)
    ends = [span(run, g)[1] for g in range(len(run.names.grants))]
    ordered = {
        (one.ordered, one.service, number, one.cents) for number, one in enumerate(orders) if one.grant != MISSING
    }
    open_cases: dict[int, set[int]] = defaultdict(set)
    beside = together(run)
    cash: Counter[int] = Counter()
    short: dict[int, int] = {}
    least = [cheapest(run, g) for g in range(len(ends))]
    for row in rows(run.postings):
        g = row.grant
        if row.time >= ends[g]:
            continue
        if Account.CASH in (row.debit, row.credit):
            cash[g] += row.cents if row.debit == Account.CASH else -row.cents
            short = (
                {**short, g: short.get(g, row.time)}
                if cash[g] < least[g]
                else {k: t for k, t in short.items() if k != g}
            )
        opens = (row.debit == Account.COMMITTED) - (row.credit == Account.COMMITTED)
        if row.service == MISSING or row.service == len(run.names.services) or row.reference >= len(cases):
            continue
        if opens > 0 and (row.time, row.service, row.reference, row.cents) not in ordered:
            open_cases[g].add(row.reference)
        if opens < 0 and not (row.reference < len(orders) and _is_order(orders[row.reference], row)):
            open_cases[g].discard(row.reference)
    for number, case in enumerate(cases):  # of groups, which were paid for together
        if case.group == MISSING or case.grant == MISSING:
            continue
        for g in {case.grant} | beside[number]:
            if case.started < ends[g] and (case.ended == MISSING or case.ended >= ends[g]):
                open_cases[g].add(number)
    named: Counted = {}
    for g, grant in enumerate(run.names.grants):
        named[Key("open_cases_at_end", grant=grant, unit="cases")] = len(open_cases[g])
        named[Key("run_out_day", grant=grant, unit="day")] = short[g] / DAY if g in short else math.nan
        for number in open_cases[g]:
            case = cases[number]
            keys = [Key("", service=shown(run, case.service))]
            if run.scenario.classes and not homes[case.household].population:
                keys.append(Key("", group=run.names.classes[case.priority_class]))
            for key in keys:
                full = key._replace(indicator="open_cases_at_end", grant=grant, unit="cases")
                named[full] = named.get(full, 0) + 1
        named |= closing(run, g, grant, ends[g], open_cases[g])
    return named


def _stated(service: Any) -> list[int]:
    """A service's prices in cents, as stated."""
    return [in_cents(usd) for usd in getattr(service.unit_cost_usd, "values_usd", (service.unit_cost_usd,))]


def _is_order(order: Row, row: Row) -> bool:
    """Whether a posting is about an order: it pays for it when it comes."""
    return bool((order.service, order.arrived, order.cents) == (row.service, row.time, row.cents))


def cheapest(run: Run, g: int) -> int:
    """The least that a grant's cash may be asked for at once: cases, a group, a departure, an order; or a part of any."""
    if run.scenario.money == "unlimited":
        return 0
    asked = []
    for s, name in enumerate(run.names.services):
        stated = run.scenario.services[name]
        if not may_pay(run, s, g):
            continue
        places = [n for n, place in enumerate(run.names.locations) if stated.places is None or place in stated.places]
        units = {price for place in places for price in prices(run, s, place)}
        if stated.kind == "convoy":
            waits = stated.seats and stated.every_days is None and stated.longest_wait_days is None
            seats = max(1, round(stated.seats.value * stated.fill_share.value)) if waits else 1
            units = {seats * price + in_cents(stated.departure_cost_usd) for price in units}
        if stated.kind == "sessions" and stated.longest_wait_days is None and stated.unit == "member":
            units = {stated.group_size.value * price for price in units}
        if stated.kind == "goods" and stated.stock.lead_time is not None:
            stock = stated.stock
            whole = stock.order_quantity.value if stock.policy == "rQ" else stock.order_up_to.value - stock.reorder_point.value
            price = in_cents(stock.item_cost_usd) + min(_stated(stated))
            units.add(price * (1 if stock.order_partly else max(1, whole)))
        asked += [price for price in units if price > 0]
    direct = 1 if run.scenario.plan.cofund else min(asked, default=1)
    return direct + int(Decimal(str(grant_of(run, g).indirect_rate.value)) * direct)

"""Budget lines: of what a grant pays for, at most its award, asked for and answered while it lasts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ..faults import Finding, KeyPath, shown
from ..schema import Scenario
from ..schema_grants import Amendment, BudgetLine, Extension, Grant
from .check_common import TOLERANCE, days, direct_cents, horizon, known, may_pay, money_that_may_come, prices, said

RUNNING = "running"
KEEPING = ("fixed-shares", "reallocate")  # rules that look at lines or shares


def _stated(s: Scenario) -> Iterator[tuple[KeyPath, Grant, dict[str, BudgetLine]]]:
    """Every set of lines: a grant's own, and those that it asks for."""
    for here, grant in money_that_may_come(s).items():
        if grant.lines is not None:
            yield (*here, "lines"), grant, grant.lines
        for number, amendment in enumerate(grant.amendments):
            yield (*here, "amendments", number, "lines"), grant, amendment.lines


def days_of(s: Scenario, day: datetime.date | float) -> float:
    """Days since the start."""
    return float((day - s.start_date).days) if isinstance(day, datetime.date) else float(day)


def lines_are_for_what_a_grant_pays(s: Scenario) -> Iterator[Finding]:
    """Services and running costs, inside its earmark."""
    for path, grant, lines in _stated(s):
        for name in sorted(lines):
            yield from known((*path, name), name, [*s.services, RUNNING], "service", "services")
            if name in (*s.services, RUNNING) and not may_pay(grant, name):
                uses: tuple[KeyPath, ...] = ((*path, name), (*path[:2], "pays_for"))
                yield Finding((*path, name), "is a line for what the grant may not pay", "See pays_for", uses=uses)


def lines_are_amounts_or_shares(s: Scenario) -> Iterator[Finding]:
    """One of the two, the same in all lines of a grant."""
    for path, _, lines in _stated(s):
        forms = {(line.amount_usd is not None, line.share is not None) for line in lines.values()}
        if lines and (len(forms) > 1 or forms & {(True, True), (False, False)}):
            rule = "Every line of a grant states amount_usd, or every one states share: of direct cost"
            uses: tuple[KeyPath, ...] = ((*path, "*"),)
            yield Finding(path, "lines state both amounts and shares, or neither", rule, uses=uses)


def lines_are_at_most_the_award(s: Scenario) -> Iterator[Finding]:
    """Direct cost is what the indirect cost leaves of the award; what is in no line is told."""
    for path, grant, lines in _stated(s):
        here, most = path[:2], direct_cents(grant)
        shares = sum(sorted(float(line.share.value) for line in lines.values() if line.share is not None))
        amounts = sum(round(line.amount_usd.value * 100) for line in lines.values() if line.amount_usd is not None)
        uses: tuple[KeyPath, ...] = ((*path, "*"), (*here, "amount_usd"), (*here, "indirect_rate"))
        legal = {*s.services, RUNNING}
        if path[-2] != here[-1] and grant.lines and legal >= {*grant.lines, *lines}:  # those it does not name stay
            others = [line for name, line in sorted(grant.lines.items()) if name not in lines]
            shares += sum(float(line.share.value) for line in others if line.share is not None)
            amounts += sum(round(line.amount_usd.value * 100) for line in others if line.amount_usd is not None)
            uses = (*uses, (*here, "lines", "*"))
        if shares > 1 + TOLERANCE:
            yield Finding(path, f"lines add up to {shares:.10g}, more than 1", "At most 1 together", uses=uses)
        elif amounts > most:
            rule = f"The award leaves {most / 100:.2f} of direct cost after its indirect cost"
            yield Finding(path, f"lines add up to {amounts / 100:.2f}, more than the award", rule, uses=uses)
        elif path[-2] == here[-1] and (RUNNING in lines or not may_pay(grant, RUNNING)):
            left = round(most * (1 - shares)) - amounts if amounts or shares else most
            if left > len(lines):  # cents that rounding leaves are nobody's fault
                problem = f"{left / 100:.2f} of direct cost is in no line: nobody may spend it"
                yield Finding(path, problem, level="notice", uses=uses)


def lines_are_kept(s: Scenario) -> Iterator[Finding]:
    """Other rules divide as if the donor had agreed to what they say."""
    if s.plan.rule in KEEPING:
        return
    for here, grant in money_that_may_come(s).items():
        if grant.lines:
            uses: tuple[KeyPath, ...] = ((*here, "lines"), ("plan", "rule"))
            problem = f"its lines are not kept under the rule {s.plan.rule}"
            yield Finding((*here, "lines"), problem, 'rule = "fixed-shares" keeps them', level="notice", uses=uses)


def requests_are_answered_while_the_grant_lasts(s: Scenario) -> Iterator[Finding]:
    """Afterwards there is nothing to change; an extension leads beyond the end there was."""
    for here, grant in money_that_may_come(s).items():
        requests: list[tuple[KeyPath, Amendment | Extension]] = [
            ((*here, "amendments", number), one) for number, one in enumerate(grant.amendments)
        ]
        if grant.no_cost_extension is not None:
            requests.append(((*here, "no_cost_extension"), grant.no_cost_extension))
        end = days(s, grant.until_day, horizon(s))
        for path, request in requests:
            uses: tuple[KeyPath, ...] = (
                (*path, "asked_day"), (*path, "answer_days"), (*here, "until_day"), ("horizon_days",), ("start_date",),
            )  # fmt: skip
            answer = days(s, request.asked_day, 0) + float(request.answer_days.value)
            if answer >= end:
                rule = f"The grant ends on day {end:g}"
                yield Finding((*path, "asked_day"), f"is answered on day {answer:g}, too late", rule, uses=uses)
            first = 0.0 if s.as_of is None else days_of(s, s.as_of.day)
            if answer < first:
                rule = f"The run begins on day {first:g}: state the lines, and the end, as they are by then"
                problem = f"is answered on day {answer:g}, before the run"
                yield Finding((*path, "asked_day"), problem, rule, uses=(*uses, ("as_of", "day")))
            if isinstance(request, Extension) and days(s, request.until_day, 0) <= end:
                rule = f"The grant ends on day {end:g} without it"
                last: KeyPath = (*path, "until_day")
                yield Finding(last, "extends nothing", rule, said(request.until_day), uses=(last, *uses))


def amendments_change_lines(s: Scenario) -> Iterator[Finding]:
    """Where a grant states none, its lines follow the plan's shares, which no donor has agreed to."""
    for here, grant in money_that_may_come(s).items():
        if grant.amendments and not grant.lines:
            uses: tuple[KeyPath, ...] = ((*here, "amendments"), (*here, "lines"))
            yield Finding((*here, "amendments"), "there are no lines to amend", "State the lines of the grant", uses=uses)


def every_service_has_a_share(s: Scenario) -> Iterator[Finding]:
    """Where lines are kept, a service that no line is for serves nobody whom it must pay for."""
    if s.money == "unlimited" or s.plan.rule not in KEEPING:
        return
    money = {path[1]: grant for path, grant in money_that_may_come(s).items()}
    for name in sorted(s.services):
        payers = {one: grant for one, grant in money.items() if may_pay(grant, name)}
        if payers and not any(_has_share(s, str(one), grant, name) for one, grant in payers.items()):
            path: KeyPath = ("services", name)
            uses: tuple[KeyPath, ...] = (
                ("plan", "rule"), ("plan", "shares", "*"), ("plan", "shares_by_grant", "*"), ("grants", "*", "lines"),
                ("pledges", "*", "lines"), ("grants", "*", "pays_for"),
            )  # fmt: skip
            problem = f"no grant has a line or a share for it under {s.plan.rule}"
            yield Finding(path, problem, level="notice", uses=uses)


def _has_share(s: Scenario, grant: str, stated: Grant, service: str) -> bool:
    if stated.lines:
        line = stated.lines.get(service)
        return line is not None and any(one is not None and one.value > 0 for one in (line.amount_usd, line.share))
    shares = (s.plan.shares_by_grant or {}).get(grant, s.plan.shares or {})
    mine = {name for name, share in shares.items() if share.value > 0 and may_pay(stated, name)}
    return service in mine or not mine  # without any share, equally


def some_money_can_be_used(s: Scenario) -> Iterator[Finding]:
    """A grant for what costs nothing, or for nothing at all, goes back whole."""
    if s.money == "unlimited":
        return
    costs = {name for name, service in s.services.items() if any(price > 0 for _, price in prices(service))}
    if any(team.cost_usd_per_30_days.value > 0 for team in s.teams.values()) or (
        s.dtm is not None and (s.dtm.round_cost_usd.value > 0 or s.dtm.household_cost_usd.value > 0)
    ):
        costs.add(RUNNING)
    for here, grant in money_that_may_come(s).items():
        if grant.amount_usd.value > 0 and not any(may_pay(grant, name) for name in costs):
            uses: tuple[KeyPath, ...] = (
                (*here, "pays_for"), ("services", "*", "unit_cost_usd"), ("services", "*", "departure_cost_usd"),
                ("services", "*", "stock"), ("teams", "*", "cost_usd_per_30_days"), ("dtm",),
            )  # fmt: skip
            problem = "nothing that it pays for costs anything: all of it goes back"
            yield Finding(here, problem, got=shown(grant.amount_usd.value), level="notice", uses=uses)


CHECKS = (
    lines_are_for_what_a_grant_pays,
    lines_are_amounts_or_shares,
    lines_are_at_most_the_award,
    lines_are_kept,
    requests_are_answered_while_the_grant_lasts,
    amendments_change_lines,
    every_service_has_a_share,
    some_money_can_be_used,
)

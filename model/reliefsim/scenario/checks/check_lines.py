"""Budget lines and the plan's shares: of what a grant pays for, at most its award, asked for and answered in time."""

from __future__ import annotations

from collections.abc import Iterator

from ...rules import RULES
from ...units import cents
from ..checking import KEEPING, RUNNING, TOLERANCE, all_money, check, days, each, fault, known, notice, total, window
from ..faults import Finding
from ..schema import Scenario
from ..schema_grants import Amendment, BudgetLine, Extension, Grant


def _stated(here: str, grant: Grant) -> Iterator[tuple[str, dict[str, BudgetLine]]]:
    """Every set of lines: a grant's own, and those that it asks for."""
    if grant.lines is not None:
        yield f"{here}.lines", grant.lines
    for number, amendment in enumerate(grant.amendments):
        yield f"{here}.amendments[{number}].lines", amendment.lines


def _added(lines: dict[str, BudgetLine]) -> tuple[float, int]:
    """The shares of lines, and their amounts (cents)."""
    shares = sum(sorted(float(line.share.value) for line in lines.values() if line.share is not None))
    return shares, sum(cents(line.amount_usd) for line in lines.values() if line.amount_usd is not None)


@each("grants pledges", Grant)
def lines_are_for_what_a_grant_pays(s: Scenario, here: str, grant: Grant) -> Iterator[Finding]:
    """Services and running costs inside its earmark, all in amounts or all in shares, and kept by the plan's rule."""
    for number, one in enumerate(grant.pays_for or ()):
        yield from known(s, f"{here}.pays_for[{number}]", one, "services", RUNNING)
    for path, lines in _stated(here, grant):
        for name in sorted(lines):
            yield from known(s, f"{path}.{name}", name, "services", RUNNING)
            if name in (*s.services, RUNNING) and not grant.may_pay(name):
                problem = "is a line for what the grant may not pay"
                yield fault(f"{path}.{name}", problem, "See pays_for", also=f"{here}.pays_for")
        forms = {(line.amount_usd is not None, line.share is not None) for line in lines.values()}
        if len(forms) > 1 or forms & {(True, True), (False, False)}:
            rule = "Every line of a grant states amount_usd, or every one states share: of direct cost"
            yield fault(path, "lines state both amounts and shares, or neither", rule)
    if grant.lines and s.plan.rule not in KEEPING:
        problem = f"its lines are not kept under the rule {s.plan.rule}"
        yield notice(f"{here}.lines", problem, 'rule = "fixed-shares" keeps them', also="plan.rule")


@each("grants pledges", Grant)
def lines_are_at_most_the_award(s: Scenario, here: str, grant: Grant) -> Iterator[Finding]:
    """Direct cost is what the indirect cost leaves of the award; what is in no line is told."""
    most = grant.direct_cents
    for path, lines in _stated(here, grant):
        own = path == f"{here}.lines"
        also, (shares, amounts) = f"{here}.amount_usd|indirect_rate", _added(lines)
        if not own and grant.lines and {*s.services, RUNNING} >= {*grant.lines, *lines}:  # those it does not name stay
            others = _added({name: line for name, line in grant.lines.items() if name not in lines})
            shares, amounts, also = shares + others[0], amounts + others[1], f"{also} {here}.lines"
        if shares > 1 + TOLERANCE:
            yield fault(path, f"lines add up to {shares:.10g}, more than 1", "At most 1 together", also=also)
        elif amounts > most:
            rule = f"The award leaves {most / 100:.2f} of direct cost after its indirect cost"
            yield fault(path, f"lines add up to {amounts / 100:.2f}, more than the award", rule, also=also)
        elif own and (RUNNING in lines or not grant.may_pay(RUNNING)):
            left = round(most * (1 - shares)) - amounts if amounts or shares else most
            if left > len(lines):  # cents that rounding leaves are nobody's fault
                yield notice(path, f"{left / 100:.2f} of direct cost is in no line: nobody may spend it", also=also)


@each("grants pledges", Grant)
def requests_are_answered_while_the_grant_lasts(s: Scenario, here: str, grant: Grant) -> Iterator[Finding]:
    """Afterwards there is nothing to change; an extension leads beyond the end there was, an amendment changes lines:
    where a grant states none, they follow the plan's shares, which no donor has agreed to."""
    requests: dict[str, Amendment | Extension] = {
        f"{here}.amendments[{number}]": one for number, one in enumerate(grant.amendments)
    }
    if grant.no_cost_extension is not None:
        requests[f"{here}.no_cost_extension"] = grant.no_cost_extension
    _, end = window(s, grant)
    first = 0.0 if s.as_of is None else days(s, s.as_of.day)
    for path, request in requests.items():
        also = f"{path}.asked_day|answer_days {here}.until_day horizon_days start_date"
        answer = days(s, request.asked_day) + float(request.answer_days.value)
        if answer >= end:
            problem, rule = f"is answered on day {answer:g}, too late", f"The grant ends on day {end:g}"
            yield fault(f"{path}.asked_day", problem, rule, also=also)
        if answer < first:
            rule = f"The run begins on day {first:g}: state the lines, and the end, as they are by then"
            problem = f"is answered on day {answer:g}, before the run"
            yield fault(f"{path}.asked_day", problem, rule, also=f"{also} as_of.day")
        if isinstance(request, Extension) and days(s, request.until_day) <= end:
            rule = f"The grant ends on day {end:g} without it"
            yield fault(f"{path}.until_day", "extends nothing", rule, request.until_day, also)
    if grant.amendments and not grant.lines:
        rule = "State the lines of the grant"
        yield fault(f"{here}.amendments", "there are no lines to amend", rule, also=f"{here}.lines")


@check
def shares_of_the_plan_are_at_most_all(s: Scenario) -> Iterator[Finding]:
    """By a rule that there is, for services that there are; what is divided is divided once; who keeps shares has some."""
    yield from known(s, "plan.rule", s.plan.rule, "", *RULES)
    by_grant = sorted((s.plan.shares_by_grant or {}).items())
    for grant, _ in by_grant:
        yield from known(s, f"plan.shares_by_grant.{grant}", grant, "grants")
    for path, shares in (("shares", s.plan.shares or {}), *((f"shares_by_grant.{grant}", one) for grant, one in by_grant)):
        for one in sorted(shares):
            yield from known(s, f"plan.{path}.{one}", one, "services")
        if (added := total(shares.values())) > 1 + TOLERANCE:
            problem = f"shares add up to {added:.10g}, more than 1"
            yield fault(f"plan.{path}", problem, "At most 1 together")
    has_lines = any(grant.lines for grant in all_money(s).values())
    if s.plan.rule in KEEPING and not s.plan.shares and not by_grant and not has_lines:
        rule = "Write [grants.NAME.lines], [plan.shares], or [plan.shares_by_grant.NAME]"
        also = "plan.shares|shares_by_grant grants|pledges.*.lines"
        yield fault("plan.rule", f"{s.plan.rule} has no shares", rule, also=also)


@check
def every_service_has_a_share(s: Scenario) -> Iterator[Finding]:
    """Where lines are kept, a service that no line is for serves nobody whom it must pay for."""
    if s.money == "unlimited" or s.plan.rule not in KEEPING:
        return
    money = {here.split(".")[1]: grant for here, grant in all_money(s).items()}
    for name in sorted(s.services):
        payers = {one: grant for one, grant in money.items() if grant.may_pay(name)}
        if payers and not any(_has_share(s, one, grant, name) for one, grant in payers.items()):
            uses = "plan.rule plan.shares|shares_by_grant.* grants|pledges.*.lines grants.*.pays_for"
            yield notice(f"services.{name}", f"no grant has a line or a share for it under {s.plan.rule}", uses=uses)


def _has_share(s: Scenario, grant: str, stated: Grant, service: str) -> bool:
    if stated.lines:
        line = stated.lines.get(service)
        return line is not None and any(one is not None and one.value > 0 for one in (line.amount_usd, line.share))
    shares = (s.plan.shares_by_grant or {}).get(grant, s.plan.shares or {})
    mine = {name for name, share in shares.items() if share.value > 0 and stated.may_pay(name)}
    return service in mine or not mine  # without any share, equally


@check
def some_money_can_be_used(s: Scenario) -> Iterator[Finding]:
    """A grant for what costs nothing, or for nothing at all, goes back whole."""
    if s.money == "unlimited":
        return
    costs = {name for name, service in s.services.items() if any(service.least_prices().values())}
    running = [team.cost_usd_per_30_days for team in s.teams.values()]
    running += [s.dtm.round_cost_usd, s.dtm.household_cost_usd] if s.dtm is not None else []
    if any(one.value > 0 for one in running):
        costs.add(RUNNING)
    for here, grant in all_money(s).items():
        if grant.amount_usd.value > 0 and not any(grant.may_pay(name) for name in costs):
            uses = f"{here}.pays_for services.*.unit_cost_usd|departure_cost_usd|stock teams.*.cost_usd_per_30_days dtm"
            yield notice(here, "nothing that it pays for costs anything: all of it goes back", "", grant.amount_usd, uses=uses)

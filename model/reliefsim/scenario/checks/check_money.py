"""Money: grants that pay, tranches that add up, prices that can be paid, shares that are at most all."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath
from ..quantities import Quantity
from ..schema import Scenario
from ..schema_services import PriceList
from .check_common import (
    TOLERANCE,
    cents_of,
    days,
    direct_cents,
    horizon,
    may_pay,
    money_that_may_come,
    prices,
    said,
    timed,
    total,
)


def there_is_a_grant(s: Scenario) -> Iterator[Finding]:
    """Somebody pays, or money is no limit."""
    if s.money == "grants" and not s.grants and not s.pledges:
        rule = 'Write at least one [grants.NAME], or money = "unlimited" where money is no limit'
        yield Finding(("grants",), "no grant", rule, uses=(("grants",), ("pledges",), ("money",)))


def tranches_add_up_to_the_grant(s: Scenario) -> Iterator[Finding]:
    """To the cent."""
    for here, grant in money_that_may_come(s).items():
        if grant.tranches is None:
            continue
        path: KeyPath = (*here, "tranches")
        by_share = [tranche.share for tranche in grant.tranches if tranche.share is not None]
        by_amount = [tranche.amount_usd for tranche in grant.tranches if tranche.amount_usd is not None]
        if (by_share and by_amount) or len(by_share) + len(by_amount) != len(grant.tranches):
            rule = "Every tranche of a grant states amount_usd, or every one states share"
            yield Finding(path, "tranches state both amounts and shares, or neither", rule, uses=((*path, "*"),))
            continue
        if by_share:
            added = sum(float(share.value) for share in by_share)
            if abs(added - 1) > 1e-9:
                uses: tuple[KeyPath, ...] = ((*path, "*", "share"),)
                yield Finding(path, f"tranches add up to {added:g}", "Shares of a grant add up to 1", uses=uses)
            continue
        cents = sum(cents_of(amount) for amount in by_amount)
        if cents != cents_of(grant.amount_usd):
            uses = ((*path, "*", "amount_usd"), (*here, "amount_usd"))
            rule = f"They add up to amount_usd {grant.amount_usd.value}, to the cent"
            yield Finding(path, f"tranches add up to {cents / 100:.2f}", rule, uses=uses)


def tranches_come_within_the_window(s: Scenario) -> Iterator[Finding]:
    """Money that comes when nothing can be paid is of no use."""
    for here, grant in money_that_may_come(s).items():
        begin, end = days(s, grant.from_day, 0), days(s, grant.until_day, horizon(s))
        for number, tranche in enumerate(grant.tranches or ()):
            if not begin <= days(s, tranche.day, 0) < end:
                path: KeyPath = (*here, "tranches", number, "day")
                window: tuple[KeyPath, ...] = ((*here, "from_day"), (*here, "until_day"), ("horizon_days",))
                uses = (*timed(path, tranche.day, grant.from_day, grant.until_day), *window)
                rule = f"The grant pays from day {begin:g} until before day {end:g}"
                yield Finding(path, "the tranche comes outside the window", rule, said(tranche.day), uses=uses)


def some_grant_can_pay_a_price(s: Scenario) -> Iterator[Finding]:
    """A price above every grant is never paid."""
    if s.money == "unlimited":
        return
    for name, service in sorted(s.services.items()):
        able = [direct_cents(grant) for grant in money_that_may_come(s).values() if may_pay(grant, name)]
        for key, price in prices(service):
            together = s.plan.cofund and not key.startswith("stock")  # an order is one grant's
            most = sum(able) if together else max(able, default=0)
            if able and round(price * 100) > most:
                path: KeyPath = ("services", name, *key.split("."))
                keys = ("amount_usd", "pays_for", "indirect_rate")
                payers_keys = [(section, "*", key) for section in ("grants", "pledges") for key in keys]
                uses: tuple[KeyPath, ...] = (path, ("money",), ("plan", "cofund"), *payers_keys)
                who = "All grants for it together leave" if together else "The largest grant for it leaves"
                rule = f"{who} {most / 100:.2f} after its indirect cost"
                problem = "is above every grant: it can never be paid"
                yield Finding(path, problem, rule, f"{price:.2f}", level="warning", uses=uses)


def services_have_a_price(s: Scenario) -> Iterator[Finding]:
    """What costs nothing is never short of money."""
    if s.money == "unlimited":
        return
    for name, service in sorted(s.services.items()):
        price = service.unit_cost_usd
        top = max(price.values_usd, default=0.0) if isinstance(price, PriceList) else price.value
        if top == 0 and all(other == 0 for _, other in prices(service)):
            path: KeyPath = ("services", name, "unit_cost_usd")
            others = (("departure_cost_usd",), ("stock", "item_cost_usd"), ("stock", "lead_time"))
            uses: tuple[KeyPath, ...] = (path, *(("services", name, *other) for other in others))
            yield Finding(path, "costs nothing, so no grant limits it", "", "0", level="notice", uses=uses)


def some_grant_may_pay_for_a_service(s: Scenario) -> Iterator[Finding]:
    """Earmarks may leave a service out."""
    if s.money == "unlimited" or not (s.grants or s.pledges):
        return
    for name in sorted(s.services):
        if any(may_pay(grant, name) for grant in s.grants.values()):
            continue
        pledges = [one for one in sorted(s.pledges) if may_pay(s.pledges[one], name)]
        unless = f", unless a pledge comes: {', '.join(pledges)}" if pledges else ""
        uses: tuple[KeyPath, ...] = (("grants", "*", "pays_for"), ("pledges", "*", "pays_for"), ("money",))
        problem = f"no grant may pay for it: it will serve nobody{unless}"
        yield Finding(("services", name), problem, level="notice", uses=uses)


def shares_of_the_plan_are_at_most_all(s: Scenario) -> Iterator[Finding]:
    """What a plan divides is divided once."""
    plans: dict[KeyPath, dict[str, Quantity]] = {("plan", "shares"): s.plan.shares or {}}
    for grant, shares in sorted((s.plan.shares_by_grant or {}).items()):
        plans["plan", "shares_by_grant", grant] = shares
    for path, shares in plans.items():
        added = total(shares)
        if added > 1 + TOLERANCE:
            problem = f"shares add up to {added:.10g}, more than 1"
            yield Finding(path, problem, "At most 1 together", uses=((*path, "*"),))


def fixed_shares_are_given(s: Scenario) -> Iterator[Finding]:
    """The rules fixed-shares and reallocate have no shares of their own."""
    has_lines = any(grant.lines for grant in money_that_may_come(s).values())
    if s.plan.rule in ("fixed-shares", "reallocate") and not s.plan.shares and not s.plan.shares_by_grant and not has_lines:
        uses: tuple[KeyPath, ...] = (
            ("plan", "rule"), ("plan", "shares"), ("plan", "shares_by_grant"), ("grants", "*", "lines"),
            ("pledges", "*", "lines"),
        )  # fmt: skip
        rule = "Write [grants.NAME.lines], [plan.shares], or [plan.shares_by_grant.NAME]"
        yield Finding(("plan", "rule"), f"{s.plan.rule} has no shares", rule, uses=uses)


CHECKS = (
    there_is_a_grant,
    tranches_add_up_to_the_grant,
    tranches_come_within_the_window,
    some_grant_can_pay_a_price,
    services_have_a_price,
    some_grant_may_pay_for_a_service,
    shares_of_the_plan_are_at_most_all,
    fixed_shares_are_given,
)

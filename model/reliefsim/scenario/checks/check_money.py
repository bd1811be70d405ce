"""Money: grants that pay, tranches that add up, prices that can be paid."""

from __future__ import annotations

from collections.abc import Iterator

from ...units import cents
from ..checking import all_money, check, dated, days, each, fault, notice, warning, window
from ..faults import Finding
from ..schema import Scenario
from ..schema_grants import Grant
from ..schema_services import ServiceBase


@check
def there_is_a_grant(s: Scenario) -> Iterator[Finding]:
    """Somebody pays, or money is no limit."""
    if s.money == "grants" and not s.grants and not s.pledges:
        rule = 'Write at least one [grants.NAME], or money = "unlimited" where money is no limit'
        yield fault("grants", "no grant", rule, also="pledges money")


@each("grants pledges", Grant)
def tranches_add_up_to_the_grant(s: Scenario, here: str, grant: Grant) -> Iterator[Finding]:
    """To the cent."""
    if grant.tranches is None:
        return
    path = f"{here}.tranches"
    by_share = [tranche.share for tranche in grant.tranches if tranche.share is not None]
    by_amount = [tranche.amount_usd for tranche in grant.tranches if tranche.amount_usd is not None]
    added, amount = sum(float(share.value) for share in by_share), sum(map(cents, by_amount))
    if (by_share and by_amount) or len(by_share) + len(by_amount) != len(grant.tranches):
        rule = "Every tranche of a grant states amount_usd, or every one states share"
        yield fault(path, "tranches state both amounts and shares, or neither", rule)
    elif by_share and abs(added - 1) > 1e-9:
        yield fault(path, f"tranches add up to {added:g}", "Shares of a grant add up to 1", uses=f"{path}.*.share")
    elif not by_share and amount != cents(grant.amount_usd):
        rule = f"They add up to amount_usd {grant.amount_usd.value}, to the cent"
        yield fault(path, f"tranches add up to {amount / 100:.2f}", rule, uses=f"{path}.*.amount_usd {here}.amount_usd")


@each("grants pledges", Grant)
def tranches_come_within_the_window(s: Scenario, here: str, grant: Grant) -> Iterator[Finding]:
    """Money that comes when nothing can be paid is of no use."""
    begin, end = window(s, grant)
    for number, tranche in enumerate(grant.tranches or ()):
        if not begin <= days(s, tranche.day) < end:
            path, rule = f"{here}.tranches[{number}].day", f"The grant pays from day {begin:g} until before day {end:g}"
            also = f"{here}.from_day|until_day horizon_days{dated(tranche.day, grant.from_day, grant.until_day)}"
            yield fault(path, "the tranche comes outside the window", rule, tranche.day, also)


@each("services", ServiceBase)
def services_can_be_paid(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """A price above every grant is never paid; what costs nothing is never short of money; earmarks may leave one out."""
    name, prices, grants = here.split(".")[1], service.least_prices(), all_money(s)
    payers = [place for place, grant in grants.items() if grant.may_pay(name)]
    if s.money == "unlimited":
        return
    for key, price in prices.items() if payers else ():
        together = s.plan.cofund and not key.startswith("stock")  # an order is one grant's
        most = (sum if together else max)(grants[place].direct_cents for place in payers)
        if round(price * 100) > most:
            also = "money plan.cofund grants|pledges.*.amount_usd|pays_for|indirect_rate"
            who = "All grants for it together leave" if together else "The largest grant for it leaves"
            problem, rule = "is above every grant: it can never be paid", f"{who} {most / 100:.2f} after its indirect cost"
            yield warning(f"{here}.{key}", problem, rule, f"{price:.2f}", also)
    price_list = getattr(service.unit_cost_usd, "values_usd", ())
    if not any(prices.values()) and not any(price_list):
        also = f"{here}.departure_cost_usd {here}.stock.item_cost_usd|lead_time"
        yield notice(f"{here}.unit_cost_usd", "costs nothing, so no grant limits it", "", "0", also)
    if grants and not any(place.startswith("grants.") for place in payers):
        unless = f", unless a pledge comes: {', '.join(place.split('.')[1] for place in payers)}" if payers else ""
        yield notice(here, f"no grant may pay for it: it will serve nobody{unless}", uses="grants|pledges.*.pays_for money")

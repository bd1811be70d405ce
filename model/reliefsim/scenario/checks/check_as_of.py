"""From where we are: a day of the operation, and figures that its grants, goods and services can have by then."""

from __future__ import annotations

from collections.abc import Iterator

from ...units import cents
from ..checking import all_money, check, days, each, fault, horizon, notice, warning, window
from ..faults import Finding, listed, nearest, shown
from ..schema import AsOf, Scenario
from ..schema_grants import Grant
from ..schema_services import Goods, ServiceBase
from .check_services import RATES
from .check_size import cases_by_then

_MONEY = ("spent_usd", "committed_usd")
_DAY = "as_of.day start_date horizon_days"  # what a comparison with the day rests on


@check
def the_day_is_one_of_the_operation(s: Scenario) -> Iterator[Finding]:
    """Whole days, for dates are midnights."""
    if s.as_of is None:
        return
    now = days(s, s.as_of.day)
    if not 0 <= now < horizon(s):
        rule = f"From {s.start_date.isoformat()} (day 0) to before day {horizon(s):g}"
        yield fault("as_of.day", "is no day of the operation", rule, s.as_of.day, _DAY)
    elif now != int(now):
        yield fault("as_of.day", "is no whole day", "The run begins at midnight", s.as_of.day, _DAY)


@check
def what_it_names_exists(s: Scenario) -> Iterator[Finding]:
    """Money of grants, stock of goods, cases of services."""
    goods = [name for name, service in s.services.items() if isinstance(service, Goods)]
    for key, what, legal, section in (
        *((key, "grant", list(s.grants), "grants") for key in _MONEY),
        ("stock", "service of goods", goods, "services"), ("served", "service", list(s.services), "services"),
    ):  # fmt: skip
        for name in sorted(getattr(s.as_of, key, ())):
            if name not in legal:
                near = nearest(name, legal)
                rule = "" if near else f"There are: {listed(legal)}" if legal else f"There is no {what}"
                told = (f"names an unknown {what}", rule, f'"{near}"' if near else "")
                if section == "grants" and name in s.pledges:
                    told = ("is a pledge", "A pledge that has come is a grant: write it in [grants]", "")
                elif section == "services" and name in s.services:
                    told = ("is no service of goods", f"Stock is of goods: {listed(legal) or 'there are none'}", "")
                path = f"as_of.{key}.{name}"
                yield fault(path, *told[:2], shown(name), f"{section}.*.name {section}.{name}.kind", told[2])


def _come(s: Scenario, grant: Grant, now: float) -> tuple[int, int]:
    """Cents that are due before a day, and how far rounding shares may lead from them."""
    award, opens = cents(grant.amount_usd), days(s, grant.from_day)
    if not grant.tranches:
        return award if max(0.0, opens) < now else 0, 0
    due = [one for one in grant.tranches if max(0.0, opens, days(s, one.day)) < now]
    amounts = [one.amount_usd.value * 100 for one in due if one.amount_usd is not None]
    shares = [award * float(one.share.value) for one in due if one.share is not None]
    return round(sum(amounts) + sum(shares)), len(shares)


@check
def no_more_is_used_than_had_come(s: Scenario) -> Iterator[Finding]:
    """Spent and committed money had been paid in before; where a window is over, nothing is open any more."""
    if s.as_of is not None:
        for name, grant in sorted(s.grants.items()):
            if name in s.as_of.spent_usd or name in s.as_of.committed_usd:
                yield from _used(s, s.as_of, name, grant)


def _used(s: Scenario, as_of: AsOf, name: str, grant: Grant) -> Iterator[Finding]:
    stated = {key: cents(getattr(as_of, key)[name]) for key in _MONEY if name in getattr(as_of, key)}
    now, used = days(s, as_of.day), sum(stated.values())
    (come, rounding), (begins, ends) = _come(s, grant, now), window(s, grant)
    path, got = f"as_of.{next(iter(stated))}.{name}", f"{used / 100:.2f}"
    uses = f"as_of.{'|'.join(stated)}.{name} {_DAY} grants.{name}.amount_usd|from_day|until_day|tranches"
    what = " and ".join(key.removesuffix("_usd") for key in stated)
    if used and now <= begins:
        rule = f"The grant begins on day {begins:g}; as_of.day is day {now:g}"
        yield fault(path, f"{what} by a grant that has not begun", rule, got, uses)
    elif used > come + rounding:
        problem = f"{what} above what has come by then, {come / 100:.2f}"
        yield fault(path, problem, "Tranches due before as_of.day", got, uses)
    elif now >= ends and (committed := stated.get("committed_usd")):
        rule = f"Its window ended on day {ends:g}: state what it has spent"
        path = f"as_of.committed_usd.{name}"
        yield fault(path, "is committed by a grant that is over", rule, f"{committed / 100:.2f}", uses)


@check
def what_is_over_is_said(s: Scenario) -> Iterator[Finding]:
    """Money that does not come any more, people whom rounds have found."""
    if s.as_of is None or not 0 < (now := days(s, s.as_of.day)) < horizon(s):
        return
    for path, grant in all_money(s).items():
        begins, ends = window(s, grant)
        if path.startswith("pledges.") and max(0.0, begins) < now:
            rule = "It is taken not to have come; if it has, write it in [grants]; if it may, give it a later day"
            yield warning(f"{path}.from_day", "lies before as_of.day", rule, grant.from_day, uses=_DAY)
        elif path.startswith("grants.") and ends <= now:
            problem = "the window is over on as_of.day: what was not committed has lapsed"
            yield notice(f"{path}.until_day", problem, "", grant.until_day, uses=_DAY)
    rounds = [] if s.dtm is None else [s.dtm.first_day] if s.dtm.first_day is not None else [one.day for one in s.dtm.rounds]
    if any(days(s, day) < now for day in rounds) and s.as_of.registered_share is None:
        rule = "State as_of.registered_share: else it is caseload.registered_at_start_share"
        problem = "DTM rounds lie before as_of.day, and it is not said whom they found"
        yield warning("as_of.day", problem, rule, also=f"{_DAY} as_of.registered_share dtm")


@check
def what_donors_cut_or_put_off_is_ahead(s: Scenario) -> Iterator[Finding]:
    """What came before the day came in full and in time, as far as a scenario can say: its grants are stated as they
    are. A donor who has stopped, or pauses still, goes on doing so."""
    for name, shock in sorted(s.shocks.items() if s.as_of is not None else ()):
        if s.as_of is not None and shock.kind in ("late", "cut") and days(s, shock.day) < days(s, s.as_of.day):
            path, rule = f"shocks.{name}.day", "Take it away, and state the grant's amount and tranches as they are now"
            got = "" if shock.day is None else shock.day
            yield fault(path, "lies before as_of.day: it is history", rule, got, f"as_of.day shocks.{name}")


@check
def what_was_served_is_needed_no_more(s: Scenario) -> Iterator[Finding]:
    """Every indicator is of what is left."""
    for name, served in sorted(s.as_of.served.items()) if s.as_of is not None else ():
        service, path = s.services.get(name), f"as_of.served.{name}"
        if s.as_of is None or service is None or served.value == 0:
            continue
        if _arises_over_time(service):
            problem = "changes nothing: its need arises over time, and what arose before as_of.day is not counted"
            yield warning(path, problem, "", served)
        elif served.value > (most := cases_by_then(s, name, days(s, s.as_of.day))):
            rule = f"By then {most:,.0f} were needed at the most; none of them is needed any more"
            yield warning(path, "is more than was needed", rule, served)
        else:
            problem = "is met before: not needed again, so all indicators are of what is left from as_of.day on"
            yield notice(path, problem, "", served)


def _arises_over_time(service: ServiceBase) -> bool:
    return any(getattr(service, key) is not None for key in RATES)


@each("services", ServiceBase)
def what_was_served_at_the_start_was_a_share(s: Scenario, here: str, service: ServiceBase) -> Iterator[Finding]:
    """Needs that arise over time begin with the run."""
    if service.served_at_start.value > 0 and _arises_over_time(service):
        rule = "It goes with need_share: what arises over time arises after the start"
        yield fault(f"{here}.served_at_start", "stands beside a rate", rule, service.served_at_start)

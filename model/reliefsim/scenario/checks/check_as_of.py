"""From where we are: a day of the operation, and figures that its grants, goods and services can have by then."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults import Finding, KeyPath, listed, nearest, shown
from ..schema import Scenario
from ..schema_as_of import AsOf
from ..schema_grants import Grant
from ..schema_services import Goods, ServiceBase
from .check_common import days, horizon, money_that_may_come, rounds_begin, said
from .check_size import cases_by_then

_MONEY = ("spent_usd", "committed_usd")


def _now(s: Scenario, as_of: AsOf) -> float:
    """The day as days since the start."""
    return as_of.day if isinstance(as_of.day, float | int) else days(s, as_of.day, 0)


def the_day_is_one_of_the_operation(s: Scenario) -> Iterator[Finding]:
    """Whole days, for dates are midnights."""
    if s.as_of is None:
        return
    now, path = _now(s, s.as_of), ("as_of", "day")
    uses: tuple[KeyPath, ...] = (path, ("start_date",), ("horizon_days",))
    if not 0 <= now < horizon(s):
        rule = f"From {s.start_date.isoformat()} (day 0) to before day {horizon(s):g}"
        yield Finding(path, "is no day of the operation", rule, shown(s.as_of.day), uses=uses)
    elif now != int(now):
        yield Finding(path, "is no whole day", "The run begins at midnight", shown(s.as_of.day), uses=uses)


def what_it_names_exists(s: Scenario) -> Iterator[Finding]:
    """Money of grants, stock of goods, cases of services."""
    if s.as_of is None:
        return
    goods = [name for name, service in s.services.items() if isinstance(service, Goods)]
    for key, what, legal, section in (
        *((key, "grant", list(s.grants), "grants") for key in _MONEY),
        ("stock", "service of goods", goods, "services"), ("served", "service", list(s.services), "services"),
    ):  # fmt: skip
        for name in sorted(getattr(s.as_of, key)):
            if name not in legal:
                yield _unknown(s, ("as_of", key, name), name, what, legal, section)


def _unknown(s: Scenario, path: KeyPath, name: str, what: str, legal: list[str], section: str) -> Finding:
    near = nearest(name, legal)
    problem, rule = f"names an unknown {what}", "" if near else f"There are: {listed(legal)}" if legal else f"There is no {what}"
    if section == "grants" and name in s.pledges:
        problem, rule, near = "is a pledge", "A pledge that has come is a grant: write it in [grants]", ""
    elif section == "services" and name in s.services:
        problem, rule, near = "is no service of goods", f"Stock is of goods: {listed(legal) or 'there are none'}", ""
    uses: tuple[KeyPath, ...] = (path, (section, "*", "name"), (section, name, "kind"))
    return Finding(path, problem, rule, shown(name), f'"{near}"' if near else "", uses=uses)


def _ends(s: Scenario, grant: Grant) -> float:
    return days(s, grant.until_day, horizon(s))


def _come(s: Scenario, grant: Grant, now: float) -> tuple[int, int]:
    """Cents that are due before a day, and how far rounding shares may lead from them."""
    award, opens = round(grant.amount_usd.value * 100), days(s, grant.from_day, 0)
    if not grant.tranches:
        return award if max(0.0, opens) < now else 0, 0
    due = [one for one in grant.tranches if max(0.0, opens, days(s, one.day, 0)) < now]
    amounts = [one.amount_usd.value * 100 for one in due if one.amount_usd is not None]
    shares = [award * float(one.share.value) for one in due if one.share is not None]
    return round(sum(amounts) + sum(shares)), len(shares)


def no_more_is_used_than_had_come(s: Scenario) -> Iterator[Finding]:
    """Spent and committed money had been paid in before; where a window is over, nothing is open any more."""
    if s.as_of is not None:
        for name, grant in sorted(s.grants.items()):
            if name in s.as_of.spent_usd or name in s.as_of.committed_usd:
                yield from _used(s, s.as_of, name, grant)


def _used(s: Scenario, as_of: AsOf, name: str, grant: Grant) -> Iterator[Finding]:
    stated = {key: round(getattr(as_of, key)[name].value * 100) for key in _MONEY if name in getattr(as_of, key)}
    now, used, (come, rounding) = _now(s, as_of), sum(stated.values()), _come(s, grant, _now(s, as_of))
    path: KeyPath = ("as_of", next(iter(stated)), name)
    uses: tuple[KeyPath, ...] = (
        *(("as_of", key, name) for key in stated), ("as_of", "day"), ("start_date",), ("horizon_days",),
        *(("grants", name, key) for key in ("amount_usd", "from_day", "until_day", "tranches")),
    )  # fmt: skip
    what, got = " and ".join(key.removesuffix("_usd") for key in stated), f"{used / 100:.2f}"
    begins, ends = days(s, grant.from_day, 0), _ends(s, grant)
    if used and now <= begins:
        rule = f"The grant begins on day {begins:g}; as_of.day is day {now:g}"
        yield Finding(path, f"{what} by a grant that has not begun", rule, got, uses=uses)
    elif used > come + rounding:
        problem = f"{what} above what has come by then, {come / 100:.2f}"
        yield Finding(path, problem, "Tranches due before as_of.day", got, uses=uses)
    elif now >= ends and stated.get("committed_usd"):
        rule = f"Its window ended on day {ends:g}: state what it has spent"
        path = ("as_of", "committed_usd", name)
        yield Finding(path, "is committed by a grant that is over", rule, f"{stated['committed_usd'] / 100:.2f}", uses=uses)


def what_is_over_is_said(s: Scenario) -> Iterator[Finding]:
    """Money that does not come any more, people whom rounds have found."""
    if s.as_of is None or not 0 < _now(s, s.as_of) < horizon(s):
        return
    as_of, now = s.as_of, _now(s, s.as_of)
    uses: tuple[KeyPath, ...] = (("as_of", "day"), ("start_date",), ("horizon_days",))
    for path, grant in money_that_may_come(s).items():
        if path[0] == "pledges" and max(0.0, days(s, grant.from_day, 0)) < now:
            rule = "It is taken not to have come; if it has, write it in [grants]; if it may, give it a later day"
            yield Finding((*path, "from_day"), "lies before as_of.day", rule, said(grant.from_day), level="warning", uses=uses)
        elif path[0] == "grants" and _ends(s, grant) <= now:
            problem = "the window is over on as_of.day: what was not committed has lapsed"
            yield Finding((*path, "until_day"), problem, "", said(grant.until_day), level="notice", uses=uses)
    rounds = rounds_begin(s.dtm).values() if s.dtm is not None else ()
    if any(days(s, day, 0) < now for day in rounds) and as_of.registered_share is None:
        rule = "State as_of.registered_share: else it is caseload.registered_at_start_share"
        problem = "DTM rounds lie before as_of.day, and it is not said whom they found"
        yield Finding(("as_of", "day"), problem, rule, level="warning", uses=(*uses, ("as_of", "registered_share"), ("dtm",)))


def what_donors_cut_or_put_off_is_ahead(s: Scenario) -> Iterator[Finding]:
    """What came before the day came in full and in time, as far as a scenario can say: its grants are stated as they
    are. A donor who has stopped, or pauses still, goes on doing so."""
    if s.as_of is None:
        return
    now = _now(s, s.as_of)
    for name, shock in sorted(s.shocks.items()):
        if shock.kind in ("late", "cut") and days(s, shock.day, 0) < now:
            path: KeyPath = ("shocks", name, "day")
            rule = "Take it away, and state the grant's amount and tranches as they are now"
            got = "" if shock.day is None else said(shock.day)
            uses: tuple[KeyPath, ...] = (path, ("as_of", "day"), ("shocks", name))
            yield Finding(path, "lies before as_of.day: it is history", rule, got, uses=uses)


def what_was_served_is_needed_no_more(s: Scenario) -> Iterator[Finding]:
    """Every indicator is of what is left."""
    if s.as_of is None:
        return
    for name, served in sorted(s.as_of.served.items()):
        service, path = s.services.get(name), ("as_of", "served", name)
        if service is None or served.value == 0:
            continue
        if _arises_over_time(service):
            problem = "changes nothing: its need arises over time, and what arose before as_of.day is not counted"
            yield Finding(path, problem, "", shown(served.value), level="warning")
            continue
        most = cases_by_then(s, name, _now(s, s.as_of))
        if served.value > most:
            rule = f"By then {most:,.0f} were needed at the most; none of them is needed any more"
            yield Finding(path, "is more than was needed", rule, shown(served.value), level="warning", uses=(path,))
        else:
            problem = "is met before: not needed again, so all indicators are of what is left from as_of.day on"
            yield Finding(path, problem, "", shown(served.value), level="notice")


def _arises_over_time(service: ServiceBase) -> bool:
    return service.need_rate_year is not None or service.need_rate_year_by_class is not None


def what_was_served_at_the_start_was_a_share(s: Scenario) -> Iterator[Finding]:
    """Needs that arise over time begin with the run."""
    for name, service in sorted(s.services.items()):
        if service.served_at_start.value > 0 and _arises_over_time(service):
            path: KeyPath = ("services", name, "served_at_start")
            rule = "It goes with need_share: what arises over time arises after the start"
            yield Finding(path, "stands beside a rate", rule, shown(service.served_at_start.value))


CHECKS = (
    the_day_is_one_of_the_operation,
    what_it_names_exists,
    no_more_is_used_than_had_come,
    what_is_over_is_said,
    what_donors_cut_or_put_off_is_ahead,
    what_was_served_is_needed_no_more,
    what_was_served_at_the_start_was_a_share,
)

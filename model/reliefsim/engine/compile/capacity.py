"""A scenario's teams become pools of capacity and what they cost."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ...layout import NEVER, POOL
from ...scenario.quantities import Quantity, working_days
from ...scenario.schema_services import Casework, Convoy, PriceList, ServiceBase
from ...units import DAY, MISSING, PPM, cents, moment, ppm, seconds

if TYPE_CHECKING:
    from ...scenario.schema import Scenario, Team


def stated_prices(service: ServiceBase) -> tuple[tuple[int, float], ...]:
    """A service's unit prices in cents, each with its share of cases."""
    price = service.unit_cost_usd
    if isinstance(price, PriceList):
        return tuple((cents(usd), share) for usd, share in zip(price.values_usd, price.shares, strict=True))
    return ((cents(price), 1.0),)


def mean_price(service: ServiceBase) -> float:
    """A service's mean unit price (cents)."""
    return sum(price * share for price, share in stated_prices(service))


def requirement_rate_ppm(scenario: Scenario) -> int:
    """The indirect rate that need is priced at, in millionths: the stated one, or the mean of the awards, by money.

    Pledges count only where nothing is awarded. So no grant's name, nor one without money, moves what need costs.
    """
    stated = scenario.requirement_indirect_rate
    if stated is not None:
        return ppm(stated)
    for grants in (scenario.grants, scenario.pledges):
        money = [(cents(grant.amount_usd), ppm(grant.indirect_rate)) for grant in grants.values()]
        total = sum(amount for amount, _ in money)
        if total > 0:
            return (2 * sum(amount * rate for amount, rate in money) + total) // (2 * total)
    return 0


def rate_kept(scenario: Scenario) -> dict[str, Quantity]:
    """What a scenario made of this one states, so that its need is priced alike whatever money it has."""
    return {"requirement_indirect_rate": Quantity(value=requirement_rate_ppm(scenario) / PPM)}


def filled_seats(service: Convoy) -> int:
    """Seats at which a convoy is full enough: never less than its fill_share of them, as a whole number; NEVER: no limit.

    The share is what its decimals say: 0.9 of 50 seats are 45, though 0.9 has no exact binary form.
    """
    share = Fraction(str(float(service.fill_share.value)))
    return max(1, math.ceil(share * int(service.seats.value))) if service.seats else NEVER


PAID_PERIOD = 30 * DAY  # teams are paid so long at a time, in advance


class Places(NamedTuple):
    """What a pool's places are from a second on."""

    time: int
    slots: int  # places for open cases, convoys under way or counsellors
    room: int  # of which for new ones: of the workers who are there that day
    counted: int  # as capacity: an absent worker's places are, for what is open in them goes on; on a day off none
    workers: int


class Term(NamedTuple):
    """A time in which a team's pay is the same; a payment is due when it begins, and then every 30 days."""

    begins: int
    ends: int
    cents_per_30_days: int


@dataclass(frozen=True)
class TeamLine:
    """One paid team: what it costs, when it is there, and the pool of capacity it gives (MISSING: management)."""

    name: str
    pool: int
    terms: tuple[Term, ...]
    begins: int
    ends: int
    partner: bool
    paid_until: int = 0  # its first payment is due then, if it begins before

    @property
    def most_cents_per_30_days(self) -> int:
        """What it costs when it is largest."""
        return max(term.cents_per_30_days for term in self.terms)

    def due(self, now: int) -> tuple[int, int]:
        """The cents that are due at ``now``, and until when they pay: 30 days, or to a change of count or the end."""
        term = self.terms[-1]
        for earlier in reversed(self.terms[:-1]):
            if term.begins > now:
                term = earlier
        until = min(now + PAID_PERIOD, term.ends) if term.cents_per_30_days else term.ends
        return term.cents_per_30_days * (until - now) // PAID_PERIOD, until


@dataclass(frozen=True)
class _Week:
    """The days on which workers start new work, and how many of them are there."""

    start: datetime.date
    weekdays: frozenset[int]
    holidays: frozenset[datetime.date]
    absent_ppm: int
    first_day: int  # of their work: days since the start

    @property
    def changes(self) -> bool:
        return len(self.weekdays) < 7 or bool(self.holidays) or self.absent_ppm > 0

    def is_worked(self, day: int) -> bool:
        """Whether a day since the start is no day off."""
        date = self.start + datetime.timedelta(days=day)
        return date.weekday() in self.weekdays and date not in self.holidays

    def there(self, workers: int, number: int) -> int:
        """How many of some workers are there on their working day ``number``: whole, and exact over the days."""
        each = workers * (PPM - self.absent_ppm)
        return (number + 1) * each // PPM - number * each // PPM


def _roster(counts: list[tuple[int, int]], each: int, week: _Week, horizon: int) -> tuple[Places, ...]:
    """A pool's places whenever they change, from second 0 on; ``counts``: seconds and workers, the first holds before."""
    midnights = range(0, horizon, DAY) if week.changes else ()
    found: list[Places] = []
    number, day = 0, min(0, week.first_day)  # working days before that day
    for second in sorted({0, *midnights, *(time for time, _ in counts if 0 < time < horizon)}):
        while day < second // DAY:
            number += day >= week.first_day and week.is_worked(day)
            day += 1
        workers = [count for time, count in counts if time <= second or time == counts[0][0]][-1]
        slots, is_worked = min(NEVER, workers * each), week.is_worked(day)
        there = slots if workers == NEVER else week.there(workers, number) * each
        row = Places(second, slots, there if is_worked else 0, slots if is_worked else 0, workers)
        if not found or row[1:] != found[-1][1:]:
            found.append(row)
    return tuple(found)


def workforce(team: Team, start: datetime.date) -> list[tuple[int, int]]:
    """A team's workers: from which second how many, in order of changes; the first of them also before."""
    if isinstance(team.count, Quantity):
        return [(0, int(team.count.value))]
    found: list[tuple[int, int]] = []
    for day, count in sorted(((moment(one.from_day, start, 0), one.count) for one in team.count), key=lambda one: one[0]):
        if not found or int(count.value) != found[-1][1]:
            found.append((day, int(count.value)))
    return found


def _from(begins: int, counts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """A workforce without the counts that were over before its team begins: it never had so many places."""
    over = sum(second <= begins for second, _ in counts[1:])
    return [(0, counts[over][1]), *counts[over + 1 :]]


def capacity_pools(
    scenario: Scenario, services: npt.NDArray[np.void], names: tuple[str, ...]
) -> tuple[npt.NDArray[np.void], tuple[TeamLine, ...], tuple[str, ...], tuple[tuple[Places, ...], ...]]:
    """Pools of capacity, service by service: the permanent one first, then its paid teams by name; and their rosters."""
    start, horizon = scenario.start_date, seconds(scenario.horizon_days)
    rows: list[tuple[int, bool, bool]] = []  # service, permanent, over
    pool_names: list[str] = []
    lines: list[TeamLine] = []
    rosters: list[tuple[Places, ...]] = []
    for number, name in enumerate(names):
        service = scenario.services[name]
        each = int(service.cases_per_worker.value) if isinstance(service, Casework) else 1
        paid = sorted(team for team, stated in scenario.teams.items() if stated.service == name)
        services[number]["first_pool"] = len(rows)
        if service.workers is not None or not paid:
            workers = int(service.workers.value) if isinstance(service.workers, Quantity) else NEVER
            rows.append((number, True, False))
            pool_names.append(name)
            rosters.append(_roster([(0, workers)], each, _week(service, None, start), horizon))
        for team in paid:
            stated = scenario.teams[team]
            lines.append(_team_line(team, stated, len(rows), start, horizon))
            rows.append((number, False, lines[-1].begins >= lines[-1].ends))
            pool_names.append(team)
            counts = _from(lines[-1].begins, workforce(stated, start))
            roster = _roster(counts, each, _week(service, stated, start), horizon)
            rosters.append(tuple(row for row in roster if row.time < lines[-1].ends) or roster[:1])
        services[number]["pools"] = len(rows) - services[number]["first_pool"]
    management = sorted(name for name, stated in scenario.teams.items() if stated.service is None)
    lines += [_team_line(name, scenario.teams[name], MISSING, start, horizon) for name in management]
    pools = np.zeros(len(rows), POOL)
    for row, stands, roster in zip(pools, rows, rosters, strict=True):
        row["service"], row["active"], row["over"] = stands
        _, row["slots"], row["room"], row["counted"], row["counsellors"] = roster[0]
    return pools, tuple(sorted(lines, key=lambda line: line.name)), tuple(pool_names), tuple(rosters)


def _week(service: ServiceBase, team: Team | None, start: datetime.date) -> _Week:
    """The week of a service's own workers, or of a team, which may state its own."""
    works = service.works if team is None or team.works is None else team.works
    holidays = service.holidays if team is None or team.holidays is None else team.holidays
    absent = ppm(team.absence_share) if team else 0
    first = moment(team.from_day, start, 0) // DAY if team else 0
    return _Week(start, working_days(works), frozenset(holidays or ()), absent, first)


def _team_line(name: str, team: Team, pool: int, start: datetime.date, horizon: int) -> TeamLine:
    begins = max(0, moment(team.from_day, start, 0))
    ends = min(horizon, moment(team.until_day, start, horizon))
    counts = workforce(team, start)
    while len(counts) > 1 and counts[-1][1] == 0:
        ends = min(ends, counts.pop()[0])  # a team of nobody that stays so has ended
    each = cents(team.cost_usd_per_30_days)
    terms: list[Term] = []
    for number, (second, workers) in enumerate(counts):
        until = min(ends, counts[number + 1][0]) if number + 1 < len(counts) else ends
        since = max(begins, second) if number else begins
        if terms and terms[-1].cents_per_30_days == each * workers:
            terms[-1] = terms[-1]._replace(ends=until)
        elif since < until:
            terms.append(Term(since, until, each * workers))
    terms = terms or [Term(begins, ends, each * counts[0][1])]
    return TeamLine(name, pool, tuple(terms), begins, ends, team.partner, moment(team.paid_until_day, start, 0))

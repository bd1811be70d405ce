"""Indicators counted again from a run's facts, one person and one case after the other, by their definitions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from reliefsim.indicators.measure import Key
from reliefsim.layout import REASON_NAMES, Account, Outcome
from reliefsim.records import Run
from reliefsim.units import MISSING

from .facts import DAY, Row, rows, second

UNSERVED = {Outcome.NOT_OPENED, Outcome.WAITING, Outcome.LEFT, Outcome.GAVE_UP, Outcome.TURNED_AWAY}
Person = tuple[int, int]


class Count:
    """The facts of one run, and what is counted from them for one key: a number, or None where it is not known here."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.homes, self.cases, self.postings = rows(run.households), rows(run.cases), rows(run.postings)
        self.begins = second(run.scenario.warmup_days, 0)

    def __call__(self, key: Key) -> float | None:
        """The indicator of a key."""
        if key.indicator in _MONEY:
            return self._money(key)
        if key.indicator in _OF_PEOPLE:
            return float(_OF_PEOPLE[key.indicator](self, key))
        if key.indicator in _OF_CASES:
            return float(_OF_CASES[key.indicator](self, self._chosen(key)))
        for number, reason in enumerate(REASON_NAMES):
            words, chosen = reason.replace("-", "_"), self._chosen(key)
            if number and key.indicator == f"cases_unserved_{words}":
                return float(sum(case.reason == number for case in chosen))
            if number and key.indicator == f"gap_{words}_usd":
                return float(sum(case.priced_cents for case in chosen if case.reason == number)) / 100
        return None

    def _chosen(self, key: Key) -> list[Row]:
        """The cases a key speaks of: hosts only in their services and their own group."""
        return [case for case in self.cases if self._is_of(case, key, self.homes[case.household])]

    def _is_of(self, case: Row, key: Key, home: Row) -> bool:
        names, scenario = self.run.names, self.run.scenario
        if key.service:
            name = names.services[case.service]
            return (scenario.services[name].counts_as or name) == key.service
        if home.population == 1:
            return key.group == "hosts"
        if key.group:
            return bool(names.classes[case.priority_class] == key.group)
        if key.origin:
            return bool(names.origins[case.origin] == key.origin)
        return not key.location or bool(names.locations[case.location] == key.location)

    def people(self, key: Key, wanted: Callable[[Row], bool], directly: bool = False) -> set[Person]:
        """The people who have a case that is wanted, each once; a class is each member's own."""
        found = set()
        names = self.run.names
        for case in self.cases:
            home = self.homes[case.household]
            own_class = key._replace(group="") if key.group not in ("", "hosts") else key
            if not wanted(case) or (directly and case.member == MISSING) or not self._is_of(case, own_class, home):
                continue
            members = range(home.size) if case.member == MISSING else (case.member,)
            for member in members:
                class_name = names.classes[self.run.member_class[home.first_member + member]]
                if own_class == key or class_name == key.group:
                    found.add((case.household, member))
        return found

    def queued(self, case: Row) -> int:
        """Seconds a case waited in the window, finished or not."""
        if case.opened == MISSING:
            return 0
        ends = [time for time in (case.started, case.ended) if time != MISSING]
        return int(max(0, min([*ends[:1], self.run.horizon]) - max(self.begins, case.opened)))

    def _money(self, key: Key) -> float:
        services = [*self.run.names.services, "running"]
        net = 0
        for row in self.postings:
            if key.grant and self.run.names.grants[row.grant] != key.grant:
                continue
            if key.service and (row.service == MISSING or services[row.service] != key.service):
                continue
            net += _MONEY[key.indicator](row, services)
        return net / 100


def _moves(into: Account) -> Callable[[Row, Any], int]:
    return lambda row, _: int(row.cents * ((row.debit == into) - (row.credit == into)))


def _running(row: Row, services: list[str]) -> int:
    return int(row.cents) if row.service == len(services) - 1 and row.debit == Account.COMMITTED else 0


def _indirect(row: Row, _: Any) -> int:
    return int(row.indirect_cents * ((row.debit == Account.COMMITTED) - (row.debit == Account.CASH)))


_MONEY: dict[str, Callable[[Row, list[str]], int]] = {
    "committed_usd": _moves(Account.COMMITTED), "spent_usd": _moves(Account.SPENT),
    "lapsed_usd": _moves(Account.LAPSED), "running_cost_usd": _running, "indirect_cost_usd": _indirect,
}  # fmt: skip


def _is_served(case: Row) -> bool:
    return bool(case.outcome == Outcome.SERVED)


def _fully(count: Count, key: Key) -> float:
    needy = count.people(key, lambda case: True)
    short = count.people(key, lambda case: not _is_served(case))
    return len(needy - short) / len(needy) if needy else math.nan


def _reached_of_need(count: Count, key: Key) -> float:
    needy = count.people(key, lambda case: True)
    return len(count.people(key, _is_served)) / len(needy) if needy else math.nan


def _reached_of_target(count: Count, key: Key) -> float:
    caseload = count.run.scenario.caseload
    target = int((caseload.target_people or caseload.people).value)
    return len(count.people(key, _is_served)) / target if target else math.nan


def _cost_of_one(count: Count, key: Key) -> float:
    reached = len(count.people(key, _is_served))
    spent = count._money(Key("spent_usd"))
    return spent / reached if reached else math.nan


_OF_PEOPLE: dict[str, Callable[[Count, Key], float]] = {
    "people_in_need": lambda count, key: len(count.people(key, lambda case: True)),
    "people_reached": lambda count, key: len(count.people(key, _is_served)),
    "people_directly_served": lambda count, key: len(count.people(key, _is_served, directly=True)),
    "fully_served_share": _fully, "reached_of_need": _reached_of_need, "reached_of_target": _reached_of_target,
    "cost_per_person_reached_usd": _cost_of_one,
    "caseload_people": lambda count, key: sum(
        home.size for home in count.homes if home.population == 0 and home.left == MISSING
    ),
}  # fmt: skip


def _mean_wait(count: Count, cases: list[Row]) -> float:
    waits = [case.started - case.opened for case in cases if case.started >= max(count.begins, 0)]
    return sum(waits) / len(waits) / DAY if waits else math.nan


_OF_CASES: dict[str, Callable[[Count, list[Row]], float]] = {
    "cases_needed": lambda count, cases: len(cases),
    "cases_served": lambda count, cases: sum(_is_served(case) for case in cases),
    "cases_served_as_wished": lambda count, cases: sum(_is_served(case) and case.wished for case in cases),
    "cases_open": lambda count, cases: sum(case.outcome == Outcome.IN_SERVICE for case in cases),
    "cases_unserved": lambda count, cases: sum(case.outcome in UNSERVED for case in cases),
    "need_covered": lambda count, cases: sum(map(_is_served, cases)) / len(cases) if cases else math.nan,
    "wait_days": _mean_wait,
    "waiting_days": lambda count, cases: sum(count.queued(case) * case.people for case in cases) / DAY,
    "queue_length": lambda count, cases: sum(map(count.queued, cases)) / (count.run.horizon - count.begins),
    "requirement_usd": lambda count, cases: sum(case.priced_cents for case in cases) / 100,
    "gap_usd": lambda count, cases: sum(case.priced_cents for case in cases if case.outcome in UNSERVED) / 100,
}


def convoys(run: Run, service: str) -> float:
    """Departures of one service in the window."""
    begins = second(run.scenario.warmup_days, 0)
    gone = [row for row in rows(run.departures) if run.names.services[row.service] == service and row.time >= begins]
    return len(gone) if run.scenario.services[service].kind == "convoy" else math.nan


def stock_out_days(run: Run, service: str) -> float:
    """Days with an empty store in the window, second by second where something changes."""
    stated = run.scenario.services[service]
    if stated.kind != "goods":
        return math.nan
    s, begins = run.names.services.index(service), second(run.scenario.warmup_days, 0)
    changes = [(row.arrived, row.quantity - row.lost) for row in rows(run.orders) if row.service == s and row.arrived >= 0]
    changes += [(case.started, -1) for case in rows(run.cases) if case.service == s and case.started != MISSING]
    there, at, out = int(stated.stock.initial.value), 0, 0
    for time, change in [*sorted(changes), (run.horizon, 0)]:
        out += max(0, time - max(at, begins)) if there == 0 else 0
        there, at = there + change, time
    return out / DAY


def months(run: Run) -> list[tuple[str, int, int]]:
    """Calendar months of these scenarios, which all start on 1 July 2012."""
    found, first = [], 0
    for name, days in (("2012-07", 31), ("2012-08", 31), ("2012-09", 30)):
        if first < run.horizon:
            found.append((name, first, min(run.horizon, first + days * DAY)))
        first += days * DAY
    return found


def by_month(run: Run, key: Key, end: int) -> float | None:
    """What had come about by a month's end, of some monthly indicators."""
    count = Count(run)
    cases = count._chosen(key)
    if key.indicator == "cases_needed":
        return float(sum(case.arose < end for case in cases))
    if key.indicator == "cases_served":
        return float(sum(_is_served(case) and case.ended < end for case in cases))
    if key.indicator == "cases_waiting":
        return float(sum(case.opened != MISSING and case.opened < end <= _stops(case) for case in cases))
    if key.indicator.startswith("people_"):
        whose = key._replace(period="")
        needy = count.people(whose, lambda case: case.arose < end)
        reached = count.people(whose, lambda case: _is_served(case) and case.ended < end)
        return len({"people_in_need": needy, "people_reached": reached, "people_unreached": needy - reached}[key.indicator])
    if key.indicator == "caseload_people":
        there = [home for home in count.homes if home.population == 0 and home.arrived < end]
        still = [home for home in there if home.left == MISSING or home.left >= end]
        return float(sum(_of_class(run, home, key.group) for home in still if _is_at(run, home, key.location)))
    return None


def _of_class(run: Run, home: Row, group: str) -> int:
    """How many of a household are in a class; of none that is named: all."""
    members = run.member_class[home.first_member : home.first_member + home.size]
    return sum(not group or run.names.classes[number] == group for number in members)


def _is_at(run: Run, home: Row, location: str) -> bool:
    if not location:
        return True
    name = run.names.locations[home.location]
    return location in (name, run.scenario.locations[name].pcode)


def _stops(case: Row) -> int:
    """The second a case stops waiting; of one that does not, later than all."""
    if case.started != MISSING:
        return int(case.started)
    return int(case.ended) if case.ended != MISSING else 1 << 60

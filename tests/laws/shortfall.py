"""One run's unserved cases become the gap by part again, case by case and cent by cent, and people without for money."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from reliefsim.indicators.measure import Key
from reliefsim.layout import REASON_NAMES, Account, Outcome, Reason
from reliefsim.records import Run
from reliefsim.units import MISSING

from .facts import DAY, Row, grant_of, in_cents, rows

PARTS = ("earmarked", "lapsed", "late", "split", "absent")
MET = (Outcome.SERVED, Outcome.IN_SERVICE)
Counted = dict[Key, float]
Split = dict[int, Counter[tuple[str, int]]]  # by case: cents by part and grant (absent: MISSING)

# Within one second: what ends, who leaves, everything else that happens, the plan, the starts.
ENDING, LEAVING, THEN, PLAN, START = range(5)


class Purse:
    """One grant's cents: coming, in hand, gone back; those that have counted for a case, and those that have not."""

    def __init__(self, coming: int) -> None:
        self.coming, self.coming_counted, self.fresh, self.counted, self.gone = coming, 0, 0, 0, 0
        self.envelopes: Counter[int] = Counter()
        self.counted_here: Counter[int] = Counter()  # cents that counted because they lay in a service's own envelope

    def own(self, service: int) -> int:
        """Cents of a service's own envelope that have not counted."""
        here = min(self.counted_here[service], self.counted)
        return max(0, min(self.fresh, self.envelopes[service] - here))

    def _forgets(self) -> None:
        for service, here in self.counted_here.items():
            self.counted_here[service] = min(here, self.counted)

    def comes(self, cents: int) -> None:
        """Money that has counted as late comes first."""
        counted = min(cents, self.coming_counted)
        self.coming_counted -= counted
        self.coming -= cents - counted
        self.counted += counted
        self.fresh += cents - counted

    def pays(self, service: int, cents: int) -> None:
        """What has counted is spent last."""
        fresh = min(cents, self.fresh)
        self.fresh -= fresh
        self.counted -= cents - fresh
        self.envelopes[service] -= cents
        self._forgets()

    def gets_back(self, service: int, cents: int) -> None:
        self.fresh += cents
        self.envelopes[service] += cents

    def lapses(self) -> None:
        """What has counted is nobody's any more."""
        self.gone += self.fresh
        self.fresh = self.counted = 0
        self.envelopes.clear()
        self.counted_here.clear()


def may_pay(run: Run, service: int, grant: int) -> bool:
    pays_for = None if run.scenario.money == "unlimited" else grant_of(run, grant).pays_for
    return pays_for is None or run.names.services[service] in pays_for


def _purses(run: Run) -> list[Purse]:
    """All that comes, and what was promised but is not due before the horizon; of a pledge, nobody knows."""
    came: Counter[int] = Counter()
    for row in rows(run.postings):
        came[row.grant] += row.cents if row.credit == Account.DONOR else 0
    purses = []
    for g, name in enumerate(run.names.grants):
        promised = in_cents(run.scenario.grants[name].amount_usd) if name in run.scenario.grants else came[g]
        purses.append(Purse(promised))
    return purses


def happenings(run: Run) -> list[tuple[tuple[int, int, int], str, Row]]:
    """Postings, plans and unserved cases' ends, in the order in which they happen."""
    found = []
    for number, row in enumerate(rows(run.postings)):
        is_end = row.debit == Account.LAPSED or (row.debit, row.credit) == (Account.CASH, Account.COMMITTED)
        is_start = row.debit == Account.COMMITTED and row.service < len(run.names.services)
        found.append(((row.time, ENDING if is_end else START if is_start else THEN, number), "posting", row))
    for number, line in enumerate(run.envelopes):
        if line.reason != "end":
            found.append(((line.time, PLAN, number), "envelope", line))
    for number, case in enumerate(rows(run.cases)):
        if case.reason == Reason.MONEY:
            at = (run.horizon, -1) if case.ended == MISSING else (case.ended, LEAVING)
            found.append(((*at, number), "case", case))
    return sorted(found, key=lambda one: one[0])


def split(run: Run) -> Split:
    """Where the money was that each case unserved for want of money would have cost."""
    purses, found = _purses(run), {}
    services = {name: number for number, name in enumerate((*run.names.services, "running"))}
    for (_, _, number), what, row in happenings(run):
        if what == "case":
            found[number] = _missing(run, purses, row)
        elif what == "envelope":
            purse = purses[run.names.grants.index(row.grant)]
            purse.envelopes[services[row.service]] = row.envelope - row.committed - row.spent
        elif row.credit == Account.DONOR:
            purses[row.grant].comes(row.cents)
        elif row.debit == Account.COMMITTED:
            purses[row.grant].pays(row.service, row.cents)
        elif row.debit == Account.CASH:
            purses[row.grant].gets_back(row.service, row.cents)
        elif row.debit == Account.LAPSED:
            purses[row.grant].lapses()
    return found


def _missing(run: Run, purses: list[Purse], case: Row) -> Counter[tuple[str, int]]:
    """Cents of one case: from what lay elsewhere, had lapsed, comes, lay in its own envelopes; each once."""
    parts: Counter[tuple[str, int]] = Counter()
    short = case.priced_cents
    mine = [may_pay(run, case.service, g) for g in range(len(purses))]
    for g, purse in enumerate(purses):
        own = purse.own(case.service) if mine[g] else 0
        parts["earmarked", g] = taken = min(short, purse.fresh - own)
        purse.fresh, purse.counted, short = purse.fresh - taken, purse.counted + taken, short - taken
    for g, purse in enumerate(purses):
        parts["lapsed", g] = taken = min(short, purse.gone) if mine[g] else 0
        purse.gone, short = purse.gone - taken, short - taken
    for g, purse in enumerate(purses):
        parts["late", g] = taken = min(short, purse.coming) if mine[g] else 0
        purse.coming, purse.coming_counted, short = purse.coming - taken, purse.coming_counted + taken, short - taken
    for g, purse in enumerate(purses):
        parts["split", g] = taken = min(short, purse.own(case.service)) if mine[g] else 0
        purse.counted_here[case.service] += taken
        purse.fresh, purse.counted, short = purse.fresh - taken, purse.counted + taken, short - taken
    parts["absent", MISSING] = short
    return parts


def shown(run: Run, service: int) -> str:
    name = run.names.services[service]
    return run.scenario.services[name].counts_as or name


def _pcode(places: dict[str, Row], name: str) -> str:
    """The name a place has in the tables; places that no section states are in none."""
    return (places[name].pcode or name) if name in places else ""


def month(run: Run, time: int) -> str:
    """The calendar month of a second, by counting."""
    import datetime

    return (run.scenario.start_date + datetime.timedelta(days=time // DAY)).isoformat()[:7]


def slots(run: Run, home: Row, person_class: int, arose: int) -> Iterator[Key]:
    """Where a case or a person is counted, but for its service: hosts in their own group and nowhere else."""
    if home.population == 1:
        yield Key("", group="hosts")
        return
    yield Key("")
    yield Key("", period=month(run, arose))
    if run.scenario.classes:
        yield Key("", group=run.names.classes[person_class])
    origin = _pcode(run.scenario.origins, run.names.origins[home.origin])
    location = _pcode(run.scenario.locations, run.names.locations[home.location])
    yield from [Key("", origin=origin)] if origin else []
    yield from [Key("", location=location)] if location else []


def counted(run: Run) -> Counted:
    """Every number of the gap, in every breakdown: USD, people, person-days."""
    homes, cases, parts = rows(run.households), rows(run.cases), split(run)
    cents: Counter[Key] = Counter()
    without: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for number, case in enumerate(cases):
        if case.outcome in MET:
            continue
        home, part = homes[case.household], parts.get(number, Counter())
        reason = REASON_NAMES[case.reason].replace("-", "_")
        amounts = {"gap_usd": case.priced_cents, f"gap_{reason}_usd": case.priced_cents}
        for (name, g), taken in part.items():
            amounts[f"gap_money_{name}_usd"] = amounts.get(f"gap_money_{name}_usd", 0) + taken
            if g != MISSING and home.population == 0:
                cents[Key(f"gap_money_{name}_usd", grant=run.names.grants[g], unit="USD")] += taken
                cents[Key("gap_usd", grant=run.names.grants[g], unit="USD")] += taken
            elif home.population == 0:
                cents[Key("gap_usd", grant="none", unit="USD")] += taken
        if home.population == 0 and not part:
            cents[Key("gap_usd", grant="none", unit="USD")] += case.priced_cents
        here = [Key("", service=shown(run, case.service)), *slots(run, home, case.priority_class, case.arose)]
        for key in here:
            for name, amount in amounts.items():
                cents[key._replace(indicator=name, unit="USD")] += amount
        if case.reason == Reason.MONEY:
            until = run.horizon if case.ended == MISSING else case.ended
            for key in here + crossed(run, home, case.priority_class, case.service, case.arose):
                cents[key._replace(indicator="days_waited_for_money", unit="person-days")] += (
                    until - case.opened
                ) * case.people
            for member in range(home.size) if case.member == MISSING else (case.member,):
                without[case.household, member].append(case)
    found = {key: amount / (100 if key.unit == "USD" else DAY) for key, amount in cents.items()}
    return found | _people(run, homes, without)


def crossed(run: Run, home: Row, person_class: int, service: int, arose: int) -> list[Key]:
    """A class, or hosts, by a service: in all, and in the month in which the need arose."""
    if home.population == 0 and not run.scenario.classes:
        return []
    group = "hosts" if home.population == 1 else run.names.classes[person_class]
    return [Key("", shown(run, service), group, period=period) for period in ("", month(run, arose))]


def _people(run: Run, homes: list[Row], without: dict[tuple[int, int], list[Row]]) -> Counted:
    """Each person once in each place; in the month in which the first of these needs of theirs arose."""
    people: Counter[Key] = Counter()
    for (household, member), mine in without.items():
        home = homes[household]
        person_class = int(run.member_class[home.first_member + member])
        keys = {Key("", service=shown(run, case.service)) for case in mine}
        keys |= set(slots(run, home, person_class, min(case.arose for case in mine)))
        for service in {shown(run, case.service) for case in mine}:
            of_it = [case for case in mine if shown(run, case.service) == service]
            keys |= set(crossed(run, home, person_class, of_it[0].service, min(case.arose for case in of_it)))
        people.update(key._replace(indicator="people_without_for_money", unit="people") for key in keys)
    return {key: float(count) for key, count in people.items()}

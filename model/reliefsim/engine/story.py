"""One household of a run becomes its story, in plain sentences with dates."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from ..layout import REASON_NAMES, Outcome
from ..records import Run
from ..scenario.schema_grants import grant_label
from ..units import DAY, MISSING

if TYPE_CHECKING:
    from ..scenario.schema_services import ServiceBase

_WHY = {
    "not-found": "nobody had found it",
    "prerequisite": "what must come first had not been served",
    "access": "the place was closed",
    "money": "there was no money for it",
    "goods": "there were no goods",
    "team": "no team was free",
    "turned-away": "too many were waiting already",
}
_HOSTS = 1


class _Told(NamedTuple):
    """A sentence, and when it happened (seconds; the last ones have the horizon)."""

    time: int
    order: int
    sentence: str


def story(run: Run, household: int) -> str:
    """What happened to one household, in order of time; IndexError if the run has no such household."""
    if not 0 <= household < len(run.households):
        raise IndexError(f"household {household}: the run has 0 to {len(run.households) - 1}")
    home = run.households[household]
    told = _coming_and_going(run, home)
    first = int(home["first_case"])
    for number in range(first, first + int(home["cases"])):
        told += _case(run, home, number)
        told += _handed_over(run, _case_name(run, home, run.cases[number]), number)
    told.sort(key=lambda one: (one.time, one.order))
    lines = [f"Household {household} of {run.scenario.name} (replication {run.replication}, seed {run.seed}).", ""]
    lines += [f"{_when(run, one.time)}  {one.sentence}" for one in told]
    return "\n".join([*lines, "", _sum_up(run, home)])


def _coming_and_going(run: Run, home: Any) -> list[_Told]:
    """Arrival, registration, leaving."""
    scenario, names = run.scenario, run.names
    place = _named(scenario.locations, names.locations, home["location"])
    origin = _named(scenario.origins, names.origins, home["origin"])
    if home["population"] == _HOSTS:
        told = [_Told(int(home["arrived"]), 0, f"A host household of {_people(int(home['size']))} lives in {place}.")]
    else:
        come = "is there from the start" if home["arrived"] <= 0 else "arrives"
        where = (f" in {place}" if place else "") + (f", having fled from {origin}" if origin else "")
        who = f"A household of {_people(int(home['size']))} {come}{where}{_members(run, home)}."
        told = [_Told(int(home["arrived"]), 0, who)]
    if home["registered"] != MISSING:
        known = "It is registered already." if home["registered"] <= home["arrived"] else "A DTM round registers it."
        told.append(_Told(int(home["registered"]), 1, known))
    if home["left"] != MISSING:
        told.append(_Told(int(home["left"]), 9, "The household leaves."))
    return told


def _members(run: Run, home: Any) -> str:
    """The members' classes, the most urgent first."""
    first = int(home["first_member"])
    classes = run.member_class[first : first + int(home["size"])].tolist()
    counted = {number: classes.count(number) for number in sorted(set(classes)) if number >= 0}
    if not counted or not run.names.classes:
        return ""
    words = [f"{count} × {_named(run.scenario.classes, run.names.classes, n)}" for n, count in counted.items()]
    return f" ({', '.join(words)})"


def _case(run: Run, home: Any, number: int) -> list[_Told]:
    """One case: need, opening, start, end."""
    case = run.cases[number]
    what = _case_name(run, home, case)
    told = [_Told(int(case["arose"]), 2, f"{what}: needed from now on.")]
    if case["opened"] != MISSING:
        told.append(_Told(int(case["opened"]), 3, f"{what}: a case is opened."))
    if case["started"] != MISSING:
        told.append(_Told(int(case["started"]), 4, f"{what}: {_start(run, number, case)}."))
    return [*told, _Told(*_end(run, case, what))]


def _start(run: Run, number: int, case: Any) -> str:
    waited = (int(case["started"]) - int(case["opened"])) / DAY
    text = f"service starts after {_days(waited)} of waiting"
    if case["grant"] != MISSING and case["cents"] > 0:
        donors = [_donor(run, g) for g in _payers(run, number, case)]
        together = ", ".join(donors[:-1]) + (" and " if donors[1:] else "") + donors[-1]
        verb = "pay" if donors[1:] else "pays"
        text += f"; {together} {verb} USD {int(case['cents']) / 100:,.2f}, indirect cost included"
    return text


def _handed_over(run: Run, what: str, number: int) -> list[_Told]:
    """What became of an open case when its team's term ended, or its team had fewer workers."""
    found: dict[int, _Told] = {}
    for row in run.handovers[run.handovers["case"] == number]:
        name = _named(run.scenario.teams, run.names.teams, row["team"])
        if row["stopped"]:
            words = "stopped, as no team is left and none is to come"
        else:
            words = f"goes on with the team {name}" if name else "stands still until a team has a free place"
        found[int(row["time"])] = _Told(int(row["time"]), 4, f"{what}: {words}.")  # the last word of a second
    return list(found.values())


def _payers(run: Run, number: int, case: Any) -> list[int]:
    """The grants that pay a case, or the group it is in, in the order in which they do."""
    parts = run.cofunded[(run.cofunded["released"] == MISSING) & (run.cofunded["group"] == case["group"])]
    is_mine = parts["reference"] == number if case["group"] == MISSING else parts["service"] == case["service"]
    return [int(g) for g in parts["grant"][is_mine]] or [int(case["grant"])]


def _end(run: Run, case: Any, what: str) -> tuple[int, int, str]:
    """How a case ends, or how it stands at the horizon."""
    outcome, ended = Outcome(int(case["outcome"])), int(case["ended"])
    if outcome is Outcome.SERVED:
        wished = "" if case["wished"] else ", without the wished outcome"
        return ended, 5, f"{what}: served{wished}."
    if outcome is Outcome.IN_SERVICE:
        return run.horizon, 8, f"{what}: still in service when the story ends."
    reason = _WHY.get(REASON_NAMES[int(case["reason"])], "")
    because = f": {reason}" if reason else ""
    words = {
        Outcome.NOT_OPENED: "never opened",
        Outcome.WAITING: "still waiting when the story ends",
        Outcome.LEFT: "ends unserved, as the household leaves",
        Outcome.GAVE_UP: "given up after waiting",
        Outcome.TURNED_AWAY: "turned away",
    }[outcome]
    return (run.horizon if ended == MISSING else ended), 6, f"{what}: {words}{because}."


def _sum_up(run: Run, home: Any) -> str:
    first = int(home["first_case"])
    cases = run.cases[first : first + int(home["cases"])]
    if not len(cases):
        return "It needed nothing that the operation offers."
    served = int((cases["outcome"] == Outcome.SERVED).sum())
    spent = int(cases["cents"][cases["outcome"] == Outcome.SERVED].sum()) / 100
    return f"Of {_counted(len(cases), 'case')}, {served} served, at USD {spent:,.2f}."


def _case_name(run: Run, home: Any, case: Any) -> str:
    name = run.names.services[int(case["service"])]
    service: ServiceBase = run.scenario.services[name]
    if case["member"] == MISSING:
        return service.label or name
    first = int(home["first_member"])
    group = run.member_class[first + int(case["member"])]
    who = _named(run.scenario.classes, run.names.classes, group)
    number = f"member {int(case['member']) + 1} of {int(home['size'])}" if home["size"] > 1 else ""
    return ", ".join([part for part in (f"{service.label or name}", number, who) if part])


def _named(entries: Any, names: tuple[str, ...], number: Any) -> str:
    """The label of a numbered thing; empty if there is none."""
    if int(number) < 0 or int(number) >= len(names):
        return ""
    name = names[int(number)]
    return str(getattr(entries.get(name), "label", None) or name)


def _donor(run: Run, grant: int) -> str:
    return grant_label(run.scenario.donors, run.names.grants[grant])


def _when(run: Run, time: int) -> str:
    return (run.scenario.start_date + datetime.timedelta(days=time // DAY)).isoformat()


def _days(days: float) -> str:
    return "no time" if days == 0 else "less than a day" if days < 1 else _counted(round(days), "day")


def _people(size: int) -> str:
    return "one person" if size == 1 else f"{size} people"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")

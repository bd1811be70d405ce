"""A scenario's text becomes a run; a run becomes a log of lines a person can work out by hand.

Days have as many digits as they need; money is in cents. What happens in one second stands in the model's order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reliefsim import load_scenario, simulate
from reliefsim.layout import REASON_NAMES, Account, Outcome
from reliefsim.records import Decision, Run
from reliefsim.units import DAY, MISSING

Tell = Callable[..., Run]

HEAD = """
format = 1
name = "story"
start_date = 2012-07-01
"""

# Phases of one second in which something happens to a case, first to last.
LEAVING, SERVED, ARRIVING, STARTING = range(4)
_ENDED = {
    Outcome.SERVED: (SERVED, "is served"),
    Outcome.LEFT: (LEAVING, "has left"),
    Outcome.GAVE_UP: (LEAVING, "gives up"),
    Outcome.TURNED_AWAY: (ARRIVING, "is turned away"),
}


def tell(folder: Path, text: str, seed: int = 1, replication: int = 0, **call: Any) -> Run:
    """Run a scenario given as the text below its first lines."""
    path = folder / "story.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return simulate(load_scenario(path), seed=seed, replication=replication, **call)


def day(second: int) -> str:
    """Days since the start, without what rounding adds."""
    return f"{second / DAY:.9g}"


def who(run: Run, case: Any) -> str:
    """A case's household (and member) and service, as the log names them."""
    member = "" if case["member"] == MISSING else f".{case['member']}"
    return f"{case['household']}{member} {run.names.services[case['service']]}"


def course(run: Run) -> list[str]:
    """What happened to cases: `day household.member service what`, in order of time and phase."""
    lines: list[tuple[int, int, int, str]] = []
    for number, case in enumerate(run.cases):
        if case["opened"] != MISSING:
            lines.append((int(case["opened"]), ARRIVING, number, f"{who(run, case)} opens"))
        if case["started"] != MISSING:
            lines.append((int(case["started"]), STARTING, number, f"{who(run, case)} starts"))
        outcome = Outcome(int(case["outcome"]))
        if outcome in _ENDED:
            phase, words = _ENDED[outcome]
            lines.append((int(case["ended"]), phase, number, f"{who(run, case)} {words}"))
    return [f"{day(second)} {words}" for second, _, _, words in sorted(lines, key=lambda line: line[:3])]


def unserved(run: Run) -> list[str]:
    """Cases that are not served: `household service outcome: reason`."""
    return [
        f"{who(run, case)} {Outcome(int(case['outcome'])).name.lower()}: {REASON_NAMES[case['reason']]}"
        for case in run.cases
        if case["outcome"] != Outcome.SERVED
    ]


def money(run: Run) -> list[str]:
    """Every posting: `day grant service cents (of which indirect) from > into`."""
    return [_posting(run, row) for row in run.postings]


def _posting(run: Run, row: Any) -> str:
    names = (*run.names.services, "running")
    service = "" if row["service"] == MISSING else f"{names[row['service']]} "
    indirect = f" ({row['indirect_cents']})" if row["indirect_cents"] else ""
    way = f"{Account(int(row['credit'])).name.lower()} > {Account(int(row['debit'])).name.lower()}"
    return f"{day(int(row['time']))} {run.names.grants[row['grant']]} {service}{row['cents']}{indirect} {way}"


def decided(run: Run, *actors: str) -> list[str]:
    """The decisions of some actors: `day action subject quantity cents`, what is nothing left out."""
    return [_line(row) for row in run.decisions if row.actor in actors]


def _line(row: Decision) -> str:
    numbers = "".join(f" {number}" for number in (row.quantity, row.cents) if number)
    return f"{day(row.time)} {row.action} {row.subject}{numbers}"


def envelopes(run: Run, service: str) -> list[str]:
    """What decisions set aside for a service: `day grant envelope committed spent`."""
    return [
        f"{day(row.time)} {row.grant} {row.envelope} {row.committed} {row.spent}"
        for row in run.envelopes
        if row.service == service
    ]


def lines(text: str) -> list[str]:
    """The lines of an indented text: a log as a test writes it."""
    return [line.strip() for line in text.strip().splitlines()]


def first_replication(tellings: Iterable[Run], wanted: Callable[[Run], bool]) -> Run:
    """The first run in which chance deals what a story begins with."""
    return next(run for run in tellings if wanted(run))

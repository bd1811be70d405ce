"""The registry: every indicator once, in the order of its rows. What else is said of indicators is read off it here.

To add one: an ``Indicator`` in one of these tables, and a test that counts it again.

Neither better nor worse are: need, which is the world's doing; money set aside, committed and spent, which is a means;
teams' and stores' numbers, which are better low or high as it happens; the reasons for which cases are unserved, for cases
move from one to another. Waits and queues are of cases that were found and opened: who finds fewer people has shorter
ones. Read them beside the people reached.
"""

from __future__ import annotations

from typing import NamedTuple

from .bought import BOUGHT
from .closable import CLOSABLE
from .costs import COSTS
from .counted import COUNTED
from .indicator import Indicator
from .monthly import MONTHLY
from .pipeline import PIPELINE
from .required import REQUIRED
from .resources import RESOURCES
from .run_totals import AT_HORIZON, REACHED_THERE, SHARES, SPENDING
from .standing_still import BREAKS
from .unmet import UNMET
from .without import WITHOUT

RUN = (COUNTED, SHARES, RESOURCES, SPENDING, AT_HORIZON, COSTS, REACHED_THERE)  # of every run
FUNDING = (UNMET, WITHOUT, BOUGHT, BREAKS, PIPELINE, REQUIRED, CLOSABLE)  # the fundraiser's, where they are asked for
FILES = ("indicators", "gap", "runout", "attribution", "budget", "pipeline")  # in the order of definitions

ENTRIES: tuple[Indicator, ...] = tuple(one for table in (*RUN, *FUNDING, MONTHLY) for one in table.indicators)
INDICATORS = {one.name: one for one in reversed(ENTRIES)}  # the first entry of each name
OF_A_RUN = tuple(one for table in RUN for one in table.indicators)
TARGETS = tuple(one.name for one in COUNTED.indicators if one.sense)  # what money may be asked for
HEADLINES = tuple(one.name for one in sorted(OF_A_RUN, key=lambda one: one.headline) if one.headline)


def called(name: str) -> str:
    """What a table for readers calls an indicator; one without a label, and what is none, by its name."""
    return INDICATORS[name].label or name if name in INDICATORS else name


class Definition(NamedTuple):
    """What a name means in one of a study's files."""

    file: str
    name: str
    unit: str
    meaning: str


def names_in(file: str) -> frozenset[str]:
    """The indicators that a file tells."""
    return frozenset(one.name for one in ENTRIES for told in one.told if told.file == file)


def meaning_in(file: str) -> dict[str, str]:
    """What each indicator of a file means there."""
    return {one.name: told.meaning for one in ENTRIES for told in one.told if told.file == file}


def definitions() -> list[Definition]:
    """Every definition once, file by file in the order in which they are read."""
    return [one for file in FILES for one in _in_order(file)]


def _in_order(file: str) -> list[Definition]:
    places: dict[str, str] = {}
    found: dict[str, Definition] = {}
    for one in ENTRIES:
        for told in one.told:
            if told.file == file:
                name = told.name or one.name
                found.setdefault(name, Definition(f"{file}.csv", name, one.unit, told.meaning))
                places.setdefault(name, told.after)
    order = [name for name in found if not places[name]]
    waiting = [name for name in found if places[name]]
    while waiting:
        name = next(name for name in waiting if places[name] in order)
        order.insert(order.index(places[name]) + 1, name)
        waiting.remove(name)
    return [found[name] for name in order]

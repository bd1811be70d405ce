"""What is counted case by case and person by person: people, cases, waits, need and what is missing of it.

``ask`` reads these alone: they are the first of a run's numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ..units import DAY
from . import tally
from .breakdowns import EVERY
from .indicator import BETTER, WORSE, Goal, Indicator, Measurement, Numbers, Table, Told, here
from .unserved_reasons import REASONS

Integers = npt.NDArray[np.int64]


def tallied(of: Measurement) -> Integers:
    """The rows of ``tally``, each by column."""
    run, columns = of.run, of.columns
    return tally.tally(
        run.cases, run.households, run.member_class, columns.service, columns.group, columns.host, columns.origin,
        columns.location, len(columns.keys), of.begins, run.horizon,
    )  # fmt: skip


def _count(row: int) -> Callable[[Measurement], Integers]:
    return lambda of: of.of(tallied)[row]


def _usd(row: int) -> Callable[[Measurement], Numbers]:
    return lambda of: of.of(tallied)[row] / 100


def _ratio(above: int, below: int, scale: float = 1.0) -> Callable[[Measurement], Numbers]:
    """The quotient of two rows, not defined where ``below`` is 0."""

    def quotient(of: Measurement) -> Numbers:
        over, under = of.of(tallied)[[above, below]]
        return np.asarray(np.divide(over, under * scale, out=np.full(len(over), math.nan), where=under != 0))

    return quotient


COUNTED = Table(
    Indicator(
        "people_in_need", "people", EVERY, _count(tally.IN_NEED), here("people with at least one case"),
        headline=1, label="People in need",
    ),
    Indicator(
        "people_reached", "people", EVERY, _count(tally.REACHED),
        (Told("indicators", "people with at least one case served, counted once; a household's case serves all its members"),
         Told("targets", "reached, each once")),
        BETTER, headline=2, label="People reached",
        goal=Goal("the number of people{of} reached", "{bound} people{of} are reached"),
    ),
    Indicator(
        "people_directly_served", "people", EVERY, _count(tally.DIRECTLY),
        here("people with at least one case of their own (not their household's) served, counted once"), BETTER,
        headline=3, label="People served themselves",
        goal=Goal("the number of people{of} directly served", "{bound} people{of} are directly served"),
    ),
    Indicator(
        "fully_served_share", "share", EVERY, _ratio(tally.FULLY, tally.IN_NEED),
        here("people all of whose cases are served, of people in need (nobody in need)"), BETTER, most=1,
        headline=8, label="Got all they need",
        goal=Goal(
            "the share of people in need{of} who get all they need",
            "{bound} of the people in need{of} get all they need",
        ),
    ),
    Indicator(
        "reached_of_need", "share", EVERY, _ratio(tally.REACHED, tally.IN_NEED),
        here("reached of people in need (nobody in need)"), BETTER, most=1, headline=5, label="Reached of those in need",
        goal=Goal("the share of people in need{of} who are reached", "{bound} of the people in need{of} are reached"),
    ),
    Indicator(
        "need_covered", "share", EVERY, _ratio(tally.SERVED, tally.NEEDED),
        here("cases served of cases needed (no case)"), BETTER, most=1,
        headline=6, label="Need covered (cases served of needed)",
        goal=Goal("the share of the need{of} that is served", "{bound} of the need{of} is served"),
    ),
    Indicator(
        "cases_needed", "cases", EVERY, _count(tally.NEEDED), here("needs that arose before the horizon"),
        headline=9, label="Cases needed",
    ),
    Indicator(
        "cases_served", "cases", EVERY, _count(tally.SERVED), here("needs that ended served before the horizon"), BETTER,
        headline=10, label="Cases served",
        goal=Goal("the number of cases{of} served", "{bound} cases{of} are served"),
    ),
    Indicator(
        "cases_served_as_wished", "cases", EVERY, _count(tally.WISHED), here("cases served with the wished outcome"), BETTER
    ),
    Indicator(
        "cases_open", "cases", EVERY, _count(tally.OPEN), here("cases in service at the horizon"),
        headline=12, label="Cases in service at the end",
    ),
    Indicator(
        "cases_unserved", "cases", EVERY, _count(tally.UNSERVED),
        here("cases neither served nor in service at the horizon"), WORSE, headline=11, label="Cases unserved",
        goal=Goal("the number of cases{of} unserved", "{bound} cases{of} are left unserved"),
    ),
    *(
        Indicator(  # neither better nor worse: cases move from one reason to another
            f"cases_unserved_{words.name}", "cases", EVERY, _count(tally.UNSERVED_BECAUSE + reason),
            here("cases unserved whose first reason is this one; they add up to cases_unserved", name="cases_unserved_REASON"),
        )
        for reason, words in REASONS.items()
    ),
    Indicator(
        "wait_days", "days", EVERY, _ratio(tally.WAIT_SECONDS, tally.WAITED, DAY),
        here("opening to start, mean of cases started after the warm-up (none started)"), WORSE,
        goal=Goal("the mean wait{of} of those served (days)", "the wait{of} of those served is {bound} days on average"),
    ),
    Indicator(
        "waiting_days", "person-days", EVERY, lambda of: of.of(tallied)[tally.WAITING_SECONDS] / DAY,
        here("queued after the warm-up, finished or not, times people in the case"), WORSE,
        headline=13, label="Days waited, times people",
        goal=Goal("the person-days of waiting{of}", "the waits{of} add up to {bound} person-days"),
    ),
    Indicator(
        "queue_length", "cases", EVERY, lambda of: of.of(tallied)[tally.QUEUE_SECONDS] / (of.run.horizon - of.begins),
        here("time mean of cases waiting"), WORSE,
        goal=Goal("the mean number of cases{of} that wait", "{bound} cases{of} wait on average"),
    ),
    Indicator(
        "requirement_usd", "USD", EVERY, _usd(tally.PRICED),
        here("what serving every case needed costs: price, item, a seat's part of a departure, indirect cost at one "
              "rate: the stated one, or the mean of the awards' by money"),
        headline=20, label="Requirement",
    ),
    Indicator(
        "gap_usd", "USD", EVERY, _usd(tally.GAP),
        here("the part of the requirement that is unserved; running costs are not in it"), WORSE, headline=21, label="Gap",
        goal=Goal("the gap{of} (USD)", "a gap{of} of {bound} is left"),
    ),
    *(
        Indicator(
            words.indicator, "USD", EVERY, _usd(tally.GAP_BECAUSE + reason),
            here("the part of the gap whose first reason is this one; the reasons add up to the gap in every run",
                  name="gap_REASON_usd"),
        )
        for reason, words in REASONS.items()
    ),
)  # fmt: skip

"""A fitted law, a seed and a replication become the path that displacement takes in it, as dated counts."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING

import numpy as np

from ...growth.laws import RANDOM, drawn, known, uniforms_needed, with_past
from ...growth.recorded import DAYS_A_MONTH
from ...units import DAY, moment
from .streams import uniforms

if TYPE_CHECKING:
    from ...scenario.schema import Scenario
    from ...scenario.schema_growth import Law

PURPOSE = "displacement"


def is_random(law: Law) -> bool:
    """Whether a law takes another path in each replication."""
    return law.law == "fitted" and (law.central or RANDOM) == RANDOM


def with_path(scenario: Scenario, seed: int, replication: int) -> Scenario:
    """The scenario with a path in the place of each law that takes one; the same for all plans, rules and budgets.

    Straight lines between the months. A scenario without such a law is the same one.
    """
    laws = {
        name: _taken(law, scenario, seed, replication) if is_random(law) else law for name, law in scenario.displacement.items()
    }
    if all(laws[name] is law for name, law in scenario.displacement.items()):
        return scenario
    return scenario.model_copy(update={"displacement": laws})


def _taken(law: Law, scenario: Scenario, seed: int, replication: int) -> Law:
    """A law of dated counts: those known and then the path, scaled so that they pass through the displaced at the start
    (after ``begun``: at the start that was stated)."""
    from ...displacement import displaced_at_start

    of, start = known(law, scenario.start_date), scenario.start_date
    last = of.dates[-1]
    end = start + datetime.timedelta(days=-(-moment(scenario.horizon_days, start, 0) // DAY))
    months = max(1, math.ceil((end - last).days / DAYS_A_MONTH))
    people = drawn(of, months, np.array(uniforms(seed, replication, PURPOSE, uniforms_needed(months))))
    days, people = with_past(of, np.rint(np.arange(months + 1) * DAYS_A_MONTH), people)
    begins = (start - last).days + moment(law.from_day, start, 0) / DAY
    at_start = float(np.interp(begins, days, people))
    counts = np.rint(people * (displaced_at_start(scenario) / at_start)).astype(np.int64)
    dates = tuple(last + datetime.timedelta(days=float(day)) for day in days)
    return law.model_copy(update={
        "law": "series", "dates": dates, "people": tuple(counts.tolist()), "as_of": None, "pool": None, "count_error": None,
        "ceiling_people": None, "breaks": None, "central": None,
    })  # fmt: skip

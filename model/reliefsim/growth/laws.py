"""The counts of a crisis become its course: the middle of what may come, or one path of it."""

from __future__ import annotations

import datetime
import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .pools import MOST_MONTHS, learned, shipped
from .trend import DAYS_A_MONTH, Learned, Numbers, State, last_state, path, quantiles

if TYPE_CHECKING:
    from ..scenario.schema_growth import Law

RANDOM = "random"
SHARES = {"p10": 0.1, "median": 0.5, "p90": 0.9}
KNOTS = 25  # of the middle, one a month


class Known(NamedTuple):
    """What a fitted law knows: counts up to the day that it may look, none later; all that its state rests on."""

    dates: tuple[datetime.date, ...]
    people: tuple[int, ...]
    error: float
    learned: Learned
    breaks: tuple[datetime.date, ...]
    ceiling: float

    @property
    def state(self) -> State:
        """What is known at the last count."""
        return last_state(self.dates, self.people, self.error, self.learned, self.breaks)


def known(law: Law, start: datetime.date) -> Known:
    """The counts of a law dated up to its ``as_of`` (else the start), and what its pool teaches."""
    until = law.as_of or start
    pairs = sorted((date, count) for date, count in zip(law.dates or (), law.people or (), strict=False) if date <= until)
    pool = shipped() if law.pool is None else law.pool.model_dump()
    error = float(law.count_error.value) if law.count_error is not None else float(pool["count_error"])
    ceiling = float(law.ceiling_people.value) if law.ceiling_people is not None else math.inf
    return Known(
        tuple(date for date, _ in pairs), tuple(count for _, count in pairs), error, learned(pool),
        tuple(sorted(law.breaks or ())), ceiling,
    )  # fmt: skip


@lru_cache(maxsize=64)
def middle(of: Known, share: float = 0.5) -> tuple[Numbers, Numbers]:
    """Days after the last count and people then, at a quantile, a knot a month."""
    months = np.arange(KNOTS) * MOST_MONTHS / (KNOTS - 1)
    logs = [float(quantiles(of.state, float(one), (share,))[0]) for one in months]
    return months * DAYS_A_MONTH, np.minimum(np.exp(logs), of.ceiling)


def drawn(of: Known, days: int, uniforms: Numbers) -> Numbers:
    """People on each day from the last count on, one path; shape (days + 1,). ``uniforms``: see ``trend.path``."""
    return np.minimum(np.exp(np.minimum(path(of.state, days, uniforms), 25.0)), of.ceiling)


def uniforms_needed(days: int) -> int:
    """How many draws a path of so many days takes."""
    return 2 * days + 4

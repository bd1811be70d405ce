"""Dated counts of one crisis become what a filter reads: months, logarithms, and where the count was opened anew."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..units import DAY, MONTH

Floats = npt.NDArray[np.float64]

DAYS_A_MONTH = MONTH / DAY
FEWEST = 3  # counts that a path is fitted to


@dataclass(frozen=True)
class Recorded:
    """Counts of the displaced in one crisis, in order of time.

    ``breaks``: dates whose count cannot be compared with the one before. ``group``: crises that may resemble each other
    too much to be told apart when one is left out, as those of one country.
    """

    name: str
    dates: tuple[datetime.date, ...]
    people: tuple[int, ...]
    breaks: frozenset[datetime.date] = frozenset()
    group: str = ""
    crisis: str = ""
    source: str = ""

    @property
    def months(self) -> Floats:
        """Months of 365/12 days since the first count, shape (counts,)."""
        return np.array([(date - self.dates[0]).days / DAYS_A_MONTH for date in self.dates], np.float64)

    @property
    def logs(self) -> Floats:
        """Natural logarithms of the counts, shape (counts,)."""
        return np.log(np.array(self.people, np.float64))

    @property
    def opened(self) -> npt.NDArray[np.bool_]:
        """Whether each count opens the level anew, shape (counts,)."""
        return np.array([date in self.breaks for date in self.dates], np.bool_)

    def until(self, day: datetime.date) -> Recorded:
        """What was known on a day: the counts dated later are not read."""
        count = sum(date <= day for date in self.dates)
        return Recorded(
            self.name, self.dates[:count], self.people[:count], self.breaks, self.group, self.crisis, self.source
        )


def recorded(
    name: str, counts: Iterable[tuple[datetime.date, int]], breaks: Iterable[datetime.date] = (), **told: str
) -> Recorded:
    """Counts in any order become a record. Raises ValueError for a date that stands twice and for a count below 1."""
    ordered = sorted(counts)
    dates, people = tuple(date for date, _ in ordered), tuple(count for _, count in ordered)
    if len(set(dates)) < len(dates):
        raise ValueError("a date stands twice")
    if any(count < 1 for count in people):
        raise ValueError("a count is below 1: growth is learned as a share, and of nobody there is none")
    return Recorded(name, dates, people, frozenset(breaks), **told)

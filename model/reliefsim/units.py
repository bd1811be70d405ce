"""Money is cents, time is seconds, people are whole: what a scenario states in dollars and days becomes whole amounts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .scenario.quantities import Quantity

MISSING = -1  # what never came
DAY = 86_400  # seconds
MONTH = 365 * DAY / 12  # twelve of them make a year of 365 days
PPM = 1_000_000  # parts of a rate


def cents(quantity: Quantity | float) -> int:
    """US dollars as whole cents."""
    return round(float(quantity if isinstance(quantity, float | int) else quantity.value) * 100)


def ppm(quantity: Quantity) -> int:
    """A share or a rate as whole millionths."""
    return round(float(quantity.value) * PPM)


def seconds(quantity: Quantity | None, missing: int = MISSING) -> int:
    """Days as whole seconds."""
    return missing if quantity is None else round(float(quantity.value) * DAY)


def moment(day: Quantity | float | datetime.date | None, start: datetime.date, missing: int) -> int:
    """Seconds since ``start`` of a day number or a date's midnight."""
    if day is None:
        return missing
    if isinstance(day, datetime.date):
        return (day - start).days * DAY
    return round(float(day if isinstance(day, float | int) else day.value) * DAY)


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole parts proportional to ``weights``; what is left over goes to the largest remainders, then
    to the first by name. All zeros where no weight is positive."""
    are_whole = all(float(weight).is_integer() for weight in weights)
    whole = [int(weight) if are_whole else round(weight * 1_000_000_000) for weight in weights]
    everything = sum(whole)
    if everything <= 0:
        return [0] * len(whole)
    parts = [total * weight // everything for weight in whole]
    rests = [total * weight % everything for weight in whole]
    for place in sorted(range(len(whole)), key=lambda i: (-rests[i], i))[: total - sum(parts)]:
        parts[place] += 1
    return parts


def indirect_due(rate: int, direct: int, charged: int = 0) -> int:
    """The cents of indirect cost that ``direct`` cents in all bring, beyond those charged before: floor(rate × direct).

    ``rate``: millionths. The one formula of indirect cost; kernels compile it.
    """
    return max(0, rate * direct // PPM - charged)


def direct_within(cash: int, rate: int, direct: int = 0, indirect: int = 0) -> int:
    """The most cents of direct cost that ``cash`` covers with the indirect cost they bring, at ``rate`` millionths.

    ``direct`` and ``indirect``: what the grant has charged so far, for indirect cost is floor(rate × direct) over all.
    """
    found = max(0, ((cash + indirect + 1) * PPM - rate * direct) // (PPM + rate))
    while found > 0 and found + indirect_due(rate, direct + found, indirect) > cash:
        found -= 1
    return min(found, max(0, cash))

"""What a scenario states of household sizes becomes the mean and variance of those that are drawn, and what they can be."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .schema import Scenario

USUAL_MOST = 30  # people in the largest household, unless stated or all live alone


@dataclass(frozen=True)
class Sizes:
    """Household sizes of one population: the mean and cv of all households, the largest, and who lives alone by class.

    Of all households the share ``alone`` has one member because of a class; the sizes of the others are drawn with a
    mean and variance that give all together what is stated. A cv of 0 is as little variation as whole people can have.
    """

    mean: float
    cv: float
    most: int
    lone: float = 0.0  # share of people in classes that live alone
    heads: float = 0.0  # share of people in classes that head a household

    @property
    def alone(self) -> float:
        """Share of households of one who lives alone by class."""
        return min(1.0, self.lone * self.mean)

    @property
    def others_mean(self) -> float:
        """Mean size of the other households."""
        return (self.mean - self.alone) / (1 - self.alone) if self.alone < 1 else 1.0

    @property
    def others_variance(self) -> float:
        """Variance of the other households' sizes."""
        if self.cv == 0 or self.alone == 1:
            return least_variance(self.others_mean)
        spread = (self.cv * self.mean) ** 2
        if self.alone == 0:
            return spread
        return (spread + self.mean**2 - self.alone) / (1 - self.alone) - self.others_mean**2

    @property
    def largest_mean(self) -> float:
        """The largest mean there can be: that of households of one and of the largest."""
        return self.most / (1 - self.lone + self.lone * self.most)

    @property
    def cvs(self) -> tuple[float, float]:
        """The least and the largest cv there can be with this mean."""
        least, most = least_variance(self.others_mean), (self.others_mean - 1) * (self.most - self.others_mean)
        low, high = ((1 - self.alone) * (one + self.others_mean**2) + self.alone - self.mean**2 for one in (least, most))
        return math.sqrt(max(0.0, low)) / self.mean, math.sqrt(max(0.0, high)) / self.mean

    def most_for_cv(self) -> int:
        """The size of the largest household from which on the stated cv can be."""
        return math.ceil(self.others_mean + self.others_variance / max(1e-9, self.others_mean - 1) - 1e-9)

    def nearest(self) -> Sizes:
        """The sizes that can be, nearest to these: first the mean is moved, then the cv. A household has one head."""
        of_heads = 1 / (self.lone + self.heads) if self.lone + self.heads > 0 else math.inf
        held = replace(self, mean=max(1.0, min(self.mean, self.largest_mean, of_heads)))
        low, high = held.cvs
        return replace(held, cv=max(low, min(held.cv, high)) if held.cv else 0.0)


def least_variance(mean: float) -> float:
    """The variance of the two whole sizes next to a mean."""
    return (mean % 1) * (1 - mean % 1)


def caseload_sizes(s: Scenario) -> Sizes:
    """The household sizes that a scenario states of its caseload."""
    load = s.caseload
    mean = float(load.household_size_mean.value)
    lone, heads = (
        math.fsum(sorted(float(one.share.value) for one in s.classes.values() if one.who == who)) for who in ("alone", "head")
    )
    most = int(load.household_size_max.value) if load.household_size_max else _usual(mean)
    return Sizes(mean, float(load.household_size_cv.value), most, lone, heads)


def host_sizes(s: Scenario) -> Sizes:
    """Those of host households, who have no classes; what is not stated of them is the caseload's."""
    load, hosts = s.caseload, s.hosts
    mean = float(((hosts and hosts.household_size_mean) or load.household_size_mean).value)
    cv = float(((hosts and hosts.household_size_cv) or load.household_size_cv).value)
    return Sizes(mean, cv, int(load.household_size_max.value) if load.household_size_max else _usual(mean))


def _usual(mean: float) -> int:
    return 1 if mean == 1 else USUAL_MOST

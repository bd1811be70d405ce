"""What the fundraiser's figures share: which scenarios are shown, amounts and their unit, what bands and whiskers are."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from ...results.study_folder import ArmName, StudyFolder
from ..text.spread import grouped

if TYPE_CHECKING:
    from matplotlib.axis import Axis

MOST_SHOWN = 6  # panels


class Unit(NamedTuple):
    """What amounts are shown in."""

    words: str
    usd: float
    decimals: int

    def write(self, usd: float) -> str:
        """An amount without its unit."""
        return grouped(usd / self.usd, self.decimals)

    def shows(self, usd: float) -> bool:
        """Whether an amount is written as anything but 0."""
        return any(sign in "123456789" for sign in self.write(usd))

    def write_ticks(self, axis: Axis) -> None:
        """Commas between thousands, as in all other amounts; decimals where ticks need them."""
        axis.set_major_formatter(lambda value, _: grouped(value, 0 if value == round(value) else 1 if value >= 1 else 2))


def unit_of(largest_usd: float) -> Unit:
    """The unit in which amounts up to this one have three digits or so."""
    if largest_usd >= 20e6:
        return Unit("Million USD", 1e6, 1)
    return Unit("Thousand USD", 1e3, 0 if largest_usd >= 1e6 else 1) if largest_usd >= 20e3 else Unit("USD", 1.0, 0)


def shown(study: StudyFolder) -> tuple[ArmName, ...]:
    """The scenarios that have a panel: the first ones."""
    return study.arms[:MOST_SHOWN]


def hidden(study: StudyFolder) -> str:
    """What is said of the others."""
    return f" The first {MOST_SHOWN} of {len(study.arms)} are shown." if len(study.arms) > MOST_SHOWN else ""


def eight_of_ten(study: StudyFolder, what: str) -> str:
    """What bands or whiskers stand for."""
    if study.replications * max(study.points, 1) < 2:
        return "there is no range of one"
    return f"means; {what} hold eight of ten replications (10th to 90th percentile)"


def month_in_words(period: str) -> str:
    """A month such as March 2013, of 2013-03."""
    return f"{datetime.date.fromisoformat(f'{period}-01'):%B %Y}"

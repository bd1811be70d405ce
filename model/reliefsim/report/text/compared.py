"""Differences to the reference become words: what is shown of them, and whether each is real."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...results.estimate_rows import ArmName, Difference, covered
from ...results.study_folder import StudyFolder
from ...study.statistics.differences import BETTER, NO, SAME, YES
from .spread import NONE


class Shown(NamedTuple):
    """One indicator as it is shown: its label, the unit after ``scale``, and the decimals of a number without reach."""

    label: str
    unit: str
    indicator: str
    scale: float = 1.0
    decimals: int = 0

    @property
    def named(self) -> str:
        """Its label with its unit, unless the label says it."""
        return self.label if self.unit in self.label.lower() else f"{self.label}, {self.unit}"


SHOWN = (
    Shown("People reached", "people", "people_reached"),
    Shown("Need covered", "% points", "need_covered", 100.0, 1),
    Shown("Waiting", "thousand person-days", "waiting_days", 0.001, 1),
    Shown("Gap", "USD thousand", "gap_usd", 0.001, 1),
    Shown("Spent", "USD thousand", "spent_usd", 0.001, 1),
    Shown("Cost of one reached", "USD", "cost_per_person_reached_usd", 1.0, 2),
)
REAL = "real"
_WORDS = {YES: REAL, NO: "not shown", SAME: "the same", "": "cannot tell"}


def compared(study: StudyFolder) -> tuple[ArmName, ...]:
    """The arms that a table or figure holds against the reference: those that have one of its services at least."""
    reference = study.differences.reference
    if reference is None:
        return ()
    services = set(study.indicators.along(reference, "need_covered", "service"))
    found = {arm: study.indicators.along(arm, "need_covered", "service") for arm in study.differences.arms}
    return tuple(arm for arm, names in found.items() if services & set(names))


def shown_cover(study: StudyFolder) -> tuple[int, ...]:
    """What the intervals of the differences that are shown cover, in per cent, from the least."""
    return covered(study.differences.get(arm, shown.indicator).apart for arm in compared(study) for shown in SHOWN)


def least_defined(study: StudyFolder) -> float:
    """The least share of replications that a difference that is shown is taken over, and so the chance of better."""
    found = (study.differences.get(arm, shown.indicator).apart for arm in compared(study) for shown in SHOWN)
    return min((one.share_defined for one in found if not math.isnan(one.mean)), default=1.0)


def judged(one: Difference, indicator: str) -> str:
    """Whether a difference is real, and if so, whether for better or worse; of what is neither, whether it is higher or
    lower."""
    if one.real != YES or one.apart.mean == 0:
        return _WORDS[one.real]
    way = BETTER.get(indicator, 0) * one.apart.mean
    if way == 0:
        return f"{REAL}, {'higher' if one.apart.mean > 0 else 'lower'}"
    return f"{REAL}, {'better' if way > 0 else 'worse'}"


def same_need(study: StudyFolder, arm: ArmName) -> bool:
    """Whether the very same people are in need as in the reference, over as many days: else no number is better or worse."""
    reference = study.reference.scenario
    days = {study.last_day(name) - study.first_day(name) for name in (reference, arm.scenario)}
    return len(days) == 1 and study.differences.get(arm, "people_in_need").real == SAME


def judged_in(study: StudyFolder, arm: ArmName, indicator: str) -> str:
    """The same of a scenario's difference, which is better or worse only where the need is the same."""
    found = study.differences.get(arm, indicator)
    words = judged(found, indicator)
    if same_need(study, arm) or words not in (f"{REAL}, better", f"{REAL}, worse"):
        return words
    return f"{REAL}, {'higher' if found.apart.mean > 0 else 'lower'}"


def percent(share: float) -> str:
    """A share of runs in whole per cent; neither 0 nor 100 unless it is."""
    if math.isnan(share):
        return NONE
    number = 100 * share
    text = "<1" if 0 < number < 1 else ">99" if 99 < number < 100 else f"{number:.0f}"
    return f"{text} %"

"""Differences to the reference become words: what is shown of them, and what each comes to."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...results.estimate_rows import ArmName, Difference, covered
from ...results.study_folder import StudyFolder
from ...study.statistics.differences import BETTER
from ...study.statistics.verdicts import BETTER as _BETTER
from ...study.statistics.verdicts import HIGHER, LOWER, SAME, UNKNOWN, verdict
from ...study.statistics.verdicts import WORSE as _WORSE
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
_WORDS = {SAME: "the same", UNKNOWN: "cannot tell"}


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
    """What a difference comes to, in words; of one that has no verdict, whatever its size."""
    mean, low, high = one.apart[:3]
    found = one.verdict or verdict(mean, (low, high), one.real, BETTER.get(indicator, 0), 0.0)
    return _WORDS.get(found, found)


def is_told(words: str) -> bool:
    """Whether such words tell which way a difference goes."""
    return words in (_BETTER, _WORSE, HIGHER, LOWER)


def same_need(study: StudyFolder, arm: ArmName) -> bool:
    """Whether the very same people are in need as in the reference, over as many days: else no number is better or worse."""
    reference = study.reference.scenario
    days = {study.last_day(name) - study.first_day(name) for name in (reference, arm.scenario)}
    return len(days) == 1 and study.differences.get(arm, "people_in_need").real == SAME


def judged_in(study: StudyFolder, arm: ArmName, indicator: str) -> str:
    """The same of a scenario's difference, which is better or worse only where the need is the same."""
    found = study.differences.get(arm, indicator)
    words = judged(found, indicator)
    if words not in (_BETTER, _WORSE) or same_need(study, arm):
        return words
    return HIGHER if found.apart.mean > 0 else LOWER


def together(study: StudyFolder) -> int:
    """How many intervals of the differences that are shown hold together."""
    found = (study.differences.get(arm, shown.indicator) for arm in compared(study) for shown in SHOWN)
    return max((one.together for one in found), default=1)


def percent(share: float) -> str:
    """A share of runs in whole per cent; neither 0 nor 100 unless it is."""
    if math.isnan(share):
        return NONE
    number = 100 * share
    text = "<1" if 0 < number < 1 else ">99" if 99 < number < 100 else f"{number:.0f}"
    return f"{text} %"

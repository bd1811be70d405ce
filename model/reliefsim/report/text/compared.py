"""Differences to the reference become words: what is shown of them, and whether each is real."""

from __future__ import annotations

import math
import textwrap
from typing import NamedTuple

from ...results.estimate_rows import ArmName, Difference, covered
from ...results.study_files import StudyFiles
from ...study.statistics.differences import BETTER, NO, SAME, YES
from ..terminal.columns import table
from .spread import NONE, difference

_LABEL = 19  # characters
MOST_FULL = 9  # arms with a table each; of more, one table an indicator


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
HEADS = ("", "Difference", "Interval", "Is it real?", "Better in")
REAL = "real"
_WORDS = {YES: REAL, NO: "not shown", SAME: "the same", "": "cannot tell"}


def side_by_side(study: StudyFiles) -> list[str]:
    """A table an arm, or of many arms a table an indicator, of how it differs from the reference."""
    arms = compared(study)
    if study.differences.reference is None or not arms:
        return []
    base = study.arm_label(study.differences.reference)
    lines: list[str] = []
    if len(arms) > MOST_FULL:
        for shown in SHOWN:
            rows = [row for arm in arms for row in _rows(study.arm_label(arm), _cells(study, arm, shown))]
            lines += table(f"{shown.label} ({shown.unit}): is the difference to {base} real?", HEADS, rows)
    else:
        for arm in arms:
            rows = [row for shown in SHOWN for row in _rows(shown.named, _cells(study, arm, shown))]
            lines += table(f"Is the difference real? {study.arm_label(arm)} compared with {base}", HEADS, rows)
    return lines


def _rows(label: str, cells: list[str]) -> list[list[str]]:
    """A label, broken into rows so narrow that all columns fit, and its cells in the first of them."""
    lines = textwrap.wrap(label, _LABEL)
    return [[line, *(cells if number == 0 else [""] * len(cells))] for number, line in enumerate(lines)]


def compared(study: StudyFiles) -> tuple[ArmName, ...]:
    """The arms that a table or figure holds against the reference: those that have one of its services at least."""
    reference = study.differences.reference
    if reference is None:
        return ()
    services = set(study.indicators.along(reference, "need_covered", "service"))
    found = {arm: study.indicators.along(arm, "need_covered", "service") for arm in study.differences.arms}
    return tuple(arm for arm, names in found.items() if services & set(names))


def shown_cover(study: StudyFiles) -> tuple[int, ...]:
    """What the intervals of the differences that are shown cover, in per cent, from the least."""
    return covered(study.differences.get(arm, shown.indicator).apart for arm in compared(study) for shown in SHOWN)


def least_defined(study: StudyFiles) -> float:
    """The least share of replications that a difference that is shown is taken over, and so the chance of better."""
    found = (study.differences.get(arm, shown.indicator).apart for arm in compared(study) for shown in SHOWN)
    return min((one.share_defined for one in found if not math.isnan(one.mean)), default=1.0)


def _cells(study: StudyFiles, arm: ArmName, shown: Shown) -> list[str]:
    """The difference, its interval, what is judged of it, and how often it is for the better."""
    one = study.differences.get(arm, shown.indicator)
    if math.isnan(one.apart.mean):
        return [NONE] * (len(HEADS) - 1)
    texts = difference(one.apart, shown.scale, shown.decimals)
    return [*texts, judged(one, shown.indicator), NONE if one.real in ("", SAME) else percent(one.better)]


def judged(one: Difference, indicator: str) -> str:
    """Whether a difference is real, and if so, whether for better or worse; of what is neither, whether it is higher or
    lower."""
    if one.real != YES or one.apart.mean == 0:
        return _WORDS[one.real]
    way = BETTER.get(indicator, 0) * one.apart.mean
    if way == 0:
        return f"{REAL}, {'higher' if one.apart.mean > 0 else 'lower'}"
    return f"{REAL}, {'better' if way > 0 else 'worse'}"


def percent(share: float) -> str:
    """A share of runs in whole per cent; neither 0 nor 100 unless it is."""
    if math.isnan(share):
        return NONE
    number = 100 * share
    text = "<1" if 0 < number < 1 else ">99" if 99 < number < 100 else f"{number:.0f}"
    return f"{text} %"

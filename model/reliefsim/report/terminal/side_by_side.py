"""Scenarios side by side on a terminal: how each differs from the reference, and whether that is real."""

from __future__ import annotations

import math
import textwrap

from ...results.estimate_rows import ArmName
from ...results.study_folder import StudyFolder
from ...study.statistics.differences import SAME
from ..text.compared import SHOWN, Shown, compared, judged_in, percent
from ..text.spread import NONE, difference
from .columns import table

_LABEL = 19  # characters


MOST_FULL = 9  # arms with a table each; of more, one table an indicator


HEADS = ("", "Difference", "Interval", "Is it real?", "Better in")


def side_by_side(study: StudyFolder) -> list[str]:
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


def _cells(study: StudyFolder, arm: ArmName, shown: Shown) -> list[str]:
    """The difference, its interval, what is judged of it, and how often it is for the better."""
    one = study.differences.get(arm, shown.indicator)
    if math.isnan(one.apart.mean):
        return [NONE] * (len(HEADS) - 1)
    texts = difference(one.apart, shown.scale, shown.decimals)
    return [*texts, judged_in(study, arm, shown.indicator), NONE if one.real in ("", SAME) else percent(one.better)]

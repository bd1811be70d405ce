"""Scenarios side by side on a terminal: how each differs from the reference, and what that comes to."""

from __future__ import annotations

import math
import textwrap

from ...results.estimate_rows import ArmName
from ...results.study_folder import StudyFolder
from ...study.statistics.verdicts import SAME
from ..text.compared import SHOWN, Shown, compared, judged_in, percent
from ..text.spread import NONE, difference
from .columns import table

_LABEL, _WORDS = 19, 15  # characters
_VERDICT = 2  # the place of the verdict among the cells


MOST_FULL = 9  # arms with a table each; of more, one table an indicator


HEADS = ("", "Difference", "Interval", "Verdict", "Better in")


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
            lines += table(f"{shown.label} ({shown.unit}): the difference to {base}", HEADS, rows)
    else:
        for arm in arms:
            rows = [row for shown in SHOWN for row in _rows(shown.named, _cells(study, arm, shown))]
            lines += table(f"What differs: {study.arm_label(arm)} compared with {base}", HEADS, rows)
    return lines


def _rows(label: str, cells: list[str]) -> list[list[str]]:
    """A label and a verdict, broken into rows so narrow that all columns fit, and the other cells in the first of them."""
    lines, words = textwrap.wrap(label, _LABEL), textwrap.wrap(cells[_VERDICT], _WORDS)
    found = []
    for number in range(max(len(lines), len(words))):
        row = list(cells) if number == 0 else [""] * len(cells)
        row[_VERDICT] = words[number] if number < len(words) else ""
        found.append([lines[number] if number < len(lines) else "", *row])
    return found


def _cells(study: StudyFolder, arm: ArmName, shown: Shown) -> list[str]:
    """The difference, its interval, what is judged of it, and how often it is for the better."""
    one = study.differences.get(arm, shown.indicator)
    if math.isnan(one.apart.mean):
        return [NONE] * (len(HEADS) - 1)
    texts = difference(one.apart, shown.scale, shown.decimals)
    return [*texts, judged_in(study, arm, shown.indicator), NONE if one.real in ("", SAME) else percent(one.better)]

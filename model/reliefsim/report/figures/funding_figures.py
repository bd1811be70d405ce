"""Every figure of `reliefsim gap`, drawn and saved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...results.study_folder import StudyFolder
from .figure_breaks import calendar_of_breaks
from .figure_bridge import from_money_to_need
from .figure_course import money_through_the_year
from .figure_saving import draw_and_save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES: dict[str, Callable[[StudyFolder], Figure]] = {
    "7-money-through-the-year": money_through_the_year,
    "8-calendar-of-breaks": calendar_of_breaks,
    "9-from-money-to-need": from_money_to_need,
}


def draw_funding(study: StudyFolder, folder: Path) -> set[str]:
    """Save every figure in ``folder``; scenarios of another operation have their own, named after the first.

    Returns the letters that no font of this machine has.
    """
    missing: set[str] = set()
    for number, family in enumerate(study.families()):
        after = f"-{family.arms[0].scenario}" if number else ""
        for name, draw in FIGURES.items():
            missing |= draw_and_save(partial(draw, family), folder, f"{name}{after}")
    return missing
